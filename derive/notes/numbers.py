"""Numbers as they are printed: exact where six significant digits are, else rounded to six."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.formula import Number

EXACT = 1e-12
"""What a double leaves of a number that six digits give exactly, relative to it."""


def number(value: float, digits: int = 6) -> Number:
    """A number to six significant digits, with a power of ten only if it is very small.

    What is rounded keeps all of its digits, zeros too; what is exact has none behind its last.
    """
    text = f"{value or 0.0:.{digits}g}"
    rounded = abs(float(text) - value) > EXACT * abs(value)
    if rounded:
        text = f"{value:#.{digits}g}"
    exponent = int(text.partition("e")[2] or 0)
    if -8 <= exponent < 0:
        text = f"{value:.{digits - 1 - exponent}f}"
        text = text if rounded else text.rstrip("0")
    return Number(Fraction(value), text.rstrip("."))


def is_rounded(shown: Number) -> bool:
    """Whether a number is printed with fewer digits than it has."""
    if not shown.text:
        return False
    gap = abs(Fraction(shown.text) - shown.value)
    return gap > abs(shown.value) * Fraction(EXACT)


def as_shown(shown: Number) -> Fraction:
    """A number as a reader takes it from the page."""
    return Fraction(shown.text) if shown.text else shown.value


def bound(value: float, least: float) -> Number:
    """A power of ten above `value`, not below `least`.

    What rounding leaves differs from one processor to the next; a document does not.
    """
    power = round(math.log10(least))
    if value > least:
        power = math.floor(math.log10(value)) + 1
    return Number(Fraction(10) ** power, f"e{power}")
