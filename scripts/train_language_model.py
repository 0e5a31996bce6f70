#!/usr/bin/env python3
"""Gathers examples of all languages for scripts/train_language_model.cc, which learns the model of
pith/curate/classify/language.cc from them.

  train_language_model.py --tatoeba DIR --lingua DIR --text DIR --english DIR --code DIR
                          --test-set TSV --examples TSV --classes TSV

Text: --text is what language_text.py collects of Debian's packages; Tatoeba sentences (CC BY 2.0 FR); Lingua's
sentences (Apache-2.0); --english unpacked Debian documentation in English (anarchism, cfi-en, dict-jargon,
git-annex, sqlite3-doc and others); --code sources, of which the class "zxx" is learned: no language. Sentences of
Tatoeba and Lingua whose SHA-1 starts below 0x33 (a fifth) are never trained on; they are written to --test-set.
"""
import argparse
import base64
import collections
import glob
import hashlib
import os
import random
import re
import sys

from language_text import page_pieces

EXAMPLES = 5000  # of a class
LONGEST = 300    # code points of an example
MORE = {"en": 3, "zxx": 2}  # times as many
NATURAL = {"tatoeba": 6, "lingua": 6, "fortunes": 3, "word": 0.15}  # sources of whole sentences weigh more

# Classes of each script: code, then Tatoeba's name, then other names of its locales; "-": none.
LATIN = """af:afr an:- ast:ast az:aze br:bre bs:bos ca:cat ceb:ceb co:- cs:ces cy:cym da:dan de:deu dsb:dsb en:eng eo:epo
es:spa et:est eu:eus fi:fin fo:fao fr:fra fur:- fy:fry ga:gle gd:gla gl:glg gn:-:gug ha:- hr:hrv hsb:hsb ht:- hu:hun
ia:ina id:ind ie:ile ig:- ilo:- io:ido is:isl it:ita jv:jav kab:kab ku:kur:kmr:ku-latn kw:cor la:lat lb:- lfn:lfn lg:- li:- lij:-
lmo:- ln:- lt:lit lv:lvs mg:- mi:- ms:zsm mt:- nb:nob:nb-no:no nds:nds nl:nld nn:nno nso:- ny:- oc:oci om:- pam:pam pap:- pl:pol pms:pms
pt:por qu:- rm:- ro:ron rw:- sc:- scn:- se:- sk:slk sl:slv sn:- so:- sq:sqi sr:-:sr-el:sr@latin:sr-latn ss:- st:-
su:- sv:swe sw:swh szl:- tk:tuk tl:tgl:fil tn:- tr:tur ts:- uz:uzb:uz@latn ve:- vec:- vi:vie vo:- wa:- war:war wo:- xh:xho yo:- zu:-
zxx:-"""
CYRILLIC = """ba:- be:bel bg:bul ce:- cv:- kk:kaz:kk-cyrl ky:- mhr:mhr mk:mkd mn:mon os:- ru:rus sah:- sr:srp:sr-ec tg:-:tg-cyrl tt:tat:tt-cyrl
udm:- uk:ukr"""
ARABIC = "ar:ara azb:- ckb:- fa:pes ks:-:ks-arab pnb:- ps:- sd:- skr:-:skr-arab ug:uig:ug-arab ur:urd"
DEVANAGARI = "awa:awa bho:- hi:hin mai:- mr:mar ne:- sa:-"
HEBREW = "he:heb yi:yid"
BENGALI = "as:- bn:ben"
ETHIOPIC = "am:amh ti:-"
SCRIPTS = {"Latin": LATIN, "Cyrillic": CYRILLIC, "Arabic": ARABIC, "Devanagari": DEVANAGARI, "Hebrew": HEBREW,
           "Bengali": BENGALI, "Ethiopic": ETHIOPIC}
LETTERS = {script: re.compile(f"[{ranges}]") for script, ranges in {
    "Latin": "A-Za-z\u00aa-\u024f\u0250-\u02af\u1e00-\u1eff", "Cyrillic": "\u0400-\u052f",
    "Arabic": "\u0620-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff", "Devanagari": "\u0900-\u097f",
    "Hebrew": "\u05d0-\u05ff", "Bengali": "\u0980-\u09ff", "Ethiopic": "\u1200-\u139f"}.items()}
# What the script alone decides; tested, not trained.
BY_SCRIPT = {"el": "ell", "hy": "hye", "ja": "jpn", "ka": "kat", "ko": "kor", "th": "tha", "zh": "cmn", "ta": "tam",
             "te": "tel", "gu": None, "pa": None, "km": "khm", "ml": "mal"}


def classes():
    """(script, code, Tatoeba's name, names of locales) of every class, by script, then by code."""
    found = []
    for script, text in SCRIPTS.items():
        for entry in sorted(text.split()):
            code, tatoeba, *others = entry.split(":")
            # A language in two scripts: plain locales are its main one's.
            locales = others if script == "Latin" and code == "sr" else [code] + others
            found.append((script, code, None if tatoeba == "-" else tatoeba, set(locales)))
    return found


def held_out(line):
    return hashlib.sha1(line.encode()).digest()[0] < 0x33


def lines_of(path):
    with open(path, encoding="utf-8", errors="ignore") as file:
        return [line.strip() for line in file if line.strip()]


def in_script(text, script):
    """Whether most letters are of the script, and enough of them."""
    letters = sum(c.isalpha() for c in text[:200])
    wanted = len(LETTERS[script].findall(text[:200]))
    return wanted >= 3 and wanted * 4 >= letters * 3


