"""Filling in the dots of a sum: w31·out_c1 + w32·out_c2 + ⋯ + w3_30·out_c30.

The numbers of the names count on. One name leads: it goes from the term before the dots to the term
behind in steps like the one before the dots, or member by member through its family as in net_1_1,
net_1_2, …, net_2_1, …; the numbers of the other names follow it linearly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.calculus.indices import Indices
from derive.formula import Delta, Dots, Formula, Member, Name, Number, SumOver, transform, walk
from derive.formula.index import Index as LetteredIndex
from derive.formula.letters import reindexed
from derive.grammar.protocols import DotsError
from derive.model import KINDS, Role
from derive.notations.free import split_name

MOST_COUNTED = 10_000

Leaf = Name | Delta | Member
Index = tuple[int, ...]
Stem = tuple[str, ...]
"""What does not count in a name; of w_{k,j+1} the letters belong to it, the numbers count."""
Known = Sequence[Sequence[tuple[Stem, Index]]]
"""The names of the terms beside the dots, term by term."""


def filled(terms: Sequence[Formula], indices: Indices) -> list[Formula]:
    """The terms of a sum with every ellipsis written out. Raises :class:`DotsError`.

    The pattern is that of the two terms before the dots, or a count by one from the term before
    them to the term behind.
    """
    names = _Names(indices)
    terms = _around_a_general_one(terms, indices)
    found: list[Formula] = []
    for place, term in enumerate(terms):
        if not isinstance(term, Dots):
            found.append(term)
            continue
        if not 0 < place < len(terms) - 1:
            raise DotsError("dots need a term before and a term behind them")
        earlier = found[-2] if len(found) > 1 else None
        found.extend(_between(earlier, found[-1], terms[place + 1], names))
    return found


def _around_a_general_one(terms: Sequence[Formula], indices: Indices) -> list[Formula]:
    """The terms with Σ_j w_j x_j in the place of w_1 x_1 + ⋯ + w_j x_j + ⋯ (+ w_n x_n)."""
    found = list(terms)
    for place in range(1, len(found) - 2):
        dots = isinstance(found[place], Dots) and isinstance(found[place + 2], Dots)
        chosen = _chosen(found[place - 1], found[place + 1]) if dots else {}
        if not chosen:
            continue
        general, runs = found[place + 1], indices.ranges(found[place + 1])
        if any(not runs.get(letter) or n != runs[letter][0] for letter, n in chosen.items()):
            raise DotsError("the term before the dots is not the first of those behind them")
        last = _chosen(found[place + 3], general) if len(found) > place + 3 else {}
        ends = {letter: runs[letter][-1] for letter in chosen}
        if last and last != ends:
            raise DotsError("the term behind the dots is not the last of those before them")
        new: dict[str, LetteredIndex] = {letter: ((f"{letter}''",), 0) for letter in chosen}
        whole = reindexed(general, new)
        for letter in chosen:
            whole = SumOver(f"{letter}''", runs[letter][-1], whole, runs[letter][0])
        found[place - 1 : place + 3 + bool(last)] = [whole]
        return found
    return found


def _chosen(one: Formula, general: Formula) -> dict[str, int]:
    """The numbers of the letters of a general term with which it is another; nothing if it is not.

    Letters that stand in both terms are no numbers in either.
    """
    leaves = [[_as_member(leaf) for leaf in _members(term)] for term in (one, general)]
    if len(leaves[0]) != len(leaves[1]):
        return {}
    found: dict[str, int] = {}
    for a, b in zip(*leaves, strict=True):
        for (own, number), (letters, offset) in zip(a.indices, b.indices, strict=False):
            open_ = [letter for letter in letters if letter not in own]
            if len(open_) == 1 and len(own) == len(letters) - 1:
                found.setdefault(open_[0], number - offset)
    new: dict[str, LetteredIndex] = {letter: ((), number) for letter, number in found.items()}
    same = transform(reindexed(general, new), _member_of_name) == transform(one, _member_of_name)
    return found if same else {}


def _members(formula: Formula) -> list[Name | Member]:
    return [node for node in walk(formula) if isinstance(node, Name | Member)]


def _as_member(leaf: Name | Member) -> Member:
    if isinstance(leaf, Member):
        return leaf
    stem, numbers = split_name(leaf.name)
    return Member(stem, tuple(((), number) for number in numbers))


def _member_of_name(node: Formula) -> Formula | None:
    return _as_member(node) if isinstance(node, Name) else None


def _between(
    earlier: Formula | None, before: Formula, last: Formula, names: _Names
) -> list[Formula]:
    """The terms between `before` and `last`; `earlier` stands before `before`, if there is one."""
    if isinstance(before, Number) and before == last:
        return []
    known = [[names.split(leaf) for leaf in _leaves(t)] for t in (earlier, before, last) if t]
    if earlier is not None and _stems(known[0]) != _stems(known[1]):
        known.pop(0)
    if _stems(known[-2]) != _stems(known[-1]) or not known[-1]:
        raise DotsError("the terms before and behind the dots are not of one kind")
    for lead in range(len(known[-1])):
        indices = [term[lead][1] for term in known]
        for between in _runs(known[-1][lead][0], indices, names):
            run = [indices[-2], *between, indices[-1]]
            found = _filled(before, known, lead, run, names)
            if found and found[0] == before and found[-1] == last:
                if len(known) == 2 and not names.count_alike(known, len(run) - 1):
                    raise DotsError("write a second term before the dots, to say how they count")
                return found[1:-1]
    raise DotsError("the terms around the dots do not count in one way")


class _Names:
    """How the names of a network count: by the numbers in them, or by the places of neurons."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        self._quantities = indices.model.quantities
        self._layered = indices.model.has_neurons

    def split(self, leaf: Leaf) -> tuple[Stem, Index]:
        """``net_1_2`` is net with (1, 2), and x_{k,j+2} is x, k, j with (0, 2)."""
        if isinstance(leaf, Member):
            letters = ["+".join(letters) for letters, _ in leaf.indices]
            return ("member", leaf.stem, *letters), tuple(number for _, number in leaf.indices)
        quantity = self._quantities[leaf.of if isinstance(leaf, Delta) else leaf.name]
        if self._layered and quantity.role in KINDS:
            kind = "delta" if isinstance(leaf, Delta) else KINDS[quantity.role]
            source = () if quantity.source is None else (quantity.source,)
            return ("place", kind, str(quantity.layer)), (quantity.index, *source)
        stem, numbers = split_name(quantity.name)
        return ("delta" if isinstance(leaf, Delta) else "name", stem), numbers

    def joined(self, stem: Stem, numbers: Sequence[int]) -> Leaf | None:
        """The reverse of :meth:`split`; nothing if there is no such name."""
        sort, *rest = stem
        if sort == "member":
            indices = zip(rest[1:], numbers, strict=True)
            pairs = ((tuple(filter(None, text.split("+"))), n) for text, n in indices)
            return Member(rest[0], tuple(pairs))
        if sort == "place":
            kind, index, *source = "net" if rest[0] == "delta" else rest[0], *numbers
            place = (kind, int(rest[1]), index, source[0] if source else None)
            name = self._indices.model.neuron(*place)
        else:
            name = "_".join([rest[0], *map(str, numbers)])
        if name is None or name not in self._quantities:
            return None
        return Delta(name) if "delta" in stem[:2] else Name(name)

    def members(self, stem: Stem, like: Index) -> list[Index]:
        """The numbers of all quantities of a family, in their order."""
        split = map(self.split, map(Name, self._quantities))
        return sorted(index for own, index in split if own == stem and len(index) == len(like))

    def count_alike(self, known: Known, steps: int) -> bool:
        """Whether the numbers of weights go as many steps as their places: w_{31} to w_{33}."""
        weights = [q.name for q in self._indices.model.having(Role.WEIGHT)] if self._layered else []
        places = {self.split(Name(name)): place for place, name in enumerate(weights)}
        pairs = zip(known[0], known[1], strict=True)
        return all(places[b] - places[a] in (0, steps) for a, b in pairs if a in places)


