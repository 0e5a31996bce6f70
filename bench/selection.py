#!/usr/bin/env python3
"""Which way of selecting documents trains the best model: the tables in docs/selection.md.

    bench/selection.py POOL... -o OUT [--clean 10M] [--ways random classifier ...] [--keep 4M] [--tokens 1200k] [--seeds 2]
    bench/selection.py POOL... -o OUT --held ...      # the same on the half of the target that was not looked at before

POOL are folders of raw pages. Of the clean sets (JSONL, in PITH_DATA or ../shared/data), by the hash of each text, an
eighth is held out as target (one half of it for development, one held out from that too), 300 documents become the
examples of --like, and of the rest --clean bytes go into the pool. The pool is curated once; then every way selects --keep
bytes of what is left, the same small model is trained on them (the same tokenizer, tokens, seeds, order of shared documents), and
the target says how well it predicts. What was selected, trained and measured stays in OUT and is not done again.

Besides, an n-gram model of all that a way keeps (five tokens, absolute discounting) is judged in the same way: it has no seed and no
order, so that it tells ways apart where small trainings differ by their seeds. --judge counts takes it alone; --draws N repeats selection and judgement
with other examples.

A way is a method of [selection] with what else it sets, as in classifier+languages or dsir+noise1+20M (keep other bytes);
random is a sample without examples.
"""

import argparse
import concurrent.futures
import hashlib
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
from pathlib import Path

import numpy
import zstandard

from common import ROOT, data, machine

PROGRAM = Path(os.environ.get("PITH", ROOT / "build/release/pith"))
SMALL = "[model]\nhidden_size = 64\nlayers = 2\n"
PLAIN = "[topics]\nenabled = false\n[classify]\nformat = false\nreading_level = false\nlanguages = false\n"
AGAIN = PLAIN + "[near_duplicates]\nenabled = false\n[privacy]\nemail = false\nphone = false\nid_number = false\ncard = false\nsecret = false\n"
DRAWS = 4  # of examples that there are at most
SETS = ["en_textbooks", "en_gov_web", "zh_textbooks"]


def size(text):
    return int(float(text[:-1]) * (1 << 20)) if text[-1] in "Mm" else int(text)


