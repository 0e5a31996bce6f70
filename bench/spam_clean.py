#!/usr/bin/env python3
"""Clean pages on which bench/spam.cc shows what spam repair takes from honest text.

    spam_clean.py OUT.jsonl [--held | --development] [DOCUMENTS ...]

A line a page, as bench/spam_damage.py writes them, the truth being the text itself: the whole documents of clean/ in PITH_DATA, and of
folders that `pith curate` wrote (WCXB's pages, Debian's documentation: `--no-filters`, and [near_duplicates] and [spam] off), a row a folder
and language. --held takes the third of them that nothing was fitted to, --development the others.
"""

import argparse
import hashlib
import io
import json
from pathlib import Path

import common
import zstandard

SETS = ["en_gov_web", "en_kids_books", "en_textbooks", "zh_tech_articles", "zh_textbooks"]


def documents(path):
    with open(path, "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
            yield json.loads(line)


def pages(folders):
    for name in SETS:
        for page in documents(common.data(f"clean/{name}.jsonl.zst")):
            yield name, name[:2], page["id"], page
    for folder in folders:
        for shard in sorted(Path(folder, "documents").glob("*.jsonl.zst")):
            for page in documents(shard):
                code = page["language"]
                yield f"{Path(folder).name}: {code}", "zh" if code.startswith("zh") else "en", page.get("file_path") or page["id"], page


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--development", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.out, "w", encoding="utf-8") as out:
        for kind, language, name, page in pages(arguments.folders):
            held = int(hashlib.md5(name.encode()).hexdigest(), 16) % 3 == 0
            if held and arguments.development or not held and arguments.held:
                continue
            row = dict(kind=kind, language=language, title=page.get("full_title") or page.get("title") or "", text=page["text"], truth=page["text"])
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
