"""Long sums are shortened: their first two terms, dots and the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.formula import ZERO, Dots, Formula, Name, Power

MOST_TERMS = 6
"""A sum of more terms of one kind than this a document writes with an ellipsis."""
_BEGINS = re.compile(r"[^\W\d_]+[0-9]?")
"""What a name has in common with its like: its word, and the number of its layer."""
MOST_MIXED = 24
"""One of terms of several kinds, or one that somebody else has written, from this on."""


def _kind(formula: Formula) -> object:
    """How a formula is made, of names that count on in it: w31 and w32 are of one kind."""
    begins = _BEGINS.match(formula.name) if isinstance(formula, Name) else None
    return type(formula), begins and begins[0], tuple(map(_kind, formula.parts()))


def elided(terms: Sequence[Formula], most: int = MOST_TERMS) -> list[Formula]:
    """The terms of a sum, a long run of them shortened to its first two, dots and its last.

    Terms that are 0 and terms that are not never stand for each other, so that the one summand
    that survives is always shown.
    """
    # Squares of all weights have no pattern of their own.
    kinds = {_kind(term) for term in terms if term != ZERO}
    most = MOST_MIXED if any(isinstance(term, Power) for term in terms) else most
    if len(terms) <= (most if len(kinds) < 2 else MOST_MIXED):
        return list(terms)
    shown: list[Formula] = []
    run: list[Formula] = []

    def close() -> None:
        shown.extend(run if len(run) <= 4 else [*run[:2], Dots(), run[-1]])
        run.clear()

    for term in terms:
        if run and (run[-1] == ZERO) != (term == ZERO):
            close()
        run.append(term)
    close()
    return shown
