"""Formulas as functions of a row of floats, for what is computed many thousand times.

Nothing is written as a program and run: a formula is evaluated once with numbers that are not known
yet, :class:`Late`, and so computes what it does with floats, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from derive.calculus.chain import Chain
from derive.formula import Arithmetic, Cases, Formula, evaluate
from derive.functions.floats import divide, function_value, over_tables, power

Row = list[float]
Compiled = Callable[[Row], float]


class Late:
    """A number that is known when a row is; what is made of such numbers is one again."""

    __slots__ = ("of",)

    def __init__(self, of: Compiled) -> None:
        self.of = of

    def __add__(self, other: Late) -> Late:
        a, b = self.of, other.of
        return Late(lambda row: a(row) + b(row))

    def __mul__(self, other: Late) -> Late:
        a, b = self.of, other.of
        return Late(lambda row: a(row) * b(row))

    def __neg__(self) -> Late:
        a = self.of
        return Late(lambda row: -a(row))


def late(values: Mapping[str, int], slopes: Mapping[str, int]) -> Arithmetic:
    """Formulas as functions of a row, with the places of quantities and of ∂E_total/∂q in it."""
    value, slope = (
        {name: Late(itemgetter(place)) for name, place in of.items()} for of in (values, slopes)
    )
    return over_tables(value, slope, _number, _called, _divided, _raised, _chosen)


def _number(value: Fraction) -> Late:
    known = float(value)
    return Late(lambda row: known)


def _called(symbol: str, primes: int, argument: Late) -> Late:
    x = argument.of
    return Late(lambda row: function_value(symbol, primes, x(row)))


def _divided(top: Late, bottom: Late) -> Late:
    a, b = top.of, bottom.of
    return Late(lambda row: divide(a(row), b(row)))


def _raised(base: Late, exponent: Late) -> Late:
    a, b = base.of, exponent.of
    return Late(lambda row: power(a(row), b(row)))


def _chosen(node: Cases, inner: Callable[[Formula], Late]) -> Late:
    test, yes, no = (inner(part).of for part in (node.test, node.positive, node.otherwise))
    return Late(lambda row: (yes if test(row) > 0 else no)(row))


class Machine:
    """The error of a model, some of its quantities, and its gradient, as often as needed.

    `moving` are the parameters by which the gradient is taken, and `outputs` the quantities.
    """

    def __init__(self, chain: Chain, moving: Sequence[str], outputs: Sequence[str]) -> None:
        model = chain.model
        self.values = {name: place for place, name in enumerate(model.quantities)}
        slopes = {name: len(self.values) + place for place, name in enumerate(chain.deltas)}
        ring = late(self.values, slopes)

        def made(formula: Formula) -> Compiled:
            found: Late = evaluate(formula, ring)
            return found.of

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
