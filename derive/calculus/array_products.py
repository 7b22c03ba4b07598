"""Products and powers of matrices by their entries, in one reading."""

from __future__ import annotations

from derive.calculus.entries import (
    Entries,
    UnreadArrayError,
    column,
    diagonal,
    each,
    flat,
    is_scalar,
    is_vector,
    misfit,
    multiplied,
    shape,
    shape_of,
)
from derive.calculus.readings import DOTS, OUTER, POWERS, Reading
from derive.formula import ONE, Formula, Number, Power, product

MOST_POWER = 20
"""The highest power of a matrix that is multiplied out."""


def times(value: Entries, right: Entries, is_array: bool) -> Entries:
    """X y: of a number and a matrix every entry times the number.

    `is_array` says that what is on the right is written as a matrix, even if it has one entry.
    Raises :class:`ShapeError` where the shapes do not fit.
    """
    if is_scalar(value) or (is_scalar(right) and not is_array):
        return each([value, right], product)
    if len(value[0]) == len(right):
        return multiplied(value, right)
    if is_scalar(right):
        return each([value, right], product)
    raise misfit(shape(value), shape(right))


def dotted(left: Entries, right: Entries, is_array: bool, reading: Reading) -> Entries:
    """X · y: of two vectors that stand alike the inner product, else as without the sign.

    So it is of two matrices of one shape that is not square, for which nothing else fits.
    """
    if is_scalar(left) or shape_of(left) != shape_of(right):
        return times(left, right, is_array)
    if reading(DOTS):
        return each([left, right], product)
    if is_vector(left) or len(left) != len(left[0]):
        return multiplied([flat(left)], column(flat(right)))
    return times(left, right, is_array=True)


def crossed(left: Entries, right: Entries, reading: Reading) -> Entries:
    """X ⊗ y: of two vectors every entry by every one, or entry by entry; of matrices that."""
    if is_scalar(left) or is_scalar(right):
        return each([left, right], product)
    alike = shape_of(left) == shape_of(right)
    if not (is_vector(left) and is_vector(right)):
        if not alike:
            raise UnreadArrayError("⊗ is read of two vectors, or of matrices of one shape")
        return each([left, right], product)
    if alike and reading(OUTER):
        return each([left, right], product)
    return multiplied(column(flat(left)), [flat(right)])


def raised(base: Entries, exponent: Formula, reading: Reading) -> Entries:
    """A power: of a square matrix the product with itself, of all else entry by entry."""
    entrywise = each([base], lambda parts: Power(parts[0], exponent))
    if is_scalar(base):
        return entrywise
    if not isinstance(exponent, Number) or exponent.value < 0:
        raise UnreadArrayError("a vector or matrix is read with exponents from 0 on only")
    if is_vector(base):
        return entrywise
    if len(base) != len(base[0]):
        raise UnreadArrayError("a power of a matrix may be meant entry by entry; write W ⊙ W")
    if reading(POWERS):
        return entrywise
    if exponent.value.denominator != 1 or exponent.value > MOST_POWER:
        raise UnreadArrayError(f"powers of matrices are whole, and up to {MOST_POWER}, here")
    made = diagonal(column([ONE] * len(base)))
    for _ in range(int(exponent.value)):
        made = multiplied(made, base)
    return made
