#!/usr/bin/env python3
"""How well `--class NAME=FOLDER` tells classes apart, through the program.

    bench/classes.py PITH CLASSIFY [--wcxb FOLDER]

CLASSIFY: the folder `classify` of eval.tar.zst: SMS spam (split 4 to 1 by SHA-1 of the text) and question types
(train.txt against test.txt, six coarse types). --wcxb: the unpacked development pages of WCXB, their seven
kinds (split 2 to 1 by SHA-1 of the file's name), learned from at most 1,000 pages a class as every class is.
Prints the share right on the test part, the mean over classes, what curate.json had said of held-out examples, and
how often the class was right where its score was 0.9 or more.
"""

import argparse
import collections
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CONFIG = "[near_duplicates]\nenabled = false\n[topics]\nenabled = false\n[spam]\nenabled = false\n[privacy]\n" + "".join(
    f"{kind} = false\n" for kind in ("email", "phone", "id_number", "card", "secret"))


def share(text):
    return hashlib.sha1(text.encode()).digest()[0] / 256


def sms(folder):
    for line in (folder / "SMSSpamCollection").read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t", 1)
        yield share(text) >= 0.2, label, text


def questions(folder):
    with zipfile.ZipFile(folder / "qc.zip") as archive:
        for name in archive.namelist():
            if name.endswith(("qc/train.txt", "qc/test.txt")) and "__MACOSX" not in name:
                for line in archive.read(name).decode("latin-1").splitlines():
                    label, text = line.split(" ", 1)
                    yield "train" in name, label.split(":")[0], text


def pages(folder):
    for path in sorted(folder.glob("**/ground-truth/*.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        text = page["ground_truth"].get("main_content") or ""
        if text:
            yield share(path.name) >= 1 / 3, page["_internal"]["page_type"]["primary"], text


def run(pith, name, rows):
    rows = list(rows)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        (scratch / "config.toml").write_text(CONFIG)
        labels = sorted({label for _, label, _ in rows})
        options = []
        for label in labels:
            path = scratch / f"{label}.jsonl"
            path.write_text("".join(json.dumps({"text": t}) + "\n" for train, l, t in rows if train and l == label))
            options += ["--class", f"{label}={path}"]
        test = {}
        for train, label, text in rows:
            if not train:
                test[" ".join(text.split())] = label
        (scratch / "test.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in test))
        subprocess.run([pith, "curate", scratch / "test.jsonl", "-o", scratch / "out", "--no-filters", "--config",
                        scratch / "config.toml", *options], check=True, capture_output=True)
        summary = json.loads((scratch / "out/curate.json").read_text())["classes"]
        hits = collections.defaultdict(lambda: [0, 0])
        sure = [0, 0]
        for path in sorted((scratch / "out/documents").glob("*.zst")):
            lines = subprocess.run(["zstd", "-dqc", path], check=True, capture_output=True, text=True).stdout
            for line in lines.splitlines():
                document = json.loads(line)
                truth = test[" ".join(document["text"].split())]
                right = document.get("class") == truth
                hits[truth][0] += right
                hits[truth][1] += 1
                if document.get("class_score", 0) >= 0.9:
                    sure[0] += right
                    sure[1] += 1
    all_right, count = (sum(h[i] for h in hits.values()) for i in (0, 1))
    mean = sum(a / n for a, n in hits.values()) / len(hits)
    print(f"| {name} | {len(labels)} | {sum(t for t, _, _ in rows)} | {count} | {100 * all_right / count:.1f} | {100 * mean:.1f} "
          f"| {100 * summary['held_out_accuracy']:.1f} | {100 * sure[0] / max(1, sure[1]):.1f} ({sure[1]}) |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pith")
    parser.add_argument("classify", type=Path)
    parser.add_argument("--wcxb", type=Path)
    arguments = parser.parse_args()
    print("| | classes | examples given | tested | right, % | mean over classes, % | held out in curate.json, % | right at score 0.9 (of) |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    run(arguments.pith, "SMS spam", sms(arguments.classify))
    run(arguments.pith, "question types", questions(arguments.classify))
    if arguments.wcxb:
        run(arguments.pith, "kinds of pages", pages(arguments.wcxb))
    return 0


if __name__ == "__main__":
    sys.exit(main())
