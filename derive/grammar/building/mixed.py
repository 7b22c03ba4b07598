r"""A number with a fraction behind it, 2\frac12: a product, or the mixed number 2 + ½."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derive.formula import Formula, Number, Quotient, Sum
from derive.grammar.unfinished import Braced, Group


class MixedError(ValueError):
    """A number with a fraction behind it is no product that anybody would write so."""


def of_mixed(items: Sequence[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
    r"""The factors with 2\frac12 as 2 + ½, if they have such a number in them.

    It is a product where the one cancels the other, as the 2 of a square does the ½ before it, and
    may be the mixed number there, too. Raises :class:`MixedError` where nothing cancels: 1\frac12.
    """
    found: list[tuple[str, Formula]] = []
    for sign, item in items:
        before = found[-1][1] if found and not sign else None
        whole, part = _whole(before), _proper(item)
        if before is None or whole is None or part is None:
            found.append((sign, item))
            continue
        if not whole or (whole * part).denominator != 1:
            raise MixedError(
                f"{whole} with the fraction {part} behind it may be {whole + part}, or a product;"
                " write one fraction, or a sign between them"
            )
        found[-1] = found[-1][0], Group(Sum((before, Number(part))))
    return found


def _whole(item: Formula | None) -> Fraction | None:
    """A number without a point; nothing for all else."""
    whole = isinstance(item, Number) and item.value.denominator == 1 and "." not in item.text
    return item.value if isinstance(item, Number) and whole else None


def _proper(item: Formula) -> Fraction | None:
    r"""A fraction of two whole numbers that is less than 1, \frac12; nothing for all else."""
    while isinstance(item, Braced):
        item = item.inside
    if not isinstance(item, Quotient):
        return None
    top, bottom = _whole(item.top), _whole(item.bottom)
    return top / bottom if top is not None and bottom is not None and 0 <= top < bottom else None
