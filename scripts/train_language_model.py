#!/usr/bin/env python3
"""Trains the linear model of pith/curate/classify/language.cc and writes language_model.inc.

  train_language_model.py --tatoeba DIR --lingua DIR --pages DIR -o language_model.inc --test-set FILE

Features: bytes with ASCII letters lower-cased and every run of other ASCII made one space; hashed
n-grams of 3, 4 and 6 bytes; logits are the mean of the weights of all n-grams. Sentences whose
SHA-1 starts below 0x33 (a fifth) are never trained on; they are written to --test-set.
Text: Tatoeba sentences (CC BY 2.0 FR), Lingua's sentences (Apache-2.0), translated documentation of
Debian main (packages installation-guide, debian-handbook, libreoffice-help-*, anarchism, cfi-en and others).
"""
import argparse, glob, hashlib, html, os, random, re, sys

import numpy as np
import torch

BUCKETS = 1 << 13
ORDERS = (3, 4, 6)
# code: (Tatoeba, Lingua, documentation)
LATIN = {
    "af": ("afr", "af"), "az": ("aze", "az"), "ca": ("cat", "ca"), "cs": ("ces", "cs"),
    "cy": ("cym", "cy"), "da": ("dan", "da"), "de": ("deu", "de"), "en": ("eng", "en"),
    "eo": ("epo", "eo"), "es": ("spa", "es"), "et": ("est", "et"), "eu": ("eus", "eu"),
    "fi": ("fin", "fi"), "fr": ("fra", "fr"), "ga": ("gle", "ga"), "gl": ("glg", None),
    "hr": ("hrv", "hr"), "hu": ("hun", "hu"), "id": ("ind", "id"), "is": ("isl", "is"),
    "it": ("ita", "it"), "la": ("lat", "la"), "lt": ("lit", "lt"), "lv": ("lvs", "lv"),
    "ms": ("zsm", "ms"), "nb": ("nob", "nb"), "nl": ("nld", "nl"), "nn": ("nno", "nn"),
    "pl": ("pol", "pl"), "pt": ("por", "pt"), "ro": ("ron", "ro"), "sk": ("slk", "sk"),
    "sl": ("slv", "sl"), "sq": ("sqi", "sq"), "sv": ("swe", "sv"), "sw": ("swh", "sw"),
    "tl": ("tgl", "tl"), "tr": ("tur", "tr"), "vi": ("vie", "vi"),
}
CYRILLIC = {"be": ("bel", "be"), "bg": ("bul", "bg"), "kk": ("kaz", "kk"), "mk": ("mkd", "mk"),
            "mn": ("mon", "mn"), "ru": ("rus", "ru"), "sr": ("srp", "sr"), "uk": ("ukr", "uk")}
ARABIC = {"ar": ("ara", "ar"), "fa": ("pes", "fa"), "ur": ("urd", "ur")}
DEVANAGARI = {"hi": ("hin", "hi"), "mr": ("mar", "mr")}
GROUPS = [LATIN, CYRILLIC, ARABIC, DEVANAGARI]
CODES = [code for group in GROUPS for code in sorted(group)]
# What the script alone decides; tested, not trained.
BY_SCRIPT = {"el": ("ell", "el"), "he": ("heb", "he"), "hy": ("hye", "hy"), "ja": ("jpn", "ja"),
             "ka": ("kat", "ka"), "ko": ("kor", "ko"), "th": ("tha", "th"), "zh": ("cmn", "zh"),
             "bn": ("ben", "bn"), "ta": ("tam", "ta"), "te": ("tel", "te"), "gu": (None, "gu"),
             "pa": (None, "pa"), "km": ("khm", None), "ml": ("mal", None), "am": ("amh", None)}


def held_out(line):
    return hashlib.sha1(line.encode()).digest()[0] < 0x33


def normalise(text):
    data = re.sub(rb"[\x00-\x40\x5b-\x60\x7b-\x7f]+", b" ", text.encode()).lower()
    return b" " + data.strip(b" ") + b" "


