"""Numbers of the network that somebody put in for names: net_{h1} = w_1·0.05 + w_2·0.1 + b_1.

Such a formula is right if it is right, exactly and for all values of everything, with the names
written in the places of their numbers. Each number of a claim stands for itself or for one quantity
that has exactly this value; that a missing factor happens to be 1 in the network's file makes no
formula right.

Which names fit is told by moving them. Where the formula is right with the names written, and a
quantity moves by a little, the two sides stay equal if the numbers that stand for it move with it.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice
from itertools import product as choices

from derive.calculus.entries import ShapeError, TooManyError
from derive.checking.comparing import Comparing
from derive.checking.diagnosis.sites import Trail
from derive.checking.equality import Answer
from derive.checking.numbers import CONTEXT, Numbers
from derive.checking.placeholders import placeholders
from derive.checking.settings import unnamed, with_settings
from derive.exact.large import real_point
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import (
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Power,
    Quotient,
    is_matrix,
)

MOST_PLACES = 14
"""Places of one number in a claim, of which any may stand for a name."""
MOST_NAMES = 24
"""Quantities for which the numbers of one claim may stand."""
MOST_TRIED = 64
"""Ways of writing names for numbers that are compared exactly."""
MOST_SINGLE = 20
"""Single equations of one with index letters at which numbers are moved."""
POINTS, KINKED_POINTS = 2, 8
"""Random points at which they are; more where a kink hides what a region does not use."""
SEEDS = 20
MOST_KEPT = 500
"""Points that are kept."""
MOVE = Fraction(1, 10**20)
NOTHING = Decimal("1e-35")
"""By how little sides move with what they do not depend on."""
EQUAL, MATCH = Decimal("1e-30"), Decimal("1e-12")
"""Relative differences up to which two sides, and what moving makes of them, are the same."""

Sides = tuple[Formula, Formula]
Named = Mapping[Formula, Fraction]


@dataclass(frozen=True, slots=True)
class Place:
    """A number of a claim: on which side, where there, and its value."""

    side: int
    trail: Trail
    value: Fraction


Way = Mapping[Place, Formula]
"""Names for some of the numbers of a claim."""


def _put(sides: Sides, new: Way) -> Sides:
    """The sides with other formulas in some places, all put in at once.

    One after the other would not do: a product that takes in another has other places.
    """

    def made(formula: Formula, trail: Trail, side: int) -> Formula:
        found = by_trail.get((side, trail))
        if found is not None:
            return found
        parts = formula.parts()
        changed = tuple(made(part, (*trail, place), side) for place, part in enumerate(parts))
        return formula if changed == parts else formula.rebuilt(changed)

    by_trail = {(place.side, place.trail): formula for place, formula in new.items()}
    return made(sides[0], (), 0), made(sides[1], (), 1)


class PutIn:
    """Finds out for which quantities numbers have been put into formulas about one network."""

    def __init__(self, comparing: Comparing, numbers: Numbers) -> None:
        self.comparing = comparing
        self.numbers = numbers
        self.model = comparing.equality.model
        self._made: dict[tuple[frozenset[tuple[str, Fraction]], int], RealPoint | None] = {}
        self._set: dict[frozenset[tuple[Formula, Fraction]], PutIn] = {}

    def with_settings(self, left: Formula, right: Formula) -> Named | None:
        """What :meth:`found` says, where numbers may also be made of η and λ; these with it."""
        problem: TooManyError | None = None
        for settings in unnamed(self.numbers.settings, left, right):
            put_in = self._with(settings)
            try:
                if settings and put_in.is_right(left, right):
                    return settings
                found = put_in.found(left, right)
            except TooManyError as error:
                problem = error
                continue
            if found is not None:
                return {**found, **settings}
        if problem is not None:
            raise problem
        return None

    def _with(self, settings: Named) -> PutIn:
        if not settings:
            return self
        key = frozenset(settings.items())
        if key not in self._set:
            self._set[key] = PutIn(with_settings(self.model, settings), self.numbers)
        comparing = self._set[key].comparing
        comparing.equality.begin()
        comparing.cases.tests = self.comparing.cases.tests
        comparing.cases.indices.within = self.comparing.cases.indices.within
        return self._set[key]

    def is_right(self, left: Formula, right: Formula) -> bool:
        """Whether an equation is right as it stands. Raises :class:`TooManyError` if unknown."""
        if placeholders(left, right):
            return self.comparing.holds(left, right)
        try:
            answer = self.comparing.compare(left, right).answer
        except (ShapeError, KeyError):
            return False
        if answer is Answer.NUMERICALLY_EQUAL:
            raise TooManyError(
                "with η and λ of the network's file it seems right; no proof was found"
            )
        return answer is Answer.EQUAL

    def found(self, left: Formula, right: Formula) -> Named | None:
        """The quantities for which numbers stand in a right equation, and these; else nothing.

        Raises :class:`TooManyError` where it can be right and there is too much to try.
        """
        if placeholders(left, right):
            return None
        places = [
            Place(side, trail, value)
            for side, formula in enumerate((left, right))
            for trail, value in _numbers_in(formula, ())
        ]
        values = {abs(place.value) for place in places}
        named: dict[Formula, Fraction] = {
            Name(name): value for name, value in self.numbers.common.items() if abs(value) in values
        }
        if not named:
            return None
        if len(named) > MOST_NAMES and self._differs(self._points(named), (left, right)):
            return None
        if len(named) > MOST_NAMES:
            raise TooManyError("there are too many names for which its numbers may stand")
        with decimal.localcontext(CONTEXT):
            for number, way in enumerate(self._ways((left, right), places, named)):
                if number >= MOST_TRIED:
                    raise TooManyError("there are too many ways to read its numbers as names")
                if way and self.comparing.holds(*_written((left, right), way, named)):
                    return {way[place]: named[way[place]] for place in places if place in way}
        return None

    def _ways(self, sides: Sides, places: Sequence[Place], named: Named) -> Iterator[Way]:
        """Names for some of the numbers with which the equation can be right."""
        # What is given by a condition does not move by itself: it is written for its numbers first.
        conditions = self.model.conditions
        bound: dict[Formula, Fraction] = {
            n: v for n, v in named.items() if isinstance(n, Name) and n.name in conditions
        }
        free = {name: value for name, value in named.items() if name not in bound}
        for way in _every_choice(places, bound):
            written = _written(sides, way, named)
            left = [place for place in places if place not in way]
            if not self._differs(self._points(free), written):
                yield from ({**way, **more} for more in self._moved_along(written, left, free))

    def _moved_along(self, sides: Sides, places: Sequence[Place], free: Named) -> Iterator[Way]:
        """Names for numbers such that the sides stay equal when any of the names moves.

        One name after the other is written for its numbers; it may then be anything. So the next
        one shows, even where the first is 0 and hides it.
        """
        points = self._points(free)
        at_rest = self._gaps(points, sides)
        for name, value in free.items():
            moved = self._points({**free, name: value + MOVE})
            if len(moved) != len(points):
                continue
            gap = _minus(self._gaps(moved, sides), at_rest)
            if all(abs(off) < NOTHING for off in gap):
                continue
            there = [place for place in places if abs(place.value) == abs(value)]
            if len(there) > MOST_PLACES:
                raise TooManyError("there are too many places in which a name may stand")
            slopes = {p: self._slope(points, sides, at_rest, p, value) for p in there}
            rest = {other: number for other, number in free.items() if other != name}
            for group in _subsets(there):
                if not _cancel(gap, [slopes[place] for place in group]):
                    continue
                way = dict.fromkeys(group, name)
                left = [place for place in places if place not in way]
                written = _written(sides, way, free)
                yield from ({**way, **more} for more in self._moved_along(written, left, rest))
            return
        yield from _every_choice(places, free)

    def _slope(
        self,
        points: Sequence[RealPoint],
        sides: Sides,
        at_rest: Sequence[Decimal],
        place: Place,
        value: Fraction,
    ) -> list[Decimal]:
        """What the gap between the sides does when a number moves along with its name."""
        step = MOVE if place.value == value else -MOVE
        there = self._gaps(points, _put(sides, {place: Number(place.value + step)}))
        return _minus(there, at_rest)

    # Values at real points.

    def _points(self, fixed: Named) -> list[RealPoint]:
        """Points at which some quantities have their numbers, and everything else any."""
        table = {n.name: value for n, value in fixed.items() if isinstance(n, Name | Letter)}
        key = frozenset(table.items())
        found: list[RealPoint] = []
        if len(self._made) > MOST_KEPT:
            self._made.clear()
        most = KINKED_POINTS if self.comparing.equality.jumps() else POINTS
        for seed in range(SEEDS):
            if (key, seed) not in self._made:
                self._made[key, seed] = None
                with suppress(NoValueError):
                    self._made[key, seed] = real_point(self.model, seed, table)
            made = self._made[key, seed]
            if made is not None:
                found.append(made)
            if len(found) == most:
                break
        return found

    def _differs(self, points: Sequence[RealPoint], sides: Sides) -> bool:
        """Whether the sides differ where what numbers may stand for has these, and all else any."""
        return not points or any(
            abs(x - y) > max(abs(x), abs(y)) * EQUAL for x, y in self._values(points, sides)
        )

    def _gaps(self, points: Sequence[RealPoint], sides: Sides) -> list[Decimal]:
        """By how much the sides differ, for each point and each number of an index letter."""
        return [x - y for x, y in self._values(points, sides)]

    def _values(
        self, points: Sequence[RealPoint], sides: Sides
    ) -> Iterator[tuple[Decimal, Decimal]]:
        """The values of both sides; the same for both where they have none."""
        single = self._single(sides)
        for point in points:
            for a, b in single:
                try:
                    yield point.value(a), point.value(b)
                except NoValueError:
                    yield Decimal(0), Decimal(0)

    def _single(self, sides: Sides) -> list[Sides]:
        """Some of the single equations that an equation stands for."""
        try:
            found = islice(self.comparing.cases.instances(*sides), MOST_SINGLE)
            single = [(a, b) for _, a, b in found]
        except (KeyError, TooManyError):
            return []
        return [] if any(is_matrix(side) for pair in single for side in pair) else single


def _every_choice(places: Sequence[Place], named: Named) -> Iterator[Way]:
    """Every way to write some of the names for their numbers; the first is none of them."""
    options: list[list[Formula | None]] = [
        [None, *(name for name, value in named.items() if abs(value) == abs(place.value))]
        for place in places
    ]
    for number, way in enumerate(choices(*options)):
        if number >= MOST_TRIED:
            raise TooManyError("there are too many ways to read its numbers as names")
        yield {place: name for place, name in zip(places, way, strict=True) if name is not None}


def _subsets(places: Sequence[Place]) -> Iterator[tuple[Place, ...]]:
    for size in range(1, len(places) + 1):
        yield from combinations(places, size)


def _written(sides: Sides, way: Way, named: Named) -> Sides:
    """The sides with names in the places of numbers, with the opposite sign where that fits."""
    signed = {
        place: name if named[name] == place.value else Negative(name) for place, name in way.items()
    }
    return _put(sides, signed)


def _minus(first: Sequence[Decimal], second: Sequence[Decimal]) -> list[Decimal]:
    return [a - b for a, b in zip(first, second, strict=True)]


def _cancel(gap: Sequence[Decimal], moves: Sequence[Sequence[Decimal]]) -> bool:
    """Whether what numbers do when they move takes back what their name does."""
    for place, off in enumerate(gap):
        parts = [off, *(move[place] for move in moves)]
        if abs(sum(parts, Decimal(0))) > MATCH * sum(map(abs, parts), Decimal(0)) + NOTHING:
            return False
    return True


def _numbers_in(formula: Formula, trail: Trail) -> Iterator[tuple[Trail, Fraction]]:
    """Where numbers stand, a fraction of two numbers as one, and their values; not in exponents."""
    if isinstance(formula, Number):
        yield trail, formula.value
    elif isinstance(formula, Quotient) and isinstance(formula.top, Number):
        bottom = formula.bottom
        if isinstance(bottom, Number) and bottom.value:
            yield trail, formula.top.value / bottom.value
            return
    parts = formula.parts()[:1] if isinstance(formula, Power) else formula.parts()
    for place, part in enumerate(parts):
        yield from _numbers_in(part, (*trail, place))
