"""Filling in the dots of a sum over names that a user chose: w_1·x_1 + w_2·x_2 + ⋯ + w_9·x_9.

The numbers in the names count on. One name leads: it goes through the members of its family from
the term before the dots to the term behind, in steps like the one before the dots, or member by
member as in net_1_1, net_1_2, …, net_2_1, …; the numbers of the other names follow it linearly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.formula import Formula, Member, Name, transform, walk
from derive.model import Model

MOST_COUNTED = 10_000

Index = tuple[int, ...]
Stem = tuple[str, ...]
"""What does not count in a name; of w_{k,j+1} the letters belong to it, the numbers count."""


def counted(
    earlier: Formula | None, before: Formula, last: Formula, model: Model
) -> list[Formula] | None:
    """The terms between `before` and `last`, or nothing if they do not follow one pattern.

    `earlier` is the term before `before`, if there is one.
    """
    known = [
        [_split(leaf, model) for leaf in _leaves(term)] for term in (earlier, before, last) if term
    ]
    if earlier is not None and _stems(known[0]) != _stems(known[1]):
        known.pop(0)
    if _stems(known[-2]) != _stems(known[-1]) or not known[-1]:
        return None
    for lead in range(len(known[-1])):
        indices = [term[lead][1] for term in known]
        if indices[-2] == indices[-1]:
            continue
        for between in _runs(known[-1][lead][0], indices, model):
            found = _filled(before, known, lead, [indices[-2], *between, indices[-1]], model)
            if found and found[0] == before and found[-1] == last:
                return found[1:-1]
    return None


def _runs(stem: Stem, indices: Sequence[Index], model: Model) -> Iterator[list[Index]]:
    """What may stand between: equal steps, then the members of the family in their order."""
    start, end = indices[-2], indices[-1]
    if len(indices) > 2:
        step = tuple(b - a for a, b in zip(indices[0], start, strict=True))
    else:
        step = tuple((b > a) - (b < a) for a, b in zip(start, end, strict=True))
    gaps = {
        (b - a) / s if s else (0 if a == b else None)
        for a, b, s in zip(start, end, step, strict=True)
        if s or a != b
    }
    count = gaps.pop() if len(gaps) == 1 else None
    if count is not None and count == int(count) and 0 < count <= MOST_COUNTED:
        yield [
            tuple(a + s * n for a, s in zip(start, step, strict=True)) for n in range(1, int(count))
        ]
    members = sorted(
        quantity.indices
        for quantity in model.quantities.values()
        if (quantity.family,) == stem and len(quantity.indices) == len(start)
    )
    if start > end:
        members.reverse()
    if start in members and end in members:
        here, there = members.index(start), members.index(end)
        follows = len(indices) < 3 or (here and members[here - 1] == indices[0])
        if follows and here < there <= here + MOST_COUNTED:
            yield members[here + 1 : there]


def _filled(
    before: Formula,
    known: Sequence[Sequence[tuple[Stem, Index]]],
    lead: int,
    run: Sequence[Index],
    model: Model,
) -> list[Formula] | None:
    """`before` with the numbers of all its names moved along `run`."""
    rules: list[list[tuple[int, int, int]]] = []
    leads = [term[lead][1] for term in known]
    for name in range(len(known[0])):
        own = [term[name][1] for term in known]
        lines = [_linear(leads, [index[p] for index in own], p) for p in range(len(own[0]))]
        rules.append([line for line in lines if line is not None])
        if len(rules[-1]) < len(lines):
            return None
    found = []
    for index in run:
        leaves = []
        for (stem, _), rule in zip(known[-1], rules, strict=True):
            numbers = [offset + slope * index[place] for place, slope, offset in rule]
            leaf = _joined(stem, numbers, model)
            if leaf is None:
                return None
            leaves.append(leaf)
        found.append(_replaced(before, leaves))
    return found


def _linear(
    leads: Sequence[Index], numbers: Sequence[int], place: int
) -> tuple[int, int, int] | None:
    """(p, a, b) so that the numbers are a·index[p] + b for each index that leads.

    A number is counted by the one in its own place if it can be.
    """
    if len(set(numbers)) == 1:
        return 0, 0, numbers[0]
    size = len(leads[0])
    for p in [place, *range(size)] if place < size else range(size):
        pairs = sorted({(lead[p], number) for lead, number in zip(leads, numbers, strict=True)})
        (a, x), (b, y) = pairs[0], pairs[-1]
        if a == b or (y - x) % (b - a):
            continue
        slope = (y - x) // (b - a)
        if all(number == x + slope * (lead - a) for lead, number in pairs):
            return p, slope, x - slope * a
    return None


def _leaves(formula: Formula) -> list[Name | Member]:
    return [node for node in walk(formula) if isinstance(node, Name | Member)]


def _stems(names: Sequence[tuple[Stem, Index]]) -> list[tuple[Stem, int]]:
    return [(stem, len(index)) for stem, index in names]


def _split(leaf: Name | Member, model: Model) -> tuple[Stem, Index]:
    """``net_1_2`` is net with (1, 2), and x_{k,j+2} is x, k, j with (0, 2)."""
    if isinstance(leaf, Member):
        letters = ["+".join(letters) for letters, _ in leaf.indices]
        return (leaf.stem, *letters), tuple(number for _, number in leaf.indices)
    quantity = model.quantities[leaf.name]
    return (quantity.family,), quantity.indices


def _joined(stem: Stem, numbers: Sequence[int], model: Model) -> Name | Member | None:
    """The reverse of :func:`_split`; nothing where the family has no such member."""
    family, *letters = stem
    if not letters:
        name = model.member(family, tuple(numbers))
        return None if name is None else Name(name)
    indices = zip(letters, numbers, strict=True)
    return Member(family, tuple((tuple(filter(None, text.split("+"))), n) for text, n in indices))


def _replaced(formula: Formula, leaves: Sequence[Formula]) -> Formula:
    """`formula` with its names, in written order, replaced by `leaves`."""
    todo = iter(leaves)
    return transform(formula, lambda f: next(todo) if isinstance(f, Name | Member) else None)
