#!/usr/bin/env python3
"""Learns what extraction decides by: writes pith/curate/extract/{cue_words,block_model}.inc.

    pip install numpy scikit-learn catboost
    scripts/train_extraction.py --build build/release [--docs FOLDER] [--threads 2]

Pages and their true main text: two thirds of WCXB's development pages (PITH_DATA/wcxb-dev.tar.zst, CC BY
4.0), and of the article-extraction-benchmark's (PITH_DATA/eval.tar.zst, MIT), chosen by a hash of the file name; the
rest is only measured. --docs adds pages of Debian's
documentation packages (unpacked under FOLDER/PACKAGE), where the generator's containers tell the truth.

The steps: (1) blocks get their truth by aligning the page's words with the true text; (2) cue words are
learned, one table for each of four folds of sites and one of all; (3) BUILD is rebuilt with each table to
measure the pages that the table has not seen; (4) the first round of trees is learned, also by folds; (5)
the second round, on what the first said about pages it had not seen; (6) tables and trees are written.
Takes about ten minutes on two cores.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
from urllib.parse import urlparse

import numpy as np
from catboost import CatBoostClassifier
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parent.parent
CUES = ROOT / "pith/curate/extract/cue_words.inc"
MODEL = ROOT / "pith/curate/extract/block_model.inc"
FOLDS = 4
LEAF_SCALE = 4096
CONTEXT_FEATURES = 23
SURE, SURE_WORDS, BESIDE_SURE = 238, 200, 179  # as in block_model.cc
WORD = re.compile(r"\w+")
NOTE = "// Written by scripts/train_extraction.py.\n"


def digest(text):
    return int(hashlib.md5(text.encode()).hexdigest(), 16)


# --- Pages -----------------------------------------------------------------------------------------

class Page:
    """One page: its file, where it is from, and (later) its blocks with truth and measures."""

    def __init__(self, path, site, kind, held, text=None, package=None):
        self.path, self.site, self.kind, self.held = path, site, kind, held
        self.text, self.package = text, package
        self.fold = digest("fold" + site) % FOLDS
        self.importance = 0.4 if package else 1.0


def wcxb_pages(folder):
    for path in sorted((folder / "ground-truth").glob("*.json")):
        truth = json.loads(path.read_text())
        text = truth["ground_truth"].get("main_content")
        html = folder / "html" / (path.stem + ".html")
        if text and html.exists():
            site = urlparse(truth.get("url") or "").netloc or path.stem
            yield Page(html, site, truth["_internal"]["page_type"]["primary"],
                       digest(path.stem) % 3 == 0, text=text)


def article_pages(folder):
    truth = json.loads((folder / "ground-truth.json").read_text())
    for path in sorted((folder / "html").glob("*.html.gz")):
        name = path.name.removesuffix(".html.gz")
        if name in truth:
            site = urlparse(truth[name].get("url") or "").netloc or name
            yield Page(path, site, "benchmark", digest(name) % 3 == 0, text=truth[name]["articleBody"])


def documentation_pages(folder, each=6):
    chooser = random.Random(5)
    for package in sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] != "."):
        files = sorted(f for f in package.rglob("*.html")
                       if not f.is_symlink() and 3000 < f.stat().st_size < 300000)
        chooser.shuffle(files)
        for path in files[:each]:
            yield Page(path, package.name.rsplit("-", 1)[0], "debian",
                       digest(package.name + "z") % 3 == 0, package=package.name)


def measure(build, pages):
    """What pith measures about each page's blocks, by the cue words it was built with."""
    program = [str(build / "pith"), "extract", "--measures"]
    for begin in range(0, len(pages), 200):
        batch = pages[begin:begin + 200]
        done = subprocess.run(program + [str(p.path) for p in batch], check=True,
                              stdout=subprocess.PIPE)
        for page, line in zip(batch, done.stdout.splitlines()):
            report = json.loads(line)
            page.blocks = [block["text"] for block in report["blocks"]]
            page.elements = report["elements"]
            page.node, page.alike, page.around = report["node"], report["alike"], report["around"]
            page.features = np.array(report["features"], dtype=np.float32).T
            page.names = report["feature_names"]


