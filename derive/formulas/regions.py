"""Real points in every region of a model whose derivatives jump.

Which kinked functions have a positive argument divides the points into regions. A formula may be
wrong in a single one of 128, which random points miss; so points are steered into each of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.formula import Call, Formula, names_in, walk
from derive.functions import BY_SYMBOL
from derive.model import Model

MOST_KINKS = 8
"""Kinks up to which there is a point for every region; beyond, 2^8 regions are chosen at random."""
TURNS = (-1, 4, -4, 16, -16)
"""By what the weights of a neuron are multiplied to bring its net input to the other side of 0."""

Region = tuple[bool, ...]


def kinks(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The arguments in `formulas` at whose sign a function or its derivative jumps."""
    found = (
        node.argument
        for formula in formulas
        for node in walk(formula)
        if isinstance(node, Call) and node.function in BY_SYMBOL and BY_SYMBOL[node.function].kinked
    )
    return tuple(dict.fromkeys(found))


class Regions:
    """Real points of one model by region, each made once.

    `more` are kinks that formulas about the model bring with them.
    """

    def __init__(self, model: Model, more: Sequence[Formula] = ()) -> None:
        self.model = model
        self.kinks = tuple(dict.fromkeys((*kinks(model.definitions.values()), *more)))
        self._own = [self._movers(kink) for kink in self.kinks]
        self._points: dict[Region, RealPoint] = {}

    def points(self) -> Iterator[RealPoint]:
        """A point in each region, as far as one can be found."""
        for seed, region in enumerate(self.regions()):
            if region not in self._points:
                self._points[region] = self._steered(region, seed)
            yield self._points[region]

    def regions(self) -> Iterator[Region]:
        """All regions, or some."""
        count = len(self.kinks)
        if count <= MOST_KINKS:
            yield from product((True, False), repeat=count)
            return
        draw = random.Random(count)
        for _ in range(2**MOST_KINKS):
            yield tuple(draw.random() < 1 / 2 for _ in range(count))

    def _movers(self, kink: Formula) -> list[str]:
        """What moves this argument, if possible without moving what stands before it.

        Of a net input these are the weights and biases of its neuron alone.
        """
        found: list[str] = []
        todo = names_in(kink)
        while todo:
            name = todo.pop()
            if name not in self.model.definitions:
                found.append(name)
            else:
                todo += [x for x in self.model.inputs_of[name] if self.model.used_in[x] == [name]]
        return found

    def _steered(self, region: Region, seed: int) -> RealPoint:
        """A random point, brought into the region kink by kink where that is possible."""
        point = RealPoint(self.model, seed)
        for kink, movers, wanted in zip(self.kinks, self._own, region, strict=True):
            for turn in TURNS if movers else ():
                if _is_active(point, kink) in {wanted, None}:
                    break
                turned = {name: _times(point.numbers[name], turn) for name in movers}
                try:
                    point = RealPoint(self.model, seed, numbers={**point.numbers, **turned})
                except NoValueError:
                    return point
        return point


def _is_active(point: RealPoint, kink: Formula) -> bool | None:
    try:
        return point.value(kink) > 0
    except NoValueError:
        return None


def _times(value: Fraction | Decimal | float, factor: int) -> Fraction:
    return Fraction(value) * factor
