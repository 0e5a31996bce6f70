"""MAP.md, the README and docs/ name files that are there, and quote them as they are; MAP.md has every folder of the code."""

import re

from program import SOURCE

pages = [SOURCE / "MAP.md", SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]
for page in pages:
    name, text = page.relative_to(SOURCE), page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:pith|docs|cmake|tests|bench|scripts)/[\w./-]*)`", text):
        assert "NAME" in path or (SOURCE / path).exists(), f"{name} names {path}, which is not there"
    for path in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / path).exists(), f"{name} links to {path}, which is not there"
    # A fenced quote with a file behind its language is in that file, indentation aside; "..." stands for what is left out.
    for path, quote in re.findall(r"^ *```\w+ (\S+)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        source = "\n".join(line.strip() for line in (SOURCE / path).read_text(encoding="utf-8").splitlines()) + "\n"
        quoted = "".join(line.strip() + "\n" for line in quote.splitlines())
        for part in re.split(r"^\.\.\.\n", quoted, flags=re.MULTILINE):
            assert "\n" + part in "\n" + source, f"{name} quotes of {path} what is not there:\n{part}"

text = (SOURCE / "MAP.md").read_text(encoding="utf-8")
for folder in sorted(path for path in (SOURCE / "pith").iterdir() if path.is_dir()):
    assert f"`pith/{folder.name}`" in text, f"MAP.md does not name pith/{folder.name}"
print("passed")
