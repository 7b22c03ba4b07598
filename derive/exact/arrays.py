"""Families as arrays of residues: a whole model at one consistent point, by NumPy.

A template is evaluated over all numbers of its letters at once, each letter an axis, modulo several
primes of 31 bits, the first axis: w[j,k]·out[k] is one product of a matrix and a row, and Σ_k a sum
along an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce, singledispatchmethod
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.exact.array_rings import Array, Ring
from derive.exact.residues import NoValueError
from derive.formula import (
    Call,
    Cases,
    Formula,
    Member,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    walk,
)
from derive.model.families import Family, Key, array_of

Runs = Mapping[str, range]
"""The letters of a template, each with the numbers that it runs through; each is an axis."""
Factors = tuple[Array, ...]
"""A product that is multiplied when it has to be, as δ·out for the gradients of all weights."""
Where = tuple[slice, ...]
"""A box in an array; the first axis is that of all arrays."""
Sent = Iterator[tuple[Key, Where, Factors]]
"""What arrays of quantities get from the adjoint of a template, and in which box of each."""


class Templates:
    """Templates over arrays, their values and their slopes along a direction.

    `arrays` gives the array of each of the `families`, by what it is called. `elements` says what a
    function is at each entry of its argument: its value and its slope there, or the unit step of
    cases. `rows` is the length of the first axis of all arrays.
    """

    def __init__(
        self,
        ring: Ring,
        families: Mapping[Key, Family],
        arrays: Callable[[Key], Array],
        elements: Callable[[Call | Cases, Runs], Sequence[Array]],
        rows: int = 1,
    ) -> None:
        self.ring = ring
        self._rows = rows
        self.families = families
        self._arrays = arrays
        self._elements = elements

    def value(self, template: Formula, runs: Runs) -> Array:
        """The values of a template: an axis for each letter, of length 1 where it has no part."""
        return self.dual(template, runs, {})[0]

    def dual(
        self, node: Formula, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        """The values, and the slopes when the families in `moved` move so; nothing for none."""
        m = self.ring
        if isinstance(node, Member):
            moving = moved.get(array_of(node))
            return self.gathered(node, runs, self._arrays(array_of(node))), (
                None if moving is None else self.gathered(node, runs, moving)
            )
        if isinstance(node, Number):
            return m.number(node.value, len(runs)), None
        if isinstance(node, Sum):
            parts = [self.dual(term, runs, moved) for term in node.terms]
            return self._sum([v for v, _ in parts]), self._moving([s for _, s in parts])
        if isinstance(node, Negative):
            value, slope = self.dual(node.term, runs, moved)
            return m.reduced(-value), None if slope is None else m.reduced(-slope)
        if isinstance(node, Product):
            return self._product([self.dual(f, runs, moved) for f in node.factors])
        if isinstance(node, Quotient):
            bottom, falling = self.dual(node.bottom, runs, moved)
            inverse = m.inverse(bottom)
            change = None
            if falling is not None:
                change = m.reduced(-m.times(falling, m.times(inverse, inverse)))
            return self._product([self.dual(node.top, runs, moved), (inverse, change)])
        if isinstance(node, SumOver):
            return self._sum_over(node, runs, moved)
        return self._other(node, runs, moved)

    def _other(
        self, node: Formula, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        """Functions, cases and powers."""
        m = self.ring
        if isinstance(node, Call):
            moving = self.dual(node.argument, runs, moved)[1] if moved else None
            value, steep = self._elements(node, runs)
            return value, None if moving is None else m.times(steep, moving)
        if isinstance(node, Cases):
            (step,) = self._elements(node, runs)
            other = m.reduced(1 - step)
            positive = self._product([(step, None), self.dual(node.positive, runs, moved)])
            otherwise = self._product([(other, None), self.dual(node.otherwise, runs, moved)])
            return self._sum([positive[0], otherwise[0]]), self._moving([positive[1], otherwise[1]])
        if isinstance(node, Power) and isinstance(node.exponent, Number):
            exponent = node.exponent.value
            if exponent.denominator == 1:
                return self._power(self.dual(node.base, runs, moved), int(exponent))
        raise NoValueError(f"no array for {type(node).__name__}")

    def _power(self, base: tuple[Array, Array | None], exponent: int) -> tuple[Array, Array | None]:
        m = self.ring
        value, moving = base
        if exponent < 0:
            inverse = m.inverse(value)
            square = m.times(inverse, inverse)
            change = None if moving is None else m.reduced(-m.times(moving, square))
            return self._power((inverse, change), -exponent)
        if moving is None or not exponent:
            return m.power(value, exponent), None
        steep = m.times(m.power(value, exponent - 1), m.number(Fraction(exponent), value.ndim - 1))
        return m.power(value, exponent), m.times(steep, moving)

    def _product(self, factors: Sequence[tuple[Array, Array | None]]) -> tuple[Array, Array | None]:
        value, slope = factors[0]
        for other, moving in factors[1:]:
            parts = [] if slope is None else [self.ring.times(slope, other)]
            parts += [] if moving is None else [self.ring.times(value, moving)]
            slope = self._moving(parts)
            value = self.ring.times(value, other)
        return value, slope

    def _sum(self, arrays: Sequence[Array]) -> Array:
        found = arrays[0]
        for other in arrays[1:]:
            found = self.ring.reduced(found + other)
        return found

    def _moving(self, slopes: Sequence[Array | None]) -> Array | None:
        there = [slope for slope in slopes if slope is not None]
        return self._sum(there) if there else None

    def _sum_over(
        self, node: SumOver, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        factors = node.body.factors if isinstance(node.body, Product) else (node.body,)
        parts = [self.dual(factor, inner, moved) for factor in factors]
        values = [value for value, _ in parts]
        along = {1 + [*inner].index(node.index): node.upper + 1 - node.lower}
        # A letter that is bound again inside keeps its axis, of length 1.
        rest: Any = (..., 0) if len(inner) > len(runs) else ...
        slopes = [
            self._total([*values[:n], slope, *values[n + 1 :]], along)[rest]
            for n, (_, slope) in enumerate(parts)
            if slope is not None
        ]
        return self._total(values, along)[rest], self._moving(slopes)

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

    @singledispatchmethod
    def backward(self, node: Formula, runs: Runs, *adjoint: Array) -> Sent:
        """What each family in a template gets when the template's own adjoint is this.

        The product rule and its like, a method for each kind of node; an adjoint is ∂E/∂ of every
        entry, as factors that are not multiplied until they have to be. A number sends nothing on.
        """
        yield from ()

    @backward.register
    def _(self, node: Member, runs: Runs, *adjoint: Array) -> Sent:
        yield array_of(node), *self.scattered(node, runs, *adjoint)

    @backward.register
    def _(self, node: Sum, runs: Runs, *adjoint: Array) -> Sent:
        for term in node.terms:
            yield from self.backward(term, runs, *adjoint)

    @backward.register
    def _(self, node: Negative, runs: Runs, *adjoint: Array) -> Sent:
        first, *others = adjoint
        yield from self.backward(node.term, runs, self.ring.reduced(-first), *others)

    @backward.register
    def _(self, node: Product, runs: Runs, *adjoint: Array) -> Sent:
        for place, factor in enumerate(node.factors):
            if _has_members(factor):
                others = (*node.factors[:place], *node.factors[place + 1 :])
                values = [self.value(other, runs) for other in others]
                yield from self.backward(factor, runs, *adjoint, *values)

    @backward.register
    def _(self, node: SumOver, runs: Runs, *adjoint: Array) -> Sent:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        yield from self.backward(node.body, inner, *(factor[..., None] for factor in adjoint))

    @backward.register
    def _(self, node: Quotient, runs: Runs, *adjoint: Array) -> Sent:
        m = self.ring
        inverse = m.inverse(self.value(node.bottom, runs))
        yield from self.backward(node.top, runs, *adjoint, inverse)
        if _has_members(node.bottom):
            falling = m.reduced(-m.times(m.times(inverse, inverse), self.value(node.top, runs)))
            yield from self.backward(node.bottom, runs, *adjoint, falling)

    @backward.register
    def _(self, node: Call, runs: Runs, *adjoint: Array) -> Sent:
        _, steep = self._elements(node, runs)
        yield from self.backward(node.argument, runs, *adjoint, steep)

    @backward.register
    def _(self, node: Cases, runs: Runs, *adjoint: Array) -> Sent:
        (step,) = self._elements(node, runs)
        yield from self.backward(node.positive, runs, *adjoint, step)
        yield from self.backward(node.otherwise, runs, *adjoint, self.ring.reduced(1 - step))

    @backward.register
    def _(self, node: Power, runs: Runs, *adjoint: Array) -> Sent:
        if not _has_members(node):
            return
        exponent = node.exponent
        assert isinstance(exponent, Number), "other powers have no value"
        lower = self.value(Power(node.base, Number(exponent.value - 1)), runs)
        steep = self.ring.times(lower, self.ring.number(exponent.value, len(runs)))
        yield from self.backward(node.base, runs, *adjoint, steep)

    # Members of families.

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
        letters = list(runs)
        places = []
        for (own, offset), run in zip(
            member.indices, self.families[array_of(member)].ranges, strict=True
        ):
            place = np.full((1,) * len(runs), offset - run.start, dtype=np.intp)
            for letter in own:
                shape = [1] * len(runs)
                shape[letters.index(letter)] = len(runs[letter])
                place = place + np.arange(runs[letter].start, runs[letter].stop).reshape(shape)
            if place.min() < 0 or place.max() >= len(run):
                raise NoValueError(f"{member.stem} has no member with such an index")
            places.append(place)
        return tuple(places)

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
        named = {letter for own, _ in member.indices for letter in own}
        along = {
            axis: len(run)
            for axis, (letter, run) in enumerate(runs.items(), 1)
            if letter not in named
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
        found: Array = array[part_of(part, self.families[part.array])]
        return found

    def swept(
        self, parts: Sequence[Family], sent: Callable[[Family, Array, Templates], Sent]
    ) -> dict[Key, list[Factors]]:
        """The adjoints of all arrays, backward through all parts of families from the last one.

        `sent` says what each array gets of a part that uses it. What has a definition is
        multiplied out; for all else that may never be necessary.
        """
        found: dict[Key, list[Factors]] = {key: [] for key in self.families}
        *_, top = defined = [part for part in parts if part.definition is not None]
        adjoints: dict[Key, Array] = {}

        def add(to: Key, where: Where, product: Array) -> None:
            if to not in adjoints:
                size = (self._rows, *map(len, self.families[to].ranges))
                adjoints[to] = np.zeros(size, dtype=product.dtype)
            adjoints[to][where] = self.ring.reduced(adjoints[to][where] + product)

        first = self.families[top.array]
        add(top.array, part_of(top, first), self.ring.number(Fraction(1), len(first.ranges)))
        given = self.families.keys() - {part.array for part in defined}
        for part in reversed(defined):
            if part.array not in adjoints:
                continue
            here = self.within(adjoints[part.array], part)
            for to, where, factors in sent(part, here, self):
                if to in given and _is_whole(where, self.families[to]):
                    found[to].append(factors)
                else:
                    add(to, where, reduce(self.ring.times, factors))
        for key in {part.array for part in defined} - adjoints.keys():
            adjoints[key] = self.whole(self.families[key], [])
        for key, adjoint in adjoints.items():
            found[key].append((adjoint,))
        for key, family in self.families.items():
            if family.absent:
                found[key] = [(*factors, present(family)) for factors in found[key]]
        return found


def _is_whole(where: Where, family: Family) -> bool:
    """Whether a box is all of an array."""
    runs = zip(where[1:], family.ranges, strict=True)
    return all(run in (slice(None), slice(0, len(all_))) for run, all_ in runs)


def part_of(part: Family, whole: Family) -> tuple[slice, ...]:
    """Where a part of a family stands in the array of all; the first axis is another."""
    places = zip(part.ranges, whole.ranges, strict=True)
    rows = (slice(run.start - all_.start, run.stop - all_.start) for run, all_ in places)
    return (slice(None), *rows)


def present(family: Family) -> Array:
    """1 for every member of a family, 0 for those that are absent."""
    found = np.ones((1, *map(len, family.ranges)), dtype=np.int64)
    for indices in family.absent:
        found[0, *(i - run.start for i, run in zip(indices, family.ranges, strict=True))] = 0
    return found


def _has_members(formula: Formula) -> bool:
    return any(isinstance(node, Member) for node in walk(formula))
