"""Every verb explains itself, and words that mean nothing are the user's mistake."""

from program import documented, fails, run

help_text = run("--help").stdout
verbs = [line.split()[0] for line in help_text.split("Verbs:")[1].split("Example:")[0].splitlines() if line.strip()]
assert {"run", "curate", "extract", "tokenizer", "encode", "decode", "train", "eval", "generate", "chat"} <= set(verbs), verbs


def entries(text):
    """What the lists of a help text say of each option and argument."""
    found, last = {}, None
    for line in text.split("Usage:")[1].split("\nExample")[0].splitlines()[1:]:
        if line.startswith("  ") and not line.startswith("   "):
            last = line.strip().split("  ")[0]
            found[last] = line.strip()[len(last):].strip()
        elif last and line.startswith("   "):
            found[last] += " " + line.strip()
    return {left: right.strip() for left, right in found.items()}


for verb in verbs:
    text = run(verb, "--help").stdout
    assert run("help", verb).stdout == text
    for part in ("Usage: pith " + verb, "Options of every verb:", "--json", "\nExample", f"\n  pith {verb} "):
        assert part in text, f"pith {verb} --help lacks {part!r}:\n{text}"
    assert all(len(line) <= 100 for line in text.splitlines()), f"pith {verb} --help has lines of over 100 columns"
    for left, right in entries(text).items():
        assert right[:1].isupper(), f"pith {verb} --help explains {left!r} with {right!r}"
        takes_a_value = left.startswith("-") and left.split()[-1].isupper()
        assert not takes_a_value or "(default: " in right or right.endswith("(required)"), f"pith {verb} {left}: no default: {right}"
    # What means nothing to a verb is taken and not shown.
    shown = [option for option in ("--threads", "--seed", "--memory") if f"\n  {option} " in text]
    expected = {"extract": [], "encode": [], "decode": [], "why": [], "tokenizer": ["--threads", "--memory"], "eval": ["--threads", "--memory"]}
    assert shown == expected.get(verb, ["--threads", "--seed", "--memory"]), (verb, shown)
    # docs/verbs.md has a section for it, with every option that is its own.
    section = documented(verb)
    for left in entries(text.split("Options of every verb:")[0]):
        name = left.split()[0].rstrip(",") if not left.startswith("-o,") else "-o"
        assert name in section, f"docs/verbs.md, pith {verb}: nothing of {name}"
    fails(verb, "--no-such-option", says=["there is no option --no-such-option", f"pith {verb} --help"])
    fails(verb, "--thread", "2", says="did you mean --threads?")

fails("dance", says=['no verb "dance"', "pith --help"])
fails("trian", says="did you mean train?")
fails("help", "dance", says="dance")
bare = run(ok=False)
assert bare.returncode == 2 and bare.stderr == help_text and not bare.stdout
assert run("--version").stdout.startswith("pith ")
for words in (["train", "x", "-o", "y", "--steps", "many"], ["train", "x", "-o", "y", "--steps", "1", "--steps", "2"],
              ["train", "x", "--steps", "1"], ["generate", "x", "--threads", "0"], ["generate", "x", "--seed", "1.5"],
              ["generate", "x", "--memory", "much"], ["train", "x", "-o"]):
    done = fails(*words, says="--" if "-o" not in words[-1:] else "output")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("pith " + words[0] + ": "), done.stderr
print("passed")