def code_lines(folder):
    """Pieces of program text, and what is no text at all."""
    out = []
    for path in sorted(glob.glob(f"{folder}/**/*", recursive=True)):
        if not path.endswith((".h", ".hpp", ".py", ".js", ".css", ".cmake", ".pl", ".pm")) or not os.path.isfile(path):
            continue
        text = open(path, encoding="utf-8", errors="ignore").read(60000)
        text = re.sub(r'(?s)/\*.*?\*/|""".*?"""|//[^\n]*|(?m:^\s*#\s[^\n]*)', " ", text)
        lines = [line.strip() for line in text.split("\n") if len(line.strip()) > 8]
        random.shuffle(lines)
        out += [" ".join(lines[i:i + 3])[:LONGEST] for i in range(0, min(len(lines), 18), 3)]
    for _ in range(len(out) // 6):
        size = random.randint(6, 60)
        raw = random.randbytes(size)
        out.append(random.choice([
            raw.hex(), base64.b64encode(raw).decode(), raw.hex().upper(),
            " ".join("".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=random.randint(1, 4)))
                     + str(random.randint(1, 9999)) for _ in range(size // 4 + 1)),
            " ".join(random.choice(["mm", "kg", "GB", "V", "x", "pcs", "GHz", "USD", "EUR", "cm", "No", "ID"])
                     + " " + str(random.randint(1, 999)) for _ in range(size // 4 + 1))]))
    random.shuffle(out)
    return out[:60000]


def english_pieces(folder):
    out = set()
    for path in sorted(glob.glob(f"{folder}/**/*.html", recursive=True)):
        with open(path, encoding="utf-8", errors="ignore") as file:
            out.update(piece[:600] for piece in page_pieces(file.read()) if len(piece) >= 30)
    return sorted(out)


def collect(arguments):
    """Per class a dictionary of source: texts, and the test sentences."""
    locales = collections.defaultdict(list)
    for path in glob.glob(f"{arguments.text}/*.txt"):
        name = os.path.basename(path)[:-4].lower().replace("_", "-")
        locales[name].append(path)
    trained, tests = [], []
    for script, code, tatoeba, names in classes() + [(None, c, t, set()) for c, t in BY_SCRIPT.items()]:
        sources = collections.defaultdict(list)
        for kind, path in (("tatoeba", f"{arguments.tatoeba}/tatoeba.{tatoeba}-eng.{tatoeba}"),
                           ("tatoeba", f"{arguments.tatoeba}/tatoeba.cmn-eng.eng" if code == "en" else ""),
                           ("lingua", f"{arguments.lingua}/{code}.txt")):
            for line in lines_of(path) if os.path.exists(path) else []:
                if script and not in_script(line, script):
                    continue
                if held_out(line):
                    tests.append((kind, code, line))
                else:
                    sources[kind].append(line)
        if script is None:
            continue
        for locale, paths in locales.items():
            # "pt" takes pt-br and pt-pt too; of two scripts in one locale, in_script() takes its own.
            if locale not in names and re.split("[-@]", locale)[0] not in names:
                continue
            for path in paths:
                for line in lines_of(path):
                    source, _, text = line.partition("\t")
                    if in_script(text, script):
                        sources[source].append(text)
        if code == "en":
            sources["documentation"] = english_pieces(arguments.english)
        if code == "zxx":
            sources["code"] = code_lines(arguments.code)
        for texts in sources.values():
            random.shuffle(texts)
        trained.append(sources)
        print(script, code, {k: (len(v), sum(map(len, v)) // 1000) for k, v in sources.items()}, file=sys.stderr)
    return trained, tests


def example(texts):
    """One text, or a part of it, or several: short and long alike."""
    text = random.choice(texts)
    way = random.random()
    if way < 0.4:
        words = text.split()
        if len(words) > 3:
            size = random.randint(2, min(len(words), 12))
            start = random.randint(0, len(words) - size)
            text = " ".join(words[start:start + size])
    elif way < 0.7:
        while len(text) < LONGEST and random.random() < 0.8:
            text += " " + random.choice(texts)
    return text[:LONGEST]


def sample(sources, count):
    """Examples, evenly from the sources, each text a few times at most, words together."""
    weights = {name: min(sum(map(len, texts)), 500_000) ** 0.6 * NATURAL.get(name, 1)
               for name, texts in sources.items()}
    names = list(weights)
    out = []
    for name in random.choices(names, [weights[n] for n in names], k=count):
        texts = sources[name]
        if name == "word":
            out.append(" ".join(random.choice(texts) for _ in range(random.randint(1, 12))))
        else:
            out.append(example(texts))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tatoeba", "lingua", "text", "english", "code", "test-set", "examples", "classes"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--of-a-class", type=int, default=EXAMPLES)
    arguments = parser.parse_args()
    random.seed(7)
    trained, tests = collect(arguments)
    with open(arguments.test_set, "w", encoding="utf-8") as file:
        file.writelines(f"{kind}\t{code}\t{line}\n" for kind, code, line in tests)
    with open(arguments.classes, "w", encoding="utf-8") as file:
        file.writelines(f"{script}\t{code}\n" for script, code, _, _ in classes())
    with open(arguments.examples, "w", encoding="utf-8") as file:
        for label, (sources, (_, code, _, _)) in enumerate(zip(trained, classes())):
            for text in sample(sources, arguments.of_a_class * MORE.get(code, 1)):
                file.write(f"{label}\t{text}\n")


if __name__ == "__main__":
    main()
