#!/usr/bin/env python3
"""How low held-out loss gets with size and tokens: the trainings behind the constants in pith/train/scaling.cc.

    bench/scaling.py DOCS... -o OUT [--sizes 64x2 ...] [--tokens 0.3 ...] [--seeds 0 ...] [--only-fit]

Trains every size (width x layers, of those that the planner knows) on every number of tokens (in millions) with one
thread each, two side by side, and prints bits per byte of text that no training saw, the same for all. Then it fits

    bits per byte = unigram (E + (B (1 / (50 N) + 1 / (D + start)))^0.35)

where N counts the weights that multiply for every token, D the tokens seen (repeats count less, as in the planner),
unigram is the corpus's own: bits per byte of its tokens by their frequencies alone; and start stands for the first
steps, in which a model learns hardly more than those. What was trained stays in OUT and is not trained again, so cells
can be added call by call; all that lie in OUT are fitted. Timing changes nothing, so other work may run beside it. The
grid that is trained when nothing else is said takes about 25 minutes a corpus on two cores.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import io
import json
import math
import os
import shutil
import statistics
import subprocess
from pathlib import Path

import numpy as np

from common import ROOT

SIZES = {"64x2": 192, "96x3": 256, "128x4": 352, "160x5": 448, "192x6": 512}  # and the width of their MLPs
HELDOUT_SHARE = 1 / 32


def texts(path):
    """Of the documents in a JSONL file, zstd or not, or in a folder of them."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.suffix == ".zst":
            import zstandard
            lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(open(file, "rb")), encoding="utf-8")
        else:
            lines = open(file, encoding="utf-8")
        for line in lines:
            yield json.loads(line)["text"]


def prepare(program, documents, folder):
    """Writes train.jsonl and heldout.jsonl, split by the hashes of the texts, and tokens/."""
    if (folder / "tokens").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"train": [], "heldout": []}
    for text in texts(documents):
        held_out = hashlib.sha256(text.encode()).digest()[0] < 256 * HELDOUT_SHARE
        parts["heldout" if held_out else "train"].append(json.dumps({"text": text}) + "\n")
    for name, lines in parts.items():
        (folder / f"{name}.jsonl").write_text("".join(lines))
    shutil.rmtree(folder / "first", ignore_errors=True)
    run_json(program, "train", folder / "train.jsonl", "-o", folder / "first", "--steps", 1)
    (folder / "first/training/tokens").rename(folder / "tokens")
    shutil.rmtree(folder / "first")


def weights(size, vocab):
    width, layers = map(int, size.split("x"))
    return layers * (4 * width**2 + 3 * width * SIZES[size]) + width * vocab