def _runs(stem: Stem, indices: Sequence[Index], names: _Names) -> Iterator[Sequence[Index]]:
    """What may stand between: equal steps, then the members of the family in their order."""
    start, end = indices[-2], indices[-1]
    if start == end:
        return
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
    members = names.members(stem, start)
    if start > end:
        members.reverse()
    if start in members and end in members:
        here, there = members.index(start), members.index(end)
        follows = len(indices) < 3 or (here and members[here - 1] == indices[0])
        if follows and here < there <= here + MOST_COUNTED:
            yield members[here + 1 : there]


def _filled(
    before: Formula, known: Known, lead: int, run: Sequence[Index], names: _Names
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
        leaves = [
            names.joined(stem, [offset + slope * index[place] for place, slope, offset in rule])
            for (stem, _), rule in zip(known[-1], rules, strict=True)
        ]
        there = [leaf for leaf in leaves if leaf is not None]
        if len(there) < len(leaves):
            return None
        found.append(_replaced(before, there))
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


def _leaves(formula: Formula) -> list[Leaf]:
    return [node for node in walk(formula) if isinstance(node, Leaf)]


def _stems(names: Sequence[tuple[Stem, Index]]) -> list[tuple[Stem, int]]:
    return [(stem, len(index)) for stem, index in names]


def _replaced(formula: Formula, leaves: Sequence[Formula]) -> Formula:
    """`formula` with its names, in written order, replaced by `leaves`."""
    todo = iter(leaves)
    return transform(formula, lambda node: next(todo) if isinstance(node, Leaf) else None)
