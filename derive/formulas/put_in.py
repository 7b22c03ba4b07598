"""Numbers of the network that somebody put in for names: net_{h1} = w_1·0.05 + w_2·0.1 + b_1.

Such a formula is right if it is right, exactly and for all values of everything, with the names
written in the places of their numbers. A number in the place of η or λ is of this kind. Each number
of a claim stands for itself or for one quantity that has exactly this value; that a missing factor
happens to be 1 in the network's file makes no formula right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from itertools import product as combinations

from derive.calculus.indices import has_letters
from derive.calculus.matrices import is_matrix
from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.formula import (
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Power,
    Quotient,
    SumOver,
    Updated,
    walk,
)
from derive.formulas.cases import TooManyError
from derive.formulas.comparing import Comparing
from derive.formulas.diagnosis.sites import Trail, replaced
from derive.formulas.numbers import Numbers
from derive.formulas.placeholders import placeholders

MOST_WAYS = 20_000
"""Ways of writing names for the numbers of one claim that are tried at a point."""
MOST_SLOW = 256
"""The same where all has to be compared, for index letters or kinks: a point says too little."""
MOST_WORK = 1_000_000
"""Ways times the nodes of the claim."""
MOST_SINGLE = 60
"""Single equations of one with index letters at which it is looked whether it can be right."""
SEEDS = range(3)
RELATIVE = Decimal("1e-30")
ETA = Letter("eta")

Place = tuple[int, Trail, list[Formula]]
"""A number of a claim: on which side, where there, and the names for which it may stand."""


class PutIn:
    """Finds out for which quantities numbers have been put into formulas about one network."""

    def __init__(self, comparing: Comparing, numbers: Numbers) -> None:
        self.comparing = comparing
        self.numbers = numbers
        self._points: dict[frozenset[tuple[str, Fraction]], RealPoint | None] = {}

    def found(self, left: Formula, right: Formula) -> list[tuple[Formula, Fraction]] | None:
        """The quantities for which numbers stand in a right equation, and these; else nothing.

        Raises :class:`TooManyError` where it can be right and there are too many ways to try.
        """
        if placeholders(left, right):
            return None
        named = self._named(left, right)
        places = [
            (side, trail, names)
            for side, formula in enumerate((left, right))
            for trail, value in _numbers_in(formula, ())
            if (names := self._names_of(named, value))
        ]
        if not places or not self._can_be_right(left, right, places):
            return None
        for formulas, chosen in self._ways((left, right), places):
            if self.comparing.holds(*formulas):
                return chosen
        return None

    def _can_be_right(self, left: Formula, right: Formula, places: Sequence[Place]) -> bool:
        """Whether the sides agree where what numbers may stand for has these, and all else any."""
        bare = {
            name.term if isinstance(name, Negative) else name
            for _, _, names in places
            for name in names
        }
        point = self._point(frozenset(bare))
        if point is None:
            return True
        try:
            cases = list(islice(self.comparing.cases.instances(left, right), MOST_SINGLE))
        except (KeyError, TooManyError):
            return False
        if any(is_matrix(side) for _, *sides in cases for side in sides):
            return True
        for _, a, b in cases:
            try:
                x, y = point.value(a), point.value(b)
            except NoValueError:
                continue
            if abs(x - y) > max(abs(x), abs(y)) * RELATIVE:
                return False
        return True

    def _point(self, names: frozenset[Formula]) -> RealPoint | None:
        """A point at which some quantities have their numbers, and everything else any."""
        fixed = {n.name: self._value(n) for n in names if isinstance(n, Name | Letter)}
        key = frozenset(fixed.items())
        if key not in self._points:
            self._points[key] = None
            for seed in SEEDS:
                try:
                    self._points[key] = RealPoint(self.numbers.model, seed, numbers=fixed)
                    break
                except NoValueError:
                    continue
        return self._points[key]

    def _ways(
        self, sides: tuple[Formula, Formula], places: Sequence[Place]
    ) -> Iterator[tuple[tuple[Formula, Formula], list[tuple[Formula, Fraction]]]]:
        """The equation with names for some of its numbers, where it may be right."""
        plain = not any(
            has_letters(side) or is_matrix(side) or any(isinstance(n, SumOver) for n in walk(side))
            for side in sides
        )
        fast = plain and not self.comparing.equality.jumps(*sides)
        options: list[list[Formula | None]] = [[None, *names] for _, _, names in places]
        size = sum(1 for side in sides for _ in walk(side))
        most = min(MOST_WAYS if fast else MOST_SLOW, MOST_WORK // size)
        for number, way in enumerate(islice(combinations(*options), 1, None)):
            if number >= most:
                raise TooManyError("there are too many names for which its numbers may stand")
            made = list(sides)
            chosen: dict[Formula, Fraction] = {}
            for (side, trail, _), formula in zip(places, way, strict=True):
                if formula is not None:
                    made[side] = replaced(made[side], trail, formula)
                    name = formula.term if isinstance(formula, Negative) else formula
                    chosen[name] = self._value(name)
            if not fast or self._agree_at_a_point(*made):
                yield (made[0], made[1]), list(chosen.items())

    def _agree_at_a_point(self, left: Formula, right: Formula) -> bool:
        point = self.comparing.equality.points(1)[0]
        try:
            return bool(point.value(left) == point.value(right))
        except NoValueError:
            return False

    def _named(self, *sides: Formula) -> dict[Fraction, list[Formula]]:
        """The quantities with a number, by that; η among them where it does not stand itself."""
        found: dict[Fraction, list[Formula]] = {}
        nodes = [node for side in sides for node in walk(side)]
        stepped = any(isinstance(node, Updated) for node in nodes)
        if stepped and ETA not in nodes:
            found.setdefault(self._value(ETA), []).append(ETA)
        for name, value in self.numbers.common.items():
            if name in self.numbers.model.quantities:
                found.setdefault(value, []).append(Name(name))
        return found

    def _value(self, name: Formula) -> Fraction:
        if name == ETA:
            return self.numbers.rate
        assert isinstance(name, Name)
        return self.numbers.common[name.name]

    @staticmethod
    def _names_of(named: dict[Fraction, list[Formula]], value: Fraction) -> list[Formula]:
        """What a number may stand for: a quantity with this value, or with the opposite one."""
        opposite = [Negative(name) for name in named.get(-value, ())] if value else []
        return [*named.get(value, ()), *opposite]


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
