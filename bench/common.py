"""What the benchmarks share: the machine's name, the data folder, and a row of the table that bench/table.py prints."""

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def machine():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown machine"


def data(name):
    """A file of the optional data folder; ends the benchmark when it is not there."""
    path = Path(os.environ.get("PITH_DATA", ROOT / "../shared/data")) / name
    if not path.exists():
        raise SystemExit(f"there is no {path}; set PITH_DATA to the folder with {name}")
    return path


def row(stage, unit, threads, ours, rivals, note=""):
    """One line for bench/table.py: our rate beside {rival: rate}, higher is better. Does nothing when run alone."""
    if rows := os.environ.get("PITH_BENCH_ROWS"):
        with open(rows, "a") as file:
            file.write(json.dumps(dict(stage=stage, unit=unit, threads=threads, ours=ours, rivals=rivals, note=note)) + "\n")
