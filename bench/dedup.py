#!/usr/bin/env python3
"""Near-duplicates: pith beside the signatures of rensa, one thread each, in CPU time, in one interleaved run.

    bench/dedup.py [--program build/release/bench/dedup] [--documents 2660] [--repeats 5]

Needs PITH_DATA (clean/en_gov_web.jsonl.zst) and `pip install rensa zstandard`. Both sides make 128
values over 5-word shingles; rensa is given its shingles as Python strings, made outside its time in the
column "signature" and inside it in "from text". "All" is what deduplication does from text on: exact hash,
shingles, signature, bands, candidates, and comparing these by all of their shingles.
"""

import argparse
import io
import json
import re
import subprocess
import time
from importlib import metadata

import rensa
import zstandard

from common import ROOT, data, machine, row


def documents(path, count):
    with open(path, "rb") as file:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
        return [json.loads(line)["text"] for _, line in zip(range(count), lines)]


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[i:i + 5]) for i in range(max(1, len(words) - 4))]


def sign(lists):
    for shingle_list in lists:
        signature = rensa.RMinHash(num_perm=128, seed=1)
        signature.update(shingle_list)
        signature.digest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/bench/dedup")
    parser.add_argument("--documents", type=int, default=2660)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    texts = documents(data("clean/en_gov_web.jsonl.zst"), options.documents)
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    prepared = [shingles(text) for text in texts]
    pith, signature, from_text = [], [], []
    for _ in range(options.repeats):
        pith.append(json.loads(subprocess.run([options.program, "1"], input=lines, capture_output=True, check=True).stdout))
        begin = time.process_time()
        sign(prepared)
        signature.append(time.process_time() - begin)
        begin = time.process_time()
        sign(map(shingles, texts))
        from_text.append(time.process_time() - begin)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    ours = min(run["signature_seconds"] for run in pith)
    ours_from_text = min(run["shingle_seconds"] + run["signature_seconds"] for run in pith)
    everything = min(run["all_seconds"] for run in pith)
    rival = f"rensa {metadata.version('rensa')}"
    print(f"{machine()}, 1 thread, CPU time; {len(texts)} documents, {megabytes:.1f} MB; minimum of {options.repeats}")
    print("|  | signature MB/s | from text MB/s | all MB/s |")
    print("| --- | --- | --- | --- |")
    print(f"| pith, 128 values | {megabytes / ours:.1f} | {megabytes / ours_from_text:.1f} | {megabytes / everything:.1f} |")
    print(f"| {rival} RMinHash, 128 values | {megabytes / min(signature):.1f} | {megabytes / min(from_text):.1f} | |")
    print(f"all of pith is {min(signature) / everything:.2f} times rensa's signatures without making the shingles, "
          f"{min(from_text) / everything:.2f} times its signatures from text")
    row("MinHash of text", "MB/s", 1, megabytes / ours_from_text, {rival: megabytes / min(from_text)})
    print(f"planted pairs at Jaccard 0.8 or more: {pith[0]['alike']}, recall {pith[0]['recall']:.4f}; dropped {pith[0]['dropped']}, "
          f"precision {pith[0]['precision']:.4f}")


if __name__ == "__main__":
    main()
