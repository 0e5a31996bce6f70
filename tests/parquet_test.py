"""Parquet in and out: what is written opens elsewhere with the values of the JSONL; what others write is read."""

import gzip
import hashlib
import json
import shutil

from program import chinese, fails, prose, run, run_json, scratch, skip

try:
    import pandas
    import pyarrow as pa
    import pyarrow.parquet as pq
    import zstandard
except ImportError as missing:
    skip(f"{missing} (scripts/setup test)")

folder = scratch()
raw = folder / "raw"
raw.mkdir()
texts = [prose(seed) if seed % 2 else chinese(seed) for seed in range(60)]
built_without = run("curate", raw, "-o", folder / "none", "--format", "parquet", ok=False)
if "built without Parquet" in built_without.stderr:
    (raw / "a.parquet").write_bytes(b"PAR1")
    fails("curate", raw / "a.parquet", "-o", folder / "out", says=["a.parquet", "built without Parquet"])
    fails("tokenizer", raw / "a.parquet", "-o", folder / "t.json", says=["built without Parquet"])
    skip("this pith was built without Parquet")


def shards(path):
    return sorted(path.iterdir())


def jsonl(path):
    """The documents of JSONL shards."""
    lines = []
    for shard in shards(path):
        with zstandard.open(shard, "rt", encoding="utf-8") as file:
            lines += [json.loads(line) for line in file]
    return lines


def without_nulls(rows):
    return [{name: value for name, value in row.items() if value is not None and value == value} for row in rows]


def bytes_of(path):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in shards(path)}


# -- Out: the same documents as JSONL, for pyarrow, pandas, DuckDB and datasets.
with (raw / "a.jsonl").open("w", encoding="utf-8") as file:
    for number, text in enumerate(texts + texts[:3]):
        row = {"text": text, "url": f"https://example.org/{number}"} if number % 3 else {"text": text}
        file.write(json.dumps(row) + "\n")
(raw / "page.html").write_text(f"<html><head><title>A page</title></head><body><article><p>{prose(200)}</p></article>")
as_json, as_parquet = folder / "json", folder / "parquet"
run("curate", raw, "-o", as_json)
figures = run_json("curate", raw, "-o", as_parquet, "--format", "parquet", "--threads", 1)
assert figures["documents_kept"] > 10 and figures["documents_dropped"] >= 3, figures

for part in ["documents", "dropped"]:
    expected = jsonl(as_json / part)
    assert expected, part
    files = shards(as_parquet / part)
    assert [file.suffix for file in files] == [".parquet"] * len(files), files
    table = pa.concat_tables(pq.read_table(file) for file in files)
    assert without_nulls(table.to_pylist()) == expected, part
    assert ("dropped_by" in table.column_names) == (part == "dropped"), table.column_names
    assert table.column_names[:7] == ["text", "id", "url", "date", "language", "language_score", "file_path"]
    assert set(map(str, table.schema.types)) == {"string", "double", "int64"}, table.schema
    frame = pandas.read_parquet(as_parquet / part)
    assert without_nulls(frame.to_dict("records")) == expected, part
try:
    import duckdb
except ImportError:
    print("DuckDB is not there (scripts/setup test)")
else:
    for part in ["documents", "dropped"]:
        result = duckdb.sql(f"select * from '{as_parquet / part}/*.parquet'")
        rows = [dict(zip(result.columns, row)) for row in result.fetchall()]
        key = lambda row: (row["id"], row.get("offset", 0))
        assert sorted(without_nulls(rows), key=key) == sorted(jsonl(as_json / part), key=key), part
try:
    import datasets
except ImportError:
    print("Hugging Face datasets is not there")
else:
    loaded = datasets.load_dataset("parquet", data_files=str(as_parquet / "documents/*.parquet"), split="train",
                                   cache_dir=str(folder / "cache"))
    assert without_nulls(list(loaded)) == jsonl(as_json / "documents")

