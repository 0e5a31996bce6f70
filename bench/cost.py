#!/usr/bin/env python3
"""What a loss costs: pith from raw bytes to model beside the standard recipe. docs/cost.md tells the rules and the result.

    bench/cost.py data DEBIAN -o DIR          # pool, target and examples; DEBIAN is what get_pool.sh made of the core list
    bench/cost.py try DIR B0 width=96 core_seconds=120 ...    # one training of a rival, judged on what settings are chosen on
    bench/cost.py tried DIR                   # a table of those
    bench/cost.py run DIR --minutes 15 --seeds 3 [--tuned FILE] [--plot FILE.svg]    # all of a budget: table and plot

`run` wants a machine with nothing else to do. `--only B0 full` takes some of the rivals and ways; what is trained already is not trained again.
"""

import argparse
import json
from pathlib import Path

from common import ROOT, data, machine

from cost import compare, counted, raw_text, rivals, target


def setting(word):
    name, _, value = word.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def line(found):
    """A row of the table of what was tried."""
    settings, changes = found["settings"], found["changes"]
    shape = f"{settings['width']} x {settings['layers']}"
    named = ("width", "layers", "heads", "vocab", "learning_rate", "core_seconds", "train_tokens", "rows", "seed")
    other = ", ".join(f"{name} {value}" for name, value in changes.items() if name not in named)
    tokens = settings["rows"] * settings["context"]
    return [found["rival"], shape, f"{found['parameters'] / 1e6:.2f}", str(settings["vocab"]), f"{settings['learning_rate']:g}", f"{tokens:,}", other,
            f"{rivals.charged(found):.0f}", f"{found['tokens'] / rivals.charged(found):,.0f}", f"{found['tokens'] / 1e6:.2f}",
            f"{rivals.bits_per_byte(rivals.of_kind(found['judged'], 'tune'))['all']:.4f}"]


HEAD = ["rival", "width x layers", "million parameters", "vocabulary", "learning rate", "tokens a step", "other", "core-seconds", "tokens a core-second",
        "million tokens", "bits per byte"]


def tried(folder):
    found = [json.loads(file.read_text()) for file in sorted((folder / "trained").glob("*.json"))]
    rows = [line(one) for one in found]
    print("| " + " | ".join(HEAD) + " |\n|" + " --- |" * len(HEAD))
    for row in sorted(rows, key=lambda row: (row[0], int(row[7]) // 20, row[-1])):
        print("| " + " | ".join(row) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("data")
    verb.add_argument("debian", type=Path)
    verb.add_argument("-o", "--output", type=Path, required=True)
    verb = verbs.add_parser("try")
    verb.add_argument("folder", type=Path)
    verb.add_argument("rival", choices=rivals.RIVALS)
    verb.add_argument("settings", nargs="*")
    verb.add_argument("--judge", choices=["tune", "target"], default="tune")
    verb = verbs.add_parser("tried")
    verb.add_argument("folder", type=Path)
    verb = verbs.add_parser("run")
    verb.add_argument("folder", type=Path)
    verb.add_argument("--minutes", type=int, required=True, help="core-minutes of the rivals")
    verb.add_argument("--seeds", type=int, default=3)
    verb.add_argument("--tuned", type=Path, default=ROOT / "bench/cost/tuned.toml")
    verb.add_argument("--judge", choices=["tune", "target"], default="target")
    verb.add_argument("--only", nargs="+", default=[])
    verb.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    if arguments.verb == "data":
        (arguments.output / "rivals").mkdir(parents=True, exist_ok=True)
        print(json.dumps(target.make(arguments.debian, arguments.output, data), indent=1))
        raw_text.strip(arguments.output / "pool", arguments.output / "rivals")
    elif arguments.verb == "try":
        print(" | ".join(line(rivals.train(arguments.folder, arguments.rival, arguments.judge, dict(map(setting, arguments.settings))))))
    elif arguments.verb == "tried":
        tried(arguments.folder)
    elif arguments.verb == "run":
        print(f"{machine()}, {counted.CORES} cores")
        compare.compare(arguments.folder, arguments.minutes, range(arguments.seeds), arguments.tuned, arguments.judge, arguments.only, arguments.plot)


if __name__ == "__main__":
    main()
