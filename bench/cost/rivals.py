"""The rivals' settings and trainings. What was trained stays in DIR/trained and is not trained again.

    B0  nanoGPT's recipe on the raw pool              B4  nanochat's recipe on the raw pool
    B1  nanoGPT's recipe on what a pipeline keeps: curated.py, charged
"""

import hashlib
import json
from pathlib import Path

from . import counted, raw_text, target

COMMON = {"vocab": 4096, "context": 256, "rows": 16, "rows_at_once": 8, "precision": "bf16", "threads": 1, "seed": 0}
ADAMW = {"recipe": "gpt2", "documents": "raw", "learning_rate": 4e-3, "warmup": 0.05, "weight_decay": 0.1, "clip": 1.0}
MUON = {"recipe": "nanochat", "documents": "raw", "learning_rate": 0.02, "embedding_rate": 0.2, "head_rate": 0.004, "cooldown": 0.5}
RIVALS = {"B0": ADAMW, "B1": ADAMW | {"documents": "curated"}, "B4": MUON}


def judged_on(folder, kind):
    return {name: str(folder / f"{kind}_{name}.jsonl") for name in target.SETS}


def bits_per_byte(judged):
    """{set: bits per byte} and, as "all", of all sets together, which weighs each by its bytes."""
    found = {name: bits / size for name, (bits, size) in judged.items()}
    return {"all": sum(bits for bits, _ in judged.values()) / sum(size for _, size in judged.values())} | found


def of_kind(judged, kind):
    """The part of {"tune SET": ..., "target SET": ...} that is of a kind, as {SET: ...}."""
    return {name.removeprefix(f"{kind} "): value for name, value in judged.items() if name.startswith(f"{kind} ")}


def train(folder, rival, kind, changes):
    """Trains `rival` with `changes` to its settings: what torch_train.py says, and bits_per_byte on `kind` (tune, or target, which is
    judged on both)."""
    settings = COMMON | RIVALS[rival] | changes
    # Who is judged on the target is judged on the other too: that training serves for both.
    for kinds in (["tune", "target"], ["tune"]):
        described = json.dumps({"rival": rival, "kinds": kinds} | settings, sort_keys=True)
        result = folder / "trained" / f"{rival}-{hashlib.sha256(described.encode()).hexdigest()[:12]}.json"
        if kind == "target" or result.exists():
            break
    if not result.exists():
        result.parent.mkdir(exist_ok=True)
        tokenizer = folder / "rivals" / f"bpe-{settings['vocab']}" / "tokenizer.json"
        documents = folder / "rivals" / f"{settings['documents']}.jsonl"
        if not tokenizer.exists():
            raw_text.learn(folder / "rivals" / "raw.jsonl", settings["vocab"], tokenizer)
        told = settings | {"tokens": str(raw_text.encode(documents, tokenizer)), "tokenizer": str(tokenizer),
                           "judge": {f"{one} {name}": file for one in kinds for name, file in judged_on(folder, one).items()}}
        asked = result.with_suffix(".settings")
        asked.write_text(json.dumps(told))
        counted.run_module("torch_train", asked, result)
        asked.unlink()
        found = json.loads(result.read_text())
        result.write_text(json.dumps({"rival": rival, "changes": changes} | found, indent=1))
    found = json.loads(result.read_text())
    return found | {"bits_per_byte": bits_per_byte(of_kind(found["judged"], kind))}


def charged(trained):
    """Core-seconds of the training: steps by the rate that was measured, or, where none was, by its own CPU time."""
    if trained["step_core_seconds"]:
        return trained["steps"] * trained["step_core_seconds"]
    return trained["train_core_seconds"]
