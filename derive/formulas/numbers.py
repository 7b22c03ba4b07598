"""Claims with numbers: judged to the digits that are written.

A written decimal stands for every number that rounds to it, so 0.0822 is right for 0.082167. Where
the digits do not fit, the usual two reasons are looked for: weights that were already updated, and
rounding on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.formula import (
    Formula,
    Number,
    Sum,
    transform,
    walk,
)
from derive.formulas.by_hand import by_hand
from derive.formulas.witnesses import given_below
from derive.model import PARAMETERS, Model, Role
from derive.numeric.examples import examples

CLOSE = Decimal("0.02")
"""Relative doubt up to which one more unit of the last digit is allowed."""
VAGUE = Decimal("0.2")
"""Relative doubt above which written digits say nothing."""
LAST_DIGIT = 2
"""Half units by which rounding on the way alone may be off."""
SLACK = Decimal("1e-12")
"""Relative error that is nobody's fault: the last bit of what was given."""


def decimals(formula: Formula) -> list[Number]:
    """The numbers written with digits behind the point."""
    return [node for node in walk(formula) if isinstance(node, Number) and _is_decimal(node)]


def _is_decimal(number: Number) -> bool:
    return "." in number.text or "e" in number.text.lower()


def half_unit(number: Number) -> Fraction:
    """Half a unit of the last digit that is written."""
    mantissa, _, exponent = number.text.lower().partition("e")
    digits = len(mantissa.partition(".")[2])
    return Fraction(1, 2) * Fraction(10) ** (int(exponent or 0) - digits)


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a side, and how far it may be off because of rounded decimals in it."""

    value: Any
    doubt: Any


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a number is wrong: a code of the table of mistakes, and the right value."""

    code: str
    right: float


MOST_LOOSE = 150
"""Rounded numbers of a formula whose doubts are added up."""


