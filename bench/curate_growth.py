#!/usr/bin/env python3
"""Whether curation's time and memory grow with its input: the same pages and edited copies of them, from 0.4 GB to 8 GB.

    bench/curate_growth.py PAGES [--sizes 0.4,2,8] [--memory 1G] [--threads 2]

PAGES is a folder of HTML, such as Debian's documentation packages unpacked. They are written as WARC files of 256 MB: the pages once, and then
copies in which paragraphs are exchanged with those of other pages, one in a third of the copies (a near-duplicate), half of them in the rest.
Printed is, for every size, seconds a GB by the wall and by the processor, what was kept, and the peak memory. Copies are more alike than new
pages, so the part that is kept falls with the size; the last column, processor time a GB of what was read and text that was kept, tells them apart.
"""

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from common import ROOT, machine
from curate import measure

WARC_BYTES = 256_000_000


def edited(pages, random_):
    """Endless copies of pages, (bytes of HTML)."""
    parts = [page.split(b"<p") for page in pages]
    while True:
        for part in parts:
            copy = list(part)
            count = 1 if random_.random() < 1 / 3 else len(copy) // 2
            for _ in range(count):
                if len(copy) > 1:
                    other = random_.choice(parts)
                    copy[random_.randrange(1, len(copy))] = other[random_.randrange(len(other))] if len(other) > 1 else b"> </p>"
            yield b"<p".join(copy)


def write_warcs(pages, folder, megabytes):
    """As many records as fit, in files of WARC_BYTES."""
    random_ = random.Random(1)
    bodies, copies = iter(pages), edited(pages, random_)
    written, number = 0, 0
    while written < megabytes * 1e6:
        with open(folder / f"pages-{number:04}.warc", "wb") as file:
            while file.tell() < WARC_BYTES and written < megabytes * 1e6:
                body = next(bodies, None) or next(copies)
                http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
                file.write(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://pages.example/%d-%d\r\n"
                           b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:%032x>\r\n"
                           b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
                           % (number, file.tell(), random_.getrandbits(128), len(http), http))
                written += len(body)
        number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--pith", default=ROOT / "build/release/pith")
    parser.add_argument("--sizes", default="0.4,2,8", help="in GB")
    parser.add_argument("--memory", default="1G")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    pages = [path.read_bytes() for path in sorted(options.pages.rglob("*.html")) if path.is_file()]
    print(f"{machine()}, {options.threads} threads, --memory {options.memory}\n")
    print("| GB | records | seconds a GB | core-seconds a GB | kept documents | kept MB | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    rates = []
    for size in map(float, options.sizes.split(",")):
        work = Path(tempfile.mkdtemp(prefix="pith_growth_"))
        (work / "in").mkdir()
        write_warcs(pages, work / "in", size * 1000)
        result, wall, cpu, peak = measure([options.pith, "curate", work / "in", "-o", work / "out", "--threads", options.threads,
                                           "--memory", options.memory, "--json"])
        rates.append((wall / size, cpu / size))
        print(f"| {size} | {result['documents_in']} | {wall / size:.1f} | {cpu / size:.1f} | {result['documents_kept']} "
              f"| {result['bytes_kept'] / 1e6:.0f} | {peak:.0f} |", flush=True)
        shutil.rmtree(work)
    print(f"\nFrom the least to the largest: {100 * (rates[-1][0] / rates[0][0] - 1):+.1f} % seconds a GB, "
          f"{100 * (rates[-1][1] / rates[0][1] - 1):+.1f} % core-seconds a GB.")


if __name__ == "__main__":
    main()
