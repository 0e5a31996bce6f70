"""The pool and the target of the comparison, made once and the same for all rivals.

    OUT/pool/part-00 ... part-63    Debian's pages as they are and text.jsonl, the training parts of the three sets
    OUT/target_SET.jsonl            a tenth of each set: what every rival is judged on
    OUT/tune_SET.jsonl              a fiftieth: what settings are chosen on, so that no figure is chosen on the target
    OUT/like/examples.jsonl         300 of the training documents, which stay in the pool too

Everything is drawn by the hash of a text or path, so that the same input gives the same folders. Each part is a random
64th of the whole: whoever reads a few of them has read a fair sample. A document of a set that resembles one of the
target, or of what settings are chosen on, is left out of the pool (near_copies below).
"""

import hashlib
import io
import json
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import zstandard

SETS = ["en_textbooks", "en_gov_web", "zh_textbooks"]
PARTS = 64
EXAMPLES = 300
SHINGLE = 8  # words, or Chinese signs
COPY = 0.3  # of the shingles of either one in the other make a copy
WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def documents(path):
    """The texts of a .jsonl.zst."""
    with open(path, "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True), encoding="utf-8"):
            yield json.loads(line)["text"]


def lines(path):
    """The texts of a .jsonl."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def write_lines(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def shingles(text):
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


class NearCopies:
    """Says of a text whether it shares COPY of its shingles, or of theirs, with one of the texts held out."""

    def __init__(self, held_out):
        self.holders = defaultdict(list)
        self.sizes = []
        for i, text in enumerate(held_out):
            own = shingles(text)
            self.sizes.append(len(own))
            for shingle in own:
                self.holders[shingle].append(i)

    def has(self, text):
        own = shingles(text)
        shared = Counter(i for shingle in own for i in self.holders.get(shingle, ()))
        return any(count >= COPY * min(len(own), self.sizes[i]) for i, count in shared.items())


def split(data):
    """{set: texts} of the target and of what settings are chosen on, and the texts of the training part; data(name) is a file."""
    target, tune, training = {}, {}, []
    for name in SETS:
        texts = sorted(set(documents(data(f"clean/{name}.jsonl.zst"))), key=digest)
        target[name] = [text for text in texts if digest(text)[0] < 26]
        tune[name] = [text for text in texts if 26 <= digest(text)[0] < 31]
        training += [text for text in texts if digest(text)[0] >= 31]
    copies = NearCopies([text for held in (target, tune) for name in SETS for text in held[name]])
    apart = [text for text in training if not copies.has(text)]
    return target, tune, apart, len(training) - len(apart)


def part_of(text):
    return digest("part " + text)[0] % PARTS


def make(debian, out, data):
    """Writes the folders; returns what is in them. `debian` is what get_pool.sh made."""
    shutil.rmtree(out / "pool", ignore_errors=True)
    target, tune, training, copies = split(data)
    found = {"near_copies_left_out": copies, "training_documents": len(training), "training_bytes": sum(len(text.encode()) for text in training),
             "debian_files": 0, "debian_bytes": 0}
    for kind, held in (("target", target), ("tune", tune)):
        for name in SETS:
            write_lines(out / f"{kind}_{name}.jsonl", held[name])
            found[f"{kind}_{name}_bytes"] = sum(len(text.encode()) for text in held[name])
    (out / "like").mkdir(exist_ok=True)
    write_lines(out / "like" / "examples.jsonl", sorted(training, key=lambda text: digest("like " + text))[:EXAMPLES])

    parts = [[] for _ in range(PARTS)]
    for text in sorted(training, key=lambda text: digest("order " + text)):
        parts[part_of(text)].append(text)
    for i, texts in enumerate(parts):
        (out / "pool" / f"part-{i:02}").mkdir(parents=True)
        write_lines(out / "pool" / f"part-{i:02}" / "text.jsonl", texts)
    for path in sorted(Path(debian).rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = str(path.relative_to(debian))
        copy = out / "pool" / f"part-{part_of(name):02}" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        found["debian_files"] += 1
        found["debian_bytes"] += path.stat().st_size
    (out / "data.json").write_text(json.dumps(found, indent=1) + "\n")
    return found
