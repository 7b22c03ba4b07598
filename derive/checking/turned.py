"""Gradients that are rows on the way, and at the end as what they are taken by: a habit of some."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from derive.calculus.entries import ShapeError, TooManyError, is_vector
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.calculus.readings import ALONG, GRADIENT, Reading, readings
from derive.checking.cases import NothingError
from derive.checking.claims import Ruled, Verdict, undecided
from derive.checking.comparing import Comparing
from derive.formula import Formula, Gradient, Name, Partial, Transposed, has_slopes, walk
from derive.grammar.findings import Finding, Severity


def lying(
    comparing: Comparing, gradients: Collection[str], before: Sequence[Formula], right: Formula
) -> Ruled | None:
    """What to say of a row beside a column that are equal but for that; else nothing.

    `gradients` are the ways in which they lie in formulas that hold in one way only.
    """
    rows = GRADIENT.answers[1]
    if set(gradients) == {rows} and _lies_at_the_end(comparing, before, right):
        words = comparing.said(rows)
        read = f"it is read {words}, and at the end as what they are taken by"
        return Verdict.PROVED, [Finding("layout", read, Severity.NOTE)], None
    if not _is_turned(comparing, before[-1], right):
        return None
    return undecided(
        "layout", "one side is a row and the other a column; but for that they are equal"
    )


def beside(read: str, gradients: Collection[str]) -> Finding | None:
    """What to say of a column beside a row where no other formula has gradients as rows."""
    if ALONG.answers[1] not in read or GRADIENT.answers[1] in gradients:
        return None
    return Finding("layout", f"it is right only {read}", Severity.WARNING)


def _is_turned(comparing: Comparing, left: Formula, right: Formula) -> bool:
    """Whether sides with gradients are one vector, once as a row and once as a column.

    Who transposes a gradient says how it lies; then nothing is turned.
    """
    nodes = [node for side in (left, right) for node in walk(side)]
    said = any(isinstance(n, Transposed) and isinstance(n.of, Partial | Gradient) for n in nodes)
    return not said and (has_slopes(left) or has_slopes(right)) and _turned(comparing, left, right)


def _lies_at_the_end(comparing: Comparing, before: Sequence[Formula], right: Formula) -> bool:
    """Whether a gradient by a parameter or an input is `right` if it lies as that does.

    So lectures have it whose gradients are rows on the way: ∂J/∂b = δᵀ is a column, as b is.
    """
    try:
        at_the_end = any(
            all(
                _is_by_given(one, comparing.cases.indices)
                for one, _ in comparing.cases.pairs(side, right)
            )
            for side in before
        )
    except (TooManyError, ShapeError, KeyError):
        return False
    return at_the_end and _turned(comparing, before[-1], right)


def _is_by_given(formula: Formula, indices: Indices) -> bool:
    """Whether a formula without index letters is a derivative by a vector that nothing defines."""
    if not isinstance(formula, Partial | Gradient):
        return False
    entries = [e for row in Matrices(indices, Reading()).entries(formula.by) for e in row]
    return all(isinstance(e, Name) and e.name not in indices.model.definitions for e in entries)


def _turned(comparing: Comparing, left: Formula, right: Formula) -> bool:
    """Whether one of two vectors is the other, transposed."""
    try:
        sides = next(comparing.cases.pairs(left, right))
    except (TooManyError, NothingError, KeyError):
        return False
    vectors = all(_may_be_vector(side, comparing.cases.indices) for side in sides)
    return vectors and comparing.holds(left, Transposed(right))


def _may_be_vector(formula: Formula, indices: Indices) -> bool:
    """Whether a formula is a row or a column in some reading."""
    with suppress(KeyError):
        made = readings(lambda reading: Matrices(indices, reading).entries(formula), 0)
        return any(is_vector(rows) for _, rows in made if not isinstance(rows, ValueError))
    return False
