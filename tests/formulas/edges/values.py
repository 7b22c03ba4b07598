"""Values and slopes of the oracle's formulas at random real points, in 60 digits.

A slope is carried beside its value (a dual number): ∂x/∂n moves the quantity n and lets everything
downstream of it follow by its definition, all else held fixed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from mpmath import MPContext

from tests.formulas.edges.meaning import Node, UndefinedError, UnsureError
from tests.formulas.edges.networks import Network

REAL = MPContext()
REAL.dps = 60
LARGEST_POWER = 64
LARGEST_EXPONENT = 5_000
TINY = REAL.mpf(10) ** -50

Pair = tuple[Any, Any]
"""A value and its slope."""
Moved = Mapping[str, Any] | None
"""The slopes of the quantities that move, if any does."""


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + REAL.exp(-_bounded(x)))


def _bounded(x: Any) -> Any:
    if abs(x) > LARGEST_EXPONENT:
        raise UnsureError("the exponential of a large number")
    return x


def _logarithm(x: Any) -> Any:
    if x <= TINY:
        raise UndefinedError
    return REAL.ln(x)


def _inverse(x: Any) -> Any:
    if abs(x) < TINY:
        raise UndefinedError
    return 1 / x


def _step(x: Any) -> Any:
    if abs(x) < TINY:
        raise UndefinedError
    return REAL.mpf(1 if x > 0 else 0)


def _slope_of_sigmoid(x: Any) -> Any:
    s = _sigmoid(x)
    return s * (1 - s)


FUNCTIONS: Mapping[str, tuple[Callable[[Any], Any], ...]] = {
    "sig": (_sigmoid, _slope_of_sigmoid, lambda x: _slope_of_sigmoid(x) * (1 - 2 * _sigmoid(x))),
    "tanh": (
        REAL.tanh,
        lambda x: 1 - REAL.tanh(x) ** 2,
        lambda x: -2 * REAL.tanh(x) * (1 - REAL.tanh(x) ** 2),
    ),
    "exp": (lambda x: REAL.exp(_bounded(x)),) * 3,
    "ln": (_logarithm, lambda x: _logarithm(x) * 0 + 1 / x, lambda x: _logarithm(x) * 0 - 1 / x**2),
    "relu": (lambda x: x if x > 0 else x * 0, _step, lambda x: _step(x) * 0),
    "softplus": (lambda x: REAL.ln(1 + REAL.exp(_bounded(x))), _sigmoid, _slope_of_sigmoid),
}
"""Each function with its first and its second derivative."""


class Point:
    """One point of a network: what is given drawn at random, or as `given` says, all else computed.

    The points of two seeds 2n and 2n + 1 below 100 have given quantities of opposite signs: what
    holds for one sign only holds at one of them only. All others are independent, and
    some of what is given is large at them.
    """

    def __init__(
        self,
        network: Network,
        seed: int,
        given: Mapping[str, Fraction] | None = None,
        rate: Fraction | None = None,
    ) -> None:
        self.network = network
        paired = 0 <= seed < 100
        self._draw = random.Random(f"{network.name} {seed // 2 if paired else seed}")
        self._turned = paired and seed % 2 == 1
        self._sizes = (1, 1, 4, 16) if seed >= 100 else (1,)
        self._free: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        for name in network.given:
            drawn = self.drawn()
            self.values[name] = real(given[name]) if given and name in given else drawn
        self._free["eta"] = self.drawn() if rate is None else real(rate)
        for name, meaning in network.conditions.items():
            self.values[name] = self.value(meaning)
        for name, meaning in network.definitions.items():
            self.values[name] = self.value(meaning)
        self._moved: dict[str, dict[str, Any]] = {}

    def drawn(self) -> Any:
        """A number of either sign, not near 0."""
        sign = self._draw.choice((1, -1)) * (-1 if self._turned else 1)
        return (
            self._draw.choice(self._sizes)
            * sign
            * REAL.mpf(self._draw.randint(2 * 10**20, 12 * 10**20))
            / 10**21
        )

    def free(self, letter: str) -> Any:
        """The value of a letter that is no quantity; the same wherever it stands."""
        if letter not in self._free:
            self._free[letter] = self.drawn()
        return self._free[letter]

    def value(self, node: Node) -> Any:
        """The value of a formula."""
        return self._pair(node, None)[0]

    def slopes(self, by: str) -> dict[str, Any]:
        """The slope of each quantity by `by`, where it is not 0."""
        if by not in self._moved:
            moved = {by: REAL.mpf(1)}
            for name, meaning in self.network.definitions.items():
                if name != by and any(n in moved for n in self.network.names_of[name]):
                    moved[name] = self._pair(meaning, moved)[1]
            self._moved[by] = moved
        return self._moved[by]

    def _pair(self, node: Node, moved: Moved) -> Pair:
        return _PAIRS[node[0]](self, node, moved)

    def _add(self, node: Node, moved: Moved) -> Pair:
        pairs = [self._pair(part, moved) for part in node[1]]
        return sum(v for v, _ in pairs), sum(d for _, d in pairs)

    def _neg(self, node: Node, moved: Moved) -> Pair:
        value, slope = self._pair(node[1], moved)
        return -value, -slope

    def _mul(self, node: Node, moved: Moved) -> Pair:
        value, slope = self._pair(node[1][0], moved)
        for part in node[1][1:]:
            v, d = self._pair(part, moved)
            value, slope = value * v, (slope * v if slope else 0) + (value * d if d else 0)
        return value, slope

    def _div(self, node: Node, moved: Moved) -> Pair:
        (a, da), (b, db) = self._pair(node[1], moved), self._pair(node[2], moved)
        inverse = _inverse(b)
        value = a * inverse
        return value, (da - value * db) * inverse if da or db else 0

    def _call(self, node: Node, moved: Moved) -> Pair:
        value, slope = self._pair(node[3], moved)
        rows = FUNCTIONS[node[1]]
        if slope and node[2] + 1 >= len(rows):
            raise UnsureError("a derivative of too high an order")
        here = rows[node[2]](value)
        return here, slope * rows[node[2] + 1](value) if slope else 0

    def _partial(self, node: Node, moved: Moved) -> Pair:
        _require_first_order(moved)
        return self._pair(node[1], self.slopes(node[2]))[1] + REAL.mpf(0), 0

    def _updated(self, node: Node, moved: Moved) -> Pair:
        _require_first_order(moved)
        step = self.slopes(node[1]).get(self.network.total, REAL.mpf(0))
        return self.values[node[1]] - self.free("eta") * step, 0

    def _pow(self, node: Node, moved: Moved) -> Pair:
        return self._power(self._pair(node[1], moved), node[2])

    def _power(self, base: Pair, exponent: Fraction) -> Pair:
        value, slope = base
        if abs(exponent) > LARGEST_POWER:
            raise UnsureError("a large power")
        if abs(value) < TINY and exponent <= (1 if slope else 0):
            raise UndefinedError
        if exponent.denominator != 1 and value < 0:
            raise UndefinedError
        power: Any = exponent.numerator if exponent.denominator == 1 else real(exponent)
        made = value**power + REAL.mpf(0)
        return made, slope * real(exponent) * value ** (power - 1) if slope else 0


def _require_first_order(moved: Moved) -> None:
    if moved is not None:
        raise UnsureError("a derivative in a derivative")


_PAIRS: Mapping[str, Callable[[Point, Node, Moved], Pair]] = {
    "num": lambda point, node, moved: (real(node[1]), 0),
    "name": lambda point, node, moved: (point.values[node[1]], (moved or {}).get(node[1], 0)),
    "free": lambda point, node, moved: (point.free(node[1]), 0),
    "doubt": lambda point, node, moved: point._pair(node[1], moved),
    "add": Point._add,
    "neg": Point._neg,
    "mul": Point._mul,
    "div": Point._div,
    "pow": Point._pow,
    "call": Point._call,
    "partial": Point._partial,
    "updated": Point._updated,
}
"""The value and the slope of each kind of node."""


def real(number: Fraction) -> Any:
    """An exact number in 60 digits."""
    return REAL.mpf(number.numerator) / number.denominator
