"""Families as arrays of residues: a whole model at one consistent point, by NumPy.

A template is evaluated over all numbers of its letters at once, each letter an axis, modulo several
primes of 31 bits, the first axis: w[j,k]·out[k] is one product of a matrix and a row, and Σ_k a sum
along an axis. Products of two residues fit into 64 bits, and so do sums of residues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import singledispatchmethod
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from derive.exact.residues import ChanceError, NoValueError, residue
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

Array = NDArray[Any]
Runs = Mapping[str, range]
"""The letters of a template, each with the numbers that it runs through; each is an axis."""
Sent = Iterator[tuple[Key, Array]]
"""What arrays of quantities get from the adjoint of a template, each as a whole."""


class Ring(Protocol):
    """Arithmetic of arrays whose first axis says where: modulo which prime, in which example."""

    def reduced(self, array: Array) -> Array: ...
    def times(self, a: Array, b: Array) -> Array: ...
    def number(self, value: Fraction, axes: int) -> Array: ...
    def power(self, base: Array, exponent: int) -> Array: ...
    def inverse(self, array: Array) -> Array: ...


class Modular:
    """Arithmetic of arrays modulo some primes, one for each row of the first axis."""

    def __init__(self, primes: Sequence[int]) -> None:
        self.primes = tuple(primes)
        self.product = prod(primes)
        self._weights = [
            self.product // p * pow(self.product // p, -1, p) % self.product for p in primes
        ]

    def reduced(self, array: Array) -> Array:
        """The array itself, each entry taken modulo the prime of its row."""
        for row, p in enumerate(self.primes):
            array[row] -= array[row] // p * p
        return array

    def times(self, a: Array, b: Array) -> Array:
        """The product, entry by entry."""
        return self.reduced(a * b)

    def number(self, value: Fraction, axes: int) -> Array:
        """An exact number, for arrays of so many axes."""
        found = np.array([residue(value, p) for p in self.primes], dtype=np.int64)
        return found.reshape(-1, *(1,) * axes)

    def power(self, base: Array, exponent: int) -> Array:
        """A power with a whole exponent that is not negative."""
        found = np.ones_like(base)
        while exponent:
            if exponent & 1:
                found = self.times(found, base)
            base = self.times(base, base)
            exponent >>= 1
        return found

    def inverse(self, array: Array) -> Array:
        """1/x. Raises :class:`NoValueError` where an entry is 0, not only by chance."""
        zeros = array == 0
        if zeros.all(axis=0).any():
            raise NoValueError("a division by 0")
        if zeros.any():
            raise ChanceError("a division by what is 0 modulo one of the primes")
        return np.concatenate(
            [Modular((p,)).power(array[n : n + 1], p - 2) for n, p in enumerate(self.primes)]
        )

    def joined(self, residues: Sequence[int]) -> int:
        """The number modulo the product of the primes that has these residues."""
        pairs = zip(residues, self._weights, strict=True)
        return sum(int(r) * weight for r, weight in pairs) % self.product

    def parted(self, number: int) -> list[int]:
        """The residues of a number."""
        return [number % p for p in self.primes]

    def each(self, array: Array, function: Callable[[int, tuple[int, ...]], Sequence[int]]) -> Any:
        """Arrays of what `function` makes of every entry, a number modulo the product.

        It is handed the place of the entry, too.
        """
        columns: list[list[list[int]]] = []
        for place in np.ndindex(array.shape[1:]):
            found = function(self.joined(array[(slice(None), *place)].tolist()), place)
            columns.append([self.parted(value) for value in found])
        made = np.array(columns, dtype=np.int64)
        return [made[:, n].T.reshape(array.shape) for n in range(made.shape[1])]


class Templates:
    """Templates over arrays, their values and their slopes along a direction.

    `arrays` gives the array of each of the `families`, by what it is called. `elements` says what a
    function is at each entry of its argument: its value and its slope there, or the unit step of
    cases.
    """

    def __init__(
        self,
        ring: Ring,
        families: Mapping[Key, Family],
        arrays: Callable[[Key], Array],
        elements: Callable[[Call | Cases, Runs], Sequence[Array]],
    ) -> None:
        self.ring = ring
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
            return self._gathered(node, runs, self._arrays(array_of(node))), (
                None if moving is None else self._gathered(node, runs, moving)
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
            inner = {**runs, node.index: range(node.lower, node.upper + 1)}
            value, slope = self.dual(node.body, inner, moved)
            count = node.upper + 1 - node.lower
            return self._along(value, count), None if slope is None else self._along(slope, count)
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

    def _along(self, array: Array, count: int) -> Array:
        """The sum along the last axis, which stands for so many numbers."""
        if array.shape[-1] == 1:
            return self.ring.reduced(array[..., 0] * count)
        return self.ring.reduced(array.sum(axis=-1))

    @singledispatchmethod
    def backward(self, node: Formula, runs: Runs, adjoint: Array) -> Sent:
        """What each family in a template gets when the template's own adjoint is this.

        The product rule and its like, a method for each kind of node; an adjoint is ∂E/∂ of every
        entry. A number sends nothing on.
        """
        yield from ()

    @backward.register
    def _(self, node: Member, runs: Runs, adjoint: Array) -> Sent:
        yield array_of(node), self.scattered(node, runs, adjoint)

    @backward.register
    def _(self, node: Sum, runs: Runs, adjoint: Array) -> Sent:
        for term in node.terms:
            yield from self.backward(term, runs, adjoint)

    @backward.register
    def _(self, node: Negative, runs: Runs, adjoint: Array) -> Sent:
        yield from self.backward(node.term, runs, self.ring.reduced(-adjoint))

    @backward.register
    def _(self, node: Product, runs: Runs, adjoint: Array) -> Sent:
        for place, factor in enumerate(node.factors):
            others = [f for n, f in enumerate(node.factors) if n != place]
            sent = adjoint
            for other in others if _has_members(factor) else ():
                sent = self.ring.times(sent, self.value(other, runs))
            yield from self.backward(factor, runs, sent)

    @backward.register
    def _(self, node: SumOver, runs: Runs, adjoint: Array) -> Sent:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        yield from self.backward(node.body, inner, adjoint[..., None])

    @backward.register
    def _(self, node: Quotient, runs: Runs, adjoint: Array) -> Sent:
        m = self.ring
        inverse = m.inverse(self.value(node.bottom, runs))
        sent = m.times(adjoint, inverse)
        yield from self.backward(node.top, runs, sent)
        if _has_members(node.bottom):
            falling = m.times(m.times(sent, inverse), self.value(node.top, runs))
            yield from self.backward(node.bottom, runs, m.reduced(-falling))

    @backward.register
    def _(self, node: Call, runs: Runs, adjoint: Array) -> Sent:
        _, steep = self._elements(node, runs)
        yield from self.backward(node.argument, runs, self.ring.times(adjoint, steep))

    @backward.register
    def _(self, node: Cases, runs: Runs, adjoint: Array) -> Sent:
        m = self.ring
        (step,) = self._elements(node, runs)
        yield from self.backward(node.positive, runs, m.times(adjoint, step))
        yield from self.backward(node.otherwise, runs, m.times(adjoint, m.reduced(1 - step)))

    @backward.register
    def _(self, node: Power, runs: Runs, adjoint: Array) -> Sent:
        if not _has_members(node):
            return
        exponent = node.exponent
        assert isinstance(exponent, Number), "other powers have no value"
        lower = self.value(Power(node.base, Number(exponent.value - 1)), runs)
        steep = self.ring.times(lower, self.ring.number(exponent.value, len(runs)))
        yield from self.backward(node.base, runs, self.ring.times(adjoint, steep))

    # Members of families.

    def _axes(self, member: Member, runs: Runs) -> list[int] | None:
        """The axes that are the indices of a member, if it runs through its whole family."""
        letters = list(runs)
        axes: list[int] = []
        for (own, offset), run in zip(
            member.indices, self.families[array_of(member)].ranges, strict=True
        ):
            if len(own) != 1 or letters.index(own[0]) in axes:
                return None
            there = runs[own[0]]
            if (there.start + offset, there.stop + offset) != (run.start, run.stop):
                return None
            axes.append(letters.index(own[0]))
        return axes

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

    def _gathered(self, member: Member, runs: Runs, array: Array) -> Array:
        """A family's array, its indices along the axes of their letters."""
        axes = self._axes(member, runs)
        if axes is None:
            rows: Any = (slice(None), *self._places(member, runs))
            found: Array = array[rows]
            return found
        order = sorted(range(len(axes)), key=axes.__getitem__)
        shape = [1] * len(runs)
        for place, axis in enumerate(axes):
            shape[axis] = array.shape[1 + place]
        turned = array.transpose(0, *(1 + place for place in order))
        return turned.reshape(len(array), *shape)

    def scattered(self, member: Member, runs: Runs, array: Array) -> Array:
        """The reverse: what `array` adds to each member of the family, over all numbers."""
        family = self.families[array_of(member)]
        named = {letter for own, _ in member.indices for letter in own}
        for axis, (letter, run) in enumerate(runs.items(), 1):
            if letter not in named:
                if array.shape[axis] == 1:
                    array = self.ring.reduced(array * len(run))
                else:
                    array = self.ring.reduced(array.sum(axis=axis, keepdims=True))
        sizes = [len(run) if letter in named else 1 for letter, run in runs.items()]
        array = np.broadcast_to(array, (len(array), *sizes))
        axes = self._axes(member, runs)
        size = tuple(map(len, family.ranges))
        if axes is None:
            found = np.zeros((len(array), *size), dtype=np.int64)
            rows: Any = (slice(None), *self._places(member, runs))
            np.add.at(found, rows, array)
            return self.ring.reduced(found)
        kept = array.reshape(len(array), *(sizes[axis] for axis in sorted(axes)))
        order = [sorted(axes).index(axis) for axis in axes]
        return kept.transpose(0, *(1 + place for place in order))


def _has_members(formula: Formula) -> bool:
    return any(isinstance(node, Member) for node in walk(formula))
