"""The letters of a formula, the members of families that have them, and others in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from derive.formula import (
    Array,
    Count,
    Formula,
    Member,
    Neuron,
    SumOver,
    Where,
    transform,
    walk,
)
from derive.formula.index import Index, Test, letters_of


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


def without_single_sums(formula: Formula) -> Formula:
    """`formula` with the one summand in the place of each Σ over a single number."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, SumOver) or node.lower != node.upper:
            return None
        return without_single_sums(reindexed(node.body, {node.index: ((), node.upper)}))

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
