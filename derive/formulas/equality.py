"""Whether two formulas are equal at every consistent point, and a point where they are not.

First at random points modulo a prime, where a difference is a proof of inequality; then exactly, as
rational functions; where that is too large the points decide, with an error below 2^-100. What the
residues cannot say is compared with 50 digits, and agreement there proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from enum import Enum

from derive.calculus.exact import ExactValues, TooLargeError
from derive.calculus.points import NoValueError, Point
from derive.calculus.reals import RealPoint
from derive.calculus.region_points import EveryRegion, TooManyRegionsError
from derive.formula import (
    Call,
    Delta,
    Formula,
    Letter,
    Name,
    Number,
    Partial,
    Power,
    Sum,
    Updated,
    is_number,
    walk,
)
from derive.formulas.claims import Witness
from derive.formulas.regions import Regions
from derive.model import Model
from derive.written import choices

POINTS = 2
REGION_POINTS = 40
REAL_POINTS = 8
FIRST_SEED = 1_000
MOST_ATTEMPTS = 100
"""Seeds tried for a point at which every quantity has a value: a logarithm may have none."""
MOST_WORK = 400_000
"""Products of terms for one claim up to which polynomials are used; then residues decide."""
LITTLE_WORK = 10_000
PATIENCE = 4
"""After so many comparisons that were too large, the others of a model may take little work."""
MOST_SMOOTH = 20_000
"""The same for one comparison, where residues prove as much in less time."""
LARGE_NUMBER = 60.0
SMALL_BITS = 110.0
"""Digits to base 2 of all numbers of an equation, below which residues are a proof."""
SMALL = 250
"""Quantities of a model up to which one ring serves all comparisons."""
LARGE = 1_000
"""Quantities of a model from which on only residues are compared."""
MOST_USES = 4
"""Formulas with letters of their own for which a ring has spare generators."""
TINY, RELATIVE = Decimal("1e-12"), Decimal("1e-30")
CLEARLY = Decimal("1e-6")
"""A relative difference that shows in the digits of a witness."""


class Answer(Enum):
    """Whether two formulas are equal."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NUMERICALLY_EQUAL = "numerically equal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer, with a witness of a difference, or the reason why there is no answer."""

    answer: Answer
    witness: Witness | None = None
    reason: str = ""


class Equality:
    """Compares formulas of one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._points: list[Point] = []
        self._seed = FIRST_SEED - 1
        self._reals: list[RealPoint] | None = None
        self._kinks = frozenset(choices(model.definitions.values()))
        self._regions: dict[tuple[Formula, ...], Regions] = {}
        self._everywhere = EveryRegion(model)
        self._exact: ExactValues | None = None
        self._swells = False
        """Whether the values of all quantities are too large as ratios of polynomials."""
        self._calls = frozenset(
            (node.function, node.argument)
            for definition in model.definitions.values()
            for node in walk(definition)
            if isinstance(node, Call)
        )
        self._uses = 0
        self._too_large = 0
        self._work_left = MOST_WORK

    def points(self, count: int = POINTS) -> list[Point]:
        """The first points modulo the prime; made once."""
        while len(self._points) < count:
            self._points.append(self._next_point())
        return self._points[:count]

    def _next_point(self) -> Point:
        """Another point, of those at which every quantity has a value."""
        for attempt in range(MOST_ATTEMPTS):
            self._seed += 1
            try:
                return Point(self.model, self._seed)
            except NoValueError:
                if attempt == MOST_ATTEMPTS - 1:
                    raise
        raise AssertionError

    def begin(self) -> None:
        """A new claim: it may take as much work as any other."""
        self._work_left = MOST_WORK

    def residues(self, formula: Formula) -> tuple[int, ...]:
        """The residues of `formula` at the first points. Raises :class:`NoValueError`."""
        return tuple(point.value(formula) for point in self.points())

    def jumps(self, *sides: Formula) -> bool:
        """Whether a point speaks of a region only: for a kink in the model, or in the formulas."""
        return bool(self._kinks or choices(sides))

    def compare(self, left: Formula, right: Formula, exactly: bool = True) -> Comparison:
        """Whether `left` and `right` are equal at every consistent point.

        Without `exactly`, agreement at points modulo the prime is enough, except where a kink makes
        it speak of a region only.
        """
        jumps = self.jumps(left, right)
        if left == right:
            return Comparison(Answer.EQUAL) if _has_value(self, left) else _undefined(left)
        try:
            same = all(
                point.value(left) == point.value(right)
                for point in self.points(REGION_POINTS if jumps else POINTS)
            )
        except NoValueError as error:
            return self._numerically(left, right, str(error))
        if not same:
            return self._different(left, right)
        if not exactly and not jumps and _is_small(left, right):
            return Comparison(Answer.EQUAL)
        return self._exactly(left, right, jumps)

    def _exactly(
        self, left: Formula, right: Formula, jumps: bool, most: int = MOST_SMOOTH
    ) -> Comparison:
        """As polynomials, with `most` products of terms; with kinks, region by region, too."""
        first = most == MOST_SMOOTH
        if self._swells and jumps and self._in_every_region(left, right):
            return Comparison(Answer.EQUAL)
        known_to_swell = self._swells
        try:
            if self._work_left <= 0:
                raise TooLargeError
            values = self._exact_for(left, right)
            limit = min(self._work_left, most)
            if self._too_large > PATIENCE and not jumps:
                # Residues decide where this fails, as it did before: in deep networks always.
                limit = min(limit, LITTLE_WORK)
            try:
                if values.equal(left, right, limit):
                    return Comparison(Answer.EQUAL)
                if not jumps:
                    # Equal at the points: only the atoms are not independent of each other.
                    raise TooLargeError
            finally:
                self._work_left -= values.work
        except TooLargeError:
            self._too_large += 1
            if jumps:
                if first and not known_to_swell:
                    if self._in_every_region(left, right):
                        return Comparison(Answer.EQUAL)
                    if not self._swells and self._work_left > 0:
                        return self._exactly(left, right, jumps, MOST_WORK)
                compared = self._different(left, right)
                if compared.answer is not Answer.NUMERICALLY_EQUAL:
                    return compared
                reason = f"equal in {REGION_POINTS} random regions; too large to prove"
                return replace(compared, reason=reason)
            if not _is_small(left, right):
                # Large numbers could be multiples of the prime: residues alone prove nothing.
                compared = self._different(left, right)
                if compared.answer is not Answer.NUMERICALLY_EQUAL or _has_large(left, right):
                    return compared
            return Comparison(Answer.EQUAL)
        except NoValueError as error:
            return Comparison(Answer.UNKNOWN, reason=str(error))
        # The points missed a region: only a real point can tell now.
        return self._different(left, right)

    def _in_every_region(self, left: Formula, right: Formula) -> bool:
        """Whether the sides agree for all choices that kinks leave, as far as these are few."""
        try:
            return _is_small(left, right) and self._everywhere.agree(left, right)
        except (NoValueError, TooManyRegionsError):
            return False

    def _exact_for(self, *sides: Formula) -> ExactValues:
        """Exact values over all atoms of a small model, or over those that the sides need."""
        if len(self.model.quantities) > LARGE:
            raise TooLargeError
        if len(self.model.quantities) > SMALL or self._brings_calls(sides):
            return ExactValues(self.model, sides)
        if self._swells and not self.jumps(*sides):
            raise TooLargeError
        if self._swells:
            return ExactValues(self.model, sides)
        if self._exact is None or self._uses == MOST_USES:
            try:
                self._exact, self._uses = ExactValues(self.model), 0
            except TooLargeError:
                self._swells = True
                raise
        self._uses += any(isinstance(node, Letter) for side in sides for node in walk(side))
        return self._exact

    def _brings_calls(self, sides: Sequence[Formula]) -> bool:
        """Whether functions stand in the sides at arguments that they have nowhere in the model."""
        return any(
            (node.function, node.argument) not in self._calls
            for side in sides
            for node in walk(side)
            if isinstance(node, Call)
        )

    def _different(self, left: Formula, right: Formula) -> Comparison:
        try:
            witness = self.witness(left, right)
        except NoValueError as error:
            return Comparison(Answer.UNKNOWN, reason=str(error))
        if witness is None:
            return Comparison(
                Answer.NUMERICALLY_EQUAL,
                reason="the two sides agree in 50 digits at random points, but no proof was found",
            )
        return Comparison(Answer.DIFFERENT, witness)

    def _numerically(self, left: Formula, right: Formula, reason: str) -> Comparison:
        try:
            witness = self.witness(left, right)
        except NoValueError as error:
            return Comparison(Answer.UNKNOWN, reason=str(error) or reason)
        if witness is not None:
            return Comparison(Answer.DIFFERENT, witness)
        return Comparison(
            Answer.NUMERICALLY_EQUAL,
            reason="the two sides agree in 50 digits at random points, but no proof was found",
        )

    def real_points(self, sides: Sequence[Formula]) -> Iterator[RealPoint]:
        """Random consistent points of real numbers, each made once.

        Where something jumps, one in each region follows: a difference may show in a single one.
        """
        yield from self._random_reals()
        if self.jumps(*sides):
            more = tuple(kink for kink in choices(sides) if kink not in self._kinks)
            if more not in self._regions:
                # Those of the model alone are kept, and those of the latest formulas.
                self._regions = {k: v for k, v in self._regions.items() if not k}
                self._regions[more] = Regions(self.model, more)
            yield from self._regions[more].points()

    def _random_reals(self) -> list[RealPoint]:
        """Some at which every quantity has a value. Raises :class:`NoValueError` if none has."""
        if self._reals is None:
            found: list[RealPoint] = []
            why = "a quantity of the network has no value"
            for seed in range(MOST_ATTEMPTS):
                try:
                    found.append(RealPoint(self.model, seed))
                except NoValueError as error:
                    why = str(error)
                except DecimalException:
                    why = "a value that is too large"
                if len(found) == REAL_POINTS:
                    break
            if not found:
                raise NoValueError(why)
            self._reals = found
        return self._reals

    def witness(self, left: Formula, right: Formula) -> Witness | None:
        """A point at which the sides differ, best visibly; nothing if there is none.

        Raises :class:`NoValueError` when no point gives both sides a value.
        """
        found: Witness | None = None
        problem: NoValueError | None = None
        values = 0
        for point in self.real_points((left, right)):
            try:
                a, b = point.value(left), point.value(right)
            except NoValueError as error:
                problem = error
                continue
            values += 1
            size = max(abs(a), abs(b), TINY)
            if abs(a - b) > size * RELATIVE:
                made = Witness(self.shown(point, (left, right)), float(a), float(b))
                if abs(a - b) > size * CLEARLY:
                    return made
                found = found or made
        if not values and problem is not None:
            raise problem
        return found

    def shown(self, point: RealPoint, formulas: Sequence[Formula]) -> dict[str, float]:
        """The given quantities on which `formulas` depend, with their values at `point`."""
        needed = given_below(self.model, formulas)
        return {
            name: float(point.values[name])
            for name in self.model.quantities
            if name in needed and name not in self.model.definitions
        } | {name: float(value) for name, value in point._free.items() if name in needed}  # noqa: SLF001


