"""Bits per byte of documents under a rival's model, read as windows.py says: bits of all tokens / bytes of the text."""

import numpy
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from . import target
from .windows import windows

ROWS = 16


@torch.no_grad()
def bits(logits_of, tokenizer, texts, T, autocast, begin=0, end=0):
    """Bits of all tokens; logits_of(ids) is (B, T, V)."""
    rows = [row for text in texts for row in windows(tokenizer.encode(text, add_special_tokens=False).ids, T, begin, end)]
    rows.sort(key=lambda row: len(row[0]))
    total = 0.0
    for at in range(0, len(rows), ROWS):
        batch = rows[at : at + ROWS]
        longest = len(batch[-1][0])
        ids = torch.zeros(len(batch), longest, dtype=torch.long)
        targets = torch.full((len(batch), longest), -100)
        for i, (row, wanted, first) in enumerate(batch):
            ids[i, : len(row)] = torch.tensor(row)
            targets[i, first : len(row)] = torch.tensor(wanted[first:])
        with autocast():
            logits = logits_of(ids)
        total += F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum").item()
    return total / numpy.log(2)


def judge(model, tokenizer_file, files, T, autocast):
    """{name: (bits, bytes)} of files of documents."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    result = {}
    for name, file in files.items():
        texts = target.lines(file)
        result[name] = (float(bits(model.logits, tokenizer, texts, T, autocast)), sum(len(text.encode()) for text in texts))
    return result
