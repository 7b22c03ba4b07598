"""Arrays of families: their boxes, the members that stand in a template, and sweeps backward.

An index of a member is a letter, and with it an axis, or a number. Where letters are not added up
all that a member stands for is a box in the array of its family.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from derive.exact.array_rings import Array, Ring
from derive.exact.residues import NoValueError
from derive.formula import Member
from derive.model import GIVEN
from derive.model.families import Family, Key, array_of

Runs = Mapping[str, range]
"""The letters of a template, each with the numbers that it runs through; each is an axis."""
Factors = tuple[Array, ...]
"""A product that is multiplied when it has to be, as δ·out for the gradients of all weights."""
Where = tuple[slice, ...]
"""A box in an array; the first axis is that of all arrays."""
Sent = Iterator[tuple[Key, Where, Factors]]
"""What arrays of quantities get from the adjoint of a template, and in which box of each."""


class Boxes:
    """Arrays of the `families`, by what they are called, over one ring.

    `rows` is the length of the first axis of all arrays. Of the families that are `unasked` no
    adjoints are computed.
    """

    def __init__(
        self,
        ring: Ring,
        families: Mapping[Key, Family],
        rows: int = 1,
        unasked: Collection[Key] = (),
    ) -> None:
        self.ring = ring
        self.families = families
        self._rows = rows
        self.unasked = unasked

    def _sum(self, arrays: Sequence[Array]) -> Array:
        found = arrays[0]
        for other in arrays[1:]:
            found = self.ring.reduced(found + other)
        return found

    def _total(self, factors: Sequence[Array], along: Mapping[int, int]) -> Array:
        """Σ of a product along some axes, which keep the length 1; each is for so many numbers."""
        *few, most = sorted(factors, key=lambda factor: factor.size)
        shape = np.broadcast_shapes(*(factor.shape for factor in factors))
        axes = tuple(axis for axis in along if shape[axis] > 1)
        times = prod(count for axis, count in along.items() if shape[axis] == 1)
        if few:
            found = self.ring.summed(reduce(self.ring.times, few), most, axes)
        else:
            found = self.ring.reduced(most.sum(axis=axes, keepdims=True))
        return found if times == 1 else self.ring.reduced(found * times)

    def box(self, member: Member, runs: Runs) -> tuple[list[int | None], Where] | None:
        """The axes that are the indices of a member, none of a number, and its box in the array.

        Nothing where letters are added up or one stands twice: then it is no box.
        """
        letters = list(runs)
        axes: list[int | None] = []
        where = [slice(None)]
        for (own, offset), run in zip(
            member.indices, self.families[array_of(member)].ranges, strict=True
        ):
            axis = letters.index(own[0]) if own else None
            if len(own) > 1 or (own and axis in axes):
                return None
            there = runs[own[0]] if own else range(1)
            start, stop = there.start + offset - run.start, there.stop + offset - run.start
            if start < 0 or stop > len(run):
                raise NoValueError(f"{member.stem} has no member with such an index")
            axes.append(axis)
            where.append(slice(start, stop))
        return axes, tuple(where)

    def _places(self, member: Member, runs: Runs) -> tuple[NDArray[np.intp], ...]:
        """The places of a member in the array of its family, over all axes."""
        places = []
        for (own, offset), run in zip(
            member.indices, self.families[array_of(member)].ranges, strict=True
        ):
            place = np.full((1,) * len(runs), offset - run.start, dtype=np.intp)
            for letter in own:
                place = place + self._numbers(letter, runs)
            if place.min() < 0 or place.max() >= len(run):
                raise NoValueError(f"{member.stem} has no member with such an index")
            places.append(place)
        return tuple(places)

    def _numbers(self, letter: str, runs: Runs) -> NDArray[np.intp]:
        """The numbers of a letter along its axis."""
        shape = [len(run) if each == letter else 1 for each, run in runs.items()]
        return np.arange(runs[letter].start, runs[letter].stop).reshape(shape)

    def gathered(self, member: Member, runs: Runs, array: Array) -> Array:
        """A family's array, its indices along the axes of their letters."""
        box = self.box(member, runs)
        if box is None:
            rows: Any = (slice(None), *self._places(member, runs))
            found: Array = array[rows]
            return found
        axes, where = box
        # What is the same along an axis has the length 1 there.
        pairs = zip(where, array.shape, strict=True)
        part = array[tuple(run if size > 1 else slice(None) for run, size in pairs)]
        lettered = [(axis, place) for place, axis in enumerate(axes, 1) if axis is not None]
        shape = [1] * len(runs)
        for axis, place in lettered:
            shape[axis] = part.shape[place]
        order = [place for _, place in sorted(lettered)]
        numbers = [place for place, axis in enumerate(axes, 1) if axis is None]
        return part.transpose(0, *order, *numbers).reshape(len(part), *shape)

    def scattered(self, member: Member, runs: Runs, *factors: Array) -> tuple[Where, Factors]:
        """The reverse: what a product adds to members of the family, over all numbers."""
        family = self.families[array_of(member)]
        named = {*member.letters}
        along = {
            axis: len(run)
            for axis, (letter, run) in enumerate(runs.items(), 1)
            if letter not in named and len(run) > 1
        }
        box = self.box(member, runs)
        if along or box is None:
            factors = (self._total(factors, along),)
        if box is None:
            (array,) = factors
            sizes = [len(run) if letter in named else 1 for letter, run in runs.items()]
            found = np.zeros((len(array), *map(len, family.ranges)), dtype=array.dtype)
            rows: Any = (slice(None), *self._places(member, runs))
            np.add.at(found, rows, np.broadcast_to(array, (len(array), *sizes)))
            return (slice(None),) * found.ndim, (self.ring.reduced(found),)
        axes, where = box
        order = [0, *(1 + axis for axis in axes if axis is not None)]
        summed = [1 + axis for axis in range(len(runs)) if axis not in axes]
        places = [0, *(None if axis is None else 1 + axis for axis in axes)]
        return where, tuple(
            factor.transpose(*order, *summed).reshape(
                [1 if axis is None else factor.shape[axis] for axis in places]
            )
            for factor in factors
        )

    def whole(self, family: Family, products: Sequence[Factors]) -> Array:
        """The sum of what a family got, multiplied out."""
        size = tuple(map(len, family.ranges))
        if not products:
            return np.zeros((self._rows, *size), dtype=np.int64)
        shapes = {tuple(factor.shape for factor in factors) for factors in products}
        if len(products) > 1 and len(shapes) == 1:
            # What each step of a recurrence adds to a matrix: Σ_t δ[t,j]·h[t-1,k].
            stacked = [np.stack(column, axis=1) for column in zip(*products, strict=True)]
            found = self._total(stacked, {1: len(products)})[:, 0]
        else:
            found = self._sum([reduce(self.ring.times, factors) for factors in products])
        return np.broadcast_to(found, (len(found), *size))

    def within(self, array: Array, part: Family) -> Array:
        """The entries of a part of a family in the array to which it belongs."""
        found: Array = array[part.within(self.families[part.array])]
        return found

    def swept(
        self, parts: Sequence[Family], sent: Callable[[Family, Array, Self], Sent]
    ) -> dict[Key, list[Factors]]:
        """The adjoints of all arrays, backward through all parts of families from the last one.

        `sent` says what each array gets of a part that uses it. What has a definition is
        multiplied out; for all else that may never be necessary.
        """
        *_, top = defined = [part for part in parts if part.definition is not None]
        adjoints: dict[Key, Array] = {}
        first = self.families[top.array]
        one = self.ring.number(Fraction(1), len(first.ranges))
        self._add(adjoints, top.array, top.within(first), one)
        known = {part.array for part in defined}
        found: dict[Key, list[Factors]]
        found = {key: [] for key in self.families if key not in self.unasked}
        for part in reversed(defined):
            here = adjoints.get(part.array)
            own = () if here is None else sent(part, self.within(here, part), self)
            for to, where, factors in own:
                if to not in known and _is_whole(where, self.families[to]):
                    found[to].append(factors)
                else:
                    self._add(adjoints, to, where, reduce(self.ring.times, factors))
        for key in known - adjoints.keys():
            adjoints[key] = self.whole(self.families[key], [])
        for key, adjoint in adjoints.items():
            found[key].append((adjoint,))
        for key in found.keys() & {key for key, family in self.families.items() if family.absent}:
            found[key] = [(*factors, present(self.families[key])) for factors in found[key]]
        return found

    def adjoints(
        self, parts: Sequence[Family], sent: Callable[[Family, Array, Self], Sent]
    ) -> dict[Key, Array]:
        """The same, all of them multiplied out."""
        found = self.swept(parts, sent)
        return {key: self.whole(self.families[key], products) for key, products in found.items()}

    def _add(self, adjoints: dict[Key, Array], to: Key, where: Where, product: Array) -> None:
        """Add what a box of an array gets to what it got before."""
        if to not in adjoints:
            size = (self._rows, *map(len, self.families[to].ranges))
            adjoints[to] = np.zeros(size, dtype=product.dtype)
        adjoints[to][where] = self.ring.reduced(adjoints[to][where] + product)


def _is_whole(where: Where, family: Family) -> bool:
    """Whether a box is all of an array."""
    runs = zip(where[1:], family.ranges, strict=True)
    return all(run in (slice(None), slice(0, len(all_))) for run, all_ in runs)


def given_only(families: Iterable[Family]) -> frozenset[Key]:
    """The arrays that are given as a whole, and no parameters."""
    families = list(families)
    others = {f.array for f in families if f.role not in GIVEN}
    return frozenset(family.array for family in families) - others


def present(family: Family) -> Array:
    """1 for every member of a family, 0 for those that are absent."""
    found = np.ones((1, *map(len, family.ranges)), dtype=np.int64)
    for indices in family.absent:
        found[0, *family.offsets(indices)] = 0
    return found
