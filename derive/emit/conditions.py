"""Conditions of cases as a person writes them."""

from __future__ import annotations

from derive.formula import Formula, Negative, Number, Sum, is_number, total


def condition(test: Formula) -> tuple[Formula, str, Formula]:
    """`test` > 0 as a person writes it: x − 1 > 0 is x > 1, and −x − 1 > 0 is x < −1."""
    terms = test.terms if isinstance(test, Sum) else (test,)
    stay = [t for t in terms if not (isinstance(t, Negative) or is_number(t))]
    moved = [t.term if isinstance(t, Negative) else -t for t in terms if t not in stay]
    if stay:
        return total(stay), ">", _tidy(total(moved))
    first = next(t for t in terms if not is_number(t))
    assert isinstance(first, Negative)
    others = total(t for t in terms if t is not first)
    return first.term, "<", _tidy(others)


def _tidy(formula: Formula) -> Formula:
    """−(−1) as 1, and −1 as a number."""
    if isinstance(formula, Negative) and isinstance(formula.term, Number):
        return Number(-formula.term.value)
    return formula
