#!/usr/bin/env python3
"""Do both judges give one model the same? Reads a model folder of pith with transformers and judges it as the rivals are judged.

    python -m cost.judges_agree MODEL DOCUMENTS.jsonl ...      # from bench/; PITH is the program

Prints both figures for each file and fails when they differ by more than a thousandth.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

from . import pith_side, target
from .torch_judge import bits

DOCUMENTS = 60


def main():
    folder, *files = map(Path, sys.argv[1:])
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    config = model.config
    worst = 0.0
    for file in files:
        texts = target.lines(file)[:DOCUMENTS]
        with tempfile.TemporaryDirectory() as scratch:
            target.write_lines(Path(scratch) / "documents.jsonl", texts)
            ours, _ = pith_side.pith("eval", folder, Path(scratch) / "documents.jsonl")
        size = sum(len(text.encode()) for text in texts)
        theirs = bits(lambda ids: model(input_ids=ids).logits, tokenizer, texts, config.max_position_embeddings, contextlib.nullcontext,
                      config.bos_token_id, config.eos_token_id) / size
        print(f"{file.name}: pith eval {ours['bits_per_byte']:.5f}, the rivals' judge {theirs:.5f} bits per byte of {len(texts)} documents", flush=True)
        worst = max(worst, abs(ours["bits_per_byte"] / theirs - 1))
    if worst > 1e-3:
        sys.exit(f"the judges differ by {worst:.2%}")


if __name__ == "__main__":
    main()
