"""Points of real numbers at which two formulas differ, and what is shown of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, DecimalException

from derive.checking.below import given_below
from derive.checking.claims import Witness
from derive.checking.clear import Clear
from derive.checking.regions import Regions
from derive.exact.large import real_point
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.exact.roots import Roots
from derive.formula import Formula
from derive.functions.written import choices, in_pieces
from derive.model import Model

REAL_POINTS = 8
MOST_ATTEMPTS = 100
"""Seeds tried for points at which every quantity has a value: a logarithm may have none."""
TINY, RELATIVE = Decimal("1e-12"), Decimal("1e-30")
NOISE = "what it divides by, or what a kink is at, cannot be told from 0"
CLEARLY = Decimal("1e-6")
"""A relative difference that shows in the digits of a witness."""


class Witnesses:
    """The real points of one model, each made once."""

    def __init__(self, model: Model, rests: Callable[[Formula], bool]) -> None:
        self.model = model
        self.clear = Clear(model, self.points, rests)
        self._reals: list[RealPoint] = []
        self._seeds = iter(range(MOST_ATTEMPTS))
        self._why = "a quantity of the network has no value"
        self.kinks = frozenset(choices(model.written(in_pieces)))
        self._roots = model.known(Roots)
        self._has_roots = self._roots.branch(model.stated)
        self._regions: dict[tuple[Formula, ...], Regions] = {}

    def has_roots(self, *sides: Formula) -> bool:
        """Whether roots are taken, in the model or in these formulas, that have two signs."""
        return bool(self._has_roots or self._roots.branch(sides))

    def jumps(self, *sides: Formula) -> bool:
        """Whether a point speaks of a region only: for a kink, or a root of either sign."""
        return bool(self.kinks or choices(sides) or self.has_roots(*sides))

    def points(self, sides: Sequence[Formula]) -> Iterator[RealPoint]:
        """Random consistent points of real numbers, each made once.

        Where something jumps, one in each region follows: a difference may show in a single one.
        """
        yield from self._random_reals()
        if self.jumps(*sides):
            more = tuple(kink for kink in choices(sides) if kink not in self.kinks)
            if more not in self._regions:
                # Those of the model alone are kept, and those of the latest formulas.
                self._regions = {k: v for k, v in self._regions.items() if not k}
                self._regions[more] = Regions(self.model, more)
            yield from self._regions[more].points()

    def _random_reals(self) -> Iterator[RealPoint]:
        """Some at which every quantity has a value. Raises :class:`NoValueError` if none has."""
        for place in range(REAL_POINTS):
            while len(self._reals) <= place and (seed := next(self._seeds, None)) is not None:
                try:
                    self._reals.append(real_point(self.model, seed))
                except NoValueError as error:
                    self._why = str(error)
                except DecimalException:
                    self._why = "a value that is too large"
            yield from self._reals[place : place + 1]
        if not self._reals:
            raise NoValueError(self._why)

    def is_never_positive(self, formula: Formula) -> bool:
        """Whether a formula is below 0 at all points that are looked at, as ln of shares is."""
        try:
            values = [point.value(formula) for point in self.points((formula,))]
        except NoValueError:
            return False
        return bool(values) and all(value < 0 for value in values)

    def witness(self, left: Formula, right: Formula) -> Witness | None:
        """A point at which the sides differ, best visibly; nothing if there is none.

        Raises :class:`NoValueError` when no point gives both sides a value.
        """
        found: Witness | None = None
        problem: NoValueError | None = None
        values = 0
        for point in self.points((left, right)):
            try:
                a, b = point.value(left), point.value(right)
            except NoValueError as error:
                problem = error
                continue
            size = max(abs(a), abs(b), TINY)
            if abs(a - b) > size * RELATIVE:
                if not self._persists(point, (left, right), a - b):
                    problem = NoValueError("its value cannot be computed accurately")
                    continue
                if not self.clear.at(point, (left, right)):
                    problem = NoValueError(NOISE)
                    continue
                made = Witness(self.shown(point, (left, right)), float(a), float(b))
                if abs(a - b) > size * CLEARLY:
                    return made
                found = found or made
            values += 1
        if not values and problem is not None:
            raise problem
        return found

    def _persists(self, point: RealPoint, sides: tuple[Formula, Formula], gap: Decimal) -> bool:
        """Whether a difference is more than what computing leaves where terms cancel.

        With three times the digits, the difference has to be the same.
        """
        try:
            finer = self.clear.finer(point)
            a, b = (finer.value(side) for side in sides)
        except NoValueError:
            return False
        return abs(a - b - gap) <= abs(gap) * CLEARLY

    def shown(self, point: RealPoint, formulas: Sequence[Formula]) -> dict[str, float]:
        """The given quantities on which `formulas` depend, with their values at `point`."""
        needed = given_below(self.model, formulas)
        return {
            name: float(point.values[name])
            for name in self.model.quantities
            if name in needed and name not in self.model.definitions
        } | {name: float(value) for name, value in point._free.items() if name in needed}  # noqa: SLF001
