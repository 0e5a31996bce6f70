#!/usr/bin/env python3
"""Encoding and learning: pith beside tiktoken and tokenizers on the same text, in one interleaved run.

    bench/tokenizer.py [--program build/release/pith] [--megabytes 8] [--rounds 5] [--threads 1]

Encoding is on one thread, all three with the vocabulary that pith learned; their ids must be equal on every
document, else there is no number. pith's time is that of a new process that has seen no text before, the others'
that of the call; the first call of each is not counted. Learning is on --threads threads on both sides; the
vocabularies must be equal. pith's time is the whole verb's, reading included; the other's starts with the text in
memory. Needs PITH_DATA (clean/) and scripts/setup bench.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from common import ROOT, data, machine, row

SETS = {"English": ["clean/en_textbooks.jsonl.zst", "clean/en_gov_web.jsonl.zst"],
        "Chinese": ["clean/zh_tech_articles.jsonl.zst", "clean/zh_textbooks.jsonl.zst"]}


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/pith")
    parser.add_argument("--megabytes", type=float, default=8, help="of text in each language")
    parser.add_argument("--vocab", type=int, default=16384)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--learn-rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="for learning")
    parser.add_argument("--only", choices=["encode", "learn"])
    return parser.parse_args()


OPTIONS = options()
os.environ["RAYON_NUM_THREADS"] = str(OPTIONS.threads)  # before tokenizers starts its threads
os.environ["TOKENIZERS_PARALLELISM"] = "true" if OPTIONS.threads > 1 else "false"

import tiktoken  # noqa: E402
import tokenizers  # noqa: E402
import zstandard  # noqa: E402
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers  # noqa: E402


def documents(files, size, split):
    """Documents in the order of the files, in equal shares, up to `size` bytes; none with a pre-token of more than 256
    bytes, which pith does not learn from."""
    texts = []
    for name in files:
        left = size / len(files)
        with open(data(name), "rb") as file:
            for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file)):
                text = json.loads(line)["text"]
                if text and max(len(piece) for piece, _ in split.pre_tokenize_str(text)) <= 256:
                    texts.append(text)
                    left -= len(text.encode())
                if left <= 0:
                    break
    return texts


def write_jsonl(path, texts):
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def pith(*words):
    done = subprocess.run([str(OPTIONS.program), *map(str, words), "--json"], capture_output=True, check=True)
    return done.stdout.splitlines()


def timed(call):
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def report(title, size, seconds, threads):
    """seconds is {side: list}; the first side is pith."""
    rates = {side: [size / s / 1e6 for s in values] for side, values in seconds.items()}
    ours = statistics.median(rates["pith"])
    print(f"\n{title}, {threads} thread{'s' * (threads > 1)}\n{'MB/s':<22}{'min':>9}{'median':>9}{'max':>9}   pith is, by medians")
    for side, values in rates.items():
        ratio = "" if side == "pith" else f"{ours / statistics.median(values):>8.2f} times as fast"
        print(f"{side:<22}{min(values):>9.2f}{statistics.median(values):>9.2f}{max(values):>9.2f}{ratio}", flush=True)
    row(title.split(":")[0], "MB/s", threads, ours, {side: statistics.median(v) for side, v in rates.items() if side != "pith"})


def bench_encode(language, texts, tokenizer_file, folder):
    theirs = Tokenizer.from_file(str(tokenizer_file))
    description = json.loads(tokenizer_file.read_text())
    letters = {letter: byte for byte, letter in byte_letters().items()}
    ranks = {bytes(letters[letter] for letter in token): id for token, id in description["model"]["vocab"].items()
             if id >= len(description["added_tokens"])}
    pattern = description["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
    tik = tiktoken.Encoding("pith", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    file = write_jsonl(folder / "encode.jsonl", texts)
    sides = {
        "pith": lambda: pith("encode", file, "--documents", "--tokenizer", tokenizer_file, "--threads", 1),
        f"tiktoken {tiktoken.__version__}": lambda: [tik.encode_ordinary(text) for text in texts],
        f"tokenizers {tokenizers.__version__}": lambda: [theirs.encode_batch_fast([text], add_special_tokens=False)[0] for text in texts],
    }
    ids = {}
    for side, call in sides.items():
        result = call()
        ids[side] = [json.loads(line)["ids"] for line in result[:-1]] if side == "pith" else [
            one if isinstance(one, list) else one.ids for one in result]
    for side in sides:
        if ids[side] != ids["pith"]:
            wrong = sum(a != b for a, b in zip(ids[side], ids["pith"], strict=True))
            raise SystemExit(f"{language}: {side} and pith give other ids for {wrong} of {len(texts)} documents")
    size, tokens = sum(len(text.encode()) for text in texts), sum(map(len, ids["pith"]))
    seconds = {side: [] for side in sides}
    for _ in range(OPTIONS.rounds):
        for side, call in sides.items():
            wall, result = timed(call)
            seconds[side].append(json.loads(result[-1])["seconds"] if side == "pith" else wall)
    report(f"encoding {language}: {size / 1e6:.1f} MB, {tokens:,} tokens, equal on all {len(texts):,} documents", size, seconds, 1)


def byte_letters():
    """The alphabet of byte-level BPE."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(others)}


def bench_learn(language, texts, split, folder):
    file, out = write_jsonl(folder / "learn.jsonl", texts), folder / "learned.json"

    def ours():
        return json.loads(pith("tokenizer", file, "-o", out, "--vocab", OPTIONS.vocab, "--threads", OPTIONS.threads)[-1])["seconds"]

    def theirs():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = split
        trainer = trainers.BpeTrainer(vocab_size=OPTIONS.vocab, min_frequency=2, special_tokens=specials, show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
        wall, _ = timed(lambda: tokenizer.train_from_iterator(texts, trainer))
        return wall, json.loads(tokenizer.to_str())["model"]

    ours()
    description = json.loads(out.read_text())
    specials = [token["content"] for token in description["added_tokens"]]
    seconds = {"pith": [], f"tokenizers {tokenizers.__version__}": []}
    for _ in range(OPTIONS.learn_rounds):
        seconds["pith"].append(ours())
        wall, model = theirs()
        seconds[f"tokenizers {tokenizers.__version__}"].append(wall)
        if model["vocab"] != description["model"]["vocab"] or model["merges"] != description["model"]["merges"]:
            raise SystemExit(f"learning {language}: the vocabularies differ; their speed means nothing")
    size = sum(len(text.encode()) for text in texts)
    report(f"learning {language}: {size / 1e6:.1f} MB, equal vocabularies of {OPTIONS.vocab:,}", size, seconds, OPTIONS.threads)


def main():
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"),
                                     pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    texts = {language: documents(files, OPTIONS.megabytes * 1e6, split) for language, files in SETS.items()}
    print(f"{machine()}; tiktoken {tiktoken.__version__}, tokenizers {tokenizers.__version__}; {OPTIONS.rounds} rounds of encoding, "
          f"{OPTIONS.learn_rounds} of learning")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if OPTIONS.only != "learn":
            both = write_jsonl(folder / "both.jsonl", [text for part in texts.values() for text in part])
            pith("tokenizer", both, "-o", folder / "tokenizer.json", "--vocab", OPTIONS.vocab)
            for language, part in texts.items():
                bench_encode(language, part, folder / "tokenizer.json", folder)
        if OPTIONS.only != "encode":
            for language, part in texts.items():
                bench_learn(language, part, split, folder)


if __name__ == "__main__":
    main()
