"""Points modulo the prime in every region that the kinks of formulas cut out, kinks included.

A formula with unit steps is a rational function once each step is 0 or 1. Two that agree at a
random point for all of these choices are equal everywhere, with the error of a single point times
their number. Choices that no real point makes are among them, so that disagreement says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.calculus.points import MULTIPLES, PRIME, Point
from derive.calculus.thresholds import decided
from derive.formula import Formula
from derive.model import Model

MOST_REGIONS = 512
"""Regions up to which all of a small model are visited."""
ALWAYS = 64
"""Regions up to which those of a large model are, too."""
MOST_VALUES = 40_000
"""Values of quantities that all points together may have."""
SEED = 7_000


class TooManyRegionsError(Exception):
    """There are more regions than are visited."""


class RegionPoint(Point):
    """A point in one region: its unit steps are those of `script` in the order of their use.

    `bits` are the steps that were not decided by others; those after the script are 0. Where x is
    not positive, −x may be or not, for x may be 0.
    """

    def __init__(self, model: Model, script: Sequence[int]) -> None:
        self._script = script
        self.bits: list[int] = []
        super().__init__(model, SEED)

    def _step(self, x: int) -> int:
        if x in self._steps:
            return self._steps[x]
        if not self._signs:
            # The point is drawn anew when a root did not exist.
            self.bits = []
        bit = decided(x, self._signs, PRIME, kinks=True)
        if bit is None:
            place = len(self.bits)
            bit = self._script[place] if place < len(self._script) else 0
            self.bits.append(bit)
        self._signs.append((x, bit))
        for multiple in MULTIPLES:
            self._steps.setdefault(multiple * x % PRIME, bit)
            if bit:
                self._steps.setdefault(-multiple * x % PRIME, 0)
        return bit


class EveryRegion:
    """All regions of one model, and of formulas about it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._points: list[RegionPoint] | None = None
        self._own: list[int] = []
        """Of each point how many steps the model itself takes."""
        self._too_many = False
        self._most = min(MOST_REGIONS, max(ALWAYS, MOST_VALUES // len(model.quantities)))

    def agree(self, left: Formula, right: Formula) -> bool:
        """Whether both sides are the same in every region, and so are equal everywhere.

        Raises :class:`TooManyRegionsError`, and :class:`~derive.calculus.points.NoValueError`
        where a side has no value.
        """
        if self._too_many:
            raise TooManyRegionsError
        if self._points is None:
            self._too_many = True
            self._points = list(self._visited())
            self._own = [len(point.bits) for point in self._points]
            self._too_many = False
        for point, own in zip(self._points, self._own, strict=True):
            if point.value(left) != point.value(right):
                return False
            if len(point.bits) != own:
                # The sides have kinks of their own, to both sides of which there are regions.
                self._points = None
                return all(p.value(left) == p.value(right) for p in self._visited(left, right))
        return True

    def _visited(self, *sides: Formula) -> Iterator[RegionPoint]:
        """A new point in each region, of the kinks in the `sides`, too."""
        script: list[int] = []
        for _ in range(self._most):
            point = RegionPoint(self.model, script)
            for side in sides:
                point.value(side)
            script = list(point.bits)
            yield point
            while script and script[-1]:
                script.pop()
            if not script:
                return
            script[-1] = 1
        raise TooManyRegionsError
