"""Judging claims with numbers, and saying what is wrong with a number."""

from __future__ import annotations

from derive.calculus.indices import has_letters
from derive.calculus.points import NoValueError
from derive.formula import ZERO, Formula, Number, Updated, is_number, walk
from derive.formulas.cases import listed
from derive.formulas.claims import Finding, Severity, Verdict, Witness
from derive.formulas.equality import Answer, Equality
from derive.formulas.numbers import Numbers, decimals
from derive.formulas.statements import Side


class NumericClaims:
    """Judges with the numbers that are known."""

    def __init__(self, numbers: Numbers, equality: Equality) -> None:
        self.numbers = numbers
        self.equality = equality

    def judge(
        self, before: list[Formula], right: Formula
    ) -> tuple[Verdict, list[Finding], Witness | None] | None:
        """A relation with written decimals, judged with the network's numbers."""
        left = before[-1]
        if has_letters(left) or has_letters(right):
            return None
        # The 0.00001 of a definition is no rounded number, unless it is all that stands there.
        written = [
            number
            for side in (left, right)
            for number in decimals(side)
            if number.value not in self.numbers.constants or is_number(side)
        ]
        stepped = any(
            isinstance(node, Updated) and node.of in self.numbers.model.definitions
            for node in walk(left)
        )
        whole = is_number(right) and bool(self.numbers.given)
        if not written and not whole:
            return None
        if is_number(left) and is_number(right):
            pass
        elif not written and _is_zero(right) and self.numbers.missing(left, right):
            return None
        elif self.numbers.batch:
            finding = Finding(
                "batch-numbers", "numbers of a batch are not judged", Severity.WARNING
            )
            return Verdict.UNDECIDED, [finding], None
        else:
            missing = self.numbers.missing(left, right)
            if missing:
                names = listed(missing[:4]) + (", …" if len(missing) > 4 else "")
                finding = Finding(
                    "no-numbers",
                    f"no numbers are known for {names}; give them in a network file",
                    Severity.WARNING,
                )
                return Verdict.UNDECIDED, [finding], None
        try:
            readings = self.numbers.reading(left), self.numbers.reading(right)
        except NoValueError as error:
            finding = Finding("no-value", str(error), Severity.WARNING)
            return Verdict.UNDECIDED, [finding], None
        subject = None if is_number(before[0]) or before[0] == left else before[0]
        try:
            if self.numbers.follows(subject, left, right):
                return Verdict.PROVED, [], None
            if is_zero(right) and self.numbers.agree(*readings) and self._vanishes(before[0]):
                return Verdict.PROVED, [], None
        except NoValueError as error:
            finding = Finding("no-value", str(error), Severity.WARNING)
            return Verdict.UNDECIDED, [finding], None
        if not written and _is_zero(right):
            return None
        values = tuple(float(reading.value) for reading in readings)
        point = {} if stepped else self.equality.shown(self.numbers.point(), (left, right))
        witness = Witness(point, *values)
        return Verdict.REFUTED, self._wrong_number(before, right, values[0]), witness

    def _wrong_number(self, before: list[Formula], right: Formula, value: float) -> list[Finding]:
        if not isinstance(right, Number):
            return []
        subject = before[0] if not is_number(before[0]) else None
        causes = self.numbers.causes(subject, right) if subject is not None else []
        shown = _like(right, value)
        if not causes:
            return [Finding("wrong-number", f"the value is {shown}", Severity.ERROR, shown)]
        return [
            Finding(cause.code, _CAUSES[cause.code].format(value=shown), Severity.ERROR, shown)
            for cause in causes
        ]

    def _vanishes(self, formula: Formula) -> bool:
        """Whether a formula is 0 whatever the numbers: rounding may leave 1e-61 of it."""
        return self.equality.compare(formula, ZERO).answer is Answer.EQUAL

    def ends(self, formulas: list[Formula], side: Side, relation: int) -> Finding | None:
        """The two ends of a chain of numbers, whose every step is right within its rounding."""
        if is_number(formulas[0]) or self.numbers.missing(*formulas) or self.numbers.batch:
            return None
        try:
            first, last = (self.numbers.reading(f) for f in (formulas[0], formulas[-1]))
        except NoValueError:
            return None
        if self.numbers.agree(first, last) or (
            is_zero(formulas[-1]) and self._vanishes(formulas[0])
        ):
            return None
        return Finding(
            "premature-rounding",
            f"every step is right as far as its digits go, but rounding on the way has spoiled the"
            f" last digits: the value is {float(first.value):.9g}",
            Severity.ERROR,
            f"{float(first.value):.9g}",
            side.start,
            side.end,
            relation,
        )


def is_zero(formula: Formula) -> bool:
    """Whether a formula is the number 0, with or without digits behind the point."""
    return isinstance(formula, Number) and not formula.value


def _is_zero(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value in (0, 1, -1)


def _like(number: Number, value: float) -> str:
    """`value` with as many digits behind the point as `number` has."""
    digits = len(number.text.partition(".")[2]) if "." in number.text else 6
    return f"{value:.{min(digits, 15)}f}"


_CAUSES = {
    "updated-weights": (
        "this is what comes out when the output weights are updated before the hidden layer's"
        " gradients are computed; all gradients belong to the old weights. The value is {value}"
    ),
    "premature-rounding": ("the last digits come from rounding on the way; the value is {value}"),
}
