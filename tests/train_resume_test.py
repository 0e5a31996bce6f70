"""Killed with SIGKILL at any moment, the same command goes on and ends with the same bytes.

PITH_KILLS=100 kills every architecture in every precision a hundred times at random moments (2,200 kills, 5 to 10 minutes
of one core); usually it is once each.
"""

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
ARCHITECTURES = {  # what [model] has for it: a line for every one whose state is another
    "llama": "",
    "arcee": 'architecture = "arcee"\n',
    "qwen3": 'architecture = "qwen3"\n',
    "nanochat": 'architecture = "nanochat"\n',
    "pith": 'architecture = "pith"\nngram_rows = 256\n',
    "deepseek_v3": 'architecture = "deepseek_v3"\nn_routed_experts = 4\nnum_experts_per_tok = 2\n',
    "deepseek_v3, q_lora": 'architecture = "deepseek_v3"\nn_routed_experts = 4\nnum_experts_per_tok = 2\nq_lora_rank = 8\n'
                           "num_nextn_predict_layers = 1\n",
}
TINY = "[model]\nhidden_size = 16\nlayers = 2\nheads = 2\ncontext_length = 32\n"
WAYS = {f"{name}, {precision}": f'{TINY}{model}[training]\nbatch_tokens = 64\nprecision = "{precision}"\n'
        for name, model in ARCHITECTURES.items() for precision in ("float32", "bfloat16", "int8")}
WAYS["adamw"] = f'{TINY}[training]\nbatch_tokens = 64\noptimizer = "adamw"\n'
# Long enough to be met at chosen moments, with all that a state can have.
WAYS["aimed at"] = ("[model]\nhidden_size = 32\nlayers = 2\nheads = 2\ncontext_length = 64\n"
                    '[training]\nbatch_tokens = 256\noptimizer = "muon"\naverage = 0.3\nbatch_ramp = 0.2\n')
for name, config in WAYS.items():
    (folder / f"{name}.toml").write_text(config)
KILLS = int(os.environ.get("PITH_KILLS", 1))
STEPS = 300


def command(out, *more, way="aimed at"):
    return [str(PITH), "train", str(folder / "docs"), "-o", str(out), "--steps", str(STEPS), "--config",
            str(folder / f"{way}.toml"), "--checkpoint-every", "50ms" if way == "aimed at" else "20ms", "--seed", "3", *more]


def digest(out):
    return hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()


def steps_logged(out):
    lines = (out / "training" / "log.jsonl").read_text().splitlines()
    return [json.loads(line)["step"] for line in lines if '"loss"' in line]


def checkpoints(out):
    return list((out / "training" / "checkpoint").glob("*.safetensors"))


# At random moments. A sitting is cut short enough that a training has several; one that ends before its kill begins anew.
chooser = random.Random(os.getpid())
wholes, kills, resumed = {}, 0, 0
for way in WAYS:
    whole = wholes[way] = folder / f"whole-{way}"
    begin = time.monotonic()
    run(*command(whole, way=way)[1:])
    seconds = time.monotonic() - begin
    broken = folder / f"broken-{way}"
    killed = 0
    while killed < KILLS:
        child = subprocess.Popen(command(broken, way=way), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(chooser.uniform(0.05, 0.8) * seconds)
            assert child.returncode == 0, f"{way}: exit code {child.returncode} after {killed} kills"
            assert digest(broken) == digest(whole), f"{way}: the resumed model has other bytes after {killed} kills"
            assert steps_logged(broken) == steps_logged(whole) == list(range(1, STEPS + 1))
            shutil.rmtree(broken)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            killed += 1
            child.wait()
            resumed += bool(checkpoints(broken))
    run(*command(broken, way=way)[1:])
    kills += killed
    assert digest(broken) == digest(whole), f"{way}: the resumed model has other bytes"
    assert steps_logged(broken) == steps_logged(whole) == list(range(1, STEPS + 1))
    assert not (broken / "training" / "checkpoint").exists()
    shutil.rmtree(broken)
    if KILLS > 1:
        print(f"{way}: {killed} kills, {seconds:.2f} s undisturbed", flush=True)
assert resumed >= len(WAYS) / 10, (kills, resumed)
assert len({digest(whole) for whole in wholes.values()}) >= len(ARCHITECTURES) + 2, "ways do not differ"
whole = wholes["aimed at"]

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
fresh = aimed / "training" / "checkpoint" / "next.safetensors"
previous = aimed / "training" / "checkpoint" / "previous.safetensors"
hits = 0
for happens in [exists(aimed / "training" / "plan.json"), exists(f"{fresh}.partial"), exists(state),
                exists(fresh), exists(previous), lambda: os.path.exists(f"{fresh}.partial") and os.path.exists(state),
                lambda: not os.path.exists(state) and os.path.exists(previous), exists(f"{fresh}.partial"),
                exists(aimed / "model.safetensors.partial"), exists(aimed / "model.safetensors"),
                exists(aimed / "config.json")]:
    hits += kill_when(aimed, happens)
run(*command(aimed)[1:])
assert hits >= 4, f"only {hits} kills came in time"
assert digest(aimed) == digest(whole), "killed while files change, the model has other bytes"
assert steps_logged(aimed) == list(range(1, STEPS + 1))
assert not list(aimed.glob("**/*.partial")), list(aimed.glob("**/*.partial"))

# Another number of threads gives the same bytes too; another seed does not.
one = folder / "one"
run(*command(one, "--threads", "1")[1:])
assert digest(one) == digest(whole), "the number of threads changed the model"
other = folder / "other"
run(*[word if word != "3" else "4" for word in command(other)][1:])
assert digest(other) != digest(whole)

# A budget is settled once its steps are taken: with its plan, another sitting and another number of threads end with the
# same bytes.
def budget(out, *more):
    return ["train", folder / "docs", "-o", out, "--budget", "2s", "--config", folder / "aimed at.toml", "--seed", "3", *more]


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

# A checkpoint that is damaged is said to be so, and the one before it gives the same model.
damaged = folder / "damaged"
child = subprocess.Popen(command(damaged), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while child.poll() is None and len(checkpoints(damaged)) < 2:
    time.sleep(0.01)
child.kill()
child.wait()
state = damaged / "training" / "checkpoint" / "state.safetensors"
if state.exists() and (state.parent / "previous.safetensors").exists():  # not just between two renames
    (state.parent / "next.safetensors").unlink(missing_ok=True)
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    state.write_bytes(content)
    mended = run(*command(damaged)[1:])
    assert "checksum" in mended.stderr and "going on from previous.safetensors" in mended.stderr, mended.stderr
    assert digest(damaged) == digest(whole)

# One that is none is not taken.
foreign = folder / "foreign"
shutil.copytree(stopped / "training" / "tokens", foreign / "training" / "tokens")
(foreign / "training" / "checkpoint").mkdir()
(foreign / "training" / "checkpoint" / "state.safetensors").write_bytes(b"nonsense" * 10)
refused = run(*command(foreign)[1:], ok=False)
assert refused.returncode == 2 and "state.safetensors" in refused.stderr, refused.stderr
print(f"ok: {kills} kills at random moments, after {resumed} of them there was a checkpoint to go on from")
