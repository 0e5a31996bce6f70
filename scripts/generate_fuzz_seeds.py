#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets, fuzz/corpus/TARGET/NAME: one small input for each shape that a reader tells apart.

Findings that were fixed lie beside them under names of their own and are left alone. Needs .venv of scripts/setup test."""

import base64
import gzip
import json
import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import zstandard

CORPUS = Path(__file__).resolve().parent.parent / "fuzz/corpus"


def seed(target, name, data):
    path = CORPUS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


ENGLISH = "The boats came in before noon, and the market was full of people who had waited since the morning. "
CHINESE = "我们沿着河走，看见了很多船。船上的人都在唱歌，岸上的孩子跟着跑。"
PAGE = (f"<!DOCTYPE html><html lang=en><head><title>The river &amp; its boats</title><meta name=author content='A. Writer'>"
        f"<meta property=og:type content=article><script type='application/ld+json'>{{\"@type\":\"Article\",\"datePublished\":"
        f"\"2024-05-31\",\"articleBody\":\"{ENGLISH}\"}}</script></head><body><nav><a href=/>Home</a> | <a href=/b>Boats</a></nav>"
        f"<main><h1>The river</h1><p>{ENGLISH * 2}<p>{ENGLISH}</p><ul><li>one<li>two<ul><li>three</ul></ul><table><tr><td>a<td>b"
        f"<tr><th>c</table><pre>if (x) {{\n  y;\n}}</pre></main><footer>&copy; 2024</footer></body></html>")

# Pages.
seed("html", "article", PAGE)
seed("html", "chinese", f"<html lang=zh-CN><title>河边</title><body><h1>河边</h1><p>{CHINESE * 4}</p><div class=footer>版权所有</div>")
seed("html", "raw_text", "<script><!--<script>a</script>--></script><style>p{}</style><textarea>&lt;</textarea><title>t</title><plaintext>x")
seed("html", "foreign", "<svg><![CDATA[a]]><foreignObject><p>b</svg><math><mi>x</mi><annotation-xml encoding=text/html><p>y</math>")
seed("html", "misnested", "<b><p>a<i>b</b>c</i><table><p>d<tr><td><a href=x>e<a href=y>f</table><template><li>g</template><select><option>h")
seed("html", "references", "&amp&ampx&#x1F600;&#0;&#xD800;&#99999999;&nGt;&notit;&notin;<a title='&copy=1&copy;'>")
seed("html", "markup", "<!doctype html PUBLIC \"-//W3C//DTD\" 'x'><!--a--!><!-><!----><?pi?></ p></><!x><a b=c d='e' F=\"g\" h/><br/>")
seed("html", "forum", "<html><body>" + "".join(
    f"<article class=post><a rel=author href=/u{i}>u{i}</a><time datetime=2020-01-0{i + 1}>x</time><p>{ENGLISH}</article>" for i in range(4)))
seed("html", "nested", "<ul><li>" * 40 + "x" + "<div>" * 400 + "y")
seed("html", "entity_bomb", "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]><p>&c;&b;</p>")
seed("html", "invalid_utf8", b"<p>caf\xe9 \xff\xfe\xc3( \xed\xa0\x80</p><title>\xf0\x9f</title>")

# Encodings.
for charset in ("gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp", "utf-16le", "utf-16be"):
    text = "すべての人間は自由である。" if "j" in charset else "모든 인간은 자유롭다." if charset == "euc-kr" else "人人生而自由。"
    seed("encoding", charset, charset.encode() + b"\n" + text.encode(charset.replace("shift_jis", "cp932"), "ignore"))
seed("encoding", "windows-1251", b"windows-1251\n" + "Все люди рождаются свободными.".encode("cp1251"))
seed("encoding", "windows-1252", b"iso-8859-1\n" + "Tous les êtres humains naissent libres “égaux”.".encode("cp1252"))
seed("encoding", "utf8_mark", b"\n\xef\xbb\xbfa\xc3\xa9")
seed("encoding", "utf16_mark", b"\n\xff\xfea\x00\xe9\x00\x00\xd8")
seed("encoding", "declared_in_page", b"\n<meta http-equiv=content-type content='text/html; charset=gbk'><?xml encoding='big5'?>" + "自由".encode("gbk"))
seed("encoding", "two_in_one", b"utf-8\n" + "自由 é".encode() + "自由".encode("gbk") + b"\xe9t\xe9 " + "自由".encode("big5"))


# WARC and JSON lines.
def record(body, kind="response", url="http://example.org/a", fields="", length=None):
    if kind == "response":
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n" + fields.encode() + b"\r\n" + body
    head = (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <{url}>\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\n\r\n")
    return head.encode() + body + b"\r\n\r\n"


page = record("<p>自由".encode("gbk"))
warc = record(b"software: x", "warcinfo") + page + record("人人生而自由。".encode(), "conversion") + page.replace(b"200 OK", b"404 No")
seed("raw_records", "warc", b"w\x07" + warc)
seed("raw_records", "warc_damaged", b"w\x03" + page + b"garbage\r\n\r\n" + page + record(b"x", length="-1") + record(b"x", length=99999) + page)
seed("raw_records", "warc_chunked", b"w\x20" + record(b"4\r\n<p>a\r\n3;x=y\r\nbcd\r\n0\r\n\r\n", fields="Transfer-Encoding: chunked\r\n"))
seed("raw_records", "warc_packed", b"w\x05" + record(gzip.compress(b"<p>" + b"a" * 300, mtime=0), fields="Content-Encoding: gzip\r\n"))
seed("raw_records", "warc_gzip", b"W\x09" + gzip.compress(page, mtime=0) + gzip.compress(page, mtime=0)[:60] + gzip.compress(page, mtime=0))
lines = [json.dumps({"text": "a \"b\" \u4e2d", "url": "u", "id": 1}), "", "[1]", '{"text": "cut', '{"no": 1}', '{"text":"c"} x', '{"text":"d"}']
seed("raw_records", "json", "j\x05" + "\n".join(lines))
seed("raw_records", "json_pretty", 'j\x05{\n "text": "a"\n}\n')
seed("raw_records", "json_long_line", "j\x11" + '{"text":"' + "x" * 2100 + '"}\n{"text":"y"}\n')
seed("raw_records", "json_bytes", b'j\x01\xef\xbb\xbf{"text":"\xff \xc3("}\r\n{"text":"\\ud83d\\ude00 \\u0000"}')
seed("raw_records", "json_zstd", b"J\x08" + zstandard.compress("\n".join(lines).encode()) + b"junk" + zstandard.compress(b'{"text":"z"}'))
seed("raw_records", "page", b"p\x09" + PAGE[:600].encode())

# HTTP bodies.
head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"GBK\"\r\nX: a\r\n  b\r\nbroken\r\n"
deflate = zlib.compress(b"hello hello hello")
brotli = base64.b64decode("CwWAaGVsbG8gaGVsbG8D")  # "hello hello", stored
seed("http_body", "plain", head + "\r\n<p>x")
seed("http_body", "chunked", head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;e\r\nd\r\nzz\r\n")
seed("http_body", "gzip", (head + "Content-Encoding: gzip\r\n\r\n").encode() + gzip.compress(b"hello", mtime=0) * 2)
seed("http_body", "deflate", (head + "Content-Encoding: deflate\r\n\r\n").encode() + deflate)
seed("http_body", "deflate_bare", (head + "Content-Encoding: deflate\r\n\r\n").encode() + deflate[2:-4])
seed("http_body", "brotli", (head + "Content-Encoding: br\r\n\r\n").encode() + brotli)
seed("http_body", "layers", (head + "Content-Encoding: br, gzip\r\nTransfer-Encoding: chunked\r\n\r\n").encode() +
     b"%x\r\n" % len(gzip.compress(brotli, mtime=0)) + gzip.compress(brotli, mtime=0) + b"\r\n0\r\n\r\n")
seed("http_body", "bomb", (head + "Content-Encoding: gzip\r\n\r\n").encode() + gzip.compress(bytes(200_000), mtime=0))

# Streams.
packed, other = gzip.compress(ENGLISH.encode() * 3, mtime=0), gzip.compress(b"other", mtime=0)
seed("byte_stream", "gzip", b"g\x05" + packed + b"\0\0\0" + other)
seed("byte_stream", "gzip_damaged", b"g\x11" + packed[:70] + b"\x55" + packed[71:] + other)
seed("byte_stream", "gzip_cut", b"g\x03" + packed[:-9])
named = bytearray(packed)
named[3] = 0x1E  # extra field, name, comment, header checksum
seed("byte_stream", "gzip_fields", b"g\x07" + bytes(named[:10]) + b"\x02\0abname\0note\0\0\0" + packed[10:])
frame = zstandard.compress(ENGLISH.encode() * 3)
seed("byte_stream", "zstd", b"z\x05" + frame + b"\x50\x2a\x4d\x18\x02\0\0\0xy" + zstandard.compress(b"other"))
seed("byte_stream", "zstd_damaged", b"z\x09" + frame[:30] + b"\x55" + frame[31:] + zstandard.compress(b"other"))
seed("byte_stream", "zstd_window", b"z\x09" + b"\x28\xb5\x2f\xfd\x00\xff" + frame[6:])
seed("byte_stream", "lines", b"l\x05" + b"a\n\n" + b"x" * 120 + b"\nlast")

# JSON.
seed("json", "values", '{"a":[1,-2.5e3,true,null,"\\u00e9\\ud83d\\ude00\\n"],"b":{},"c":[],"d":-0.0,"e":1e400,"f":18446744073709551615}')
seed("json", "twice", '{"a":1,"a":2}')
seed("json", "deep", "[" * 199 + "]" * 199)
seed("json", "too_deep", "[" * 300)
seed("json", "document", json.dumps({"text": ENGLISH, "id": "x", "language": "en", "language_score": 0.5, "cluster_size": 3, "dropped_by": "r", "quality": 0.1}))
seed("json", "broken_strings", '{"@type": "Article", "articleBody": "a\\u12 \\x "b", "x": ["c", {"d": "e')
seed("json", "manifest", json.dumps({"program": "pith", "options": {"a": 1}, "inputs": [{"path": "a", "bytes": 1, "hash": "0"}], "outputs": []}))
seed("json", "statistics", json.dumps({
    "stages": [{"name": "filters", "documents_in": 3, "seconds": 0.5, "dropped": [
        {"reason": "r", "documents": 1, "threshold": 0.3, "examples": [{"id": "a", "key": "123", "value": 0.5, "excerpt": "e"}]}]}],
    "languages": [{"language": "en", "documents_in": 3}], "quality_histogram": [1, 2], "broken_records": {"count": 1, "examples": [
        {"file": "f", "offset": 3, "reason": "r"}]}, "skipped_files": {"binary": 2}, "masked": {"email": 1}, "evaluation_items": {"set": [1, 2]}}))
seed("json", "settings", json.dumps({"decontaminate": {"share": 0.5, "words": 3}, "c4_lines": {"enabled": False}, "topics": {"topics": 4}}))

# Settings.
seed("settings", "config", "c[spam]\nenabled = true\n[decontaminate]\nwords = 1\nshare = 0\n[topics]\ntopics = 3\n")
seed("settings", "config_wild", "c[decontaminate]\nwords = 0\nsigns = 9223372036854775807\n[summaries]\nsentences = 0\n[topics]\nsample = 0\ntopics = 1000\n")
seed("settings", "config_lists", "c[gopher_repetition]\ntop_n_grams = [0.2, 0.18, 0.16]\n[[c4_lines]]\n")
seed("settings", "config_typo", "c[c4_lines]\nmin_word_per_line = 1\n")
seed("settings", "training", "t[model]\nhidden_size = 64\nheads = 4\ntie_embeddings = true\n[training]\nlearning_rate = 1e-3\nwarmup = 0.1\n")
seed("settings", "not_toml", "c[a\nb = {c = [1, 2979-05-27T07:32:00Z, '''x''']}\n\"\\u00e9\" = inf")
seed("settings", "words", "ain\n-o\nout\n--like=a\n--like\nb\n--steps\n-5\n--memory\n1.5G\n--budget\n3m\n--top-p\n1e999\n--\n--all")
seed("settings", "words_typo", "a--stepz\n3\n-oout\n--help")
for name, text in (("size", "1.5G"), ("time", "200ms"), ("count", "1.5B"), ("large", "99999999999999999999T"), ("none", "nan")):
    seed("settings", "quantity_" + name, "u" + text)
seed("settings", "terminal", b"u\x1b]0;title\x07\x1b[2J\xc2\x9b\x7f\xe2\x80\xae\r\n\t")

# Tokenizers: the bytes, two merges, the special tokens.
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
alphabet, extra = {}, 0
for byte in range(256):
    alphabet[byte] = chr(byte) if byte in printable else chr(256 + extra)
    extra += byte not in printable
vocab = {sign: i for i, sign in enumerate(alphabet.values())}
vocab |= {"th": 256, "the": 257}
added = [{"id": 258 + i, "content": text, "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
         for i, text in enumerate(("<|bos|>", "<|eos|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"))]
byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def tokenizer(**changes):
    whole = {"version": "1.0", "added_tokens": added, "normalizer": None, "pre_tokenizer": byte_level, "decoder": {"type": "ByteLevel"},
             "model": {"type": "BPE", "vocab": vocab, "merges": ["t h", "th e"]}}
    return json.dumps({**whole, **changes}, ensure_ascii=False, separators=(",", ":"))


seed("tokenizer", "gpt2", tokenizer())
seed("tokenizer", "pairs", tokenizer(model={"type": "BPE", "vocab": vocab, "merges": [["t", "h"], ["th", "e"]], "ignore_merges": True},
                                     normalizer={"type": "NFC"}))
pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
seed("tokenizer", "split", tokenizer(pre_tokenizer={"type": "Sequence", "pretokenizers": [split, {**byte_level, "use_regex": False}]}))
seed("tokenizer", "few_tokens", tokenizer(added_tokens=[], model={"type": "BPE", "vocab": {"t": 5, "h": 1, "th": 9}, "merges": ["t h"]}))
seed("tokenizer", "unknown_merge", tokenizer(added_tokens=[], model={"type": "BPE", "vocab": {"t": 0}, "merges": ["t h", "x"]}))

# Text.
seed("text", "english", "\x05" + ENGLISH + "It isn't 12345 o'clock.\n\n  if (x) {\r\n\ty;\n}   \n")
seed("text", "chinese", "\x03" + CHINESE + "“真的吗？”她问。２０２４年")
seed("text", "specials", "\x02<|end|><|assistant|>a<|en<|bos|>|>")
seed("text", "invalid", b"\x01\xff\xc3\xe4\xb8\xf0\x9f\x98 \xed\xa0\x80\xf4\x90\x80\x80a\xcc\x81")
seed("text", "scripts", "\x07Привет мир! नमस्ते दुनिया। สวัสดี ‘don’t’ \u2003\u3000\u0085x 😀👩‍👧 ½²")


# Model files.
def safetensors(header, data=b""):
    text = json.dumps(header).encode() if isinstance(header, dict) else header
    return struct.pack("<Q", len(text)) + text + data


one = {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}
half = {"dtype": "BF16", "shape": [2], "data_offsets": [8, 12]}
seed("model_files", "safetensors", b"s" + safetensors({"__metadata__": {"format": "pt"}, "a": one, "b": half}, bytes(range(12))))
seed("model_files", "safetensors_hole", b"s" + safetensors({"a": {**one, "data_offsets": [4, 12]}}, bytes(12)))
seed("model_files", "safetensors_huge", b"s" + safetensors({"a": {**one, "shape": [1 << 62, 1 << 62]}}, bytes(8)))
seed("model_files", "safetensors_empty", b"s" + safetensors({"a": {"dtype": "F16", "shape": [0, 5], "data_offsets": [0, 0]}}))
seed("model_files", "safetensors_length", b"s" + struct.pack("<Q", 1 << 60) + b"{}")
config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 300, "hidden_size": 16, "intermediate_size": 24,
          "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "max_position_embeddings": 32,
          "rms_norm_eps": 1e-5, "rope_theta": 1e4, "tie_word_embeddings": True, "hidden_act": "silu", "eos_token_id": [1, 6]}
seed("model_files", "config", "c" + json.dumps(config))
seed("model_files", "config_5", "c" + json.dumps({**config, "rope_parameters": {"rope_theta": 1e4, "rope_type": "default"}}))
seed("model_files", "index", "x" + json.dumps({"weight_map": {"weight": "a.safetensors"}}))
seed("model_files", "index_outside", "x" + json.dumps({"weight_map": {"weight": "../a.safetensors", "b": ".."}}))
index = b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 8, 2, 3) + struct.pack("<2i2q3q", 2, 1, 0, 4, 0, 1, 2)
seed("model_files", "tokens", b"t" + bytes([len(index) - 1]) + index + struct.pack("<3H", 1, 2, 299))

# Work folders.
seed("work_folder", "no_documents", b"sPITHSIG2" + struct.pack("<Q", 0) + struct.pack("<Q", 0))
columns = b"\1" * 16 + struct.pack("<Q", 5) + b"en\0\0\0\0\0\0" + bytes(8 * 21) + struct.pack("<2Q", 0, 2) + b"abcdefgh"
seed("work_folder", "signature", b"sPITHSIG2" + struct.pack("<Q", 1) + columns)
seed("work_folder", "signature_ends", b"sPITHSIG2" + struct.pack("<Q", 1) + columns[:-24] + struct.pack("<2Q", 1 << 63, 1) + b"abcdefgh")
seed("work_folder", "shard_end", "e" + json.dumps({"cursor": {"file": 0, "path": "", "records": 1}, "last": False, "seconds": 1, "statistics": {}}))
seed("work_folder", "shard_end_after", "e" + json.dumps({"cursor": {"file": 1, "path": "", "records": 0}, "last": True}))
seed("work_folder", "column", b"c" + bytes(16))

# Parquet.
try:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def parquet(name, columns, **options):
        out = BytesIO()
        pq.write_table(pa.table(columns), out, store_schema=False, **options)
        seed("parquet", name, out.getvalue())

    text = pa.array(["a", "中文", None, "b" * 40])
    parquet("text", {"text": text, "url": pa.array(["u", None, "", "v"]), "id": pa.array([1, 2, 3, 4])}, compression="NONE")
    parquet("plain", {"text": text}, use_dictionary=False, compression="zstd", data_page_version="2.0", write_page_checksum=True)
    parquet("foreign", {"content": text, "text": pa.array([[1], [], [2, 3], None])}, compression="gzip")
    parquet("groups", {"text": text, "quality": pa.array([0.5, None, 1, 2])}, row_group_size=2, compression="snappy")
except ImportError:
    print("no pyarrow: the seeds for Parquet are left as they are", file=sys.stderr)

# Records through the first stage, and what is measured of texts.
seed("page", "html", "h" + PAGE)
seed("page", "text", "t" + ENGLISH * 3 + "\n\n" + ENGLISH)
seed("page", "chinese", b"t" + (CHINESE * 6).encode("gb18030"))
seed("page", "markdown", "m# Boats\n\n- one\n- two\n\n```c\nint x;\n```\n\n" + ENGLISH * 2)
seed("page", "json", "j" + CHINESE * 5 + "mail a.b@example.org or +86 138-1234-5678")
seed("page", "evaluation", "jWhich of the boats that came in before noon carried the most people? " + ENGLISH * 3)
seed("analysis", "english", "t" + (ENGLISH + "She sang; nobody listened.\n") * 3)
seed("analysis", "chinese", "t" + (CHINESE + "\n") * 4)
seed("analysis", "inserted", "t" + "\n".join(f"船上的人{i}都在必赢官网下载唱歌，岸上的孩子必赢官网{i}跟着跑。" for i in range(5)))
seed("analysis", "privacy", "tcall (415) 555-2671, 4111 1111 1111 1111, 11010519491231002X, a@b.example.org, sk-" + "a1B2" * 12 + " password = \"hunter2hunter2\"")
seed("analysis", "lines", "l" + json.dumps({"question": ENGLISH, "choices": ["a", CHINESE]}) + "\n" + json.dumps([ENGLISH]) + "\n")
seed("analysis", "json_set", "o" + json.dumps([{"q": ENGLISH}, {"q": CHINESE}], indent=1))
seed("analysis", "numbers", "tTwenty-five of 1,025.5 people, 二十五 of 25 boats, and three hundred and four more came in. " * 2)
seed("analysis", "code", "t```\nfor (i = 0; i < 3; ++i) {\n  x += i;\n}\n```\nLorem ipsum dolor\n| a | b |\n| 1 | 2 |\n")
seed("analysis", "invalid", b"t\xff\xfe caf\xe9 \xe4\xb8 a@\xc3.org 4111 1111 \xed\xa0\x80")
