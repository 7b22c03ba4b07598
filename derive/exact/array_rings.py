"""Arithmetic of arrays, entry by entry: of residues modulo several primes of 31 bits.

Products of two residues fit into 64 bits, and so do sums of residues. A sum of products is taken
without making the products: of one factor the upper and the lower 16 bits apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from derive.exact.residues import ChanceError, NoValueError, residue
from derive.functions.dual import Element

Array = NDArray[Any]
MOST_PRODUCTS = 1 << 15
"""Of 16 and 31 bits, that fit into 63 bits together."""

FEW = 1 << 8
"""Entries that are divided by all primes in one call; more are divided by one after the other."""

AT_ONCE = 1 << 15
"""Entries that are divided together: what is made of so many stays near the processor."""


MOST_PLAIN = 1 << 22
"""Products of floats that are summed one by one; more are products of matrices."""

FEW_PLAIN = 1 << 16
"""Entries of an array from which on it is worth to put them in the best order."""
OFTEN = 8
"""So often each of them has to be used for that."""


class Ring(Protocol):
    """Arithmetic of arrays whose first axis says where: modulo which prime, in which example."""

    def reduced(self, array: Array) -> Array: ...
    def times(self, a: Array, b: Array) -> Array: ...
    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array: ...
    def number(self, value: Fraction, axes: int) -> Array: ...
    def power(self, base: Array, exponent: int) -> Array: ...
    def inverse(self, array: Array) -> Array: ...


class Entries(Element):
    """The entries of an array in a ring; `times` says of how many arguments, if it is so.

    That is 1 for the arguments themselves, and −1 for −x.
    """

    __slots__ = ("array", "ring", "times")

    def __init__(self, ring: Ring, array: Array, times: Fraction | None = None) -> None:
        self.ring, self.array, self.times = ring, array, times

    def _of(self, other: Any) -> Entries:
        if isinstance(other, Entries):
            return other
        number = self.ring.number(Fraction(other), self.array.ndim - 1)
        return Entries(self.ring, number)

    def inverse(self) -> Entries:
        """1/x, entry by entry."""
        return Entries(self.ring, self.ring.inverse(self.array))

    def __neg__(self) -> Entries:
        times = None if self.times is None else -self.times
        return Entries(self.ring, self.ring.reduced(-self.array), times)

    def __add__(self, other: Any) -> Entries:
        return Entries(self.ring, self.ring.reduced(self.array + self._of(other).array))

    def __mul__(self, other: Any) -> Entries:
        return Entries(self.ring, self.ring.times(self.array, self._of(other).array))

    def __truediv__(self, other: Any) -> Entries:
        return self * self._of(other).inverse()

    def __pow__(self, exponent: int) -> Entries:
        if exponent < 0:
            return self.inverse() ** -exponent
        return Entries(self.ring, self.ring.power(self.array, exponent))


def contracted(a: Array, b: Array, axes: Sequence[int]) -> Array:
    """Σ a·b over some axes, which keep the length 1; for floats it is a product of matrices."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    wide = [[n for n, size in enumerate(each.shape) if size > 1] for each in (a, b)]
    kept = [n for n, size in enumerate(shape) if size > 1 and n not in axes]
    operands: list[Any] = []
    for each, own in zip((a, b), wide, strict=True):
        there = each.squeeze()
        often = prod(shape) > OFTEN * there.size > OFTEN * FEW_PLAIN
        if often and not set(own).isdisjoint(axes):
            # What is summed over lies side by side.
            order = sorted(range(len(own)), key=lambda n: own[n] in axes)
            there = np.ascontiguousarray(there.transpose(order))
            operands += [there, [own[n] for n in order]]
        else:
            operands += [there, own]
    # For a small product it takes longer to look for the best way than to go the plain one.
    large = a.dtype == np.float64 and prod(shape) > MOST_PLAIN
    found = np.einsum(*operands, kept, optimize=large)
    shape = tuple(1 if n in axes else size for n, size in enumerate(shape))
    return np.asarray(found).reshape(shape)


class Plain:
    """Arithmetic of arrays of numbers that are no residues."""

    def reduced(self, array: Array) -> Array:
        return array

    def times(self, a: Array, b: Array) -> Array:
        return np.asarray(a * b)

    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array:
        return self.reduced(contracted(a, b, axes))

    def power(self, base: Array, exponent: int) -> Array:
        return np.asarray(base**exponent)

    def inverse(self, array: Array) -> Array:
        return np.asarray(1 / array)


class Modular:
    """Arithmetic of arrays modulo some primes, one for each row of the first axis."""

    def __init__(self, primes: Sequence[int]) -> None:
        self.primes = tuple(primes)
        self._column = np.array(self.primes, dtype=np.int64)[:, None]
        self.product = prod(primes)
        self._weights = [
            self.product // p * pow(self.product // p, -1, p) % self.product for p in primes
        ]

    def reduced(self, array: Array) -> Array:
        """An array, which is used up, each entry of it taken modulo the prime of its row."""
        flat = array.reshape(len(array), -1)
        if flat.shape[1] < FEW:
            flat -= flat // self._column * self._column
            return flat.reshape(array.shape)
        for row, p in zip(flat, self.primes, strict=True):
            for start in range(0, len(row), AT_ONCE):
                row[start : start + AT_ONCE] -= row[start : start + AT_ONCE] // p * p
        return flat.reshape(array.shape)

    def times(self, a: Array, b: Array) -> Array:
        """The product, entry by entry."""
        return self.reduced(a * b)

    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array:
        """Σ of the product over some axes, which keep the length 1."""
        if prod(max(a.shape[axis], b.shape[axis]) for axis in axes) > MOST_PRODUCTS:
            return self.reduced(self.times(a, b).sum(axis=tuple(axes), keepdims=True))
        upper = self.reduced(contracted(a >> 16, b, axes))
        return self.reduced((upper << 16) + contracted(a & 0xFFFF, b, axes))

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
        return self._inverted(array.reshape(len(array), -1)).reshape(array.shape)

    def _inverted(self, flat: Array) -> Array:
        """1/a and 1/b are b/(ab) and a/(ab): one division for all entries modulo one prime."""
        width = flat.shape[1]
        if width == 1:
            pairs = zip(flat[:, 0].tolist(), self.primes, strict=True)
            return np.array([[pow(x, -1, p)] for x, p in pairs], dtype=np.int64)
        even = np.concatenate([flat, np.ones_like(flat[:, :1])], axis=1) if width % 2 else flat
        left, right = even[:, ::2], even[:, 1::2]
        both = self._inverted(self.times(left, right))
        found = np.stack([self.times(both, right), self.times(both, left)], axis=2)
        return found.reshape(len(flat), -1)[:, :width]

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


def alike(ring: Ring, one: Sequence[Array], other: Sequence[Array]) -> bool:
    """Whether two products are the same in all entries: so they are if all their factors are."""
    if len(one) == len(other) and all(map(np.array_equal, one, other)):
        return True
    return bool((reduce(ring.times, one) == reduce(ring.times, other)).all())