# The same bytes again, on another number of threads; another format is another curation.
run("curate", raw, "-o", folder / "again", "--format", "parquet", "--threads", 3)
for part in ["documents", "dropped"]:
    assert bytes_of(as_parquet / part) == bytes_of(folder / "again" / part), part
fails("curate", raw, "-o", as_parquet, says="options.format")
fails("curate", raw, "-o", folder / "other", "--format", "csv", says=["jsonl or parquet", "csv"])
assert not (folder / "other").exists()

# -- In: what pith wrote is read as its JSONL is.
encoded = []
for docs, name in [(as_json, "json.json"), (as_parquet, "parquet.json")]:
    run("tokenizer", docs, "-o", folder / name, "--vocab", 400)
    encoded.append(run("encode", docs, "--documents", "--tokenizer", folder / name).stdout)
assert (folder / "json.json").read_bytes() == (folder / "parquet.json").read_bytes()
assert encoded[0] == encoded[1] and encoded[0].count("\n") == figures["documents_kept"]
trained = [run_json("train", docs, "-o", folder / f"model{i}", "--steps", 3, "--vocab", 400, "--threads", 1)
           for i, docs in enumerate([as_json, as_parquet / "documents"])]
assert trained[0]["loss"] == trained[1]["loss"], trained
assert run_json("eval", folder / "model0", as_json)["bits_per_byte"] == run_json(
    "eval", folder / "model0", shards(as_parquet / "documents")[0])["bits_per_byte"]

# -- In: Parquet as other people have it, as raw input and as documents.
wild = folder / "wild"
wild.mkdir()


def write(name, columns, **options):
    pq.write_table(pa.table(columns), wild / name, **options)
    return wild / name


def read_back(path, *options):
    out = folder / "read" / path.name
    figures = run_json("curate", path, "-o", out, "--no-filters", "--format", "parquet", *options)
    rows = pq.read_table(out / "documents").to_pylist() + pq.read_table(out / "dropped").to_pylist()
    return figures, sorted(rows, key=lambda row: row["offset"] or 0)


some = texts[:20]
whole = [row["text"] for row in read_back(write("plain.parquet", {"text": pa.array(some)}))[1]]
assert len(whole) == 20
kinds = {
    "large.parquet": pa.array(some, pa.large_string()),
    "view.parquet": pa.array(some, pa.string_view()),
    "dictionary.parquet": pa.array(some).dictionary_encode(),
    "binary.parquet": pa.array([text.encode() for text in some], pa.binary()),
}
for name, column in kinds.items():
    for options in [{}, {"compression": "gzip", "data_page_version": "2.0", "row_group_size": 7},
                    {"compression": "none", "use_dictionary": False, "column_encoding": "DELTA_BYTE_ARRAY"}]:
        shutil.rmtree(folder / "read" / name, ignore_errors=True)
        rows = read_back(write(name, {"text": column}, **options))[1]
        assert [row["text"] for row in rows] == whole, (name, options)
        assert [row["offset"] or 0 for row in rows] == list(range(20)), (name, options)
        assert {row["file_path"] for row in rows} == {str(wild / name)}

columns = {
    "meta": pa.array([{"text": "inner", "tags": ["a", "b"]}] * 20),
    "url": pa.array([None if i % 2 else f"https://example.org/{i}" for i in range(20)]),
    "date": pa.array(range(20), pa.timestamp("ms")),
    "id": pa.array(range(20)),
    "messages": pa.array([[{"role": "user", "content": "x"}]] * 20),
    "content": pa.array([None if i == 3 else text for i, text in enumerate(some)]),
}
nested = write("nested.parquet", columns, row_group_size=6)
figures, rows = read_back(nested, "--text-field", "content")
assert figures["broken_records"] == 1, figures
assert [row["offset"] or 0 for row in rows] == [i for i in range(20) if i != 3]
assert [row["url"] for row in rows][:3] == ["https://example.org/0", None, "https://example.org/2"]
assert all(row["date"] is None for row in rows)
report = json.loads((folder / "read" / "nested.parquet" / "curate.json").read_text())["broken_records"]["examples"]
assert report[0]["offset"] == 3 and "null" in report[0]["reason"], report

