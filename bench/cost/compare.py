"""One budget: every rival and every way of pith with each seed, the tables and the plot. Against B0 only trainings of pith count that have
no more active parameters.

Settings come out of a TOML file (tuned.toml): [B0.15], [B1.15], [B4.15] are changes to the rivals' settings for 15 core-minutes, [pith.NAME] the
ways to run pith, of which `full` is the one that is compared, `B2` and `B3` are rivals, and each other one is `full` without one factor.
"""

import json
import math
import statistics
import tomllib

from . import counted, crossing, pith_side, rivals, target
from .chart import chart

NAMES = {"B0": "B0: nanoGPT's recipe, raw pool", "B1": "B1: the same, curated by public packages", "B2": "B2: pith dense, AdamW, raw pool",
         "B3": "B3: B2 with pith's data", "B4": "B4: nanochat's recipe, raw pool"}


def curated(folder):
    """Core-seconds of B1's data, made when it is not there."""
    told = folder / "rivals" / "curated.json"
    if not told.exists():
        printed, cost = counted.run_module("curated", folder / "pool", folder / "rivals" / "curated.jsonl")
        told.write_text(json.dumps(json.loads(printed) | {"core_seconds": cost.core_seconds, "wall_seconds": cost.wall_seconds}))
    return json.loads(told.read_text())["core_seconds"]


def rival_points(folder, name, changes, core_seconds, seeds, kind):
    """A list of {core_seconds, wall, parameters, bits_per_byte} of the seeds; what comes before the training is charged to its budget."""
    before = curated(folder) if name == "B1" else 0
    points = []
    for seed in seeds:
        told = changes | {"seed": seed}
        if "train_tokens" not in told:
            told["core_seconds"] = core_seconds - before
        found = rivals.train(folder, name, kind, told)
        points.append({"core_seconds": rivals.charged(found) + before, "core_wall_seconds": found["train_wall_seconds"] * found["settings"]["threads"] + before,
                       "parameters": found["parameters"], "tokens": found["tokens"], "bits_per_byte": found["bits_per_byte"]})
    return points


def pith_points(folder, name, way, budgets, seeds, kind):
    points = []
    for budget in budgets:
        for seed in seeds:
            found = pith_side.train(folder, name, way, budget, seed, kind, way.get("threads", counted.CORES))
            points.append({"budget": budget, "seed": seed, "core_seconds": pith_side.charged(found, way), "core_wall_seconds": found["wall_seconds"] * found["threads"],
                           "parameters": found["said"].get("active_parameters", found["said"]["parameters"]), "tokens": found["said"]["tokens"], "bits_per_byte": found["bits_per_byte"]})
    return points


def curves(points, seeds):
    """(core-seconds, bits per byte) of each seed."""
    return [[(p["core_seconds"], p["bits_per_byte"]["all"]) for p in points if p["seed"] == seed] for seed in seeds]


def against(name, rival, pith, seeds):
    """The row that compares pith's trainings with those of a rival: its loss, and what pith needs to reach it."""
    wanted = statistics.median(p["bits_per_byte"]["all"] for p in rival)
    cost = statistics.median(p["core_seconds"] for p in rival)
    most = max(p["parameters"] for p in rival) if name == "B0" else math.inf
    lines = curves([p for p in pith if p["parameters"] <= most], seeds)
    reached = [found for found in (crossing.cost_to_reach(line, wanted) for line in lines) if found]
    equal = [loss for loss in (crossing.loss_at(line, cost) for line in lines) if loss]
    return [NAMES.get(name, f"pith {name}"), f"{wanted:.3f}", f"{cost:.0f}", share_told([(at / cost, where) for at, where in reached], seeds),
            told(equal, ".3f") if equal else "not run"]


def told(values, form):
    middle, least, most = crossing.spread(values)
    return f"{middle:{form}}" if len(values) == 1 else f"{middle:{form}} ({least:{form}} to {most:{form}})"


def seconds_told(values):
    middle = statistics.median(values)
    return f"{middle:.0f}" if middle >= 100 else f"{middle:.1f}"


def row(name, points):
    losses = [f"{told([p['bits_per_byte'][part] for p in points], '.3f')}" for part in ("all", *target.SETS)]
    return [name, f"{statistics.median(p['parameters'] for p in points) / 1e6:.2f}", f"{statistics.median(p['tokens'] for p in points) / 1e6:.1f}",
            seconds_told([p["core_seconds"] for p in points]), f"{statistics.median(p['core_wall_seconds'] for p in points):.0f}", *losses]


def share_told(found, seeds):
    if not found:
        return "not reached"
    below = "at most " if any(where == "below" for _, where in found) else ""
    lacking = f", {len(seeds) - len(found)} of {len(seeds)} seeds did not reach it" if len(found) < len(seeds) else ""
    return below + told([share for share, _ in found], ".1%") + lacking


def print_table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for cells in rows:
        print("| " + " | ".join(cells) + " |")
    print()


def compare(folder, minutes, seeds, settings_file, kind, only, plot):
    """Trains what is not there yet, prints the tables, and writes `plot` (SVG) when it is given."""
    settings = tomllib.loads(settings_file.read_text())
    core_seconds = minutes * 60
    found, series = {}, {}
    for name in ("B0", "B1", "B4"):
        if str(minutes) in settings.get(name, {}) and (not only or name in only):
            found[name] = rival_points(folder, name, settings[name][str(minutes)], core_seconds, seeds, kind)
            series[NAMES[name]] = [(statistics.median(p["core_seconds"] for p in found[name]), statistics.median(p["bits_per_byte"]["all"] for p in found[name]))]
    ways = {name: way for name, way in settings.get("pith", {}).items() if str(minutes) in way["budgets"] and (not only or name in only)}
    for name, way in ways.items():
        budgets = way["budgets"][str(minutes)]
        found[name] = pith_points(folder, name, way, budgets, seeds, kind)
        title = NAMES.get(name, "pith" if name == "full" else f"pith {name}")
        series[title] = [(statistics.median(p["core_seconds"] for p in found[name] if p["budget"] == budget),
                          statistics.median(p["bits_per_byte"]["all"] for p in found[name] if p["budget"] == budget)) for budget in budgets]

    print(f"{minutes} core-minutes, {len(seeds)} seed(s), judged on {kind}: median (least to most).\n")
    rows = [row(NAMES[name], found[name]) for name in ("B0", "B1", "B4") if name in found]
    for name in ways:
        for budget in ways[name]["budgets"][str(minutes)]:
            rows.append(row(f"{'pith' if name == 'full' else NAMES.get(name, 'pith ' + name)}, --budget {budget}", [p for p in found[name] if p["budget"] == budget]))
    print_table(["what", "million active parameters", "million tokens", "core-seconds", "wall x cores", "bits per byte", *target.SETS], rows)

    rows = []
    for name, points in found.items():
        if name == "full" or "full" not in found:
            continue
        if name in ways:  # one of several budgets: the dearest is what it ends at
            dearest = ways[name]["budgets"][str(minutes)][-1]
            points = [p for p in points if p["budget"] == dearest]
        rows.append(against(name, points, found["full"], seeds))
    if rows:
        print_table(["to reach the bits per byte of", "which are", "at core-seconds", "pith needs of them", "pith at the same cost"], rows)
    if plot:
        plot.write_text(chart(f"Held-out bits per byte against cost, {minutes} core-minutes", series))
    (folder / f"result-{minutes}.json").write_text(json.dumps(found, indent=1))
