"""Numbers as they are printed: six significant digits."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.formula import Number


def figure(value: float, digits: int = 6) -> str:
    """A number to six significant digits, without an exponent unless it is very small."""
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    if -8 <= int(exponent) < 0:
        return f"{value:.{digits - 1 - int(exponent)}f}".rstrip("0")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def number(value: float, digits: int = 6) -> Number:
    """The same as part of a formula."""
    return Number(Fraction(value), figure(value, digits))


def bound(value: float, least: float) -> str:
    """A power of ten above `value`, not below `least`.

    What rounding leaves differs from one processor to the next; a document does not.
    """
    power = round(math.log10(least))
    if value > least:
        power = math.floor(math.log10(value)) + 1
    return rf"10^{{{power}}}"
