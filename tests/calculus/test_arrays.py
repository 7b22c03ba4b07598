"""Arithmetic of arrays of residues: exact for every residue, and however many terms a sum has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derive.exact.array_rings import MOST_PRODUCTS, Modular, alike
from derive.exact.residues import small_primes

PRIMES = small_primes(0, 3)
RING = Modular(PRIMES)
LARGEST = np.array(PRIMES)[:, None, None] - 1
"""The residue −1: no products are larger than those of this one."""


@pytest.mark.parametrize("terms", [1, 2, 784, MOST_PRODUCTS, MOST_PRODUCTS + 1, 100_000])
def test_sums_of_products_do_not_overflow(terms: int) -> None:
    """(−1)·(−1) added up so many times is their number, however many fit into 64 bits."""
    a, b = np.broadcast_to(LARGEST, (3, 2, terms)), np.broadcast_to(LARGEST, (3, 1, terms))
    assert (RING.summed(a, b, (2,)) == terms).all()
    assert (RING.summed(b, a, (2,)) == terms).all()


@pytest.mark.parametrize("axes", [(), (1,), (2,), (3,), (1, 3), (1, 2, 3)])
def test_sums_of_products_are_those_of_whole_numbers(axes: tuple[int, ...]) -> None:
    """Along any axes, where either factor may be the same all along."""
    draw = np.random.default_rng(0)
    a, b = (draw.integers(0, min(PRIMES), (3, *shape)) for shape in ((4, 1, 5), (4, 6, 1)))
    exact = a.astype(object) * b.astype(object)
    primes = np.array(PRIMES, dtype=object).reshape(3, 1, 1, 1)
    right = exact.sum(axis=axes, keepdims=True) % primes if axes else exact % primes
    assert (RING.summed(a, b, axes) == right).all()


def test_products_are_compared_entry_by_entry_where_their_factors_differ() -> None:
    """2·6 is 3·4, whatever stands first, and 2·7 is not; nor is what differs in one entry."""
    two, three, four, six, seven = (
        RING.number(Fraction(n), 2) * np.ones((1, 2, 2), dtype=np.int64) for n in (2, 3, 4, 6, 7)
    )
    assert alike(RING, [two, six], [two, six])
    assert alike(RING, [two, six], [three, four])
    assert alike(RING, [two, six], [six, two])
    assert alike(RING, [two, two], [four])
    assert not alike(RING, [two, six], [two, seven])
    one_off = six.copy()
    one_off[1, 1, 0] += 1
    assert not alike(RING, [two, six], [two, one_off])


def test_what_is_reduced_may_have_any_order() -> None:
    """Also an array that is turned, and one with a single number for each prime."""
    turned = (LARGEST + np.arange(12).reshape(1, 4, 3)).transpose(0, 2, 1)
    right = turned % np.array(PRIMES)[:, None, None]
    assert (RING.reduced(turned) == right).all()
    assert RING.reduced(np.array(PRIMES) + 5).tolist() == [5, 5, 5]
