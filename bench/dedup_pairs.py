#!/usr/bin/env python3
"""Near-duplicates that pith curate finds, against the truth: recall on known pairs, precision of all it drops.

    bench/dedup_pairs.py [--pith build/release/pith] [--pool FOLDER] [--documents 1500]

Planted pairs: documents of PITH_DATA/clean/en_gov_web.jsonl.zst and zh_textbooks.jsonl.zst beside copies in
which words (Chinese: signs) are replaced one by one or in runs, and whole copies in traditional Chinese. Pairs of
the pool, by path: installation-guide amd64 and i386, libreoffice-help en-us and en-gb, of the folder that
PITH_DATA/pool/get_pool.sh core FOLDER fills. The truth is the Jaccard similarity of the sets of 5-word
shingles of the extracted texts, computed here, from strings. A pair of 0.8 or more is found when no more than one
of the two is kept; whatever is dropped as a near-duplicate must have 0.8 or more to the document named in
`duplicate_of`. Every document counts that curation without filters gives. Needs `pip install zstandard`.
"""

import argparse
import io
import json
import random
import re
import subprocess
import tempfile
from pathlib import Path

import zstandard

from common import ROOT, data, machine

HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff"
WORD = re.compile(rf"[{HAN}]|(?:(?![{HAN}_])\w)+(?:['\u2019](?:(?![{HAN}_])\w)+)*")


def variants():
    """{traditional: simplified}, as ICU has it."""
    numbers = [int(x, 16) for x in re.findall(r"0x([0-9A-F]{4})", (ROOT / "pith/curate/dedup/simplified_signs.inc").read_text())]
    return {chr(a): chr(b) for a, b in zip(numbers[::2], numbers[1::2])}


SIMPLIFIED = str.maketrans(variants())


def shingles(text):
    words = WORD.findall(text.lower().translate(SIMPLIFIED).replace("\u2019", "'"))
    return {tuple(words[i:i + 5]) for i in range(max(1, len(words) - 4))} if words else set()


def jaccard(a, b):
    return len(a & b) / len(a | b) if a or b else 0.0


def lines(path):
    with open(path, "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True), encoding="utf-8"):
            yield json.loads(line)


def curate(pith, inputs, out):
    command = [pith, "curate", *inputs, "-o", out, "--no-filters", "--threads", "2", "--config", out.parent / "config.toml"]
    # Only near-duplicates are looked at: what is repeated in parts would only shorten the texts.
    (out.parent / "config.toml").write_text("".join(f"[{table}]\nenabled = false\n" for table in ("topics", "repeated_text")))
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    documents = {}
    for part in ("documents", "dropped"):
        for shard in sorted((out / part).iterdir()):
            for document in lines(shard):
                documents[document["id"]] = document
    return documents


def judge(name, documents, pairs):
    sets = {}

    def shingles_of(document):
        if document["id"] not in sets:
            sets[document["id"]] = shingles(document["text"])
        return sets[document["id"]]

    alike = found = same = 0
    for a, b in pairs:
        similarity = 1.0 if a["text"] == b["text"] else jaccard(shingles_of(a), shingles_of(b))
        if similarity >= 0.8:
            alike += 1
            same += a["text"] == b["text"]
            found += "dropped_by" in a or "dropped_by" in b
    checked = [jaccard(shingles_of(d), shingles_of(documents[d["duplicate_of"]]))
               for d in documents.values() if d.get("dropped_by") == "near_duplicate"]
    right = sum(similarity >= 0.8 for similarity in checked)
    print(f"| {name} | {len(pairs)} | {alike} ({same} equal) | {found / max(1, alike):.4f} | {len(checked)} | "
          f"{right / max(1, len(checked)):.4f} | {min(checked, default=0):.4f} |", flush=True)


def changed(words, generator, chinese):
    rate = generator.choice((0.005, 0.01, 0.02, 0.04))
    run = generator.choice((1, 1, 5, 20))
    new = list(words)
    for _ in range(max(1, int(len(words) * rate / run))):
        at = generator.randrange(len(words))
        for i in range(at, min(len(words), at + run)):
            new[i] = chr(generator.randrange(0x4E00, 0x9FA5)) if chinese else "word" + str(generator.randrange(10**6))
    return new


def planted(pith, name, source, count, chinese, work):
    generator = random.Random(1)
    texts = [d["text"] for _, d in zip(range(count), lines(data(source)))]
    traditional = {b: a for a, b in variants().items()}
    with open(work / "in.jsonl", "w", encoding="utf-8") as file:
        for i, text in enumerate(texts):
            if chinese and i % 5 == 0:
                copy = text.translate(str.maketrans(traditional))
            else:
                copy = "".join(changed(text, generator, True)) if chinese else " ".join(changed(text.split(" "), generator, False))
            for kind, content in (("a", text), ("b", copy)):
                file.write(json.dumps({"text": content, "url": f"https://{kind}.example/{i}"}) + "\n")
    documents = curate(pith, [work / "in.jsonl"], work / "out")
    by_url = {d["url"]: d for d in documents.values()}
    judge(name, documents, [(by_url[f"https://a.example/{i}"], by_url[f"https://b.example/{i}"]) for i in range(len(texts))])


def pool(pith, name, folders, work):
    documents = curate(pith, folders, work / "out")
    by_path = {d["file_path"]: d for d in documents.values()}
    pairs = []
    for path in by_path:
        if not path.startswith(str(folders[0])):
            continue
        twin = path.replace(folders[0].name, folders[1].name).replace("en-US", "en-GB")
        if twin in by_path:
            pairs.append((by_path[path], by_path[twin]))
    judge(name, documents, pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pith", default=ROOT / "build/release/pith")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--documents", type=int, default=1500)
    options = parser.parse_args()
    print(machine())
    print("| pairs | of them | Jaccard 0.8 or more | recall | dropped | precision | least similarity |\n" + "| --- " * 7 + "|")
    for name, source, chinese in (("planted, English", "clean/en_gov_web.jsonl.zst", False),
                                  ("planted, Chinese", "clean/zh_textbooks.jsonl.zst", True)):
        with tempfile.TemporaryDirectory(prefix="pith_bench_") as work:
            planted(options.pith, name, source, options.documents, chinese, Path(work))
    for a, b in (("installation-guide-amd64", "installation-guide-i386"), ("libreoffice-help-en-us", "libreoffice-help-en-gb")):
        if options.pool:
            with tempfile.TemporaryDirectory(prefix="pith_bench_") as work:
                pool(options.pith, f"{a}, {b.rsplit('-', 1)[1]}", [options.pool / a, options.pool / b], Path(work))


if __name__ == "__main__":
    main()
