"""Classes given by examples become columns, counts and a line of the report; a single example is warned of."""

import json
import subprocess

from program import chinese, prose, run, run_json, scratch

folder = scratch()
kinds = {"english": prose, "chinese": chinese}
options = []
for kind, text in kinds.items():
    (folder / "examples" / kind).mkdir(parents=True)
    for i in range(8):
        (folder / "examples" / kind / f"{i}.txt").write_text(text(100 + i), encoding="utf-8")
    options += ["--class", f"{kind}={folder / 'examples' / kind}"]
(folder / "in").mkdir()
for kind, text in kinds.items():
    for i in range(6):
        (folder / "in" / f"{kind}{i}.txt").write_text(text(i), encoding="utf-8")


def documents(out):
    for shard in sorted((out / "documents").glob("*.zst")):
        for line in subprocess.run(["zstd", "-dqc", shard], check=True, capture_output=True, text=True).stdout.splitlines():
            yield json.loads(line)


result = run_json("curate", folder / "in", "-o", folder / "out", *options)
counted = {entry["class"]: entry for entry in result["classes"]["classes"]}
assert list(counted) == ["english", "chinese"], counted
assert result["classes"]["folds"] == 5 and result["classes"]["held_out_accuracy"] > 0.9, result
seen = 0
for document in documents(folder / "out"):
    kind = document["file_path"].rsplit("/", 1)[1][:7]
    assert document["class"] == kind and 0.5 < document["class_score"] <= 1, document
    seen += 1
assert seen == sum(entry["documents"] for entry in counted.values()) == result["documents_kept"] > 0
assert all(entry["examples"] == 8 and entry["held_out_recall"] > 0.9 for entry in counted.values()), counted
page = (folder / "out/report.html").read_text(encoding="utf-8")
assert "<h2>Classes</h2>" in page and "english" in page

# The same again for any number of threads; other classes are another result.
run("curate", folder / "in", "-o", folder / "one", *options, "--threads", 1)
assert list(documents(folder / "one")) == list(documents(folder / "out"))
other = run("curate", folder / "in", "-o", folder / "out", *options[:2], "--class", f"zh={folder / 'examples/chinese'}", ok=False)
assert other.returncode == 2 and "classes" in other.stderr, other.stderr

# What is not probable enough has no class, and a single example cannot be measured.
(folder / "config.toml").write_text("[classify]\nclass_least_score = 1.0\n")
(folder / "single").mkdir()
(folder / "single/a.txt").write_text(prose(3), encoding="utf-8")
done = run("curate", folder / "in", "-o", folder / "few", "--config", folder / "config.toml", *options[2:], "--class",
           f"single={folder / 'single'}")
assert "single example" in done.stderr, done.stderr
assert not any("class" in document for document in documents(folder / "few"))
print("passed")
