"""Which letters a formula has: those that count, and whether there are any."""

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


def has_letters(formula: Formula) -> bool:
    """Whether an indexed neuron, or a member of a family, stands in `formula`."""
    return any(
        isinstance(node, Neuron | Member | Where | Count)
        or (isinstance(node, Array) and isinstance(node.of, Member))
        for node in walk(formula)
    )
