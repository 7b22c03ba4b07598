"""Numbers as they are printed: six significant digits."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.formula import Number


def number(value: float, digits: int = 6) -> Number:
    """A number to six significant digits, with a power of ten only if it is very small."""
    text = f"{value or 0.0:.{digits}g}"
    exponent = int(text.partition("e")[2] or 0)
    if -8 <= exponent < 0:
        text = f"{value:.{digits - 1 - exponent}f}".rstrip("0")
    return Number(Fraction(value), text)


def bound(value: float, least: float) -> Number:
    """A power of ten above `value`, not below `least`.

    What rounding leaves differs from one processor to the next; a document does not.
    """
    power = round(math.log10(least))
    if value > least:
        power = math.floor(math.log10(value)) + 1
    return Number(Fraction(10) ** power, f"e{power}")
