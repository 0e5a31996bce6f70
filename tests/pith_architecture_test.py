"""pith's own architecture: transformers loads it by the modeling_pith.py in its folder, with equal logits, and generates with its cache."""

import json

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
for max_ngram in (3, 4):
    out = folder / f"model{max_ngram}"
    (folder / "config.toml").write_text(
        '[model]\narchitecture = "pith"\nhidden_size = 48\nlayers = 2\nheads = 4\nintermediate_size = 100\ncontext_length = 128\n'
        f"max_ngram = {max_ngram}\nngram_rows = 1024\n[training]\nbatch_tokens = 512\nlearning_rate = 0.01\n")
    trained = run_json("train", documents, "-o", out, "--steps", 40, "--config", folder / "config.toml")
    model = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32, trust_remote_code=True).eval()
    assert type(model).__name__ == "PithForCausalLM" and model.num_parameters() == trained["parameters"]
    assert trained["active_parameters"] < trained["parameters"] - (max_ngram - 1) * 1000 * 48
    for name, table in model.named_parameters():
        assert "ngram" not in name or table.abs().max() > 0.01, f"{name} was not trained"
    error = check_logits(out, model, 120)
    tokenizer = transformers.AutoTokenizer.from_pretrained(out, trust_remote_code=True)
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
    print(f"up to {max_ngram}-grams: logits within {error:.1e}, likelihoods equal, generates with and without a cache")
