"""Residues modulo a prime: exact arithmetic that differentiates, and never grows.

Primes are drawn at random: no formula can know the prime modulo which it is looked at.

What is a multiple of a fixed prime is 0 modulo that prime, and anybody can write such a number into
a network or a formula. A prime drawn after they were written divides a given number of b bits with
a probability below b/2^146: of the primes that may be drawn there are more than 2^140, and the
number has at most b/148 of them.
"""

from __future__ import annotations

import random
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


BITS = 149
"""Digits to base 2 of a prime; 150 would still fit in as many of Python's digits as 128."""
CHANCES = 146.0
"""Of how many residues a chosen one is drawn, and one of how many primes, to base 2 at least."""
MOST = 256
"""Primes that one process may draw."""

_source = random.SystemRandom()
_drawn: dict[int, int] = {}
SECRET = _source.getrandbits(64)
"""What the residues of this process are drawn from, with the seed of their point."""


def prime(place: int) -> int:
    """One of the primes of this process, drawn when it is needed; others have other places.

    Each is 3 modulo 4, so that a square has the root x^((p + 1)/4).
    """
    place %= MOST
    while place not in _drawn:
        found = _another()
        if found not in _drawn.values():
            _drawn[place] = found
    return _drawn[place]


SMALL_BITS = 31
SMALL_CHANCES = 29.0
"""For a prime of 31 bits what :data:`CHANCES` says for a large one.

There are more than 2^25.5 of them. A polynomial of the size s has fewer than s/30 of them in a
coefficient, and at most the s/p-th part of all points for zeros: s/2^30.4 + s/2^30 < s/2^29.
"""
_drawn_small: dict[int, list[int]] = {}


def small_primes(place: int, count: int) -> tuple[int, ...]:
    """So many different primes of 31 bits, two residues of which have a product of 62 bits."""
    found = _drawn_small.setdefault(place, [])
    while len(found) < count:
        candidate = _another(SMALL_BITS, 1)
        if candidate not in found:
            found.append(candidate)
    return tuple(found[:count])


def _another(bits: int = BITS, end: int = 3) -> int:
    from sympy import isprime

    while True:
        candidate = _source.getrandbits(bits) | 1 << bits - 1 | end
        if isprime(candidate):
            return candidate
