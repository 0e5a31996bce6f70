"""The report in a real browser: its figures are the run's, and nothing is fetched."""

import html
import json
import re
import shutil
import subprocess

from program import corpus, run_json, scratch, skip

chromium = shutil.which("chromium") or skip("chromium is not installed (scripts/setup test)")
folder = scratch()
pages = corpus(folder / "pages")
result = run_json("run", pages, "--steps", 20, "-o", folder / "out")

page = folder / "out" / "report.html"
net_log = folder / "net.json"
done = subprocess.run(
    [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
     "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder / 'profile'}",
     f"--log-net-log={net_log}", "--dump-dom", page.as_uri()],
    capture_output=True, text=True, timeout=120)
assert done.returncode == 0, done.stderr
figures = {name: html.unescape(text) for name, text in re.findall(r'data-figure="([^"]+)">([^<]*)<', done.stdout)}


def number(text):
    return float(re.sub(r"[^0-9.]", "", text))


for name in ("documents_in", "documents_kept", "tokens", "parameters"):
    assert number(figures[name]) == result[name], (name, figures[name], result[name])
assert abs(number(figures["bits_per_byte"]) - result["bits_per_byte"]) <= 0.0005 + 1e-9, figures
assert done.stdout.count("<svg") >= 3, "the flow, the languages and the loss curve should be drawn"
assert "polyline" in done.stdout, "no loss curve"

# Only the page itself (and Chromium's own internal pages) may have been asked for.
text = net_log.read_text(errors="replace")
asked = set(re.findall(r'"url":"([^"]+)"', text))
fetched = {url for url in asked if url.startswith(("http:", "https:", "ws:")) and page.name in text and "google" not in url}
assert not fetched, f"the page fetched {fetched}"
print(f"passed: {len(figures)} figures, nothing fetched")
