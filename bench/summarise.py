#!/usr/bin/env python3
"""One-sentence summaries of SciTLDR's abstracts beside LexRank and TextRank of sumy: ROUGE F1 against the
best of the summaries that people wrote (package rouge-score, stems), and documents a second.

    bench/summarise.py [--sets train dev test] [--program build/release/bench/summarise]
"""

import argparse
import json
import re
import subprocess
import tarfile
import tempfile
import time
import warnings
from importlib import metadata
from pathlib import Path

import zstandard
from common import ROOT, data, row
from rouge_score import rouge_scorer
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

KINDS = ["rouge1", "rouge2", "rougeL"]


class Words:
    """sumy's tokenizer needs data of nltk's that is fetched; SciTLDR's sentences are split already."""

    def to_words(self, sentence):
        return [word for word in re.findall(r"\w+", sentence) if not word.isdigit()]


def chosen_by(summarizer, pages):
    summarizer.stop_words = get_stop_words("english")
    chosen = []
    for page in pages:
        sentences = [Sentence(text, Words()) for text in page["source"]]
        best = summarizer(ObjectDocumentModel([Paragraph(sentences)]), 1)
        chosen.append(next((i for i, sentence in enumerate(sentences) if best and sentence is best[0]), 0))
    return chosen


def chosen_by_pith(program, path):
    done = subprocess.run([program, path, "1"], capture_output=True, text=True, check=True)
    return [int((line.split() or ["0"])[0]) for line in done.stdout.splitlines()], float(done.stderr)


def rouge(pages, chosen):
    scorer = rouge_scorer.RougeScorer(KINDS, use_stemmer=True)
    total = dict.fromkeys(KINDS, 0.0)
    for page, index in zip(pages, chosen):
        targets = page["target"] if isinstance(page["target"], list) else [page["target"]]
        best = max((scorer.score(target, page["source"][index]) for target in targets), key=lambda s: s["rouge1"].fmeasure)
        for kind in KINDS:
            total[kind] += best[kind].fmeasure / len(pages)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=["train", "dev", "test"], default=["dev", "test"])
    parser.add_argument("--program", default=ROOT / "build/release/bench/summarise")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # LexRank divides by zero where a sentence has no words
    archive = zstandard.ZstdDecompressor().stream_reader(data("eval.tar.zst").open("rb"))
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for member in (tar := tarfile.open(fileobj=archive, mode="r|")):
            if "/summarise/" in member.name and (name := Path(member.name).stem) in options.sets:
                paths[name] = Path(folder) / f"{name}.jsonl"
                paths[name].write_bytes(tar.extractfile(member).read())
        for name in options.sets:
            pages = [json.loads(line) for line in paths[name].read_text().splitlines()]
            version = f"sumy {metadata.version('sumy')}"
            chosen, seconds = chosen_by_pith(options.program, paths[name])
            results = {"pith": (rouge(pages, chosen), seconds)}
            for rival, make in (("LexRank", LexRankSummarizer), ("TextRank", TextRankSummarizer)):
                begin = time.perf_counter()
                chosen = chosen_by(make(Stemmer("english")), pages)
                results[f"{rival}, {version}"] = (rouge(pages, chosen), time.perf_counter() - begin)
            print(f"SciTLDR {name}, {len(pages)} abstracts")
            for who, (scores, seconds) in results.items():
                figures = "  ".join(f"{kind} {scores[kind]:.4f}" for kind in KINDS)
                print(f"  {who:24} {figures}  {len(pages) / seconds:10,.0f} documents/s")
            ours = results.pop("pith")[0]["rouge1"]
            row(f"summary in a sentence, SciTLDR {name}, ROUGE-1", "F1", 1, ours,
                {who: scores["rouge1"] for who, (scores, _) in results.items()})


if __name__ == "__main__":
    main()
