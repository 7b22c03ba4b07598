"""Formulas with other indices in the place of their letters: a_j as a_k, a_{t−1} or a_2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive.formula import Array, Count, Formula, Member, Neuron, SumOver, Where, transform
from derive.formula.index import Index, Test, letters_of


def reindexed(formula: Formula, new: Mapping[str, Index]) -> Formula:
    """`formula` with `new` indices for its free letters.

    A letter that a Σ counts gets a stroke where it would be taken for one of the new ones. Raises
    :class:`ValueError` for a neuron's index that would be neither a letter nor a number.
    """

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            return _sum(node, new)
        if isinstance(node, Where):
            parts = (reindexed(part, new) for part in node.parts())
            tests = (Test(_put(t.left, new), t.sign, _put(t.right, new)) for t in node.tests)
            return Where(tuple(tests), *parts)
        if isinstance(node, Count):
            return Count(_put(node.index, new))
        if isinstance(node, Array) and isinstance(node.of, Member):
            return replace(node, of=_member(node.of, new))
        if isinstance(node, Member):
            return _member(node, new)
        if isinstance(node, Neuron):
            source = None if node.source is None else _place(node.source, new)
            return Neuron(node.kind, node.layer, _place(node.index, new), source)
        return None

    return transform(formula, rule)


def _sum(node: SumOver, new: Mapping[str, Index]) -> SumOver:
    inside = {letter: index for letter, index in new.items() if letter != node.index}
    letter = node.index
    while any(letter in letters_of(index) for index in inside.values()):
        letter += "'"
    if letter != node.index:
        inside[node.index] = ((letter,), 0)
    return replace(node, index=letter, body=reindexed(node.body, inside))


def _member(member: Member, new: Mapping[str, Index]) -> Member:
    return replace(member, indices=tuple(_put(index, new) for index in member.indices))


def _put(index: Index, new: Mapping[str, Index]) -> Index:
    letters: list[str] = []
    number = index[1]
    for letter in index[0]:
        name = letter.removeprefix("-")
        other, offset = new.get(name, ((name,), 0))
        minus = name != letter
        letters += [_negated(one) if minus else one for one in other]
        number += -offset if minus else offset
    return tuple(letters), number


def _negated(letter: str) -> str:
    return letter.removeprefix("-") if letter.startswith("-") else f"-{letter}"


def _place(index: int | str, new: Mapping[str, Index]) -> int | str:
    if not isinstance(index, str) or index not in new:
        return index
    letters, number = new[index]
    if letters and (number or len(letters) > 1):
        raise ValueError(f"{index} is no letter or number")
    return letters[0] if letters else number
