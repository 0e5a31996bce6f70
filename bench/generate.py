#!/usr/bin/env python3
"""Reading a prompt and writing tokens: pith beside llama.cpp and transformers, interleaved in one run.

    bench/generate.py [--threads 2] [--rounds 5] [--prompt 512] [--tokens 128] [--size 4M]

The three get the same random Llama weights in 32-bit floats (llama.cpp as a GGUF written here, with
32-bit keys and values), the same prompt ids and the same number of threads. They must continue it with
the same tokens (greedily; the first that differs must be a tie to 1e-4), else there is no number. llama.cpp's
flash attention, its default, computes with 16 bits in places: it has a row of its own and may differ by 2e-3.
pith is timed as people use it, choosing and decoding tokens included; of llama.cpp only llama_decode is timed,
of transformers only the model's forward pass. Needs scripts/setup bench.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
import torch
import transformers

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from common import row  # noqa: E402
from llama_folder import TEXT, make_llama  # noqa: E402

SIZES = {
    "4M": dict(vocab=4096, hidden=256, layers=4, heads=4, kv_heads=4, intermediate=704),
    "4M, grouped": dict(vocab=4096, hidden=256, layers=4, heads=4, kv_heads=2, intermediate=704),
    "30M": dict(vocab=16384, hidden=512, layers=8, heads=8, kv_heads=4, intermediate=1376),
}


def write_gguf(path, model):
    """The model for llama.cpp, whose RoPE turns neighbouring rows where Llama's turns halves."""
    config = model.config
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("no_vocab")  # it is given ids

    def pairs(weight, heads):
        return weight.reshape(heads, 2, -1, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)

    names = {"input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
             "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
             "mlp.down_proj": "ffn_down"}
    top = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    for name, tensor in model.state_dict().items():
        value = tensor.float().numpy()
        if "q_proj" in name:
            value = pairs(value, config.num_attention_heads)
        elif "k_proj" in name:
            value = pairs(value, config.num_key_value_heads)
        if name.startswith("model.layers."):
            layer, part = name.removeprefix("model.layers.").removesuffix(".weight").split(".", 1)
            writer.add_tensor(f"blk.{layer}.{names[part]}.weight", value)
        elif name in top:
            writer.add_tensor(top[name], value)
        elif not config.tie_word_embeddings:
            writer.add_tensor("output.weight", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class LlamaCpp:
    def __init__(self, path, vocab, context, threads, flash):
        self.vocab = vocab

        @llama_cpp.llama_log_callback
        def quiet(level, text, data):
            if level == 4:  # an error
                sys.stderr.write(text.decode())

        self.quiet = quiet
        llama_cpp.llama_log_set(quiet, None)
        llama_cpp.llama_backend_init()
        options = llama_cpp.llama_model_default_params()
        options.use_mmap = False
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), options)
        assert self.model, "llama.cpp does not load the GGUF"
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = options.n_batch = context
        options.n_threads = options.n_threads_batch = threads
        options.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        options.type_k = options.type_v = llama_cpp.GGML_TYPE_F32
        self.context = llama_cpp.llama_init_from_model(self.model, options)
        assert self.context, "llama.cpp makes no context"

    def decode(self, ids):
        """Runs ids behind what was run before; the logits behind the last, and the seconds."""
        array = (llama_cpp.llama_token * len(ids))(*ids)
        begin = time.perf_counter()
        assert llama_cpp.llama_decode(self.context, llama_cpp.llama_batch_get_one(array, len(ids))) == 0
        pointer = llama_cpp.llama_get_logits_ith(self.context, -1)  # waits for the end
        seconds = time.perf_counter() - begin
        return np.ctypeslib.as_array(pointer, shape=(self.vocab,)), seconds

    def generate(self, ids, count, banned):
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)
        logits, prefill = self.decode(ids)
        return greedy(logits, count, banned, self.decode, prefill)


class Transformers:
    def __init__(self, model, threads):
        torch.set_num_threads(threads)
        self.model = model

    def decode(self, ids):
        begin = time.perf_counter()
        with torch.inference_mode():
            out = self.model(torch.tensor([ids]), cache=self.cache, use_cache=True, logits_to_keep=1)
        self.cache = out.past_key_values
        seconds = time.perf_counter() - begin
        return out.logits[0, -1].numpy(), seconds

    def generate(self, ids, count, banned):
        self.cache = None
        logits, prefill = self.decode(ids)
        return greedy(logits, count, banned, self.decode, prefill)


