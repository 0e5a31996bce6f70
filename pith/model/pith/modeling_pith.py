"""A model trained by pith, for transformers: AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True).

NanoChat's network; the embedding of a token has, beside its own row, a row for the bigram, the trigram, ... that end
there. Tables are shared by hash: ngram_rows() says which row, as pith/model/ngram_rows.cc does.

With ngram_order what the network says is mixed with counted n-grams, as pith/ngram/interpolation.cc does: the logits
are then logarithms of probabilities, and still logits.
"""

import torch
from torch import nn
from transformers import NanoChatConfig, NanoChatForCausalLM, NanoChatModel
from transformers.utils.generic import can_return_tuple

FACTORS = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)
MASK = 0xFFFFFFFF
BACKOFF_PARTS = 8


class PithConfig(NanoChatConfig):
    model_type = "pith"
    max_ngram: int = 1
    ngram_rows: int = 2
    ngram_order: int = 0
    ngram_contexts: int = 0
    ngram_followers: int = 0


def ngram_rows(ids, n, rows):
    """(B, T) rows of the n-grams that end at each of ids (B, T), of which -1 is nothing."""
    total = torch.full_like(ids, n)
    for back in range(n):
        before = torch.nn.functional.pad(ids, (back, 0), value=-1)[:, : ids.shape[1]]
        total = (total + (before + 1) * FACTORS[back]) & MASK
    total = total ^ (total >> 15)
    total = (total * 0x2C1B3C6D) & MASK
    return (total ^ (total >> 13)) & (rows - 1)


