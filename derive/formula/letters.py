"""Which letters a formula has, and the members of families that have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.formula import Array, Count, Formula, Member, Neuron, SumOver, Where, walk
from derive.formula.index import letters_of


def counting(formulas: Iterable[Formula]) -> Iterator[str]:
    """The letters that stand in powers and in limits, w^{t-k}, and that no Σ or Π binds."""
    nodes = [node for formula in formulas for node in walk(formula)]
    bound = {node.index for node in nodes if isinstance(node, SumOver)}
    for node in nodes:
        tests = node.tests if isinstance(node, Where) else ()
        indices = [node.index] if isinstance(node, Count) else []
        for index in (*indices, *(side for test in tests for side in (test.left, test.right))):
            yield from (letter for letter in letters_of(index) if letter not in bound)


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


def has_letters(formula: Formula) -> bool:
    """Whether an indexed neuron, or a member of a family, stands in `formula`."""
    return any(
        isinstance(node, Neuron | Member | Where | Count)
        or (isinstance(node, Array) and isinstance(node.of, Member))
        for node in walk(formula)
    )
