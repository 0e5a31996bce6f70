#!/usr/bin/env python3
"""Ways to train, side by side: equal tokens, equal seeds, held-out loss and what it cost.

    bench/ablations.py bench/ablations/optimizer.toml ... -o OUT [--seeds 0 1 2] [--only PART] [--before COMMAND]

A table is a TOML file: what all its trainings share, and a variant for each line, which says what it has otherwise.

    title = "optimizer"
    documents = ["clean/en_textbooks.jsonl.zst"]    # under the data folder, or paths
    tokens = 600_000                                # of each training
    vocab = 2048
    seeds = [0]
    [model]                                         # and [training], as pith train --config takes them
    hidden_size = 64
    [[variant]]
    name = "AdamW"                                  # the first is what the others are compared with
    training.optimizer = "adamw"

Every training runs on one thread, so that what it cost is its processor time (that of the whole program, preparing and
evaluating included), and is measured on the same documents, which none has seen: bits per byte. Of a difference the mean
over the seeds is given, and its standard error, as both sides share each seed's first weights and order of text. What
OUT holds is not trained again, so lines, seeds and tables can be added call by call. --before is put before the command
of each training (a queue, or nice). Losses do not depend on what else runs; times do, a little.
"""

import argparse
import hashlib
import io
import json
import math
import os
import shlex
import shutil
import statistics
import subprocess
import tomllib
from pathlib import Path

from common import ROOT, machine

HELDOUT_SHARE = 1 / 24
HELDOUT_BYTES = 400_000


def find(name):
    path = Path(name)
    return path if path.exists() else Path(os.environ.get("PITH_DATA", ROOT / "../shared/data")) / name


def texts(path):
    if path.suffix == ".zst":
        import zstandard
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(open(path, "rb")), encoding="utf-8")
    else:
        lines = open(path, encoding="utf-8")
    for line in lines:
        yield json.loads(line)["text"]


def split(documents, folder):
    """Writes docs/ and heldout.jsonl, by the hashes of the texts: as many bytes of each file held out."""
    if (folder / "heldout.jsonl").exists():
        return
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    heldout = []
    for name in documents:
        left = HELDOUT_BYTES / len(documents)
        with open(folder / "docs" / (Path(name).name.split(".")[0] + ".jsonl"), "w") as train:
            for text in texts(find(name)):
                line = json.dumps({"text": text}) + "\n"
                size = len(text.encode())
                if hashlib.sha256(text.encode()).digest()[0] >= 256 * HELDOUT_SHARE:
                    train.write(line)
                elif size <= left:
                    heldout.append(line)
                    left -= size
    (folder / "heldout.jsonl").write_text("".join(heldout))


