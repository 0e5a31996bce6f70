"""What the filters measure on an English text, said slowly. Reads the text from stdin, prints every rule.

The rules as pith runs them are pith/curate/clean/gopher_quality.cc, gopher_repetition.cc and fineweb.cc; code fences are
left out here.
"""

import re
import sys
from collections import Counter

text = sys.stdin.read().strip()
words = re.findall(r"\w+(?:['’]\w+)*", text)
tokens = len(words) + sum(not re.search(r"\w", piece) for piece in text.split())  # "-" is a token and no word
lines = [line.strip() for line in text.split("\n") if line.strip()]
paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text)]


def share(things, whole):
    return sum(map(bool, things)) / whole if whole else 0


def seen_before(things):
    return [thing for i, thing in enumerate(things) if thing in things[:i]]


def in_text(pieces):
    return sum(map(len, pieces)) / len(text) if text else 0


def top_gram(n):
    """The most frequent n words in a row, times how often they come, of all characters."""
    grams = Counter(" ".join(words[i:i + n]) for i in range(len(words) - n + 1))
    gram, count = grams.most_common(1)[0] if grams else ("", 0)
    return in_text([gram] * count)


def duplicate_gram(n):
    """Characters in n words in a row that came before; behind such a run, reading goes on."""
    seen, repeated, i = set(), [], 0
    while i + n <= len(words):
        gram = tuple(words[i:i + n])
        repeated += gram if gram in seen else ()
        i += n if gram in seen else 1
        seen.add(gram)
    return in_text(repeated)


def rule(name, value, sign, bound):
    broken = value < bound if sign == ">=" else value > bound
    print(f"{name:48} {value:8.3f} {sign} {bound:<7g}{'broken' if broken else ''}".rstrip())


long_lines = [line for line in lines if len(line) >= 12]
rule("gopher_quality.min_words", len(words), ">=", 50)
rule("gopher_quality.max_words", len(words), "<=", 100000)
for sign, bound in ((">=", 3), ("<=", 10)):
    rule("gopher_quality.mean_word_length", sum(map(len, words)) / max(1, len(words)), sign, bound)
rule("gopher_quality.hash_ratio", text.count("#") / max(1, tokens), "<=", 0.1)
rule("gopher_quality.ellipsis_ratio", len(re.findall(r"\.\.\.|…", text)) / max(1, tokens), "<=", 0.1)
rule("gopher_quality.bullet_lines", share((line[0] in "-•·●○■□※◆▪‣＊" for line in lines), len(lines)), "<=", 0.9)
rule("gopher_quality.ellipsis_lines", share((line.endswith(("...", "…")) for line in lines), len(lines)), "<=", 0.3)
rule("gopher_quality.letter_words", share((re.search(r"[^\W\d]", word) for word in words), tokens), ">=", 0.8)
rule("gopher_quality.stop_words", len(set(words) & set("the be to of and that have with".split())), ">=", 2)
rule("gopher_repetition.duplicate_paragraphs", len(seen_before(paragraphs)) / max(1, len(paragraphs)), "<=", 0.3)
rule("gopher_repetition.duplicate_paragraph_characters", in_text(seen_before(paragraphs)), "<=", 0.2)
rule("gopher_repetition.duplicate_lines", len(seen_before(long_lines)) / max(1, len(long_lines)), "<=", 0.3)
rule("gopher_repetition.duplicate_line_characters", in_text(seen_before(long_lines)), "<=", 0.2)
for n, bound in zip((2, 3, 4), (0.20, 0.18, 0.16)):
    rule(f"gopher_repetition.top_{n}_gram", top_gram(n), "<=", bound)
for n, bound in zip((5, 6, 7, 8, 9, 10), (0.15, 0.14, 0.13, 0.12, 0.11, 0.10)):
    rule(f"gopher_repetition.duplicate_{n}_gram", duplicate_gram(n), "<=", bound)
rule("fineweb.terminal_lines", share((line[-1] in ".?!\"'…”’;»" for line in lines), len(lines)), ">=", 0.12)
rule("fineweb.short_lines", share((len(line) <= 30 for line in lines), len(lines)), "<=", 0.67)
rule("fineweb.duplicate_line_characters", in_text(seen_before(long_lines)), "<=", 0.1)
rule("fineweb.newlines_per_word", (len(lines) - 1) / max(1, len(words)), "<=", 0.3)
