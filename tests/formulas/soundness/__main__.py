"""``python -m tests.formulas.soundness``: how many right and wrong claims got which verdict.

First claims with index letters, vectors and matrices in the writing of eight authors and of networks
of equations, then formulas of names and numbers, damaged in their text.
"""

from __future__ import annotations

import argparse
import sys

from tests.formulas.edges.run import run as run_damaged
from tests.formulas.soundness.run import run


def main() -> int:
    """A status of 1 if there is an alarm."""
    parser = argparse.ArgumentParser(prog="python -m tests.formulas.soundness", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="right claims to begin with")
    parser.add_argument("--damaged", type=int, default=20_000, help="formulas with damaged text")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    figures = run(chosen.count, chosen.seed, chosen.jobs)
    for source, what, text in figures.alarms:
        print(f"{what} ({source}): {text}")
    print(figures)
    damaged = run_damaged(chosen.damaged, chosen.seed, chosen.jobs)
    for alarm in damaged.alarms:
        print(*alarm)
    print(damaged)
    return 1 if figures.alarms or damaged.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
