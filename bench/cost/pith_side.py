"""pith's trainings. Each goes the whole way from the pool to a saved model, all charged; what was done stays in DIR/pith.

A way of running it is {"verb": "run" or "train", "architecture": NAME, "options": [...], "config": a TOML text, "read_per_token": bytes,
"like": false for no examples}; "train" takes the rivals' raw text, all of it (B2, and pith without its data work).
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

from common import ROOT

from . import counted
from .rivals import bits_per_byte, judged_on

PROGRAM = Path(os.environ.get("PITH", ROOT / "build/release/pith"))


READ_PER_TOKEN = 64  # bytes of input: what `pith run` reads with a budget (docs/verbs.md); with counted n-grams 192


def pith(*words):
    printed, cost = counted.run([PROGRAM, *words, "--json"])
    return json.loads(printed.splitlines()[-1]), cost


def judge(model, folder, kind):
    judged = {}
    for name, file in judged_on(folder, kind).items():
        found, _ = pith("eval", model, file)
        judged[name] = (found["bits_per_byte"] * found["bytes"], found["bytes"])
    return judged


def train(folder, name, way, budget, seed, kind, threads):
    """Trains `way` with --budget (seconds, as text) and judges it: cost, tokens, parameters and bits."""
    described = json.dumps({"way": way, "budget": budget, "seed": seed, "threads": threads, "program": hash_of(PROGRAM)}, sort_keys=True)
    home = folder / "pith" / f"{name}-{budget.replace(' ', '-')}-{seed}-{hashlib.sha256(described.encode()).hexdigest()[:8]}"
    result = home.with_suffix(".json")
    found = json.loads(result.read_text()) if result.exists() else None
    if found is None:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        (home / "config.toml").write_text(way.get("config", ""))
        architecture = ["--architecture", way["architecture"]] if "architecture" in way else []
        words = [*architecture, "--config", home / "config.toml", "--seed", seed, "--threads", threads, *way.get("options", [])]
        if budget.endswith("k tokens"):  # on a busy machine: what --budget would have read, chosen and trained on
            tokens = int(float(budget.removesuffix("k tokens")) * 1000)
            read = way.get("read_per_token", READ_PER_TOKEN) * tokens
            words += ["--tokens", tokens, *(["--read-bytes", read] if way["verb"] == "run" else [])]
        else:
            words += ["--budget", budget]
        source = folder / "rivals" / "raw.jsonl" if way["verb"] == "train" else folder / "pool"
        like = ["--like", folder / "like"] if way["verb"] == "run" and way.get("like", True) else []
        told, cost = pith(way["verb"], source, *like, *words, "-o", home / "out")
        found = {"name": name, "budget": budget, "seed": seed, "threads": threads, "core_seconds": cost.core_seconds,
                 "wall_seconds": cost.wall_seconds, "peak_bytes": cost.peak_bytes, "said": told,
                 "training_core_seconds": told["tokens"] / told["tokens_per_second"] * threads, "judged": {}}
    if kind not in found["judged"]:
        model = home / "out" / "model" if way["verb"] == "run" else home / "out"
        found["judged"][kind] = judge(model, folder, kind)
        result.write_text(json.dumps(found, indent=1))
        for heavy in ("tokens", "documents", "dropped"):
            shutil.rmtree(home / "out" / heavy, ignore_errors=True)
    return found | {"bits_per_byte": bits_per_byte(found["judged"][kind])}


def hash_of(file):
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]


def charged(found, way):
    """All that a run took; of a training on the rivals' text only the steps, as for the rivals."""
    return found["training_core_seconds"] if way["verb"] == "train" else found["core_seconds"]
