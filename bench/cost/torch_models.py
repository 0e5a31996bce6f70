"""The rivals' models in PyTorch. x is (B, T, C), ids and targets are (B, T); forward() is the mean loss in nats a token."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Gpt2Block(nn.Module):
    def __init__(self, C, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(C, bias=False), nn.LayerNorm(C, bias=False)
        self.qkv, self.o = nn.Linear(C, 3 * C, bias=False), nn.Linear(C, C, bias=False)
        self.up, self.down = nn.Linear(C, 4 * C, bias=False), nn.Linear(4 * C, C, bias=False)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (part.view(B, T, self.heads, C // self.heads).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(C, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt2(nn.Module):
    """nanoGPT's: learned positions, LayerNorm and Linear without bias, GELU, tied embedding, no dropout."""

    def __init__(self, vocab, C, layers, heads, T):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(vocab, C), nn.Embedding(T, C)
        self.blocks = nn.ModuleList(Gpt2Block(C, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(C, bias=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                out_of_block = name.endswith(("o.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * layers) if out_of_block else 0.02)

    def logits(self, ids):
        x = self.embedding(ids) + self.positions.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.embedding.weight)

    def forward(self, ids, targets):
        return F.cross_entropy(self.logits(ids).flatten(0, 1), targets.flatten())


def rms_norm(x):
    return F.rms_norm(x, (x.shape[-1],))


class NanochatBlock(nn.Module):
    def __init__(self, C, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(C, C, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(C, 4 * C, bias=False), nn.Linear(4 * C, C, bias=False)

    def forward(self, x, cosine, sine):
        B, T, C = x.shape
        n = rms_norm(x)
        q, k, v = (project(n).view(B, T, self.heads, C // self.heads) for project in (self.q, self.k, self.v))

        def turned(a):
            low, high = a.chunk(2, dim=-1)
            return rms_norm(torch.cat((low * cosine + high * sine, high * cosine - low * sine), dim=-1))

        q, k, v = (a.transpose(1, 2) for a in (turned(q), turned(k), v))
        x = x + self.o(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.relu(self.up(rms_norm(x))).square())


class Nanochat(nn.Module):
    """nanochat's: rotary positions, queries and keys normed, ReLU squared, norms without weights (one behind the embedding),
    untied head, logits capped at 15, projections out of a block and the head start at zero."""

    CAP = 15.0

    def __init__(self, vocab, C, layers, heads, T):
        super().__init__()
        self.embedding, self.head = nn.Embedding(vocab, C), nn.Linear(C, vocab, bias=False)
        self.blocks = nn.ModuleList(NanochatBlock(C, heads) for _ in range(layers))
        D = C // heads
        angles = torch.outer(torch.arange(T).float(), 1.0 / 10000 ** (torch.arange(0, D, 2).float() / D))[None, :, None, :]
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)
        nn.init.normal_(self.embedding.weight, std=1.0)
        nn.init.zeros_(self.head.weight)
        for block in self.blocks:
            for project in (block.q, block.k, block.v, block.up):
                nn.init.uniform_(project.weight, -math.sqrt(3 / C), math.sqrt(3 / C))
            nn.init.zeros_(block.o.weight)
            nn.init.zeros_(block.down.weight)

    def logits(self, ids):
        x = rms_norm(self.embedding(ids))
        T = ids.shape[1]
        cosine, sine = self.cosine[:, :T].to(x.dtype), self.sine[:, :T].to(x.dtype)
        for block in self.blocks:
            x = block(x, cosine, sine)
        return self.CAP * torch.tanh(self.head(rms_norm(x)).float() / self.CAP)

    def forward(self, ids, targets):
        return F.cross_entropy(self.logits(ids).flatten(0, 1), targets.flatten())


MODELS = {"gpt2": Gpt2, "nanochat": Nanochat}
