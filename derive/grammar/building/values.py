"""Cases that the value of a target chooses: −ln y if t = 1, and −ln(1 − y) if t = 0.

They are read as the polynomial in t that has these values, t·a + (1 − t)·b, and are judged for each
of the values that the rows name.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from derive.formula import Formula, Negative, Number, Sum, product, total

Row = tuple[Formula, Formula, Formula]
"""The value of a case, what is equal to a number then, and the number."""


def by_values(rows: Sequence[Row]) -> tuple[Formula, tuple[Fraction, ...], Formula]:
    """What the cases are chosen by, its values, and the polynomial with the rows for its values.

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
