"""The rivals' optimizers: a list of (torch optimizer, schedule), where schedule(part of training done) scales its rates."""

import math

import torch


def cosine_to_a_tenth(settings):
    """nanoGPT's: a rise along a line over `warmup`, then a cosine down to a tenth."""
    def schedule(done):
        if done < settings["warmup"]:
            return done / settings["warmup"]
        along = (done - settings["warmup"]) / (1 - settings["warmup"])
        return 0.1 + 0.45 * (1 + math.cos(math.pi * along))
    return schedule


def constant_then_line(settings):
    """nanochat's: constant, then along a line to `final` over the last `cooldown`."""
    def schedule(done):
        left = 1 - done
        return 1.0 if left >= settings["cooldown"] else settings.get("final", 0.0) + (1 - settings.get("final", 0.0)) * left / settings["cooldown"]
    return schedule


def adamw(model, settings):
    groups = [dict(params=[p for p in model.parameters() if p.dim() == 2], weight_decay=settings["weight_decay"]),
              dict(params=[p for p in model.parameters() if p.dim() < 2], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=settings["learning_rate"], betas=(0.9, settings.get("beta2", 0.95)), eps=1e-8, fused=True)
    return [(optimizer, cosine_to_a_tenth(settings))]


@torch.compile
def orthogonal(update, steps: int):
    """Newton and Schulz's iteration on a stack of matrices (Jordan 2024), by which all singular values come near 1."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, for the matrices in the blocks; matrices of one shape go through it together."""

    def __init__(self, params, lr, momentum=0.95, steps=5):
        super().__init__(list(params), dict(lr=lr, momentum=momentum, steps=steps))
        self.shapes = {}
        for p in self.param_groups[0]["params"]:
            self.shapes.setdefault(p.shape, []).append(p)

    @torch.no_grad()
    def step(self):
        group = self.param_groups[0]
        for shape, params in self.shapes.items():
            gradients = torch.stack([p.grad for p in params])
            buffer = self.state[params[0]].setdefault("momentum", torch.zeros_like(gradients))
            buffer.lerp_(gradients, 1 - group["momentum"])
            update = orthogonal(gradients.lerp(buffer, group["momentum"]), group["steps"])
            scale = max(1, shape[-2] / shape[-1]) ** 0.5
            for p, u in zip(params, update):
                p.add_(u, alpha=-group["lr"] * scale)


def nanochat(model, settings):
    """Muon for the blocks; AdamW for embedding and head, whose rates fall with the square root of the width."""
    C = model.embedding.weight.shape[1]
    width = (C / 768) ** -0.5
    groups = [dict(params=[model.embedding.weight], lr=settings["embedding_rate"] * width),
              dict(params=[model.head.weight], lr=settings["head_rate"] * width)]
    adam = torch.optim.AdamW(groups, betas=(0.8, 0.95), eps=1e-10, weight_decay=0.0, fused=True)
    muon = Muon(model.blocks.parameters(), lr=settings["learning_rate"])
    schedule = constant_then_line(settings)
    return [(adam, schedule), (muon, schedule)]


OPTIMIZERS = {"gpt2": adamw, "nanochat": nanochat}
