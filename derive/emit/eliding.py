"""Long sums are shortened: their first two terms, dots and the last one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

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
    that survives is always shown; nor do terms of several kinds, unless there are many of these.
    """
    # Squares of all weights have no pattern of their own.
    kinds = {_kind(term) for term in terms if term != ZERO}
    most = MOST_MIXED if any(isinstance(term, Power) for term in terms) else most
    if len(terms) <= (most if len(kinds) < 2 else MOST_MIXED):
        return list(terms)
    apart = _shortened(terms, _kind)
    return apart if len(apart) <= MOST_MIXED else _shortened(terms, ZERO.__eq__)


def _shortened(terms: Sequence[Formula], kind: Callable[[Formula], object]) -> list[Formula]:
    """The terms, each run of one kind shortened."""
    shown: list[Formula] = []
    for _, alike in groupby(terms, key=kind):
        run = list(alike)
        shown += run if len(run) <= 4 else [*run[:2], Dots(), run[-1]]
    return shown
