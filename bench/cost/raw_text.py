"""What the standard recipe is fed: every page with its tags stripped, every text as it is, in an order drawn by hash.

None of this is charged to a rival, nor is learning its tokenizer: both are to the rivals' advantage.

    OUT/raw.jsonl                    a line a document
    OUT/bpe-V/tokenizer.json         byte-level BPE of V tokens with GPT-2's pre-tokens; id 0 is <|endoftext|>
    OUT/bpe-V/NAME.bin               16-bit ids of NAME.jsonl, <|endoftext|> before each document and at the end
"""

import gzip
import json
import random
from pathlib import Path

import numpy
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from . import target

PAGES = {".html", ".htm", ".xhtml", ".shtml"}
TEXTS = {"", ".txt", ".text", ".rst", ".debian", ".md", ".markdown", ".mkd", ".mdwn"}
LEARN_FROM = 48_000_000  # bytes: more of the same changes no merge that matters


def text_of(path):
    """Text of a page or text file, None of any other file."""
    packed = path.suffix == ".gz"
    suffix = Path(path.stem).suffix.lower() if packed else path.suffix.lower()
    if suffix not in PAGES and suffix not in TEXTS:
        return None
    content = path.read_bytes()
    if packed:
        content = gzip.decompress(content)
    if b"\0" in content[:4096]:
        return None
    text = bytes_to_str(content, detect_encoding(content, html5_compatible=False) or "utf-8")
    if suffix in PAGES:
        text = extract_plain_text(HTMLTree.parse(text), main_content=False)
    return text.encode("utf-8", "replace").decode() or None


def pool_files(pool):
    return sorted(path for path in pool.rglob("*") if path.is_file() and path.name != "text.jsonl")


def strip(pool, out):
    """Writes OUT/raw.jsonl."""
    texts = [text for path in sorted(pool.glob("*/text.jsonl")) for text in target.lines(path)]
    texts += [text for text in map(text_of, pool_files(pool)) if text]
    random.Random(0).shuffle(texts)
    target.write_lines(out / "raw.jsonl", texts)


def learn(documents, vocab, file):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocab, special_tokens=["<|endoftext|>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(some(documents, LEARN_FROM), trainer)
    file.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(file))


def some(documents, most):
    """The first documents, which are a random sample, up to `most` bytes."""
    taken = 0
    with open(documents, encoding="utf-8") as file:
        for line in file:
            text = json.loads(line)["text"]
            taken += len(text.encode())
            if taken > most:
                return
            yield text


def encode(documents, tokenizer_file, most=1 << 60):
    """Writes the ids of the first `most` bytes of documents beside the tokenizer; returns the file."""
    file = tokenizer_file.parent / f"{documents.stem}.bin"
    if file.exists():
        return file
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    part = file.with_suffix(".part")
    with open(part, "wb") as out:
        batch = []

        def flush():
            for encoding in tokenizer.encode_batch_fast(batch):
                out.write(numpy.array([0] + encoding.ids, dtype=numpy.uint16).tobytes())
            batch.clear()

        for text in some(documents, most):
            batch.append(text)
            if len(batch) == 256:
                flush()
        flush()
        out.write(numpy.zeros(1, dtype=numpy.uint16).tobytes())
    part.rename(file)
    return file
