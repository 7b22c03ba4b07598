"""Points modulo a prime in every region that the kinks of formulas cut out, kinks included.

A formula with unit steps is a rational function once each step is 0 or 1, and a root is one of two
once its sign is chosen. Two formulas that agree at a random point for all of these choices are
equal everywhere, with the error of a single point times their number. Choices that no real point
makes are among them, so that disagreement says nothing.

All choices have to be made at one point. Where √x is a, spelt so that nobody sees it, each residue
has a root that is a and one that is −a; a point of its own for each would let a pass twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derive.exact.consistent import Consistent
from derive.exact.points import NotASquareError, Point
from derive.formula import Formula
from derive.model import Model

MOST_REGIONS = 512
"""Regions up to which all of a small model are visited."""
ALWAYS = 64
"""Regions up to which those of a large model are, too."""
MOST_VALUES = 40_000
"""Values of quantities that all points together may have."""
SEED = 7_000
MOST_BEGUN = 200
"""Points that are begun until every root exists on every branch."""
MOST_TURNS = 4
"""How often all regions may be visited. Of the primes each turn has a quarter for itself."""


class TooManyRegionsError(Exception):
    """There are more regions than are visited."""


class RegionPoint(Point):
    """A point in one region: its choices are those of `script` in the order of their use.

    `bits` are the choices that were not decided by others; those after the script are 0. Where x is
    not positive, −x may be or not, for x may be 0. Up to a choice in which they differ, two scripts
    have the same values. Raises :class:`~derive.exact.points.NotASquareError`.
    """

    at_kinks = True

    def __init__(
        self,
        model: Model,
        script: Sequence[int],
        seed: int = SEED,
        letters: Mapping[str, Formula] | None = None,
    ) -> None:
        self._script = script
        self.bits: list[int] = []
        self._begin(seed)
        Consistent.__init__(self, model, letters)

    def _bit(self) -> int:
        place = len(self.bits)
        self.bits.append(self._script[place] if place < len(self._script) else 0)
        return self.bits[-1]


class EveryRegion:
    """All regions of one model, and of formulas about it, at one point modulo one prime.

    Each `turn` has another prime.
    """

    def __init__(
        self, model: Model, turn: int = 0, letters: Mapping[str, Formula] | None = None
    ) -> None:
        self.model = model
        self._turn = turn
        self._letters = letters
        self._points: list[RegionPoint] | None = None
        self._own: list[int] = []
        """Of each point how many choices the model itself takes."""
        self._too_many = False
        self._most = min(MOST_REGIONS, max(ALWAYS, MOST_VALUES // len(model.quantities)))

    def points(self) -> list[RegionPoint]:
        """A point in each region of the model; made once. Raises :class:`TooManyRegionsError`."""
        if self._too_many:
            raise TooManyRegionsError
        if self._points is None:
            self._too_many = True
            self._points = self._visited()
            self._own = [len(point.bits) for point in self._points]
            self._too_many = False
        return self._points

    def agree(self, left: Formula, right: Formula) -> int:
        """In how many regions both sides are the same, if they are in every one; else 0.

        Raises :class:`TooManyRegionsError`, and :class:`~derive.exact.points.NoValueError`
        where a side has no value.
        """
        points = self.points()
        try:
            for point, own in zip(points, self._own, strict=True):
                if point.value(left) != point.value(right):
                    return 0
                if len(point.bits) != own:
                    break
            else:
                return len(points)
        except NotASquareError:
            pass
        # The sides make choices of their own, and there are regions to both sides of these.
        self._points = None
        points = self._visited(left, right)
        return len(points) if all(p.value(left) == p.value(right) for p in points) else 0

    def _visited(self, *sides: Formula) -> list[RegionPoint]:
        """A new point in each region, of the choices in the `sides`, too; all at one place."""
        for seed in range(SEED + self._turn, SEED + MOST_BEGUN * MOST_TURNS, MOST_TURNS):
            try:
                return list(self._branches(seed, sides))
            except NotASquareError:
                continue
        raise NotASquareError("a square root that does not exist modulo the primes")

    def _branches(self, seed: int, sides: Sequence[Formula]) -> Iterator[RegionPoint]:
        script: list[int] = []
        for _ in range(self._most):
            point = RegionPoint(self.model, script, seed, self._letters)
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
