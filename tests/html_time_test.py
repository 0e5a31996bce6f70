"""pith extract and curate take time linear in the page, whatever the page: 20 MB of each kind of nonsense that makes
tree builders and tokenizers quadratic. The limit catches a factor of a hundred, not of two."""

import subprocess
import time

from program import PITH, SANITIZED, SLOWER, scratch

SIZE = 1_000_000 if SANITIZED else 20_000_000  # with a sanitizer it is the reads and writes that are tested
LIMIT = 60 * SLOWER  # seconds; each takes about one

folder = scratch()
UNITS = {
    "open elements": "<div>",
    "open tags": "<a",
    "open links": "<a>",
    "references": "&",
    "half names of references": "&am",
    "open comments": "<!--",
    "open declarations": "<!",
    "less than": "<",
    "end tags of nothing": "</div>",
    "paragraphs": "<p>x",
    "headings": "<h1>x",
    "list items with formatting": "<li><b>",
    "cells outside of tables": "<td>",
    "tables inside tables": "<table><tr><td>",
    "formatting": "<font><b><i>",
    "foreign elements": "<svg><p>",
    "open scripts": "<script>",
    "open quotes": "<a b='",
    "forms and options": "<form><select><option>",
}
PAGES = {name: unit * (SIZE // len(unit)) for name, unit in UNITS.items()}
PAGES["many attributes"] = "<p" + " a=b" * (SIZE // 4) + ">text"
PAGES["different attributes"] = "<p " + " ".join(f"a{i}=b" for i in range(SIZE // 12)) + ">text"
PAGES["one attribute"] = "<p title='" + "x" * SIZE + "'>text</p>"
PAGES["one class"] = "<p class='" + "main-content " * (SIZE // 13) + "'>text</p>"
PAGES["one open attribute"] = "<p>text</p><p title='" + "x" * SIZE
PAGES["nesting"] = "<div>" * (SIZE // 11) + "text" + "</div>" * (SIZE // 11)
PAGES["one word"] = "<p>" + "x" * SIZE
PAGES["one line of words"] = "<p>" + "text and more " * (SIZE // 14)
PAGES["json"] = "<script type='application/ld+json'>" + "[" * SIZE + "</script><p>text</p>"
PAGES["meta"] = "<meta charset=" * (SIZE // 14)
page = folder / "page.html"
slowest = (0, "")
for name, text in PAGES.items():
    page.write_text(text)
    begin = time.monotonic()
    done = subprocess.run([PITH, "extract", str(page), "--json"], capture_output=True, timeout=LIMIT)
    seconds = time.monotonic() - begin
    slowest = max(slowest, (seconds, name))
    assert done.returncode == 0, f"{name}: {done.stderr.decode()[-500:]}"
    if ">text" in text[:100] + text[-100:]:
        assert b'"text":"text' in done.stdout, f"{name}: the text is lost: {done.stdout[:200]}"
begin = time.monotonic()
page.write_text("<p>" + "x" * SIZE + "\n" + "中" * (SIZE // 6) + "a. " * (SIZE // 6) + "\n" * (SIZE // 4))
subprocess.run([PITH, "curate", str(page), "-o", str(folder / "out"), "--threads", "1"], check=True, capture_output=True, timeout=LIMIT)
slowest = max(slowest, (time.monotonic() - begin, "curation"))
print(f"passed: slowest is {slowest[1]} with {slowest[0]:.1f} s for {SIZE / 1e6:.0f} MB")
