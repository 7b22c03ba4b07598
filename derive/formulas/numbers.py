"""Claims with numbers: judged to the digits that are written.

A written decimal stands for every number that rounds to it, so 0.0822 is right for 0.082167. Where
the digits do not fit, the usual two reasons are looked for: weights that were already updated, and
rounding on the way.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.calculus.points import NoValueError
from derive.calculus.reals import DIGITS, RealPoint
from derive.formula import (
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Updated,
    transform,
    walk,
)
from derive.formulas.below import given_below
from derive.formulas.by_hand import by_hand
from derive.model import PARAMETERS, Model, Role
from derive.network import Network
from derive.numeric.examples import examples

CLOSE = Decimal("0.02")
"""Relative doubt up to which one more unit of the last digit is allowed."""
VAGUE = Decimal("0.2")
"""Relative doubt above which written digits say nothing."""
LAST_DIGIT = 2
"""Half units by which rounding on the way alone may be off."""
LAST_BITS = Fraction(1, 10**14)
"""Relative error of a hand calculation that is retraced in floating point."""
NOISE = Decimal(10) ** (5 - DIGITS)
"""Relative error of what is computed; no claim of more digits is decided."""
CONTEXT = decimal.Context(prec=DIGITS + 10)
"""In which numbers are compared: as exactly as they are computed."""


def decimals(formula: Formula) -> list[Number]:
    """The numbers written with digits behind the point."""
    return [node for node in walk(formula) if isinstance(node, Number) and _is_decimal(node)]


def _is_decimal(number: Number) -> bool:
    return "." in number.text or "e" in number.text.lower()


def is_of_numbers(formula: Formula) -> bool:
    """Whether nothing but numbers stands in a formula: 0.5·0.3, or 1/(1 + e^{-0.3775})."""
    joined = (Number, Sum, Product, Negative, Quotient, Power, Call)
    return all(isinstance(node, joined) for node in walk(formula))


def digits_of(number: Number) -> int:
    """How many digits behind the point are written: 4 in 0.0822 and in 8.22e-2."""
    mantissa, _, exponent = number.text.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def half_unit(number: Number) -> Fraction:
    """Half a unit of the last digit that is written."""
    return Fraction(1, 2) / Fraction(10) ** digits_of(number)


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
        self.rate = _exact(model.network.learning_rate)
        self.examples: list[dict[str, Fraction]] = []
        self.given: dict[str, Fraction] = {}
        self.network_has_numbers = model.network.numbers is not None
        if model.network.numbers is not None:
            tables = examples(model, model.network)
            self.examples = [{name: _exact(x) for name, x in table.items()} for table in tables]
            self.given = {"eta": self.rate, **self.examples[0]}
        self.batch = len(self.examples) > 1
        self._points: list[RealPoint] = []
        self._exact: set[Fraction] | None = None
        self._chain = Chain(model)
        self._indices = Indices(model)

    def state(self, name: str, value: Fraction) -> None:
        """Take a number that a document gives for an input, a target, a parameter or η."""
        self.given[name] = value
        self._points, self._exact = [], None

    @property
    def common(self) -> Mapping[str, Fraction]:
        """The quantities that have one value in all examples, and these values; λ with them."""
        own = (Role.INPUT, Role.TARGET) if self.batch else ()
        found = {
            name: value
            for name, value in self.given.items()
            if name in self.model.quantities and self.model.quantities[name].role not in own
        }
        if isinstance(self.model.network, Network):
            decay = _exact(self.model.network.l2)
            found |= {q.name: decay for q in self.model.having(Role.CONSTANT)}
        return found

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
        """The consistent point of the given numbers; of a batch that of its first example."""
        return self.points()[0]

    def points(self) -> list[RealPoint]:
        """The consistent points of the given numbers, one for each example."""
        if not self._points:
            tables = [self.given, *({**self.given, **table} for table in self.examples[1:])]
            self._points = [_Stepped(self.model, numbers=table) for table in tables]
        return self._points

    def is_of_batch(self, formula: Formula) -> bool:
        """Whether the numbers of a batch give a formula one value: its E_total, its gradients."""
        if isinstance(formula, Partial):
            by_parameter = isinstance(formula.by, Name) and self._is_parameter(formula.by.name)
            return by_parameter and formula.of == Name(self.model.total)
        if isinstance(formula, Updated):
            return self._is_parameter(formula.of)
        if formula == Name(self.model.total):
            return True
        return not any(
            self.model.quantities[name].role in (Role.INPUT, Role.TARGET)
            for name in given_below(self.model, [formula])
            if name in self.model.quantities
        )

    def _is_parameter(self, name: str) -> bool:
        return name in self.model.parameters_set

    def value(self, formula: Formula) -> Any:
        """The value of a formula; of a batch the sum or mean, as its network says.

        Raises :class:`NoValueError`.
        """
        if not self.batch or not isinstance(formula, Name | Partial | Updated):
            return self.point().value(formula)
        if isinstance(formula, Updated):
            gradient = self.value(Partial(Name(self.model.total), Name(formula.of)))
            old = self.point().value(Name(formula.of))
            with decimal.localcontext(CONTEXT):
                return old - _decimal(self.rate) * gradient if self._moves(formula) else old
        values = [point.value(formula) for point in self.points()]
        if formula != Name(self.model.total) and not isinstance(formula, Partial):
            return values[0]
        with decimal.localcontext(CONTEXT):
            whole = sum(values, Decimal(0))
            return whole / len(values) if self.model.network.reduction == "mean" else whole

    def _moves(self, step: Updated) -> bool:
        return self.model.moves(step.of)

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
                ends = (self.value(_moved(formula, number, way)) for way in (1, -1))
                doubt = doubt + min(abs(end - value) for end in ends)
        return Reading(value, doubt)

    def loose(self, formula: Formula) -> list[Number]:
        """The decimals of a side that stand for every number that rounds to them."""
        if isinstance(formula, Number):
            return [formula] if _is_decimal(formula) else []
        return [n for n in decimals(formula) if abs(n.value) not in self._exact_values()]

    def rounds_to(self, value: Any, number: Number) -> bool:
        """Whether `value` gives the digits of a written number."""
        with decimal.localcontext(CONTEXT):
            half = _decimal(half_unit(number)) if _is_decimal(number) else Decimal(0)
            return bool(abs(value - _decimal(number.value)) <= half + abs(value) * NOISE)

    def is_beyond(self, value: Any, number: Number) -> bool:
        """Whether more digits of a number are written than are computed of `value`."""
        with decimal.localcontext(CONTEXT):
            return _is_decimal(number) and _decimal(half_unit(number)) < abs(value) * NOISE

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
            return self.agree(*readings) and self.rounds_to(self.value(subject), right)
        # Numbers alone: who multiplies three digits may have had a fourth.
        with decimal.localcontext(CONTEXT):
            half = _decimal(half_unit(right))
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
        written = (decimals(definition) for definition in self.model.definitions.values())
        return frozenset(number.value for numbers in written for number in numbers)

    # Why a number is wrong.

    def causes(self, subject: Formula, claimed: Number) -> list[Cause]:
        """What would explain a wrong number for `subject`."""
        try:
            right = self.value(subject)
        except NoValueError:
            return []
        if self.batch or self.rounds_to(right, claimed):
            return []
        half = half_unit(claimed)
        found: dict[str, Cause] = {}
        for code, values in self._runs():
            value = values.get(subject)
            if value is not None and _is_near(value, claimed.value, half):
                found.setdefault(code, Cause(code, float(right)))
        off = abs(Fraction(right) - claimed.value)
        if not found and off <= LAST_DIGIT * half and abs(right) > 10 * _decimal(off):
            return [Cause("premature-rounding", float(right))]
        return list(found.values())

    def _runs(self) -> Iterable[tuple[str, Mapping[Formula, float]]]:
        """What comes out with one of the two slips: a code of the table of mistakes, and values."""
        given = set(self.model.quantities) - set(self.model.definitions)
        if not given <= self.given.keys():
            return
        if self.model.network.layers:
            yield "updated-weights", by_hand(self.model, self._chain, self.given, sequential=True)
        for digits in range(2, 9):
            yield "premature-rounding", by_hand(self.model, self._chain, self.given, digits=digits)


class _Stepped(RealPoint):
    """A point that also knows the values after the step: w⁺, and E_total⁺ with all of them."""

    _after: RealPoint | None = None

    def updated(self, name: str) -> Any:
        if name in self.model.parameters_set:
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


def _decimal(value: Fraction) -> Decimal:
    """A number as the context of the caller has it."""
    return Decimal(value.numerator) / value.denominator


def _is_near(value: float, claimed: Fraction, half: Fraction) -> bool:
    """Whether a float gives the digits of a claimed number, but for its own last bits."""
    if not math.isfinite(value):
        return False
    return abs(Fraction(value) - claimed) <= half + abs(Fraction(value)) * LAST_BITS


def _moved(formula: Formula, number: Number, way: int) -> Formula:
    """`formula` with one written number half a unit larger, or smaller."""
    other = Number(number.value + way * half_unit(number))
    return transform(formula, lambda node: other if node is number else None)
