"""What a training leaves, opened by the tools that people use: pandas, a Megatron reader, safetensors, TensorBoard."""

import io
import json
import struct

from program import chinese, corpus, prose, run, run_json, scratch, skip

try:
    import numpy
    import tokenizers
    import zstandard
    from safetensors.numpy import load_file
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")

folder = scratch()
run_json("curate", corpus(folder / "pages"), "-o", folder / "curated")
(folder / "docs").mkdir()
texts = [prose(seed) for seed in range(80)] + [chinese(seed) for seed in range(10)] + ["\U0001f600 \u00e9\r\n\0x"]
(folder / "docs" / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
result = run_json("train", folder / "docs", "-o", folder / "model", "--steps", 25)
training = folder / "model" / "training"

# Documents: every shard is one zstd frame of JSON Lines.
for shard in sorted((folder / "curated" / "documents").glob("*.jsonl.zst")):
    with zstandard.ZstdDecompressor().stream_reader(shard.open("rb")) as stream:
        documents = [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]
columns = list(documents[0])
assert columns[:2] == ["text", "id"], columns
try:
    import pandas

    frame = pandas.read_json(shard, lines=True, compression="zstd")
    assert list(frame.columns[:2]) == ["text", "id"] and len(frame) > 0
except ImportError:
    pass


def megatron_documents(prefix):
    """Reads PREFIX.bin and PREFIX.idx as Megatron's IndexedDataset lays them out."""
    index = prefix.with_suffix(".idx").read_bytes()
    assert index[:9] == b"MMIDIDX\0\0"
    version, code, sequences, boundaries = struct.unpack_from("<QBQQ", index, 9)
    assert version == 1
    kind = {4: numpy.int32, 8: numpy.uint16}[code]
    lengths = numpy.frombuffer(index, numpy.int32, sequences, 34)
    pointers = numpy.frombuffer(index, numpy.int64, sequences, 34 + 4 * sequences)
    documents = numpy.frombuffer(index, numpy.int64, boundaries, 34 + 12 * sequences)
    assert len(index) == 34 + 12 * sequences + 8 * boundaries
    assert list(documents) == list(range(sequences + 1))
    data = prefix.with_suffix(".bin").read_bytes()
    return [numpy.frombuffer(data, kind, length, pointer).tolist() for length, pointer in zip(lengths, pointers)]


# Tokens: both parts together are the documents, and no document is in both.
tokenizer = tokenizers.Tokenizer.from_file(str(training / "tokens" / "tokenizer.json"))
bos, eos = tokenizer.token_to_id("<|bos|>"), tokenizer.token_to_id("<|eos|>")
parts = {}
for part in ("train", "heldout"):
    documents = megatron_documents(training / "tokens" / part)
    assert all(ids[0] == bos and ids[-1] == eos for ids in documents)
    parts[part] = [tokenizer.decode(ids[1:-1], skip_special_tokens=False) for ids in documents]
    for ids, text in zip(documents[:20], parts[part]):
        assert tokenizer.encode(text, add_special_tokens=False).ids == ids[1:-1]
assert sorted(parts["train"] + parts["heldout"]) == sorted(texts)
assert parts["heldout"] and not set(parts["train"]) & set(parts["heldout"])

# Weights.
weights = load_file(folder / "model" / "model.safetensors")
assert sum(tensor.size for tensor in weights.values()) == result["parameters"]
assert all(numpy.isfinite(tensor).all() for tensor in weights.values())

# The log, and the same figures in TensorBoard.
log = [json.loads(line) for line in (training / "log.jsonl").read_text().splitlines()]
steps = [line for line in log if "loss" in line]
assert [line["step"] for line in steps] == list(range(1, 26))
assert steps[-1]["loss"] < steps[0]["loss"], "nothing was learned"
assert all(line["learning_rate"] > 0 and line["grad_norm"] > 0 for line in steps)
heldout = [line["heldout_bits_per_byte"] for line in log if "heldout_bits_per_byte" in line]
assert len(heldout) >= 5 and heldout[-1] == result["bits_per_byte"] < heldout[0]
assert sum("sample" in line for line in log) >= 3
events = EventAccumulator(str(training))
events.Reload()
assert [(event.step, numpy.float32(event.value)) for event in events.Scalars("train/loss")] == [
    (line["step"], numpy.float32(line["loss"])) for line in steps]
assert len(events.Scalars("heldout/bits_per_byte")) == len(heldout)
sample = events.Tensors("sample")[-1].tensor_proto.string_val[0].decode()
assert sample == [line["sample"] for line in log if "sample" in line][-1]

# A second time nothing is done; other options are refused, and so is a folder of something else.
assert run_json("train", folder / "docs", "-o", folder / "model", "--steps", 25)["already_done"]
refused = run("train", folder / "docs", "-o", folder / "model", "--steps", 26, ok=False)
assert refused.returncode == 2 and "option steps is 26, was 25" in refused.stderr, refused.stderr
print("ok")
