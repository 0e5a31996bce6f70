#!/usr/bin/env python3
"""Every benchmark beside its rivals, and one table of the ratios.

    bench/table.py [--only extract train_step ...] [--markdown FILE]

Installs the rivals (scripts/setup bench), builds the release with its bench programs, runs bench/*.py one
after the other and prints the table. Takes about ten minutes for all, once the rivals are there; run nothing beside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT, machine

BENCHES = ["ingest", "extract", "dedup", "curate", "tokenizer", "train_step", "generate"]


def shown(value, unit):
    if unit == "F1":
        return f"{value:.3f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def table(rows):
    lines = ["| stage | unit | threads | pith | rival | its rate | pith is |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        for name, rate in row["rivals"].items():
            stage = row["stage"] + (f" ({row['note']})" if row["note"] else "")
            ratio = f"{row['ours'] - rate:+.3f}" if row["unit"] == "F1" else f"{row['ours'] / rate:.2f} x"
            lines.append(f"| {stage} | {row['unit']} | {row['threads']} | {shown(row['ours'], row['unit'])} | {name} "
                         f"| {shown(rate, row['unit'])} | {ratio} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=BENCHES, default=BENCHES)
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    subprocess.run([ROOT / "scripts/setup", "bench"], check=True)
    subprocess.run(["cmake", "--preset", "release", "-DPITH_BENCHES=ON"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    python = ROOT / ".venv/bin/python"
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        for name in options.only:
            print(f"\n== bench/{name}.py", flush=True)
            done = subprocess.run([python, ROOT / f"bench/{name}.py"], env={**os.environ, "PITH_BENCH_ROWS": str(rows)})
            if done.returncode != 0:
                failed.append(name)
        lines = [json.loads(line) for line in rows.read_text().splitlines()] if rows.exists() else []
    text = f"{machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n\n{table(lines)}\n"
    print("\n" + text)
    if options.markdown:
        options.markdown.write_text(text)
    if failed:
        sys.exit(f"these benchmarks failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
