#!/usr/bin/env python3
"""Training steps of one Llama: pith beside PyTorch, in 32-bit floats and bfloat16, eager and compiled, in one run.

    bench/train_step.py [--threads 2] [--rounds 5] [--sizes 1.3M 3.5M 30M 100M] [--modes ...] [--markdown FILE]

All start from the same weights, take the same batches, clip the gradient norm at 1 and step AdamW. Their first losses
must agree to 1e-4 (else 1e-3), else there is no number. PyTorch's bfloat16 is autocast, its usual way. Rounds are
interleaved; rates are of the best round of each, since a machine is disturbed by others and never sped up by them.
FLOPs: 6 for each weight of a matrix and token, and attention's products without what causality spares; peaks are
measured by bench/machine.cc in the same run. Needs `pip install torch`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from common import ROOT, machine, row

PROGRAMS = ROOT / "build/release/bench"
LEARNING_RATE = 1e-3
CHECKED_STEPS = 3

SIZES = {
    "1.3M": dict(vocab=4096, C=128, F=352, layers=4, heads=4, kv_heads=4, B=8, T=256),
    "3.5M": dict(vocab=4096, C=224, F=608, layers=4, heads=7, kv_heads=7, B=8, T=256),
    "30M": dict(vocab=8192, C=512, F=1408, layers=8, heads=8, kv_heads=8, B=8, T=256),
    "100M": dict(vocab=16384, C=768, F=2048, layers=12, heads=12, kv_heads=12, B=8, T=256),
    "1.3M, grouped": dict(vocab=4096, C=128, F=352, layers=4, heads=4, kv_heads=2, B=16, T=256),
}

# Name: (side, precision, compiled)
MODES = {
    "pith float32": ("pith", "float32", False),
    "pith bfloat16": ("pith", "bfloat16", False),
    "pith int8": ("pith", "int8", False),
    "PyTorch float32": ("torch", "float32", False),
    "PyTorch float32 compiled": ("torch", "float32", True),
    "PyTorch bfloat16": ("torch", "bfloat16", False),
    "PyTorch bfloat16 compiled": ("torch", "bfloat16", True),
}


def flops_of_token(size):
    """Forward and backward; attention sees half of T keys on average."""
    C, D = size["C"], size["C"] // size["heads"]
    layer = C * (size["heads"] + 2 * size["kv_heads"]) * D + C * C + 3 * C * size["F"]
    return 6 * (size["vocab"] * C + size["layers"] * layer) + size["layers"] * 12 * (size["T"] / 2) * C


def peak_memory(pid):
    """Most resident bytes that the process has had."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


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
    """PyTorch in a process of its own, so that its peak of memory is its own; this class on both ends of the pipe."""

    def __init__(self, size, folder, precision, compiled, threads, processor_time):
        arguments = [json.dumps(size), folder, precision, int(compiled), threads, int(processor_time)]
        self.process = subprocess.Popen([sys.executable, __file__, "--serve-torch", *map(str, arguments)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def steps(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        seconds, *losses = map(float, self.process.stdout.readline().split())
        return seconds, losses

    def close(self):
        memory = peak_memory(self.process.pid)
        self.process.stdin.close()
        self.process.wait()
        return memory


def serve_torch(size, folder, precision, compiled, threads, processor_time):
    size, folder = json.loads(size), Path(folder)
    torch.set_num_threads(int(threads))
    torch.set_flush_denormal(True)
    model = Llama(size)
    model.load_state_dict(torch.load(folder / "state", weights_only=True))
    run = torch.compile(model) if int(compiled) else model
    parameters = list(model.parameters())
    groups = [dict(params=[p for p in parameters if p.dim() == 2], weight_decay=0.1),
              dict(params=[p for p in parameters if p.dim() == 1], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.95), eps=1e-8, fused=True)
    batches, taken = torch.load(folder / "batches", weights_only=True), 0
    for line in sys.stdin:
        losses = []
        start, worked = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            batch = batches[taken % len(batches)]
            taken += 1
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
                loss = run(batch[:, :-1], batch[:, 1:])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0, foreach=True)
            optimizer.step()
            losses.append(loss.detach())
        seconds = time.process_time() - worked if int(processor_time) else time.perf_counter() - start
        print(seconds, *[float(loss) for loss in losses], flush=True)


class PithSide:
    def __init__(self, size, folder, precision, threads, processor_time):
        self.processor_time = processor_time
        config = dict(model_type="llama", vocab_size=size["vocab"], hidden_size=size["C"], intermediate_size=size["F"],
                      num_hidden_layers=size["layers"], num_attention_heads=size["heads"],
                      num_key_value_heads=size["kv_heads"], head_dim=size["C"] // size["heads"],
                      max_position_embeddings=size["T"], rms_norm_eps=1e-5, rope_theta=10000.0,
                      tie_word_embeddings=True)
        (folder / "config.json").write_text(json.dumps(config))
        arguments = [folder / "config.json", folder / "weights", folder / "tokens", size["B"], size["T"], threads,
                     LEARNING_RATE, precision]
        self.process = subprocess.Popen([PROGRAMS / "train_step_bench", *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def steps(self, count):
        self.process.stdin.write(f"step {count}\n")
        self.process.stdin.flush()
        seconds, worked, *losses = map(float, self.process.stdout.readline().split())
        return worked if self.processor_time else seconds, losses

    def close(self):
        memory = peak_memory(self.process.pid)
        self.process.stdin.close()
        self.process.wait()
        return memory


def write_inputs(size, folder):
    """What all sides start from; returns the number of parameters."""
    torch.manual_seed(1)
    model = Llama(size)
    batches = list(torch.randint(0, size["vocab"], (8, size["B"], size["T"] + 1)))
    torch.save(model.state_dict(), folder / "state")
    torch.save(batches, folder / "batches")
    with open(folder / "weights", "wb") as file:
        for p in model.in_pith_order():
            file.write(p.detach().numpy().astype("<f4").tobytes())
    (folder / "tokens").write_bytes(torch.stack(batches).to(torch.int32).numpy().tobytes())
    return sum(p.numel() for p in model.parameters())


def prepare(name, size, options):
    """({mode: side}, the number of parameters): all warm, with losses that agree."""
    first, sides = {}, {}
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        parameters = write_inputs(size, folder)
        for mode in options.modes:
            kind, precision, compiled = MODES[mode]
            sides[mode] = (PithSide(size, folder, precision, options.threads, options.processor_time) if kind == "pith"
                           else TorchSide(size, folder, precision, compiled, options.threads, options.processor_time))
            first[mode] = sides[mode].steps(CHECKED_STEPS)[1]
    exact = next((first[mode] for mode in first if MODES[mode][1] == "float32"), next(iter(first.values())))
    for mode, losses in first.items():
        tolerance = 1e-4 if MODES[mode][1] == "float32" else 1e-3
        if any(abs(ours - theirs) > tolerance * theirs for ours, theirs in zip(losses, exact)):
            raise SystemExit(f"{name}: losses of {mode} differ: {first}")
    return sides, parameters


def measure(name, size, sides, parameters, peaks, options):
    """Lines of the table."""
    rates, memory = {mode: [] for mode in sides}, {}
    steps = max(1, round(options.seconds / 6 * 1e11 / (flops_of_token(size) * size["B"] * size["T"])))
    for _ in range(options.rounds):
        for mode, side in sides.items():
            side.steps(1)  # warm again after the others
            seconds, _ = side.steps(steps)
            rates[mode].append(steps * size["B"] * size["T"] / seconds)
    for mode, side in sides.items():
        memory[mode] = side.close()
    best = {mode: max(values) for mode, values in rates.items()}
    theirs = {mode: rate for mode, rate in best.items() if MODES[mode][0] == "torch"}
    rival = max(theirs.values()) if theirs else None
    for mode in best:
        if MODES[mode][0] == "pith" and theirs:
            row(f"training, {name}, {MODES[mode][1]}", "tokens/s", options.threads, best[mode],
                {mode.replace("PyTorch", "PyTorch " + torch.__version__): rate for mode, rate in theirs.items()})
    lines = []
    for mode, rate in best.items():
        gflops = rate * flops_of_token(size) / 1e9
        ratio = f"{rate / rival:.2f}" if rival and MODES[mode][0] == "pith" else ""
        lines.append(f"| {name} ({parameters / 1e6:.1f}M) | {mode} | {rate:,.0f} | {statistics.median(rates[mode]):,.0f} | {gflops:.0f} "
                     f"| {gflops / peaks['float32']['all']:.0%} | {gflops / peaks['bfloat16' if MODES[mode][1] != 'float32' and peaks.get('bfloat16', {}).get('all') else 'float32']['all']:.0%} "
                     f"| {memory[mode] / 2**20:,.0f} | {memory[mode] / parameters:.1f} | {ratio} |")
        print(lines[-1], flush=True)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one side in one round, about")
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=["1.3M", "3.5M"], help="30M and 100M take minutes each")
    parser.add_argument("--modes", nargs="*", choices=MODES, default=list(MODES))
    parser.add_argument("--pause", action="store_true",
                        help="compile and warm up all sizes, then wait for a line on standard input: only what follows needs a machine by itself")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    parser.add_argument("--processor-time", action="store_true",
                        help="rates by processor time, not wall time: for one thread on a machine that is not idle")
    options = parser.parse_args()
    if "avx512_bf16" not in Path("/proc/cpuinfo").read_text():
        options.modes = [mode for mode in options.modes if MODES[mode][0] == "torch" or MODES[mode][1] == "float32"]
    prepared = {}
    if options.pause:
        prepared = {name: prepare(name, SIZES[name], options) for name in options.sizes}
        print("ready", file=sys.stderr, flush=True)
        sys.stdin.readline()
    text = subprocess.run([PROGRAMS / "machine", str(options.threads)], check=True, capture_output=True, text=True).stdout
    peaks = json.loads(text)
    lines = [f"{machine()}, {options.threads} threads; PyTorch {torch.__version__}; best of {options.rounds} rounds"
             + (", by processor time" if options.processor_time else ""), "",
             f"GFLOP/s of the best product, memory in GB/s: {text.strip()}", "",
             "| model | mode | tokens/s | median | GFLOP/s | of the float32 peak | of the bfloat16 peak (float32: of that) | peak MiB | bytes a parameter "
             "| times PyTorch's best |", "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    print("\n".join(lines), flush=True)
    for name in options.sizes:
        sides, parameters = prepared.get(name) or prepare(name, SIZES[name], options)
        lines += measure(name, SIZES[name], sides, parameters, peaks, options)
    if options.markdown:
        options.markdown.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve-torch"]:
        serve_torch(*sys.argv[2:])
    else:
        main()
