"""How far apart two right computations in double precision may lie.

Running error analysis: every operation adds its own rounding ε·|result| to what its operands bring
along, to first order. Without it a gradient whose terms nearly cancel would look wrong although
both sides are as good as doubles can be. The same rules serve single floats and whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from derive.formula import Arithmetic, Call, Cases, Formula, Power
from derive.functions import BY_SYMBOL, floats
from derive.numeric.arrays import value as over_arrays

EPS = float(np.finfo(np.float64).eps)
# Sums of many terms round more often than once; the order of summation differs between two sides.
SAFETY = 8.0


@dataclass(slots=True)
class Rounded:
    """A value as it was computed, and a bound on its rounding error, both floats or arrays."""

    value: Any
    error: Any = 0.0

    def __add__(self, other: Rounded) -> Rounded:
        value = self.value + other.value
        return Rounded(value, self.error + other.error + EPS * abs(value))

    def __sub__(self, other: Rounded) -> Rounded:
        return self + -other

    def __neg__(self) -> Rounded:
        return Rounded(-self.value, self.error)

    def __mul__(self, other: Rounded) -> Rounded:
        value = self.value * other.value
        brought = abs(self.value) * other.error + abs(other.value) * self.error
        return Rounded(value, brought + EPS * abs(value))

    def __float__(self) -> float:
        return float(self.value)

    def __gt__(self, other: float) -> Any:
        return self.value > other


def ring(values: Mapping[str, Rounded], slopes: Mapping[str, Rounded], many: bool) -> Arithmetic:
    """Formulas with their rounding, over tables of quantities and of ∂E_total/∂q.

    `many` says that the tables hold arrays.
    """
    function, divided, powered, chosen = (
        (_over_arrays, np.divide, np.power, _chosen_over_arrays)
        if many
        else (floats.function_value, floats.divide, floats.power, _chosen)
    )

    def resolve(node: Formula, inner: Callable[[Formula], Rounded]) -> Rounded:
        found = floats.tabled(node, values, slopes)
        if found is not None:
            return found
        if isinstance(node, Call):
            return _applied(partial(function, node.function, node.primes), inner(node.argument))
        if isinstance(node, Cases):
            return chosen(node, inner)
        if isinstance(node, Power):
            return _raised(inner(node.base), inner(node.exponent), powered)
        raise TypeError(f"no floating-point value for {node!r}")

    def divide(a: Rounded, b: Rounded) -> Rounded:
        value = divided(a.value, b.value)
        brought = divided(a.error + abs(value) * b.error, abs(b.value))
        return Rounded(value, brought + EPS * abs(value))

    def whole(base: Rounded, exponent: int) -> Rounded:
        return _applied(lambda x: powered(x, exponent), base)

    return Arithmetic(_number, resolve, divide, whole)


def _number(value: Fraction) -> Rounded:
    number = float(value)
    return Rounded(number, 0.0 if number == value else EPS * abs(number))


def _applied(function: Callable[[Any], Any], x: Rounded) -> Rounded:
    """A function of a rounded value: how much it changes within the rounding of its argument."""
    if isinstance(x.value, np.ndarray):
        value, above, below = function(np.stack([x.value, x.value + x.error, x.value - x.error]))
        change = np.fmax(abs(above - value), abs(below - value))
    else:
        value = function(x.value)
        change = max(abs(function(x.value + side * x.error) - value) for side in (1, -1))
    return Rounded(value, change + 4 * EPS * abs(value))


def _raised(base: Rounded, exponent: Rounded, power: Callable[[Any, Any], Any]) -> Rounded:
    found = _applied(lambda x: power(x, exponent.value), base)
    steepness = abs(found.value * np.log(abs(base.value)))
    return Rounded(
        found.value, found.error + np.where(exponent.error, steepness, 0) * exponent.error
    )


def _chosen(node: Cases, inner: Callable[[Formula], Rounded]) -> Rounded:
    """The case that holds; the other one need not have a value."""
    return inner(node.positive if inner(node.test) > 0 else node.otherwise)


def _chosen_over_arrays(node: Cases, inner: Callable[[Formula], Rounded]) -> Rounded:
    test, one, other = map(inner, node.parts())
    holds = test > 0
    return Rounded(np.where(holds, one.value, other.value), np.where(holds, one.error, other.error))


def _over_arrays(symbol: str, primes: int, x: Any) -> Any:
    if primes:
        raise TypeError("a derivative cannot stand in a definition")
    return over_arrays(BY_SYMBOL[symbol], x)
