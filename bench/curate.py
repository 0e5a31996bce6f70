#!/usr/bin/env python3
"""Raw pages to documents: pith curate beside a Python pipeline of resiliparse and rensa, in one run.

    bench/curate.py [--pith build/release/pith] [--input FOLDER] [--every 5] [--threads 1] [--repeats 3]

Input: a folder of HTML pages, or every n-th page of WCXB (PITH_DATA/wcxb-dev.tar.zst). The Python side
does the least that a pipeline must: decode, main text by resiliparse, language by resiliparse, the main
rules of Gopher, MinHash with an index by rensa, JSONL.zst; one process a thread is its best case, so it is
run with one and compared with pith on one thread. pith does more (all filters, exact and verified
near-duplicates, reasons, statistics, a report). Needs `pip install resiliparse rensa zstandard`.
"""

import argparse
import io
import json
import re
import resource
import shutil
import subprocess
import tarfile
import tempfile
import time
from importlib import metadata
from pathlib import Path

import rensa
import zstandard
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree
from resiliparse.parse.lang import detect_fast

from common import ROOT, data, machine, row

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}


def wcxb_pages(archive, every, folder):
    with open(archive, "rb") as file:
        stream = tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|")
        number = 0
        for member in stream:
            if not member.name.endswith((".html", ".htm")):
                continue
            number += 1
            if number % every == 0:
                (folder / Path(member.name).name).write_bytes(stream.extractfile(member).read())


def gopher(words):
    if not 50 <= len(words) <= 100_000 or not 3 <= sum(map(len, words)) / len(words) <= 10:
        return False
    if sum(any(c.isalpha() for c in word) for word in words) < 0.8 * len(words):
        return False
    return len(STOP_WORDS.intersection(word.lower() for word in words)) >= 2


def python_pipeline(pages, out):
    index = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    kept = 0
    with open(out, "wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as writer:
        for number, page in enumerate(pages):
            raw = page.read_bytes()
            tree = HTMLTree.parse_from_bytes(raw, detect_encoding(raw))
            text = extract_plain_text(tree, main_content=True)
            language, _ = detect_fast(text)
            words = text.split()
            if not words or (language == "en" and not gopher(words)):
                continue
            lowered = re.findall(r"\w+", text.lower())
            signature = rensa.RMinHash(num_perm=128, seed=1)
            signature.update([" ".join(lowered[i:i + 5]) for i in range(max(1, len(lowered) - 4))])
            if index.query(signature):
                continue
            index.insert(number, signature)
            writer.write(json.dumps({"text": text, "file_path": str(page), "language": language}, ensure_ascii=False).encode() + b"\n")
            kept += 1
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pith", default=ROOT / "build/release/pith")
    parser.add_argument("--input", type=Path)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="pith_bench_"))
    pages_folder = options.input
    if pages_folder is None:
        pages_folder = work / "pages"
        pages_folder.mkdir()
        wcxb_pages(data("wcxb-dev.tar.zst"), options.every, pages_folder)
    pages = sorted(path for path in pages_folder.rglob("*") if path.suffix in (".html", ".htm"))
    megabytes = sum(page.stat().st_size for page in pages) / 1e6
    ours, theirs, result, kept = [], [], None, 0
    for _ in range(options.repeats):
        shutil.rmtree(work / "out", ignore_errors=True)
        command = [options.pith, "curate", pages_folder, "-o", work / "out", "--threads", str(options.threads), "--json"]
        begin = time.perf_counter()
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
        ours.append(time.perf_counter() - begin)
        result = json.loads(done.stdout.splitlines()[-1])
        begin = time.perf_counter()
        kept = python_pipeline(pages, work / "python.jsonl.zst")
        theirs.append(time.perf_counter() - begin)
    # Proof of the answer: all pages are accounted for, and the documents are as many as said.
    assert result["documents_kept"] + result["documents_dropped"] == result["documents_in"], result
    written = 0
    for shard in sorted((work / "out/documents").iterdir()):
        with open(shard, "rb") as file:
            written += sum(1 for _ in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"))
    assert written == result["documents_kept"], (written, result)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    print(f"{machine()}; {len(pages)} pages, {megabytes:.1f} MB; minimum of {options.repeats}")
    print("| pipeline | threads | seconds | MB/s of raw pages | pages/s | kept |\n| --- | --- | --- | --- | --- | --- |")
    versions = f"resiliparse {metadata.version('resiliparse')} + rensa {metadata.version('rensa')}"
    for name, threads, seconds, count in (("pith curate", options.threads, min(ours), written), (versions, 1, min(theirs), kept)):
        print(f"| {name} | {threads} | {seconds:.2f} | {megabytes / seconds:.1f} | {len(pages) / seconds:.0f} | {count} |")
    row("curation of HTML", "MB/s", options.threads, megabytes / min(ours), {versions: megabytes / min(theirs)},
        "the rival on one thread, with fewer filters")
    print(f"ratio {min(theirs) / min(ours):.2f}; pith's peak memory {memory:.0f} MB")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
