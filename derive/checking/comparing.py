"""Whether an equation holds in every case it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from derive.calculus.entries import ShapeError, TooManyError, UnreadArrayError
from derive.calculus.readings import (
    EXAMPLES,
    FLAT,
    JACOBIAN,
    MOST_UNUSUAL,
    VECTORS,
    Reading,
    said_of,
)
from derive.calculus.templates import NoTemplateError
from derive.checking.cases import Cases, Way
from derive.checking.equality import Answer, Comparison, Equality
from derive.checking.placeholders import Choice, Open, assigned, placeholders
from derive.checking.wholes import Whole, failing, single, whole
from derive.checking.wholes import compared as compared_whole
from derive.exact.points import NoValueError, Point
from derive.formula import (
    Formula,
    is_matrix,
    walk,
)
from derive.suggest import listed

MOST_CONDITIONED = 20
"""Single equations of one rule that are looked at for a condition."""
MOST_EXACT = 200
"""Single equations of one rule among which one that fails is looked for."""
FREE_POINTS = 12
"""Points that need not satisfy the conditions; half of them have a root of a given residue."""
MOST_CHOICES = 4_096
MOST_WORK = 150_000
"""Nodes of an equation with placeholders, times the choices that there are for them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison of all cases of an equation.

    `chosen` is what its placeholders stand for, where there is one choice or any will do. Where it
    depends on the choice, `holds` and `fails` are choices with which it does and does not hold.
    """

    comparison: Comparison
    chosen: Choice = field(default_factory=dict)
    holds: tuple[Choice, ...] = ()
    fails: tuple[Choice, ...] = ()

    @property
    def answer(self) -> Answer:
        """Whether the equation holds in every case, with every choice."""
        return self.comparison.answer


def _most_choices(left: Formula, right: Formula) -> int:
    size = sum(1 for side in (left, right) for _ in walk(side))
    return min(MOST_CHOICES, MOST_WORK // size)


class Comparing:
    """Compares formulas that may hold placeholders, index letters and matrices."""

    def __init__(self, equality: Equality) -> None:
        self.equality = equality
        self.cases = Cases(equality.model)
        self.layout = equality.model.network.layout
        """The layout of all Jacobians, where it is known."""

    def compare(self, left: Formula, right: Formula) -> Compared:
        """The comparison of all cases, for everything that placeholders may stand for."""
        if not placeholders(left, right):
            return Compared(self._all(left, right))
        opened = Open(self.equality.model, left, right)
        general = self._whatever_it_is(opened, left, right)
        if general is not None:
            return general
        if opened.count() > _most_choices(left, right):
            raise TooManyError("its placeholders stand for too many weights to try them all")
        holds: list[Choice] = []
        fails: list[Choice] = []
        unknown: Comparison | None = None
        for chosen in opened.choices():
            compared = self._chosen(chosen, left, right, quick=bool(holds or fails))
            if compared.answer is Answer.EQUAL:
                holds.append(chosen)
            elif compared.answer is Answer.DIFFERENT:
                fails.append(chosen)
            else:
                unknown = compared
        if unknown is not None or not (holds or fails):
            why = "there is no weight that the placeholder could stand for"
            return Compared(unknown or Comparison(Answer.UNKNOWN, reason=why))
        if not fails:
            return Compared(Comparison(Answer.EQUAL), holds[0] if len(holds) == 1 else {})
        if holds:
            why = "it depends on which weights the placeholders stand for"
            unsure = Comparison(Answer.UNKNOWN, reason=why)
            return Compared(unsure, {}, tuple(holds), tuple(fails))
        return Compared(self._chosen(fails[0], left, right), {}, (), tuple(fails))

    def _whatever_it_is(self, opened: Open, left: Formula, right: Formula) -> Compared | None:
        """Equal whatever numbers placeholders stand for; nothing if that cannot be said."""
        choices = list(islice(opened.unknowns(), MOST_CHOICES + 1))
        if not 0 < len(choices) <= MOST_CHOICES or not self._all_hold(choices, left, right):
            return None
        return Compared(Comparison(Answer.EQUAL), choices[0])

    def _all_hold(self, choices: Iterable[Choice], left: Formula, right: Formula) -> bool:
        """Whether an equation holds with every choice; the first that fails says enough."""
        return all(
            self._chosen(chosen, left, right, quick=True).answer is Answer.EQUAL
            for chosen in choices
        )

    def _chosen(
        self, chosen: Choice, left: Formula, right: Formula, quick: bool = False
    ) -> Comparison:
        return self._all(assigned(left, chosen), assigned(right, chosen), quick)

    def _all(
        self,
        left: Formula,
        right: Formula,
        quick: bool = False,
        *,
        as_written: bool = False,
        any_way: bool = False,
    ) -> Comparison:
        """The comparison of all cases; of vectors and matrices in every reading that fits.

        What is `as_written` is read in the first way only. A `quick` comparison shows no witness,
        and goes through unusual readings only if it is to be one in `any_way`.
        """
        if as_written:
            first = self.cases.ways(left, right)[0]
            fits = all(answer == of.answers[0] for of, answer in first.said.items())
            compared = None if first.whole is None else compared_whole(self.equality, first.whole)
            if fits and compared is None:
                pairs = first.pairs or self.cases.of(left, right)
                compared = self.every(pairs, quick=True)
            return compared if fits and compared else Comparison(Answer.UNKNOWN)
        written = self._in_ways(left, right, 0, quick)
        if isinstance(written, Comparison) and written.answer is not Answer.DIFFERENT:
            return written
        # Only vectors and matrices are read in several ways.
        several = (any_way or not quick) and (is_matrix(left) or is_matrix(right))
        for unusual in range(1, MOST_UNUSUAL + 1 if several else 0):
            other = self._in_ways(left, right, unusual, quick)
            if not isinstance(other, Comparison):
                continue
            if other.answer is Answer.EQUAL and isinstance(written, Comparison):
                read = self.said(other.read)
                why = f"the shapes fit as it is written, and it is wrong; it is right {read}"
                return Comparison(Answer.UNKNOWN, reason=why)
            if other.answer is not Answer.DIFFERENT:
                return other
        if isinstance(written, ShapeError):
            raise written
        return written

    def _in_ways(
        self, left: Formula, right: Formula, unusual: int, quick: bool, *, single: bool = False
    ) -> Comparison | ShapeError:
        """The comparison in all readings with so many unusual answers, or why none fits."""
        if quick and not (is_matrix(left) or is_matrix(right)):
            return ShapeError() if unusual else self._of_numbers(left, right)
        try:
            ways = self.cases.ways(left, right, unusual, single=single)
        except ShapeError as error:
            return error
        ways = [
            w for w in ways if not self.layout or w.said.get(JACOBIAN, self.layout) == self.layout
        ] or ways
        if not ways:
            return ShapeError()
        found: dict[object, Comparison | None] = {}
        for way in ways:
            if way.key not in found:
                found[way.key] = (
                    self.every(way.pairs, quick)
                    if way.whole is None
                    else compared_whole(self.equality, way.whole, quick=quick)
                )
        compared = [one for way in ways if (one := found[way.key]) is not None]
        if len(compared) < len(ways):
            return self._in_ways(left, right, unusual, quick, single=True)
        right_ways = [w for w, c in zip(ways, compared, strict=True) if c.answer is Answer.EQUAL]
        wrong = [c for c in compared if c.answer is not Answer.EQUAL]
        if right_ways and not wrong:
            read = _read(right_ways, ways if unusual else [])
            return replace(compared[0], read=read, turned=_is_turned(right_ways[0]))
        if right_ways:
            read = self.said(_read(right_ways, ways))
            why = f"it depends on how it is read: it is right {read} only"
            return Comparison(Answer.UNKNOWN, reason=why)
        loose = next((way.loose for way in ways if way.loose), "")
        if loose:
            return UnreadArrayError(loose)
        return next((c for c in wrong if c.answer is not Answer.DIFFERENT), wrong[0])

    def said(self, read: str) -> str:
        """How an equation is read, as it is said to its author."""
        return said_of(read, rows=self.cases.in_rows)

    def in_rows(self, left: Formula, right: Formula) -> Comparison | None:
        """The comparison of sides that fit with vectors as rows, and are wrong so; else nothing."""
        try:
            ways = self.cases.ways(left, right, 1)
        except ShapeError:
            return None
        if not any(way.said.get(VECTORS) == VECTORS.answers[1] for way in ways):
            return None
        found = self._in_ways(left, right, 1, quick=False)
        return found if isinstance(found, Comparison) else None

    def holds_turned(self, left: Formula, right: Formula) -> bool:
        """Whether an equation holds with matrices that lie the other way than their indices do."""
        try:
            ways = self.cases.ways(left, right, 1)
        except ShapeError:
            return False
        turned = [way for way in ways if _is_turned(way)]
        return any(self.every(w.pairs, quick=True).answer is Answer.EQUAL for w in turned)

    def _of_numbers(self, left: Formula, right: Formula) -> Comparison:
        """The quick comparison of what is no array: the first equation that fails says it all."""
        claim = self._whole(left, right)
        at_once = None if claim is None else compared_whole(self.equality, claim, quick=True)
        return at_once or self.every(self.cases.pairs(left, right), quick=True)

    def _whole(self, left: Formula, right: Formula) -> Whole | None:
        """An equation of numbers as one of whole families, if it can be."""
        made = None if self.cases.tests else whole(self.cases.indices, left, right)
        try:
            return None if made is None else made(Reading())
        except NoTemplateError:
            return None

    def every(self, pairs: Iterable[tuple[Formula, Formula]], quick: bool) -> Comparison:
        """The comparison of all these equations: the worst of them."""
        worst_so_far = Comparison(Answer.EQUAL)
        for a, b in pairs:
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
        known = self.failing_at_once(left, right)
        if known is not None:
            return known
        for chosen, a, b in islice(self.cases.instances(left, right), MOST_EXACT):
            if self.equality.compare(a, b).answer is Answer.DIFFERENT:
                return dict(chosen), a, b
        return None

    def failing_at_once(
        self, left: Formula, right: Formula
    ) -> tuple[dict[str, int], Formula, Formula] | None:
        """The same of an equation that is judged as one of whole families, else nothing."""
        claim = None if is_matrix(left) or is_matrix(right) else self._whole(left, right)
        chosen = claim and failing(self.equality, claim)
        if not claim or not chosen:
            return None
        a, b = (single(self.equality.model, side, chosen) for side in claim.sides)
        return chosen, a, b

    def differing(self, pairs: Sequence[tuple[Formula, Formula]]) -> tuple[Formula, Formula] | None:
        """The first of these equations that fails at a point; nothing if none does there."""
        return next((pair for pair in pairs if self._differs_at_once(*pair)), None)

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
            some = list(islice(self.cases.of(left, right), MOST_CONDITIONED))
        except (TooManyError, ShapeError, KeyError):
            return False
        for point in self._free_points:
            try:
                return any(point.value(a) != point.value(b) for a, b in some)
            except NoValueError:
                # A root that does not exist modulo the prime may exist at another point.
                continue
        return True

    def some_sides(self, left: Formula, right: Formula) -> list[Formula]:
        """The sides of the first single equations that an equation stands for."""
        if placeholders(left, right):
            return [left, right]
        found: list[Formula] = []
        try:
            for _, *sides in islice(self.cases.instances(left, right), MOST_CONDITIONED):
                for side in sides:
                    rows = self.cases.matrices.entries(side)
                    found += [entry for row in rows for entry in row][:MOST_CONDITIONED]
        except (TooManyError, ShapeError, KeyError):
            # What was found so far is said all the same.
            return found
        return found

    @cached_property
    def _free_points(self) -> list[Point]:
        return [self.equality.free_point(seed) for seed in range(FREE_POINTS)]

    def holds(self, left: Formula, right: Formula, *, as_written: bool = False) -> bool:
        """Whether an equation holds in all of its cases; `as_written` in the first reading."""
        try:
            if not placeholders(left, right):
                compared = self._all(left, right, quick=True, as_written=as_written, any_way=True)
                return compared.answer is Answer.EQUAL
            opened = Open(self.equality.model, left, right)
            if self._whatever_it_is(opened, left, right) is not None:
                return True
            few = 0 < opened.count() <= _most_choices(left, right)
            return few and self._all_hold(opened.choices(), left, right)
        except (TooManyError, ShapeError, KeyError):
            return False


def _read(right: Sequence[Way], among: Sequence[Way]) -> str:
    """How an equation is read: the answers that all `right` ways share.

    Those about derivatives of vectors, and matrices as columns, are always said, others where some
    of `among` differ.
    """
    said: list[str] = []
    for question, answer in right[0].said.items():
        shared = all(way.said.get(question) == answer for way in right)
        differ = any(way.said.get(question) != answer for way in among)
        default = answer == question.answers[0]
        if shared and (question in (JACOBIAN, FLAT) or differ or not default):
            said.append(answer)
    own = [answer for of, answer in right[0].said.items() if answer != of.answers[0]]
    return listed(said or own) if said or own else ""


def _is_turned(way: Way) -> bool | None:
    """Whether matrices lie the other way than their indices do; nothing where it is not asked."""
    answer = way.said.get(EXAMPLES)
    return None if answer is None else answer != EXAMPLES.answers[0]
