"""Families: arrays of quantities as they are stated; a scalar is an instance, made when asked for.

    net[j] = Σ_k w[j,k]·out[k] + bias[j],   j = 1 … 512

is one definition of one family. Its formula is a *template*: a tree in which a quantity is a
:class:`~derive.formula.Member` with index letters, and a sum over a letter a
:class:`~derive.formula.SumOver`. Nothing is written out until somebody asks for ``net_c1``: a
network of 669,000 weights costs as much to state as one of six. Weights that are missing are
exceptions of their family, and terms in which one of them stands fall away.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from itertools import product as combinations

from derive.formula import Formula, Member, Product, Sum, SumOver, total

Indices = tuple[int, ...]
Key = tuple[str, int]
"""An array of quantities: what they have in common, and how many indices each has."""


class Role(Enum):
    """What a quantity is in its network."""

    INPUT = "input"
    TARGET = "target"
    WEIGHT = "weight"
    BIAS = "bias"
    NET = "net input"
    OUTPUT = "output"
    ERROR = "error"
    TOTAL = "total error"
    INTERMEDIATE = "intermediate quantity"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One named scalar: the member of `family` with these `indices`; a single one has none.

    `layer` counts from 0 (the inputs), `index` and `source` from 1. For a weight `source` → `index`
    are the neurons it connects; a bias shared by a layer has index 0, as has the total error.
    """

    name: str
    latex: str
    role: Role
    layer: int
    index: int
    source: int | None = None
    family: str = ""
    indices: Indices = ()


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Quantities of one role in an array; each index runs through its range.

    `definition` is what its members equal, over the `letters` of its indices; a family that is
    given has none. Several families with the same key and number of indices are parts of one
    array: h[0] is given, and h[t] defined. `absent` are the indices of members that the network
    leaves out, and `line` is the line of a file that states the family.
    """

    key: str
    role: Role
    ranges: tuple[range, ...] = ()
    layer: int = 0
    letters: tuple[str, ...] = ()
    definition: Formula | None = None
    absent: frozenset[Indices] = frozenset()
    line: int = 0

    @property
    def array(self) -> Key:
        """The array of which it is all or a part."""
        return self.key, len(self.ranges)

    @property
    def runs(self) -> dict[str, range]:
        """The letters of the definition with their ranges."""
        return dict(zip(self.letters, self.ranges, strict=True))

    @property
    def stated(self) -> Formula:
        """The definition of a family that has one."""
        assert self.definition is not None, self.key
        return self.definition

    @property
    def used(self) -> Iterator[tuple[Member, Mapping[str, range]]]:
        """The members that stand in its definition, each with the ranges of the letters there."""
        return iter(()) if self.definition is None else members(self.definition, self.runs)

    def narrowed(self, chosen: Mapping[str, int]) -> Family:
        """The part of it in which these letters have these numbers."""
        ranges = (
            range(chosen[letter], chosen[letter] + 1) if letter in chosen else run
            for letter, run in self.runs.items()
        )
        return replace(self, ranges=tuple(ranges))

    def __len__(self) -> int:
        return math.prod(map(len, self.ranges)) - len(self.absent)

    def __contains__(self, indices: object) -> bool:
        return (
            isinstance(indices, tuple)
            and len(indices) == len(self.ranges)
            and all(index in run for index, run in zip(indices, self.ranges, strict=True))
            and indices not in self.absent
        )

    def __iter__(self) -> Iterator[Indices]:
        """The indices of all members, the last of them changing fastest."""
        found = combinations(*self.ranges)
        return (i for i in found if i not in self.absent) if self.absent else found

    def at(self, place: int) -> Indices:
        """The indices of the member that has this place among all of them."""
        if self.absent:
            return next(islice(self, place, None))
        indices: list[int] = []
        for run in reversed(self.ranges):
            place, digit = divmod(place, len(run))
            indices.insert(0, run[digit])
        return tuple(indices)

    def offsets(self, indices: Indices) -> Indices:
        """Where a member stands along each index, counted from the first number of its range."""
        return tuple(i - run.start for i, run in zip(indices, self.ranges, strict=True))

    def within(self, whole: Family) -> tuple[slice, ...]:
        """Where this part of a family stands in an array of all; the first axis is another."""
        places = zip(self.ranges, whole.ranges, strict=True)
        rows = (slice(run.start - all_.start, run.stop - all_.start) for run, all_ in places)
        return (slice(None), *rows)

    def place(self, indices: Indices) -> int:
        """The place of a member among all of them, from 0."""
        found = 0
        for index, run in zip(indices, self.ranges, strict=True):
            found = found * len(run) + index - run.start
        return found - sum(a < indices for a in self.absent)


@dataclass(frozen=True, slots=True)
class Slope:
    """A local derivative of a family's definition, by the members of another, as a template.

    `bound` are the letters that sums bind around `by`, with their ranges.
    """

    by: Member
    value: Formula
    bound: Mapping[str, range]


def members(
    template: Formula, ranges: Mapping[str, range]
) -> Iterator[tuple[Member, Mapping[str, range]]]:
    """The members of families in a template, each with the ranges of all letters around it."""
    if isinstance(template, Member):
        yield template, ranges
    if isinstance(template, SumOver):
        ranges = {**ranges, template.index: range(template.lower, template.upper + 1)}
    for part in template.parts():
        yield from members(part, ranges)


def count_members(template: Formula) -> int:
    """How many members stand in a template when every Σ is written out."""
    inside = sum(map(count_members, template.parts()))
    if isinstance(template, SumOver):
        return (template.upper + 1 - template.lower) * inside
    return inside + isinstance(template, Member)


def opened(term: Formula) -> tuple[dict[str, range], Formula]:
    """The letters that the Σ around a term bind, and what stands in these."""
    bound: dict[str, range] = {}
    while isinstance(term, SumOver):
        bound[term.index] = range(term.lower, term.upper + 1)
        term = term.body
    return bound, term


def box_around(families: Iterable[Family]) -> tuple[range, ...]:
    """The ranges of the indices of all members together."""
    runs = zip(*(family.ranges for family in families), strict=True)
    return tuple(range(min(r.start for r in x), max(r.stop for r in x)) for x in runs)


def array_of(member: Member) -> Key:
    """The array in which a member stands."""
    return member.stem, len(member.indices)


def numbers_of(member: Member, chosen: Mapping[str, int]) -> Indices:
    """The indices of a member of a family for these numbers of its letters."""
    return tuple(offset + sum(chosen[x] for x in letters) for letters, offset in member.indices)


def reach(member: Member, ranges: Mapping[str, range]) -> list[range]:
    """From the least to the largest number that each index of a member may be."""
    found: list[range] = []
    for letters, offset in member.indices:
        runs = [ranges[letter] for letter in letters]
        low, high = sum(run.start for run in runs), sum(run.stop - 1 for run in runs)
        found.append(range(offset + low, offset + high + 1))
    return found


def taken(member: Member, ranges: Mapping[str, range]) -> list[Iterable[int]] | None:
    """The numbers of each index of a member, where each has letters of its own; else nothing."""
    letters = [letter for own, _ in member.indices for letter in set(own)]
    if len(set(letters)) < len(letters):
        return None
    found: list[Iterable[int]] = []
    for own, offset in member.indices:
        if len(own) < 2:
            run = ranges[own[0]] if own else range(1)
            found.append(range(run.start + offset, run.stop + offset))
        else:
            chosen = combinations(*(ranges[letter] for letter in dict.fromkeys(own)))
            times = [own.count(letter) for letter in dict.fromkeys(own)]
            sums = {sum(map(int.__mul__, numbers, times)) for numbers in chosen}
            found.append(sorted(offset + number for number in sums))
    return found


def places(member: Member, ranges: Mapping[str, range]) -> Iterator[Indices]:
    """The indices of all members of a family that one member with letters stands for."""
    runs = taken(member, ranges)
    if runs is not None:
        yield from combinations(*runs)
        return
    letters = list(dict.fromkeys(member.letters))
    for numbers in combinations(*(ranges[letter] for letter in letters)):
        yield numbers_of(member, dict(zip(letters, numbers, strict=True)))


def fitting(
    member: Member, indices: Indices, chosen: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """The numbers of the letters for which a member has these indices; `chosen` ones stay.

    An index with two letters that are open lets the first of them be anything from 0 on.
    """
    found = [dict(chosen)]
    for (letters, offset), index in zip(member.indices, indices, strict=True):
        found = [more for one in found for more in _solved(letters, index - offset, one)]
    yield from found


def fitting_within(
    member: Member, indices: Indices, ranges: Mapping[str, range]
) -> Iterator[dict[str, int]]:
    """Those of these numbers that are in the ranges of the letters."""
    for chosen in fitting(member, indices, {}):
        if all(number in ranges[letter] for letter, number in chosen.items()):
            yield chosen


def _solved(letters: Sequence[str], rest: int, chosen: dict[str, int]) -> Iterator[dict[str, int]]:
    """The ways in which letters add up to a number."""
    rest -= sum(chosen[letter] for letter in letters if letter in chosen)
    open_ = [letter for letter in letters if letter not in chosen]
    if not open_:
        if not rest:
            yield chosen
        return
    letter, times = open_[0], open_.count(open_[0])
    if len(set(open_)) == 1:
        if rest >= 0 and rest % times == 0:
            yield {**chosen, letter: rest // times}
        return
    for number in range(rest // times + 1 if rest >= 0 else 0):
        yield from _solved(open_, rest, {**chosen, letter: number})


def member(key: str, *indices: str | int) -> Member:
    """The member of a family whose indices are these letters and numbers."""
    return Member(key, tuple(((i,), 0) if isinstance(i, str) else ((), i) for i in indices))


def summed(body: Formula, **ranges: range) -> Formula:
    """Σ of `body` over letters, the first of them outermost."""
    for letter, run in reversed(list(ranges.items())):
        body = SumOver(letter, run.stop - 1, body, run.start)
    return body


class AbsentError(LookupError):
    """A member that does not exist."""


def instance(
    template: Formula, chosen: Mapping[str, int], named: Callable[[str, Indices], Formula]
) -> Formula:
    """`template` for these numbers of its letters, every Σ written out; `named` says who is who.

    Terms for a member of which `named` raises :class:`AbsentError` are left out.
    """
    if not isinstance(template, Sum | SumOver):
        return _whole(template, chosen, named)
    return total(terms(template, chosen, named))


def terms(
    template: Formula, chosen: Mapping[str, int], named: Callable[[str, Indices], Formula]
) -> Iterator[Formula]:
    """The terms of the instance, in written order."""
    if isinstance(template, Sum):
        for term in template.terms:
            yield from terms(term, chosen, named)
    elif isinstance(template, SumOver):
        for number in range(template.lower, template.upper + 1):
            yield from terms(template.body, {**chosen, template.index: number}, named)
    else:
        try:
            yield _whole(template, chosen, named)
        except AbsentError:
            return


def _whole(
    template: Formula, chosen: Mapping[str, int], named: Callable[[str, Indices], Formula]
) -> Formula:
    if isinstance(template, Member):
        return named(template.stem, numbers_of(template, chosen))
    if isinstance(template, Sum | SumOver):
        return instance(template, chosen, named)
    parts = template.parts()
    if not parts:
        return template
    made = tuple(_whole(part, chosen, named) for part in parts)
    if isinstance(template, Product) and not any(isinstance(part, SumOver) for part in parts):
        # As it is written, factors 1 and brackets included.
        return Product(made)
    return template.rebuilt(made)
