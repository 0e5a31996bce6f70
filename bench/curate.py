#!/usr/bin/env python3
"""Raw pages to documents: pith curate beside FineWeb's pipeline in datatrove, and beside resiliparse + fastText + rensa.

    bench/curate.py [--input FOLDER] [--every 5] [--repeats 3] [--datatrove-pages 300] [--no-stages]

Input: a folder of HTML pages, or every n-th page of WCXB (PITH_DATA/wcxb-dev.tar.zst). Every pipeline runs as a program of its
own on one thread, in turn; pith also on two. The rivals read the pages as JSON lines of UTF-8, which are made outside of their time. The
slower rival gets a random part of the pages. Two ratios are printed, of wall time and of processor time, which other work on the machine
disturbs less. pith does more than either: all filters with reasons, verified near-duplicates, statistics, topics, a report.

The second table has each stage alone on the same pages and texts beside its rival, in MB/s of one core, and its share of what the core
copies in memory. Needs `scripts/setup bench` and a build with -DPITH_BENCHES=ON.
"""

import argparse
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from importlib import metadata
from pathlib import Path

import zstandard

from common import ROOT, data, machine, row

HERE = Path(__file__).resolve().parent


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


def as_json_lines(pages, path):
    with open(path, "w") as file:
        for page in pages:
            file.write(json.dumps({"id": str(page), "text": page.read_bytes().decode("utf-8", "replace")}, ensure_ascii=False) + "\n")


def watch_peak(pid, peak):
    """Follows the high-water mark of a process's memory until it ends. Not ru_maxrss: that has the parent's, from before exec."""
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        if not (found := re.search(r"VmHWM:\s*(\d+) kB", status)):
            return  # it has ended
        peak[0] = max(peak[0], int(found[1]) * 1024)
        time.sleep(0.02)


def measure(command):
    """Runs a program that ends with a JSON line: (that line, wall seconds, processor seconds, peak MB)."""
    peak = [0]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        child = subprocess.Popen(list(map(str, command)), stdout=out, stderr=errors)
        threading.Thread(target=watch_peak, args=(child.pid, peak), daemon=True).start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), errors.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"{command[0]} ended with {child.returncode}: {errors.read().decode()[-2000:]}")
        return json.loads(out.read().splitlines()[-1]), wall, usage.ru_utime + usage.ru_stime, peak[0] / 1e6


