"""pith worth: the table of a small measurement, a killed one that goes on, and what is the user's mistake."""

import json
import os
import random
import signal
import subprocess
import time

from program import PITH, corpus, fails, prose, run, run_json, scratch

folder = scratch()
pages = corpus(folder / "pages", 60, 10)
target = folder / "target.jsonl"
target.write_text("".join(json.dumps({"text": prose(seed)}) + "\n" for seed in range(70, 80)))
(folder / "small.toml").write_text(
    "[model]\nhidden_size = 16\nlayers = 1\nheads = 2\ncontext_length = 64\n[training]\nbatch_tokens = 256\n"
    "[repeated_text]\nenabled = false\n")  # else nothing would be left of a near copy
small = ["--config", folder / "small.toml", "--tokens", "20k", "--seeds", 2, "--target-bytes", "40K"]
command = ["worth", pages, "--target", target, "--stages", "c4_lines,near_duplicates", *small]

# The same for people and for programs.
out = folder / "out"
shown = run(*command, "-o", out).stdout
result = run_json(*command, "-o", out)
assert [stage["stage"] for stage in result["stages"]] == ["c4_lines", "near_duplicates"]
assert result["leaked"] == 0 and result["seeds"] == 2 and result["parameters"] > 0
assert [part for part, _ in result["curve"]] == [0.25, 0.5, 1, 2]
near = result["stages"][1]
assert near["without"]["documents"] == result["all"]["documents"] + 1, "copy.html is kept without near_duplicates"
low, high = near["interval"]
assert low <= near["saved_bits_per_byte"] <= high and near["told_from_zero"] == (low > 0 or high < 0)
saved = sum(near["without"]["bits_per_byte"]) / 2 - sum(result["all"]["bits_per_byte"]) / 2
assert abs(near["saved_bits_per_byte"] - saved) < 1e-9
for name in ("c4_lines", "near_duplicates", "all of them"):
    assert f"\n{name} " in shown and f"| {name} |" in (out / "worth.md").read_text(), shown
assert not [path for path in (out / "cells").iterdir() if path.is_dir()], "models are not kept"

# Killed anywhere, the same command ends with the same losses.
again = folder / "again"
chooser = random.Random(1)
for _ in range(4):
    process = subprocess.Popen([str(PITH), *map(str, command), "-o", str(again)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chooser.uniform(0.1, 1.5))
    process.send_signal(signal.SIGKILL)
    process.wait()
run(*command, "-o", again, "--threads", 1)
assert (again / "worth.json").read_bytes() == (out / "worth.json").read_bytes()

# Mistakes.
fails(*command[:4], "--stages", "near_duplicate", *small, "-o", folder / "x", says="did you mean near_duplicates?")
fails(*command[:4], "--stages", "target", *small, "-o", folder / "x", says="--like")
fails("worth", pages, "-o", folder / "x", says="--target")
fails("worth", pages, "--target", folder / "none.jsonl", "-o", folder / "x", says=["none.jsonl", "does not exist"])
empty = folder / "empty.jsonl"
empty.write_text("")
fails("worth", pages, "--target", empty, *small, "-o", folder / "y", says=["empty.jsonl", "no document with text"])
fails("worth", pages, "--target", pages / "en000.html", *small, "-o", folder / "z", says=["en000.html"])
fails(*command, "--like", target, "-o", folder / "x", says="--like and as --target")
fails(*command, "--seeds", 0, "-o", folder / "w", says="--seeds")
assert not (folder / "x").exists()
(folder / "mine").mkdir()
(folder / "mine/thesis.tex").write_text("mine")
fails(*command, "-o", folder / "mine", says=["holds something else", "thesis.tex"])
assert os.listdir(folder / "mine") == ["thesis.tex"]
# An input that is another by now is not mixed with what was measured before.
(pages / "en000.html").unlink()
fails(*command, "-o", out, says=["every_stage"])
print("passed")
