"""A letter that stands twice in a product of the chain rule, which many authors sum over.

``∂E/∂w = ∂E/∂y_i · ∂y_i/∂w`` is no equation for each i: whoever writes it leaves the Σ out, by a
slip or by the summation convention. Nobody can tell which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product as pairs

from derive.calculus.indices import Indices
from derive.formula import Formula, Partial, Product, SumOver, transform, walk
from derive.grammar.unfinished import index_letters, plain


def repeated(formula: Formula, letters: Iterable[str]) -> list[str]:
    """Those of the letters by which a product of the chain rule is meant to be summed."""
    found = (letter for node in walk(formula) for letter in _links(node))
    return sorted(set(found) & set(letters))


def summed(formula: Formula, letter: str, indices: Indices) -> Formula:
    """The formula with Σ over the letter before each product of the chain rule that repeats it."""

    def rule(node: Formula) -> Formula | None:
        if letter not in set(_links(node)):
            return None
        numbers = indices.ranges(node).get(letter, ())
        return SumOver(letter, numbers[-1], node, numbers[0], bare=True) if numbers else None

    return transform(formula, rule)


def _links(node: Formula) -> Iterator[str]:
    """The letters of what a product differentiates by in one factor and in another itself."""
    factors = [plain(factor) for factor in node.factors] if isinstance(node, Product) else []
    slopes = [factor for factor in factors if isinstance(factor, Partial)]
    for one, other in pairs(slopes, repeat=2):
        if one is not other and one.by == other.of:
            yield from index_letters(one.by)
