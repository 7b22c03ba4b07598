"""Between which real numbers formulas lie: no value leaves its range, and signs are known."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from derive import Model
from derive.exact.intervals import EVERYTHING, POSITIVE, Interval, point
from derive.exact.points import NoValueError
from derive.exact.ranges import Ranges, always
from derive.exact.reals import RealPoint
from derive.formula import Call, Cases, Formula, Letter, Name, Negative, Number, Power, Quotient
from derive.functions import BY_SYMBOL
from derive.networks.equations.system import System
from tests.calculus.test_sizes import drawn

NET = Model.of("2-4-3-2")
X, OUT, W = Name("net_c1"), Name("out_d1"), Name("w31")


def holds(interval: Interval, value: float) -> bool:
    """Whether a number lies in an interval, but for rounding."""
    return float(interval.low) - 1e-12 <= value <= float(interval.high) + 1e-12


@pytest.mark.parametrize("symbol", sorted(BY_SYMBOL))
@pytest.mark.parametrize("primes", [0, 1])
def test_functions_stay_in_their_ranges(symbol: str, primes: int) -> None:
    """At arguments from −8 to 8, of every row of the table and its derivative."""
    formula = Call(symbol, X, primes)
    interval = Ranges(NET).of(formula)
    for tenth in range(-80, 81):
        at = RealPoint(NET, numbers={})
        at.values["net_c1"] = at.constant(Fraction(tenth, 10))
        try:
            value = at.value(formula)
        except NoValueError:
            continue
        assert holds(interval, float(value)), tenth


@pytest.mark.parametrize("seed", range(60))
def test_random_formulas_stay_in_their_ranges(seed: int) -> None:
    """With quotients, powers and repeated factors, at random points."""
    formula = drawn(random.Random(seed), 3)
    interval = Ranges(NET).of(formula)
    for at in (RealPoint(NET, n) for n in range(5)):
        try:
            value = at.value(formula)
        except NoValueError:
            continue
        assert interval.low - 1e-12 <= value <= interval.high + 1e-12


@pytest.mark.parametrize(
    "formula",
    [
        OUT,
        1 - OUT,
        OUT * (1 - OUT),
        1 - Call("tanh", X) ** 2,
        1 - Call("tanh", X) * Call("tanh", X),
        Call("exp", X) + Call("exp", W),
        W**2 + Fraction(1, 100),
        Call("softplus", X),
        1 / OUT,
        Call("ln", 2 + W * W),
        Negative(Call("ln", OUT)),
        Quotient(Call("exp", X), Call("exp", X) + Call("exp", W)),
        1 - Quotient(Call("exp", X), Call("exp", X) + Call("exp", W)),
    ],
)
def test_what_is_positive_is_known_to_be(formula: Formula) -> None:
    """Outputs, squares and more, exponentials and sums of such."""
    assert Ranges(NET).of(formula).is_positive


@pytest.mark.parametrize(
    "formula",
    [
        W,
        X,
        OUT - Name("target_d1"),
        W**2,
        W * Name("w32"),
        W**3,
        1 / W,
        Call("relu", X),
        2 * OUT - 1,
    ],
)
def test_what_may_be_0_is_not_called_positive(formula: Formula) -> None:
    """A weight, a net input, a difference, a square, a rectified value."""
    assert not Ranges(NET).of(formula).is_positive
    assert not Ranges(NET).of(Negative(formula)).is_positive


def test_squares_and_rectified_values_are_not_negative() -> None:
    """They may be 0, and no less."""
    size = Cases(W, W, Negative(W))
    for formula in (W**2, W * W, Call("relu", X), size, Power(W, Number(Fraction(1, 2)))):
        assert Ranges(NET).of(formula).is_at_least_0


def test_definitions_are_followed() -> None:
    """The variance of a layer is not negative, and with a small number added it is positive."""
    model = Model.of("layernorm")
    assert Ranges(model).of(Name("var")).is_at_least_0
    assert not Ranges(model).of(Name("var")).is_positive
    assert Ranges(model).of(Name("var") + Fraction(1, 100)).is_positive


def test_a_deep_model_is_no_deep_recursion() -> None:
    """3,000 definitions one upon the other, each of the one before it."""
    text = "weights: h[0]\nh[i] = 1 + h[i-1]^2, i=1..3000\nE = h[3000]"
    interval = Ranges(Model.of(System.from_text(text))).of(Name("h_3000"))
    assert interval.low >= 1


def test_numbers_do_not_grow_without_bound() -> None:
    """2 squared 200 times is positive, and nobody computes it."""
    text = "inputs: x\np[1] = 2\np[i] = p[i-1]^2, i=2..200\nE = w*x*p[200]"
    interval = Ranges(Model.of(System.from_text(text))).of(Name("p_200"))
    assert interval.is_positive
    assert interval.high == math.inf


def test_letters_may_be_anything() -> None:
    """Nothing is known of a symbol that is no quantity."""
    assert Ranges(NET).of(Letter("x")) == EVERYTHING


def test_intervals() -> None:
    """Open ends, 0 times ∞, reciprocals and even powers."""
    unit = Interval(Fraction(0), Fraction(1))
    assert unit * POSITIVE == POSITIVE
    assert unit.reciprocal() == Interval(Fraction(1), math.inf)
    assert Interval(Fraction(-2), Fraction(1), False, False).power(2).high == 4
    assert Interval(Fraction(-2), Fraction(1), False, False).power(2).low == 0
    assert not Interval(Fraction(-2), Fraction(1)).reciprocal().excludes_0
    assert (-unit).is_negative
    assert point(1).united(point(-2)) == Interval(Fraction(-2), Fraction(1), False, False)
    assert (point(1) + -unit).is_positive


def test_a_wrong_range_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tanh that is said to be positive leaves its range."""
    wrong = replace(BY_SYMBOL["tanh"], within="(0, inf)")
    monkeypatch.setitem(BY_SYMBOL, "tanh", wrong)
    assert always("tanh", 0) == POSITIVE
    with pytest.raises(AssertionError):
        test_functions_stay_in_their_ranges("tanh", 0)
