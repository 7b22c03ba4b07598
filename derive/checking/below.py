"""On which given quantities formulas depend."""

from __future__ import annotations

from collections.abc import Sequence

from derive.formula import Delta, Formula, Letter, Name, Partial, Updated, walk
from derive.model import Model


def given_below(model: Model, formulas: Sequence[Formula]) -> set[str]:
    """The names on which formulas depend, through all definitions, and their letters."""
    todo: list[str] = []
    needed: set[str] = set()
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, Name):
                todo.append(node.name)
            elif isinstance(node, Letter):
                needed.add(node.name)
            elif isinstance(node, Delta):
                todo += [node.of, model.total]
            elif isinstance(node, Updated):
                todo += [node.of, model.total]
                needed.add("eta")
            elif isinstance(node, Partial) and isinstance(node.by, Name):
                todo.append(node.by.name)
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo.extend(model.inputs_of.get(name, ()))
    return needed
