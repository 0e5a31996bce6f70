#!/usr/bin/env python3
"""What the stages of curation are worth on a pool with known good text in it: the table in docs/worth.md.

    bench/worth.py POOL -o OUT [--sets en_textbooks ...] [--part 6] [--tokens 300k] [--seeds 3] [more options of pith worth]

POOL is a folder of raw pages. Of the clean sets (JSONL, in PITH_DATA or ../shared/data), by the hash of each text, a
sixteenth is held out as target, a sixteenth becomes the examples of --like, and of the rest so much goes into the pool,
as JSONL, that it is one part in PART of the raw bytes. Then `pith worth` runs and prints its table. What was trained
stays in OUT and is not trained again.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
from pathlib import Path

import zstandard

from common import ROOT, data

PROGRAM = Path(os.environ.get("PITH", ROOT / "build/release/pith"))


def texts(path):
    with open(path, "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
            yield json.loads(line)["text"]


def split(sets, most_bytes, out):
    """Writes target.jsonl, like.jsonl and pool.jsonl; says how many bytes of text each has."""
    parts = {"target": [], "like": [], "pool": []}
    for name in sets:
        for text in texts(data(f"clean/{name}.jsonl.zst")):
            digest = hashlib.sha256(text.encode()).digest()
            parts[{0: "target", 1: "like"}.get(digest[0] % 16, "pool")].append((digest, text))
    for name, documents in parts.items():
        documents.sort()  # by hash: what does not fit is left out evenly
        size, lines = 0, []
        for _, text in documents:
            if name == "pool" and size + len(text.encode()) > most_bytes:
                break
            size += len(text.encode())
            lines.append(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        path, content = out / f"{name}.jsonl", "".join(lines).encode()
        if not path.exists() or path.read_bytes() != content:  # a file that was touched is another input
            path.write_bytes(content)
        print(f"{name}: {size:,} bytes of text", flush=True)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("pool", type=Path)
parser.add_argument("-o", "--output", type=Path, required=True)
parser.add_argument("--sets", nargs="+", default=["en_textbooks", "en_gov_web", "zh_textbooks"])
parser.add_argument("--part", type=float, default=6)
parser.add_argument("--tokens", default="300000")
parser.add_argument("--seeds", default="3")
arguments, more = parser.parse_known_args()

out = arguments.output
out.mkdir(parents=True, exist_ok=True)
raw = sum(path.stat().st_size for path in arguments.pool.rglob("*") if path.is_file() and not path.is_symlink())
print(f"{arguments.pool}: {raw:,} raw bytes", flush=True)
split(arguments.sets, raw / (arguments.part - 1), out)
command = [PROGRAM, "worth", arguments.pool, out / "pool.jsonl", "--target", out / "target.jsonl", "--like", out / "like.jsonl",
           "--tokens", arguments.tokens, "--seeds", arguments.seeds, "-o", out / "worth", *more]
subprocess.run([str(word) for word in command], check=True)
