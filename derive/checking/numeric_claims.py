"""Judging claims with numbers, and saying what is wrong with a number.

A claim is judged by digits where one of its sides is a number, or an arithmetic of nothing but
numbers. A decimal inside of a formula is an exact number: such a formula is compared exactly, and
that its value has the right digits for the network's numbers proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derive.calculus.entries import ShapeError, TooManyError
from derive.checking.causes import Causes
from derive.checking.claims import Ruled, Verdict, Witness, undecided, worst
from derive.checking.comparing import Comparing
from derive.checking.digits import decimals, digits_of, is_of_numbers, with_powers_of_ten
from derive.checking.equality import Answer
from derive.checking.numbers import Numbers
from derive.checking.placeholders import Open, assigned, placeholders
from derive.checking.statements import Side
from derive.exact.points import NoValueError
from derive.formula import ZERO, Formula, Number, Updated, is_matrix, is_number, is_zero, walk
from derive.formula.letters import has_letters
from derive.grammar.findings import Finding, Severity
from derive.suggest import listed

MOST_SINGLE = 400
"""Single equations with numbers that one with index letters or placeholders may stand for."""


class NumericClaims:
    """Judges with the numbers that are known."""

    def __init__(self, numbers: Numbers, comparing: Comparing) -> None:
        self.numbers = numbers
        self.comparing = comparing
        self.causes = Causes(numbers)
        self.equality = comparing.equality
        self.spoken_of: list[int] = []
        """The examples of a batch of which values have been said so far, one of which is meant."""

    def judge(self, before: list[Formula], right: Formula) -> Ruled | None:
        """A relation of which one side is numbers, judged with the network's; else nothing."""
        before, right = [with_powers_of_ten(side) for side in before], with_powers_of_ten(right)
        left = before[-1]
        if not (is_of_numbers(left) or is_of_numbers(right)):
            return None
        if placeholders(left, right):
            return self._for_every_choice(left, right)
        if not _are_single(left, right):
            return self._for_every_case(left, right)
        # 0 and ±1 are rather a mistake in the formula than one in its numbers.
        written = self._written(left, right)
        small = not written and _is_small(right)
        of_numbers = is_of_numbers(left) and is_of_numbers(right)
        missing = [] if of_numbers else self.numbers.missing(left, right)
        known = written or self.numbers.are_known or self.numbers.are_fixed(left, right)
        if not known or (small and missing):
            return None
        whole = not self.numbers.batch or all(map(self.numbers.is_of_batch, (left, right)))
        if not (of_numbers or whole):
            return self._in_one_example(before, right)
        if missing:
            names = listed(missing[:4]) + (", …" if len(missing) > 4 else "")
            message = f"no numbers are known for {names}; give them in a network file"
            return undecided("no-numbers", message)
        return self._with_numbers(before, right, small)

    def _in_one_example(self, before: list[Formula], right: Formula) -> Ruled:
        """What becomes of values that each example of a batch has its own of.

        They are those of one example, and the same one wherever a document has such values.
        """
        found = [
            n
            for n, one in enumerate(self.numbers.of_each_example())
            if NumericClaims(one, self.comparing).is_so(before, right)
        ]
        agreed = [n for n in found if n in self.spoken_of] if self.spoken_of else found
        if not agreed:
            return undecided("batch-numbers", _OF_EXAMPLES)
        self.spoken_of = agreed
        which = listed([str(n + 1) for n in agreed], "or")
        note = Finding("batch-numbers", f"it is so in example {which} of the batch", Severity.NOTE)
        return Verdict.PROVED, [note], None

    def is_so(self, before: list[Formula], right: Formula) -> bool:
        """Whether the digits of a relation are right with these numbers, and prove it."""
        with suppress(NoValueError):
            ruled = self._by_digits(before, right, self.numbers.reading(before[-1]).value)
            return ruled is not None and ruled[0] is Verdict.PROVED
        return False

    def _with_numbers(self, before: list[Formula], right: Formula, small: bool) -> Ruled | None:
        """What becomes of a relation whose two sides both have a value."""
        left = before[-1]
        try:
            values = [self.numbers.reading(side).value for side in (left, right)]
            ruled = self._by_digits(before, right, values[0])
        except NoValueError as error:
            return undecided("no-value", str(error))
        if ruled is not None:
            return ruled
        if self.numbers.batch and not all(map(self.numbers.is_of_batch, before)):
            # A chain that has come to what is of one example goes on with its numbers.
            in_one = self._in_one_example(before, right)
            if in_one[0] is Verdict.PROVED:
                return in_one
        if self.numbers.batch and self._holds_for_an_example(left, right):
            one = "this is its value in one example; over the whole batch it is"
            return undecided("batch-numbers", f"{one} {float(values[0]):.7g}")
        if small and not self.numbers.batch:
            return None
        witness = Witness(self._shown(left, right), *map(float, values))
        return Verdict.REFUTED, self._wrong_number(before, right, values[0]), witness

    def _written(self, *sides: Formula) -> list[Number]:
        """The decimals of two sides.

        The 0.00001 of a definition is no rounded number, unless it is all that stands there.
        """
        return [
            number
            for side in sides
            for number in decimals(side)
            if number.value not in self.numbers.constants or is_of_numbers(side)
        ]

    def _by_digits(self, before: list[Formula], right: Formula, value: Any) -> Ruled | None:
        """What the written digits decide, `value` being that of the left side; else nothing."""
        left = before[-1]
        subject = None if is_of_numbers(before[0]) or before[0] == left else before[0]
        if isinstance(right, Number) and self.numbers.is_beyond(value, right):
            return self._with_many_digits(value, right)
        if self.numbers.follows(subject, left, right):
            return Verdict.PROVED, [], None
        readings = map(self.numbers.reading, (left, right))
        if is_zero(right) and self.numbers.agree(*readings) and self._vanishes(before[0]):
            return Verdict.PROVED, [], None
        if not isinstance(right, Number) and self.numbers.may_agree(before[0], left, right):
            return undecided("vague-digits", _TOO_FEW_DIGITS)
        return None

    def _shown(self, left: Formula, right: Formula) -> Mapping[str, float]:
        """The point of a witness; none for a batch, nor after a step, which has other values."""
        names = self.numbers.model.definitions
        stepped = any(isinstance(node, Updated) and node.of in names for node in walk(left))
        if stepped or self.numbers.batch:
            return {}
        return self.equality.shown(self.numbers.point(), (left, right))

    def _holds_for_an_example(self, *sides: Formula) -> bool:
        """Whether two sides have equal digits in one example of the batch taken by itself."""
        return any(_agree(one, *sides) for one in self.numbers.of_each_example())

    def agrees(self, left: Formula, right: Formula) -> bool:
        """Whether a formula with rounded decimals is right as far as their digits go."""
        sides = (left, right)
        if not _are_single(*sides):
            return False
        if self.numbers.missing(*sides) or not any(self.numbers.loose(side) for side in sides):
            return False
        try:
            return all(
                self.numbers.agree(*map(one.reading, sides))
                for one in self.numbers.of_each_example()
            )
        except NoValueError:
            return False

    def _for_every_case(self, left: Formula, right: Formula) -> Ruled | None:
        """An equation with index letters or matrices: the worst of what it stands for."""
        try:
            cases = self.comparing.cases.of(left, right)
        except (KeyError, TooManyError, ShapeError):
            return None
        found = self._each(cases) if len(cases) <= MOST_SINGLE else []
        verdict = worst([one[0] for one in found])
        return next((one for one in found if one[0] is verdict), None)

    def _for_every_choice(self, left: Formula, right: Formula) -> Ruled | None:
        """An equation with placeholders: right if it is for every choice, wrong if for none."""
        opened = Open(self.comparing.equality.model, left, right)
        if not 0 < opened.count() <= MOST_SINGLE:
            return None
        found = self._each((assigned(left, c), assigned(right, c)) for c in opened.choices())
        if len({one[0] for one in found}) > 1:
            message = "it depends on which weight the placeholder stands for; write that one"
            return undecided("placeholder-choice", message)
        return found[0] if found else None

    def _each(self, equations: Iterable[tuple[Formula, Formula]]) -> list[Ruled]:
        """The rulings on single equations; none where one of them is not judged by its numbers."""
        ruled = [self.judge([a], b) for a, b in equations]
        found = [one for one in ruled if one is not None]
        return found if len(found) == len(ruled) else []

    def _with_many_digits(self, value: Decimal, right: Number) -> Ruled:
        """A number with more digits than are computed: wrong where the others are, else open."""
        if not self.numbers.rounds_to(value, Number(right.value)):
            witness = Witness({}, float(value), float(right.value))
            return Verdict.REFUTED, [_wrong(right, value)], witness
        return undecided("many-digits", "more digits are written than are computed here")

    def _wrong_number(self, before: list[Formula], right: Formula, value: Any) -> list[Finding]:
        if not isinstance(right, Number):
            return []
        subject = before[0] if not is_of_numbers(before[0]) else None
        causes = self.causes.of(subject, right) if subject is not None else []
        if not causes:
            return [_wrong(right, value)]
        shown = _like(right, value)
        return [
            Finding(
                cause.code,
                _CAUSES[cause.code].format(value=shown),
                Severity.ERROR,
                shown,
                repaired=shown,
            )
            for cause in causes
        ]

    def _vanishes(self, formula: Formula) -> bool:
        """Whether a formula is 0 whatever the numbers: rounding may leave 1e-61 of it."""
        return self.equality.compare(formula, ZERO).answer is Answer.EQUAL

    def ends(
        self, formulas: list[Formula], side: Side, relation: int, sound: bool
    ) -> Finding | None:
        """What is wrong with the ends of a chain of which no step was refuted.

        It is `sound` if every step is right within its rounding.
        """
        if is_number(formulas[0]) or self.numbers.missing(*formulas) or self.numbers.batch:
            return None
        if not _are_single(*formulas):
            return None
        try:
            first, last = (self.numbers.reading(f) for f in (formulas[0], formulas[-1]))
        except NoValueError:
            return None
        if self.numbers.agree(first, last) or (
            is_zero(formulas[-1]) and self._vanishes(formulas[0])
        ):
            return None
        shown = f"{float(first.value):.9g}"
        code, message = "wrong-number", f"the value of what the chain begins with is {shown}"
        if sound:
            code = "premature-rounding"
            message = (
                "every step is right as far as its digits go, but rounding on the way has spoiled"
                f" the last digits: the value is {shown}"
            )
        place = side.start, side.end, relation
        return Finding(code, message, Severity.ERROR, shown, *place, repaired=shown)


