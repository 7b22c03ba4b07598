"""Real points in every region of a model whose derivatives jump.

Which kinked functions have a positive argument divides the points into regions. A formula may be
wrong in a single one of 128, which random points miss; so points are steered into each of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product

from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.formula import Call, Formula, Name, walk
from derive.functions import BY_SYMBOL
from derive.model import Model

MOST_KINKS = 8
"""Kinks up to which there is a point for every region; beyond, 2^8 regions are chosen at random."""
TURNS = (-1, 4, -4, 16, -16)
"""By what the weights of a neuron are multiplied to bring its net input to the other side of 0."""

Region = tuple[bool, ...]


def kinks(model: Model) -> list[Formula]:
    """The arguments at whose sign a derivative jumps, in the model's order."""
    found = (
        node.argument
        for definition in model.definitions.values()
        for node in walk(definition)
        if isinstance(node, Call) and node.function in BY_SYMBOL and BY_SYMBOL[node.function].kinked
    )
    return list(dict.fromkeys(found))


class Regions:
    """Real points of one model by region, each made once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.kinks = kinks(model)
        self._own = [self._parameters_of(kink) for kink in self.kinks]
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

    def region_of(self, point: RealPoint) -> Region:
        """Where a point lies."""
        return tuple(point.value(kink) > 0 for kink in self.kinks)

    def _parameters_of(self, kink: Formula) -> list[str]:
        """What moves this argument and no other: the weights and biases of this neuron alone."""
        if not isinstance(kink, Name) or kink.name not in self.model.definitions:
            return []
        return [
            name
            for name in self.model.inputs_of[kink.name]
            if name in self.model.parameters_set and self.model.used_in[name] == [kink.name]
        ]

    def _steered(self, region: Region, seed: int) -> RealPoint:
        """A random point, brought into the region neuron by neuron where that is possible."""
        point = RealPoint(self.model, seed)
        for kink, own, wanted in zip(self.kinks, self._own, region, strict=True):
            for turn in TURNS if own else ():
                if _is_active(point, kink) == wanted:
                    break
                turned = {name: _times(point.numbers[name], turn) for name in own}
                point = RealPoint(self.model, seed, numbers={**point.numbers, **turned})
        return point


def _is_active(point: RealPoint, kink: Formula) -> bool | None:
    try:
        return point.value(kink) > 0
    except NoValueError:
        return None


def _times(value: Fraction | Decimal | float, factor: int) -> Fraction:
    return Fraction(value) * factor