def features(text):
    s = np.frombuffer(normalise(text), dtype=np.uint8).astype(np.uint64)
    out = []
    for n in ORDERS:
        if len(s) < n:
            continue
        key = np.zeros(len(s) - n + 1, dtype=np.uint64)
        for i in range(n):
            key = (key << np.uint64(8)) | s[i:len(s) - n + 1 + i]
        key = key + np.uint64(n << 56)
        with np.errstate(over="ignore"):
            out.append(((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - 13)).astype(np.int64))
    return np.concatenate(out) if out else np.zeros(0, dtype=np.int64)


def lines_of(path):
    with open(path, encoding="utf-8", errors="ignore") as file:
        return [line.strip() for line in file if line.strip()]


def page_sentences(folder, code, limit, untranslated=frozenset()):
    names = {"pt": ["pt", "pt-BR"], "nb": ["no", "nb-NO", "nb"], "en": ["en-US", "en"]}.get(code, [code])
    patterns = []
    for name in names:
        patterns += [f"{folder}/libreoffice-help-*/usr/share/libreoffice/help/{name}/**/*.html",
                     f"{folder}/libreoffice-help-*/usr/lib/libreoffice/help/{name}/**/*.html",
                     f"{folder}/installation-guide-amd64/usr/share/doc/*/{name}*/*.html",
                     f"{folder}/debian-handbook/usr/share/doc/debian-handbook/html/{name}*/*.html"]
    if code == "en":
        patterns += [f"{folder}/{p}/usr/share/doc/**/*.html" for p in
                     ("anarchism", "cfi-en", "debian-history", "debian-reference-en", "mh-book")]
    files = sorted({f for p in patterns for f in glob.glob(p, recursive=True)})
    random.Random(1).shuffle(files)
    seen, out = set(), []
    for name in files[:limit]:
        with open(name, encoding="utf-8", errors="ignore") as file:
            page = file.read()
        page = re.sub(r"(?s)<(script|style|pre|code|tt)\b.*?</\1>", " ", page)
        for piece in re.split(r"</?(?:p|h\d|li|td|div|dt|dd|title|br|tr|table|body)\b[^>]*>", page):
            piece = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", piece)).split())
            if 40 <= len(piece) <= 600 and piece not in seen and piece not in untranslated:
                seen.add(piece)
                out.append(piece)
        if len(out) >= limit:
            break
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tatoeba", required=True)
    parser.add_argument("--lingua", required=True)
    parser.add_argument("--pages", required=True)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--test-set", required=True)
    parser.add_argument("--epochs", type=int, default=8)
    arguments = parser.parse_args()
    random.seed(7)
    torch.manual_seed(7)
    torch.set_num_threads(2)

    trained, tests = {}, []
    # Translations leave paragraphs in English: what stands word for word in the original is not text
    # of the language.
    english = frozenset(page_sentences(arguments.pages, "en", 200000))
    for code, (tatoeba, lingua) in {**{k: v for g in GROUPS for k, v in g.items()}, **BY_SCRIPT}.items():
        rows = []
        sources = []
        if tatoeba:
            pair = "cmn-eng.eng" if tatoeba == "eng" else f"{tatoeba}-eng.{tatoeba}"
            sources.append(("tatoeba", f"{arguments.tatoeba}/tatoeba.{pair}"))
        if lingua:
            sources.append(("lingua", f"{arguments.lingua}/{lingua}.txt"))
        for kind, path in sources:
            for line in lines_of(path):
                if held_out(line):
                    tests.append((kind, code, line))
                else:
                    rows.append(line)
        if code not in CODES:
            continue
        weight = 3
        pages = (random.sample(sorted(english), 12000) if code == "en" else
                 page_sentences(arguments.pages, code, 6000, english))
        trained[code] = rows * weight + pages
        print(code, len(rows), len(pages), file=sys.stderr)
    with open(arguments.test_set, "w", encoding="utf-8") as file:
        for kind, code, line in tests:
            file.write(f"{kind}\t{code}\t{line}\n")

    group_of = torch.tensor([i for i, group in enumerate(GROUPS) for _ in group])
    per_language = 5000
    items, labels = [], []
    for label, code in enumerate(CODES):
        rows = trained[code]
        for i in range(per_language):
            line = rows[random.randrange(len(rows))]
            words = line.split()
            if len(words) > 4 and random.random() < 0.5:  # pieces, so that short texts work too
                size = random.randint(3, len(words))
                start = random.randint(0, len(words) - size)
                line = " ".join(words[start:start + size])
            found = features(line)
            if len(found):
                items.append(torch.from_numpy(found))
                labels.append(label)
    labels = torch.tensor(labels)
    print(len(items), "training pieces", file=sys.stderr)

    bag = torch.nn.EmbeddingBag(BUCKETS, len(CODES), mode="mean", sparse=False)
    torch.nn.init.zeros_(bag.weight)
    optimizer = torch.optim.Adam(bag.parameters(), lr=0.2)
    batch, steps = 4096, 0
    total = arguments.epochs * (len(items) // batch + 1)
    for epoch in range(arguments.epochs):
        order = torch.randperm(len(items))
        loss_sum = 0.0
        for begin in range(0, len(items), batch):
            pick = order[begin:begin + batch].tolist()
            flat = torch.cat([items[i] for i in pick])
            offsets = torch.tensor([0] + [len(items[i]) for i in pick[:-1]]).cumsum(0)
            target = labels[pick]
            logits = bag(flat, offsets)
            mask = group_of[target][:, None] != group_of[None, :]  # the script is known
            loss = torch.nn.functional.cross_entropy(logits.masked_fill(mask, -1e9), target)
            loss = loss + 1e-8 * (bag.weight ** 2).sum()
            optimizer.zero_grad()
            loss.backward()
            for g in optimizer.param_groups:
                g["lr"] = 0.2 * (1 - steps / total)
            optimizer.step()
            steps += 1
            loss_sum += loss.item()
        print(f"epoch {epoch} loss {loss_sum / (len(items) // batch + 1):.4f}", file=sys.stderr)

    weights = bag.weight.detach().numpy()
    # Only differences within a script count: centre each group, then 90 levels, one character each.
    for i in range(len(GROUPS)):
        columns = (group_of == i).numpy()
        weights[:, columns] -= weights[:, columns].mean(axis=1, keepdims=True)
    limit = float(np.quantile(np.abs(weights), 0.9995))
    scale = limit / 44
    levels = np.clip(np.rint(weights / scale), -44, 44).astype(np.int64) + 44
    right = {}
    for kind, code, line in tests:
        if code not in CODES:
            continue
        found = features(line)
        logits = (levels[found] - 44).mean(axis=0) * scale if len(found) else np.zeros(len(CODES))
        group = group_of[CODES.index(code)].item()
        logits = np.where((group_of == group).numpy(), logits, -1e9)
        ok = CODES[int(logits.argmax())] == code
        hits = right.setdefault(kind, [0, 0])
        hits[0] += ok
        hits[1] += 1
    print({k: f"{h[0] / h[1]:.4f} of {h[1]}" for k, h in right.items()}, file=sys.stderr)
    with open(arguments.output, "w", encoding="ascii") as file:
        file.write("// Generated by scripts/train_language_model.py; do not edit.\n")
        file.write(f"constexpr float kWeightScale = {scale:.6f}F;\n")
        for name, group in zip(("Latin", "Cyrillic", "Arabic", "Devanagari"), GROUPS):
            codes = sorted(group)
            file.write(f"constexpr std::string_view k{name}Codes[] = {{"
                       + ", ".join(f'"{c}"' for c in codes) + "};\n")
        file.write("// One character per weight, a row of all languages per bucket.\n")
        file.write("constexpr char kWeights[] =\n")
        for row in levels:
            text = "".join(chr(35 + q) if q < 57 else chr(36 + q) for q in row)
            file.write('"' + text.replace("??", '?""?') + '"\n')
        file.write(";\n")


if __name__ == "__main__":
    main()