class Numbers:
    """The numbers of a network, or of a document, and what follows from them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.given: dict[str, Fraction] = {}
        self.network_has_numbers = model.network.numbers is not None
        self.batch = False
        if model.network.numbers is not None:
            self._read()
        self._point: RealPoint | None = None
        self._exact: set[Fraction] | None = None
        self._chain = Chain(model)
        self._indices = Indices(model)

    def _read(self) -> None:
        network = self.model.network
        self.given["eta"] = _exact(network.learning_rate)
        tables = examples(self.model, network)
        self.batch = len(tables) > 1
        self.given.update({name: _exact(value) for name, value in tables[0].items()})

    def state(self, name: str, value: Fraction) -> None:
        """Take a number that a document gives for an input, a target, a parameter or η."""
        self.given[name] = value
        self._point = self._exact = None

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
        """The consistent point of the given numbers."""
        if self._point is None:
            self._point = _Stepped(self.model, numbers=self.given)
        return self._point

    def reading(self, formula: Formula) -> Reading:
        """The value of a side, its Σ written out. Raises :class:`NoValueError`."""
        point = self.point()
        formula = self._indices.instance(formula, {})
        value = point.value(formula)
        doubt = point.constant(Fraction(0))
        loose = [n for n in decimals(formula) if abs(n.value) not in self._exact_values()]
        if isinstance(formula, Number):
            loose = [formula] if _is_decimal(formula) else []
        if len(loose) > MOST_LOOSE:
            raise NoValueError("too many rounded numbers in one formula")
        for number in {id(n): n for n in loose}.values():
            ends = (point.value(_moved(formula, number, way)) for way in (1, -1))
            doubt = doubt + min(abs(end - value) for end in ends)
        return Reading(value, doubt)

    def rounds_to(self, value: Any, number: Number) -> bool:
        """Whether `value` gives the digits of a written number."""
        point = self.point()
        slack = abs(value) * SLACK
        half = (
            point.constant(half_unit(number))
            if _is_decimal(number)
            else point.constant(Fraction(0))
        )
        return bool(abs(value - point.constant(number.value)) <= half + slack)

    def follows(self, subject: Formula | None, left: Formula, right: Formula) -> bool:
        """Whether `left` = `right`, of which one is numbers, as far as their digits say.

        A number is right if the left side, its decimals taken as they stand, rounds to it; or,
        since people carry more digits than they write, if the value of `subject`, with which the
        chain began, does and the written digits allow for the difference.
        """
        readings = self.reading(left), self.reading(right)
        if not isinstance(right, Number) and any(map(self._is_vague, (left, right), readings)):
            return False
        if not isinstance(right, Number):
            return self.agree(*readings)
        if self.rounds_to(readings[0].value, right):
            return True
        if not readings[0].doubt:
            return False
        if subject is not None:
            return self.agree(*readings) and self.rounds_to(self.point().value(subject), right)
        # Numbers alone: who multiplies three digits may have had a fourth.
        half = self.point().constant(half_unit(right))
        off = abs(readings[0].value - readings[1].value)
        close = readings[0].doubt <= CLOSE * abs(readings[0].value)
        return bool(close and off <= half + min(readings[0].doubt, 2 * half))

    def _is_vague(self, side: Formula, reading: Reading) -> bool:
        """Whether the digits of a side say nothing; where terms cancel, those of one of them."""
        if not reading.doubt or reading.doubt <= VAGUE * abs(reading.value):
            return False
        if isinstance(side, Sum):
            return any(self._is_vague(term, self.reading(term)) for term in side.terms)
        return True

    def agree(self, left: Reading, right: Reading) -> bool:
        """Whether two sides can be equal, their rounding considered."""
        size = max(abs(left.value), abs(right.value))
        slack = left.doubt + right.doubt + size * SLACK
        return bool(abs(left.value - right.value) <= slack)

    def _exact_values(self) -> set[Fraction]:
        """Decimals that stand for themselves: what is given, in a definition, and one half."""
        if self._exact is None:
            self._exact = {Fraction(1, 2), *self.constants, *map(abs, self.given.values())}
        return self._exact

    @cached_property
    def constants(self) -> frozenset[Fraction]:
        """The decimals that stand in the network's definitions, like the 0.01 of a leaky ReLU."""
        written = (decimals(definition) for definition in self.model.definitions.values())
        return frozenset(number.value for numbers in written for number in numbers)

    # Why a number is wrong.

    def causes(self, subject: Formula, claimed: Number) -> list[Cause]:
        """What would explain a wrong number for `subject`."""
        try:
            right = self.point().value(subject)
        except NoValueError:
            return []
        if self.rounds_to(right, claimed):
            return []
        half = float(half_unit(claimed)) * (1 + 1e-9)
        runs = []
        given = set(self.model.quantities) - set(self.model.definitions)
        if given <= self.given.keys():
            runs = [
                ("updated-weights", by_hand(self.model, self._chain, self.given, sequential=True))
            ]
            runs += [
                ("premature-rounding", by_hand(self.model, self._chain, self.given, digits=digits))
                for digits in range(2, 9)
            ]
        found: dict[str, Cause] = {}
        for code, values in runs:
            value = values.get(subject)
            if value is not None and abs(value - float(claimed.value)) <= half:
                found.setdefault(code, Cause(code, float(right)))
        off = abs(float(right) - float(claimed.value))
        if not found and off <= LAST_DIGIT * half and abs(right) > 10 * off:
            return [Cause("premature-rounding", float(right))]
        return list(found.values())


class _Stepped(RealPoint):
    """A point that also knows the values after the step: w⁺, and E_total⁺ with all of them."""

    _after: RealPoint | None = None

    def updated(self, name: str) -> Any:
        if name in self.model.parameters_set:
            quantity = self.model.quantities[name]
            if quantity.role is Role.BIAS and not self.model.network.update_biases:
                return self.values[name]
            return super().updated(name)
        if self._after is None:
            numbers = {
                **self.numbers,
                **{q.name: self.updated(q.name) for q in self.model.having(*PARAMETERS)},
            }
            self._after = RealPoint(self.model, numbers=numbers)
        return self._after.values[name]


def _exact(value: float) -> Fraction:
    return Fraction(repr(value))


def _moved(formula: Formula, number: Number, way: int) -> Formula:
    """`formula` with one written number half a unit larger, or smaller."""
    other = Number(number.value + way * half_unit(number))
    return transform(formula, lambda node: other if node is number else None)