def greedy(logits, count, banned, decode, prefill):
    """count tokens and their logits, with the seconds of prompt and tokens."""
    ids, rows, seconds = [], [], 0.0
    while True:
        row = logits.copy()
        row[banned] = -np.inf
        rows.append(row)
        ids.append(int(row.argmax()))
        if len(ids) == count:
            return dict(ids=ids, rows=rows, prefill=prefill, decode=seconds)
        logits, took = decode(ids[-1:])
        seconds += took


def pith(program, folder, prompt, count, threads):
    done = subprocess.run([program, "generate", folder, "--prompt", prompt, "--tokens", str(count), "--temperature", "0",
                           "--threads", str(threads), "--json"], check=True, capture_output=True, text=True)
    result = json.loads(done.stdout.splitlines()[-1])
    return dict(ids=result["ids"], prompt_tokens=result["prompt_tokens"],
                prefill=result["prompt_tokens"] / result["prompt_tokens_per_second"],
                decode=len(result["ids"]) / result["tokens_per_second"])


def check(name, ids, reference, tolerance):
    """The same tokens up to a tie of the reference's logits."""
    for place, (id, wanted) in enumerate(zip(ids, reference["ids"], strict=True)):
        if id != wanted:
            row = reference["rows"][place]
            gap = (row[wanted] - row[id]) / np.abs(row[np.isfinite(row)]).max()
            assert gap < tolerance, f"{name}: token {place} is {id}, not {wanted}, by {gap:.1e} of the largest logit"
            return f"the first {place}, then a tie"
    return f"all {len(ids)}"


def bench(name, size, arguments, folder):
    context = arguments.prompt + arguments.tokens + 8
    model = make_llama(folder, context=context, ends=False, scale=0.05, **size)
    write_gguf(folder / "model.gguf", model)
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    text = " ".join(TEXT) * (arguments.prompt // 20 + 1)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"][: arguments.prompt - 1]
    prompt = tokenizer.decode(ids)
    ids = [0, *tokenizer(prompt, add_special_tokens=False)["input_ids"]]
    banned = [0, 2, 3, 4, 5]  # special tokens that are no end, as pith has it

    llama, flash = (LlamaCpp(folder / "model.gguf", size["vocab"], context, arguments.threads, flash) for flash in (False, True))
    programs = {
        "pith": lambda: pith(arguments.program, folder, prompt, arguments.tokens, arguments.threads),
        "llama.cpp": lambda: llama.generate(ids, arguments.tokens, banned),
        "llama.cpp, flash": lambda: flash.generate(ids, arguments.tokens, banned),
        "transformers": lambda: transformer.generate(ids, arguments.tokens, banned),
    }
    transformer = Transformers(model, arguments.threads)
    reference = transformer.generate(ids, arguments.tokens, banned)
    agreed = {}
    for program, tolerance in {"pith": 1e-4, "llama.cpp": 1e-4, "llama.cpp, flash": 2e-3}.items():
        found = programs[program]()
        assert found.get("prompt_tokens", len(ids)) == len(ids), "pith reads the prompt as other tokens"
        agreed[program] = check(program, found["ids"], reference, tolerance)
    times = {program: [] for program in programs}
    for _ in range(arguments.rounds):
        for program, generate in programs.items():
            found = generate()
            # The first token costs the prompt alone.
            written = arguments.tokens if program == "pith" else arguments.tokens - 1
            times[program].append((len(ids) / found["prefill"], written / found["decode"]))

    print(f"\n{name}: {model.num_parameters():,} parameters, a prompt of {len(ids)} tokens, {arguments.tokens} written; "
          "tokens equal to transformers': " + "; ".join(f"{program} {what}" for program, what in agreed.items()))
    print(f"  {'':16} {'prompt tokens/s':>16} {'to pith':>8}   {'tokens/s':>9} {'to pith':>8}")
    middle = {program: [statistics.median(column) for column in zip(*rows)] for program, rows in times.items()}
    for program, (read, wrote) in middle.items():
        print(f"  {program:16} {read:16,.0f} {read / middle['pith'][0]:8.2f}   {wrote:9,.0f} {wrote / middle['pith'][1]:8.2f}")
    rivals = {program: rates for program, rates in middle.items() if program != "pith"}
    for column, what in enumerate(("reading a prompt", "decoding")):
        row(f"{what}, {name}", "tokens/s", arguments.threads, middle["pith"][column],
            {program: rates[column] for program, rates in rivals.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/pith")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--size", choices=SIZES, action="append")
    arguments = parser.parse_args()
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    print(f"{cpu}, {arguments.threads} threads, medians of {arguments.rounds} interleaved rounds; llama-cpp-python "
          f"{llama_cpp.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")
    transformers.utils.logging.disable_progress_bar()
    for name in arguments.size or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            bench(name, SIZES[name], arguments, Path(folder))


main()
