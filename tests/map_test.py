"""MAP.md and the README name files that are there, and every folder of the code."""

import re

from program import SOURCE

for page in ("MAP.md", "README.md"):
    text = (SOURCE / page).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:pith|docs|cmake|tests|bench|scripts)/[\w./-]*)`", text):
        assert "NAME" in path or (SOURCE / path).exists(), f"{page} names {path}, which is not there"
    for path in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (SOURCE / path).exists(), f"{page} links to {path}, which is not there"

text = (SOURCE / "MAP.md").read_text(encoding="utf-8")
for folder in sorted(path for path in (SOURCE / "pith").iterdir() if path.is_dir()):
    assert f"`pith/{folder.name}`" in text, f"MAP.md does not name pith/{folder.name}"
print("passed")
