"""The members of families that stand in formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.formula import Array, Formula, Member, SumOver, Where


def by_family(
    places: Iterable[tuple[str, tuple[int, ...]]],
) -> dict[str, set[tuple[int, ...]]]:
    """The indices that there are, by families."""
    found: dict[str, set[tuple[int, ...]]] = {}
    for stem, indices in places:
        if indices:
            found.setdefault(stem, set()).add(indices)
    return found


def members_of(formulas: Iterable[Formula]) -> Iterator[tuple[Member, frozenset[str], bool]]:
    """The members of families in formulas, with the letters that a Σ around them binds.

    So are letters on which it depends whether a member is chosen at all. Last, whether it is an
    array.
    """
    stack: list[tuple[Formula, frozenset[str]]] = [(f, frozenset()) for f in formulas]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, Where):
            bound |= {letter for test in node.tests for letter in test.letters}
        if isinstance(node, Member):
            yield node, bound, False
        if isinstance(node, Array) and isinstance(node.of, Member):
            yield node.of, bound, True
        if isinstance(node, SumOver):
            bound |= {node.index}
        parts = node.parts()
        if isinstance(node, SumOver) and isinstance(node.body, Where):
            # The limits of a Σ choose numbers, and nothing else.
            parts = node.body.parts()
        stack.extend((part, bound) for part in parts)
