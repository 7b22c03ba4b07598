"""Whether two formulas are equal at every consistent point, and a point where they are not.

First at random points modulo random primes. Agreement there is a proof where the sizes of both
sides (:mod:`derive.exact.sizes`) leave a chance of error below 2^-100; more points are taken
where one does not do. Where a function has kinks, or a root is taken, a point speaks of one region
only: then both sides are compared as rational functions with unit steps, or at points in all
regions. What neither can say is compared with 50 digits, and agreement there proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from derive.checking.claims import Witness
from derive.checking.witnesses import Witnesses
from derive.exact.checking import Checking
from derive.exact.conditions import is_partly_defined
from derive.exact.exact import ExactValues, TooLargeError
from derive.exact.large import array_points
from derive.exact.points import NotASquareError, NoValueError, Point
from derive.exact.reals import RealPoint
from derive.exact.region_points import MOST_TURNS, EveryRegion, RegionPoint, TooManyRegionsError
from derive.exact.residues import ON_A_KINK
from derive.exact.sizes import Sizes, points_needed
from derive.formula import Call, Formula, Letter, Name, walk
from derive.functions.written import choices
from derive.model import Model

POINTS = 2
REGION_POINTS = 40
FEW_POINTS = 8
FIRST_SEED = 1_000
MOST_ATTEMPTS = 100
"""Seeds tried for a point at which every quantity has a value: a logarithm may have none."""
MOST_WORK = 400_000
"""Products of terms for one claim up to which polynomials are used; then residues decide."""
MOST_SMOOTH = 20_000
"""The same for a first comparison, before all regions are visited."""
MOST_DIGITS = 20_000.0
"""Digits to base 2, and degrees, up to which polynomials are multiplied out."""
TOO_HIGH = "the two sides agree at random points, but their degree is too high for a proof by these"
SEEMS_0 = "seems to be 0 everywhere, or in a whole region"
SMALL = 250
"""Quantities of a model up to which one ring serves all comparisons."""
LARGE = 1_000
"""Quantities of a model from which on only residues are compared."""
MOST_USES = 4
"""Formulas with letters of their own for which a ring has spare generators."""


class Answer(Enum):
    """What a comparison of two formulas has found."""

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
    about: Formula | None = None
    """What the reason is said of."""
    read: str = ""
    """How vectors and matrices were read, where authors differ in it."""
    turned: bool | None = None
    """Whether matrices lie the other way than their indices stand; nothing where none is asked."""


class Equality:
    """Compares formulas of one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._points: list[Point] = []
        self._without_points: NoValueError | None = None
        self._seed = FIRST_SEED - 1
        self._witnesses = Witnesses(model, self._rests)
        self._kinks, self.jumps = self._witnesses.kinks, self._witnesses.jumps
        self.is_never_positive = self._witnesses.is_never_positive
        self._everywhere: list[EveryRegion] = []
        self.arrays = Checking(model, apart=True) if array_points(model) is not None else None
        """The points of a large model, which are computed as arrays."""
        self._large = None if self.arrays is None else self.arrays.arrays
        self._sizes: Sizes | None = None
        self._exact: ExactValues | None = None
        self._swells = False
        """Whether the values of all quantities are too large as ratios of polynomials."""
        self._calls = frozenset(
            (node.function, node.argument)
            for definition in model.written(lambda d: any(isinstance(n, Call) for n in walk(d)))
            for node in walk(definition)
            if isinstance(node, Call)
        )
        self._uses = 0
        self._work_left = MOST_WORK

    def points(self, count: int = POINTS) -> list[Point]:
        """The first `count` points modulo random primes, of which each is made once."""
        while len(self._points) < count:
            self._points.append(self._next_point())
        return self._points[:count]

    def _next_point(self) -> Point:
        """Another point, at which every quantity has a value; none is looked for twice."""
        if self._without_points is not None:
            raise self._without_points
        for attempt in range(MOST_ATTEMPTS):
            self._seed += 1
            try:
                return self._point(self._seed)
            except NoValueError as error:
                # A point itself looks for its roots many times.
                if isinstance(error, NotASquareError) or attempt == MOST_ATTEMPTS - 1:
                    self._without_points = error
                    raise
        raise AssertionError

    def free_point(self, seed: int) -> Point:
        """A point that need not satisfy the conditions of the model."""
        large = self._large
        return large.point(seed, 0, free=True) if large else Point(self.model, seed, free=True)

    def _point(self, seed: int) -> Point:
        """A point of the large primes, or of many small ones; in a region of its own."""
        if self._large is None:
            return Point(self.model, seed)
        turn = seed - FIRST_SEED
        return self._large.point(turn, 0) if self._kinks else self._large.point(0, turn)

    def begin(self) -> None:
        """A new claim: it may take as much work as any other."""
        self._work_left = MOST_WORK

    @property
    def is_kinked(self) -> bool:
        """Whether a function of the model has a kink."""
        return bool(self._kinks)

    def _has_kinks(self, *sides: Formula) -> bool:
        return bool(self._kinks or choices(sides))

    def compare(self, left: Formula, right: Formula) -> Comparison:
        """Whether `left` and `right` are equal wherever both have a value; somewhere both do."""
        compared = self._compared(left, right)
        if compared.answer is Answer.EQUAL and is_partly_defined(self.model, (left, right)):
            found = self._by_digits(left, right)
            if found.answer is not Answer.NUMERICALLY_EQUAL:
                return found
        if compared.answer is Answer.EQUAL:
            zero = self._witnesses.clear.doubtful((left, right), kinks=left != right)
            if zero is not None:
                return Comparison(Answer.UNKNOWN, reason=SEEMS_0, about=zero)
        return compared

    def doubtful(self) -> Formula | None:
        """The first of what the model divides by, or has kinks at, that seems to be 0."""
        return self._witnesses.clear.doubtful([Name(self.model.total)])

    def knows_kinks(self, kinks: Iterable[Formula]) -> bool:
        """Whether these are kinks of the model, of which all are left somewhere."""
        return all(k in self._kinks for k in kinks) and not (self._kinks and self._never_left)

    def _rests(self, formula: Formula) -> bool:
        """Whether the residues know that a formula is 0 in some region.

        A layer of many silent neurons is met at random hardly ever: one point has no other.
        """
        try:
            if any(not point.value(formula) for point in self.points(REGION_POINTS)):
                return True
            return not RegionPoint(self.model, ()).value(formula)
        except NoValueError:
            return False

    def _compared(self, left: Formula, right: Formula) -> Comparison:
        if left == right:
            return Comparison(Answer.EQUAL) if self._has_value(left) else UNDEFINED
        if self._is_on_a_kink(left, right):
            return Comparison(Answer.UNKNOWN, reason=ON_A_KINK)
        if self._brings_calls((left, right)):
            # What the points learn of these functions counts for all formulas after this one.
            self._lost(left, right)
        jumps = self.jumps(left, right)
        if jumps and self._by_free_steps(left, right):
            return Comparison(Answer.EQUAL)
        try:
            same = self._agree(
                left, right, REGION_POINTS if self._has_kinks(left, right) else POINTS
            )
        except NoValueError as error:
            return self._by_digits(left, right, str(error))
        if not same:
            return self._by_digits(left, right)
        if not jumps and self._by_points(left, right):
            return Comparison(Answer.EQUAL)
        return self._exactly(left, right, jumps)

    def _has_value(self, formula: Formula) -> bool:
        """Whether a formula has a value; one with roots of its own may have none modulo a prime."""
        try:
            self.points(1)[0].value(formula)
        except NotASquareError:
            return self._by_digits(formula, formula).answer is Answer.NUMERICALLY_EQUAL
        except NoValueError:
            return False
        return True

    def _is_on_a_kink(self, *sides: Formula) -> bool:
        """Whether a side depends on the side of a kink that is never left."""
        # relu'(0), of the number, is what the table says.
        own = [k for k in choices(sides) if k not in self._kinks]
        try:
            if not (self._never_left or any(map(self._is_zero, own))):
                return False
            for seed in range(FEW_POINTS):
                below, above = (Point(self.model, seed, at_zero=step) for step in (0, 1))
                if any(below.value(side) != above.value(side) for side in sides):
                    return True
        except NoValueError:
            pass
        return False

    @cached_property
    def _never_left(self) -> bool:
        return any(map(self._is_zero, self._kinks))

    def _is_zero(self, formula: Formula) -> bool:
        """Whether a formula is 0 everywhere; in some regions dead neurons make others 0."""
        return all(not point.value(formula) for point in self.points(REGION_POINTS))

    def _agree(self, left: Formula, right: Formula, count: int) -> bool:
        """Whether the sides have the same values at the first points at which they have roots."""
        for point in self.points(count):
            try:
                if point.value(left) != point.value(right):
                    return False
            except NotASquareError:
                continue
        return True

    def _by_points(self, left: Formula, right: Formula) -> bool:
        """Whether sides that agree at the first points do so at as many as are a proof."""
        needed = points_needed(self._lost(left, right))
        return needed is not None and self._agree(left, right, max(needed, POINTS))

    def _by_free_steps(self, left: Formula, right: Formula) -> bool:
        """Whether the sides of a large model agree whatever the steps of its kinks are.

        Where each step is an unknown of its own, they then agree in every region.
        """
        if self._large is None or self._witnesses.has_roots(left, right):
            return False
        needed = points_needed(self._lost(left, right))
        if needed is None or needed > MOST_TURNS:
            return False
        points = [self._large.point(0, turn, steps_free=True) for turn in range(needed)]
        try:
            return all(point.value(left) == point.value(right) for point in points)
        except NoValueError:
            return False

    def _lost(self, left: Formula, right: Formula) -> float:
        """By how much the sizes of both sides make chance agreement more likely."""
        if self.arrays is not None:
            try:
                return self.arrays.sizes.lost(left, right)
            except NoValueError:
                return math.inf
        composed = any(point.meets_logarithms for point in self._points)
        if self._sizes is None or (composed and not self._sizes.composed):
            self._sizes = Sizes(self.model, composed=composed)
        try:
            return self._sizes.lost(left, right)
        except NoValueError:
            return math.inf

    def _exactly(
        self, left: Formula, right: Formula, jumps: bool, most: int = MOST_SMOOTH
    ) -> Comparison:
        """As polynomials, with `most` products of terms; with kinks, region by region, too."""
        if self._swells and jumps and self._in_every_region(left, right):
            return Comparison(Answer.EQUAL)
        may_go_on = jumps and most == MOST_SMOOTH and not self._swells
        try:
            if self._equal_as_polynomials(left, right, most):
                return Comparison(Answer.EQUAL)
            if not jumps:
                # Equal at the points: only the atoms are not independent of each other.
                raise TooLargeError
        except TooLargeError:
            if may_go_on and self._in_every_region(left, right):
                return Comparison(Answer.EQUAL)
            if may_go_on and not self._swells and self._work_left > 0:
                return self._exactly(left, right, jumps, MOST_WORK)
            return self._too_large(left, right, jumps)
        except NoValueError as error:
            return self._by_digits(left, right, str(error))
        # The points missed a region: only a real point can tell now.
        return self._by_digits(left, right)

    def _equal_as_polynomials(self, left: Formula, right: Formula, most: int) -> bool:
        """Whether the sides are equal as ratios of polynomials, if that takes little work."""
        if self._work_left <= 0:
            raise TooLargeError
        values = self._exact_for(left, right)
        try:
            return values.equal(left, right, min(self._work_left, most))
        finally:
            self._work_left -= values.work

    def _too_large(self, left: Formula, right: Formula, jumps: bool) -> Comparison:
        """What is known of sides that agree at the points, and are too large for a proof."""
        compared = self._by_digits(left, right)
        if compared.answer is not Answer.NUMERICALLY_EQUAL:
            return compared
        if not jumps:
            return replace(compared, reason=TOO_HIGH)
        if not self._has_kinks(left, right):
            return compared
        regions = f"equal in {REGION_POINTS} random regions; too large to prove"
        return replace(compared, reason=regions)

    def _in_every_region(self, left: Formula, right: Formula) -> bool:
        """Whether the sides agree for all choices that kinks and roots leave, if these are few."""
        try:
            regions = self._regions_of_turn(0).agree(left, right)
            needed = points_needed(self._lost(left, right), regions) if regions else None
            return needed is not None and all(
                turn < MOST_TURNS and self._regions_of_turn(turn).agree(left, right)
                for turn in range(1, needed)
            )
        except (NoValueError, TooManyRegionsError):
            return False

    def _regions_of_turn(self, turn: int) -> EveryRegion:
        while len(self._everywhere) <= turn:
            self._everywhere.append(EveryRegion(self.model, len(self._everywhere)))
        return self._everywhere[turn]

    def _exact_for(self, left: Formula, right: Formula) -> ExactValues:
        """Exact values over all atoms of a small model, or over those that the sides need."""
        sides = (left, right)
        if len(self.model.quantities) > LARGE:
            raise TooLargeError
        self._lost(*sides)
        if self._sizes is None or self._sizes.largest(*sides) > MOST_DIGITS:
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

    def _by_digits(self, left: Formula, right: Formula, reason: str = "") -> Comparison:
        """A difference in 50 digits, or none, which is no proof; else the `reason` why not."""
        try:
            witness = self._witnesses.witness(left, right)
        except NoValueError as error:
            return Comparison(Answer.UNKNOWN, reason=str(error) or reason)
        if witness is not None:
            return Comparison(Answer.DIFFERENT, witness)
        return Comparison(
            Answer.NUMERICALLY_EQUAL,
            reason="the two sides agree in 50 digits at random points, but no proof was found",
        )

    def shown(self, point: RealPoint, formulas: Sequence[Formula]) -> dict[str, float]:
        """The given quantities on which `formulas` depend, with their values at `point`."""
        return self._witnesses.shown(point, formulas)


UNDEFINED = Comparison(Answer.UNKNOWN, reason="the formula has no value")