# --- Truth -----------------------------------------------------------------------------------------

def align(page_words, true_words):
    """Index of the true word that each page word is in a longest common subsequence, or -1: bit-parallel
    (Hyyro 2004), the rows kept for the way back."""
    m = len(true_words)
    places = {}
    for j, word in enumerate(true_words):
        places[word] = places.get(word, 0) | (1 << j)
    mask = row = (1 << m) - 1
    rows = [row]
    for word in page_words:
        hits = row & places.get(word, 0)
        if hits:
            row = ((row + hits) | (row - hits)) & mask
        rows.append(row)
    match = [-1] * len(page_words)
    i, j = len(page_words), m - 1
    while i > 0 and j >= 0:
        if rows[i] >> j & 1:
            j -= 1
        elif not rows[i - 1] >> j & 1:
            i -= 1
        else:
            match[i - 1] = j
            i, j = i - 1, j - 1
    return match


def truth_by_text(page):
    true_words = WORD.findall(page.text.lower())[:60000]
    true_lines = {tuple(WORD.findall(line.lower())) for line in page.text.split("\n")}
    words, owner = [], []
    for b, block in enumerate(page.blocks):
        found = WORD.findall(block.lower())
        words += found
        owner += [b] * len(found)
    words, owner = words[:150000], owner[:150000]
    match = align(words, true_words)
    sure = np.zeros(len(page.blocks))   # words in runs of four and more, or in whole lines
    loose = np.zeros(len(page.blocks))  # words in shorter runs
    begin = 0
    while begin < len(words):
        if match[begin] < 0:
            begin += 1
            continue
        end = begin + 1
        while end < len(words) and match[end] == match[end - 1] + 1:
            end += 1
        whole = ((begin == 0 or owner[begin - 1] != owner[begin])
                 and (end == len(words) or owner[end] != owner[end - 1])
                 and tuple(words[begin:end]) in true_lines)
        for i in range(begin, end):
            (sure if end - begin >= 4 or whole else loose)[owner[i]] += 1
        begin = end
    total = np.bincount(owner, minlength=len(page.blocks)).astype(float)
    hits = np.where((sure + loose >= 0.8 * total) & (sure > 0), sure + loose, sure)
    return total, hits, len(true_words)


def element_words(page):
    """For each block the set of cue words on the path of elements around it."""
    known = {}

    def path(node):
        if node not in known:
            parent, *words = page.elements[str(node)]
            known[node] = collections.Counter(words) + (path(parent) if node else collections.Counter())
        return known[node]
    return [path(node) for node in page.node]


