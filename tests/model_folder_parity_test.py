"""transformers loads what pith trained, with the same likelihoods and the same tokens."""

import json
import math

from program import prose, run_json, scratch, skip

try:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")

folder = scratch()
(folder / "docs").mkdir()
(folder / "docs" / "a.jsonl").write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(100, 220)))
configs = {
    "planned": "",
    "tied": "[model]\ntie_embeddings = true\n",
    "grouped": "[model]\nhidden_size = 96\nlayers = 3\nheads = 6\nkey_value_heads = 2\nintermediate_size = 160\n"
               "context_length = 128\ntie_embeddings = false\n[training]\nbatch_tokens = 512\n",
}
for name, toml in configs.items():
    out = folder / name
    options = []
    if toml:
        (folder / f"{name}.toml").write_text(toml)
        options = ["--config", folder / f"{name}.toml"]
    trained = run_json("train", folder / "docs", "-o", out, "--steps", 30, *options)

    model = AutoModelForCausalLM.from_pretrained(out).float().eval()
    tokenizer = AutoTokenizer.from_pretrained(out)
    assert model.num_parameters() == trained["parameters"]
    assert model.config.tie_word_embeddings == (name == "tied")
    context = model.config.max_position_embeddings
    bos, eos = model.config.bos_token_id, model.config.eos_token_id

    # One file of short documents, one of a document that needs several windows.
    long_text = prose(7, sentences=120)
    for case, texts in {"short": [prose(seed, 3) for seed in range(5)] + ["文件系统。😀", "x"], "long": [long_text]}.items():
        file = folder / f"{name}_{case}.jsonl"
        file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        measured = run_json("eval", out, file)
        nats, count = 0.0, 0
        for text in texts:
            ids = [bos, *tokenizer(text, add_special_tokens=False)["input_ids"], eos]
            counted, start = 0, 0
            while counted < len(ids) - 1:  # windows that overlap by half, every target once
                end = min(start + context, len(ids) - 1)
                with torch.no_grad():
                    logits = model(torch.tensor([ids[start:end]])).logits[0].double()
                log_likelihood = torch.log_softmax(logits, -1)
                for position in range(max(counted, start), end):
                    nats -= log_likelihood[position - start, ids[position + 1]].item()
                counted, start = end, start + context // 2
            count += len(ids) - 1
        assert case == "short" or count > 2 * context, "the long document fits one window"
        size = sum(len(text.encode()) for text in texts)
        assert measured["bytes"] == size and measured["tokens"] == count, (measured, size, count)
        expected = nats / math.log(2) / size
        assert abs(measured["bits_per_byte"] - expected) < 1e-5 * expected, (name, case, measured, expected)

    # The chat template, and what ends a turn.
    ids = tokenizer.apply_chat_template([{"role": "user", "content": "Hello"}], add_generation_prompt=True)
    ids = ids["input_ids"] if not isinstance(ids, list) else ids
    assert tokenizer.decode(ids) == "<|bos|><|user|>Hello<|end|><|assistant|>", tokenizer.decode(ids)
    assert tokenizer.convert_tokens_to_ids("<|end|>") in model.generation_config.eos_token_id
    generated = model.generate(torch.tensor([ids]), max_new_tokens=5, do_sample=False)
    assert generated.shape[1] > len(ids)

# What training reported is what pith eval finds on the held-out documents.
tokens = folder / "tied" / "training" / "tokens"
import numpy

data = numpy.frombuffer((tokens / "heldout.bin").read_bytes(), numpy.uint16).tolist()
tokenizer = AutoTokenizer.from_pretrained(folder / "tied")
texts, document = [], []
for token in data:
    if token == tokenizer.eos_token_id:
        texts.append(tokenizer.decode(document))
        document = []
    elif token != tokenizer.bos_token_id:
        document.append(token)
file = folder / "heldout.jsonl"
file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
again = run_json("eval", folder / "tied", file)["bits_per_byte"]
reported = json.loads((folder / "tied" / "training" / "result.json").read_text())["bits_per_byte"]
assert abs(again - reported) < 1e-4 * reported, (again, reported)  # in training products are in bfloat16
print("ok")
