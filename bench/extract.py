#!/usr/bin/env python3
"""Main text of web pages: how right and how fast, beside trafilatura and resiliparse, in one run.

    bench/extract.py [--pith build/release/pith] [--every 1] [--skip trafilatura]

Right: word F1 (multiset overlap of lower-cased words, mean over pages) against the true main text of
WCXB's development pages (PITH_DATA/wcxb-dev.tar.zst). pith's model was trained on two thirds of these
pages, chosen by a hash of the file name; the column "unseen" is the other third, the figure to trust.
Fast: one thread each, pages in memory for the Python libraries; for pith the whole process, files read
and JSON written, less an empty call.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from importlib import metadata

from common import ROOT, data, machine, row

KINDS = ["article", "documentation", "service", "forum", "collection", "listing", "product"]


def word_f1(predicted, reference):
    predicted = collections.Counter(re.findall(r"\w+", predicted.lower()))
    reference = collections.Counter(re.findall(r"\w+", reference.lower()))
    overlap = sum((predicted & reference).values())
    if not overlap:
        return float(not predicted and not reference)
    return 2 * overlap / (sum(predicted.values()) + sum(reference.values()))


def unseen(name):
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % 3 == 0


def load_pages(folder, every):
    pages = []
    for truth_path in sorted((folder / "ground-truth").glob("*.json"))[::every]:
        truth = json.loads(truth_path.read_text())
        text = truth["ground_truth"].get("main_content")
        html = folder / "html" / (truth_path.stem + ".html")
        if text and html.exists():
            kind = truth["_internal"]["page_type"]["primary"]
            pages.append((truth_path.stem, kind, text, html))
    return pages


def run_pith(program, pages):
    command = [program, "extract", "--json", "--threads", "1"]
    with tempfile.NamedTemporaryFile(suffix=".html") as empty:
        start = time.perf_counter()
        subprocess.run(command + [empty.name], check=True, stdout=subprocess.DEVNULL)
        idle = time.perf_counter() - start
    best = None
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(command + [str(page[3]) for page in pages], check=True,
                              stdout=subprocess.PIPE)
        seconds = time.perf_counter() - start - idle
        best = min(best or seconds, seconds)
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    return texts, best


def run_library(extract, pages):
    loaded = [page[3].read_text(errors="replace") for page in pages]
    texts = []
    extract("<html><body><p>Loads the library, and stops here if it cannot be.</p></body></html>")
    start = time.perf_counter()
    for html in loaded:
        try:
            texts.append(extract(html) or "")
        except Exception:  # a page that a library cannot read counts as nothing found
            texts.append("")
    return texts, time.perf_counter() - start


def trafilatura_text(html):
    import trafilatura
    return trafilatura.extract(html, include_comments=False)


def resiliparse_text(html):
    from resiliparse.extract.html2text import extract_plain_text
    return extract_plain_text(html, main_content=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pith", default=str(ROOT / "build/release/pith"))
    parser.add_argument("--every", type=int, default=1, help="look at every N-th page only")
    parser.add_argument("--skip", action="append", default=[], help="a rival to leave out")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    archive = data("wcxb-dev.tar.zst")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
        pages = load_pages(pathlib.Path(folder) / "wcxb-dev", arguments.every)
        raw_bytes = sum(page[3].stat().st_size for page in pages)
        runs = [("pith", lambda: run_pith(arguments.pith, pages))]
        for name, extract in (("resiliparse", resiliparse_text), ("trafilatura", trafilatura_text)):
            if name not in arguments.skip:
                runs.append((f"{name} {metadata.version(name)}",
                             lambda extract=extract: run_library(extract, pages)))
        for name, run in runs:
            texts, seconds = run()
            assert len(texts) == len(pages), f"{name} gave {len(texts)} of {len(pages)} pages"
            scores = collections.defaultdict(list)
            for (stem, kind, truth, _), text in zip(pages, texts):
                score = word_f1(text, truth)
                for group in ("all", kind) + (("unseen",) if unseen(stem) else ()):
                    scores[group].append(score)
            rows.append({"extractor": name,
                         "f1": {group: sum(s) / len(s) for group, s in scores.items()},
                         "pages_per_second": len(pages) / seconds,
                         "megabytes_per_second": raw_bytes / seconds / 1e6})
    if arguments.json:
        print(json.dumps({"pages": len(pages), "bytes": raw_bytes, "rows": rows}))
        return
    print(f"{len(pages)} pages, {raw_bytes / 1e6:.0f} MB, one thread, {machine()}, "
          f"Python {sys.version.split()[0]}")
    ours, *others = rows
    row("extraction", "MB/s", 1, ours["megabytes_per_second"], {other["extractor"]: other["megabytes_per_second"] for other in others})
    row("extraction, word F1 on unseen pages", "F1", 1, ours["f1"]["unseen"], {other["extractor"]: other["f1"]["unseen"] for other in others})
    groups = ["all", "unseen"] + KINDS
    print(f"{'':20}" + "".join(f"{group[:9]:>10}" for group in groups) + f"{'pages/s':>10}{'MB/s':>8}")
    for line in rows:
        print(f"{line['extractor']:20}"
              + "".join(f"{line['f1'].get(group, float('nan')):10.3f}" for group in groups)
              + f"{line['pages_per_second']:10.0f}{line['megabytes_per_second']:8.1f}")


if __name__ == "__main__":
    main()