def check(result, out):
    """All pages are accounted for, and the documents are as many as said."""
    assert result["documents_kept"] + result["documents_dropped"] == result["documents_in"], result
    written = 0
    for shard in (out / "documents").iterdir():
        with open(shard, "rb") as file:
            written += sum(1 for _ in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"))
    assert written == result["documents_kept"], (written, result)


class Pipeline:
    def __init__(self, name, pages, command):
        self.name, self.pages, self.command, self.runs = name, pages, command, []
        self.megabytes = sum(page.stat().st_size for page in pages) / 1e6

    def run(self, out):
        out.unlink() if out.is_file() else shutil.rmtree(out, ignore_errors=True)
        self.runs.append(measure(self.command(out)))

    def rate(self, column):  # MB/s of the best run; 1: wall, 2: processor
        return self.megabytes / min(run[column] for run in self.runs)

    def table_row(self):
        result = self.runs[0][0]
        kept = result.get("documents_kept", result.get("kept"))
        memory = max(run[3] for run in self.runs)
        return (f"| {self.name} | {len(self.pages)} | {self.megabytes:.1f} | {self.rate(1):.2f} | {self.rate(2):.2f} "
                f"| {len(self.pages) / self.megabytes * self.rate(2):.0f} | {kept} | {memory:.0f} |")


def pipelines(options, folder, pages, work):
    part = random.Random(1).sample(pages, min(options.datatrove_pages, len(pages)))
    as_json_lines(pages, work / "pages.jsonl")
    as_json_lines(sorted(part), work / "part.jsonl")

    def pith(threads):
        return lambda out: [options.pith, "curate", folder, "-o", out, "--language", options.languages, "--threads", threads, "--json"]

    def rival(script, lines):
        codes = ",".join(sorted({code.split("-")[0] for code in options.languages.split(",")}))
        return lambda out: [sys.executable, HERE / script, work / lines, out, "--languages", codes]

    version = metadata.version
    return [
        Pipeline("pith curate, 1 thread", pages, pith(1)),
        Pipeline("pith curate, 2 threads", pages, pith(2)),
        Pipeline(f"resiliparse {version('resiliparse')} + fastText + rensa {version('rensa')}", pages,
                 rival("curate_resiliparse.py", "pages.jsonl")),
        Pipeline(f"datatrove {version('datatrove')}, FineWeb's recipe", part, rival("curate_datatrove.py", "part.jsonl")),
    ]


def rival_stages(pages, texts):
    """{stage of pith: {rival: (bytes, processor seconds)}} of functions called on every page or text, in this process."""
    import curate_datatrove as datatrove
    import curate_resiliparse as fast
    import rensa
    import trafilatura
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
    from datatrove.pipeline.formatters import PIIFormatter
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    model = datatrove.model()
    filters = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False), FineWebQualityFilter()]
    pii = PIIFormatter()

    def sign(text):
        signature = rensa.RMinHash(num_perm=128, seed=1)
        signature.update(fast.shingles(text))
        signature.digest()

    some, rest = pages[:: max(1, len(pages) // 60)], texts[:: max(1, len(texts) // 200)]
    work = [
        ("main text", "resiliparse", pages, lambda page: extract_plain_text(HTMLTree.parse(page), main_content=True)),
        ("main text", "trafilatura", some, lambda page: trafilatura.extract(page, favor_precision=True, include_comments=False)),
        ("language", "fastText lid.176.ftz", texts, lambda text: model.predict(text.replace("\n", " "))),
        ("filters", "datatrove's Gopher, C4, FineWeb", rest,
         lambda text: [f.filter(Document(text=text, id="", metadata={})) for f in filters]),
        ("privacy", "datatrove's PII", texts, pii.format),
        ("MinHash of text", "rensa", texts, sign),
    ]
    result = {}
    for stage, name, inputs, call in work:
        call(inputs[0])  # loads what it needs
        begin = time.process_time()
        for text in inputs:
            call(text)
        result.setdefault(stage, {})[name] = (sum(len(text.encode()) for text in inputs), time.process_time() - begin)
    return result


def stage_table(options, pages, work):
    ours = json.loads(subprocess.run([options.stages, str(options.repeats), work / "texts.jsonl", *pages],
                                     capture_output=True, check=True).stdout)
    with open(work / "texts.jsonl") as file:
        texts = [text for line in file if (text := json.loads(line)["text"])]
    rivals = rival_stages([page.read_bytes().decode("utf-8", "replace") for page in pages], texts)
    copy = ours["copy_bytes_per_second"]
    print(f"\n{ours['pages']} pages, {ours['raw_bytes'] / 1e6:.1f} MB, {ours['text_bytes'] / 1e6:.1f} MB of main text; "
          f"a core copies {copy / 1e9:.1f} GB/s\n")
    print("| stage | of | MB/s a core | of the memory bandwidth | rivals, MB/s a core (ratio) |\n| --- | --- | --- | --- | --- |")
    for stage in ours["stages"]:
        rate = stage["bytes"] / stage["seconds"]
        beside = []
        for name, (size, seconds) in rivals.get(stage["stage"], {}).items():
            beside.append(f"{name} {size / seconds / 1e6:.2f} ({rate * seconds / size:.1f}x)")
        of = "pages" if stage["bytes"] == ours["raw_bytes"] else "text"
        print(f"| {stage['stage']} | {of} | {rate / 1e6:.1f} | {100 * rate / copy:.2f} % | {', '.join(beside)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pith", default=ROOT / "build/release/pith")
    parser.add_argument("--stages", default=ROOT / "build/release/bench/curate_stages")
    parser.add_argument("--input", type=Path)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--datatrove-pages", type=int, default=300)
    parser.add_argument("--languages", default="en,zh-Hans,zh-Hant", help="of pith; the rivals know zh only")
    parser.add_argument("--no-stages", action="store_true")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="pith_bench_"))
    folder = options.input
    if folder is None:
        folder = work / "pages"
        folder.mkdir()
        wcxb_pages(data("wcxb-dev.tar.zst"), options.every, folder)
    pages = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".htm") and path.is_file())
    if options.input and options.every > 1:
        pages = pages[:: options.every]
        folder = work / "pages"
        for number, page in enumerate(pages):
            copy = folder / f"{number:06}.html"
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(page, copy)
        pages = sorted(folder.iterdir())
    every = pipelines(options, folder, pages, work)
    for _ in range(options.repeats):
        for pipeline in every:
            pipeline.run(work / "out")
            if "documents_kept" in pipeline.runs[-1][0]:
                check(pipeline.runs[-1][0], work / "out")
    print(f"{machine()}; best of {options.repeats} runs, in turn\n")
    print("| pipeline | pages | MB | MB/s | MB a core-second | pages a core-second | kept | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for pipeline in every:
        print(pipeline.table_row())
    one, two, resiliparse, datatrove = every
    for rival in (resiliparse, datatrove):
        print(f"\npith is {one.rate(2) / rival.rate(2):.2f} times {rival.name} a core-second, "
              f"{one.rate(1) / rival.rate(1):.2f} times in wall time.")
    print(f"\nTwo threads are {two.rate(1) / one.rate(1):.2f} times one in wall time, at {two.rate(2) / one.rate(2):.2f} of its rate a core-second.")
    row("curation of HTML", "MB/s", 1, one.rate(1), {resiliparse.name: resiliparse.rate(1), datatrove.name: datatrove.rate(1)},
        "the rivals filter less")
    if not options.no_stages:
        stage_table(options, pages, work)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
