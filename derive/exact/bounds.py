"""Bounds of the size of one value: as a polynomial in atoms and poles, and as one quotient.

What they mean, and why they are bounds, is said in :mod:`derive.exact.sizes`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from derive.functions.dual import Element

MOST = 10**300
"""What larger whole numbers are taken for: as floating-point numbers they would be infinite."""


class Counting(Protocol):
    """What counts the poles that values have."""

    def count_pole(self, of: Size, level: int) -> None: ...
    def count_denominator(self, value: int) -> None: ...


@dataclass(slots=True, eq=False)
class Size(Element):
    """A bound of a value that is a polynomial in atoms and poles, and of it as one quotient.

    `size` and `level` are those of the polynomial, `top` and `bottom` the sizes of a numerator and
    a denominator. The `rank` counts logarithms within logarithms: what contains ln y ranks above y.
    """

    size: float
    level: int
    top: float
    bottom: float
    home: Counting | None
    rank: int = 0

    def _of(self, other: Any) -> Size:
        return other if isinstance(other, Size) else number(Fraction(other), self.home)

    def _with(self, other: Size, size: float, top: float, bottom: float) -> Size:
        """A bound of what is made of both values: it has the levels and ranks of both."""
        level, rank = max(self.level, other.level), max(self.rank, other.rank)
        return Size(size, level, top, bottom, self.home, rank)

    def __add__(self, other: Any) -> Size:
        other = self._of(other)
        if self.bottom or other.bottom:
            top = added(self.top + other.bottom, other.top + self.bottom)
        else:
            top = added(self.top, other.top)
        return self._with(other, added(self.size, other.size), top, self.bottom + other.bottom)

    def __neg__(self) -> Size:
        return self

    def __mul__(self, other: Any) -> Size:
        other = self._of(other)
        size, top, bottom = self.size + other.size, self.top + other.top, self.bottom + other.bottom
        return self._with(other, size, top, bottom)

    def inverse(self) -> Size:
        """1/x: a pole."""
        level = self.level + 1
        if self.home is not None:
            self.home.count_pole(self, level)
        return Size(max(self.size, 1.0), level, self.bottom, self.top, self.home, self.rank)

    def __truediv__(self, other: Any) -> Size:
        return self * self._of(other).inverse()

    def __pow__(self, exponent: int) -> Size:
        base = self if exponent >= 0 else self.inverse()
        times = float(min(abs(exponent), MOST))
        return base._with(self, base.size * times, base.top * times, base.bottom * times)

    def united(self, other: Size) -> Size:
        """A bound of both values."""
        top, bottom = max(self.top, other.top), max(self.bottom, other.bottom)
        return self._with(other, max(self.size, other.size), top, bottom)


def added(a: float, b: float) -> float:
    """log2(2^a + 2^b)."""
    low, high = (a, b) if a < b else (b, a)
    gap = high - low
    return high + math.log2(1 + 2.0**-gap) if gap < 60 else high + 2.0**-50


def number(value: Fraction, home: Counting | None) -> Size:
    """The size of an exact number; its denominator is a pole."""
    size = log2(abs(value.numerator))
    if value.denominator == 1:
        return Size(size, 0, size, 0.0, home)
    below = log2(value.denominator)
    if home is not None:
        home.count_denominator(value.denominator)
    return Size(size + max(below, 1.0), 1, size, below, home)


def log2(value: int) -> float:
    """A bound of the logarithm of a whole number that is not negative; of 0 it is 0."""
    return float(value.bit_length()) if value.bit_length() > 50 else math.log2(value or 1)
