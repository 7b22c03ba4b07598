"""The poles of sigmoids count as one while each has a residue of its own, and each for itself else."""

from __future__ import annotations

import math
import random
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy

from derive.exact.array_points import ArrayPoint
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.exact.symbolic import symbol, to_sympy
from derive.formula import Call, Name, Partial
from derive.functions import BY_SYMBOL
from derive.functions.written import WRITTEN
from derive.networks.network import Network
from derive.networks.sources import build

PRIME, POWER = 61, 4


@pytest.mark.parametrize(
    "row", [row for row in BY_SYMBOL.values() if row.own], ids=lambda r: r.name
)
def test_a_function_with_a_residue_of_its_own_has_a_pole_of_that_kind(row: Any) -> None:
    """With r for e^x, or its square, the denominator of the value is 1 + r."""
    x, r = symbol("x"), sympy.Symbol("r", positive=True)
    value = to_sympy(row.value(Name("x"), WRITTEN)).subs(x, sympy.log(r))
    bottom = sympy.Poly(sympy.fraction(sympy.cancel(sympy.together(value)))[1], r)
    assert bottom in (sympy.Poly(1 + r, r), sympy.Poly(1 + r**2, r))


@pytest.mark.parametrize("seed", range(30))
def test_few_points_are_zeros(seed: int) -> None:
    """Of a polynomial of size s in two residues and their poles at most the 2s/p-th part are.

    All points are looked at. A polynomial that vanishes at each of them is 0 modulo p, or its size
    says nothing.
    """
    draw = random.Random(seed)
    r = np.arange(1, PRIME)
    r = r[(r**POWER + 1) % PRIME != 0]
    pole = np.array([pow(int(n) ** POWER + 1, -1, PRIME) for n in r])
    axes = r[:, None], pole[:, None], r[None], pole[None]
    terms = {exponents: draw.choice([-1, 1]) for _ in range(draw.randint(2, 4))
             for exponents in [tuple(draw.choice([0, 0, 1, 2]) for _ in axes)]}  # fmt: skip
    values = sum(
        c * math.prod(axis**e for axis, e in zip(axes, exponents, strict=True))
        for exponents, c in terms.items()
    )
    of_pole = math.log2(1 + 2**POWER)
    norm = sum(2.0 ** (a + c + of_pole * (b + d)) for a, b, c, d in terms)
    zeros = (np.broadcast_to(values, (len(r), len(r))) % PRIME == 0).mean()
    assert zeros <= 2 * math.log2(norm) / PRIME or zeros == 1


def test_the_zeros_above_come_near_the_bound() -> None:
    """1/(1 + r⁴) is the same for four residues: the pole may not count as 1."""
    found = [pow(n**POWER + 1, -1, PRIME) for n in range(1, PRIME) if (n**POWER + 1) % PRIME]
    zeros = sum(a == b for a, b in product(found, found)) / len(found) ** 2
    assert 3 / PRIME < zeros <= 2 * math.log2(2 * (1 + 2**POWER)) / PRIME


def test_poles_that_share_residues_count_each() -> None:
    """A large network has far more primes where its sigmoids have something in common."""
    model = build(Network.read("784-512-512-10"))
    sizes = FamilySizes(model)
    assert sizes.primes <= 7
    sizes.begin({}, lambda: True)
    assert sizes._needed() >= 12


def test_a_point_knows_whether_residues_are_shared() -> None:
    """tanh(x) after sig(x) has its exponential, and so has sig(2x); the same sigmoid is the same."""
    point = ArrayPoint(build(Network.read("2-3-1")), 0, 6)
    assert not point.shares_exponentials
    point.value(Call("sig", Name("net_b1")))
    point.value(Call("sig", Name("net_b1"), 1))
    point.value(Call("sig", Name("w11") + Name("w12")))
    assert not point.shares_exponentials
    point.with_letters({}).value(Call("tanh", Name("net_b1")))
    assert point.shares_exponentials
    double = ArrayPoint(build(Network.read("2-3-1")), 0, 6)
    double.value(Call("sig", Name("net_b1") + Name("net_b1")))
    assert double.shares_exponentials


def test_a_checking_takes_more_points_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that began before: the points are common to all."""
    monkeypatch.setattr("derive.exact.large.SMALLEST", 0)
    checking = Checking(build(Network.read("40-40-40-10")))
    total, net = Name(checking.model.total), Name("net_b1")
    before = checking.sizes.lost(Partial(total, net), Partial(total, net))
    Checking(checking.model).points()[0].value(Call("tanh", net))
    assert checking.sizes.lost(Partial(total, net), Partial(total, net)) > before + 10


def test_what_the_first_turn_meets_counts_for_the_number_of_turns() -> None:
    """As slopes of a function may be written with others that have its exponential."""
    checking = Checking(build(Network.read("784-30-10")))
    sizes = checking.sizes
    assert isinstance(sizes, FamilySizes)
    slope = sizes.slope(Name(checking.model.total), "")
    turns, before = checking.turns([slope, slope]), checking.sizes.lost_of([slope, slope])
    assert next(turns) == 0
    checking.points()[0].value(Call("tanh", Name("net_b1")))
    assert checking.sizes.lost_of([slope, slope]) > before
    assert 1 + len([*turns]) == checking.turns_for(checking.sizes.lost_of([slope, slope])) > 1


def test_poles_of_slopes_count_for_every_member() -> None:
    """The slope of softplus is a sigmoid, and each neuron has one of its own."""
    poles = {}
    for count in (30, 60):
        layers = {"layers": [784, count, 10], "activation": ["softplus", "identity"]}
        sizes = FamilySizes(build(Network.from_table(layers, "", {})))
        sizes.begin({}, lambda: True)
        sizes.slope(Name(sizes.model.total), "")
        poles[count] = sizes._poles[1]
    assert poles[60] >= poles[30] + 60
