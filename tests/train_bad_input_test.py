"""Training on what cannot work: each time an exit code of 2, and a sentence that says what to do."""

import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

from program import PITH, SANITIZED, fails, prose, run, run_json, scratch

folder = scratch()
docs = folder / "docs"
docs.mkdir()
lines = "".join(json.dumps({"text": prose(seed, 20)}) + "\n" for seed in range(40))
(docs / "a.jsonl").write_text(lines)
(folder / "small.toml").write_text(
    "[model]\nhidden_size = 32\nlayers = 1\nheads = 2\ncontext_length = 64\n[training]\nbatch_tokens = 128\n")
small = ["--config", folder / "small.toml", "--vocab", 300]
out = folder / "out"


def train(*words, says, documents=docs, **options):
    done = fails("train", documents, "-o", out, *words, says=says, **options)
    assert not (out / "model.safetensors").exists()
    shutil.rmtree(out, ignore_errors=True)
    return done


# Options.
train(says="give one of --budget")
train("--steps", 5, "--budget", "1m", says="give one of --budget")
train("--budget", "soon", says="--budget")
train("--budget", "10ms", says=["too short", "give at least"])
train("--budget", "0.05USD", says=["--price-per-core-hour"])
train("--budget", "1m", "--price-per-core-hour", "0.04", says=["is no money"])
train("--steps", 5, "--price-per-core-hour", "0.04", says=["--budget of money"])
if not list(Path("/sys/class/powercap").glob("intel-rapl:*")):
    train("--budget", "20kJ", says=["does not show the energy", "minutes or core-hours"])
train("--steps", 5, "--architecture", "mamba", says=['no "mamba"', 'llama', 'pith'])
(folder / "qwen.toml").write_text('[model]\narchitecture = "qwen3"\n')
train("--steps", 5, "--architecture", "pith", "--config", folder / "qwen.toml", says=["pith", "qwen3", "leave one"])
train("--steps", 5, "--tokenizer", folder / "none.json", says="none.json")
train("--steps", 5, "--config", folder / "none.toml", says="none.toml")
(folder / "typo.toml").write_text("[training]\nclip = 1\nlerning_rate = 0.1\n")
train("--steps", 5, "--config", folder / "typo.toml", says=["line 3", "learning_rate"])
(folder / "heads.toml").write_text("[model]\nhidden_size = 100\nheads = 3\n")
train("--steps", 5, "--config", folder / "heads.toml", says=["100", "heads 3"])
(folder / "batch.toml").write_text("[model]\ncontext_length = 64\n[training]\nbatch_tokens = 100\n")
train("--steps", 5, "--config", folder / "batch.toml", says=["batch_tokens 100", "64"])
train("--steps", 5, "--memory", "100M", says="--memory")
(folder / "huge.toml").write_text("[model]\nhidden_size = 1024\nlayers = 16\nheads = 16\n")
train("--steps", 5, "--memory", "300M", "--config", folder / "huge.toml", says=["--memory", "smaller model"])
(folder / "wilder.toml").write_text("[training]\nlearning_rate = 1e6\n")
train("--steps", 5, "--config", folder / "wilder.toml", says=["line 2", "learning_rate must be a number from"])

