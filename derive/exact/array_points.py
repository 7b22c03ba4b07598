"""A random consistent point of a model of families, modulo several primes of 31 bits at once.

It is a :class:`~derive.exact.points.Point` modulo the product of these primes: two formulas
agree at it if they agree modulo each of them, and a residue drawn modulo the product is one drawn
modulo each. Weighted sums are computed as arrays (:mod:`derive.exact.arrays`); functions are
asked for entry by entry, as of any point, so that exponentials, logarithms and steps are what they
are there. A weight that is missing counts as 0: it only stands in terms as a factor.

The adjoints ∂E_total/∂x of all quantities x come from one sweep backward through the definitions,
node by node, and slopes by other quantities from dual numbers carried forward: neither knows the
local derivatives that the derivation prints.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property

import numpy as np

from derive.exact.array_boxes import Factors, Runs, Sent, given_only
from derive.exact.array_consistent import ArrayConsistent, by_nodes
from derive.exact.array_exponentials import FEWEST, QUARTERS, Exponentials, Outputs
from derive.exact.array_rings import Array, Modular, alike
from derive.exact.arrays import Templates
from derive.exact.points import Point
from derive.exact.residues import SECRET, Residue, small_primes
from derive.formula import Call, Cases, Formula, Member
from derive.functions import BY_SYMBOL
from derive.model import Model
from derive.model.families import Family, Key
from derive.model.made import Made

EXPONENTIALS = ("exp", "ln")
ALL = slice(None)
AT_ONCE = 1 << 18
"""Residues of one array that are computed with together."""

Sender = Callable[[Family, Array, Templates], Sent]
"""What the arrays that stand in a definition get, as a whole, when its adjoint is this."""


class ArrayPoint(ArrayConsistent, Point):
    """One point modulo so many `primes`.

    Where functions have kinks it lies in a region chosen at random, or with `steps_free` in none:
    every unit step is a random residue s instead of 0 or 1. What is true for all s is true in
    every region.
    """

    def __init__(
        self,
        model: Model,
        seed: int,
        primes: int,
        *,
        turn: int = 0,
        steps_free: bool = False,
        free: bool = False,
    ) -> None:
        self.families = model.instances
        self.rows = primes
        self._steps_free = steps_free
        super().__init__(model, seed, turn=turn, free=free)

    def with_letters(self, letters: Mapping[str, Formula]) -> ArrayPoint:
        """The same point, for formulas that use these local definitions."""
        # The copies share what is known; adjoints are worth to be known before.
        _ = self.adjoints
        other = copy.copy(self)
        other.use(letters)
        return other

    def use(self, letters: Mapping[str, Formula]) -> None:
        """Take these local definitions for those of the formulas."""
        self.letters = dict(letters)
        self._ring = self._arithmetic({})

    ring_of_arrays: Modular

    def _modulus(self, place: int) -> int:
        self.ring_of_arrays = Modular(small_primes(place, self.rows))
        return self.ring_of_arrays.product

    def _step(self, x: int) -> int:
        if not self._steps_free:
            return super()._step(x)
        if x not in self._steps:
            self._steps[x] = self._draw.randrange(self.prime)
            self._steps.setdefault(-x % self.prime, 1 - self._steps[x])
        return self._steps[x]

    # Values.

    def _fill(self, only: Iterable[str] | None) -> None:
        families = self.families.families
        self._swept: dict[int, dict[Key, list[Factors]]] = {}
        self._begin_arrays()
        self._backward_arrays = {
            family.array: np.zeros_like(self._arrays[family.array])
            for family in families
            if family.definition is not None
        }
        self._asked: dict[tuple[str, int], bool] = {}
        self._numbers = np.random.default_rng([SECRET, self._draw.getrandbits(64)])
        self._blocks, self._outputs = Exponentials(self.ring_of_arrays), Outputs()
        for family in families:
            if family.definition is None:
                self._within(family)[:] = self._given(family)
        self._fill_parts()

    def all_templates(self) -> Templates:
        return self._templates()

    def _given(self, family: Family) -> Array:
        """Random residues for all members, 0 for those that are absent."""
        found = self._drawn(self._shape(family))
        for indices in family.absent:
            found[self._at(family, indices)] = 0
        return found

    def _drawn(self, shape: tuple[int, ...]) -> Array:
        """Random residues.

        63 bits are divided by a prime: of two residues none is more likely than the other by more
        than one part in 2^32.
        """
        bits = self._numbers.integers(0, 1 << 64, shape, dtype=np.uint64)
        bits >>= np.uint64(1)
        return self.ring_of_arrays.reduced(bits.view(np.int64))

    # Exponentials of which single numbers have to know.

    def _write(self, found: Iterable[tuple[str, int, int]]) -> None:
        for symbol, x, root in found:
            self._asked[symbol, x] = False
            self._write_powers(x, root)

    def exponential(self, x: int) -> int:
        if x not in self._exponentials:
            for k in QUARTERS:
                self._write(self._blocks.about(x * k * self._quarter % self.prime))
        return super().exponential(x)

    def _exp_of(self, formula: Formula, x: int) -> int:
        self._write(self._blocks.about(x))
        return super()._exp_of(formula, x)

    def _log_of(self, formula: Formula, x: int) -> int:
        self._write(self._blocks.every())
        return super()._log_of(formula, x)

    def _logarithm(self, x: int, *, positive: bool) -> int:
        self._write(self._blocks.every())
        return super()._logarithm(x, positive=positive)

    def function(self, node: Call, argument: Residue) -> Residue:
        if BY_SYMBOL[node.function].own and not node.primes:
            self._write(self._blocks.about(argument.value))
            self._asked.setdefault(
                (node.function, argument.value), argument.value in self._exponentials
            )
        return super().function(node, argument)

    @property
    def shares_exponentials(self) -> bool:
        """Whether a function like the sigmoid was given an exponential that was known before."""
        return any(self._asked.values())

    def _templates(self, rows: slice = ALL, unasked: Collection[Key] = ()) -> Templates:
        families = self.families.arrays
        return self.templates(rows, families, lambda key: self.array(key, rows), unasked)

    def templates(
        self,
        rows: slice,
        families: Mapping[Key, Family],
        arrays: Callable[[Key], Array],
        unasked: Collection[Key] = (),
    ) -> Templates:
        """Templates of some families modulo the primes of these rows."""
        return Templates(
            Modular(self.ring_of_arrays.primes[rows]),
            families,
            arrays,
            lambda node, runs: [array[rows] for array in self._element(node, runs)],
            len(self.ring_of_arrays.primes[rows]),
            unasked,
        )

    def array(self, key: Key, rows: slice) -> Array:
        """The residues of an array modulo the primes of these rows."""
        return self._arrays[key][rows]

    def _computed(self, node: Call | Cases, runs: Runs, argument: Array) -> list[Array]:
        templates = self._templates()
        found = self._outputs.known(node, runs, templates)
        if found is None:
            found = self._new(node, runs, argument)
            self._outputs.keep(node, runs, templates, found)
        return found

    def _new(self, node: Call | Cases, runs: Runs, argument: Array) -> list[Array]:
        """The same of a function that is not known at these members yet."""
        together = self._together(node, argument)
        if together is not None:
            return together

        def function(x: int, place: tuple[int, ...]) -> list[int]:
            if isinstance(node, Cases):
                return [self._step(x)]
            called = node
            inside = node.argument
            if node.function in EXPONENTIALS and not isinstance(inside, Member):
                numbers = [run[n] for run, n in zip(runs.values(), place, strict=True)]
                at = dict(zip(runs, numbers, strict=True))
                called = Call(node.function, self.families.instance(inside, at))
            found = self.function(called, self.dual(x, 0 if node.primes else 1))
            return [found.value, found.slope]

        found: list[Array] = self.ring_of_arrays.each(argument, function)
        return found

    def _together(self, node: Call | Cases, argument: Array) -> list[Array] | None:
        """The same of all entries at once, if they are many and need nothing but exponentials."""
        if not isinstance(node, Call) or node.primes or argument[0].size < FEWEST:
            return None
        row = BY_SYMBOL[node.function]
        if not row.own or row.slope is None:
            return None
        roots = self._drawn(argument.shape)
        return self._blocks.values(row, argument, roots, self._exponentials)

    # Slopes.

    @cached_property
    def adjoints(self) -> Mapping[str, int]:  # type: ignore[override]
        """∂E_total/∂x for every quantity x, by one sweep backward through the families."""
        for rows in self.groups:
            if rows.start not in self._swept:
                self.backward(rows)
        return Made(self.families.names, self._adjoint)

    def backward(self, rows: slice, sent: Sender = by_nodes) -> dict[Key, list[Factors]]:
        """The adjoints of all arrays modulo the primes of these rows.

        `sent` says what each array gets of a part that uses it; by default the rules of
        differentiation say it, node by node. Inputs and targets are not among them.
        """
        if sent is by_nodes and rows.start in self._swept:
            return self._swept[rows.start]
        unasked = given_only(self.families.families)
        found = self._templates(rows, unasked).swept(self.families.parts, sent)
        if sent is by_nodes:
            self._swept[rows.start] = found
            for key, kept in self._backward_arrays.items():
                ((adjoint,),) = found[key]
                kept[rows] = adjoint
        return found

    def of_given(self, rows: slice, key: Key) -> list[Factors]:
        """The adjoints of an array that is given, and no parameter."""
        others = given_only(self.families.families) - {key}
        return self._templates(rows, others).swept(self.families.parts, by_nodes)[key]

    def whole(self, rows: slice, key: Key, products: list[Factors]) -> Array:
        """The adjoints of one array, multiplied out; those of many products are kept so."""
        found = self._templates(rows).whole(self.families.arrays[key], products)
        if len(products) > 1:
            products[:] = [(found,)]
        return found

    def alike(self, rows: slice, key: Key, one: list[Factors], other: list[Factors]) -> bool:
        """Whether two adjoints of one array are the same in all entries."""
        sides = [
            side[0] if len(one) == len(other) == 1 else (self.whole(rows, key, side),)
            for side in (one, other)
        ]
        return alike(self._templates(rows).ring, *sides)

    @cached_property
    def groups(self) -> list[slice]:
        """The places of the primes that are computed with together: fewer where arrays are large.

        Many small arrays, as those of the steps of a recurrence, cost one call for all primes.
        """
        largest = max(array[0].size for array in self._arrays.values())
        some = max(1, min(self.rows, AT_ONCE // largest))
        return [slice(n, min(n + some, self.rows)) for n in range(0, self.rows, some)]

    def _adjoint_of(self, by: str) -> int:
        return self.adjoints[by]

    def _adjoint(self, name: str) -> int:
        family, _ = self.families.placed(name)
        if family.array in self._backward_arrays:
            return int(self.entry(self._backward_arrays[family.array], name))
        users = self.model.used_in[name]
        return int(sum(self.adjoints[u] * self.local(u, name) for u in users) % self.prime)
