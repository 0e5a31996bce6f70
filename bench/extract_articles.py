#!/usr/bin/env python3
"""Main text of article pages, scored as the article-extraction-benchmark does, beside trafilatura and resiliparse.

    bench/extract_articles.py [--pith build/release/pith]

Score: F1 over 4-grams of words (\\w+) as multisets, from precision and recall averaged over the pages, as that benchmark's evaluate.py has it. The
pages (PITH_DATA/eval.tar.zst, half of the benchmark's) were never trained on: WCXB's were. Printed beside it: the mean of each page's
own F1, which a single lost page moves more, and the pages where pith is worst.
"""

import argparse
import collections
import gzip
import json
import re
import subprocess
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

import trafilatura
import zstandard
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from common import ROOT, data

GRAM = 4


def grams(text):
    words = re.findall(r"\w+", text, re.UNICODE)
    if len(words) < GRAM:
        return collections.Counter([tuple(words)] if words else [])
    return collections.Counter(tuple(words[i:i + GRAM]) for i in range(len(words) - GRAM + 1))


def page_scores(text, truth):
    """(precision, recall); None where there is nothing to divide by."""
    found, wanted = grams(text), grams(truth)
    both = sum((found & wanted).values())
    return (both / sum(found.values()) if found else None, both / sum(wanted.values()) if wanted else None)


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values)


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def run_pith(program, files):
    out = subprocess.run([program, "extract", "--json", *files], check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["text"] for line in out.splitlines()[:len(files)]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pith", default=ROOT / "build/release/pith")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with open(data("eval.tar.zst"), "rb") as file:
            stream = tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|")
            for member in stream:
                if "article-extraction-benchmark" in member.name and member.isfile():
                    (Path(folder) / Path(member.name).name).write_bytes(stream.extractfile(member).read())
        truth = json.loads((Path(folder) / "ground-truth.json").read_text())
        files = [Path(folder) / f"{name}.html.gz" for name in truth]
        pages = [gzip.decompress(path.read_bytes()).decode("utf-8", "replace") for path in files]
        systems = {
            "pith": run_pith(options.pith, files),
            f"trafilatura {metadata.version('trafilatura')}": [
                trafilatura.extract(page, include_comments=False) or "" for page in pages],
            f"resiliparse {metadata.version('resiliparse')}": [
                extract_plain_text(HTMLTree.parse(page), main_content=True) for page in pages],
        }
    names = list(truth)
    print(f"{len(names)} pages\n\n| | F1 | precision | recall | mean of F1 |\n| --- | --- | --- | --- | --- |")
    for system, texts in systems.items():
        scores = [page_scores(text, truth[name]["articleBody"]) for name, text in zip(names, texts)]
        precision, recall = mean(p for p, _ in scores), mean(r for _, r in scores)
        own = [f1(p or 0, r or 0) for p, r in scores]
        print(f"| {system} | {f1(precision, recall):.3f} | {precision:.3f} | {recall:.3f} | {mean(own):.3f} |")
        if system == "pith":
            worst = sorted(zip(own, scores, names))[:12]
    print("\nWhere pith is worst (F1, precision, recall):")
    for value, (precision, recall), name in worst:
        print(f"  {value:.3f} {precision or 0:.3f} {recall or 0:.3f} {name[:16]} {truth[name].get('url', '')}")


if __name__ == "__main__":
    main()
