"""Large primes drawn at random: no formula can know the prime modulo which it is looked at.

What is a multiple of a fixed prime is 0 modulo that prime, and anybody can write such a number into
a network or a formula. A prime drawn after they were written divides a given number of b bits with
a probability below b/2^146: of the primes that may be drawn there are more than 2^140, and the
number has at most b/148 of them.
"""

from __future__ import annotations

import random

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