def _are_single(*sides: Formula) -> bool:
    """Whether sides are those of one equation: without placeholders, index letters, matrices."""
    return not placeholders(*sides) and not any(has_letters(s) or is_matrix(s) for s in sides)


def _is_small(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value in (0, 1, -1)


def _wrong(right: Number, value: Any) -> Finding:
    shown = _like(right, value)
    message = f"the value is {shown}"
    return Finding("wrong-number", message, Severity.ERROR, shown, repaired=shown)


def _like(number: Number, value: Any) -> str:
    """`value` with as many digits behind the point as `number` has, or as are needed.

    That is until three of them count and they are not those of `number`.
    """
    value = Decimal(value)
    if value and not FAR_BELOW < abs(value) < FAR_ABOVE:
        return f"{value:.6e}"
    digits = max(digits_of(number), 0) if decimals(number) else USUAL
    for more in range(digits, digits + MOST_MORE):
        shown = f"{value:.{more}f}"
        counting = len(shown.lstrip("-0.").replace(".", ""))
        if not decimals(number) and Fraction(shown) == Fraction(value):
            return shown.rstrip("0").rstrip(".")
        if not value or (counting >= 3 and Fraction(shown) != number.value):
            return shown
    return f"{value:.6e}"


FAR_BELOW, FAR_ABOVE = Decimal("1e-9"), Decimal("1e15")
USUAL = 6
"""Digits behind the point of a value, where the claim has none."""
MOST_MORE = 60


def _agree(one: Numbers, *sides: Formula) -> bool:
    """Whether two sides have equal digits with the numbers of one example."""
    with suppress(NoValueError):
        return one.agree(*map(one.reading, sides))
    return False


_OF_EXAMPLES = (
    "this has another value in each example of the batch; judged are E_total, its gradients and the"
    " parameters"
)
_TOO_FEW_DIGITS = (
    "the numbers written have too few digits: what rounds to them may give this value, or another"
)
_CAUSES = {
    "updated-weights": (
        "this is what comes out when the output weights are updated before the hidden layer's"
        " gradients are computed; all gradients belong to the old weights. The value is {value}"
    ),
    "premature-rounding": ("the last digits come from rounding on the way; the value is {value}"),
}
