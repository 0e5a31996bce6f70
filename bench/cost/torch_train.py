#!/usr/bin/env python3
"""Trains a rival in PyTorch and judges it: a process by itself, so that all its CPU time can be counted.

    python -m cost.torch_train SETTINGS.json RESULT.json

SETTINGS: recipe (gpt2, nanochat), width, layers, heads, vocab, context, rows (a step), rows_at_once, learning_rate and what
else its optimizer takes, clip, precision (fp32, bf16), threads, seed; tokens (a .bin), tokenizer, judge ({name: file});
and either train_tokens or core_seconds: then the rate of the first steps after compiling says how many tokens that buys, or
tokens_a_core_second, a rate that was measured before on a quiet machine: on a busy one the training takes longer but learns the
same. Neither compiling, nor those first steps, nor the judging is charged.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn

from .torch_judge import judge
from .torch_models import MODELS
from .torch_optimizers import OPTIMIZERS

MEASURED_SECONDS = float(os.environ.get("MEASURED_SECONDS", 12))  # of steps that say how fast this is


class Rows:
    """Rows of T + 1 tokens in an order drawn anew each epoch; each epoch cuts the stream at other places."""

    def __init__(self, file, T, rows, seed):
        self.ids = numpy.memmap(file, dtype=numpy.uint16, mode="r")
        self.T, self.rows, self.random, self.left, self.epochs = T, rows, numpy.random.default_rng(seed), [], 0

    def next(self):
        if len(self.left) < self.rows:
            shift = self.random.integers(self.T)
            self.left = list(self.random.permutation((len(self.ids) - 1 - shift) // self.T) * self.T + shift)
            self.epochs += 1
        taken = [self.left.pop() for _ in range(self.rows)]
        block = torch.from_numpy(numpy.stack([self.ids[at : at + self.T + 1] for at in taken]).astype(numpy.int64))
        return block[:, :-1], block[:, 1:]


class Training:
    def __init__(self, settings):
        self.settings = settings
        torch.manual_seed(settings["seed"])
        self.model = MODELS[settings["recipe"]](settings["vocab"], settings["width"], settings["layers"], settings["heads"], settings["context"])
        self.optimizers = OPTIMIZERS[settings["recipe"]](self.model, settings)
        self.rates = [[group["lr"] for group in optimizer.param_groups] for optimizer, _ in self.optimizers]
        self.compiled = torch.compile(self.model, mode=settings.get("compile_mode")) if settings.get("compile", True) else self.model
        self.parameters = list(self.model.parameters())
        self.rows = Rows(settings["tokens"], settings["context"], settings["rows"], settings["seed"])

    def autocast(self):
        return torch.autocast("cpu", torch.bfloat16) if self.settings["precision"] == "bf16" else contextlib.nullcontext()

    def step(self, done):
        ids, targets = self.rows.next()
        at_once = self.settings["rows_at_once"]
        passes = self.settings["rows"] // at_once
        loss_of_step = 0.0
        for i in range(passes):
            part = slice(i * at_once, (i + 1) * at_once)
            with self.autocast():
                loss = self.compiled(ids[part], targets[part])
            (loss / passes).backward()
            loss_of_step += loss.detach() / passes
        if self.settings.get("clip"):
            nn.utils.clip_grad_norm_(self.parameters, self.settings["clip"], foreach=True)
        for (optimizer, schedule), rates in zip(self.optimizers, self.rates):
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * schedule(done)
            optimizer.step()
        for p in self.parameters:
            p.grad = None
        return loss_of_step

    def step_tokens(self):
        return self.settings["rows"] * self.settings["context"]

    def core_seconds(self):
        """Of a step, measured after everything is compiled; the model is trained a bit by it."""
        for _ in range(3):
            self.step(0.001)
        begin, steps = time.process_time(), 0
        while time.process_time() - begin < MEASURED_SECONDS:
            self.step(0.001)
            steps += 1
        return (time.process_time() - begin) / steps


def main():
    settings = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(settings["threads"])
    torch.set_flush_denormal(True)
    result, known = {"step_core_seconds": None}, None
    if "core_seconds" in settings:
        known = settings.get("tokens_a_core_second")
        result["step_core_seconds"] = settings["rows"] * settings["context"] / known if known else Training(settings).core_seconds()
        steps = int(settings["core_seconds"] / result["step_core_seconds"])
        print(f"{settings['rows'] * settings['context'] / result['step_core_seconds']:,.0f} tokens a core-second", flush=True)
        if settings.get("measure_only"):
            Path(sys.argv[2]).write_text(json.dumps(result | {"settings": settings}))
            return
    else:
        steps = int(settings["train_tokens"]) // (settings["rows"] * settings["context"])
    training = Training(settings)
    if "core_seconds" not in settings or known:
        training.step(0.0)  # compiles
        training = Training(settings)
    begin, wall = time.process_time(), time.perf_counter()
    losses = []
    for step in range(steps):
        losses.append(training.step((step + 1) / steps))
        if (step + 1) % max(1, steps // 10) == 0:
            recent = float(torch.stack(losses[-max(1, steps // 20) :]).mean())
            print(f"step {step + 1}/{steps} loss {recent:.4f} {time.process_time() - begin:.0f} core-seconds", flush=True)
    result |= {"steps": steps, "tokens": steps * training.step_tokens(), "epochs": training.rows.epochs, "final_loss": recent,
               "train_core_seconds": time.process_time() - begin, "train_wall_seconds": time.perf_counter() - wall,
               "parameters": sum(p.numel() for p in training.parameters),
               "judged": judge(training.model, settings["tokenizer"], settings["judge"], settings["context"], training.autocast),
               "settings": settings}
    part = Path(sys.argv[2] + ".part")
    part.write_text(json.dumps(result))
    part.rename(sys.argv[2])


if __name__ == "__main__":
    main()
