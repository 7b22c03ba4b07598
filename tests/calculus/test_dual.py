"""One dual number for all rings: the rules of differentiation hold in each of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from derive import Model
from derive.exact.exact import ExactValues
from derive.exact.reals import Real
from derive.exact.residues import NoValueError, field, prime, residue
from derive.functions.dual import Dual

PRIME = prime(0)
RATIOS = ExactValues(Model.of("1-1"))
Made = Callable[[Fraction], Any]
RINGS: dict[str, tuple[type[Dual], Made]] = {
    "fractions": (Dual, Fraction),
    "floats": (Dual, float),
    "decimals": (Real, lambda value: Decimal(value.numerator) / value.denominator),
    "residues": (field(PRIME), lambda value: residue(value, PRIME)),
    "ratios of polynomials": (Dual, RATIOS.constant),
}
RULES: dict[str, tuple[Callable[[Any, Any], Any], Fraction, Fraction]] = {
    # With x = 3/2 and dx = 2, y = 5 and dy = −1/4: the value, and the slope by hand.
    "x + y": (lambda x, y: x + y, Fraction(13, 2), Fraction(7, 4)),
    "x - y": (lambda x, y: x - y, Fraction(-7, 2), Fraction(9, 4)),
    "x*y": (lambda x, y: x * y, Fraction(15, 2), Fraction(77, 8)),
    "x/y": (lambda x, y: x / y, Fraction(3, 10), Fraction(83, 200)),
    "-x": (lambda x, y: -x, Fraction(-3, 2), Fraction(-2)),
    "x**3": (lambda x, y: x**3, Fraction(27, 8), Fraction(27, 2)),
    "x**-1": (lambda x, y: x**-1, Fraction(2, 3), Fraction(-8, 9)),
    "x**0": (lambda x, y: x**0, Fraction(1), Fraction(0)),
    "2 - x": (lambda x, y: 2 - x, Fraction(1, 2), Fraction(-2)),
    "x - 1/2": (lambda x, y: x - Fraction(1, 2), Fraction(1), Fraction(2)),
    "1/2*x": (lambda x, y: Fraction(1, 2) * x, Fraction(3, 4), Fraction(1)),
    "3/x": (lambda x, y: 3 / x, Fraction(2), Fraction(-8, 3)),
    "5 + x": (lambda x, y: 5 + x, Fraction(13, 2), Fraction(2)),
}


def same(found: Any, expected: Any) -> bool:
    """Equal; two floats or decimals but for their rounding, and ratios wherever both have a value."""
    difference = found - expected
    if isinstance(difference, float | Decimal):
        return abs(difference) < 1e-12
    return not getattr(difference, "top", difference)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ring", RINGS)
def test_rules_of_differentiation(ring: str, rule: str) -> None:
    """Sums, products, quotients and powers, with numbers on either side."""
    dual, made = RINGS[ring]
    x = dual(made(Fraction(3, 2)), made(Fraction(2)))
    y = dual(made(Fraction(5)), made(Fraction(-1, 4)))
    compute, value, slope = RULES[rule]
    found = compute(x, y)
    assert type(found) is dual
    assert same(found.value, made(value))
    assert same(found.slope, made(slope))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ring", RINGS)
def test_what_does_not_move_has_no_slope(ring: str, rule: str) -> None:
    """Of numbers the slope is the number 0, which costs nothing."""
    dual, made = RINGS[ring]
    found = RULES[rule][0](dual(made(Fraction(3, 2))), dual(made(Fraction(5))))
    assert found.is_constant
    assert not dual(made(Fraction(3, 2))).moving().is_constant


@pytest.mark.parametrize("ring", ["decimals", "residues", "ratios of polynomials"])
def test_nothing_divides_by_0(ring: str) -> None:
    """Neither as a quotient nor as a power, and the message says so."""
    dual, made = RINGS[ring]
    zero = dual(made(Fraction(0)), made(Fraction(1)))
    for divide in (lambda: 1 / zero, lambda: zero**-1, lambda: zero / zero):
        with pytest.raises(NoValueError, match="a division by 0"):
            divide()
