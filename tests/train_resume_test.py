"""Killed with SIGKILL at any moment, the same command goes on and ends with the same bytes."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time

from program import PITH, prose, run, scratch

folder = scratch()
(folder / "docs").mkdir()
(folder / "docs" / "a.jsonl").write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(60)))
(folder / "small.toml").write_text(
    "[model]\nhidden_size = 32\nlayers = 2\nheads = 2\ncontext_length = 64\n[training]\nbatch_tokens = 256\n")


def command(out, *more):
    return [str(PITH), "train", str(folder / "docs"), "-o", str(out), "--steps", "300", "--config",
            str(folder / "small.toml"), "--checkpoint-every", "50ms", "--seed", "3", *more]


def digest(out):
    return hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()


def steps_logged(out):
    lines = (out / "training" / "log.jsonl").read_text().splitlines()
    return [json.loads(line)["step"] for line in lines if '"loss"' in line]


whole = folder / "whole"
begin = time.monotonic()
run(*command(whole)[1:])
seconds = time.monotonic() - begin

chooser = random.Random(os.getpid())
kills, resumed = 0, 0
broken = folder / "broken"
for _ in range(12):
    child = subprocess.Popen(command(broken), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(chooser.uniform(0.1, 1.0) * seconds * 0.6)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        kills += 1
    child.wait()
    resumed += (broken / "training" / "checkpoint" / "state.safetensors").exists()
    if child.returncode == 0:
        break
run(*command(broken)[1:])
assert kills >= 1 and resumed >= 1, (kills, resumed)
assert digest(broken) == digest(whole), "the resumed model has other bytes"
assert steps_logged(broken) == steps_logged(whole) == list(range(1, 301))
assert not (broken / "training" / "checkpoint").exists()

# The moments at which files change: while a checkpoint is written, when one has just been replaced, and at the end, when
# the model's files appear one after the other.
def kill_when(out, happens):
    child = subprocess.Popen(command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None and not happens():
        pass
    child.kill()
    return child.wait() == -signal.SIGKILL


def exists(path):
    return lambda: os.path.exists(path)


aimed = folder / "aimed"
state = aimed / "training" / "checkpoint" / "state.safetensors"
hits = 0
for happens in [exists(aimed / "training" / "plan.json"), exists(f"{state}.partial"), exists(state),
                lambda: os.path.exists(f"{state}.partial") and os.path.exists(state), exists(f"{state}.partial"),
                exists(aimed / "model.safetensors.partial"), exists(aimed / "model.safetensors"),
                exists(aimed / "config.json")]:
    hits += kill_when(aimed, happens)
run(*command(aimed)[1:])
assert hits >= 4, f"only {hits} kills came in time"
assert digest(aimed) == digest(whole), "killed while files change, the model has other bytes"
assert steps_logged(aimed) == list(range(1, 301))
assert not list(aimed.glob("**/*.partial")), list(aimed.glob("**/*.partial"))

# Another number of threads gives the same bytes too; another seed does not.
one = folder / "one"
run(*command(one, "--threads", "1")[1:])
assert digest(one) == digest(whole), "the number of threads changed the model"
other = folder / "other"
run(*[word if word != "3" else "4" for word in command(other)][1:])
assert digest(other) != digest(whole)

# A budget is measured once: with its plan, another sitting and another number of threads end with the same bytes.
def budget(out, *more):
    return ["train", folder / "docs", "-o", out, "--budget", "2s", "--config", folder / "small.toml", "--seed", "3", *more]


planned = folder / "planned"
run(*budget(planned))
again = folder / "again"
shutil.copytree(planned / "training" / "tokens", again / "training" / "tokens")
shutil.copy(planned / "training" / "plan.json", again / "training")
child = subprocess.Popen([str(PITH), *map(str, budget(again, "--threads", "1", "--checkpoint-every", "50ms"))],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(0.7)
child.kill()
child.wait()
run(*budget(again, "--threads", "1"))
assert digest(again) == digest(planned), "one plan gave two models"

# Ctrl-C leaves a checkpoint and says how to go on.
stopped = folder / "stopped"
child = subprocess.Popen(command(stopped), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
while not (stopped / "training" / "log.jsonl").exists():
    time.sleep(0.01)
time.sleep(0.2 * seconds)
child.send_signal(signal.SIGINT)
message = child.communicate()[1]
if child.returncode != 0:  # else it was quicker
    assert child.returncode == 130 and "the same command goes on" in message, message
    assert (stopped / "training" / "checkpoint" / "state.safetensors").exists()
    run(*command(stopped)[1:])
assert digest(stopped) == digest(whole)

# A checkpoint of another training is not taken.
foreign = folder / "foreign"
shutil.copytree(stopped / "training" / "tokens", foreign / "training" / "tokens")
(foreign / "training" / "checkpoint").mkdir()
(foreign / "training" / "checkpoint" / "state.safetensors").write_bytes(b"nonsense" * 10)
refused = run(*command(foreign)[1:], ok=False)
assert refused.returncode == 2 and "state.safetensors" in refused.stderr, refused.stderr
print(f"ok: {kills} kills")
