"""Kronecker's δ_{ij} in a network in which δ_{tj} is the error's derivative by a net input.

Both are written alike. What does not hold with the one and holds with the other is not decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from derive.formula import ONE, ZERO, Formula, Member, Name, Partial, Where, transform, walk
from derive.formula.index import Test
from derive.model import Model

MOST_PAIRS = 3
"""Pairs of letters in one formula that are tried in both ways."""


def with_kronecker(left: Formula, right: Formula, model: Model) -> Iterator[tuple[Formula, ...]]:
    """Both sides with Kronecker's δ in the place of some derivatives with two letters below."""
    pairs = {pair for side in (left, right) for node in walk(side) if (pair := _pair(node, model))}
    if len(pairs) > MOST_PAIRS:
        return
    for size in range(1, len(pairs) + 1):
        for some in combinations(sorted(pairs), size):

            def rule(node: Formula, some: tuple[tuple[str, str], ...] = some) -> Formula | None:
                pair = _pair(node, model)
                if pair not in some:
                    return None
                one, other = (((letter,), 0) for letter in pair)
                return Where((Test(one, "=", other),), ONE, ZERO)

            yield tuple(transform(side, rule) for side in (left, right))


def _pair(node: Formula, model: Model) -> tuple[str, str] | None:
    """The letters of δ_{ij}; nothing for anything else."""
    if not isinstance(node, Partial) or node.of != Name(model.total):
        return None
    if not isinstance(node.by, Member) or len(node.by.indices) != 2:
        return None
    letters = [found for found, offset in node.by.indices if len(found) == 1 and not offset]
    names = [found[0] for found in letters]
    return (names[0], names[1]) if len(set(names)) == 2 else None
