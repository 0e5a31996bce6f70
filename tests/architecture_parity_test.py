"""Every architecture: transformers loads what pith trained, pith serves what transformers wrote, with equal logits."""

import json

from program import prose, run_json, scratch, skip

try:
    import numpy  # noqa: F401
    import tokenizers  # noqa: F401
    import torch
    import transformers
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")
from llama_folder import make_tokenizer
from parity import check_eval, check_logits

# By architecture: what [model] of a training says, and what transformers' config is told.
SHAPE = "hidden_size = 48\nlayers = 3\nheads = 4\nintermediate_size = 100\ncontext_length = 128\n"
CASES = {
    "arcee": ([SHAPE + "key_value_heads = 2\n"], [dict(num_key_value_heads=1)]),
    "qwen3": ([SHAPE + "key_value_heads = 2\nhead_dim = 20\n"], [dict(num_key_value_heads=1, head_dim=16),
                                                                  dict(tie_word_embeddings=True, num_key_value_heads=4, head_dim=32)]),
    "nanochat": ([SHAPE + "key_value_heads = 2\n", SHAPE + "tie_embeddings = true\nfinal_logit_softcapping = 5\n"],
                 [dict(num_key_value_heads=1, final_logit_softcapping=8.0), dict(final_logit_softcapping=None)]),
}

folder = scratch()
documents = folder / "documents"
documents.mkdir()
(documents / "a.jsonl").write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(120)))
for name, (trainings, configs) in CASES.items():
    for i, toml in enumerate(trainings):
        out = folder / f"{name}_{i}"
        (folder / "config.toml").write_text(f'[model]\narchitecture = "{name}"\n{toml}[training]\nbatch_tokens = 512\n'
                                            "learning_rate = 0.01\n")
        trained = run_json("train", documents, "-o", out, "--steps", 40, "--config", folder / "config.toml")
        model = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
        assert model.config.model_type == name and type(model).__name__ == model.config.architectures[0]
        assert model.num_parameters() == trained["parameters"]
        error = check_logits(out, model, 120)
        check_eval(out, model, transformers.AutoTokenizer.from_pretrained(out), [prose(7, 2), "文件系统。😀", "x"],
                   folder / "texts.jsonl")
        print(f"{name} {i}, trained by pith: logits within {error:.1e}, likelihoods equal")
    for i, options in enumerate(configs):
        out = folder / f"{name}_of_transformers_{i}"
        torch.manual_seed(i)
        config = transformers.AutoConfig.for_model(
            name, vocab_size=512, hidden_size=64, intermediate_size=100, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=256, bos_token_id=0, eos_token_id=1, pad_token_id=2, initializer_range=0.1, **options)
        model = transformers.AutoModelForCausalLM.from_config(config)
        for parameter, tensor in model.named_parameters():  # norms other than all ones
            if "norm" in parameter:
                tensor.data += 0.2 * torch.randn_like(tensor)
        model.save_pretrained(out)
        make_tokenizer(out)
        model = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
        error = check_logits(out, model, 200)
        print(f"{name} {i}, written by transformers: logits within {error:.1e}")
