"""Functions of whole arrays of arguments that are made of exponentials, as sigmoid and tanh are.

The exponential of an argument is a power of a residue of its own (:mod:`derive.exact.points`), and
these are drawn for a whole array in one go. An array is a block; in what its arguments and their
multiples have in common with others, there are no surprises: where one is known already, nothing is
done at once. What single numbers have to know of a block is written out when they ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from derive.exact.array_boxes import Runs, Where
from derive.exact.array_rings import Array, Entries, Modular
from derive.exact.arrays import Templates
from derive.formula import Call, Formula, Member
from derive.functions import Function, World
from derive.model.families import Key, array_of

FEWEST = 8
"""Arguments from which on they are computed with together."""
QUARTERS = tuple(k for k in range(-8, 9) if k)
"""The multiples of a quarter of an argument whose exponentials are powers of its residue."""


class _Powers(World):
    """The exponentials of the arguments of one block."""

    def __init__(self, root: Entries) -> None:
        self._root = root

    def exp(self, x: Any) -> Any:
        assert isinstance(x, Entries)
        assert x.times is not None
        times = 4 * x.times
        if times.denominator != 1:
            raise ArithmeticError(f"{times} times a quarter of an argument is not known")
        found: Entries = self._root**times.numerator
        return found


@dataclass(frozen=True)
class Block:
    """The arguments that a function was given at once, and a residue for each."""

    symbol: str
    arguments: Array
    roots: Array


class Exponentials:
    """The blocks of one point."""

    def __init__(self, modular: Modular) -> None:
        self._modular = modular
        self._place: dict[int, int] = {}
        """The blocks that know the exponential of a number, by the digits of the number."""
        self._blocks: list[Block] = []
        self._hidden: set[int] = set()
        self._single: set[int] = set()
        """The digits of the numbers of which an exponential is known by itself."""
        self._seen = 0

    def values(
        self, row: Function, argument: Array, roots: Array, known: dict[int, int]
    ) -> list[Array] | None:
        """The values and slopes of a function, whose exponentials are powers of these residues.

        Nothing where an exponential is `known`, or two have to do with one another.
        """
        assert row.slope is not None
        flat = argument.reshape(len(argument), -1)
        ring = self._modular
        quarter = ring.number(Fraction(1, 4), 1)
        digits: list[int] = []
        for k in QUARTERS:
            multiple = ring.times(flat, ring.times(quarter, ring.number(Fraction(k), 1)))
            digits += self._digits(multiple)
        self._single.update(map(self._digits_of, islice(known, self._seen, None)))
        self._seen = len(known)
        fresh = set(digits)
        if len(fresh) < len(digits):
            return None
        if not (self._place.keys().isdisjoint(fresh) and self._single.isdisjoint(fresh)):
            return None
        self._hidden.add(len(self._blocks))
        self._place.update(dict.fromkeys(digits, len(self._blocks)))
        self._blocks.append(Block(row.symbol, flat, roots.reshape(flat.shape)))
        x = Entries(ring, flat, Fraction(1))
        out = row.value(x, _Powers(Entries(ring, self._blocks[-1].roots)))
        slope = row.slope(None, out, None)
        return [side.array.reshape(argument.shape) for side in (out, slope)]

    def _digits(self, numbers: Array) -> list[int]:
        """Enough of each number to tell it from others: that others may share them does no harm."""
        found: list[int] = (numbers[0] | (numbers[min(1, len(numbers) - 1)] << 31)).tolist()
        return found

    def _digits_of(self, number: int) -> int:
        first, second = (
            self._modular.primes[n] for n in (0, min(1, len(self._modular.primes) - 1))
        )
        return (number % first) | ((number % second) << 31)

    def about(self, number: int) -> Iterator[tuple[str, int, int]]:
        """The functions, arguments and residues of the block that knows a number, once."""
        block = self._place.get(self._digits_of(number)) if self._hidden else None
        return self._written([] if block is None else [block])

    def every(self) -> Iterator[tuple[str, int, int]]:
        """Those of all blocks, once."""
        return self._written(sorted(self._hidden))

    def _written(self, numbers: Iterable[int]) -> Iterator[tuple[str, int, int]]:
        for number in numbers:
            if number in self._hidden:
                self._hidden.remove(number)
                block = self._blocks[number]
                for x, root in zip(block.arguments.T, block.roots.T, strict=True):
                    pair = (self._modular.joined(each.tolist()) for each in (x, root))
                    yield block.symbol, *pair  # type: ignore[misc]


class Outputs:
    """What functions are at the members of arrays, as far as it has been computed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Key], tuple[list[Array], Array]] = {}
        """Values and slopes by function and array of arguments, and where they are known."""

    def known(self, node: Formula, runs: Runs, templates: Templates) -> list[Array] | None:
        """The values and slopes of a function of a member, if all of them are known."""
        box = _box(node, runs, templates)
        if box is None or box[0] not in self._known:
            return None
        (_, member, where), (sides, there) = box, self._known[box[0]]
        if not there[where[1:]].all():
            return None
        return [templates.gathered(member, runs, side) for side in sides]

    def keep(self, node: Formula, runs: Runs, templates: Templates, found: Sequence[Array]) -> None:
        """Take note of what a function of a member is."""
        box = _box(node, runs, templates)
        if box is None:
            return
        key, member, _ = box
        size = tuple(map(len, templates.families[array_of(member)].ranges))
        if key not in self._known:
            zeros = [np.zeros((len(side), *size), dtype=side.dtype) for side in found]
            self._known[key] = zeros, np.zeros(size, dtype=np.bool_)
        sides, there = self._known[key]
        for side, part in zip(sides, found, strict=True):
            where, (placed,) = templates.scattered(member, runs, part)
            side[where] = placed
            there[where[1:]] = True


def _box(
    node: Formula, runs: Runs, templates: Templates
) -> tuple[tuple[str, Key], Member, Where] | None:
    """A function of a member by name and array, the member, and where it stands in the array."""
    if not isinstance(node, Call) or node.primes or not isinstance(node.argument, Member):
        return None
    member = node.argument
    box = templates.box(member, runs)
    if box is None or any(len(run) > 1 for x, run in runs.items() if x not in member.letters):
        return None
    return (node.function, array_of(member)), member, box[1]
