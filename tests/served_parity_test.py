"""The served model's logits and greedy continuations equal those of transformers, in float32."""

import json

from llama_folder import make_llama
from program import prose, run, run_json, scratch, skip

try:
    import numpy  # noqa: F401
    import tokenizers  # noqa: F401
    import torch
    import transformers
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")
from parity import check_logits

MODELS = {
    "tied, grouped queries": dict(),
    "untied, one key-value head": dict(tied=False, kv_heads=1),
    "all heads, odd sizes": dict(hidden=72, heads=3, kv_heads=3, intermediate=100, vocab=523),
    "head_dim of its own, far theta": dict(head_dim=24, theta=500000.0, layers=3),
    "bfloat16": dict(dtype="bfloat16"),
    "float16, shards": dict(dtype="float16", shards="100KB"),
    "long context": dict(context=2048, tokens=1900, kv_heads=1),
}


def check_greedy(folder, model, prompt):
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    special = {token.content: id for id, token in tokenizer.added_tokens_decoder.items()}
    ends = [special["<|eos|>"], special["<|end|>"]]
    banned = [id for id in special.values() if id not in ends]
    begin = torch.tensor([[special["<|bos|>"], *tokenizer(prompt, add_special_tokens=False)["input_ids"]]])
    with torch.no_grad():
        ids = model.generate(begin, max_new_tokens=60, do_sample=False, eos_token_id=ends,
                             suppress_tokens=banned, pad_token_id=special["<|pad|>"])
    wanted = [id for id in ids[0, begin.shape[1]:].tolist() if id not in ends]
    got = run_json("generate", folder, "--prompt", prompt, "--tokens", 60, "--temperature", 0)
    assert got["ids"] == wanted, f"greedy {got['ids']} is not {wanted}"
    return len(wanted)


scratch_folder = scratch()
for name, options in MODELS.items():
    folder = scratch_folder / name
    folder.mkdir()
    tokens = options.pop("tokens", 200)
    model = make_llama(folder, **options)
    try:
        error = check_logits(folder, model, tokens)
        count = check_greedy(folder, model, "The quick brown 机器")
    except AssertionError as wrong:
        raise AssertionError(f"{name}: {wrong}") from None
    print(f"{name}: logits within {error:.1e}, {count} greedy tokens equal")

# What pith trained: the folder as a whole, and words that the model has learned.
documents = scratch_folder / "documents"
documents.mkdir()
(documents / "a.jsonl").write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(120)))
trained = scratch_folder / "trained"
run("train", documents, "-o", trained, "--steps", 40)
model = transformers.AutoModelForCausalLM.from_pretrained(trained, dtype=torch.float32).eval()
error = check_logits(trained, model, min(200, model.config.max_position_embeddings))
count = check_greedy(trained, model, "The kernel")
print(f"trained by pith: logits within {error:.1e}, {count} greedy tokens equal")
