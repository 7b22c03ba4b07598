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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from itertools import product as combinations

from derive.formula import Formula, Member, SumOver

Indices = tuple[int, ...]


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


@dataclass(frozen=True, slots=True)
class Family:
    """An array of quantities of one role; each index runs through its range.

    `definition` is what its members equal, over the `letters` of its indices; a family that is
    given has none. `absent` are the indices of members that the network leaves out.
    """

    key: str
    role: Role
    ranges: tuple[range, ...] = ()
    layer: int = 0
    letters: tuple[str, ...] = ()
    definition: Formula | None = None
    absent: frozenset[Indices] = frozenset()

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


def numbers_of(member: Member, chosen: Mapping[str, int]) -> Indices:
    """The indices of a member of a family for these numbers of its letters."""
    return tuple(offset + sum(chosen[x] for x in letters) for letters, offset in member.indices)


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
