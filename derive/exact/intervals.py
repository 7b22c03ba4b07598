"""Intervals of real numbers with open and closed ends, and what arithmetic does to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

MOST_DIGITS = 200
"""Digits to base 2 of an end; one with more gives way to a simpler one farther out."""

End = Fraction | float
"""A rational number, or −∞ or ∞."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; an end belongs to it unless it is `open`."""

    low: End
    high: End
    low_open: bool = True
    high_open: bool = True

    @property
    def is_positive(self) -> bool:
        """Whether all its numbers are above 0."""
        return self.low > 0 or (self.low == 0 and self.low_open)

    @property
    def is_negative(self) -> bool:
        """Whether all its numbers are below 0."""
        return (-self).is_positive

    @property
    def is_at_least_0(self) -> bool:
        """Whether none of its numbers is below 0."""
        return self.low >= 0

    @property
    def is_at_most_0(self) -> bool:
        """Whether none of its numbers is above 0."""
        return self.high <= 0

    @property
    def excludes_0(self) -> bool:
        """Whether 0 is not in it."""
        return self.is_positive or self.is_negative

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __add__(self, other: Interval) -> Interval:
        return _simple(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __mul__(self, other: Interval) -> Interval:
        corners = [
            _corner(a, a_open, b, b_open)
            for a, a_open in ((self.low, self.low_open), (self.high, self.high_open))
            for b, b_open in ((other.low, other.low_open), (other.high, other.high_open))
        ]
        low, high = min(end for end, _ in corners), max(end for end, _ in corners)
        return _simple(
            low,
            high,
            all(is_open for end, is_open in corners if end == low),
            all(is_open for end, is_open in corners if end == high),
        )

    def reciprocal(self) -> Interval:
        """1/x for the x in it; everything where 0 is among these."""
        if self.is_positive:
            return _simple(
                1 / self.high if self.high != math.inf else Fraction(0),
                1 / self.low if self.low else math.inf,
                self.high_open or self.high == math.inf,
                self.low_open,
            )
        return -(-self).reciprocal() if self.is_negative else EVERYTHING

    def power(self, exponent: int) -> Interval:
        """x^exponent for the x in it."""
        if exponent < 0:
            return self.power(-exponent).reciprocal()
        if exponent == 0:
            return point(1)
        if exponent % 2 and not self.is_at_least_0:
            return -(-self).power(exponent) if self.is_at_most_0 else EVERYTHING
        size = self.size()
        return _simple(
            _raised(size.low, exponent, down=True),
            _raised(size.high, exponent, down=False),
            size.low_open,
            size.high_open,
        )

    def size(self) -> Interval:
        """|x| for the x in it."""
        if self.is_at_least_0:
            return self
        if self.is_at_most_0:
            return -self
        far = max((-self.low, not self.low_open), (self.high, not self.high_open))
        return Interval(Fraction(0), far[0], False, not far[1])

    def united(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        low = min((self.low, self.low_open), (other.low, other.low_open))
        high = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])


def point(value: Fraction | int) -> Interval:
    """The interval of one number."""
    exact = Fraction(value)
    return _simple(exact, exact, False, False)


def _corner(a: End, a_open: bool, b: End, b_open: bool) -> tuple[End, bool]:
    """The product of two ends, and whether it is not reached; 0 times anything is 0."""
    if a == 0 or b == 0:
        reached = (a == 0 and not a_open) or (b == 0 and not b_open)
        return Fraction(0), not reached
    return a * b, a_open or b_open


def _raised(end: End, exponent: int, *, down: bool) -> End:
    """The power of an end that is not negative, or what is simpler and farther out."""
    if isinstance(end, float) or end in (0, 1):
        return end
    digits = max(end.numerator.bit_length(), end.denominator.bit_length())
    if exponent * digits > 2 * MOST_DIGITS:
        if down:
            return Fraction(0) if end < 1 else Fraction(1)
        return Fraction(1) if end < 1 else math.inf
    return end**exponent


def _simple(low: End, high: End, low_open: bool, high_open: bool) -> Interval:
    """The interval, or one around it with ends of fewer digits."""
    if _is_long(low):
        low, low_open = _rounded_down(low), True
    if _is_long(high):
        high, high_open = -_rounded_down(-high), True
    return Interval(low, high, low_open or low == -math.inf, high_open or high == math.inf)


def _is_long(end: End) -> bool:
    if isinstance(end, float):
        return False
    return max(end.numerator.bit_length(), end.denominator.bit_length()) > MOST_DIGITS


def _rounded_down(end: End) -> End:
    """A simple number below `end`, on the same side of 0."""
    if end > 1:
        return Fraction(1)
    if end > 0:
        return Fraction(0)
    return Fraction(-1) if end > -1 else -math.inf


EVERYTHING = Interval(-math.inf, math.inf)
POSITIVE = Interval(Fraction(0), math.inf)
AT_LEAST_0 = Interval(Fraction(0), math.inf, False)
"""The numbers that are not negative."""
