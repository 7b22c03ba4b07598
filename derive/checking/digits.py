"""Numbers as they are written: which digits they have, and what rounds to them."""

from __future__ import annotations

from fractions import Fraction

from derive.formula import (
    Call,
    Formula,
    Grid,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Transposed,
    transform,
    walk,
)

MOST_SHIFTED = 4_000
"""Powers of ten up to which 3·10^k is one number; beyond, it stays a product."""


def decimals(formula: Formula) -> list[Number]:
    """The numbers written with digits behind the point."""
    return [node for node in walk(formula) if isinstance(node, Number) and is_decimal(node)]


def is_decimal(number: Number) -> bool:
    """Whether a number is written with a point, or with a power of ten."""
    return "." in number.text or "e" in number.text.lower()


def is_of_numbers(formula: Formula) -> bool:
    """Whether nothing but numbers stands in a formula: 0.5·0.3, or 1/(1 + e^{-0.3775})."""
    joined = (Number, Sum, Product, Negative, Quotient, Power, Call, Grid, Transposed)
    return all(isinstance(node, joined) for node in walk(formula))


def digits_of(number: Number) -> int:
    """How many digits behind the point are written: 4 in 0.0822 and in 8.22e-2."""
    mantissa, _, exponent = number.text.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def half_unit(number: Number) -> Fraction:
    """Half a unit of the last digit that is written."""
    return Fraction(1, 2) / Fraction(10) ** digits_of(number)


def with_powers_of_ten(formula: Formula) -> Formula:
    """A formula in which 3·10^-1 is the number 3e-1, with the digits of the 3."""
    return transform(formula, _scientific)


def _scientific(node: Formula) -> Formula | None:
    if not isinstance(node, Product) or len(node.factors) != 2:
        return None
    mantissa, power = node.factors
    if not isinstance(mantissa, Number) or not isinstance(power, Power):
        return None
    exponent = power.exponent
    sign = 1
    if isinstance(exponent, Negative):
        exponent, sign = exponent.term, -1
    ten = power.base == Number(Fraction(10)) or power.base == Number(Fraction(10), "10")
    if not ten or not isinstance(exponent, Number) or exponent.value.denominator != 1:
        return None
    digits = mantissa.text or str(mantissa.value)
    shift = sign * int(exponent.value)
    if abs(shift) > MOST_SHIFTED or "e" in digits.lower() or "/" in digits:
        return None
    return Number(mantissa.value * Fraction(10) ** shift, f"{digits}e{shift}")


def moved(formula: Formula, number: Number, way: int) -> Formula:
    """`formula` with one written number half a unit larger, or smaller."""
    other = Number(number.value + way * half_unit(number))
    return transform(formula, lambda node: other if node is number else None)
