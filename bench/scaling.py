#!/usr/bin/env python3
"""How low held-out loss gets with size, tokens and text: the trainings behind the constants in pith/train/scaling.cc.

    bench/scaling.py DOCS... -o OUT --architecture llama [--sizes 64x2 ...] [--tokens 0.4 ...] [--seeds 0 ...]
    bench/scaling.py -o OUT --architecture llama --only-fit

Trains every size (width x layers) on every number of tokens (in millions) of every corpus, one thread each, two side by
side, and prints what each reached and what its plan expected. Then it fits the law of pith/train/scaling.h: of the
network, from trainings that count no n-grams; how alike network and counted n-grams are (`likeness`), from trainings that
do (--counted). How hard a text is comes from each training's own plan. Beside the error of the fit it prints that on
corpora which were left out of it. What was trained stays in OUT and is not trained again, so cells can be added call by
call; all that lie in OUT are fitted. Timing changes nothing, so other work may run beside it.
"""

import argparse
import concurrent.futures
import io
import json
import math
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from common import ROOT, machine

TOKENS_PER_WEIGHT, EXPONENT, MOST_TRIGRAM = 50, 0.35, 1.6  # not fitted: trainings of minutes do not tell


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


def run_json(*command):
    done = subprocess.run(["nice", "-n", "5", *map(str, command), "--threads", "1", "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def prepare(program, documents, folder, vocab):
    """Writes docs.jsonl and tokensV/ of a corpus."""
    if not (folder / "docs.jsonl").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "docs.part", "w") as out:
            for text in texts(documents):
                out.write(json.dumps({"text": text}) + "\n")
        (folder / "docs.part").rename(folder / "docs.jsonl")
    if not (folder / f"tokens{vocab}").exists():
        shutil.rmtree(folder / "first", ignore_errors=True)
        run_json(program, "train", folder / "docs.jsonl", "-o", folder / "first", "--steps", 1, "--vocab", vocab)
        (folder / "first/training/tokens").rename(folder / f"tokens{vocab}")
        shutil.rmtree(folder / "first")


def multiplying_weights(model):
    """Those that multiply for every token, output head included."""
    C, F = model["hidden_size"], model["intermediate_size"]
    gated = 3 if model["hidden_act"] == "silu" else 2
    return model["num_hidden_layers"] * (4 * C * C + gated * C * F) + C * model["vocab_size"]


def train(program, folder, options, size, millions, seed, counted):
    """One cell, unless its file is there."""
    name = f"{options.architecture}{'-counted' if counted else ''}-{size}-{millions:g}M-V{options.vocab}-seed{seed}"
    file = folder / f"{name}.cell.json"
    if file.exists():
        return
    width, layers = size.split("x")
    config = f"[model]\nhidden_size = {width}\nlayers = {layers}\n"
    if options.architecture == "pith" and not counted:
        config += "ngram_order = 0\n"
    (folder / f"{name}.toml").write_text(config)
    model = folder / name
    shutil.rmtree(model, ignore_errors=True)
    shutil.copytree(folder / f"tokens{options.vocab}", model / "training/tokens", copy_function=os.link)
    told = run_json(program, "train", folder / "docs.jsonl", "-o", model, "--tokens", int(millions * 1e6), "--seed", seed, "--vocab", options.vocab,
                    "--architecture", options.architecture, "--config", folder / f"{name}.toml")
    plan = json.loads((model / "training/plan.json").read_text())["plan"]
    shutil.rmtree(model)
    file.write_text(json.dumps({
        "corpus": folder.name, "architecture": options.architecture, "size": size, "millions": millions, "seed": seed, "counts": counted,
        "weights": multiplying_weights(plan["model"]), "tokens": told["tokens"], "unique": told["corpus_tokens"],
        "unigram": plan["unigram_bits_per_byte"], "trigram": plan["trigram_bits_per_byte"], "counted": plan["counted_bits_per_byte"],
        "expected": told["expected_bits_per_byte"], "bits_per_byte": told["bits_per_byte"]}) + "\n")
    print(f"{folder.name} {name}: {told['bits_per_byte']:.4f}, {told['expected_bits_per_byte']:.4f} expected", flush=True)


def worth(tokens, unique):
    """As worth_of_tokens in pith/train/scaling.cc."""
    return tokens if tokens <= unique else unique * (1 + 15 * (1 - math.exp(-(tokens / unique - 1) / 15)))


def network(law, cell):
    """As expected_bits_per_byte in pith/train/scaling.cc, without counted n-grams; D in millions of tokens."""
    floor, scale, first, part, slope = law
    D = worth(cell["tokens"], cell["unique"]) / 1e6
    share = min(max(part + slope * math.log(D), 0), MOST_TRIGRAM)
    limit = 1e6 / (TOKENS_PER_WEIGHT * cell["weights"]) + 1 / (D + abs(first))
    return cell["unigram"] ** (1 - share) * cell["trigram"] ** share * (abs(floor) + (abs(scale) * limit) ** EXPONENT)


def mixture(network, counted, likeness):
    return (network**-likeness + counted**-likeness) ** (-1 / likeness) if counted > 0 else network


def errors(law, cells):
    return np.array([math.log(network(law, cell) / cell["bits_per_byte"]) for cell in cells])


def fit(cells):
    """floor, scale, first, part, slope of the least squared error; a weak pull holds what few trainings leave open."""
    usual = np.array([0.30, 0.15, 0.4, 0.6, 0.2])

    def cost(law):
        return np.mean(errors(law, cells) ** 2) + 2e-5 * np.sum(((law - usual) / [0.1, 0.1, 0.3, 0.5, 0.2]) ** 2)

    return minimize(cost, usual, method="Nelder-Mead", options={"maxiter": 8000, "xatol": 1e-6, "fatol": 1e-12}).x


def rms(values):
    return f"{100 * np.sqrt(np.mean(np.square(values))):.1f} % (at most {100 * np.max(np.abs(values)):.1f} %)"


def report(architecture, cells):
    print(f"\n{architecture}, bits per byte held out\n")
    print("| corpus | U | trigrams | counted | width x layers | N in millions | million tokens | reached | expected |\n|" + " --- |" * 9)
    for c in sorted(cells, key=lambda c: (c["corpus"], c["counts"], c["size"], c["millions"])):
        print(f"| {c['corpus']} | {c['unigram']:.3f} | {c['trigram']:.3f} | {c['counted']:.3f} | {c['size']} | {c['weights'] / 1e6:.2f} | {c['millions']:g} | "
              f"{c['bits_per_byte']:.3f} | {c['expected']:.3f} |")
    alone = [c for c in cells if not c["counts"]]
    mixed = [c for c in cells if c["counts"]]
    if len(alone) < 6:
        return print(f"\n{len(alone)} trainings are too few to fit; train more")
    law = fit(alone)
    print(f"\nfloor {law[0]:.3f}, scale {law[1]:.4f}e6, first_tokens {law[2]:.2f}e6, trigram_part {law[3]:.2f}, trigram_slope {law[4]:.2f}")
    print(f"off by {rms(errors(law, alone))}")
    left_out = [errors(fit([c for c in alone if c["corpus"] != corpus]), [c for c in alone if c["corpus"] == corpus])
                for corpus in sorted({c["corpus"] for c in alone})]
    print(f"on corpora that were left out: {rms(np.concatenate(left_out))}")
    if mixed:
        found = {k: np.array([math.log(mixture(network(law, c), c["counted"], k) / c["bits_per_byte"]) for c in mixed]) for k in range(4, 31)}
        best = min(found, key=lambda k: np.mean(found[k] ** 2))
        print(f"likeness {best}: the mixture is off by {rms(found[best])}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", type=Path, help="each a corpus of its own: a folder of documents, or JSONL")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--program", default=ROOT / "build/release/pith")
    parser.add_argument("--architecture", default="llama")
    parser.add_argument("--sizes", nargs="*", default=["64x2"])
    parser.add_argument("--tokens", nargs="*", type=float, default=[0.4, 1.6], help="in millions")
    parser.add_argument("--seeds", nargs="*", type=int, default=[0])
    parser.add_argument("--vocab", type=int, default=2048)
    parser.add_argument("--counted", action="store_true", help="with counted n-grams (pith)")
    parser.add_argument("--only-fit", action="store_true", help="train nothing")
    options = parser.parse_args()
    print(machine())
    jobs = []
    for documents in [] if options.only_fit else options.documents:
        folder = options.output / documents.name.split(".")[0]
        prepare(options.program, documents, folder, options.vocab)
        jobs += [(options.program, folder, options, size, millions, seed, options.counted) for millions in options.tokens
                 for size in options.sizes for seed in options.seeds]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(train, *job) for job in jobs]:
            done.result()
    cells = [json.loads(file.read_text()) for file in sorted(options.output.glob("*/*.cell.json"))]
    for architecture in sorted({cell["architecture"] for cell in cells}):
        report(architecture, [cell for cell in cells if cell["architecture"] == architecture])


if __name__ == "__main__":
    main()