def truth_by_container(page):
    """Debian's documentation: what the generators' navigation does not hold. None: another generator."""
    html = page.path.read_text(errors="replace").lower()
    keep = None
    if "navheader" in html or "navfooter" in html:
        drop = {"navheader", "navfooter"}
    elif "docnav" in html:
        drop = {"docnav"}
    elif "sphinxsidebar" in html:
        drop, keep = {"sphinxsidebar", "related", "footer", "headerlink"}, {"body"}
    elif page.package == "apache2-doc":
        drop = {"page-header", "topbanner", "footer", "up", "toplang", "bottomlang", "comments"}
    elif page.package.startswith("libreoffice"):
        drop, keep = set(), {"display-area", "displayarea"}
    elif page.package in ("ikiwiki", "git-annex"):
        drop, keep = {"pageheader", "pagefooter", "footer", "actions", "header"}, {"content"}
    else:
        return None
    around = [set(words) for words in element_words(page)]
    if keep and not any(keep & words for words in around):
        return None
    total, hits = [], []
    for block, words in zip(page.blocks, around):
        ideographs = len(re.findall(r"[\u3040-\u9fff]", block))
        size = 0 if "toc" in words else max(len(WORD.findall(block)), ideographs // 2)
        total.append(size)
        hits.append(size if not words & drop and (not keep or words & keep) else 0)
    return np.array(total, float), np.array(hits, float), int(sum(hits))


def add_truth(page):
    found = truth_by_text(page) if page.text else truth_by_container(page)
    if found is None or not len(page.blocks):
        return False
    page.total, page.hits, page.true_words = found
    page.main = (page.hits >= 0.5 * np.maximum(page.total, 1)).astype(np.int8)
    weight = page.total ** 0.75
    page.weight = weight / max(weight.sum(), 1e-9) * 30 * page.importance
    return True


# --- Cue words ---------------------------------------------------------------------------------------

def text_words(page):
    """The words of short blocks, as cue_words looks them up: bytes, ASCII lower-cased."""
    rows = []
    for block in page.blocks:
        lower = bytes(c | 32 if 65 <= c <= 90 else c for c in block.encode())
        words = re.findall(rb"[a-z\x80-\xff]+", lower)
        rows.append(collections.Counter(words) if len(words) <= 30 else None)
    return rows


def learn_cues(pages, rows_of, least_sites, strength, by_length):
    rows = [(page, rows_of(page)) for page in pages]
    sites = collections.defaultdict(set)
    for page, blocks in rows:
        for words in blocks:
            for word in words or ():
                sites[word].add(page.site)
    vocabulary = sorted(w for w in sites if len(sites[w]) >= least_sites and len(w) >= 2)
    column = {word: i for i, word in enumerate(vocabulary)}

    def fit(chosen):
        starts, columns, values, main, weight = [0], [], [], [], []
        for page, blocks in chosen:
            for b, words in enumerate(blocks):
                if words is None or page.total[b] == 0:
                    continue
                scale = np.sqrt(sum(words.values())) if by_length else 1
                for word, count in words.items():
                    if word in column:
                        columns.append(column[word])
                        values.append(count / scale if by_length else min(count, 3))
                starts.append(len(columns))
                main.append(page.main[b])
                weight.append(page.weight[b])
        matrix = csr_matrix((values, columns, starts), shape=(len(main), len(vocabulary)))
        model = LogisticRegression(C=strength, max_iter=200).fit(matrix, main, sample_weight=weight)
        return dict(zip(vocabulary, model.coef_[0]))
    tables = {k: fit([r for r in rows if r[0].fold != k]) for k in range(FOLDS)}
    tables["all"] = fit(rows)
    return tables


def wrapped(items, indent=""):
    lines, line = [], indent
    for item in items:
        if len(line) + len(item) + 1 > 101:
            lines.append(line.rstrip())
            line = indent
        line += item + " "
    return "\n".join(lines + [line.rstrip()]) + "\n"


def write_cues(name_cues, text_cues):
    out = NOTE + "// A word, and the log-odds that the block it speaks about is main text.\n"
    for macro, cues in (("PITH_NAME_CUES", name_cues), ("PITH_TEXT_CUES", text_cues)):
        entries = []
        for word in sorted(cues):
            text = word if isinstance(word, str) else word.decode(errors="replace")
            if abs(round(cues[word], 2)) >= 0.1 and text.isascii():
                entries.append(f'{{"{text}", {cues[word]:.2f}f}},')
        out += f"#ifdef {macro}\n" + wrapped(entries) + "#endif\n"
    CUES.write_text(out)


# --- Trees -------------------------------------------------------------------------------------------

def context_features(page, first):
    """The second round's own columns; BlockModel::measure_context in numpy."""
    n = len(first)
    weight = np.expm1(page.features[:, page.names.index("Words")]).astype(float) + 1
    p = first.astype(float)
    weights, masses = (np.concatenate([[0], np.cumsum(x)]) for x in (weight, weight * p))
    columns = [p]
    for shift in (1, -1, 2, -2, 3, -3):
        shifted = np.zeros(n)
        if abs(shift) < n:
            if shift > 0:
                shifted[shift:] = p[:-shift]
            else:
                shifted[:shift] = p[-shift:]
        columns.append(shifted)
    at = np.arange(n)
    for reach in (3, 8, 20):
        low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, n)
        columns.append((masses[high] - masses[low]) / (weights[high] - weights[low]))
    inside = collections.defaultdict(lambda: [0.0, 0.0])
    alike = collections.defaultdict(lambda: [0.0, 0.0])
    for b in range(n):
        for sums in [inside[e] for e in set(page.around[b])] + [alike[page.alike[b]]]:
            sums[0] += weight[b]
            sums[1] += weight[b] * p[b]
    for k in (1, 2, 3, 4, 5, 7, 9):
        columns.append(np.array([inside[e[k - 1]][1] / inside[e[k - 1]][0] for e in page.around]))
    columns.append(np.array([alike[a][1] / alike[a][0] for a in page.alike]))
    columns.append(np.full(n, masses[-1] / weights[-1]))
    columns.append(masses[:-1] / max(masses[-1], 1e-9))
    columns.append(1 - masses[1:] / max(masses[-1], 1e-9))
    heading = page.features[:, page.names.index("Heading")] > 0
    last_heading, section = np.zeros(n), np.zeros(n)
    edges = sorted({0, n, *np.flatnonzero(heading)})
    for begin, end in zip(edges[:-1], edges[1:]):
        section[begin:end] = (masses[end] - masses[begin]) / (weights[end] - weights[begin])
        last_heading[begin:end] = p[begin] if heading[begin] else 0
    columns += [last_heading, section]
    assert len(columns) == CONTEXT_FEATURES
    return np.stack(columns, 1).astype(np.float32)


