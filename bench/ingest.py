#!/usr/bin/env python3
"""Reading WARC.gz and JSONL.zst: pith beside FastWARC and Python's zstandard + json, one thread each.

    bench/ingest.py [--program build/release/bench/ingest] [--repeats 5]

Needs PITH_DATA (warc-and-tokenizers.tar.zst, clean/en_gov_web.jsonl.zst) and
`pip install fastwarc zstandard`. The sample archive is repeated to a useful size; both sides must
deliver the same number of records and bytes of bodies. Runs are interleaved, the best of each counts.
"""

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
import time
from importlib import metadata
from pathlib import Path

import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from common import ROOT, data, machine, row

SAMPLE = "warc/resiliparse/tests/data/warcfile.warc.gz"


def extract_sample():
    with open(data("warc-and-tokenizers.tar.zst"), "rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if member.name.removeprefix("./") == SAMPLE:
                    return archive.extractfile(member).read()
    raise SystemExit(f"{SAMPLE} is not in warc-and-tokenizers.tar.zst")


def read_pith(program, path):
    out = subprocess.run([program, path], check=True, capture_output=True, text=True).stdout.split()
    return int(out[0]), int(out[1]), float(out[2])


def read_fastwarc(path):
    begin = time.perf_counter()
    records = size = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            records += 1
            size += len(record.reader.read())
    return records, size, time.perf_counter() - begin


def read_python(path):
    begin = time.perf_counter()
    records = size = 0
    with open(path, "rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            records += 1
            size += len(json.loads(line)["text"].encode())
    return records, size, time.perf_counter() - begin


def compare(title, repeats, sides):
    best, answers = {}, {}
    for _ in range(repeats):
        for name, read in sides.items():
            records, size, seconds = read()
            answers[name] = (records, size)
            best[name] = min(best.get(name, seconds), seconds)
    if len(set(answers.values())) != 1:
        raise SystemExit(f"{title}: the sides disagree: {answers}")
    records, size = next(iter(answers.values()))
    print(f"\n{title}: {records} records, {size / 1e6:.0f} MB of bodies")
    rival = list(best)[-1]
    for name, seconds in best.items():
        print(f"  {name:28} {records / seconds:10.0f} records/s {size / seconds / 1e6:8.0f} MB/s"
              f" {best[rival] / seconds:6.2f}x")
    row(f"reading {title}", "MB/s", 1, size / best["pith"] / 1e6, {rival: size / best[rival] / 1e6})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/bench/ingest")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--copies", type=int, default=100, help="of the sample archive")
    options = parser.parse_args()
    print(f"{machine()}, one thread")
    with tempfile.TemporaryDirectory() as folder:
        warc = Path(folder) / "pages.warc.gz"
        warc.write_bytes(extract_sample() * options.copies)
        compare("WARC.gz", options.repeats, {
            "pith": lambda: read_pith(options.program, warc),
            f"FastWARC {metadata.version('fastwarc')}": lambda: read_fastwarc(warc),
        })
    lines = data("clean/en_gov_web.jsonl.zst")
    compare("JSONL.zst", options.repeats, {
        "pith": lambda: read_pith(options.program, lines),
        f"zstandard {metadata.version('zstandard')} + json": lambda: read_python(lines),
    })


if __name__ == "__main__":
    main()
