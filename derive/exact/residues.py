"""Residues modulo a prime: exact arithmetic that differentiates, and never grows."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, Self

from derive.functions.dual import Dual

ON_A_KINK = "the kink of a function is never left here, and on it there is no derivative"


class NoValueError(ArithmeticError):
    """A formula has no value in this ring: a division by 0, or something the ring does not have."""


class ChanceError(NoValueError):
    """There is no value by chance: at another point there may be one."""


class Residue(Dual):
    """A dual number modulo the `prime` of its class; see :func:`field`."""

    __slots__ = ()

    prime: ClassVar[int]

    def __init__(self, value: int, slope: int = 0) -> None:
        prime = self.prime
        self.value = value % prime
        self.slope = slope % prime

    def _fitting(self, number: Any) -> int:
        return residue(Fraction(number), self.prime)

    def __pow__(self, exponent: int) -> Self:
        if exponent < 0:
            return self._of(1) / self**-exponent
        if exponent == 0:
            return self.__class__(1)
        outer = exponent * pow(self.value, exponent - 1, self.prime)
        return self.__class__(pow(self.value, exponent, self.prime), outer * self.slope)

    def __truediv__(self, other: Any) -> Self:
        other = self._of(other)
        if not other.value:
            raise NoValueError("a division by 0")
        try:
            inverse = pow(other.value, -1, self.prime)
        except ValueError:
            raise ChanceError("a division by what is 0 modulo one of the primes") from None
        value = self.value * inverse % self.prime
        return self.__class__(value, (self.slope - value * other.slope) * inverse)


@cache
def field(prime: int) -> type[Residue]:
    """The dual numbers modulo `prime`."""
    return type("Residue", (Residue,), {"__slots__": (), "prime": prime})


def residue(value: Fraction, prime: int) -> int:
    """An exact number modulo the prime."""
    if value.denominator == 1:
        return value.numerator % prime
    if not value.denominator % prime:
        raise NoValueError("a division by 0")
    return value.numerator * pow(value.denominator, -1, prime) % prime
