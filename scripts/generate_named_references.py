#!/usr/bin/env python3
"""Writes pith/curate/extract/named_references.inc from Python's table of HTML's named character
references (html.entities.html5): NAME, UTF-8 in hexadecimal, sorted by name."""
import html.entities
import pathlib
import textwrap

entries = []
for name, value in sorted(html.entities.html5.items()):
    escaped = "".join(f"\\{byte:03o}" for byte in value.encode())
    entries.append(f'{{"{name}", "{escaped}"}},')
root = pathlib.Path(__file__).resolve().parent.parent
lines = textwrap.wrap(" ".join(entries).replace('", "', '",\0"'), 100, break_long_words=False,
                      break_on_hyphens=False)
text = "// Written by scripts/generate_named_references.py. Sorted by name.\n"
text += "\n".join(lines).replace("\0", " ") + "\n"
(root / "pith/curate/extract/named_references.inc").write_text(text)
