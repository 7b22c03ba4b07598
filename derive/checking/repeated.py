"""A letter that many authors sum over without a Σ of its own.

``∂E/∂w = ∂E/∂y_i · ∂y_i/∂w`` is no equation for each i: whoever writes it leaves the Σ out, by a
slip or by the summation convention. Nobody can tell which. Nor whether ``Σ_{i≤j}`` counts the j of
its condition, too, where that stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product as pairs

from derive.calculus.indices import Indices
from derive.formula import Formula, Partial, Product, SumOver, Where, transform, walk
from derive.grammar.unfinished import index_letters, plain


def repeated(formula: Formula, letters: Iterable[str]) -> list[str]:
    """Those of the letters by which a product or a Σ with a condition may be meant to be summed."""
    found = (letter for node in walk(formula) for letter in _links(node))
    return sorted(set(found) & set(letters))


def summed(formula: Formula, letter: str, indices: Indices) -> Formula:
    """The formula with Σ over the letter before each product or Σ that is meant to be summed."""

    def rule(node: Formula) -> Formula | None:
        if letter not in set(_links(node)):
            return None
        numbers = indices.ranges(node).get(letter, ())
        return SumOver(letter, numbers[-1], node, numbers[0], bare=True) if numbers else None

    return transform(formula, rule)


def _links(node: Formula) -> Iterator[str]:
    """The letters of what a product differentiates by in one factor and in another itself.

    Those of the condition of a Σ without limits are, which does not say that it counts them.
    """
    if isinstance(node, SumOver) and node.bare and isinstance(node.body, Where):
        yield from (letter for test in node.body.tests for letter in test.letters)
    factors = [plain(factor) for factor in node.factors] if isinstance(node, Product) else []
    slopes = [factor for factor in factors if isinstance(factor, Partial)]
    for one, other in pairs(slopes, repeat=2):
        if one is not other and one.by == other.of:
            yield from index_letters(one.by)
