#!/usr/bin/env python3
"""Learns how to tell kinds of web pages apart: writes pith/curate/classify/format_model.inc.

    scripts/train_format.py --format build/release/bench/format --pages FOLDER

FOLDER holds WCXB's development pages (wcxb-dev.tar.zst unpacked, CC BY 4.0). Two thirds of them are learned
from, chosen as in train_extraction.py; the rest is only measured, by `format`: --held-out FILE names the
list to give it. Two softmax regressions, one for pages and one for text alone, over standardised
measures and the words that tell kinds apart best (chi-squared, on ten sites or more).
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile
from urllib.parse import urlparse

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "pith/curate/classify/format_model.inc"
KINDS = "article forum product collection listing documentation service".split()
WORD = re.compile(r"[a-z]+")
WORDS = 500
READ_BYTES = 16 << 10  # kReadBytes of format.cc
LEAST_SITES = 10
STRENGTH = 3  # of the pull to zero
MEASURE, MARK = 0.3, 1.0  # how large a standard deviation, and a word, look to it


def read_pages(folder):
    for path in sorted((folder / "ground-truth").glob("*.json")):
        truth = json.loads(path.read_text())
        html = folder / "html" / (path.stem + ".html")
        if html.exists() and truth["ground_truth"].get("main_content"):
            held = int(hashlib.md5(path.stem.encode()).hexdigest(), 16) % 3 == 0
            yield (truth["_internal"]["page_type"]["primary"], html, held,
                   urlparse(truth.get("url") or "").netloc or path.stem)


def telling_words(sets, kinds, sites):
    seen = collections.defaultdict(set)
    for words, site in zip(sets, sites):
        for word in words:
            seen[word].add(site)
    known = sorted(w for w, s in seen.items() if len(s) >= LEAST_SITES and 2 <= len(w) <= 15)
    marks = np.array([[w in words for w in known] for words in sets], dtype=np.float64)
    truth = np.eye(len(KINDS))[kinds]
    count = marks.sum(0)
    expected = count[:, None] * truth.mean(0)
    score = ((marks.T @ truth - expected) ** 2 /
             (expected * (1 - count[:, None] / len(sets)) + 1e-9)).max(1)
    return sorted(known[i] for i in np.argsort(-score)[:WORDS])


def fit(rows, kinds):
    rows, kinds = torch.tensor(rows, dtype=torch.float32), torch.tensor(kinds)
    weight = torch.zeros(rows.shape[1], len(KINDS), requires_grad=True)
    bias = torch.zeros(len(KINDS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(rows @ weight + bias, kinds)
        value = value + STRENGTH * (weight ** 2).sum() / len(rows)
        value.backward()
        return value
    optimizer.step(loss)
    return weight.detach().numpy(), bias.detach().numpy()


def number(value, digits=5):
    text = f"{float(value):.{digits}g}"
    return text + "f" if set(text) & set(".e") else text


def list_of(values):
    return "{" + ", ".join(number(v, 3) for v in values) + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", type=pathlib.Path, required=True)
    parser.add_argument("--pages", type=pathlib.Path, required=True)
    parser.add_argument("--held-out", type=pathlib.Path)
    arguments = parser.parse_args()
    pages = list(read_pages(arguments.pages))
    if arguments.held_out:
        arguments.held_out.write_text("".join(f"{k}\t{p}\n" for k, p, held, _ in pages if held))
    pages = [page for page in pages if not page[2]]
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("".join(f"{kind}\t{path}\n" for kind, path, _, _ in pages))
        file.flush()
        done = subprocess.run([arguments.format, "--measures", file.name], check=True, stdout=subprocess.PIPE)
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = np.array([KINDS.index(page[0]) for page in pages])
    sets = [set(WORD.findall(m["text"].encode()[:READ_BYTES].decode(errors="ignore").lower())) for m in measured]
    words = telling_words(sets, kinds, [page[3] for page in pages])
    marks = np.array([[w in found for w in words] for found in sets], dtype=np.float32) * MARK
    shape = np.array([m["shape"] for m in measured])
    page = np.array([m["page"] for m in measured])

    def standard(values):
        mean, scale = values.mean(0), 1 / (values.std(0) + 1e-6)
        scale[values.std(0) < 1e-6] = 0
        return mean, scale, np.clip((values - mean) * scale, -3, 3) * MEASURE
    shape_mean, shape_scale, shape_rows = standard(shape)
    page_mean, page_scale, page_rows = standard(page)
    alone, alone_bias = fit(np.hstack([shape_rows, marks]), kinds)
    whole, whole_bias = fit(np.hstack([shape_rows, page_rows, marks]), kinds)
    shapes = shape.shape[1]

    def measures(name, mean, scale, weight):
        rows = "".join(f"    {{{number(m)}, {number(s)}, {list_of(w * MEASURE)}}},\n"
                       for m, s, w in zip(mean, scale, weight))
        return f"constexpr Measure {name}[] = {{\n{rows}}};\n"
    out = "// Written by scripts/train_format.py.\n"
    out += f"constexpr Scores kTextBias = {list_of(alone_bias)};\nconstexpr Scores kPageBias = {list_of(whole_bias)};\n"
    out += measures("kTextShape", shape_mean, shape_scale, alone[:shapes])
    out += measures("kPageShapes", shape_mean, shape_scale, whole[:shapes])
    out += measures("kPages", page_mean, page_scale, whole[shapes:-len(words)])
    rows = "".join(f'    {{"{w}", {list_of(a * MARK)}, {list_of(b * MARK)}}},\n'
                   for w, a, b in zip(words, alone[shapes:], whole[-len(words):]))
    MODEL.write_text(out + f"constexpr Word kWords[] = {{\n{rows}}};\n")


if __name__ == "__main__":
    main()
