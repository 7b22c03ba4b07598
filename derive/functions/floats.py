"""Formulas and the functions of the table in floating point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from derive.formula import Arithmetic, Call, Cases, Delta, Formula, Name, Power
from derive.functions import BY_SYMBOL, World
from derive.functions.dual_world import DualWorld, called
from derive.functions.plain_dual import PlainDual

_LARGEST_EXPONENT = 709


class Floats(World):
    """The elementary functions of floating point, for the rows of the table."""

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

    def __getattr__(self, symbol: str) -> Callable[[float], float]:
        stable = _STABLE.get(symbol)
        return stable or super().__getattr__(symbol)


class _FloatRing:
    """Floating point for dual numbers."""

    @staticmethod
    def dualized(value: Any) -> PlainDual:
        return value if isinstance(value, PlainDual) else PlainDual(float(value))

    @staticmethod
    def chosen(x: float, positive: PlainDual, otherwise: PlainDual) -> PlainDual:
        return positive if x > 0 else otherwise

    def __init__(self) -> None:
        self.exp_of, self.log_of = FLOATS.exp, FLOATS.log
        self.normal_of, self.density_of = FLOATS.normal, FLOATS.density


# Where the row's own formula would give ∞/∞ or 0·∞ far from 0, or -0.0.
_STABLE: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "relu": lambda x: x if x > 0 else 0.0,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
}
FLOATS = Floats()
_DUALS = DualWorld(_FloatRing())


def arithmetic(values: Mapping[str, float], deltas: Mapping[str, float]) -> Arithmetic:
    """Formulas in floating point, over tables of quantities and δ."""

    def resolve(node: Formula, inner: Callable[[Formula], Any]) -> float:
        if isinstance(node, Name):
            return values[node.name]
        if isinstance(node, Delta):
            return deltas[node.of]
        if isinstance(node, Call):
            return function_value(node.function, node.primes, inner(node.argument))
        if isinstance(node, Cases):
            return float(inner(node.positive if inner(node.test) > 0 else node.otherwise))
        if isinstance(node, Power):
            base, exponent = inner(node.base), inner(node.exponent)
            return float(base**exponent) if base > 0 else math.nan
        raise TypeError(f"no floating-point value for {node!r}")

    return Arithmetic(number=float, resolve=resolve, divide=_divide, power=_power)


def function_value(symbol: str, primes: int, x: float) -> float:
    """A function of the table, or its derivative, in floating point."""
    row = BY_SYMBOL[symbol]
    if not primes:
        stable = _STABLE.get(symbol)
        return stable(x) if stable else float(row.value(x, FLOATS))
    if row.slope is not None:
        return float(row.slope(x, function_value(symbol, 0, x), FLOATS))
    return float(called(symbol, primes, PlainDual(x), _DUALS).value)


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan if a == 0 else math.copysign(math.inf, a)


def _power(base: float, exponent: int) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan
