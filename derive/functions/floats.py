"""Formulas and the functions of the table in floating point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from derive.formula import Arithmetic, Call, Cases, Delta, Formula, Name, Partial, Power
from derive.functions import BY_SYMBOL, World
from derive.functions.dual import Dual, DualWorld

_LARGEST_EXPONENT = 709

T = TypeVar("T")


class Floats(World):
    """The elementary functions of floating point, for the rows of the table."""

    rounds = True
    tanh = staticmethod(math.tanh)

    def exp(self, x: float) -> float:
        """e^x, and ∞ instead of an OverflowError: 1/(1 + e^1000) is 0."""
        return math.exp(x) if x < _LARGEST_EXPONENT else math.inf

    def log(self, x: float) -> float:
        """The natural logarithm; −∞ of 0."""
        return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan

    def normal(self, x: float) -> float:
        """Φ(x), which keeps its digits far to the left."""
        return math.erfc(-x / math.sqrt(2)) / 2

    def density(self, x: float) -> float:
        """φ(x)."""
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    def choose(self, x: float, positive: float, otherwise: float) -> float:
        """The one that holds at x."""
        return positive if x > 0 else otherwise

    def expm1(self, x: float) -> float:
        """e^x − 1, with all its digits near 0."""
        return math.expm1(x) if x < _LARGEST_EXPONENT else math.inf

    def logaddexp(self, x: float, y: float) -> float:
        """ln(e^x + e^y), wherever that is a number."""
        return max(x, y) + math.log1p(math.exp(-abs(x - y)))


FLOATS = Floats()


class _FloatDuals(DualWorld):
    """Floating point for dual numbers."""

    exp_of, log_of = staticmethod(FLOATS.exp), staticmethod(FLOATS.log)
    normal_of, density_of = staticmethod(FLOATS.normal), staticmethod(FLOATS.density)

    def dualized(self, value: Any) -> Dual:
        return value if isinstance(value, Dual) else Dual(float(value))

    def chosen(self, x: float, positive: Dual, otherwise: Dual) -> Dual:
        return positive if x > 0 else otherwise


_DUALS = _FloatDuals()


def _that_holds(node: Cases, inner: Callable[[Formula], Any]) -> Any:
    """The case that holds; the other one need not have a value."""
    return inner(node.positive if inner(node.test) > 0 else node.otherwise)


def over_tables(
    values: Mapping[str, T],
    slopes: Mapping[str, T],
    number: Callable[[Fraction], T],
    called: Callable[[str, int, T], T],
    divided: Callable[[T, T], T],
    raised: Callable[[T, T], T],
    chosen: Callable[[Cases, Callable[[Formula], T]], T] = _that_holds,
) -> Arithmetic:
    """Formulas over tables of quantities and of ∂E_total/∂q, which are the δ.

    `called` is the value of a function, or of its derivative, by its symbol and its primes.
    """

    def resolve(node: Formula, inner: Callable[[Formula], T]) -> T:
        if isinstance(node, Name):
            return values[node.name]
        if isinstance(node, Delta):
            return slopes[node.of]
        if isinstance(node, Partial) and isinstance(node.by, Name):
            return slopes[node.by.name]
        if isinstance(node, Call):
            return called(node.function, node.primes, inner(node.argument))
        if isinstance(node, Cases):
            return chosen(node, inner)
        if isinstance(node, Power):
            return raised(inner(node.base), inner(node.exponent))
        raise TypeError(f"no floating-point value for {node!r}")

    return Arithmetic(number, resolve, divided, lambda base, n: raised(base, number(Fraction(n))))


def arithmetic(values: Mapping[str, float], slopes: Mapping[str, float]) -> Arithmetic:
    """Formulas in floating point, over tables of quantities and of ∂E_total/∂q."""
    return over_tables(values, slopes, float, function_value, divide, power)


def function_value(symbol: str, primes: int, x: float) -> float:
    """A function of the table, or its derivative, in floating point."""
    row = BY_SYMBOL[symbol]
    if not primes:
        return float(row.at(x, FLOATS))
    if row.slope is not None:
        return float(row.slope(x, function_value(symbol, 0, x), FLOATS))
    return float(_DUALS.called(symbol, primes, Dual(x)).value)


def divide(a: float, b: float) -> float:
    """The quotient; of a division by 0, ∞ or NaN."""
    return a / b if b else math.nan if a == 0 else math.copysign(math.inf, a)


def power(base: float, exponent: float) -> float:
    """The power; ∞ where it is too large, NaN where there is none among the real numbers."""
    if exponent != int(exponent) and base <= 0:
        return math.nan
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan
