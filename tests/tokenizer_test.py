"""pith tokenizer, encode and decode: what goes in comes out, however it comes, and bad input is named."""

import json
import os
import random
import string
import subprocess

from program import PITH, chinese, fails, prose, run, run_json, scratch

folder = scratch()
texts = [prose(seed) for seed in range(40)] + [chinese(seed) for seed in range(10)]
docs = folder / "docs.jsonl"
docs.write_text("".join(json.dumps({"body": text}) + "\n" for text in texts))
tokenizer = folder / "tokenizer.json"


def pipe(data, *words):
    done = subprocess.run([str(PITH), *map(str, words)], input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Learning: the same for any number of threads, and the rate is the one that encoding finds.
learned = run_json("tokenizer", docs, "-o", tokenizer, "--vocab", 600, "--text-field", "body", "--threads", 1)
assert learned["vocab"] == 600 and learned["documents"] == 50 and learned["seconds"] > 0, learned
run("tokenizer", docs, "-o", folder / "again.json", "--vocab", 600, "--text-field", "body", "--threads", 2)
assert tokenizer.read_bytes() == (folder / "again.json").read_bytes()
encoded = run("encode", docs, "--documents", "--text-field", "body", "--tokenizer", tokenizer, "--json").stdout.splitlines()
figures = json.loads(encoded[-1])
assert figures["documents"] == 50 and figures["bytes"] == sum(len(text.encode()) for text in texts), figures
assert abs(figures["bytes"] / figures["tokens"] - learned["bytes_per_token"]) < 1e-9, (figures, learned)
few = run("tokenizer", docs, "-o", folder / "few.json", "--vocab", 100000, "--text-field", "body")
assert "100000 were asked for" in few.stderr, few.stderr

# The bound on memory is kept where nearly every word is new, with many threads; one that cannot be is refused.
chooser = random.Random(5)
letters = "".join(chooser.choices(string.ascii_lowercase, k=1 << 20))
with (folder / "words.jsonl").open("w") as many_words:
    for _ in range(5000):
        at = [chooser.randrange(len(letters) - 10) for _ in range(1000)]
        many_words.write(json.dumps({"text": " ".join(letters[i:i + 10] for i in at)}) + "\n")
words = ["tokenizer", folder / "words.jsonl", "-o", folder / "words.json", "--vocab", 300, "--threads", 8]
process = subprocess.Popen([str(PITH), *map(str, words), "--memory", "256M"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
assert status == 0 and used.ru_maxrss < 256 << 10, (status, used.ru_maxrss)
fails(*words, "--memory", "255M", says=["256M", "--memory at least that"])

# A folder as curation leaves it.
(folder / "curated" / "documents").mkdir(parents=True)
(folder / "curated" / "documents" / "00000.jsonl").write_text(docs.read_text().replace('"body"', '"text"'))
assert run_json("tokenizer", folder / "curated", "-o", folder / "curated.json", "--vocab", 500)["vocab"] == 500

# Text to ids and back: files, pipes, one document and many, and text longer than one reading.
long_text = "\n\n".join(texts * (1 + (3 << 20) // sum(len(text.encode()) for text in texts)))
file = folder / "long.txt"
file.write_text(long_text)
ids = run("encode", file, "--tokenizer", tokenizer).stdout
assert run_json("encode", file, "--tokenizer", tokenizer)["ids"] == [int(id) for id in ids.split()]
assert pipe(long_text.encode(), "encode", "--tokenizer", tokenizer).decode() == ids
assert pipe(ids.encode(), "decode", "-", "--tokenizer", tokenizer) == long_text.encode()
(folder / "ids.txt").write_text(str([int(id) for id in ids.split()]))
assert run("decode", folder / "ids.txt", "--tokenizer", tokenizer).stdout == long_text
one = folder / "one.txt"
one.write_text(texts[0])
assert json.loads(encoded[0])["ids"] == run_json("encode", one, "--tokenizer", tokenizer)["ids"]
assert run("encode", docs, "--documents", "--text-field", "body", "--tokenizer", tokenizer).stdout.splitlines()[0] == run(
    "encode", one, "--tokenizer", tokenizer).stdout.strip()
assert pipe(b"", "encode", "--tokenizer", tokenizer) == b"\n"

# Special tokens are read by default, as the Python packages do; bytes that are no UTF-8 become U+FFFD.
special = folder / "special.txt"
special.write_text("a<|end|>b")
assert len(run_json("encode", special, "--tokenizer", tokenizer)["ids"]) == 3
as_text = run_json("encode", special, "--tokenizer", tokenizer, "--special-as-text")
assert as_text["tokens"] == len(as_text["ids"]) > 3
assert run("decode", "--tokenizer", tokenizer, "--skip-special", input="0 1 " + run(
    "encode", special, "--tokenizer", tokenizer).stdout).stdout == "ab"
assert pipe(pipe(b"a\xff\xe4\xb8 b", "encode", "--tokenizer", tokenizer), "decode", "--tokenizer", tokenizer) == "a\ufffd\ufffd b".encode()
# One byte is no whole character; it comes out as it is, and as U+FFFD in JSON.
byte = run("encode", "--tokenizer", tokenizer, input="\U0001F600").stdout.split()[0]
assert pipe(byte.encode(), "decode", "--tokenizer", tokenizer) == b"\xf0"
assert run_json("decode", "--tokenizer", tokenizer, input=byte) == {"text": "\ufffd", "tokens": 1}

# What is wrong is named.
missing, empty, foreign = folder / "none", folder / "empty.jsonl", folder / "foreign.json"
empty.write_text("")
foreign.write_text('{"model": {"type": "WordPiece"}}')
fails("tokenizer", missing, "-o", folder / "x.json", says=str(missing))
fails("tokenizer", empty, "-o", folder / "x.json", says="no text")
fails("tokenizer", docs, "-o", folder / "x.json", says=[str(docs), "text"])
fails("tokenizer", docs, "-o", folder / "x.json", "--text-field", "body", "--vocab", 200, says="263")
fails("tokenizer", docs, "-o", folder / "x.json", "--text-field", "body", "--vocab", 1 << 40, says="--vocab")
fails("tokenizer", docs, "-o", folder, "--text-field", "body", says=f"{folder}: is a folder")
fails("tokenizer", docs, "-o", missing / "x.json", "--text-field", "body", says=str(missing))
assert not list(folder.glob("x.json*")), "a failed learning left something"
for verb in ("encode", "decode"):
    fails(verb, missing, "--tokenizer", tokenizer, says=str(missing))
    fails(verb, folder, "--tokenizer", tokenizer, says=f"{folder}: is a folder")
    fails(verb, one, "--tokenizer", missing, says=str(missing))
    fails(verb, one, "--tokenizer", folder / "curated", says="tokenizer.json")
    fails(verb, one, "--tokenizer", foreign, says=[str(foreign), "WordPiece"])
    fails(verb, one, "--tokenizer", one, says=str(one))
    fails(verb, one, says="--tokenizer")
fails("decode", "--tokenizer", tokenizer, input="5 600", says=["standard input: entry 2", str(tokenizer), "599", "600"])
fails("decode", "--tokenizer", tokenizer, input="5 -1", says="entry 2")
fails("decode", "--tokenizer", tokenizer, input="5 " + "9" * 70000, says="entry 2")
fails("decode", one, "--tokenizer", tokenizer, says=[f"{one}: entry 1", "no token id"])
print("passed")