# The bound is kept.
process = subprocess.Popen([str(PITH), "train", str(docs), "-o", str(out), "--budget", "2s", "--memory", "300M"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
assert status == 0 and (SANITIZED or used.ru_maxrss < 300 << 10), (status, used.ru_maxrss)
shutil.rmtree(out)

# Documents.
train("--steps", 5, documents=folder / "nothing", says="does not exist")
empty = folder / "empty"
empty.mkdir()
train("--steps", 5, documents=empty, says="holds no .jsonl")
(empty / "a.jsonl").write_text("")
train("--steps", 5, documents=empty, says="too little")
(empty / "a.jsonl").write_text('{"text": "one"}\n{"text": "cut')
train("--steps", 5, documents=empty, says=["a.jsonl line 2"])
(empty / "a.jsonl").write_text('{"content": "one"}\n')
train("--steps", 5, documents=empty, says=['"text"', "line 1"])
(empty / "a.jsonl").write_text(json.dumps({"text": "short. " * 60}) + "\n")
train("--steps", 5, documents=empty, says="context")

# A folder of something else stays as it is.
out.mkdir()
(out / "thesis.tex").write_text("mine")
fails("train", docs, "-o", out, "--steps", 5, says=["holds something else", "thesis.tex"])
assert sorted(path.name for path in out.iterdir()) == ["thesis.tex"]
shutil.rmtree(out)
out.write_text("a file")
fails("train", docs, "-o", out, "--steps", 5, says="is a file")
out.unlink()

# A learning rate that no training survives.
(folder / "wild.toml").write_text((folder / "small.toml").read_text() +
                                  'optimizer = "adamw"\nlearning_rate = 100\nclip = 0\nwarmup = 0\n')
done = run("train", docs, "-o", out, "--steps", 60, "--vocab", 300, "--config", folder / "wild.toml", ok=False)
assert done.returncode == 2, "a learning rate of 100 did not end in a loss that is not finite"
for text in ("is skipped: the loss is not finite", "10 steps in a row had to be skipped", "with learning rate ",
             "try half the learning_rate"):
    assert text in done.stderr, done.stderr
shutil.rmtree(out)

# A disk that is full.
mount = folder / "disk"
mount.mkdir()
if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", mount], capture_output=True).returncode == 0:
    try:
        big = "[model]\nhidden_size = 256\nlayers = 4\nheads = 4\ncontext_length = 64\n[training]\nbatch_tokens = 128\n"
        (folder / "big.toml").write_text(big)
        fails("train", docs, "-o", mount / "m", "--steps", 3, "--vocab", 300, "--config", folder / "big.toml",
              says=["No space left", "free some space"])
        assert not (mount / "m" / "config.json").exists()
        assert not list((mount / "m").glob("**/*.partial"))
    finally:
        subprocess.run(["umount", mount], check=True)
else:
    print("not root: the full disk is left out")

# Model folders that are damaged.
run_json("train", docs, "-o", out, "--steps", 3, *small)
evaluate = ["eval", out, docs]
run_json(*evaluate)
weights = out / "model.safetensors"
good = weights.read_bytes()


def damaged(content, says):
    weights.write_bytes(content)
    fails(*evaluate, says=["model.safetensors", says])
    weights.write_bytes(good)


damaged(good[:4], "4 bytes")
damaged(good[:100], "cut inside its header")
damaged(good[:-10], "damaged")
damaged(good + b"x", "belong to no tensor")
damaged(b"GGUF\x03\x00\x00\x00" + bytes(100), "header")
damaged(struct.pack("<Q", 1 << 60) + good[8:], "header")
config = json.loads((out / "config.json").read_text())
for field, value in {"hidden_size": 64, "intermediate_size": 33, "vocab_size": 301, "num_hidden_layers": 2}.items():
    (out / "config.json").write_text(json.dumps({**config, field: value, "head_dim": config["head_dim"]}))
    done = run(*evaluate, ok=False)
    assert done.returncode == 2, (field, done.stderr)
    assert "shape" in done.stderr or "tensor" in done.stderr or field in done.stderr, (field, done.stderr)
(out / "config.json").write_text("{}")
fails(*evaluate, says="config.json")
(out / "config.json").unlink()
fails(*evaluate, says="config.json")
fails("eval", folder / "nothing", docs, says="nothing")
(out / "config.json").write_text(json.dumps(config))
fails("eval", out, empty / "nothing.jsonl", says="does not exist")
(empty / "a.jsonl").write_text('{"text": ""}\n')
fails("eval", out, empty, says="no document with text")
print("ok")
