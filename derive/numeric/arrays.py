"""The functions of the table over whole arrays, and their slopes without any rule of calculus."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.functions import Function, World

Array = NDArray[np.float64]
STEP = 1e-30
"""The imaginary step: its square vanishes beside 1, and slopes down to 1e-270 keep their digits."""
_LARGEST_EXPONENT = 700
_ERFC = np.vectorize(math.erfc, otypes=[np.float64])


class _Exact(np.ndarray):
    """An array with which the fractions of the table may be computed."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [
            each.view(np.ndarray)
            if isinstance(each, _Exact)
            else float(each)
            if isinstance(each, Fraction)
            else each
            for each in inputs
        ]
        return np.asarray(getattr(ufunc, method)(*plain, **options)).view(_Exact)


class Arrays(World):
    """The elementary functions of NumPy, for the rows of the table."""

    rounds = True
    exp: Any = staticmethod(np.exp)
    log: Any = staticmethod(np.log)
    tanh: Any = staticmethod(np.tanh)
    power: Any = staticmethod(np.power)
    expm1: Any = staticmethod(np.expm1)
    logaddexp: Any = staticmethod(np.logaddexp)

    def normal(self, x: Any) -> Any:
        return exact(_ERFC(-x / math.sqrt(2)) / 2)

    def density(self, x: Any) -> Any:
        return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        positive, otherwise = (
            float(each) if isinstance(each, Fraction) else each for each in (positive, otherwise)
        )
        return exact(np.where(np.real(x) > 0, positive, otherwise))


class _ComplexStep(Arrays):
    """The same at x + ih: what becomes of the imaginary part is h times the slope."""

    def exp(self, x: Any) -> Any:
        x = np.asarray(x)
        return exact(np.exp(np.minimum(x.real, _LARGEST_EXPONENT) + 1j * x.imag))

    def normal(self, x: Any) -> Any:
        return super().normal(x.real) + 1j * super().density(x.real) * x.imag

    def logaddexp(self, x: Any, y: Any) -> Any:
        far = self.choose(x - y, y - x, x - y)
        z = self.exp(far)
        # NumPy's own logarithm near 1 loses the digits of a complex number.
        return self.choose(x - y, x, y) + np.log1p(z.real) + 1j * z.imag / (1 + z.real)


ARRAYS, _STEPS = Arrays(), _ComplexStep()


def exact(x: Any) -> Any:
    """An array, or a number, with which the fractions of the table may be computed."""
    return np.asarray(x).view(_Exact)


def plain(x: Any) -> Array:
    """The array of floats that was computed."""
    return np.asarray(x, dtype=np.float64).view(np.ndarray)


def value(row: Function, x: Any) -> Array:
    """The value of a function at each entry."""
    return plain(row.at(exact(x), ARRAYS))


def slope(function: Callable[[Any, World], Any], x: Any) -> Array:
    """The slope of ``function(x, f)`` at each entry, from a step into the complex plane.

    f(x + ih) = f(x) + ih·f'(x) − …, so the imaginary part, divided by h, is f'(x) to all digits:
    nothing is subtracted (Squire and Trapp, 1998). At a kink it is that of the case that holds.
    """
    moved = exact(np.asarray(x, dtype=np.float64) + 1j * STEP)
    found = np.asarray(function(moved, _STEPS)).view(np.ndarray).imag / STEP
    return np.broadcast_to(found, np.shape(x)).astype(np.float64)
