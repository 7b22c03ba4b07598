"""Formulas at points of real numbers: witnesses, and the network's own numbers."""

from __future__ import annotations

import decimal
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Self

from derive.exact.consistent import Consistent
from derive.exact.residues import NoValueError
from derive.formula import Formula, Power
from derive.functions.dual import Dual
from derive.model import Model, Role

DIGITS = 50
SPARE = 10
"""Digits that are computed beyond those that are asked for."""

_WHY: dict[type[decimal.DecimalException], str] = {
    decimal.DivisionByZero: "a division by 0",
    decimal.InvalidOperation: "an operation that has no value there",
    decimal.Overflow: "a value that is too large",
}


@contextmanager
def _no_value() -> Iterator[None]:
    """What the numbers cannot do is :class:`NoValueError` outside."""
    try:
        yield
    except decimal.DecimalException as error:
        raise NoValueError(_WHY.get(type(error), "it has no value")) from None


class Real(Dual):
    """A dual number of decimals."""

    __slots__ = ()

    def _fitting(self, number: Any) -> Decimal:
        exact = Fraction(number)
        return Decimal(exact.numerator) / exact.denominator

    def __truediv__(self, other: Any) -> Self:
        if not self._of(other).value:
            raise NoValueError("a division by 0")
        return super().__truediv__(other)

    def __pow__(self, exponent: int) -> Self:
        if exponent < 0 and not self.value:
            raise NoValueError("a division by 0")
        return super().__pow__(exponent)


class RealPoint(Consistent):
    """A consistent point of real numbers, computed with so many `digits`.

    What cancels takes digits away: who needs all of them compares with a point of more digits.
    `numbers` gives the values of quantities and of letters like ``eta``; what it does not give is
    drawn from `seed`, to two digits, from where sigmoids are not saturated.
    """

    dual = Real

    def __init__(
        self,
        model: Model,
        seed: int = 0,
        letters: Mapping[str, Formula] | None = None,
        only: Iterable[str] | None = None,
        numbers: Mapping[str, Any] | None = None,
        digits: int = DIGITS,
    ) -> None:
        self._draw = random.Random(seed)
        self.numbers = dict(numbers or {})
        self.digits = digits
        self._context = decimal.Context(prec=digits + SPARE)
        with decimal.localcontext(self._context), _no_value():
            super().__init__(model, letters, only)

    def with_digits(self, digits: int) -> Self:
        """The point of the same numbers, computed with other digits."""
        return type(self)(self.model, 0, self.letters, self.values, self.numbers, digits=digits)

    def value(self, formula: Formula) -> Decimal:
        with decimal.localcontext(self._context), _no_value():
            found = Decimal(super().value(formula))
        if not found.is_finite():
            raise NoValueError("a division by 0")
        return found

    def slope(self, of: Formula, by: str) -> Any:
        with decimal.localcontext(self._context), _no_value():
            return super().slope(of, by)

    def constant(self, value: Fraction) -> Decimal:
        return Decimal(value.numerator) / value.denominator

    def given(self, name: str) -> Any:
        if name not in self.numbers:
            quantity = self.model.quantities.get(name)
            positive = quantity is None or quantity.role in (Role.INPUT, Role.TARGET, Role.CONSTANT)
            low, high = (5, 99) if positive else (-120, 120)
            drawn = self._draw.randint(low, high) or 7
            self.numbers[name] = Fraction(drawn, 100)
        value = self.numbers[name]
        return self.constant(value) if isinstance(value, Fraction) else Decimal(value)

    def exp_of(self, x: Any) -> Decimal:
        return Decimal(x).exp()

    def log_of(self, x: Any) -> Decimal:
        if x <= 0:
            raise NoValueError("the logarithm of a number that is not positive")
        return Decimal(x).ln()

    def normal_of(self, x: Any) -> Decimal:
        return normal(Decimal(x))

    def density_of(self, x: Any) -> Decimal:
        return density(Decimal(x))

    def chosen(self, x: Any, positive: Dual, otherwise: Dual) -> Dual:
        return positive if x > 0 else otherwise

    def _power(self, node: Power, base: Dual, exponent: Dual) -> Dual:
        if not base.value and base.is_constant and exponent.is_constant:
            return self.dual(_power_of_0(exponent.value))
        if base.value <= 0:
            raise NoValueError("a power that is not whole, of a number that is not positive")
        value = base.value**exponent.value
        slope = exponent.slope * base.value.ln() + exponent.value * base.slope / base.value
        return self.dual(value, value * slope)


def _power_of_0(exponent: Decimal) -> Decimal:
    if exponent <= 0:
        raise NoValueError("a division by 0")
    return Decimal(0)


def normal(x: Decimal) -> Decimal:
    """Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), to the digits of the context.

    All terms have one sign, so nothing is lost but far to the left, where Φ is nearly 0.
    """
    digits = decimal.getcontext().prec
    if x * x > 5 * digits:
        # φ(x) is below 10^-digits there.
        return Decimal(1 if x > 0 else 0)
    least = Decimal(10) ** -digits
    term = total = x
    odd = 1
    while term and abs(term) > abs(total) * least:
        odd += 2
        term = term * x * x / odd
        total += term
    return Decimal("0.5") + density(x) * total


def density(x: Decimal) -> Decimal:
    """φ(x) = e^(−x²/2)/√(2π)."""
    root = (2 * pi(decimal.getcontext().prec)).sqrt()
    return (-x * x / 2).exp() / root


@cache
def pi(digits: int) -> Decimal:
    """π to so many digits, by Machin's formula π/4 = 4·arctan(1/5) − arctan(1/239)."""
    scale = 10 ** (digits + SPARE)

    def arctan_of_one_over(n: int) -> int:
        power, total, odd, sign = scale // n, 0, 1, 1
        while power:
            total += sign * (power // odd)
            power, odd, sign = power // (n * n), odd + 2, -sign
        return total

    found = 4 * (4 * arctan_of_one_over(5) - arctan_of_one_over(239))
    with decimal.localcontext(decimal.Context(prec=digits + SPARE)):
        return Decimal(found) / Decimal(scale)
