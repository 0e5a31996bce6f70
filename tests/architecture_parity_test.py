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
LATENT = "n_routed_experts = 8\nnum_experts_per_tok = 3\nmoe_intermediate_size = 24\nkv_lora_rank = 24\n"
DEEPSEEK = dict(num_key_value_heads=4, kv_lora_rank=24, qk_nope_head_dim=12, qk_rope_head_dim=8, v_head_dim=20,
                n_routed_experts=8, num_experts_per_tok=3, moe_intermediate_size=24, first_k_dense_replace=1)
CASES = {
    "deepseek_v3": ([SHAPE + LATENT, SHAPE + LATENT + "q_lora_rank = 28\nnum_nextn_predict_layers = 1\ntie_embeddings = false\n"
                     "n_group = 2\ntopk_group = 1\n"],
                    [dict(q_lora_rank=None, n_group=1, topk_group=1, **DEEPSEEK),
                     dict(q_lora_rank=20, n_group=4, topk_group=2, norm_topk_prob=False, n_shared_experts=2, **DEEPSEEK)]),
    "arcee": ([SHAPE + "key_value_heads = 2\n"], [dict(num_key_value_heads=1)]),
    "qwen3": ([SHAPE + "key_value_heads = 2\nhead_dim = 20\n"], [dict(num_key_value_heads=1, head_dim=16),
                                                                  dict(tie_word_embeddings=True, num_key_value_heads=4, head_dim=32)]),
    "nanochat": ([SHAPE + "key_value_heads = 2\n", SHAPE + "tie_embeddings = true\nfinal_logit_softcapping = 5\n"],
                 [dict(num_key_value_heads=1, final_logit_softcapping=8.0), dict(final_logit_softcapping=None)]),
}



def check_second_token(model):
    """The layer that transformers leaves out predicts the token after the next, when it is put together as transformers does."""
    from transformers.modeling_layers import MtpModel
    model._keys_to_ignore_on_load_unexpected = [rf"model\.layers\.{model.config.num_hidden_layers}.*"]  # 61 in its own
    second = MtpModel.from_pretrained(model).eval()
    text = torch.tensor([transformers.AutoTokenizer.from_pretrained(model.name_or_path)(prose(500, 12))["input_ids"][:120]])
    length = text.shape[1]

    def loss(logits, targets):
        return torch.nn.functional.cross_entropy(logits[0], targets[0]).item()

    with torch.no_grad():
        stream = model.model(text).last_hidden_state
        first = loss(model.lm_head(stream[:, :-2]), text[:, 2:])  # what the next token's prediction is worth for it
        seen = second.forward_layer(0, stream[:, :-1], torch.arange(1, length)[None], None, input_ids=text[:, 1:])
        right = loss(model.lm_head(seen[:, :-1]), text[:, 2:])
        weights = second.layers[0].eh_proj.weight
        weights.copy_(torch.roll(weights, weights.shape[1] // 2, 1))
        seen = second.forward_layer(0, stream[:, :-1], torch.arange(1, length)[None], None, input_ids=text[:, 1:])
        swapped = loss(model.lm_head(seen[:, :-1]), text[:, 2:])
    print(f"second token: {right:.2f} nats, {swapped:.2f} with its inputs swapped, {first:.2f} by the first")
    assert right < swapped - 0.2 and right < first - 0.2, (right, swapped, first)


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
        if "predict" not in toml:  # transformers leaves out the layer that predicts a second token
            assert model.num_parameters() == trained["parameters"]
        else:
            check_second_token(model)
        biases = [tensor for buffer, tensor in model.named_buffers() if "e_score_correction_bias" in buffer]
        assert name != "deepseek_v3" or (len(biases) == 2 and all(tensor.abs().min() > 0 for tensor in biases)), biases
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
        for buffer, tensor in model.named_buffers():
            if "e_score_correction_bias" in buffer:
                tensor.copy_(0.2 * torch.randn_like(tensor))
        model.save_pretrained(out)
        make_tokenizer(out)
        model = transformers.AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
        error = check_logits(out, model, 200)
        print(f"{name} {i}, written by transformers: logits within {error:.1e}")
