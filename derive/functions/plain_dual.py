"""Dual numbers over any ring whose elements have Python's operators."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(slots=True)
class PlainDual:
    """value + slope·ε with ε² = 0; a slope that is the number 0 costs nothing."""

    value: Any
    slope: Any = 0

    def lifted(self, value: Any, steep: Any) -> PlainDual:
        """`value`, of a function with the slope `steep` here: the chain rule."""
        return PlainDual(value, _times(self.slope, steep))

    def moving(self) -> PlainDual:
        """The same value as the variable itself."""
        return PlainDual(self.value, self.value * 0 + 1)

    @property
    def is_constant(self) -> bool:
        """Whether nothing moves it."""
        return _nil(self.slope)

    def __add__(self, other: Any) -> PlainDual:
        if not isinstance(other, PlainDual):
            return PlainDual(self.value + _fitting(other, self.value), self.slope)
        return PlainDual(self.value + other.value, _plus(self.slope, other.slope))

    __radd__ = __add__

    def __neg__(self) -> PlainDual:
        return PlainDual(-self.value, 0 if _nil(self.slope) else -self.slope)

    def __sub__(self, other: Any) -> PlainDual:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> PlainDual:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> PlainDual:
        if not isinstance(other, PlainDual):
            other = _fitting(other, self.value)
            return PlainDual(self.value * other, _times(self.slope, other))
        return PlainDual(
            self.value * other.value,
            _plus(_times(self.slope, other.value), _times(other.slope, self.value)),
        )

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> PlainDual:
        if exponent == 0:
            return PlainDual(self.value * 0 + 1)
        if _nil(self.slope):
            return PlainDual(self.value**exponent)
        return PlainDual(
            self.value**exponent, _times(self.slope, exponent * self.value ** (exponent - 1))
        )

    def __truediv__(self, other: Any) -> PlainDual:
        if not isinstance(other, PlainDual):
            other = PlainDual(_fitting(other, self.value))
        value = self.value / other.value
        if _nil(self.slope) and _nil(other.slope):
            return PlainDual(value)
        change = _plus(self.slope, _times(other.slope, -value))
        return PlainDual(value, change / other.value)

    def __rtruediv__(self, other: Any) -> PlainDual:
        return PlainDual(_fitting(other, self.value)) / self


def _fitting(number: Any, value: Any) -> Any:
    """An exact number so that it can be added to `value`: decimals do not take fractions."""
    if isinstance(number, Fraction) and isinstance(value, Decimal):
        return Decimal(number.numerator) / number.denominator
    return number


def _nil(slope: Any) -> bool:
    return type(slope) is int and slope == 0


def _plus(a: Any, b: Any) -> Any:
    if _nil(a):
        return b
    return a if _nil(b) else a + b


def _times(slope: Any, factor: Any) -> Any:
    return 0 if _nil(slope) else slope * factor
