#!/usr/bin/env python3
"""What a loss costs: pith from raw bytes to model beside the standard recipe. docs/cost.md tells the rules and the result.

    bench/cost.py data DEBIAN -o DIR      # pool, target and examples; DEBIAN is what get_pool.sh made of the core list
"""

import argparse
import json
from pathlib import Path

from common import data

from cost import target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("data")
    verb.add_argument("debian", type=Path)
    verb.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.verb == "data":
        arguments.output.mkdir(parents=True, exist_ok=True)
        print(json.dumps(target.make(arguments.debian, arguments.output, data), indent=1))


if __name__ == "__main__":
    main()
