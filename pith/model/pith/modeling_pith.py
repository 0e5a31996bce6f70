"""A model trained by pith, for transformers: AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True).

NanoChat's network; the embedding of a token has, beside its own row, a row for the bigram, the trigram, ... that end
there. Tables are shared by hash: ngram_rows() says which row, as pith/model/ngram_rows.cc does.
"""

import torch
from torch import nn
from transformers import NanoChatConfig, NanoChatForCausalLM, NanoChatModel

FACTORS = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)
MASK = 0xFFFFFFFF


class PithConfig(NanoChatConfig):
    model_type = "pith"
    max_ngram: int = 1
    ngram_rows: int = 2


def ngram_rows(ids, n, rows):
    """(B, T) rows of the n-grams that end at each of ids (B, T), of which -1 is nothing."""
    total = torch.full_like(ids, n)
    for back in range(n):
        before = torch.nn.functional.pad(ids, (back, 0), value=-1)[:, : ids.shape[1]]
        total = (total + (before + 1) * FACTORS[back]) & MASK
    total = total ^ (total >> 15)
    total = (total * 0x2C1B3C6D) & MASK
    return (total ^ (total >> 13)) & (rows - 1)


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
        self.post_init()

    def forward(self, input_ids=None, inputs_embeds=None, attention_mask=None, all_ids=None, **kwargs):
        """all_ids: the whole text so far, when input_ids are only the last of it (generate() with a cache)."""
        if inputs_embeds is None:
            ids = input_ids if all_ids is None else all_ids
            if attention_mask is not None and attention_mask.shape == ids.shape:
                ids = ids.masked_fill(attention_mask == 0, -1)
            inputs_embeds = self.model.embed(ids, input_ids.shape[1])
        return super().forward(inputs_embeds=inputs_embeds, attention_mask=attention_mask, **kwargs)

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        inputs = super().prepare_inputs_for_generation(input_ids, **kwargs)
        inputs["all_ids"] = input_ids
        return inputs