# Questions of an evaluation set: the strings of every column, also within lists and structures.
asked = ["Which of the two rivers flows into the northern sea?", "How many apples does the farmer have in his garden?",
         "Why do the boats leave the harbour before the sun rises?"]
questions = write("questions.parquet", {
    "question": pa.array([asked[0], None]),
    "choices": pa.array([{"label": ["A"], "text": [asked[1]]}, {"label": ["B"], "text": None}]),
    "turns": pa.array([[], [{"role": "user", "content": asked[2]}]]),
}, row_group_size=1)
copies = folder / "copies"
copies.mkdir()
for i, question in enumerate(asked):
    (copies / f"{i}.txt").write_text(f"{some[i]} {question} {some[i + 5]}")
(copies / "clean.txt").write_text(some[4])
figures = run_json("curate", copies, "-o", folder / "copies_out", "--no-filters", "--evaluation", questions)
assert figures["documents_kept"] == 1 and figures["dropped"]["decontaminate.overlap"]["documents"] == 3, figures
assert figures["decontaminate"][0]["items"] == 3, figures["decontaminate"]

number = write("number.parquet", {"text": pa.array([1, 2, 3]), "body": pa.array(["a", "b", "c"])})
lists = write("lists.parquet", {"text": pa.array([["a"], ["b"]])})
empty, cut, other = wild / "empty.parquet", wild / "cut.parquet", wild / "other.parquet"
empty.write_bytes(b"")
cut.write_bytes(nested.read_bytes()[:-100])
other.write_text("version https://git-lfs.github.com/spec/v1\n")
packed = wild / "packed.parquet.gz"
packed.write_bytes(gzip.compress(nested.read_bytes()))
for path, says in {
    nested: ["nested.parquet", 'no column "text"', "--text-field names one of: url, content"],
    number: ["number.parquet", '"text" holds no strings but', "--text-field names one of: body"],
    lists: ["lists.parquet", "nested values"],
    cut: ["cut.parquet", "no whole Parquet file"],
    other: ["other.parquet", "no whole Parquet file"],
}.items():
    fails("curate", path, "-o", folder / "refused", says=says)
    fails("tokenizer", path, "-o", folder / "refused.json", says=says)
fails("curate", packed, "-o", folder / "refused", says=["packed.parquet.gz", "no whole Parquet file"])
fails("curate", empty, "-o", folder / "refused", says="empty")
fails("tokenizer", empty, "-o", folder / "refused.json", says=["empty.parquet", "no whole Parquet file"])
fails("tokenizer", nested, "-o", folder / "refused.json", "--text-field", "content",
      says=["nested.parquet row 3", "null"])
no_rows = write("no_rows.parquet", {"text": pa.array([], pa.string())})
assert run_json("curate", no_rows, plain := wild / "plain.parquet", "-o", folder / "rows")["documents_in"] == 20

# A folder as a hub has it, some of it broken.
figures = run_json("curate", wild, "-o", folder / "hub", "--no-filters")
assert figures["documents_in"] == 20 * 5 and figures["broken_records"] >= 5, figures

# A page that --memory cannot hold is named, and with no bound it is read: 120 long texts in one page.
big = write("big.parquet", {"text": pa.array([f"{i} " + prose(i) * 500 for i in range(120)])}, use_dictionary=False)
assert pq.ParquetFile(big).metadata.row_group(0).column(0).total_uncompressed_size > 100e6
fails("curate", big, "-o", folder / "refused", "--memory", "400M", "--threads", 1,
      says=["big.parquet row 0", "--memory"])
