"""Whether an equation holds in every case it stands for."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from derive.calculus.matrices import ShapeError
from derive.calculus.points import NoValueError, Point
from derive.formula import Formula, Partial, walk
from derive.formulas.cases import Cases, TooManyError, assigned, placeholders
from derive.formulas.equality import Answer, Comparison, Equality
from derive.formulas.written import Placeholder

MOST_CONDITIONED = 20
"""Single equations of one rule that are looked at for a condition."""
MOST_EXACT = 200
"""Single equations of one rule that are compared as polynomials; the others modulo a prime."""


class Comparing:
    """Compares formulas that may hold placeholders, index letters and matrices."""

    def __init__(self, equality: Equality) -> None:
        self.equality = equality
        self.cases = Cases(equality.model)

    def compare(self, left: Formula, right: Formula) -> tuple[Comparison, dict[int, Formula]]:
        """The comparison of all cases, with what placeholders stand for."""
        if not placeholders(left, right):
            return self._all(left, right), {}
        if any(
            isinstance(n, Partial) and isinstance(n.by, Placeholder)
            for side in (left, right)
            for n in walk(side)
        ):
            return self._by_placeholder(left, right), {}
        last: Comparison | None = None
        for chosen in self.cases.assignments(left, right):
            compared = self._all(assigned(left, chosen), assigned(right, chosen), last is not None)
            if compared.answer is Answer.EQUAL:
                return compared, dict(chosen)
            last = last or compared
        assert last is not None
        if not self.cases.all_assigned(left, right):
            raise TooManyError("its placeholders stand for too many weights to try them all")
        return last, {}

    def _by_placeholder(self, left: Formula, right: Formula) -> Comparison:
        """∂/∂w_{3x}: right only if it holds whichever weight is meant."""
        answers = []
        for place, chosen in enumerate(self.cases.assignments(left, right)):
            if place:
                answers.append(self._all(assigned(left, chosen), assigned(right, chosen), True))
        if not self.cases.all_assigned(left, right):
            raise TooManyError("its placeholders stand for too many weights to try them all")
        equal = [compared for compared in answers if compared.answer is Answer.EQUAL]
        if len(equal) == len(answers):
            return Comparison(Answer.EQUAL)
        if equal:
            why = "it holds for some of the weights that the placeholder may stand for"
            return Comparison(Answer.UNKNOWN, reason=why)
        return next(c for c in answers if c.answer is not Answer.EQUAL)

    def _all(self, left: Formula, right: Formula, quick: bool = False) -> Comparison:
        worst_so_far = Comparison(Answer.EQUAL)
        for a, b in self.cases.of(left, right):
            if quick and not self.equality.jumps(a, b) and self._differs_at_once(a, b):
                return Comparison(Answer.DIFFERENT)
            compared = self.equality.compare(a, b)
            if compared.answer is Answer.DIFFERENT:
                return compared
            if compared.answer is not Answer.EQUAL:
                worst_so_far = compared
        return worst_so_far

    def failing(
        self, left: Formula, right: Formula
    ) -> tuple[dict[str, int], Formula, Formula] | None:
        """The first numbers for the index letters with which an equation does not hold."""
        indices = self.cases.indices
        ranges = indices.ranges(left, right)
        for chosen in islice(indices.choices(ranges), MOST_EXACT):
            a, b = indices.instance(left, chosen), indices.instance(right, chosen)
            if self.equality.compare(a, b).answer is Answer.DIFFERENT:
                return chosen, a, b
        return None

    def _differs_at_once(self, a: Formula, b: Formula) -> bool:
        point = self.equality.points(1)[0]
        try:
            return bool(point.value(a) != point.value(b))
        except NoValueError:
            return False

    def needs_condition(self, left: Formula, right: Formula) -> bool:
        """Whether two equal sides differ where the model's conditions on its inputs do not hold."""
        if not self.equality.model.conditions or placeholders(left, right):
            return False
        try:
            point = self._free_point
            some = islice(self.cases.of(left, right), MOST_CONDITIONED)
            return any(point.value(a) != point.value(b) for a, b in some)
        except (NoValueError, TooManyError, ShapeError, KeyError):
            return False

    def some_sides(self, left: Formula, right: Formula) -> list[Formula]:
        """The sides of the first single equations that an equation stands for."""
        if placeholders(left, right):
            return [left, right]
        indices, found = self.cases.indices, list[Formula]()
        try:
            for chosen in islice(indices.choices(indices.ranges(left, right)), MOST_CONDITIONED):
                for side in (left, right):
                    instance = indices.instance(side, chosen)
                    rows = self.cases.matrices.entries(instance)
                    found += [entry for row in rows for entry in row][:MOST_CONDITIONED]
        except (ShapeError, KeyError):
            return []
        return found

    @cached_property
    def _free_point(self) -> Point:
        return Point(self.equality.model, free=True)

    def holds(self, left: Formula, right: Formula) -> bool:
        try:
            return self.compare(left, right)[0].answer is Answer.EQUAL
        except (TooManyError, ShapeError, KeyError):
            return False
