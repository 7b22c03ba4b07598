"""Dots between the links of a chain: ∂h_t/∂h_{t−1} ⋯ ∂h_{k+1}/∂h_k as a product over its links.

And those between factors of layers, (W^2)^⊤ ⋯ (W^L)^⊤, one or several for each layer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from derive.formula import (
    Array,
    Dots,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.grammar.unfinished import index_letters, plain, ungrouped
from derive.notations.free import split_name

_LETTERS = "ijkmnpqrsuv"
_OF_LAYERS = (Layer, Neuron)
MOST_OF_A_LAYER = 20
"""Factors of each layer, at most, where dots leave out those of others."""


class Run(NamedTuple):
    """The links of a chain: one with a letter, and the first and the last number of this letter.

    `reaches` says whether the link behind the dots is the last of them.
    """

    letter: str
    link: Formula
    lower: Index
    upper: Index
    reaches: bool


def run_between(before: Formula, behind: Formula, used: Iterable[Formula]) -> Run | None:
    """What stands for a link, the dots behind it and the link behind them; nothing for others.

    The link behind may be one of the same kind, which is the last, or begin where the last ends,
    as ∂h_1/∂w does.
    """
    before, behind = plain(before), plain(behind)
    if not isinstance(before, Partial) or not isinstance(behind, Partial):
        return None
    top, bottom = _member(before.of), _member(before.by)
    first = _member(behind.of)
    if top is None or bottom is None or first is None:
        return None
    place = _place(top, bottom)
    if place is None or not _alike(top, first, place):
        return None
    step = _difference(bottom, top, place)
    if step not in (((), 1), ((), -1)):
        return None
    last = _member(behind.by)
    reaches = last is not None and _alike(first, last, place)
    if reaches and last is not None and _difference(last, first, place) != step:
        return None
    end = first.indices[place]
    end = end if reaches else (end[0], end[1] - step[1])
    taken = {letter for formula in used for letter in index_letters(formula)}
    letter = next((one for one in _LETTERS if one not in taken), None)
    if letter is None:
        return None
    of, by = _moved(top, place, letter, 0), _moved(bottom, place, letter, step[1])
    arrays = isinstance(plain(before.of), Array) and isinstance(plain(before.by), Array)
    link = Partial(Array(of), Array(by)) if arrays else Partial(of, by)
    start = top.indices[place]
    lower, upper = (end, start) if step[1] < 0 else (start, end)
    return Run(letter, link, lower, upper, reaches)


class NoLayersError(ValueError):
    """Dots leave out layers that follow one another the other way."""


def layers_between(
    before: Sequence[Formula], behind: Sequence[Formula]
) -> tuple[int, list[Formula]] | None:
    """The factors that dots leave out, and how many of those behind stand before them already.

    The last factors before the dots and the first behind are the same of two layers; in the one
    step from those before them the layers go on. Nothing where it is not so; raises
    :class:`NoLayersError` where the layers behind come before those in front.
    """
    before = _as_far_as_dots(reversed(before), 2 * MOST_OF_A_LAYER)[::-1]
    behind = _as_far_as_dots(behind, MOST_OF_A_LAYER)
    for size in range(1, min(len(before), len(behind)) + 1):
        group = before[-size:]
        count = _layers_apart(group, behind[:size])
        if count is None:
            continue
        earlier = before[-2 * size : -size]
        step = _layers_apart(earlier, group) if len(earlier) == size else None
        step = step if step in (1, -1) else (-1 if count < 0 else 1)
        if count * step < 0:
            raise NoLayersError
        numbers = range(step, count, step)
        left_out = [_in_layer(factor, number) for number in numbers for factor in group]
        return (0 if count else size), left_out
    return None


def _as_far_as_dots(factors: Iterable[Formula], most: int) -> list[Formula]:
    """The factors up to other dots, which are none of a layer, out of their brackets."""
    near = islice(takewhile(lambda factor: not isinstance(factor, Dots), factors), most)
    return [ungrouped(plain(factor)) for factor in near]


def link_between(before: Sequence[Formula], behind: Formula) -> tuple[int, Formula] | None:
    """∂a^{k}_p/∂a^{i}_q in the place of the dots in ∂a^{k+1}_n/∂a^k_p ⋯ ∂a^i_q/∂a^{i-1}_j.

    It is the sum over all ways between. Before it goes how many of the last links are not to be
    counted, for there are so few layers that the link behind the dots is written twice with them.
    Raises :class:`NoLayersError` where k is less than i and these are no links one by one.
    """
    last, end = _link(behind), _link(before[-1])
    if last is None or end is None or end[0].kind != last[0].kind:
        return None
    count = max(0, last[0].layer - end[1].layer)
    if count == 0:
        return 0, Partial(end[1], last[0])
    twice = [link for factor in before[-count:] if (link := _link(factor))]
    chained = all(one[1] == other[0] for one, other in pairwise(twice))
    if len(before) <= count or len(twice) < count or not chained:
        raise NoLayersError
    return count, Partial(twice[0][0], last[0])


def _link(factor: Formula) -> tuple[Neuron, Neuron] | None:
    """The two neurons of ∂a^{k+1}_n/∂a^k_p, one layer apart and alike; nothing for others."""
    factor = ungrouped(plain(factor))
    ends = (factor.of, factor.by) if isinstance(factor, Partial) else ()
    match ends:
        case (Neuron() as of, Neuron() as by) if of.kind == by.kind and of.layer == by.layer + 1:
            return of, by
    return None


def _layers_apart(some: Sequence[Formula], others: Sequence[Formula]) -> int | None:
    """By how many layers all of some factors are before others; nothing if they are not alike."""
    nodes = [[node for factor in group for node in walk(factor)] for group in (some, others)]
    first, second = ([n.layer for n in group if isinstance(n, _OF_LAYERS)] for group in nodes)
    if not first or len(first) != len(second):
        return None
    count = second[0] - first[0]
    return count if [_in_layer(factor, count) for factor in some] == [*others] else None


def _in_layer(formula: Formula, count: int) -> Formula:
    """The same of the layer that is so many layers behind."""

    def rule(node: Formula) -> Formula | None:
        return replace(node, layer=node.layer + count) if isinstance(node, _OF_LAYERS) else None

    return transform(formula, rule)


def _member(formula: Formula) -> Member | None:
    """A member of a family, by its letters or by its numbers; of one of arrays, too."""
    formula = plain(formula)
    formula = formula.of if isinstance(formula, Array) else formula
    if isinstance(formula, Name):
        stem, numbers = split_name(formula.name)
        return Member(stem, tuple(((), number) for number in numbers)) if numbers else None
    return formula if isinstance(formula, Member) else None


def _place(one: Member, other: Member) -> int | None:
    """The only place at which the indices of two members of a family differ."""
    if one.stem != other.stem or len(one.indices) != len(other.indices):
        return None
    pairs = zip(one.indices, other.indices, strict=True)
    places = [place for place, (a, b) in enumerate(pairs) if a != b]
    return places[0] if len(places) == 1 else None


def _alike(one: Member, other: Member, place: int) -> bool:
    """Whether two members differ at one place at most."""
    if one.stem != other.stem or len(one.indices) != len(other.indices):
        return False
    pairs = enumerate(zip(one.indices, other.indices, strict=True))
    return all(a == b for at, (a, b) in pairs if at != place)


def _difference(one: Member, other: Member, place: int) -> Index:
    """By how much an index is greater than another: letters, and a number."""
    counts = Counter[str]()
    for index, sign in ((one.indices[place], 1), (other.indices[place], -1)):
        for letter in index[0]:
            counts[letter.removeprefix("-")] += -sign if letter.startswith("-") else sign
    letters = [("-" if n < 0 else "") + name for name, n in counts.items() for _ in range(abs(n))]
    return tuple(letters), one.indices[place][1] - other.indices[place][1]


def _moved(member: Member, place: int, letter: str, offset: int) -> Member:
    indices = list(member.indices)
    indices[place] = ((letter,), offset)
    return replace(member, indices=tuple(indices))