class CountedNgrams(nn.Module):
    """Interpolated modified Kneser-Ney up to `order` tokens, and the weights of the mixture.

    Tables as in pith/ngram/ngram_model.h; V is the vocabulary, K the number of contexts, E that of their followers."""

    ELEMENTS = 1 << 22  # of (rows, V) at once: bounds the memory

    def __init__(self, vocab, order, contexts, followers):
        super().__init__()
        self.vocab, self.order = vocab, order
        for name, shape, dtype in (
            ("unigrams", (vocab,), torch.float32),
            ("order_begin", (order,), torch.int64),
            ("contexts", (contexts,), torch.int64),
            ("backoffs", (contexts,), torch.float32),
            ("begin", (contexts + 1,), torch.int32),
            ("tokens", (followers,), torch.int32),
            ("shares", (followers,), torch.float32),
        ):
            self.register_buffer(name, torch.zeros(shape, dtype=dtype))
        # Where no tables are read the network speaks alone.
        self.register_buffer("network_weights", torch.ones((order, BACKOFF_PARTS), dtype=torch.float32))

    def _apply(self, fn, *args, **kwargs):
        """Tables move with the model, but stay of their types: model.to(torch.bfloat16) is for the network."""

        def move(table):
            moved = fn(table)
            return moved if moved.dtype == table.dtype else table.to(moved.device)

        return super()._apply(move, *args, **kwargs)

    def distribution(self, windows):
        """(R, V) probabilities of what follows each of windows (R, order - 1), whose ids are -1 where there is no
        token, and the length and the backoff of the longest known context, (R) each."""
        p = self.unigrams.expand(len(windows), -1).clone()
        length, backoff = torch.ones_like(p[:, 0], dtype=torch.long), torch.ones_like(p[:, 0])
        whole, key = torch.ones_like(length, dtype=torch.bool), torch.zeros_like(length)
        bounds = self.order_begin.tolist()
        for n in range(2, self.order + 1):
            token = windows[:, -(n - 1)]
            whole = whole & (token >= 0)
            key = key + token * self.vocab ** (n - 2)
            contexts = self.contexts[bounds[n - 2] : bounds[n - 1]]
            if len(contexts) == 0:
                continue
            place = torch.searchsorted(contexts, key).clamp_max(len(contexts) - 1)
            rows = (whole & (contexts[place] == key)).nonzero().squeeze(1)
            known = place[rows] + bounds[n - 2]
            length[rows], backoff[rows] = n, self.backoffs[known]
            p[rows] *= self.backoffs[known].unsqueeze(1)
            begin, end = self.begin[known].long(), self.begin[known + 1].long()
            count = end - begin
            # Followers of a context lie one after the other; a row meets those of its own context.
            follower = torch.arange(int(count.sum()), device=p.device)
            follower = follower + (begin - (count.cumsum(0) - count)).repeat_interleave(count)
            place = (rows.repeat_interleave(count), self.tokens[follower].long())
            p.index_put_(place, self.shares[follower], accumulate=True)
        return p, length, backoff

    def mix_rows(self, logits, windows):
        p, length, backoff = self.distribution(windows)
        part = (backoff * BACKOFF_PARTS).long().clamp_max(BACKOFF_PARTS - 1)
        weight = self.network_weights[length - 1, part].unsqueeze(1)
        return (weight * logits.float().softmax(-1) + (1 - weight) * p).clamp_min(1e-30).log()

    def forward(self, logits, windows):
        """Logarithms of the mixture, of the shape of the network's logits (..., V); windows is (..., order - 1)."""
        rows = max(1, self.ELEMENTS // self.vocab)
        pairs = zip(logits.flatten(0, -2).split(rows), windows.flatten(0, -2).split(rows))
        return torch.cat([self.mix_rows(some, before) for some, before in pairs]).view(logits.shape)


def last_tokens(ids, new, count):
    """(B, new, count): the `count` ids that end at each of the last `new` of ids (B, T); -1 before the first."""
    padded = torch.nn.functional.pad(ids, (count, 0), value=-1)[:, -(new + count) :]
    return padded.unfold(1, count, 1)[:, 1:] if count > 0 else padded.new_empty((*ids[:, -new:].shape, 0))


def keep(windows, which):
    """Of windows (B, T, ...) those that logits_to_keep asks for."""
    if isinstance(which, int):
        return windows[:, -which:] if which > 0 else windows
    if which.ndim < 2:
        return windows[:, which]
    return windows[which] if which.dtype == torch.bool else windows.take_along_dim(which[..., None], dim=1)


class PithModel(NanoChatModel):
    config_class = PithConfig

    def __init__(self, config):
        super().__init__(config)
        self.ngram_embeddings = nn.ModuleList(
            nn.Embedding(config.ngram_rows, config.hidden_size) for _ in range(2, config.max_ngram + 1)
        )
        self.post_init()

    def embed(self, ids, new):
        """Embeddings of the last `new` of ids (B, T), which begin with the text's first token; -1 is padding."""
        embedded = self.embed_tokens(ids[:, -new:].clamp_min(0))
        for n, table in enumerate(self.ngram_embeddings, 2):
            embedded = embedded + table(ngram_rows(ids, n, self.config.ngram_rows)[:, -new:])
        return embedded


class PithForCausalLM(NanoChatForCausalLM):
    config_class = PithConfig

    def __init__(self, config):
        super().__init__(config)
        self.model = PithModel(config)
        self.ngrams = None
        if config.ngram_order > 0:
            sizes = config.ngram_order, config.ngram_contexts, config.ngram_followers
            self.ngrams = CountedNgrams(config.vocab_size, *sizes)
        self.post_init()

    @can_return_tuple
    def forward(
        self, input_ids=None, inputs_embeds=None, attention_mask=None, all_ids=None, labels=None, logits_to_keep=0, **kwargs
    ):
        """all_ids: the whole text so far, when input_ids are only the last of it (generate() with a cache); -1 is
        padding."""
        ids = input_ids if all_ids is None else all_ids
        if ids is not None and attention_mask is not None and attention_mask.shape == ids.shape:
            ids = ids.masked_fill(attention_mask == 0, -1)
        if inputs_embeds is None:
            inputs_embeds = self.model.embed(ids, input_ids.shape[1])
        new = inputs_embeds.shape[1]
        if self.ngrams is not None and (ids is None or ids.shape[1] < new):
            raise ValueError("counted n-grams go by tokens: give input_ids, or all_ids beside inputs_embeds")
        outputs = super().forward(
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            logits_to_keep=logits_to_keep,
            return_dict=True,
            **kwargs,
        )
        fields = dict(outputs)
        if self.ngrams is not None:
            windows = last_tokens(ids, new, self.config.ngram_order - 1)
            fields["logits"] = self.ngrams(outputs.logits, keep(windows, logits_to_keep))
        if labels is not None:
            fields["loss"] = self.loss_function(fields["logits"], labels, self.vocab_size, **kwargs)
        return type(outputs)(**fields)

    def prepare_inputs_for_generation(self, input_ids, attention_mask=None, **kwargs):
        inputs = super().prepare_inputs_for_generation(input_ids, attention_mask=attention_mask, **kwargs)
        inputs["all_ids"] = input_ids
        if attention_mask is not None and attention_mask.shape == input_ids.shape:
            inputs["all_ids"] = input_ids.masked_fill(attention_mask == 0, -1)
        return inputs
