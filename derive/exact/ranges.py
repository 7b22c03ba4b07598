"""Between which real numbers formulas lie, whatever the given quantities are.

An output of a sigmoid is positive and below 1, a square is not negative, a given weight may be
anything. That decides which root of a square is meant, and what may be divided by. The ranges are
bounds: a formula never leaves its range, and need not fill it.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from functools import cache

from derive.exact.intervals import AT_LEAST_0, EVERYTHING, POSITIVE, Interval, point
from derive.formula import (
    Call,
    Cases,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from derive.functions import BY_SYMBOL
from derive.model import Model

_ZERO, _ONE = Fraction(0), Fraction(1)
_UNIT = Interval(_ZERO, _ONE)


@cache
def _within(bounds: str) -> Interval:
    """The interval that is written like (−1, 1] with its ends, ``inf`` among them."""
    low, high = bounds[1:-1].split(",")
    top = math.inf if high.strip() == "inf" else Fraction(high.strip())
    return Interval(Fraction(low), top, bounds[0] == "(", bounds[-1] == ")")


def always(function: str, primes: int) -> Interval | None:
    """Where the row says that the values of a function, or its derivative, lie at any argument."""
    row = BY_SYMBOL.get(function)
    bounds = "" if row is None or primes > 1 else row.slopes_within if primes else row.within
    return _within(bounds) if bounds else None


class Ranges:
    """The ranges of one model's quantities, and of formulas about it."""

    def __init__(self, model: Model) -> None:
        self._definitions = model.definitions
        self._quantities: dict[str, Interval] = {}

    def of(self, formula: Formula) -> Interval:
        """A range of `formula`."""
        todo = self._missing(formula)
        # The definitions below come first: a deep model is no deep recursion.
        while todo:
            definition = self._definitions.get(todo[-1])
            below = [] if definition is None else self._missing(definition)
            if below:
                todo += below
                continue
            name = todo.pop()
            self._quantities[name] = EVERYTHING if definition is None else self._range(definition)
        return self._range(formula)

    def _missing(self, formula: Formula) -> list[str]:
        """The quantities on whose ranges that of `formula` depends, and that are not known."""
        found: dict[str, None] = {}
        todo = [formula]
        while todo:
            node = todo.pop()
            if isinstance(node, Name) and node.name not in self._quantities:
                found[node.name] = None
            elif not (isinstance(node, Call) and always(node.function, node.primes)):
                todo.extend(node.parts())
        return list(found)

    def _range(self, formula: Formula) -> Interval:
        match formula:
            case Number():
                return point(formula.value)
            case Name():
                return self._quantities.get(formula.name, EVERYTHING)
            case Negative():
                return -self._range(formula.term)
            case Sum():
                return sum(map(self._range, formula.terms), start=point(0))
            case Product():
                return self._product(formula)
            case Quotient():
                return self._quotient(formula)
            case Power():
                return self._power(formula)
            case Call():
                return self._call(formula)
            case Cases():
                return self._cases(formula)
        return EVERYTHING

    def _product(self, formula: Product) -> Interval:
        """Equal factors are a power: x·x is not negative."""
        found = point(1)
        for factor, count in Counter(formula.factors).items():
            found = found * self._range(factor).power(count)
        return found

    def _quotient(self, formula: Quotient) -> Interval:
        """A share of a sum of positive terms is below 1."""
        top, bottom = self._range(formula.top), self._range(formula.bottom)
        if isinstance(formula.bottom, Sum) and formula.top in formula.bottom.terms:
            shares = [self._range(term) for term in formula.bottom.terms]
            if len(shares) > 1 and all(share.is_positive for share in shares):
                return _UNIT
        return top * bottom.reciprocal()

    def _power(self, formula: Power) -> Interval:
        base = self._range(formula.base)
        if not isinstance(formula.exponent, Number):
            return POSITIVE if base.is_positive else EVERYTHING
        exponent = formula.exponent.value
        if exponent.denominator == 1:
            return base.power(int(exponent))
        # Where such a power has a value it is a root: positive, or 0 if its base is.
        return POSITIVE if base.is_positive or exponent < 0 else AT_LEAST_0

    def _call(self, formula: Call) -> Interval:
        known = always(formula.function, formula.primes)
        if known is not None:
            return known
        if formula.function == "ln" and not formula.primes:
            argument = self._range(formula.argument)
            if argument.low >= 1:
                return Interval(_ZERO, math.inf, argument.low > 1 or argument.low_open)
            if argument.high <= 1:
                return Interval(-math.inf, _ZERO, True, argument.high < 1 or argument.high_open)
        if formula.function == "lrelu" and not formula.primes:
            argument = self._range(formula.argument)
            if argument.is_at_least_0:
                return argument
            return -POSITIVE if argument.is_negative else EVERYTHING
        return EVERYTHING

    def _cases(self, formula: Cases) -> Interval:
        """Of |x|, written in pieces, each piece is known not to be negative."""
        test = formula.test
        above = POSITIVE if formula.positive == test else self._range(formula.positive)
        below = (
            AT_LEAST_0 if formula.otherwise == Negative(test) else self._range(formula.otherwise)
        )
        return above.united(below)
