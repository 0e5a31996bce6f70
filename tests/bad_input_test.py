"""What users get wrong, verb by verb: exit code 2, a message that says where, what and what next, nothing half-written."""

import gzip
import json
import os
import shutil
import struct

from program import SANITIZED, corpus, fails, html, prose, run, run_json, scratch

folder = scratch()
pages = corpus(folder / "pages", english_pages=30, chinese_pages=5)
empty = folder / "empty"
empty.mkdir()
missing = folder / "missing"
out = folder / "out"


def nothing_at(path):
    assert not path.exists() or not any(p.is_file() for p in path.rglob("*")), f"{path} was left behind"


# Paths.
for verb in (["curate", missing, "-o", out], ["run", missing, "--budget", "3m", "-o", out], ["train", missing, "-o", out, "--steps", 1],
             ["tokenizer", missing, "-o", folder / "t.json"], ["eval", missing, pages], ["generate", missing, "--prompt", "x"],
             ["chat", missing], ["extract", missing], ["encode", missing, "--tokenizer", missing]):
    fails(*verb, says=str(missing))
nothing_at(out)
fails("curate", empty, "-o", out, says="empty")
fails("generate", empty, "--prompt", "x", says=str(empty))
fails("curate", pages, "-o", pages / "en000.html", says="en000.html")  # a file where a folder is due
fails("extract", pages, says=str(pages))  # a folder where a file is due
foreign = folder / "foreign"
foreign.mkdir()
(foreign / "holiday.jpg").write_bytes(b"picture")
fails("curate", pages, "-o", foreign, says="holiday.jpg")
fails("run", pages, "--steps", 1, "-o", foreign, says=str(foreign))
assert (foreign / "holiday.jpg").read_bytes() == b"picture"

# Examples.
fails("curate", pages, "--like", missing, "-o", out, says=str(missing))
fails("curate", pages, "--like", empty, "-o", out, says=str(empty))

# Options.
fails("run", pages, "--budget", "soon", "-o", out, says="--budget")
fails("curate", pages, "-o", out, "--keep-bytes", "-5M", says="--keep-bytes")
fails("train", pages, "-o", out, "--budget", "1ms", says="")

# Broken records are named, counted and passed over.
raw = folder / "raw"
raw.mkdir()
good = [{"text": prose(i), "url": f"http://example.org/{i}"} for i in range(40)]
lines = [json.dumps(line) for line in good]
lines[3] = '{"no_text": 1}'
lines[5] = '{"text": "cut'
(raw / "lines.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
whole = gzip.compress("\n".join(json.dumps({"text": prose(i)}) for i in range(100, 140)).encode())
(raw / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
(raw / "bytes.txt").write_bytes(prose(77).encode() + b"\xff\xfe\xfa " + prose(78).encode())
warc = folder / "raw" / "cut.warc"
body = html("Record", prose(90)).encode()
http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body
record = (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/r\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
          b"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n")
warc.write_bytes(record + record[: len(record) // 2])
result = run_json("curate", raw, "-o", folder / "curated")
summary = json.loads((folder / "curated" / "curate.json").read_text())
broken = summary["broken_records"]
assert broken["count"] >= 4, broken
assert any("lines.jsonl" in example["file"] for example in broken["examples"]), broken
assert result["documents_in"] >= 39, result

# A gzip bomb: 4 GB of zeros in a few MB is refused or skipped within a bound of memory.
bomb = folder / "bombs"
bomb.mkdir()
block = gzip.compress(b"\0" * (1 << 26), 9)
(bomb / "bomb.html.gz").write_bytes(block * 64)
(bomb / "good.html").write_text(html("Good", prose(5)))
import resource
import subprocess


def bounded():
    if not SANITIZED:  # which reserve address space by the terabyte
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


run("curate", bomb, "-o", folder / "debombed", preexec_fn=bounded)

# A disk that is full: a small tmpfs, where we may mount one.
small = folder / "small"
small.mkdir()
if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True).returncode == 0:
    try:
        fails("curate", pages, "-o", small / "out", says="No space left")
    finally:
        subprocess.run(["umount", str(small)], check=True)
else:
    print("note: no tmpfs may be mounted here, so the full disk is not tried")

# Models.
trained = folder / "trained"
run("run", pages, "--steps", 3, "-o", trained)
model = trained / "model"


def broken_model(name, change):
    copy = folder / name
    shutil.copytree(model, copy, ignore=shutil.ignore_patterns("training"))
    change(copy)
    return copy


def cut_weights(copy):
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


def foreign_header(copy):
    (copy / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + b"{}")


def wrong_shape(copy):
    config = json.loads((copy / "config.json").read_text())
    config["hidden_size"] *= 2
    config["num_attention_heads"] *= 2
    (copy / "config.json").write_text(json.dumps(config))


def no_tokenizer(copy):
    (copy / "tokenizer.json").unlink()


def bad_json(copy):
    (copy / "config.json").write_text('{"hidden_size": ')


for change, says in ((cut_weights, "model.safetensors"), (foreign_header, "model.safetensors"), (wrong_shape, "shape"),
                     (no_tokenizer, "tokenizer.json"), (bad_json, "config.json")):
    copy = broken_model(change.__name__, change)
    fails("generate", copy, "--prompt", "x", says=says)
    fails("eval", copy, trained / "documents", says=says)
for option in (["--temperature", "-1"], ["--top-p", "2"], ["--tokens", "-5"]):
    fails("generate", model, "--prompt", "x", *option, says=option[0])
print("passed")
