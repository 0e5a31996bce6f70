#!/usr/bin/env python3
"""Writes pith/curate/spam/word_pairs.inc: how strongly two neighbouring words or Chinese signs belong together.

    python3 scripts/train_word_pairs.py > pith/curate/spam/word_pairs.inc     # needs PyPI's jieba and zstandard

Counted on en_gov_web (CC0), en_textbooks (CC BY 4.0, OpenStax), en_kids_books (public domain), the howtocook (Unlicense) and
d2l-zh (Apache-2.0) parts of zh_textbooks, and on CMATH and XCOPA-zh (CC BY 4.0), all in PITH_DATA, without the third of the
documents that bench/spam_damage.py holds out; and, for signs within words, on the frequencies in jieba's dictionary (MIT). Only
counts of pairs go into the table. The tokens and hashes are those of spam/spam_tokens.cc; spam/word_pairs.cc reads it.
"""

import collections
import hashlib
import io
import json
import math
import os
import random
import re
import sys
import tarfile
from pathlib import Path

import zstandard

DATA = Path(os.environ.get("PITH_DATA", Path(__file__).resolve().parent.parent / "../shared/data"))
SLOTS = 1 << 18
PAIRS, WORDS = 110000, 9000  # of each language, at most
TOKEN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+|[\u3400-\u9fff]|[。！？.!?；;…]|[，,、：:]|\n+")
SENTENCE_END, COMMA, NEWLINE, NUMBER = 1, 2, 3, 4
MASK = (1 << 64) - 1


def token_hash(token):
    if token[0] == "\n":
        return NEWLINE
    if token in "。！？.!?；;…":
        return SENTENCE_END
    if token in "，,、：:":
        return COMMA
    if len(token) == 1 and ord(token) >= 0x3400:
        return ord(token)
    if token.isdigit():
        return NUMBER
    value = 0x811C9DC5
    for byte in token.lower().encode() if token.isascii() else token.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value | 0x80000000


def mix64(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def lines(name):
    with open(DATA / f"clean/{name}.jsonl.zst", "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
            page = json.loads(line)
            if int(hashlib.md5(page["id"].encode()).hexdigest(), 16) % 3 != 0:
                yield page


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)


def chinese():
    for page in lines("zh_textbooks"):
        if page["id"].startswith(("d2l-zh", "howtocook")):
            yield re.sub(r"```.*?```", "\n", page["text"], flags=re.S)
    with open(DATA / "eval.tar.zst", "rb") as file:
        with tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|") as tar:
            for member in tar:
                if re.search(r"cmath|xcopa/.*\.zh", member.name) and member.isfile():
                    for line in tar.extractfile(member).read().decode().splitlines():
                        yield "\n".join(strings(json.loads(line)))


def english():
    for name in ("en_gov_web", "en_textbooks", "en_kids_books"):
        for page in lines(name):
            yield page["text"]


def dictionary():
    """Of signs within words: {(left, right): pointwise mutual information}, and how often each pair stands in a million signs."""
    import jieba

    signs, pairs = collections.Counter(), collections.Counter()
    with open(Path(jieba.__file__).parent / "dict.txt", encoding="utf-8") as file:
        for line in file:
            word, count, _ = line.split(" ")
            word = [ord(c) for c in word if 0x3400 <= ord(c) <= 0x9FFF]
            signs.update({c: int(count) * word.count(c) for c in set(word)})
            pairs.update({pair: int(count) for pair in zip(word, word[1:])})
    total = sum(signs.values())
    strength = {p: math.log(n * total / (signs[p[0]] * signs[p[1]])) for p, n in pairs.items()}
    return strength, {p: n * 1e6 / total for p, n in pairs.items()}


def level_of_pair(strength):
    return min(max(round(strength * 2 + 6), 1), 15)  # -2.5 to 4.5 in halves


def main():
    entries, totals, seen_at_least = [], [], []  # entry: how much it matters, left, right, level
    for texts in (chinese(), english()):
        words, pairs = collections.Counter(), collections.Counter()
        for text in texts:
            tokens = [token_hash(t) for t in TOKEN.findall(text)]
            words.update(tokens)
            pairs.update(zip(tokens, tokens[1:]))
        total = sum(words.values())
        totals.append(total)
        for word, count in words.most_common(WORDS):
            entries.append((math.inf, word, 0, min(max(round(15 + math.log(count / total)), 1), 15)))
        known = {p: (n * 1e6 / total, math.log(n * total / (words[p[0]] * words[p[1]]))) for p, n in pairs.items() if n >= 3}
        if len(totals) == 1:
            strength, rate = dictionary()
            for p, s in strength.items():
                seen, own = known.get(p, (0, -math.inf))
                known[p] = (max(seen, rate[p]), max(own, s))
        ranked = sorted(known.items(), key=lambda e: (-e[1][0], e[0]))[:PAIRS]
        seen_at_least.append(max(ranked[-1][1][0] * total / 1e6, 3))
        for (left, right), (often, s) in ranked:
            entries.append((often, left, right, level_of_pair(s)))

    # Cuckoo hashing: each entry in one of its three places; of those without one the rarer ones are lost.
    rng, slots, homeless, lost = random.Random(1), [None] * SLOTS, [], 0

    def places_of(entry):
        mixed = mix64((entry[1] << 32 | entry[2]) ^ 0x5BD1E995)
        return (mixed % SLOTS, (mixed >> 18) % SLOTS, (mixed >> 36) % SLOTS), mixed >> 55 << 4 | entry[3]

    for entry in entries:
        for _ in range(500):
            places, value = places_of(entry)
            place = next((p for p in places if slots[p] is None), None)
            if place is None:
                place = rng.choice(places)
            slots[place], before = (value, entry), slots[place]
            if before is None:
                break
            entry = before[1]
        else:
            homeless.append(entry)
    for entry in sorted(homeless, key=lambda e: (-e[0], e[1], e[2])):
        places, value = places_of(entry)
        place = min(places, key=lambda p: slots[p][1][0] if slots[p] else -1)
        lost += 1
        if slots[place] is None or slots[place][1][0] < entry[0]:
            slots[place] = (value, entry)
    print("// Generated by scripts/train_word_pairs.py, which names the sources and their licences; do not edit.")
    rates = [math.log(t / s) for t, s in zip(totals, seen_at_least)]
    print("// The logarithm of one over the share of pairs that the rarest pair in the table has: Chinese, English.")
    print(f"constexpr double kLogRarest[] = {{{rates[0]:.3f}, {rates[1]:.3f}}};")
    print("constexpr char kPairs[] =")

    digits = [chr(c) for c in range(33, 127) if chr(c) not in '"?\\\\']  # 91 of them
    values = [s[0] if s else 0 for s in slots]
    for i in range(0, SLOTS, 48):
        print('"' + "".join(digits[v // 91] + digits[v % 91] for v in values[i : i + 48]) + '"')
    print(";")
    used = sum(1 for s in slots if s)
    print(f"{used} of {SLOTS} slots used, {lost} entries lost, {totals} tokens", file=sys.stderr)


if __name__ == "__main__":
    main()
