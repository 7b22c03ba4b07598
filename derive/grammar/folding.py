"""Exponents that are arithmetic of numbers, worked out: w^{(1 − 1)} is w^0."""

from __future__ import annotations

from fractions import Fraction

from derive.formula import Arithmetic, Formula, Number, Power, evaluate, is_number, transform
from derive.grammar.building.calls import HIGHEST_POWER


def folded(formula: Formula) -> Formula:
    """`formula` with exponents like 2 − 1 worked out: w^{(1 − 1)} is w^0."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Power) or isinstance(node.exponent, Number):
            return None
        base = folded(node.base)
        if is_number(node.exponent):
            try:
                value = evaluate(node.exponent, _RATIONALS)
            except (ZeroDivisionError, OverflowError):
                return None
            if abs(value) <= HIGHEST_POWER:
                return Power(base, Number(value))
        return None

    return transform(formula, rule)


def _small_power(base: Fraction, exponent: int) -> Fraction:
    if abs(exponent) > 9 or max(abs(base.numerator), base.denominator) > HIGHEST_POWER:
        raise OverflowError
    return base**exponent


def _no_value(node: Formula, inner: object) -> Fraction:
    raise OverflowError


_RATIONALS = Arithmetic(Fraction, _no_value, lambda a, b: a / b, _small_power)
