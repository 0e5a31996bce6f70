"""pith's own architecture: transformers loads it by the modeling_pith.py in its folder, with equal logits, and generates with its cache."""

import json
import sys

from program import prose, run_json, scratch, skip

try:
    import numpy  # noqa: F401
    import torch
    import transformers
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")
from parity import check_eval, check_logits

folder = scratch()
documents = folder / "documents"
documents.mkdir()
(documents / "a.jsonl").write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(120)))


def load(out, dtype=torch.float32):
    model, report = transformers.AutoModelForCausalLM.from_pretrained(
        out, dtype=dtype, trust_remote_code=True, output_loading_info=True)
    assert not any(report.values()), report
    return model.eval()


@torch.no_grad()
def check_counted_ngrams(out, model, ids):
    """What follows ids (1, T) goes by n-grams of every length, whatever part of the logits is asked for, and how."""
    order, size = model.config.ngram_order, ids.shape[1]
    whole = model(ids)
    assert torch.allclose(whole.logits.exp().sum(-1), torch.ones(1, size), atol=1e-4), "logits are logarithms of probabilities"
    ngrams = model.ngrams
    windows = sys.modules[type(model).__module__].last_tokens(ids, size, order - 1)
    lengths = ngrams.distribution(windows[0])[1].bincount(minlength=order + 1).tolist()
    assert order > 2 and lengths[-1] > 5, f"of {size} contexts there are known of every length: {lengths}"

    def differ(logits, expected):
        assert logits.shape == expected.shape and torch.allclose(logits, expected, atol=1e-3), (logits, expected)

    differ(model(ids, logits_to_keep=3).logits, whole.logits[:, -3:])
    differ(model(ids, logits_to_keep=torch.tensor([2, 40])).logits, whole.logits[:, [2, 40]])
    rows, type(ngrams).ELEMENTS = type(ngrams).ELEMENTS, 7 * ngrams.vocab
    differ(model(ids).logits, whole.logits)
    type(ngrams).ELEMENTS = rows
    # A batch of a short text and a long one: padding is no token.
    short, mask = ids.clone(), torch.ones_like(ids)
    short[0, :9], mask[0, :9] = 5, 0
    both = model(torch.cat([short, ids]), attention_mask=torch.cat([mask, torch.ones_like(ids)]))
    differ(both.logits[1:], whole.logits)
    differ(both.logits[:1, 9:], model(ids[:, 9:]).logits)
    loss = torch.nn.functional.cross_entropy(whole.logits[0, :-1], ids[0, 1:])
    labelled = model(ids, labels=ids)
    assert list(labelled)[0] == "loss" and abs(labelled.loss - loss) < 1e-4, (labelled.loss, loss)
    half = load(out, torch.bfloat16)
    for name, table in half.ngrams.named_buffers():
        assert table.dtype == getattr(ngrams, name).dtype and torch.equal(table, getattr(ngrams, name)), name
    assert (half(ids).logits - whole.logits).abs().mean() < 0.1


for max_ngram, ngram_order in ((3, 5), (4, 0)):
    out = folder / f"model{max_ngram}"
    (folder / "config.toml").write_text(
        '[model]\narchitecture = "pith"\nhidden_size = 48\nlayers = 2\nheads = 4\nintermediate_size = 100\ncontext_length = 128\n'
        f"max_ngram = {max_ngram}\nngram_rows = 1024\nngram_order = {ngram_order}\n"
        "[training]\nbatch_tokens = 512\nlearning_rate = 0.01\n")
    trained = run_json("train", documents, "-o", out, "--steps", 40, "--config", folder / "config.toml")
    model = load(out)
    assert type(model).__name__ == "PithForCausalLM" and model.num_parameters() == trained["parameters"]
    assert trained["active_parameters"] < trained["parameters"] - (max_ngram - 1) * 1000 * 48
    for name, table in model.named_parameters():
        assert "ngram" not in name or table.abs().max() > 0.01, f"{name} was not trained"
    tokenizer = transformers.AutoTokenizer.from_pretrained(out, trust_remote_code=True)
    error = check_logits(out, model, 120)
    text = tokenizer(prose(5), return_tensors="pt")["input_ids"][:, :120]
    assert text.shape[1] == 120, text.shape
    error = max(error, check_logits(out, model, 120, text))
    assert model.config.ngram_order == ngram_order
    if ngram_order > 0:
        check_counted_ngrams(out, model, text)
    check_eval(out, model, tokenizer, [prose(7, 2), "文件系统。😀", "x"], folder / "texts.jsonl")

    # With a cache only the last token is given, whose n-gram begins before it.
    prompt = tokenizer(prose(9, 1)[:40], return_tensors="pt")
    tokens = [model.generate(**prompt, max_new_tokens=24, do_sample=False, use_cache=cache)[0].tolist() for cache in (True, False)]
    assert tokens[0] == tokens[1], tokens
    # Padding on the left is no part of an n-gram.
    two = torch.cat([torch.full((1, 5), tokenizer.pad_token_id or 0), prompt["input_ids"]], dim=1)
    mask = torch.cat([torch.zeros((1, 5), dtype=torch.long), prompt["attention_mask"]], dim=1)
    padded = model.generate(input_ids=two, attention_mask=mask, max_new_tokens=24, do_sample=False)[0].tolist()
    assert padded[5:] == tokens[0], (padded, tokens[0])
    print(f"rows for up to {max_ngram}-grams, {ngram_order}-grams counted: logits within {error:.1e}, likelihoods equal, "
          "generates with and without a cache")
