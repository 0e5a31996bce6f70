"""pith extract on real pages: what it prints, and that the main text is right as often as promised."""

import collections
import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile

from program import DATA, PITH, fails, run, run_json

page = "<title>Tea - Shop</title><nav><a href=a>Home</a></nav><h1>Tea</h1>" + "".join(
    f"<p>Leaves of the {n} kind are picked by hand in the morning, dried in the shade, and sold in the town.</p>"
    for n in ("first", "second", "third"))
with tempfile.TemporaryDirectory() as folder:
    paths = [pathlib.Path(folder) / f"{name}.html" for name in "ab"]
    for path in paths:
        path.write_text(page)
    text = run("extract", str(paths[0])).stdout
    assert "second kind" in text and "Home" not in text, text
    lines = run("extract", "--json", *map(str, paths)).stdout.splitlines()
    assert len(lines) == 2
    record = json.loads(lines[1])
    assert record["file_path"] == str(paths[1]) and record["title"] == "Tea" and "third kind" in record["text"]
    stdin = subprocess.run([PITH, "extract", "-"], input=page, capture_output=True, text=True, check=True).stdout
    assert stdin == text
    blocks = json.loads(run("extract", "--blocks", str(paths[0])).stdout)["blocks"]
    assert [b["text"] for b in blocks if not b["kept"]].count("Home") == 1
    packed = pathlib.Path(folder) / "c.html.gz"
    packed.write_bytes(gzip.compress(page.encode()))
    assert run("extract", packed).stdout == text
    empty = pathlib.Path(folder) / "empty.html"
    empty.write_text("")
    assert run("extract", empty).stdout == "\n" and run_json("extract", empty)["text"] == ""
    for name, content, says in (("d.pdf", b"%PDF-1.5 x", "binary"), ("e.warc", b"WARC/1.0\r\n", "pith curate")):
        other = pathlib.Path(folder) / name
        other.write_bytes(content)
        fails("extract", paths[0], other, says=[name, says])
    # Who reads may stop reading: no word about it.
    paths[1].write_text("<p>" + "Many words are in this page, more than a pipe holds. " * 100_000)
    with subprocess.Popen([PITH, "extract", paths[1]], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
    fails("extract", folder, says=folder)
    fails("extract", str(paths[0]) + "x", says=str(paths[0]) + "x")

archive = DATA / "wcxb-dev.tar.zst"
if not archive.exists():
    print(f"passed, without {archive}")
    raise SystemExit


def word_f1(predicted, reference):
    predicted = collections.Counter(re.findall(r"\w+", predicted.lower()))
    reference = collections.Counter(re.findall(r"\w+", reference.lower()))
    overlap = sum((predicted & reference).values())
    return 2 * overlap / max(1, sum(predicted.values()) + sum(reference.values()))


# Pages that nothing was learned from: a third, by a hash of the name.
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
    root = pathlib.Path(folder) / "wcxb-dev"
    truths = {}
    for path in sorted((root / "ground-truth").glob("*.json")):
        truth = json.loads(path.read_text())["ground_truth"].get("main_content")
        html = root / "html" / f"{path.stem}.html"
        if truth and html.exists() and int(hashlib.md5(path.stem.encode()).hexdigest(), 16) % 3 == 0:
            truths[str(html)] = truth
    records = [json.loads(line) for line in run("extract", "--json", *truths).stdout.split("\n") if line]
scores = [word_f1(record["text"], truths[record["file_path"]]) for record in records]
mean = sum(scores) / len(scores)
assert len(scores) == len(truths) and mean > 0.87, (len(scores), mean)
print(f"passed: word F1 {mean:.4f} on {len(scores)} pages")
