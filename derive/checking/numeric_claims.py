"""Judging claims with numbers, and saying what is wrong with a number.

A claim is judged by digits where one of its sides is a number, or an arithmetic of nothing but
numbers. A decimal inside of a formula is an exact number: such a formula is compared exactly, and
that its value has the right digits for the network's numbers proves nothing.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derive.calculus.indices import has_letters
from derive.calculus.matrices import ShapeError
from derive.checking.cases import TooManyError, listed
from derive.checking.causes import Causes
from derive.checking.claims import Ruled, Verdict, Witness, undecided, worst
from derive.checking.comparing import Comparing
from derive.checking.digits import decimals, digits_of, is_of_numbers, with_powers_of_ten
from derive.checking.equality import Answer
from derive.checking.numbers import Numbers
from derive.checking.placeholders import Open, assigned, placeholders
from derive.checking.statements import Side
from derive.exact.points import NoValueError
from derive.formula import ZERO, Formula, Number, Updated, is_matrix, is_number, walk
from derive.grammar.findings import Finding, Severity

MOST_SINGLE = 400
"""Single equations with numbers that one with index letters or placeholders may stand for."""


class NumericClaims:
    """Judges with the numbers that are known."""

    def __init__(self, numbers: Numbers, comparing: Comparing) -> None:
        self.numbers = numbers
        self.comparing = comparing
        self.causes = Causes(numbers)
        self.equality = comparing.equality

    def judge(self, before: list[Formula], right: Formula) -> Ruled | None:
        """A relation of which one side is numbers, judged with the network's; else nothing."""
        before, right = [with_powers_of_ten(side) for side in before], with_powers_of_ten(right)
        left = before[-1]
        if not (is_of_numbers(left) or is_of_numbers(right)):
            return None
        if placeholders(left, right):
            return self._for_every_choice(left, right)
        if any(has_letters(side) or is_matrix(side) for side in (left, right)):
            return self._for_every_case(left, right)
        # The 0.00001 of a definition is no rounded number, unless it is all that stands there.
        written = [
            number
            for side in (left, right)
            for number in decimals(side)
            if number.value not in self.numbers.constants or is_of_numbers(side)
        ]
        stepped = any(
            isinstance(node, Updated) and node.of in self.numbers.model.definitions
            for node in walk(left)
        )
        fixed = self.numbers.are_fixed(left, right)
        if not (written or fixed or self.numbers.are_known):
            return None
        if is_of_numbers(left) and is_of_numbers(right):
            pass
        elif not written and _is_small(right) and self.numbers.missing(left, right):
            return None
        elif self.numbers.batch and not all(map(self.numbers.is_of_batch, (left, right))):
            return undecided(
                "batch-numbers",
                "this has another value in each example of the batch; judged are E_total, its"
                " gradients and the parameters",
            )
        else:
            missing = self.numbers.missing(left, right)
            if missing:
                names = listed(missing[:4]) + (", …" if len(missing) > 4 else "")
                return undecided(
                    "no-numbers", f"no numbers are known for {names}; give them in a network file"
                )
        subject = None if is_of_numbers(before[0]) or before[0] == left else before[0]
        try:
            readings = self.numbers.reading(left), self.numbers.reading(right)
            if isinstance(right, Number) and self.numbers.is_beyond(readings[0].value, right):
                return self._with_many_digits(readings[0].value, right)
            if self.numbers.follows(subject, left, right):
                return Verdict.PROVED, [], None
            if is_zero(right) and self.numbers.agree(*readings) and self._vanishes(before[0]):
                return Verdict.PROVED, [], None
            if not isinstance(right, Number) and self.numbers.may_agree(before[0], left, right):
                return undecided(
                    "vague-digits",
                    "the numbers written have too few digits: what rounds to them may give this"
                    " value, or another",
                )
        except NoValueError as error:
            return undecided("no-value", str(error))
        if self.numbers.batch and self._holds_for_an_example(left, right):
            return undecided(
                "batch-numbers",
                "this is its value in one example; over the whole batch it is"
                f" {float(readings[0].value):.7g}",
            )
        if not written and _is_small(right) and not self.numbers.batch:
            # 0 and ±1 are rather a mistake in the formula than one in its numbers.
            return None
        values = tuple(float(reading.value) for reading in readings)
        unnamed = stepped or self.numbers.batch
        point = {} if unnamed else self.equality.shown(self.numbers.point(), (left, right))
        witness = Witness(point, *values)
        return Verdict.REFUTED, self._wrong_number(before, right, readings[0].value), witness

    def _holds_for_an_example(self, *sides: Formula) -> bool:
        """Whether two sides have equal digits in one example of the batch taken by itself."""
        for one in self.numbers.of_each_example():
            with suppress(NoValueError):
                if one.agree(*map(one.reading, sides)):
                    return True
        return False

    def agrees(self, left: Formula, right: Formula) -> bool:
        """Whether a formula with rounded decimals is right as far as their digits go."""
        sides = (left, right)
        if placeholders(*sides) or any(has_letters(side) or is_matrix(side) for side in sides):
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
        ruled = [self.judge([a], b) for a, b in cases[:MOST_SINGLE]]
        found = [one for one in ruled if one is not None]
        if len(found) < len(cases) or not found:
            return None
        verdict = worst([one[0] for one in found])
        return next(one for one in found if one[0] is verdict)

    def _for_every_choice(self, left: Formula, right: Formula) -> Ruled | None:
        """An equation with placeholders: right if it is for every choice, wrong if for none."""
        opened = Open(self.comparing.equality.model, left, right)
        if not 0 < opened.count() <= MOST_SINGLE:
            return None
        ruled = [
            self.judge([assigned(left, chosen)], assigned(right, chosen))
            for chosen in opened.choices()
        ]
        found = [one for one in ruled if one is not None]
        if len(found) < len(ruled):
            return None
        verdicts = {one[0] for one in found}
        if len(verdicts) == 1:
            return found[0]
        message = "it depends on which weight the placeholder stands for; write that one"
        return undecided("placeholder-choice", message)

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
            Finding(cause.code, _CAUSES[cause.code].format(value=shown), Severity.ERROR, shown)
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
        if any(placeholders(f) or has_letters(f) or is_matrix(f) for f in formulas):
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
        spoiled = (
            "every step is right as far as its digits go, but rounding on the way has spoiled the"
            f" last digits: the value is {shown}"
        )
        return Finding(
            "premature-rounding" if sound else "wrong-number",
            spoiled if sound else f"the value of what the chain begins with is {shown}",
            Severity.ERROR,
            shown,
            side.start,
            side.end,
            relation,
        )


def is_zero(formula: Formula) -> bool:
    """Whether a formula is the number 0, with or without digits behind the point."""
    return isinstance(formula, Number) and not formula.value


def _is_small(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value in (0, 1, -1)


def _wrong(right: Number, value: Any) -> Finding:
    shown = _like(right, value)
    return Finding("wrong-number", f"the value is {shown}", Severity.ERROR, shown)


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


_CAUSES = {
    "updated-weights": (
        "this is what comes out when the output weights are updated before the hidden layer's"
        " gradients are computed; all gradients belong to the old weights. The value is {value}"
    ),
    "premature-rounding": ("the last digits come from rounding on the way; the value is {value}"),
}
