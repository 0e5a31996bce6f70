"""The program's logits and greedy continuations equal those of transformers (float32).

Usage: transformers_parity.py [PITH] [LOGITS_TOOL]   (or from the environment: PITH, PITH_BUILD)
"""
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    import transformers  # noqa: F401
    import tokenizers  # noqa: F401
except ImportError as error:
    print(f"SKIP: {error}")
    sys.exit(77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from llama_folder import make_llama  # noqa: E402

PITH = sys.argv[1] if len(sys.argv) > 1 else os.environ["PITH"]
TOOL = (sys.argv[2] if len(sys.argv) > 2
        else os.path.join(os.environ.get("PITH_BUILD", os.path.dirname(PITH)), "infer_logits_tool"))

MODELS = {
    "tied, grouped queries": dict(),
    "untied, one key-value head": dict(tied=False, kv_heads=1),
    "all heads, odd sizes": dict(hidden=72, heads=3, kv_heads=3, intermediate=100, vocab=523),
    "head_dim of its own, far theta": dict(head_dim=24, theta=500000.0, layers=3),
    "bfloat16": dict(dtype="bfloat16"),
    "float16, shards": dict(dtype="float16", shards="100KB"),
}


def pith_logits(folder, ids, vocab, chunk, threads):
    done = subprocess.run([TOOL, folder, str(chunk), str(threads)], check=True, timeout=120,
                          input=" ".join(map(str, ids)).encode(), stdout=subprocess.PIPE)
    return np.frombuffer(done.stdout, dtype=np.float32).reshape(len(ids), vocab)


def check(name, options):
    with tempfile.TemporaryDirectory() as folder:
        model = make_llama(folder, **options)
        vocab = model.config.vocab_size
        ids = torch.randint(0, vocab, (1, 200), generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            expected = model(ids).logits[0].numpy()
        whole = pith_logits(folder, ids[0].tolist(), vocab, 0, 1)
        # A logit is a sum, so its error goes with the size of the row, not of the logit.
        error = np.max(np.abs(whole - expected) / np.max(np.abs(expected), axis=1, keepdims=True))
        assert error < 1e-4, f"{name}: relative error {error}"
        for chunk, threads in ((1, 1), (7, 2), (129, 3)):
            again = pith_logits(folder, ids[0].tolist(), vocab, chunk, threads)
            assert np.array_equal(whole, again), f"{name}: {chunk} at once, {threads} threads differ"

        prompt = "The quick brown 机器"
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_file=os.path.join(folder, "tokenizer.json"))
        begin = torch.tensor([[0] + tokenizer(prompt, add_special_tokens=False)["input_ids"]])
        with torch.no_grad():
            banned = [i for i in range(2, 6)]  # specials that are no end
            greedy = model.generate(begin, max_new_tokens=60, do_sample=False,
                                    eos_token_id=[1, 6], suppress_tokens=banned, pad_token_id=2)
        wanted = greedy[0, begin.shape[1]:].tolist()
        wanted = [i for i in wanted if i not in (1, 6)]
        done = subprocess.run([PITH, "generate", folder, "--prompt", prompt, "--tokens", "60",
                               "--temperature", "0", "--json"], check=True, timeout=120,
                              stdout=subprocess.PIPE)
        got = json.loads(done.stdout.decode().splitlines()[-1])
        assert got["ids"] == wanted, f"{name}: greedy {got['ids']} is not {wanted}"
        print(f"{name}: logits within {error:.1e}, {len(wanted)} greedy tokens equal")


for model_name, model_options in MODELS.items():
    check(model_name, model_options)
