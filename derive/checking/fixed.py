"""Index letters that stand for one member in a whole document: the c of the right class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive.formula import Array, Count, Formula, Member, SumOver, Where, transform
from derive.formula.index import placed


def with_fixed(formula: Formula, fixed: Mapping[str, int]) -> Formula:
    """The formula with the numbers of letters that are fixed, but for those that a Σ binds."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver) and node.index in fixed:
            others = {letter: n for letter, n in fixed.items() if letter != node.index}
            return replace(node, body=with_fixed(node.body, others))
        if isinstance(node, Member):
            return _member(node, fixed)
        if isinstance(node, Array) and isinstance(node.of, Member):
            return replace(node, of=_member(node.of, fixed))
        if isinstance(node, Count):
            return replace(node, index=placed(node.index, fixed))
        if isinstance(node, Where):
            then, otherwise = (with_fixed(part, fixed) for part in node.parts())
            return Where(node.placed(fixed), then, otherwise)
        return None

    return transform(formula, rule) if fixed else formula


def _member(member: Member, fixed: Mapping[str, int]) -> Member:
    return replace(member, indices=tuple(placed(index, fixed) for index in member.indices))