def run_json(*command):
    done = subprocess.run(["nice", "-n", "5", *map(str, command), "--threads", "1", "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def train(program, folder, size, millions, seed, rate_factor):
    """One cell: trained and measured, unless its file is there."""
    name = f"{size}-{millions:g}M-seed{seed}" + ("" if rate_factor == 1 else f"-rate{rate_factor:g}")
    file = folder / f"{name}.json"
    if file.exists():
        return
    width, layers = size.split("x")
    config = f"[model]\nhidden_size = {width}\nlayers = {layers}\n"
    if rate_factor != 1:
        planned = json.loads((folder / f"{size}-{millions:g}M-seed{seed}.json").read_text())["learning_rate"]
        config += f"[training]\nlearning_rate = {planned * rate_factor}\n"
    (folder / f"{name}.toml").write_text(config)
    model = folder / name
    shutil.rmtree(model, ignore_errors=True)
    shutil.copytree(folder / "tokens", model / "training/tokens")
    trained = run_json(program, "train", folder / "train.jsonl", "-o", model, "--tokens", int(millions * 1e6),
                       "--seed", seed, "--config", folder / f"{name}.toml")
    plan = json.loads((model / "training/plan.json").read_text())["plan"]
    tokens = json.loads((folder / "tokens/tokens.json").read_text())
    cell = dict(corpus=folder.name, size=size, millions=millions, seed=seed, rate_factor=rate_factor,
                learning_rate=plan["learning_rate"], batch_tokens=plan["rows"] * plan["context_length"],
                weights=weights(size, tokens["vocab"]), tokens=trained["tokens"], unique=tokens["tokens"],
                bytes_per_token=tokens["bytes"] / tokens["tokens"], vocab=tokens["vocab"],
                unigram_bits_per_byte=tokens["unigram_bits_per_byte"], reported=trained["bits_per_byte"],
                bits_per_byte=run_json(program, "eval", model, folder / "heldout.jsonl")["bits_per_byte"])
    shutil.rmtree(model)
    file.write_text(json.dumps(cell) + "\n")
    print(f"{folder.name} {name}: {cell['bits_per_byte']:.4f}", flush=True)


def worth(tokens, unique):
    """As worth_of_tokens in pith/train/scaling.cc."""
    return tokens if tokens <= unique else unique * (1 + 15 * (1 - math.exp(-(tokens / unique - 1) / 15)))


# Of weights and tokens alike, as in the data of Hoffmann et al. 2022 (by Besiroglu et al. 2024: 0.35 and 0.37);
# trainings of minutes are too few and too alike to find it.
EXPONENT = 0.35
# At which weights and tokens limit the loss alike. Trainings of minutes say that 20, as for large models, is too few, but
# not where above 50 it ends (see the last lines printed); the least that they allow leads on to larger models best.
TOKENS_PER_WEIGHT = 50
FLOORS, STARTS = np.arange(0, 0.41, 0.05), np.arange(0, 1.55, 0.05)


def limits(cells, start, tokens_per_weight):
    """(cells): what B is multiplied with."""
    N = np.array([cell["weights"] for cell in cells]) / 1e6
    D = np.array([worth(cell["tokens"], cell["unique"]) for cell in cells]) / 1e6
    return 1 / (tokens_per_weight * N) + 1 / (D + start)


def predict(constants, cells):
    E, start, B, tokens_per_weight = constants
    unigram = np.array([cell["unigram_bits_per_byte"] for cell in cells])
    return unigram * (E + (B * limits(cells, start, tokens_per_weight)) ** EXPONENT)


def fit_shares(cells, shares, tokens_per_weight):
    """Constants with the least squares of relative errors: B follows from the first two, which are tried."""
    best = (math.inf, None)
    for E in FLOORS[FLOORS < shares.min()]:
        for start in STARTS:
            relative = limits(cells, start, tokens_per_weight) / (shares - E) ** (1 / EXPONENT)
            constants = (E, start, relative.sum() / (relative**2).sum(), tokens_per_weight)
            ratios = (E + (constants[2] * limits(cells, start, tokens_per_weight)) ** EXPONENT) / shares
            squares = float(((ratios - 1) ** 2).sum())
            if squares < best[0]:
                best = (squares, constants)
    return best[1]


def fit(cells, tokens_per_weight=TOKENS_PER_WEIGHT):
    """The constants, and a factor for each corpus by which it lies above them; their geometric mean is 1."""
    levels = dict.fromkeys((cell["corpus"] for cell in cells), 1.0)
    for _ in range(10):
        expected_share = np.array([cell["unigram_bits_per_byte"] * levels[cell["corpus"]] for cell in cells])
        shares = np.array([cell["bits_per_byte"] for cell in cells]) / expected_share
        constants = fit_shares(cells, shares, tokens_per_weight)
        ratios = collections.defaultdict(list)
        for cell, bits in zip(cells, predict(constants, cells)):
            ratios[cell["corpus"]].append(math.log(cell["bits_per_byte"] / bits))
        levels = {corpus: statistics.mean(values) for corpus, values in ratios.items()}
        middle = statistics.mean(levels.values())
        levels = {corpus: math.exp(level - middle) for corpus, level in levels.items()}
    return constants, levels


def errors(constants, cells, level=1.0):
    """In percent, of what is expected."""
    return [100 * (level * bits / cell["bits_per_byte"] - 1) for cell, bits in zip(cells, predict(constants, cells))]


def print_table(corpus, cells):
    plain = [cell for cell in cells if cell["rate_factor"] == 1]
    columns = sorted({cell["millions"] for cell in plain})
    first = plain[0]
    print(f"\n{corpus}: vocabulary {first['vocab']}, {first['unique'] / 1e6:.2f} million tokens of "
          f"{first['bytes_per_token']:.2f} bytes, {first['unigram_bits_per_byte']:.3f} bits per byte by their frequencies")
    print("| size | million weights | " + " | ".join(f"{column:g} million tokens" for column in columns) + " |")
    print("| --- | --- |" + " --- |" * len(columns))
    for size in SIZES:
        by_tokens = collections.defaultdict(list)
        for cell in plain:
            if cell["size"] == size:
                by_tokens[cell["millions"]].append(cell["bits_per_byte"])
        if by_tokens:
            shown = [", ".join(f"{bits:.3f}" for bits in by_tokens[column]) for column in columns]
            print(f"| {size} | {weights(size, first['vocab']) / 1e6:.2f} | " + " | ".join(shown) + " |")
    for cell in cells:
        if cell["rate_factor"] != 1:
            print(f"{cell['size']}, {cell['millions']:g} million tokens, learning rate {cell['learning_rate']:.4f} "
                  f"(x {cell['rate_factor']:g}): {cell['bits_per_byte']:.3f}")


def print_errors(name, values):
    print(f"{name}: root mean square {math.sqrt(statistics.mean(e * e for e in values)):.1f} %, "
          f"from {min(values):+.1f} to {max(values):+.1f} %")


def print_fit(cells):
    constants, levels = fit(cells)
    E, start, B, _ = constants
    print(f"\nbits per byte = unigram ({E:.2f} + ({B:.4f} (1 / ({TOKENS_PER_WEIGHT} N) + 1 / (D + {start:.2f})))^{EXPONENT}), "
          "N and D in millions")
    shown = ", ".join(f"{level:.3f} ({corpus})" for corpus, level in levels.items())
    print(f"corpora lie above it by a factor of {shown}\n\nerrors in % of {len(cells)} cells: "
          "with its corpus's factor, without that factor, and with it by a fit without the cell")
    within, plain, left_out = [], [], []
    for i, cell in enumerate(cells):
        corpus = cell["corpus"]
        within += errors(constants, [cell], levels[corpus])
        plain += errors(constants, [cell])
        others, their_levels = fit(cells[:i] + cells[i + 1:])
        left_out += errors(others, [cell], their_levels.get(corpus, 1.0))
        print(f"  {corpus:<20} {cell['size']:<6} {cell['millions']:>4g}M seed {cell['seed']} "
              f"{cell['bits_per_byte']:.3f} {within[-1]:+6.1f} {plain[-1]:+6.1f} {left_out[-1]:+6.1f}", flush=True)
    print_errors("with the factor", within)
    print_errors("without", plain)
    print_errors("left out", left_out)
    for tokens_per_weight in 10, 20, 50, 100, 200:
        others, their_levels = fit(cells, tokens_per_weight)
        print_errors(f"with the factor, at {tokens_per_weight} tokens a weight",
                     [errors(others, [cell], their_levels[cell["corpus"]])[0] for cell in cells])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", type=Path,
                        help="each a corpus of its own: a folder of documents, or JSONL")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--program", default=ROOT / "build/release/pith")
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=["64x2", "96x3", "128x4", "160x5"])
    parser.add_argument("--tokens", nargs="*", type=float, default=[0.3, 0.8, 2, 6], help="in millions")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0])
    parser.add_argument("--rate-factors", nargs="*", type=float, default=[],
                        help="train with the planned learning rate times these too; shown, not fitted")
    parser.add_argument("--most-work", type=float, default=8.5,
                        help="leave out cells of more weights x tokens, in 1e12")
    parser.add_argument("--only-fit", action="store_true", help="train nothing")
    options = parser.parse_args()
    jobs = []
    for documents in [] if options.only_fit else options.documents:
        folder = options.output / documents.name.split(".")[0]
        prepare(options.program, documents, folder)
        jobs += [(options.program, folder, size, millions, seed) for millions in options.tokens for size in options.sizes
                 for seed in options.seeds if weights(size, 4096) * millions / 1e6 <= options.most_work]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for factor in [1, *(factor for factor in options.rate_factors if factor != 1)]:  # 1 says what the others multiply
            for done in [pool.submit(train, *job, factor) for job in jobs]:
                done.result()
    cells = [json.loads(file.read_text()) for file in sorted(options.output.glob("*/*M-seed*.json"))]
    cells.sort(key=lambda cell: (cell["corpus"], int(cell["size"].split("x")[0]), cell["millions"], cell["seed"]))
    for corpus in sorted({cell["corpus"] for cell in cells}):
        print_table(corpus, [cell for cell in cells if cell["corpus"] == corpus])
    fitted = [cell for cell in cells if cell["rate_factor"] == 1]
    if len(fitted) >= 6:
        print_fit(fitted)
    else:
        print(f"\n{len(fitted)} cells are too few to fit; train more")


if __name__ == "__main__":
    main()
