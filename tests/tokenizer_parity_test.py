"""The tokenizers that pith learns, writes and reads give the ids of Python's `tokenizers`, and learn its vocabulary.

    tests/tokenizer_parity_test.py [--all]

The sets of PITH_DATA are sampled, the same documents every time; --all takes every document (about 20 minutes).
"""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import unicodedata
from pathlib import Path

from program import DATA, PITH, chinese, fails, prose, run, run_json, scratch, skip

try:
    import tokenizers
    import zstandard
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import AutoTokenizer
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")

GPT4 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
ALL = "--all" in sys.argv[1:]
SAMPLE_BYTES = 600_000  # of each set
folder = scratch()
checked = {}

# What goes wrong first: runs, contractions, digits, scripts, marks, emoji with joiners, special tokens in text.
AWKWARD = [
    "", " ", "\n", "  \n\n  x", "a\r\n\r\nb", "\t\tif (x):\n\t\t\treturn 1\n", "I'll DON'T we'Ve 'sup ſ'ſ", "1234567 ٣٤٥ ½ Ⅷ",
    "你好，世界！\u3000全角。", "日本語のテキストカタカナ", "한국어 조선말", "e\u0301 é ñ n\u0303 각 각", "Ελληνικά Русский עברית العربية हिन्दी ไทย",
    "😀👩‍👩‍👧‍👦🏳️‍🌈🇨🇳 👍🏽", "𝔘𝔫𝔦 𠀀𠀁 𝟙𝟚", "a\u200bb\u2060c\ufeffd\u00a0e\u2028f\u0085g", "x" * 1000, "中" * 500, " " * 700, "!" * 300 + "\n" * 50,
    "\x00\x01\x7f", "\ufffd\ufffd", "<|bos|>a<|end|><|end|> b <|endoftext|><s></s>", "<|end", "<|||IP_ADDRESS|||>", "word\n\n\nword  word   word    word",
]


def broken(seed, length):
    """Bytes, mostly no UTF-8."""
    chooser = random.Random(seed)
    pieces = [b"a", b" ", b"\n", b"\x80", b"\xc3", b"\xc0\x80", b"\xe4", b"\xe4\xb8", "中".encode(), b"\xed\xa0\x80", b"\xf0\x9f", b"\xf0\x9f\x98",
              b"\xf4\x90\x80\x80", b"\xff", b"word ", bytes([chooser.randrange(256)])]
    return b"".join(chooser.choice(pieces) for _ in range(length))


def jsonl_texts(path, field):
    with open(path, "rb") as file:
        for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file)):
            yield json.loads(line)[field]


def synthetic_texts(path):
    with open(path, "rb") as file:
        for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file)):
            yield "\n".join(value for value in json.loads(line).values() if isinstance(value, str))


def eval_texts(path):
    """Every file of the archive, in parts of some lines; JSON as it stands is text too."""
    with open(path, "rb") as file, tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|") as archive:
        for member in archive:
            if not member.isfile():
                continue
            lines = archive.extractfile(member).read().decode("utf-8", "replace").splitlines(keepends=True)
            for begin in range(0, len(lines), 50):
                yield "".join(lines[begin : begin + 50])


def sets():
    yield "awkward", AWKWARD
    yield "generated", [prose(seed) for seed in range(30)] + [chinese(seed) for seed in range(30)]
    for path in sorted((DATA / "clean").glob("*.jsonl.zst")):
        yield path.name.split(".")[0], jsonl_texts(path, "text")
    for path in sorted((DATA / "synthetic").glob("*.jsonl.zst")):
        yield path.name.split(".")[0], synthetic_texts(path)
    if (DATA / "eval.tar.zst").exists():
        yield "eval", eval_texts(DATA / "eval.tar.zst")


def sample(texts, limit):
    """Documents in the order of a hash, up to `limit` bytes; a longer one is cut."""
    texts = sorted(texts, key=lambda text: hashlib.md5(text.encode()).digest())
    taken = []
    for text in texts:
        if limit <= 0:
            break
        taken.append(text[:200_000])
        limit -= len(text.encode())
    return taken


