"""How far apart two right computations in double precision may lie.

Running error analysis: every operation adds its own rounding ε·|result| to what its operands bring
along, to first order. Without it a gradient whose terms nearly cancel would look wrong although
both sides are as good as doubles can be. There are the same rules for single floats and for whole
arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from derive.exact.array_rings import Array, contracted
from derive.formula import Arithmetic
from derive.functions import floats
from derive.numeric.float_arrays import Floats

EPS = float(np.finfo(np.float64).eps)
# Sums of many terms round more often than once; the order of summation differs between two sides.
SAFETY = 8.0


@dataclass(slots=True)
class Rounded:
    """A value as it was computed, and a bound on its rounding error."""

    value: float
    error: float = 0.0

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

    def __gt__(self, other: float) -> bool:
        return self.value > other


class Bounded(Floats):
    """Arrays with bounds on their rounding: each entry is the value + i·bound.

    So they are indexed, put together and added up like any others. What is real is exact.
    """

    dtype = np.complex128

    def reduced(self, array: Array) -> Array:
        return _bounded(array.real, np.abs(array.imag))

    def times(self, a: Array, b: Array) -> Array:
        brought = np.abs(a.real) * b.imag + np.abs(b.real) * a.imag
        return _bounded(a.real * b.real, brought)

    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array:
        brought = contracted(np.abs(a.real), b.imag, axes)
        brought = brought + contracted(a.imag, np.abs(b.real), axes)
        return _bounded(contracted(a.real, b.real, axes), brought)

    def number(self, value: Fraction, axes: int) -> Array:
        found = super().number(value, axes)
        return found if float(value) == value else _bounded(found, 0.0)

    def power(self, base: Array, exponent: int) -> Array:
        return self.applied(lambda x: np.asarray(x**exponent), base)

    def inverse(self, array: Array) -> Array:
        return self.applied(lambda x: np.asarray(1 / x), array)

    def applied(self, function: Callable[[Array], Array], x: Array) -> Array:
        value, above, below = function(np.stack([x.real, x.real + x.imag, x.real - x.imag]))
        change = np.fmax(np.abs(above - value), np.abs(below - value))
        return _bounded(value, change + 3 * EPS * np.abs(value))

    def raised(self, base: Array, exponent: Array) -> Array:
        found = self.applied(lambda x: np.asarray(np.power(x, exponent.real)), base)
        steepness = np.abs(found.real * np.log(np.abs(base.real)))
        found.imag += np.where(exponent.imag, steepness * exponent.imag, 0)
        return found


def _bounded(value: Array, brought: Any) -> Array:
    """Values with what their operands bring along and their own rounding."""
    found = np.empty(value.shape, np.complex128)
    found.real, found.imag = value, brought + EPS * np.abs(value)
    return found


def ring(values: Mapping[str, Rounded], slopes: Mapping[str, Rounded]) -> Arithmetic:
    """Formulas with their rounding, over tables of quantities and of ∂E_total/∂q."""
    return floats.over_tables(values, slopes, _number, _called, _divided, _raised)


def _called(symbol: str, primes: int, x: Rounded) -> Rounded:
    return _applied(partial(floats.function_value, symbol, primes), x)


def _number(value: Fraction) -> Rounded:
    number = float(value)
    return Rounded(number, 0.0 if number == value else EPS * abs(number))


def _divided(a: Rounded, b: Rounded) -> Rounded:
    value = floats.divide(a.value, b.value)
    brought = floats.divide(a.error + abs(value) * b.error, abs(b.value))
    return Rounded(value, brought + EPS * abs(value))


def _applied(function: Callable[[float], float], x: Rounded) -> Rounded:
    """A function of a rounded value: how much it changes within the rounding of its argument."""
    value = function(x.value)
    change = max(abs(function(x.value + side * x.error) - value) for side in (1, -1))
    return Rounded(value, change + 4 * EPS * abs(value))


def _raised(base: Rounded, exponent: Rounded) -> Rounded:
    found = _applied(lambda x: floats.power(x, exponent.value), base)
    steepness = abs(found.value * np.log(abs(base.value))) if exponent.error else 0.0
    return Rounded(found.value, found.error + steepness * exponent.error)
