"""Gradients that are rows on the way, and at the end as what they are taken by: a habit of some."""

from __future__ import annotations

from contextlib import suppress

from derive.calculus.entries import TooManyError, is_vector
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.calculus.readings import readings
from derive.checking.cases import NothingError
from derive.checking.comparing import Comparing
from derive.formula import Formula, Gradient, Partial, Transposed, has_slopes, walk


def is_turned(
    comparing: Comparing, left: Formula, right: Formula, *, in_rows: bool = False
) -> bool:
    """Whether sides with gradients are one vector, once as a row and once as a column.

    Who transposes a gradient itself says how it lies, if gradients are not known to be rows:
    ∂J/∂b = δᵀ is a column there, as b is.
    """
    nodes = [node for side in (left, right) for node in walk(side)]
    said = any(isinstance(n, Transposed) and isinstance(n.of, Partial | Gradient) for n in nodes)
    if (said and not in_rows) or not (has_slopes(left) or has_slopes(right)):
        return False
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
