"""``python -m tests.formulas.edges --count N --seed S --jobs J``: the run, its counts and alarms."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.formulas.edges.run import MOST_SHOWN, run


def main() -> int:
    """The number of alarms as a status: 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.formulas.edges", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--shown", type=int, default=MOST_SHOWN, help="alarms shown of each kind")
    chosen = parser.parse_args()
    figures = run(chosen.count, chosen.seed, chosen.jobs)
    shown: Counter[tuple[str, ...]] = Counter()
    for what, kind, network, text, note in figures.alarms:
        shown[what, kind] += 1
        if shown[what, kind] <= chosen.shown:
            print(f"{what} ({kind}; {network}; oracle: {note}): {text!r}")
    print(figures)
    return 1 if figures.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
