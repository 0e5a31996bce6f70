#!/usr/bin/env python3
"""Collects the text that scripts/train_language_model.py learns languages from, one file a locale.

  language_text.py --packages ROOT -o DIR

ROOT holds the files of Debian packages (dpkg -x PACKAGE.deb ROOT), all in Debian main, each under its own free
licence: mediawiki (GPL-2+), libreoffice-l10n-* and libreoffice-help-* (MPL-2.0), firefox-esr-l10n-* (MPL-2.0),
vlc-l10n and wordpress-l10n (GPL-2+), gnome-user-docs (CC BY 3.0 and CC BY-SA 3.0), gimp-help-* (GFDL),
manpages-* and fortunes-* (various free), hunspell-* and myspell-* (words; GPL, LGPL, MPL). Nothing of them but weights
goes into pith.

DIR/LOCALE.txt has lines of source, tab, text. What stands word for word in the English original, or reads
like English, is left out of other locales.
"""
import argparse
import collections
import glob
import gzip
import html
import json
import os
import re
import struct
import sys
import zipfile

ENGLISH = frozenset("the and of is with this that are from you for your not be to in will can".split())


def clean(text):
    """One line of words: no markup, no placeholders, no accelerators."""
    text = html.unescape(text)
    text = re.sub(r"<[^>]*>", " ", text)
    text = re.sub(r"\{\{[^{}|]*\|", " ", text)
    text = re.sub(r"\[\[[^\[\]|]*\|", " ", text)
    text = re.sub(r"\{[^{}]*\}|\$\d|%\(?\w*\)?[sdi%]|&\w+;|\\[nt]|https?://\S+|[\w.-]+@[\w.-]+", " ", text)
    text = re.sub(r"[\[\]{}|_~&*=]", "", text)
    return " ".join(text.split())


def reads_like_english(text):
    words = re.findall(r"[a-z]+", text.lower())
    return len(words) >= 3 and sum(word in ENGLISH for word in words) * 5 >= len(words)


