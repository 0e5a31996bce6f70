"""What the tests that hold pith against transformers share: logits and likelihoods of both, side by side."""

import json
import math
import os
import subprocess
from pathlib import Path

import numpy as np
import torch

from program import PITH, SLOWER, run_json

SERVED_LOGITS = Path(os.environ.get("PITH_BUILD", PITH.parent)) / "tests/served_logits"


def served_logits(folder, ids, vocab, chunk, threads):
    done = subprocess.run([SERVED_LOGITS, folder, str(chunk), str(threads)], check=True, timeout=120 * SLOWER,
                          input=" ".join(map(str, ids)).encode(), stdout=subprocess.PIPE)
    return np.frombuffer(done.stdout, dtype=np.float32).reshape(len(ids), vocab)


def check_logits(folder, model, tokens, ids=None):
    """Served logits are within 1e-4 of the model's, and the same to the bit in pieces and on more threads; after ids
    (1, tokens), or random ones."""
    vocab = model.config.vocab_size
    if ids is None:
        ids = torch.randint(0, vocab, (1, tokens), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = model(ids).logits[0].numpy()
    whole = served_logits(folder, ids[0].tolist(), vocab, 0, 1)
    # A logit is a sum, so its error goes with the size of the row, not of the logit.
    error = np.max(np.abs(whole - expected) / np.max(np.abs(expected), axis=1, keepdims=True))
    assert error < 1e-4, f"relative error {error}"
    for chunk, threads in ((1, 1), (7, 2), (129, 3)):
        again = served_logits(folder, ids[0].tolist(), vocab, chunk, threads)
        assert np.array_equal(whole, again), f"{chunk} at once on {threads} threads differ from all at once on one"
    return error


def check_eval(folder, model, tokenizer, texts, file):
    """pith eval, which runs the network as trained, finds the likelihood that transformers finds. Texts fit the context."""
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    measured = run_json("eval", folder, file)
    nats, size = 0.0, 0
    for text in texts:
        ids = [model.config.bos_token_id, *tokenizer(text, add_special_tokens=False)["input_ids"],
               model.config.eos_token_id]
        assert len(ids) <= model.config.max_position_embeddings
        with torch.no_grad():
            logits = model(torch.tensor([ids[:-1]])).logits[0].double()
        nats -= torch.log_softmax(logits, -1)[range(len(ids) - 1), ids[1:]].sum().item()
        size += len(text.encode())
    expected = nats / math.log(2) / size
    assert abs(measured["bits_per_byte"] - expected) < 1e-5 * expected, (measured, expected)
