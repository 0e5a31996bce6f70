"""From raw pages to a model that answers: every part of OUT is there, opens, and a second run does nothing twice."""

import json
import os
import time

from program import corpus, fails, run, run_json, scratch

folder = scratch()
pages = corpus(folder / "pages")
like = folder / "like"
like.mkdir()
for name in ("en001.html", "en002.html", "zh001.html"):
    (like / name).write_bytes((pages / name).read_bytes())

out = folder / "out"
words = ["run", pages, "--like", like, "--steps", 30, "-o", out]
result = run_json(*words)
for field in ("documents_in", "documents_kept", "bytes_in", "bytes_kept", "tokens", "parameters", "bits_per_byte", "seconds"):
    assert field in result, (field, result)
assert 0 < result["documents_kept"] < result["documents_in"], result
assert 0 < result["bits_per_byte"] < 8, result
for name in ("documents", "dropped", "tokens", "model", "report.html", "model/config.json", "model/model.safetensors",
             "model/tokenizer.json"):
    assert (out / name).exists(), name


def stamps():
    return {path: (path.stat().st_mtime_ns, path.stat().st_size)
            for name in ("documents", "dropped", "tokens", "model") for path in sorted((out / name).rglob("*")) if path.is_file()}


before = stamps()
again = run_json(*words)
assert stamps() == before, "a second run changed " + str([path for path in before if stamps().get(path) != before[path]])
assert again["bits_per_byte"] == result["bits_per_byte"], (again, result)

evaluated = run_json("eval", out, out / "documents")
assert set(evaluated) >= {"bits_per_byte", "bytes", "tokens"}, evaluated
text = run_json("generate", out / "model", "--prompt", "The ", "--tokens", 20, "--seed", 1)
assert set(text) >= {"text", "tokens", "tokens_per_second"}, text
same = run_json("generate", out / "model", "--prompt", "The ", "--tokens", 20, "--seed", 1)
assert same["text"] == text["text"], "the same seed wrote another text"
answer = run("chat", out / "model", input="The kernel\n").stdout
assert answer.strip(), "chat said nothing"

# The same pages, another thread count: equal bytes of documents.
run("curate", pages, "--like", like, "-o", folder / "one", "--threads", 1)
run("curate", pages, "--like", like, "-o", folder / "two", "--threads", 2)
for path in sorted((folder / "one" / "documents").iterdir()):
    assert path.read_bytes() == (folder / "two" / "documents" / path.name).read_bytes(), path.name
print("passed:", json.dumps(result))