def write_jsonl(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}) + "\n")
    return path


def compare(name, tokenizer_file, theirs, texts):
    """pith encode and decode against `tokenizers`, document by document."""
    texts = [text for text in texts if text]  # an empty text is no document
    if theirs.normalizer:
        # `tokenizers` has the marks of an old Unicode and leaves newer ones out of order (seen in binary files only).
        same = [text for text in texts if theirs.normalizer.normalize_str(text) == unicodedata.normalize("NFC", text)]
        assert len(same) > 0.97 * len(texts), (name, len(same), len(texts))
        texts = same
    documents = write_jsonl(folder / "documents.jsonl", texts)
    process = subprocess.Popen([str(PITH), "encode", str(documents), "--documents", "--tokenizer", str(tokenizer_file), "--json"], stdout=subprocess.PIPE)
    tokens = 0
    for begin in range(0, len(texts), 256):
        batch = texts[begin : begin + 256]
        for text, encoding in zip(batch, theirs.encode_batch_fast(batch, add_special_tokens=False)):
            ours = json.loads(process.stdout.readline())["ids"]
            if ours != encoding.ids:
                at = next((i for i, (a, b) in enumerate(zip(ours, encoding.ids)) if a != b), min(len(ours), len(encoding.ids)))
                raise AssertionError(f"{name}: {tokenizer_file} differs at token {at}: pith {ours[at:at + 5]}, tokenizers "
                                     f"{encoding.ids[at:at + 5]} after {theirs.decode(encoding.ids[max(0, at - 10):at])!r} in {text[:100]!r}...")
            tokens += len(ours)
    summary = json.loads(process.stdout.readline())
    assert process.wait() == 0 and summary["documents"] == len(texts) and summary["tokens"] == tokens, summary
    count = checked.setdefault(str(tokenizer_file), [0, 0])
    count[0] += len(texts)
    count[1] += sum(len(text.encode()) for text in texts)


def pipe(verb, tokenizer_file, data):
    return subprocess.run([str(PITH), verb, "--tokenizer", str(tokenizer_file)], input=data, capture_output=True, check=True).stdout


def encode_bytes(tokenizer_file, data):
    return [int(id) for id in pipe("encode", tokenizer_file, data).split()]


