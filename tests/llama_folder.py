"""Makes small Llama model folders with random weights, and a byte-level tokenizer that fits them."""
import os

SPECIALS = ["<|bos|>", "<|eos|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
TEXT = ["The quick brown fox jumps over the lazy dog. " * 3, "机器学习是人工智能的一个分支。\n" * 3,
        "def f(x):\n    return x * 2  # 数字 😀\n", "Once upon a time there was a small model. "]


def make_tokenizer(folder, vocab=512):
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
               r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=vocab, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    return tokenizer


def make_llama(folder, *, hidden=64, layers=2, heads=4, kv_heads=2, intermediate=176, vocab=512,
               context=256, tied=True, theta=10000.0, dtype="float32", seed=0, scale=0.1, shards=None,
               head_dim=None, ends=True):
    """Writes the folder and returns the LlamaForCausalLM, in float32. With ends=False the tokens
    that end a text have a logit of 0, so that greedy decoding never comes to an end."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    torch.manual_seed(seed)
    extra = {} if head_dim is None else {"head_dim": head_dim}
    config = LlamaConfig(
        vocab_size=vocab, hidden_size=hidden, intermediate_size=intermediate,
        num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv_heads,
        max_position_embeddings=context, rms_norm_eps=1e-5, tie_word_embeddings=tied,
        rope_theta=theta, bos_token_id=0, eos_token_id=1, initializer_range=scale, **extra)
    model = LlamaForCausalLM(config).to(getattr(torch, dtype))
    for name, tensor in model.named_parameters():  # norms other than all ones
        if "norm" in name:
            tensor.data += 0.2 * torch.randn_like(tensor)
    if not ends:
        for token in ("<|eos|>", "<|end|>"):
            model.lm_head.weight.data[SPECIALS.index(token)] = 0
    model.save_pretrained(folder, **({} if shards is None else {"max_shard_size": shards}))
    make_tokenizer(folder, min(vocab, 512))
    return LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
