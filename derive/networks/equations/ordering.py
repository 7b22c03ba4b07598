"""The order in which families can be computed, each member after all that it uses.

A family that does not use itself comes as a whole. Families that use one another, as the states of
a recurrence do, are a block, and gone through number by number of one index: h[t] uses net[t], and
net[t] uses h[t-1]. Where there is no such index the members of the block are put in order one by
one. Otherwise everything comes as it is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

from derive.formula import Member
from derive.model.families import Family, Indices, Key, array_of, members, numbers_of, places, reach
from derive.model.instances import Step

Node = TypeVar("Node")
Use = tuple[Family, Family, Member]
"""A family, one that it uses, and the member of it that stands in its definition."""


class CircleError(ValueError):
    """Definitions that use one another in a circle: the names, the first at the end again."""

    def __init__(self, circle: list[tuple[Family, Indices]]) -> None:
        super().__init__(circle)
        self.circle = circle


def ordered(families: Sequence[Family]) -> list[Step]:
    """The steps in which all families can be computed. Raises :class:`CircleError`."""
    return list(_ordered(families, list(_uses(families))))


def _uses(families: Sequence[Family]) -> Iterator[Use]:
    """Which families may use which: where the numbers of all indices meet."""
    single: dict[tuple[str, Indices], Family] = {}
    arrays: dict[Key, list[Family]] = {}
    for family in families:
        if len(family) == 1:
            single[family.key, family.at(0)] = family
        arrays.setdefault(family.array, []).append(family)
    for family in families:
        for member, ranges in family.used:
            if not member.letters:
                alone = single.get((member.stem, numbers_of(member, {})))
                if alone is not None:
                    yield family, alone, member
                    continue
            box = reach(member, ranges)
            for other in arrays.get(array_of(member), ()):
                meet = zip(box, other.ranges, strict=True)
                if all(a.start < b.stop and b.start < a.stop for a, b in meet):
                    yield family, other, member


def _ordered(families: Sequence[Family], uses: Sequence[Use]) -> Iterator[Step]:
    place = {family: n for n, family in enumerate(families)}
    needs: dict[Family, set[Family]] = {family: set() for family in families}
    for family, other, _ in uses:
        needs[family].add(other)
    blocks = _blocks(needs)
    inside: dict[int, list[Use]] = {}
    waiting: dict[int, set[int]] = {}
    of = {family: n for n, block in enumerate(blocks) for family in block}
    for family, other, member in uses:
        if of[family] == of[other]:
            inside.setdefault(of[family], []).append((family, other, member))
    for n, block in enumerate(blocks):
        waiting[n] = {of[other] for family in block for other in needs[family]} - {n}
    first = {n: min(place[family] for family in block) for n, block in enumerate(blocks)}
    for n in sorted_by_needs(waiting, first.__getitem__):
        block = sorted(blocks[n], key=place.__getitem__)
        yield from _stepped(block, inside[n]) if n in inside else [(block[0], {})]


def sorted_by_needs(waiting: Mapping[Node, set[Node]], place: Callable[[Node], int]) -> list[Node]:
    """The nodes, each behind those that it waits for; of those that may come next the first one.

    Nodes in a circle, and all that wait for these, are left out; what they wait for stays behind
    in `waiting`.
    """
    users: dict[Node, list[Node]] = {}
    for node, needs in waiting.items():
        for need in needs:
            users.setdefault(need, []).append(node)
    by_place = {place(node): node for node in waiting}
    ready = sorted(place(node) for node, needs in waiting.items() if not needs)
    found: list[Node] = []
    while ready:
        node = by_place[heappop(ready)]
        found.append(node)
        for user in users.get(node, ()):
            waiting[user].discard(node)
            if not waiting[user]:
                heappush(ready, place(user))
    return found


def _blocks(needs: Mapping[Family, set[Family]]) -> list[list[Family]]:
    """The families that use one another together (Tarjan 1972), without recursion."""
    number: dict[Family, int] = {}
    low: dict[Family, int] = {}
    kept: dict[Family, None] = {}
    found: list[list[Family]] = []
    for start in needs:
        todo = [] if start in number else [(start, iter(needs[start]))]
        while todo:
            family, rest = todo[-1]
            if family not in number:
                number[family] = low[family] = len(number)
                kept[family] = None
            other = next(rest, None)
            if other is not None:
                if other not in number:
                    todo.append((other, iter(needs[other])))
                elif other in kept:
                    low[family] = min(low[family], number[other])
                continue
            todo.pop()
            if todo:
                low[todo[-1][0]] = min(low[todo[-1][0]], low[family])
            if low[family] == number[family]:
                block: list[Family] = []
                while not block or block[-1] is not family:
                    block.append(kept.popitem()[0])
                found.append(block)
    return found


def _stepped(block: Sequence[Family], uses: Sequence[Use]) -> Iterator[Step]:
    """A block number by number of an index along which nothing is used before it is there."""
    for axis in range(len(block[0].letters)):
        letters = _along(block[0], axis, uses)
        shifts = {} if letters is None else {use: _shift(use, letters) for use in uses}
        signs = {(n > 0) - (n < 0) for n in shifts.values()} - {0}
        if letters is None or len(signs) != 1:
            continue
        inner = list(_ordered(block, [use for use, n in shifts.items() if not n]))
        numbers = sorted({n for family, letter in letters.items() for n in family.runs[letter]})
        for number in numbers if signs == {-1} else reversed(numbers):
            for family, chosen in inner:
                letter = letters[family]
                if number in family.runs[letter] and chosen.get(letter, number) == number:
                    yield family, {**chosen, letter: number}
        return
    yield from _one_by_one(block)


def _along(first: Family, axis: int, uses: Sequence[Use]) -> dict[Family, str] | None:
    """The letter of each family of a block that goes with that of the first; nothing if none does.

    It stands alone in the index that it is of a member.
    """
    axes, todo = {first: axis}, [first]
    while todo:
        family = todo.pop()
        letter = family.letters[axes[family]]
        for user, other, member in uses:
            if user is family:
                there = [n for n, (own, _) in enumerate(member.indices) if own == (letter,)]
                todo += [other] if other not in axes else []
                if not there or axes.setdefault(other, there[0]) not in there:
                    return None
    return {family: family.letters[n] for family, n in axes.items()}


def _shift(use: Use, letters: Mapping[Family, str]) -> int:
    """By how much the number of a member that is used differs from that of its user."""
    _, other, member = use
    return member.indices[other.letters.index(letters[other])][1]


def _one_by_one(block: Sequence[Family]) -> Iterator[Step]:
    """A block member by member, each as early as it can be."""
    own = [(family, at) for family in block for at in family]
    by_name = {(family.key, at): (family, at) for family, at in own}
    waiting: dict[tuple[Family, Indices], set[tuple[Family, Indices]]] = {}
    for family, at in own:
        numbers = {letter: range(n, n + 1) for letter, n in zip(family.letters, at, strict=True)}
        found = (
            (member.stem, there)
            for member, ranges in members(family.stated, numbers)
            for there in places(member, ranges)
        )
        waiting[family, at] = {by_name[name] for name in found if name in by_name}
    place = {node: n for n, node in enumerate(own)}
    for family, at in sorted_by_needs(waiting, place.__getitem__):
        yield family, dict(zip(family.letters, at, strict=True))
    if any(waiting.values()):
        raise CircleError(_circle(waiting, place))


def _circle(
    waiting: Mapping[tuple[Family, Indices], set[tuple[Family, Indices]]],
    place: Mapping[tuple[Family, Indices], int],
) -> list[tuple[Family, Indices]]:
    """One round of a circle of definitions."""
    node = next(node for node, needs in waiting.items() if needs)
    met: dict[tuple[Family, Indices], int] = {}
    path: list[tuple[Family, Indices]] = []
    while node not in met:
        met[node] = len(path)
        path.append(node)
        node = min(waiting[node], key=lambda need: (need[0].key, need[1]))
    return [*path[met[node] :], node]