# A vocabulary from every set, and the trainer of `tokenizers` on the same text.
texts_of = {name: (list(texts) if ALL else sample(texts, SAMPLE_BYTES)) for name, texts in sets()}
split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(GPT4), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
learn_from = [text for texts in texts_of.values() for text in sample(texts, 300_000)]
# pith does not learn from pre-tokens of more than 256 bytes (a letter of the byte alphabet each).
learn_from = [text for text in learn_from if text and max(len(piece) for piece, _ in split.pre_tokenize_str(text)) <= 256]
assert len(learn_from) > 100
learned = folder / "learned.json"
vocab = 6000
run("tokenizer", write_jsonl(folder / "learn.jsonl", learn_from), "-o", learned, "--vocab", vocab)
theirs = Tokenizer.from_file(str(learned))
description = json.loads(learned.read_text())
assert description["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] == GPT4
specials = [token["content"] for token in description["added_tokens"]]
trained = Tokenizer(models.BPE())
trained.pre_tokenizer = split
trained.train_from_iterator(learn_from, trainers.BpeTrainer(
    vocab_size=vocab, min_frequency=2, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
other = json.loads(trained.to_str())["model"]
assert theirs.get_vocab_size() == vocab == len(other["vocab"])
assert description["model"]["vocab"] == other["vocab"], "the vocabularies differ"
assert description["model"]["merges"] == other["merges"], "the merges differ"

# The same vocabulary with other pre-tokens and normal form C.
variants = {"gpt4": learned}
for name, change in {
    "qwen2, NFC": lambda d: (d["pre_tokenizer"]["pretokenizers"][0]["pattern"].update(Regex=GPT4.replace(r"\p{N}{1,3}", r"\p{N}")),
                             d.update(normalizer={"type": "NFC"})),
    "gpt2": lambda d: d.update(pre_tokenizer={"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}),
}.items():
    description = json.loads(learned.read_text())
    change(description)
    variants[name] = folder / f"{name}.json"
    variants[name].write_text(json.dumps(description))

# Tokenizers of others: GPT-NeoX' (GPT-2's pre-tokens, NFC, runs of spaces as added tokens) is read; one in the style of
# SentencePiece is refused by name.
if (DATA / "warc-and-tokenizers.tar.zst").exists():
    with open(DATA / "warc-and-tokenizers.tar.zst", "rb") as file, tarfile.open(
            fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|") as archive:
        for member in archive:
            if member.name.endswith("tokenizer.json"):
                path = folder / Path(member.name).name
                path.write_bytes(archive.extractfile(member).read())
                if "llama" in path.name:
                    (folder / "x.txt").write_text("x")
                    fails("encode", folder / "x.txt", "--tokenizer", path, says=[str(path), "SentencePiece"])
                else:
                    variants[path.name] = path

for name, path in variants.items():
    theirs = Tokenizer.from_file(str(path))
    for set_name, texts in texts_of.items():
        # The variants see a part of what the learned one sees: they differ from it in few places.
        compare(set_name, path, theirs, texts if ALL or name == "gpt4" else sample(texts, SAMPLE_BYTES // 4))
    for seed in range(10):
        data = broken(seed, 300)
        text = data.decode("utf-8", "replace")
        assert encode_bytes(path, data) == theirs.encode(text, add_special_tokens=False).ids, (name, data)
    awkward = "\n".join(AWKWARD)
    ids = theirs.encode(awkward, add_special_tokens=False).ids
    assert encode_bytes(path, awkward.encode()) == ids, name
    theirs.decoder = decoders.ByteLevel()
    assert pipe("decode", path, str(ids).encode()).decode() == theirs.decode(ids, skip_special_tokens=False), name

# Conversations, as transformers has them from the files that pith writes into a model folder.
conversations = [
    [{"role": "user", "content": "Hello"}],
    [{"role": "system", "content": "Be brief. \n"}, {"role": "user", "content": "  spaces stay  "}, {"role": "assistant", "content": "好的😀\n\n"},
     {"role": "user", "content": ""}],
    [{"role": "user", "content": "{{ messages }} {% raw %} 'quotes' \"and\" \\ back"}, {"role": "assistant", "content": "\n"}],
]
model = folder / "model"
model.mkdir()
tool = os.path.join(os.environ.get("PITH_BUILD", PITH.parent), "tests", "chat_ids_tool")
for prompt in (False, True):
    done = subprocess.run([tool, learned, model] + ["prompt"] * prompt, input=json.dumps(conversations), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    auto = AutoTokenizer.from_pretrained(model)
    for conversation, line in zip(conversations, done.stdout.splitlines(), strict=True):
        ids = auto.apply_chat_template(conversation, add_generation_prompt=prompt, return_dict=False)
        assert ids == [int(id) for id in line.split()], (conversation, prompt)
try:
    auto.apply_chat_template([{"role": "tool", "content": "x"}])
    raise AssertionError("the template takes a role that pith refuses")
except Exception as error:
    assert "tool" in str(error), error
assert (auto.bos_token, auto.eos_token, auto.pad_token) == ("<|bos|>", "<|eos|>", "<|pad|>")
assert auto.model_max_length == 1024
assert auto.decode(auto("".join(specials) + "x")["input_ids"], skip_special_tokens=True) == "x"
assert (model / "tokenizer.json").read_text() == learned.read_text(), "read and written again, the file changed"
text = texts_of["generated"][0] + AWKWARD[6]
assert auto(text)["input_ids"] == run_json("encode", "--tokenizer", model, input=text)["ids"]
assert auto.decode(auto(text)["input_ids"]) == text

for path, (documents, size) in checked.items():
    print(f"{Path(path).name}: equal ids on {documents:,} documents, {size / 1e6:.1f} MB (tokenizers {tokenizers.__version__})")