def fit_trees(pages, rows_of, threads):
    rows = np.concatenate([rows_of(page) for page in pages])
    main = np.concatenate([page.main for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    used = weight > 0
    model = CatBoostClassifier(
        iterations=250, depth=6, learning_rate=0.08, border_count=48, l2_leaf_reg=10, rsm=0.6,
        bootstrap_type="Bernoulli", subsample=0.7, random_seed=1, thread_count=threads, verbose=False,
        feature_border_type="GreedyLogSum", allow_writing_files=False)
    return model.fit(rows[used], main[used], sample_weight=weight[used])


def probability(model, rows):
    return model.predict_proba(rows)[:, 1].astype(np.float32)


def by_folds(pages, rows_of, threads):
    out = {}
    for k in range(FOLDS):
        model = fit_trees([p for p in pages if p.fold != k], rows_of, threads)
        out.update({p.path: probability(model, rows_of(p)) for p in pages if p.fold == k})
    return out


def page_f1(page, p):
    """F1 of the blocks kept by the bound of choose_blocks."""
    step = np.minimum((p * 256).astype(int), 255)
    words = np.cumsum(np.bincount(step, page.total, 256)[::-1])[::-1]
    mass = np.cumsum(np.bincount(step, page.total * p, 256)[::-1])[::-1]
    bound = int(np.argmax(2 * mass / np.maximum(words + mass[0], 1e-9)))
    bound = min(max(bound, 38), 154)
    if page.total[step >= SURE].sum() >= SURE_WORDS:
        bound = max(bound, BESIDE_SURE)
    kept = step >= bound
    return 2 * page.hits[kept].sum() / max(page.total[kept].sum() + page.true_words, 1e-9)


def report(title, pages, probabilities):
    scores = collections.defaultdict(list)
    for page in pages:
        scores[page.kind].append(page_f1(page, probabilities[page.path]))
    web = [s for kind in scores if kind not in ("debian", "benchmark") for s in scores[kind]]
    kinds = "  ".join(f"{kind} {np.mean(scores[kind]):.3f}" for kind in sorted(scores))
    print(f"{title}: WCXB {np.mean(web):.4f}  {kinds}", flush=True)


def write_model(models, feature_count):
    out = NOTE + (f"static_assert(kBlockFeatureCount == {feature_count} && "
                  f"kContextFeatureCount == {CONTEXT_FEATURES});\n"
                  f"constexpr float kLeafScale = {LEAF_SCALE};\n")
    for number, model in enumerate(models, 1):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            model.save_model(file.name, format="json")
            trees = json.loads(pathlib.Path(file.name).read_text())
        borders = collections.defaultdict(set)
        for tree in trees["oblivious_trees"]:
            for split in tree["splits"]:
                borders[split["float_feature_index"]].add(split["border"])
        questions = sorted(borders)
        borders = {f: sorted(borders[f]) for f in questions}
        scale, bias = trees["scale_and_bias"]
        first, entries = 0, []
        for f in questions:
            entries.append(f"{{{f}, {first}, {len(borders[f])}}},")
            first += len(borders[f])
        out += f"constexpr FeatureBorders kQuestions{number}[] = {{\n" + wrapped(entries, "    ") + "};\n"
        values = [repr(float(np.float32(b))) + "f," for f in questions for b in borders[f]]
        out += f"constexpr float kBorders{number}[] = {{\n" + wrapped(values, "    ") + "};\n"
        entries = []
        for tree in trees["oblivious_trees"]:
            depth = len(tree["splits"])
            asked = [questions.index(s["float_feature_index"]) for s in tree["splits"]] + [0] * (6 - depth)
            border = [borders[s["float_feature_index"]].index(s["border"])
                      for s in tree["splits"]] + [255] * (6 - depth)
            leaves = [max(-32768, min(32767, round(v * scale * LEAF_SCALE)))
                      for v in tree["leaf_values"]] + [0] * (64 - 2 ** depth)
            parts = [", ".join(map(str, part)) for part in (asked, border, leaves)]
            entries += ("{{" + "}, {".join(parts) + "}},").split(" ")
        out += f"constexpr ObliviousTree kTrees{number}[] = {{\n" + wrapped(entries, "    ") + "};\n"
        out += f"constexpr float kBias{number} = {float(np.ravel(bias)[0])!r}f;\n"
    MODEL.write_text(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--docs", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    data = pathlib.Path(os.environ.get("PITH_DATA", ROOT.parent / "shared/data"))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "--zstd", "-xf", data / "wcxb-dev.tar.zst", "-C", folder], check=True)
        subprocess.run(["tar", "--zstd", "-xf", data / "eval.tar.zst", "-C", folder], check=True)
        pages = list(wcxb_pages(pathlib.Path(folder) / "wcxb-dev"))
        pages += article_pages(pathlib.Path(folder) / "eval/extract/article-extraction-benchmark")
        if arguments.docs:
            pages += documentation_pages(arguments.docs)
        learn(pages, arguments)


def learn(pages, arguments):
    measure(arguments.build, pages)
    pages = [page for page in pages if add_truth(page)]
    seen = [page for page in pages if not page.held]
    held = [page for page in pages if page.held]
    print(f"{len(seen)} pages to learn from, {len(held)} held back", flush=True)

    name_cues = learn_cues(seen, element_words, 12, 0.04, by_length=False)
    text_cues = learn_cues(seen, text_words, 20, 0.03, by_length=True)
    for table in [*range(FOLDS), "all"]:
        write_cues(name_cues[table], text_cues[table])
        subprocess.run(["cmake", "--build", arguments.build, "--target", "pith"], check=True,
                       stdout=subprocess.DEVNULL)
        measure(arguments.build, held if table == "all" else [p for p in seen if p.fold == table])

    def first_rows(page):
        return page.features

    def second_rows(page):
        return page.second_rows
    first = by_folds(seen, first_rows, arguments.threads)
    report("first round, by folds", seen, first)
    first_model = fit_trees(seen, first_rows, arguments.threads)
    first.update({p.path: probability(first_model, p.features) for p in held})
    report("first round, held back", held, first)
    for page in pages:
        context = context_features(page, first[page.path])
        page.second_rows = np.concatenate([page.features, context], 1)
    second = by_folds(seen, second_rows, arguments.threads)
    second_model = fit_trees(seen, second_rows, arguments.threads)
    second.update({p.path: probability(second_model, p.second_rows) for p in held})
    mean = {path: 0.5 * (first[path] + second[path]) for path in first}
    report("mean of both, by folds", seen, mean)
    report("mean of both, held back", held, mean)
    write_model([first_model, second_model], len(pages[0].names))


if __name__ == "__main__":
    main()
