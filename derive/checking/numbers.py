"""Claims with numbers: judged to the digits that are written.

A written decimal stands for every number that rounds to it, so 0.0822 is right for 0.082167.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.calculus.indices import Indices
from derive.checking.below import given_below
from derive.checking.digits import decimals, half_unit, is_decimal, moved
from derive.exact.points import NoValueError
from derive.exact.reals import DIGITS, SPARE, RealPoint
from derive.formula import ETA, Formula, Name, Number, Partial, Sum, Updated
from derive.model import GIVEN, PARAMETERS, Model, Role
from derive.numeric.forward import examples

VAGUE = Decimal("0.2")
"""Relative doubt above which written digits say nothing."""
NOISE = Decimal(10) ** (5 - DIGITS)
"""Relative error of what is computed; no claim of more digits is decided."""
MOST_DIGITS = 64 * DIGITS
"""Digits with which values are computed where terms nearly cancel; then there is no value."""
DIGITS_OF_0 = 16 * DIGITS
"""Digits with which a value that seems to be 0 is computed again."""
LEAST = Decimal(10) ** (100 - DIGITS_OF_0)
"""No smaller number is told from 0."""
CONTEXT = decimal.Context(prec=DIGITS + 10)
"""In which numbers are compared: as exactly as they are computed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a side, and how far it may be off because of rounded decimals in it."""

    value: Any
    doubt: Any


MOST_LOOSE = 150
"""Rounded numbers of a formula whose doubts are added up."""


class Numbers:
    """The numbers of a network, or of a document, and what follows from them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.rate = _exact(model.network.learning_rate)
        self.examples: list[dict[str, Fraction]] = []
        self.fixed = _fixed(model)
        self.given: dict[str, Fraction] = dict(self.fixed)
        self.network_has_numbers = model.network.numbers is not None
        if model.network.numbers is not None:
            tables = examples(model, model.network)
            self.examples = [{name: _exact(x) for name, x in table.items()} for table in tables]
            self.given |= {"eta": self.rate, **self.examples[0]}
        self.batch = len(self.examples) > 1
        self.forget()
        self._indices = Indices(model)

    def state(self, name: str, value: Fraction) -> None:
        """Take a number that a document gives for an input, a target, a parameter or η."""
        self.given[name] = value
        if name == ETA.name:
            self.rate = value
        self.forget()

    def forget(self) -> None:
        """Drop what was computed with other numbers."""
        self._points: dict[int, list[RealPoint]] = {}
        self._singles: list[Numbers] = []
        self._exact: set[Fraction] | None = None

    @property
    def settings(self) -> Mapping[Formula, Fraction]:
        """What is set beside the model: η and λ, and their values."""
        decay: dict[Formula, Fraction] = {
            Name(q.name): self.fixed[q.name] for q in self.model.having(Role.CONSTANT)
        }
        return {ETA: self.rate, **decay}

    @property
    def common(self) -> Mapping[str, Fraction]:
        """The quantities that have one value in all examples, and these values; without λ."""
        own = {*GIVEN} if self.batch else set()
        return {
            name: value
            for name, value in self.given.items()
            if name in self.model.quantities
            and self.model.quantities[name].role not in own | {Role.CONSTANT}
        }

    @property
    def are_known(self) -> bool:
        """Whether numbers are known besides those that every network's file has."""
        return bool(self.given.keys() - self.fixed.keys())

    def are_fixed(self, *formulas: Formula) -> bool:
        """Whether formulas are of nothing but what the network's file sets: λ, or η."""
        needed = given_below(self.model, formulas)
        return bool(needed) and needed <= self.fixed.keys()

    def missing(self, *formulas: Formula) -> list[str]:
        """The given quantities and the letters that have no number yet."""
        needed = given_below(self.model, formulas)
        letters = sorted(needed - self.model.quantities.keys())
        return [
            name
            for name in [*self.model.quantities, *letters]
            if name in needed and name not in self.model.definitions and name not in self.given
        ]

    def point(self) -> RealPoint:
        """The consistent point of the given numbers; of a batch that of its first example.

        With few digits it may have no value: ln(1 - sig(500)) needs more than 217.
        """
        digits = DIGITS
        while digits < MOST_DIGITS:
            try:
                return self.points(digits)[0]
            except NoValueError:
                digits *= 2
        return self.points(digits)[0]

    def points(self, digits: int = DIGITS) -> list[RealPoint]:
        """The consistent points of the given numbers, one for each example."""
        if digits not in self._points:
            tables = [self.given, *({**self.given, **table} for table in self.examples[1:])]
            self._points[digits] = [_Stepped(self.model, numbers=t, digits=digits) for t in tables]
        return self._points[digits]

    def of_each_example(self) -> list[Numbers]:
        """The numbers of a batch, one example at a time."""
        if not self.batch:
            return [self]
        if not self._singles:
            self._singles = [self._of(table) for table in self.examples]
        return self._singles

    def _of(self, example: dict[str, Fraction]) -> Numbers:
        """The numbers of one example, with all else as it is here."""
        one = copy(self)
        one.batch, one.examples, one.given = False, [example], {**self.given, **example}
        one.forget()
        return one

    def is_of_batch(self, formula: Formula) -> bool:
        """Whether the numbers of a batch give a formula one value: its E_total, its gradients."""
        if isinstance(formula, Partial):
            by = formula.by.name if isinstance(formula.by, Name) else ""
            return by in self.model.parameters and formula.of == Name(self.model.total)
        if isinstance(formula, Updated):
            return formula.of in self.model.parameters
        if formula == Name(self.model.total):
            return True
        return not any(
            self.model.quantities[name].role in GIVEN
            for name in given_below(self.model, [formula])
            if name in self.model.quantities
        )

    def value(self, formula: Formula) -> Any:
        """The value of a formula; of a batch the sum or mean, as its network says.

        It is computed with more and more digits until all that count are the same twice: where
        terms nearly cancel, few are left. Raises :class:`NoValueError`.
        """
        digits = DIGITS
        before = self._attempt(formula, digits)
        while digits < MOST_DIGITS:
            digits *= 2
            now = self._attempt(formula, digits)
            if not isinstance(before, NoValueError) and not isinstance(now, NoValueError):
                with decimal.localcontext(CONTEXT):
                    same = abs(now - before) <= abs(now) * NOISE
                if same and now:
                    return now
                if digits == 2 * DIGITS and self._is_nothing(formula):
                    return Decimal(0)
            elif isinstance(now, NoValueError) and digits >= DIGITS_OF_0:
                raise now
            before = now
        raise NoValueError("its value cannot be computed accurately")

    def _is_nothing(self, formula: Formula) -> bool:
        """Whether all that is left of a value is less than any number that is judged.

        Of p − y over all outputs 60 digits leave 1e-60 and not 0; and 1 − sig(500) they call 0.
        """
        found = self._attempt(formula, DIGITS_OF_0)
        return not isinstance(found, NoValueError) and abs(found) <= LEAST

    def _attempt(self, formula: Formula, digits: int) -> Any:
        try:
            return self._computed(formula, digits)
        except NoValueError as error:
            return error

    def _computed(self, formula: Formula, digits: int) -> Any:
        points = self.points(digits)
        if not self.batch or not isinstance(formula, Name | Partial | Updated):
            return points[0].value(formula)
        with decimal.localcontext(decimal.Context(prec=digits + SPARE)):
            if isinstance(formula, Updated):
                old = points[0].value(Name(formula.of))
                if not self.model.moves(formula.of):
                    return old
                gradient = self._computed(Partial(Name(self.model.total), Name(formula.of)), digits)
                return old - _decimal(self.rate) * gradient
            values = [point.value(formula) for point in points]
            if formula != Name(self.model.total) and not isinstance(formula, Partial):
                return values[0]
            whole = sum(values, Decimal(0))
            return whole / len(values) if self.model.network.reduction == "mean" else whole

    def reading(self, formula: Formula) -> Reading:
        """The value of a side, its Σ written out. Raises :class:`NoValueError`."""
        formula = self._indices.instance(formula, {})
        value = self.value(formula)
        doubt = Decimal(0)
        loose = self.loose(formula)
        if len(loose) > MOST_LOOSE:
            raise NoValueError("too many rounded numbers in one formula")
        with decimal.localcontext(CONTEXT):
            for number in {id(n): n for n in loose}.values():
                ends = (self.value(moved(formula, number, way)) for way in (1, -1))
                doubt = doubt + max(abs(end - value) for end in ends)
        return Reading(value, doubt)

    def loose(self, formula: Formula) -> list[Number]:
        """The decimals of a side that stand for every number that rounds to them."""
        if isinstance(formula, Number):
            return [formula] if is_decimal(formula) else []
        return [n for n in decimals(formula) if abs(n.value) not in self._exact_values()]

    def rounds_to(self, value: Any, number: Number) -> bool:
        """Whether `value` gives the digits of a written number."""
        with decimal.localcontext(CONTEXT):
            half = _decimal(half_unit(number)) if is_decimal(number) else Decimal(0)
            return bool(
                abs(value - _decimal(number.value)) <= half + max(abs(value) * NOISE, LEAST)
            )

    def is_beyond(self, value: Any, number: Number) -> bool:
        """Whether more digits of a number are written than are computed of `value`."""
        with decimal.localcontext(CONTEXT):
            return is_decimal(number) and _decimal(half_unit(number)) < max(
                abs(value) * NOISE, LEAST
            )

    def follows(self, subject: Formula | None, left: Formula, right: Formula) -> bool:
        """Whether `left` = `right`, of which one is numbers, as far as their digits say.

        A number is right if the left side, its decimals taken as they stand, rounds to it; or,
        since people carry more digits than they write, if the value of `subject`, with which the
        chain began, does and the written digits allow for the difference.
        """
        readings = self.reading(left), self.reading(right)
        if self._same(*readings):
            return True
        if not isinstance(right, Number):
            vague = any(map(self._is_vague, (left, right), readings))
            return not vague and self.agree(*readings)
        if self.rounds_to(readings[0].value, right):
            return True
        # Numbers alone have to add up; what rounding may explain is left open.
        loose = bool(readings[0].doubt) and subject is not None and self.agree(*readings)
        return loose and subject is not None and self.rounds_to(self.value(subject), right)

    def _is_vague(self, side: Formula, reading: Reading) -> bool:
        """Whether the digits of a side say nothing; where terms cancel, those of one of them."""
        if not reading.doubt or reading.doubt <= VAGUE * abs(reading.value):
            return False
        if isinstance(side, Sum):
            return any(self._is_vague(term, self.reading(term)) for term in side.terms)
        return True

    def _same(self, left: Reading, right: Reading) -> bool:
        """Whether two sides are equal with their decimals as they stand: 0.09 = 0.3·0.3."""
        return self.agree(replace(left, doubt=Decimal(0)), replace(right, doubt=Decimal(0)))

    def may_agree(self, subject: Formula, left: Formula, right: Formula) -> bool:
        """Whether numbers that round to those written can make the sides equal.

        Decimals that the subject uses stand for themselves; but where one has been rounded, each
        may be: 0.2 is a weight, or what is left of 0.1868.
        """
        below = given_below(self.model, (subject, left, right))
        used = {abs(value) for name, value in self.given.items() if name in below}
        exact = {Fraction(1, 2), *self.constants, *used}
        written = [decimals(side) for side in (left, right)]
        if all(abs(number.value) in exact for numbers in written for number in numbers):
            return False
        (low, high), (least, most) = map(self._bounds, (left, right), written)
        return bool(low <= most and least <= high)

    def _bounds(self, formula: Formula, loose: Sequence[Number]) -> tuple[Any, Any]:
        """The least and the largest value, where its decimals are what rounds to them."""
        value = self.value(formula)
        up, down = formula, formula
        for number in loose:
            rises = self.value(moved(formula, number, 1)) >= value
            up = moved(up, number, 1 if rises else -1)
            down = moved(down, number, -1 if rises else 1)
        return self.value(down), self.value(up)

    def agree(self, left: Reading, right: Reading) -> bool:
        """Whether two sides can be equal, their rounding considered."""
        with decimal.localcontext(CONTEXT):
            size = max(abs(left.value), abs(right.value))
            slack = left.doubt + right.doubt + size * NOISE
            return bool(abs(left.value - right.value) <= slack)

    def _exact_values(self) -> set[Fraction]:
        """Decimals that stand for themselves: what is given, in a definition, and one half."""
        if self._exact is None:
            self._exact = {Fraction(1, 2), *self.constants, *map(abs, self.given.values())}
        return self._exact

    @cached_property
    def constants(self) -> frozenset[Fraction]:
        """The decimals that stand in the network's definitions, like the 0.01 of a leaky ReLU."""
        written = (decimals(definition) for definition in self.model.stated)
        return frozenset(number.value for numbers in written for number in numbers)


class _Stepped(RealPoint):
    """A point that also knows the values after the step: w⁺, and E_total⁺ with all of them."""

    _after: RealPoint | None = None

    def updated(self, name: str) -> Any:
        if name in self.model.parameters:
            return super().updated(name)
        if self._after is None:
            numbers = {
                **self.numbers,
                **{q.name: self.updated(q.name) for q in self.model.having(*PARAMETERS)},
            }
            self._after = RealPoint(self.model, numbers=numbers, digits=self.digits)
        return self._after.values[name]


def _fixed(model: Model) -> dict[str, Fraction]:
    """What a network's file sets, with or without numbers: λ, and a rate that is not the usual."""
    network = model.network
    found: dict[str, Fraction] = {}
    if network.learning_rate != type(network).learning_rate:
        found[ETA.name] = _exact(network.learning_rate)
    decay = _exact(network.l2)
    return found | {quantity.name: decay for quantity in model.having(Role.CONSTANT)}


def _exact(value: float) -> Fraction:
    return Fraction(repr(value))


def _decimal(value: Fraction) -> Decimal:
    """A number as the context of the caller has it."""
    return Decimal(value.numerator) / value.denominator
