#!/usr/bin/env python3
"""Writes pith/text/unicode_tables.cc: classes, scripts and lower case of every code point, Unicode 16.

Needs two packages that the build does not: `pip install unicodedata2==16.0.0 regex`. Categories come
from unicodedata2; scripts from regex, for code points assigned in Unicode 16 (scripts of assigned
code points do not change); simple lower case from Python's own str.lower, where it gives one code
point (Unicode 14 and later added the pairs listed in LATER_PAIRS).

    python3 scripts/generate_unicode_tables.py > pith/text/unicode_tables.cc
"""

import sys

import regex
import unicodedata2 as ucd

assert ucd.unidata_version == "16.0.0", ucd.unidata_version
POINTS = 0x110000
BLOCK = 128
LETTER, NUMBER, MARK, PUNCTUATION, SYMBOL, SPACE, UPPER, IDEOGRAPH = (1 << i for i in range(8))
SCRIPTS = (
    "Common Latin Greek Cyrillic Armenian Hebrew Arabic Devanagari Bengali Gurmukhi Gujarati Tamil Telugu "
    "Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Khmer Mongolian "
    "Hiragana Katakana Bopomofo Han Other"
).split()
WHITE_SPACE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
               0x202F, 0x205F, 0x3000}
# Upper to lower case of Unicode 15 and 16: Garay and Latin additions.
LATER_PAIRS = {0xA7CB: 0x0264, 0xA7CC: 0xA7CD, 0xA7DA: 0xA7DB, 0xA7DC: 0x019B, 0x1C89: 0x1C8A,
               **{0x10D50 + i: 0x10D70 + i for i in range(22)}}


def script_codes():
    codes = bytearray(POINTS)
    surrogates = range(0xD800, 0xE000)
    matchers = {name: regex.compile(rf"\p{{Script={name}}}") for name in SCRIPTS[1:-1]}
    common = regex.compile(r"\p{Script=Common}|\p{Script=Inherited}|\p{Script=Unknown}")
    for point in range(POINTS):
        if point in surrogates or ucd.category(chr(point)) == "Cn":
            continue
        character = chr(point)
        if common.match(character):
            continue
        codes[point] = next(
            (i for i, name in enumerate(SCRIPTS) if name in matchers and matchers[name].match(character)),
            len(SCRIPTS) - 1)
    return codes


def class_codes(scripts):
    codes = bytearray(POINTS)
    ideographic = {SCRIPTS.index(name) for name in ("Han", "Hiragana", "Katakana")}
    for point in range(POINTS):
        category = ucd.category(chr(point))
        code = {"L": LETTER, "N": NUMBER, "M": MARK, "P": PUNCTUATION, "S": SYMBOL}.get(category[0], 0)
        if category in ("Lu", "Lt"):
            code |= UPPER
        if point in WHITE_SPACE:
            code |= SPACE
        # The prolonged sound marks are letters of Common script that belong to kana.
        if category[0] == "L" and (scripts[point] in ideographic or point in (0x30FC, 0xFF70, 0x3006)):
            code |= IDEOGRAPH
        codes[point] = code
    return codes


def lower_pairs():
    pairs = dict(LATER_PAIRS)
    for point in range(POINTS):
        lower = chr(point).lower()
        if point == 0x130:
            lower = "i"  # simple mapping of I with dot above
        if len(lower) == 1 and ord(lower) != point:
            pairs[point] = ord(lower)
    return sorted(pairs.items())


def two_stage(codes):
    blocks, numbers, index = [], {}, []
    for start in range(0, POINTS, BLOCK):
        block = bytes(codes[start:start + BLOCK])
        if block not in numbers:
            numbers[block] = len(blocks)
            blocks.append(block)
        index.append(numbers[block])
    return index, b"".join(blocks)


def rows(values, per_row=24):
    values = list(values)
    return ",\n    ".join(",".join(str(v) for v in values[i:i + per_row])
                          for i in range(0, len(values), per_row))


def main():
    out = sys.stdout
    scripts = script_codes()
    out.write("// Written by scripts/generate_unicode_tables.py from Unicode 16; do not edit.\n"
              "// clang-format off\n"
              '#include "pith/text/unicode.h"\n#include "pith/text/unicode_lower.h"\n\n'
              "namespace pith::unicode_tables {\n\n")
    for name, codes in (("Class", class_codes(scripts)), ("Script", scripts)):
        index, blocks = two_stage(codes)
        plural = {"Class": "Classes", "Script": "Scripts"}[name]
        out.write(f"const std::array<std::uint16_t, {len(index)}> k{name}BlockOf = {{\n    {rows(index)}}};\n\n"
                  f"const std::uint8_t k{plural}[] = {{\n    {rows(blocks)}}};\n\n")
    pairs = lower_pairs()
    out.write(f"const std::size_t kLowerCount = {len(pairs)};\nconst LowerPair kLower[] = {{\n    "
              + rows((f"{{{a},{b}}}" for a, b in pairs), 8) + "};\n\n")
    out.write("}  // namespace pith::unicode_tables\n")


if __name__ == "__main__":
    main()
