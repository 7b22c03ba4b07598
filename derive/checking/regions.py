"""Real points in every region of a model whose derivatives jump.

What piecewise functions choose divides the points into regions. A formula may be wrong in a single
one of 128, which random points miss; so points are steered into each of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import DecimalException
from fractions import Fraction
from itertools import product
from typing import Any

from derive.checking.below import given_below
from derive.exact.large import real_point
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Formula, names_in
from derive.functions.written import choices, in_pieces
from derive.model import Model

MOST_KINKS = 8
"""Kinks up to which there is a point for every region; beyond, for some chosen at random."""
AT_LEAST = 16
"""Points that are taken at least: where there are fewer regions, several of each."""
TURNS = (-1, 4, -4, 16, -16)
"""By what the weights of a neuron are multiplied to bring its net input to the other side of 0."""

MOST_VALUES = 150_000
"""Values of quantities that the points of a model may take to compute, about a second."""

Region = tuple[bool, ...]


class Regions:
    """Real points of one model region by region, each made once.

    A region is told by the signs of what :func:`~derive.functions.written.choices` finds in the
    definitions; `more` are those that formulas about the model bring with them.
    """

    def __init__(self, model: Model, more: Sequence[Formula] = ()) -> None:
        self.model = model
        self.kinks = tuple(dict.fromkeys((*choices(model.written(in_pieces)), *more)))
        self._movers = [self._movers_of(kink) for kink in self.kinks]
        # What the value of each kink needs; where conditions tie quantities, all of them.
        tied = bool(model.conditions)
        self._below = [None if tied else given_below(model, [kink]) for kink in self.kinks]
        self._points: dict[int, RealPoint | None] = {}
        self._left = MOST_VALUES // len(model.quantities)

    def points(self) -> Iterator[RealPoint]:
        """A point in each region, as far as one can be found; some in each where there are few."""
        for seed, region in enumerate(self.regions()):
            if seed not in self._points:
                if self._left <= 0:
                    return
                self._points[seed] = self._steered(region, seed)
            point = self._points[seed]
            if point is not None:
                yield point

    def regions(self) -> Iterator[Region]:
        """Every region where there are few kinks, else some that are drawn at random."""
        count = len(self.kinks)
        if count <= MOST_KINKS:
            for _ in range(max(1, AT_LEAST >> count)):
                yield from product((True, False), repeat=count)
            return
        yield (True,) * count
        yield (False,) * count
        draw = random.Random(count)
        for _ in range(2**MOST_KINKS):
            yield tuple(draw.random() < 1 / 2 for _ in range(count))

    def _movers_of(self, kink: Formula) -> list[str]:
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

    def _steered(self, region: Region, seed: int) -> RealPoint | None:
        """A random point, brought into the region kink by kink where that is possible."""
        self._left -= 1
        point = self._made(seed, {})
        if point is None:
            return None
        for kink, movers, below, wanted in zip(
            self.kinks, self._movers, self._below, region, strict=True
        ):
            if _is_active(point, kink) in {wanted, None}:
                continue
            for turn in TURNS if movers else ():
                self._left -= 1
                turned = {name: Fraction(point.numbers[name]) * turn for name in movers}
                numbers = {**point.numbers, **turned}
                # Most turns miss the region, and what the kink does not depend on is not computed.
                tried = self._made(seed, numbers, below)
                if tried is None or _is_active(tried, kink) != wanted:
                    continue
                moved = self._made(seed, numbers)
                if moved is not None:
                    point = moved
                    break
        return point

    def _made(
        self, seed: int, numbers: Mapping[str, Any], only: Iterable[str] | None = None
    ) -> RealPoint | None:
        try:
            return real_point(self.model, seed, numbers, only)
        except (NoValueError, DecimalException):
            return None


def _is_active(point: RealPoint, kink: Formula) -> bool | None:
    try:
        return point.value(kink) > 0
    except NoValueError:
        return None