def pith(*words):
    """Runs the program; its --json result and the CPU seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(PROGRAM), *map(str, words), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"pith {' '.join(map(str, words))}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout.splitlines()[-1]), seconds


def texts(path):
    with open(path, "rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True), encoding="utf-8"):
            yield json.loads(line)


def write_lines(path, documents):
    with open(path, "w", encoding="utf-8") as file:
        for url, text in documents:
            file.write(json.dumps({"text": text, "url": url}, ensure_ascii=False) + "\n")


def split(out, clean, target, left_out):
    """Target of each set and half, examples and what goes into the pool; all chosen by hash."""
    rest = []
    for name in SETS:
        halves = {"dev": [], "held": []}
        for document in texts(data(f"clean/{name}.jsonl.zst")):
            text = document["text"]
            digest = hashlib.sha256(text.encode()).digest()
            entry = (digest, f"https://{name}.invalid/{digest.hex()[:12]}", text)
            half = {0: "dev", 1: "held"}.get(digest[0] % 16)
            (halves[half] if half else rest).append(entry)
        for half, entries in halves.items():
            kept, bytes_kept = [], 0
            for _, url, text in sorted(entries):
                if len(text.encode()) > target / 8 or bytes_kept + len(text.encode()) > target:
                    continue
                kept.append((url, text))
                bytes_kept += len(text.encode())
            write_lines(out / f"{name}.{half}.jsonl", kept)
    rest.sort()
    for draw in range(DRAWS):
        write_lines(out / f"like{draw}.jsonl", [(url, text) for _, url, text in rest[300 * draw : 300 * (draw + 1)] if left_out not in url])
    pool, bytes_kept = [], 0
    for _, url, text in rest[300 * DRAWS :]:
        if bytes_kept + len(text.encode()) > clean:
            break
        pool.append((url, text))
        bytes_kept += len(text.encode())
    write_lines(out / "pool.jsonl", pool)


def bytes_of(path):
    return sum(len(json.loads(line)["text"].encode()) for line in open(path, encoding="utf-8"))


class Counts:
    """An interpolated n-gram model with absolute discounting (Ney, Essen and Kneser 1994) over tokens."""

    ORDER, DISCOUNT, VOCAB = 5, 0.8, 4096

    def __init__(self, ids):
        self.levels = []
        keys = numpy.zeros(len(ids), dtype=numpy.uint64)  # of the n-gram that ends here
        for n in range(self.ORDER):
            contexts, keys = self.extend(ids, keys, n)
            grams, where, counts = numpy.unique(keys, return_index=True, return_counts=True)
            context_keys, context_counts = numpy.unique(contexts[n:], return_counts=True)
            _, distinct = numpy.unique(contexts[where], return_counts=True)
            self.levels.append((grams, counts, context_keys, context_counts, distinct))

    @staticmethod
    def extend(ids, keys, n):
        """Keys of the n tokens before each, and of the n + 1 that end with it."""
        if n == 0:
            contexts = numpy.zeros(len(ids), dtype=numpy.uint64)
        else:
            contexts = numpy.zeros(len(ids), dtype=numpy.uint64)
            contexts[1:] = keys[:-1]
        mixed = (contexts + numpy.uint64(0x9E3779B97F4A7C15)) * numpy.uint64(0xBF58476D1CE4E5B9) + ids.astype(numpy.uint64) + numpy.uint64(1)
        return contexts, mixed ^ (mixed >> numpy.uint64(29))

    @staticmethod
    def look_up(keys, values, wanted):
        at = numpy.minimum(numpy.searchsorted(keys, wanted), len(keys) - 1)
        return numpy.where(keys[at] == wanted, values[at], 0)

    def bits(self, ids):
        probability = numpy.full(len(ids), 1 / self.VOCAB)
        keys = numpy.zeros(len(ids), dtype=numpy.uint64)
        for n, (grams, counts, context_keys, context_counts, distinct) in enumerate(self.levels):
            contexts, keys = self.extend(ids, keys, n)
            times = self.look_up(grams, counts, keys)
            context = self.look_up(context_keys, context_counts, contexts)
            kinds = self.look_up(context_keys, distinct, contexts)
            seen = context > 0
            known = numpy.maximum(times - self.DISCOUNT, 0) + self.DISCOUNT * kinds * probability
            probability = numpy.where(seen, known / numpy.maximum(context, 1), probability)
        return -numpy.log2(probability).sum()


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.out = arguments.output
        self.pool = self.out / "pool" / "documents"
        self.tokenizer = self.out / "tokenizer.json"

    def prepare(self):
        if self.tokenizer.exists():
            return
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / "small.toml").write_text(SMALL)
        (self.out / "plain.toml").write_text(PLAIN)
        if not (self.out / "pool.jsonl").exists():
            split(self.out, size(self.arguments.clean), size(self.arguments.target), self.arguments.without or "nothing")
        pith("curate", *self.arguments.pool, self.out / "pool.jsonl", "--config", self.out / "plain.toml", "-o", self.out / "pool")
        pith("tokenizer", self.pool, "--vocab", 4096, "-o", self.tokenizer)

    def select(self, way):
        """What the way keeps: {"bytes", "documents", "clean", sets..., "seconds"}."""
        folder = self.out / "ways" / way
        summary = folder / "way.json"
        if summary.exists():
            return json.loads(summary.read_text())
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        keep, selection, draw = self.arguments.keep, [], 0
        name, *more = way.split("+")
        for word in more:
            if word in ("languages", "topics"):
                selection.append(f'balance = "{word}"')
            elif word.startswith("noise"):
                selection.append(f"noise = {word[5:]}")
            elif word in ("good", "fill"):
                selection.append(f"fill = {str(word == 'fill').lower()}")
            elif word.startswith("draw"):
                draw = int(word[4:])
            else:
                keep = word
        like = ["--like", self.out / f"like{draw}.jsonl"]
        if name == "random":
            like = []
        else:
            selection.append(f'method = "{name}"')
        (folder / "way.toml").write_text(AGAIN + "[selection]\n" + "\n".join(selection) + "\n")
        result, seconds = pith("curate", self.pool, "--no-filters", "--config", folder / "way.toml", "--keep-bytes", size(keep) if keep != "all" else 1 << 40,
                               *like, "--threads", 1, "-o", folder / "kept")
        found = {"documents": result["documents_kept"], "bytes": result["bytes_kept"], "seconds": seconds,
                 "auc": result.get("target", {}).get("held_out_auc")}
        for path in sorted((folder / "kept" / "documents").iterdir()):
            for document in texts(path):
                for set_name in SETS:
                    if set_name in document.get("url", ""):
                        found[set_name] = found.get(set_name, 0) + len(document["text"].encode())
        found["clean"] = sum(found.get(set_name, 0) for set_name in SETS)
        summary.write_text(json.dumps(found))
        return found

    def ids(self, documents):
        done = subprocess.run([str(PROGRAM), "encode", str(documents), "--documents", "--tokenizer", str(self.tokenizer)], capture_output=True, text=True, check=True)
        return numpy.array(" 0 ".join(["", *done.stdout.splitlines()]).split(), dtype=numpy.int64)

    def count(self, way):
        """Bits per byte of each part of the target by the n-gram model."""
        cell = self.out / "cells" / f"{way}.counts.json"
        losses = json.loads(cell.read_text()) if cell.exists() else {}
        half = "held" if self.arguments.held else "dev"
        wanted = [f"{name}.{half}" for name in SETS]
        if all(name in losses for name in wanted):
            return losses
        cell.parent.mkdir(exist_ok=True)
        model = Counts(self.ids(self.out / "ways" / way / "kept" / "documents"))
        for name in wanted:
            losses[name] = model.bits(self.ids(self.out / f"{name}.jsonl")) / bytes_of(self.out / f"{name}.jsonl")
        cell.write_text(json.dumps(losses))
        return losses

    def train(self, way, seed):
        """Bits per byte of each part of the target."""
        tokens = self.arguments.tokens
        cell = self.out / "cells" / f"{way}.{tokens}.{seed}.json"
        half = "held" if self.arguments.held else "dev"
        losses = json.loads(cell.read_text()) if cell.exists() else {}
        wanted = [f"{name}.{half}" for name in SETS]
        if all(name in losses for name in wanted):
            return losses
        cell.parent.mkdir(exist_ok=True)
        model = self.out / "models" / f"{way}.{tokens}.{seed}"
        if not (model / "model.safetensors").exists():
            trained, seconds = pith("train", self.out / "ways" / way / "kept" / "documents", "--tokens", tokens, "--tokenizer", self.tokenizer,
                                    "--config", self.out / "small.toml", "--seed", seed, "--threads", 1, "-o", model)
            losses["corpus_tokens"], losses["tokens"], losses["parameters"] = trained["corpus_tokens"], trained["tokens"], trained["parameters"]
            shutil.rmtree(model / "training" / "tokens", ignore_errors=True)
        for name in wanted:
            losses[name] = pith("eval", model, self.out / f"{name}.jsonl", "--threads", 1)[0]["bits_per_byte"]
        cell.write_text(json.dumps(losses))
        return losses

    def run(self):
        self.prepare()
        ways, draws = self.arguments.ways, range(self.arguments.draws)
        drawn = {way: [way if draw == 0 else f"{way}+draw{draw}" for draw in draws if draw == 0 or not way.startswith("random")] for way in ways}
        found = {name: self.select(name) for way in ways for name in drawn[way]}
        if self.arguments.judge == "counts":
            losses = {way: [self.count(name) for name in drawn[way]] for way in ways}
        else:
            with concurrent.futures.ThreadPoolExecutor(self.arguments.jobs) as workers:
                # Seeds outside: a table with fewer seeds is there early.
                cells = {(way, seed): workers.submit(self.train, way, seed) for seed in range(self.arguments.seeds) for way in ways}
                losses = {way: [cells[way, seed].result() for seed in range(self.arguments.seeds)] for way in ways}
        self.print_table(found, losses)

    def print_table(self, found, losses):
        ways, half = self.arguments.ways, "held" if self.arguments.held else "dev"
        weights = {name: bytes_of(self.out / f"{name}.{half}.jsonl") for name in SETS}

        def means(way):
            return [sum(loss[f"{name}.{half}"] * weights[name] for name in SETS) / sum(weights.values()) for loss in losses[way]]

        judge = "n-gram model" if self.arguments.judge == "counts" else (
            f"{losses[ways[0]][0].get('parameters', 0):,} parameters, {self.arguments.tokens} tokens, {self.arguments.seeds} seeds")
        print(f"{machine()}; {judge}; target {half}: " + ", ".join(f"{name} {weights[name]:,} bytes" for name in SETS))
        print(f"| way | kept MB | of clean sets | {' | '.join(name + ' MB' for name in SETS)} | CPU s | bits per byte | from .. to | "
              f"less than {ways[0]} | " + " | ".join(SETS) + " |")
        print("| --- |" + " --- |" * (6 + 2 * len(SETS)))
        for way in sorted(ways, key=lambda way: statistics.mean(means(way))):
            kept = found[way]
            row = [way, f"{kept['bytes'] / 1e6:.1f}", f"{kept['clean'] / kept['bytes']:.0%}"]
            row += [f"{kept.get(name, 0) / 1e6:.1f}" for name in SETS]
            row += [f"{kept['seconds']:.1f}", f"{statistics.mean(means(way)):.4f}", f"{min(means(way)):.3f} .. {max(means(way)):.3f}",
                    f"{statistics.mean(means(ways[0])) - statistics.mean(means(way)):+.4f}"]
            row += [f"{statistics.mean(loss[f'{name}.{half}'] for loss in losses[way]):.3f}" for name in SETS]
            print("| " + " | ".join(row) + " |")


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("pool", nargs="+", type=Path)
parser.add_argument("-o", "--output", type=Path, required=True)
parser.add_argument("--clean", default="10M", help="bytes of the clean sets in the pool")
parser.add_argument("--target", default="0.25M", help="bytes of each set in each half of the target")
parser.add_argument("--without", help="a set that no example is from")
parser.add_argument("--ways", nargs="+", default=["random", "classifier", "dsir", "dsir_mean", "reference_loss"])
parser.add_argument("--keep", default="4M")
parser.add_argument("--tokens", default="1200k")
parser.add_argument("--seeds", type=int, default=2)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--judge", choices=["training", "counts"], default="training")
parser.add_argument("--draws", type=int, default=1)
parser.add_argument("--held", action="store_true")
Bench(parser.parse_args()).run()