def _is_small(*sides: Formula) -> bool:
    """Whether no coefficient of the sides can be a multiple of the prime."""
    return sum(map(_bits, sides)) < SMALL_BITS


def _has_large(*sides: Formula) -> bool:
    """Whether a number of many digits stands in the sides, or a power of a number."""
    numbers = (node for side in sides for node in walk(side) if is_number(node))
    return any(_bits(node) > LARGE_NUMBER for node in numbers)


def _bits(formula: Formula) -> float:
    """A bound on the digits, to base 2, of the numbers in a formula multiplied out."""
    if isinstance(formula, Number):
        value = formula.value
        return math.log2(max(abs(value.numerator), 1)) + math.log2(value.denominator)
    inner = [_bits(part) for part in formula.parts()]
    if isinstance(formula, Power) and isinstance(formula.exponent, Number):
        return abs(float(formula.exponent.value)) * (inner[0] + 1)
    extra = math.log2(len(inner)) if isinstance(formula, Sum) and inner else 0.0
    return sum(inner) + extra


def given_below(model: Model, formulas: Sequence[Formula]) -> set[str]:
    """The names on which formulas depend, through all definitions, and their letters."""
    todo: list[str] = []
    needed: set[str] = set()
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, Name):
                todo.append(node.name)
            elif isinstance(node, Letter):
                needed.add(node.name)
            elif isinstance(node, Delta):
                todo += [node.of, model.total]
            elif isinstance(node, Updated):
                todo += [node.of, model.total]
                needed.add("eta")
            elif isinstance(node, Partial) and isinstance(node.by, Name):
                todo.append(node.by.name)
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo.extend(model.inputs_of.get(name, ()))
    return needed


def _has_value(equality: Equality, formula: Formula) -> bool:
    try:
        equality.points(1)[0].value(formula)
    except NoValueError:
        return False
    return True


def _undefined(formula: Formula) -> Comparison:
    return Comparison(Answer.UNKNOWN, reason="the formula has no value")


__all__ = ["Answer", "Comparison", "Equality", "given_below"]