def mo_strings(path):
    """Pairs of original and translation in a .mo file, single strings and plural forms."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack(order + "III", data[8:20])
    for i in range(count):
        size, at = struct.unpack_from(order + "II", data, originals + 8 * i)
        original = data[at:at + size].split(b"\x04")[-1].split(b"\x00")[0]
        size, at = struct.unpack_from(order + "II", data, translations + 8 * i)
        for form in data[at:at + size].split(b"\x00"):
            if original and form:
                yield original.decode("utf-8", "ignore"), form.decode("utf-8", "ignore")


def page_pieces(page):
    page = re.sub(r"(?s)<(script|style|pre|code|tt|screen|cmd|file|gui|input)\b[^>]*>.*?</\1>", " ", page)
    for piece in re.split(r"</?(?:p|h\d|li|td|div|dt|dd|title|desc|item|br|tr|table|body|note|section|page)\b[^>]*>", page):
        yield clean(piece)


def man_pieces(path):
    with gzip.open(path, "rt", encoding="utf-8", errors="ignore") as file:
        paragraph = []
        for line in file:
            if line.startswith((".", "'")) or not line.strip():
                if paragraph:
                    yield clean(" ".join(paragraph))
                paragraph = []
            else:
                paragraph.append(re.sub(r"\\f.|\\[&%:/,|^-]|\\\(\w\w|\\\*\S", "", line.strip()))


def pieces(root):
    """(locale, source, text) of everything; English as "en"."""
    for path in glob.glob(f"{root}/usr/share/mediawiki/**/i18n/**/*.json", recursive=True):
        locale = os.path.basename(path)[:-5]
        if locale == "qqq":
            continue
        with open(path, encoding="utf-8", errors="ignore") as file:
            try:
                messages = json.load(file)
            except ValueError:
                continue
        for key, text in messages.items():
            if key != "@metadata" and isinstance(text, str):
                for line in text.split("\n"):
                    yield locale, "mediawiki", clean(line)
    for pattern, source, at in (("usr/lib/libreoffice/program/resource/*/LC_MESSAGES/*.mo", "libreoffice", -3),
                                ("usr/share/locale/*/LC_MESSAGES/*.mo", "vlc", -3),
                                ("usr/share/wordpress/wp-content/languages/*.mo", "wordpress", None)):
        for path in glob.glob(f"{root}/{pattern}"):
            locale = path.split("/")[at] if at else re.sub(r"^(admin-network-|admin-|continents-cities-)", "",
                                                           os.path.basename(path)[:-3])
            for original, text in mo_strings(path):
                yield "en", source, clean(original.replace("~", ""))
                for line in text.split("\n"):
                    yield locale, source, clean(re.sub(r"\(?~(\w\))?", "", line))
    for path in glob.glob(f"{root}/usr/lib/firefox-esr/browser/extensions/langpack-*.xpi"):
        locale = re.search(r"langpack-([^@]+)@", path).group(1)
        locale = "en" if locale.startswith("en-") else locale
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".ftl", ".properties")):
                    for line in archive.read(name).decode("utf-8", "ignore").split("\n"):
                        if not line.startswith("#"):
                            yield locale, "firefox", clean(re.sub(r"^\s*[\w.-]+\s*=", "", line))
    for path in glob.glob(f"{root}/usr/share/libreoffice/help/*/text/**/*.html", recursive=True):
        locale = path.split("/libreoffice/help/")[1].split("/")[0]
        with open(path, encoding="utf-8", errors="ignore") as file:
            for piece in page_pieces(file.read()):
                yield locale, "help", piece
    for pattern, at in (("usr/share/help/*/gnome-help/*.page", -3), ("usr/share/gimp/2.0/help/*/*.html", -2)):
        for path in glob.glob(f"{root}/{pattern}"):
            locale = path.split("/")[at]
            with open(path, encoding="utf-8", errors="ignore") as file:
                for piece in page_pieces(file.read()):
                    yield "en" if locale == "C" else locale, "help", piece
    for path in glob.glob(f"{root}/usr/share/man/*/man*/*.gz"):
        for piece in man_pieces(path):
            if len(piece) >= 40:
                yield path.split("/")[-3], "man", piece
    for path in glob.glob(f"{root}/usr/share/man/man*/*.gz"):
        for piece in man_pieces(path):
            if len(piece) >= 40:
                yield "en", "man", piece
    for path in glob.glob(f"{root}/usr/share/games/fortunes/*/*"):
        if not path.endswith((".dat", ".u8")) and os.path.isfile(path):
            with open(path, encoding="utf-8", errors="ignore") as file:
                for piece in file.read().split("\n%\n"):
                    yield path.split("/")[-2], "fortunes", clean(piece)[:600]
    for path in glob.glob(f"{root}/usr/share/hunspell/*.dic") + glob.glob(f"{root}/usr/share/myspell/dicts/*.dic"):
        if os.path.basename(path).startswith(("hyph", "th_")) or os.path.islink(path):
            continue
        encoding = "utf-8"
        if os.path.exists(path[:-4] + ".aff"):
            with open(path[:-4] + ".aff", "rb") as file:
                found = re.search(rb"(?m)^SET\s+(\S+)", file.read())
            encoding = found.group(1).decode() if found else "iso-8859-1"
        locale = re.split(r"[_-]", os.path.basename(path)[:-4])[0]
        try:
            with open(path, encoding=encoding.replace("microsoft-", ""), errors="ignore") as file:
                words = [line.split("/")[0].split("\t")[0].strip() for line in file][1:]
        except LookupError:
            continue
        words = [word for word in words if word.isalpha() and len(word) > 2]
        step = max(1, len(words) // 12000)
        for word in words[::step]:
            yield locale, "word", word


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", required=True)
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    found = collections.defaultdict(dict)  # locale: text: source, in order
    for locale, source, text in pieces(arguments.packages):
        if 3 <= len(text) <= 800 and sum(c.isalpha() for c in text) * 2 >= len(text):
            found[locale].setdefault(text, source)
    english = found["en"]
    os.makedirs(arguments.output, exist_ok=True)
    for locale, texts in sorted(found.items()):
        is_english = re.split(r"[-_@]", locale)[0] == "en"
        kept = [(source, text) for text, source in texts.items()
                if is_english or source == "word" or (text not in english and not reads_like_english(text))]
        with open(f"{arguments.output}/{locale}.txt", "w", encoding="utf-8") as file:
            file.writelines(f"{source}\t{text}\n" for source, text in kept)
    print(f"{len(found)} locales", file=sys.stderr)


if __name__ == "__main__":
    main()
