"""Formulas as functions of a row of floats, for what is computed many thousand times.

Nothing is written as a program and run: a formula becomes a function that calls those of its parts.
It computes what :func:`~derive.formula.evaluate` computes with floats, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import Any

from derive.calculus.chain import Chain
from derive.formula import (
    Call,
    Cases,
    Delta,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
)
from derive.functions import BY_SYMBOL
from derive.functions.floats import FLOATS, divide, function_value, power

Row = list[float]
Compiled = Callable[[Row], float]


@dataclass(frozen=True)
class Compiling:
    """Makes functions of formulas: `values` and `slopes` are the places of what stands in them.

    Slopes are the derivatives of the error by quantities.
    """

    values: Mapping[str, int]
    slopes: Mapping[str, int]

    def __call__(self, formula: Formula) -> Compiled:
        """The function that gives its value. Raises :class:`KeyError` for what has none."""
        return _KINDS[type(formula)](formula, self)


def _leaf(node: Any, inner: Compiling) -> Compiled:
    if isinstance(node, Name):
        return itemgetter(inner.values[node.name])
    return itemgetter(inner.slopes[node.of if isinstance(node, Delta) else node.by.name])


def _number(node: Any, _: Compiling) -> Compiled:
    value = float(node.value)
    return lambda row: value


def _negative(node: Any, inner: Compiling) -> Compiled:
    term = inner(node.term)
    return lambda row: -term(row)


def _times(a: Compiled, b: Compiled) -> Compiled:
    return lambda row: a(row) * b(row)


def _plus(a: Compiled, b: Compiled) -> Compiled:
    return lambda row: a(row) + b(row)


def _product(node: Any, inner: Compiling) -> Compiled:
    return reduce(_times, map(inner, node.factors))


def _sum(node: Any, inner: Compiling) -> Compiled:
    return reduce(_plus, map(inner, node.terms))


def _quotient(node: Any, inner: Compiling) -> Compiled:
    top, bottom = inner(node.top), inner(node.bottom)
    return lambda row: divide(top(row), bottom(row))


def _power(node: Any, inner: Compiling) -> Compiled:
    base, exponent = inner(node.base), inner(node.exponent)
    return lambda row: power(base(row), exponent(row))


def _call(node: Any, inner: Compiling) -> Compiled:
    symbol, primes, argument = node.function, node.primes, inner(node.argument)
    if primes:
        return lambda row: function_value(symbol, primes, argument(row))
    at = BY_SYMBOL[symbol].at
    return lambda row: float(at(argument(row), FLOATS))


def _cases(node: Any, inner: Compiling) -> Compiled:
    test, positive, otherwise = inner(node.test), inner(node.positive), inner(node.otherwise)
    return lambda row: (positive if test(row) > 0 else otherwise)(row)


_KINDS: Mapping[type, Callable[[Any, Compiling], Compiled]] = {
    Name: _leaf,
    Delta: _leaf,
    Partial: _leaf,
    Number: _number,
    Negative: _negative,
    Product: _product,
    Sum: _sum,
    Quotient: _quotient,
    Power: _power,
    Call: _call,
    Cases: _cases,
}


class Machine:
    """The error of a model, some of its quantities, and its gradient, as often as needed.

    `moving` are the parameters by which the gradient is taken, and `outputs` the quantities.
    """

    def __init__(self, chain: Chain, moving: Sequence[str], outputs: Sequence[str]) -> None:
        model = chain.model
        self.values = {name: place for place, name in enumerate(model.quantities)}
        slopes = {name: len(self.values) + place for place, name in enumerate(chain.deltas)}
        made = Compiling(self.values, slopes)
        steps = [(self.values[name], made(e)) for name, e in model.definitions.items()]
        steps += [(slopes[name], made(chain.deltas[name])) for name in reversed(chain.deltas)]
        self._steps = steps
        self._gradient = [made(chain.gradients[name]) for name in moving]
        self._width = len(self.values) + len(slopes)
        self._moved = [self.values[name] for name in moving]
        self._shown = [self.values[name] for name in outputs]
        self._total = self.values[model.total]

    def row(self, given: Mapping[str, float]) -> Row:
        """A row with these numbers for what has no definition."""
        row = [0.0] * self._width
        for name, value in given.items():
            row[self.values[name]] = value
        return row

    def run(self, row: Row, parameters: Sequence[float]) -> tuple[float, list[float], list[float]]:
        """The error, its gradient and the outputs at these parameters, all else as in `row`."""
        for place, value in zip(self._moved, parameters, strict=True):
            row[place] = value
        for place, step in self._steps:
            row[place] = step(row)
        gradient = [slope(row) for slope in self._gradient]
        return row[self._total], gradient, [row[place] for place in self._shown]
