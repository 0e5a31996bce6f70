"""Every command that the guide shows prints what the guide says, in English and in Chinese."""

import re
import subprocess

from program import PITH, SLOWER, SOURCE, scratch


def commands(page):
    """The console blocks of a page as [command, output] pairs: "$ " begins a command, "> " goes on with it."""
    pairs = []
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                pairs.append([line[2:], ""])
            elif line.startswith("> ") and not pairs[-1][1]:
                pairs[-1][0] += "\n" + line[2:]
            else:
                pairs[-1][1] += line + "\n"
    return pairs


def rounded(output):
    """Times out, other numbers to two digits: another machine's exp() may differ in the last."""
    output = re.sub(r'"seconds":[\d.e-]+', '"seconds":0', output)
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.2g}", output)


ran = 0
for path in sorted((SOURCE / "docs/guide").rglob("*.md")):
    out = scratch()
    for command, expected in commands(path.read_text(encoding="utf-8")):
        here = command.replace("build/release/pith", str(PITH)).replace("/tmp/tides", str(out / "tides"))
        done = subprocess.run(["bash", "-c", here], cwd=SOURCE, capture_output=True, text=True, timeout=60 * SLOWER)
        assert rounded(done.stdout) == rounded(expected), (
            f"{path.relative_to(SOURCE)}: $ {command}\nprints\n{done.stdout}{done.stderr}and the guide says\n{expected}")
        ran += 1
assert ran > 0, "the guide shows no command"
print("passed")
