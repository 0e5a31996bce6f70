#!/usr/bin/env python3
"""Training steps of one Llama: pith beside PyTorch, eager and compiled, in one interleaved run.

    bench/train_step.py [--program build/release/bench/train_step_bench] [--threads 2] [--rounds 7]

All three start from the same weights, take the same batches in 32-bit floats, clip the gradient norm
at 1 and step AdamW. Their first losses must agree to 1e-4, else there is no number. Needs `pip install torch`.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from common import ROOT, machine, row

LEARNING_RATE = 1e-3
CHECKED_STEPS = 4

SIZES = {
    "1M": dict(vocab=4096, C=128, F=352, layers=4, heads=4, kv_heads=4, B=8, T=256),
    "4M": dict(vocab=4096, C=256, F=704, layers=4, heads=8, kv_heads=8, B=8, T=256),
    "4M, B=16": dict(vocab=4096, C=256, F=704, layers=4, heads=8, kv_heads=8, B=16, T=256),
    "1M, grouped": dict(vocab=4096, C=128, F=352, layers=4, heads=4, kv_heads=2, B=16, T=256),
}


class Block(nn.Module):
    """One layer; q, k, v and gate, up are one product each, as a tuned PyTorch model has them."""

    def __init__(self, size):
        super().__init__()
        self.heads, self.kv_heads, C = size["heads"], size["kv_heads"], size["C"]
        self.D = C // self.heads
        self.norm1 = nn.RMSNorm(C, eps=1e-5)
        self.qkv = nn.Linear(C, (self.heads + 2 * self.kv_heads) * self.D, bias=False)
        self.o = nn.Linear(C, C, bias=False)
        self.norm2 = nn.RMSNorm(C, eps=1e-5)
        self.gate_up = nn.Linear(C, 2 * size["F"], bias=False)
        self.down = nn.Linear(size["F"], C, bias=False)

    def forward(self, x, cosine, sine):
        B, T, C = x.shape
        qkv = self.qkv(self.norm1(x)).view(B, T, self.heads + 2 * self.kv_heads, self.D).transpose(1, 2)
        turned, v = qkv.split([self.heads + self.kv_heads, self.kv_heads], dim=1)
        low, high = turned.chunk(2, dim=-1)
        turned = turned * cosine + torch.cat((-high, low), dim=-1) * sine
        q, k = turned.split([self.heads, self.kv_heads], dim=1)
        grouped = self.heads != self.kv_heads
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=grouped)
        x = x + self.o(attended.transpose(1, 2).reshape(B, T, C))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Llama(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.embedding = nn.Embedding(size["vocab"], size["C"])
        self.blocks = nn.ModuleList(Block(size) for _ in range(size["layers"]))
        self.norm = nn.RMSNorm(size["C"], eps=1e-5)
        D = size["C"] // size["heads"]
        frequencies = 1.0 / 10000 ** (torch.arange(0, D, 2).float() / D)
        angles = torch.outer(torch.arange(size["T"]).float(), frequencies)
        self.register_buffer("cosine", torch.cat((angles, angles), dim=-1).cos())
        self.register_buffer("sine", torch.cat((angles, angles), dim=-1).sin())
        for p in self.parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02)

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cosine, self.sine)
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))

    def in_pith_order(self):
        yield self.embedding.weight
        for block in self.blocks:
            yield from (block.norm1.weight, block.qkv.weight, block.o.weight, block.norm2.weight,
                        block.gate_up.weight, block.down.weight)
        yield self.norm.weight


class TorchSide:
    def __init__(self, size, weights, batches, compiled, processor_time):
        self.processor_time = processor_time
        self.model = Llama(size)
        self.model.load_state_dict(weights)
        self.run = torch.compile(self.model) if compiled else self.model
        self.parameters = list(self.model.parameters())
        groups = [dict(params=[p for p in self.parameters if p.dim() == 2], weight_decay=0.1),
                  dict(params=[p for p in self.parameters if p.dim() == 1], weight_decay=0.0)]
        self.optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.95), eps=1e-8, fused=True)
        self.batches, self.taken = batches, 0

    def steps(self, count):
        losses = []
        start, worked = time.perf_counter(), time.process_time()
        for _ in range(count):
            batch = self.batches[self.taken % len(self.batches)]
            self.taken += 1
            loss = self.run(batch[:, :-1], batch[:, 1:])
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters, 1.0, foreach=True)
            self.optimizer.step()
            losses.append(loss.detach())
        seconds = time.process_time() - worked if self.processor_time else time.perf_counter() - start
        return seconds, [float(loss) for loss in losses]


class PithSide:
    def __init__(self, program, size, model, batches, threads, folder, processor_time):
        self.processor_time = processor_time
        config = dict(model_type="llama", vocab_size=size["vocab"], hidden_size=size["C"], intermediate_size=size["F"],
                      num_hidden_layers=size["layers"], num_attention_heads=size["heads"],
                      num_key_value_heads=size["kv_heads"], head_dim=size["C"] // size["heads"],
                      max_position_embeddings=size["T"], rms_norm_eps=1e-5, rope_theta=10000.0,
                      tie_word_embeddings=True)
        (folder / "config.json").write_text(json.dumps(config))
        with open(folder / "weights", "wb") as file:
            for p in model.in_pith_order():
                file.write(p.detach().numpy().astype("<f4").tobytes())
        (folder / "tokens").write_bytes(torch.stack(batches).to(torch.int32).numpy().tobytes())
        arguments = [folder / "config.json", folder / "weights", folder / "tokens", size["B"], size["T"], threads,
                     LEARNING_RATE]
        self.process = subprocess.Popen([program, *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def steps(self, count):
        self.process.stdin.write(f"step {count}\n")
        self.process.stdin.flush()
        seconds, worked, *losses = map(float, self.process.stdout.readline().split())
        return worked if self.processor_time else seconds, losses

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(name, size, options):
    torch.manual_seed(1)
    model = Llama(size)
    batches = list(torch.randint(0, size["vocab"], (8, size["B"], size["T"] + 1)))
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    with tempfile.TemporaryDirectory() as folder:
        sides = {"pith": PithSide(options.program, size, model, batches, options.threads, Path(folder),
                                  options.processor_time),
                 "PyTorch eager": TorchSide(size, weights, batches, False, options.processor_time)}
        if not options.no_compile:
            sides["PyTorch compiled"] = TorchSide(size, weights, batches, True, options.processor_time)
        first = {side: run.steps(CHECKED_STEPS)[1] for side, run in sides.items()}
        for side, losses in first.items():
            for ours, theirs in zip(losses, first["PyTorch eager"]):
                if abs(ours - theirs) > 1e-4 * theirs:
                    raise SystemExit(f"{name}: losses of {side} differ from PyTorch's: {first}")
        rates = {side: [] for side in sides}
        for _ in range(options.rounds):
            for side, run in sides.items():
                run.steps(1)  # warm again after the others
                seconds, _ = run.steps(options.steps)
                rates[side].append(options.steps * size["B"] * size["T"] / seconds)
        sides["pith"].close()
    parameters = sum(p.numel() for p in model.parameters())
    print(f"\n{name}: {parameters:,} parameters, vocabulary {size['vocab']}, width {size['C']}, {size['layers']} layers, "
          f"{size['B']} x {size['T']} tokens a step; losses of {CHECKED_STEPS} steps agree to 1e-4")
    row(f"training, {name}", "tokens/s", options.threads, statistics.median(rates["pith"]),
        {f"{side.replace('PyTorch', 'PyTorch ' + torch.__version__)}": statistics.median(values)
         for side, values in rates.items() if side != "pith"})
    print(f"{'tokens per second':<18}{'min':>10}{'median':>10}{'max':>10}   pith is, by medians")
    ours = statistics.median(rates["pith"])
    for side, values in rates.items():
        ratio = "" if side == "pith" else f"{ours / statistics.median(values):>8.2f} times as fast"
        print(f"{side:<18}{min(values):>10,.0f}{statistics.median(values):>10,.0f}{max(values):>10,.0f}{ratio}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/bench/train_step_bench")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=8, help="steps of one side in one round")
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--processor-time", action="store_true",
                        help="rates by processor time, not wall time: for one thread on a machine that is not idle")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    print(f"{machine()}, {options.threads} threads; PyTorch {torch.__version__}; {options.rounds} rounds of {options.steps} steps"
          + (", by processor time" if options.processor_time else ""))
    for name in options.sizes:
        torch._dynamo.reset()
        measure(name, SIZES[name], options)


if __name__ == "__main__":
    main()
