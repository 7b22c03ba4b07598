"""Cases: rows that conditions, index letters or the values of a target choose.

Those by the values of a target, −ln y if t = 1 and −ln(1 − y) if t = 0, are read as the polynomial
in t that has these values, t·a + (1 − t)·b, and are judged for each value that the rows name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from derive.formula import (
    Cases,
    Formula,
    Negative,
    Number,
    Sum,
    Where,
    product,
    total,
    transform,
)
from derive.formula.index import Test
from derive.grammar.building.callbacks import Callbacks
from derive.grammar.unfinished import plain
from derive.grammar.written import Unknown


class _Row(NamedTuple):
    """The value of a case where `test` > 0; if not `strict` where it is 0, too."""

    value: Formula
    test: Formula | None
    strict: bool = True
    tests: tuple[Test, ...] = ()
    """What holds of the index letters, where that is the condition."""
    same: tuple[Formula, Formula] | None = None
    """A target and the number that it is, where that is the condition."""


class Chosen(Callbacks):
    """The callbacks of cases."""

    def case(self, parts: list[Any]) -> _Row:
        """A value & a > b: the value, and a − b."""
        left, relation, right = plain(parts[4]), parts[5].type, plain(parts[6])
        if relation == "SAME":
            return _Row(plain(parts[1]), None, same=(left, right))
        strict = relation in ("GREATER", "LESS")
        if relation in ("LESS", "ATMOST"):
            left, right = right, left
        terms = (left, Negative(right))
        zeros = (isinstance(side, Number) and not side.value for side in (left, right))
        kept = [term for term, zero in zip(terms, zeros, strict=True) if not zero]
        return _Row(plain(parts[1]), total(kept or [left]), strict)

    def chosen(self, parts: list[Any]) -> _Row:
        """A value and for which index letters it is that: i ≠ j."""
        where = self._token(parts[3]).formula
        assert isinstance(where, Where)
        return _Row(plain(parts[1]), None, tests=where.tests)

    def otherwise(self, parts: list[Any]) -> _Row:
        """A value and what holds elsewhere."""
        return _Row(plain(parts[1]), None)

    def cases(self, parts: list[Any]) -> Formula:
        r"""\begin{cases} … \end{cases}; the last row has to be what holds otherwise."""
        rows: list[_Row] = parts[1:-1]
        first, last = rows[0], rows[-1]
        if any(row.tests for row in rows):
            return self._by_indices(rows)
        if any(row.same for row in rows):
            return self._by_values(rows)
        if len(rows) < 2 or (
            last.test is not None and (len(rows) != 2 or not _opposite(first.test, last.test))
        ):
            raise self._error("the last case has to say 'otherwise', or the opposite")
        both = last.test is not None and first.strict == last.strict
        if both and last.test is not None and self._meaning.may_rest(last.test):
            how_many = "no row says" if first.strict else "both rows say"
            message = f"{how_many} what holds at 0, which this may be in a whole region"
            raise self._error(f"{message}; write 'otherwise'")
        found = last.value
        for row in reversed(rows[:-1]):
            if row.test is None:
                raise self._error("only the last case can be 'otherwise'")
            if row.strict or not self._meaning.may_rest(row.test):
                found = Cases(row.test, row.value, found)
            else:
                # x ≥ 0 is what −x > 0 is not.
                found = Cases(_turned(row.test), found, row.value)
        return found

    def _by_indices(self, rows: list[_Row]) -> Formula:
        """What is chosen by index letters; the last row is for all others, or for the opposite."""
        *before, last = rows
        opposite = len(before) == len(before[0].tests) == len(last.tests) == 1
        if last.tests and not (opposite and last.tests[0] == before[0].tests[0].opposite):
            raise self._error("the last case has to say 'otherwise', or the opposite")
        if last.test is not None or not all(row.tests for row in before):
            raise self._error("cases are chosen by index letters or by values, and not by both")
        found = last.value
        for row in reversed(before):
            found = Where(row.tests, row.value, found)
        return found

    def _by_values(self, rows: list[_Row]) -> Formula:
        """What is chosen by the values of a target, for which it is to be judged."""
        try:
            subject, values, found = _polynomial([(r.value, *r.same) for r in rows if r.same])
        except ValueError as error:
            raise self._error(str(error)) from None
        if len(values) < len(rows) or self.reading.values.setdefault(subject, values) != values:
            raise self._error("cases by values need the same numbers of a name in all rows")
        return found


def _opposite(first: Formula | None, second: Formula) -> bool:
    """Whether x > 0 and x ≤ 0 are the two conditions, as differences."""
    if first is None:
        return False
    first, second = transform(first, _anywhere), transform(second, _anywhere)
    if second == Negative(first) or first == Negative(second):
        return True
    both = [t.terms if isinstance(t, Sum) else (t,) for t in (first, second)]
    return set(map(_turned, both[0])) == set(both[1])


def _anywhere(formula: Formula) -> Formula | None:
    """A name that the network does not have, wherever it stands."""
    return replace(formula, place=0) if isinstance(formula, Unknown) else None


def _turned(formula: Formula) -> Formula:
    return formula.term if isinstance(formula, Negative) else Negative(formula)


def _polynomial(
    rows: Sequence[tuple[Formula, Formula, Formula]],
) -> tuple[Formula, tuple[Fraction, ...], Formula]:
    """What the cases are chosen by, its values, and the polynomial with the rows for its values.

    A row is the value of a case, what is equal to a number then, and the number.
    Raises :class:`ValueError` where the rows are not for several numbers of one name.
    """
    subject = rows[0][1]
    values = [size for _, _, of in rows if (size := _number(of)) is not None]
    if any(of != subject for _, of, _ in rows) or not len(rows) == len({*values}) > 1:
        raise ValueError("cases by values need a number of one and the same name in each row")
    terms = []
    for (value, _, _), own in zip(rows, values, strict=True):
        others = [other for other in values if other != own]
        share = 1 / prod((own - other for other in others), start=Fraction(1))
        zeros = [Sum((subject, Negative(Number(other)))) for other in others]
        terms.append(product([Number(share), *zeros, value]))
    return subject, tuple(values), total(terms)


def _number(formula: Formula) -> Fraction | None:
    """A number, or one with a minus before it; nothing for anything else."""
    of = formula.term if isinstance(formula, Negative) else formula
    if not isinstance(of, Number):
        return None
    return of.value if of is formula else -of.value
