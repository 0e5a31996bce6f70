"""Every verb explains itself, and words that mean nothing are the user's mistake."""

from program import fails, run

help_text = run("--help").stdout
verbs = [line.split()[0] for line in help_text.split("Verbs:")[1].split("Example:")[0].splitlines() if line.strip()]
assert {"run", "curate", "extract", "tokenizer", "encode", "decode", "train", "eval", "generate", "chat"} <= set(verbs), verbs
for verb in verbs:
    text = run(verb, "--help").stdout
    for part in ("Usage:", "Options:", "--json", "Example", f"pith {verb}"):
        assert part in text, f"pith {verb} --help lacks {part!r}:\n{text}"
    fails(verb, "--no-such-option", says="--help")
fails("dance", says='no verb "dance"')
assert run("--version").stdout.startswith("pith ")
print("passed")