def run(before, *command):
    """The object that --json prints, with the processor time of the whole as `core_seconds`."""
    with open(os.devnull, "w") as nowhere:
        process = subprocess.Popen([*before, *map(str, command), "--threads", "1", "--json"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        out, err = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        return {"failed": err.strip().splitlines()[-1] if err.strip() else f"status {status}"}
    return {**json.loads(out.splitlines()[-1]), "core_seconds": used.ru_utime + used.ru_stime}


def merged(table, variant):
    """What a line trains: the table's values, its own over them."""
    result = {key: variant.get(key, table.get(key)) for key in ("documents", "tokens", "vocab")}
    for section in ("model", "training"):
        result[section] = {**table.get(section, {}), **variant.get(section, {})}
    return result


def train(program, what, seed, out, before):
    key = hashlib.sha256(json.dumps({**what, "seed": seed}, sort_keys=True).encode()).hexdigest()[:16]
    results = out / "results" / f"{key}.json"
    if results.exists():
        return json.loads(results.read_text())
    results.parent.mkdir(parents=True, exist_ok=True)
    data = out / hashlib.sha256(json.dumps(what["documents"]).encode()).hexdigest()[:8]
    split(what["documents"], data)
    tokens = data / f"tokens{what['vocab']}"
    if not tokens.exists():
        first = data / "first"
        shutil.rmtree(first, ignore_errors=True)
        done = run(before, program, "train", data / "docs", "-o", first, "--steps", 1, "--vocab", what["vocab"])
        if "failed" in done:
            raise SystemExit(done["failed"])
        (first / "training/tokens").rename(tokens)
        shutil.rmtree(first)
    model = out / f"model-{key}"
    shutil.rmtree(model, ignore_errors=True)
    shutil.copytree(tokens, model / "training/tokens", copy_function=os.link)
    config = model / "config.toml"
    with open(out / f"{key}.toml", "w") as file:
        for section in ("model", "training"):
            file.write(f"[{section}]\n")
            for name, value in what[section].items():
                file.write(f"{name} = {json.dumps(value)}\n")
        config = Path(file.name)
    done = run(before, program, "train", data / "docs", "-o", model, "--tokens", int(what["tokens"]), "--vocab", what["vocab"],
               "--seed", seed, "--config", config)
    config.unlink()
    if "failed" not in done:
        plan = json.loads((model / "training/plan.json").read_text())["plan"]
        evaluated = run(before, program, "eval", model, data / "heldout.jsonl")
        done = {"bits_per_byte": evaluated["bits_per_byte"], "core_seconds": done["core_seconds"], "parameters": done["parameters"],
                "tokens_per_second": done["tokens_per_second"], "skipped_steps": done.get("skipped_steps", 0),
                "learning_rate": plan["learning_rate"], "batch_tokens": plan["rows"] * plan["context_length"], "steps": plan["steps"]}
    shutil.rmtree(model, ignore_errors=True)
    results.write_text(json.dumps({**what, "seed": seed, **done}) + "\n")
    return json.loads(results.read_text())


def number(values, digits):
    return f"{statistics.mean(values):.{digits}f}" if values else ""


def compared(cells, first):
    """The mean difference to the first line over the seeds both have, and its standard error."""
    pairs = [cells[seed]["bits_per_byte"] / first[seed]["bits_per_byte"] - 1 for seed in cells if seed in first]
    if not pairs or cells is first:
        return ""
    error = f" ± {100 * statistics.stdev(pairs) / math.sqrt(len(pairs)):.1f}" if len(pairs) > 1 else ""
    return f"{100 * statistics.mean(pairs):+.1f}{error} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--program", default=ROOT / "build/release/pith")
    parser.add_argument("--seeds", nargs="*", type=int)
    parser.add_argument("--only", help="variants whose name holds this")
    parser.add_argument("--before", default="", help="command to put before that of each training")
    options = parser.parse_args()
    print(f"{machine()}, one thread\n")
    for path in options.tables:
        table = tomllib.loads(path.read_text())
        lines = [variant for variant in table["variant"] if not options.only or options.only in variant["name"]]
        seeds = options.seeds or table.get("seeds", [0])
        results = {variant["name"]: {} for variant in lines}
        for seed in seeds:  # all lines of a seed before the next one
            for variant in lines:
                if seed not in variant.get("seeds", seeds):
                    continue
                what = merged(table, variant)
                cell = train(options.program, what, seed, options.output, shlex.split(options.before))
                results[variant["name"]][seed] = cell
                print(f"  {table['title']}: {variant['name']}, seed {seed}: "
                      f"{cell.get('bits_per_byte', cell.get('failed'))}", flush=True)
        print(f"\n{table['title']}: {table['tokens']:,} tokens\n")
        print("| variant | seeds | bits per byte | against the first | core-seconds | tokens a step | learning rate |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        first = None
        for name, cells in results.items():
            good = {seed: cell for seed, cell in cells.items() if "failed" not in cell}
            first = good if first is None else first
            if not good:
                print(f"| {name} | {len(cells)} | failed | | | | |")
                continue
            some = next(iter(good.values()))
            print(f"| {name} | {len(good)} | {number([c['bits_per_byte'] for c in good.values()], 3)} | {compared(good, first)} | "
                  f"{number([c['core_seconds'] for c in good.values()], 0)} | {some['batch_tokens']} | {some['learning_rate']:.4g} |")
        print(flush=True)


if __name__ == "__main__":
    main()
