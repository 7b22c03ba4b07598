"""Dual numbers modulo a prime: exact arithmetic that differentiates, and never grows."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

ON_A_KINK = "the kink of a function is never left here, and on it there is no derivative"


class NoValueError(ArithmeticError):
    """A formula has no value in this ring: a division by 0, or something the ring does not have."""


class ChanceError(NoValueError):
    """There is no value by chance: at another point there may be one."""


class Dual:
    """value + slope·ε with ε² = 0, modulo the `prime` of its class; see :func:`field`."""

    __slots__ = ("slope", "value")

    prime: ClassVar[int]

    def __init__(self, value: int, slope: int = 0) -> None:
        self.value = value
        self.slope = slope

    def __repr__(self) -> str:
        return f"{self.value} + {self.slope}·ε modulo {self.prime}"

    def lifted(self, value: int, steep: int) -> Dual:
        """`value`, of a function with the slope `steep` here: the chain rule."""
        prime = self.prime
        return self.__class__(value % prime, steep * self.slope % prime)

    def moving(self) -> Dual:
        """The same value as the variable itself."""
        return self.__class__(self.value, 1)

    @property
    def is_constant(self) -> bool:
        """Whether nothing moves it."""
        return not self.slope

    def _of(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return other
        return self.__class__(residue(Fraction(other), self.prime))

    def __add__(self, other: Any) -> Dual:
        other = self._of(other)
        prime = self.prime
        value, slope = self.value + other.value, self.slope + other.slope
        return self.__class__(value % prime, slope % prime)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        prime = self.prime
        return self.__class__(-self.value % prime, -self.slope % prime)

    def __sub__(self, other: Any) -> Dual:
        return self + -self._of(other)

    def __rsub__(self, other: Any) -> Dual:
        return self._of(other) + -self

    def __mul__(self, other: Any) -> Dual:
        other = self._of(other)
        prime = self.prime
        slope = self.value * other.slope + self.slope * other.value
        return self.__class__(self.value * other.value % prime, slope % prime)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Dual:
        if exponent < 0:
            return (self.__class__(1) / self) ** -exponent
        if exponent == 0:
            return self.__class__(1)
        prime = self.prime
        outer = exponent * pow(self.value, exponent - 1, prime)
        return self.__class__(pow(self.value, exponent, prime), outer * self.slope % prime)

    def __truediv__(self, other: Any) -> Dual:
        other = self._of(other)
        if not other.value:
            raise NoValueError("a division by 0")
        prime = self.prime
        try:
            inverse = pow(other.value, -1, prime)
        except ValueError:
            raise ChanceError("a division by what is 0 modulo one of the primes") from None
        value = self.value * inverse % prime
        return self.__class__(value, (self.slope - value * other.slope) * inverse % prime)

    def __rtruediv__(self, other: Any) -> Dual:
        return self._of(other) / self


@cache
def field(prime: int) -> type[Dual]:
    """The dual numbers modulo `prime`."""
    return type("Dual", (Dual,), {"__slots__": (), "prime": prime})


def residue(value: Fraction, prime: int) -> int:
    """An exact number modulo the prime."""
    if value.denominator == 1:
        return value.numerator % prime
    if not value.denominator % prime:
        raise NoValueError("a division by 0")
    return value.numerator * pow(value.denominator, -1, prime) % prime
