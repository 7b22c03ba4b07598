"""The proof of rules for whole layers as arrays: every neuron, every entry of every matrix.

Both sides of a rule are templates of families (:mod:`derive.calculus.templates`): arrays modulo
several primes, which are compared entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, reduce

import numpy as np

from derive.calculus.indices import ADJOINT, Indices
from derive.calculus.templates import MASK, LayerTemplates, is_adjoint
from derive.errors import ProofError
from derive.exact.array_boxes import Factors, Runs, present
from derive.exact.array_points import ArrayPoint
from derive.exact.array_rings import Array as Residues
from derive.exact.array_rings import alike
from derive.exact.arrays import Templates
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.formula import (
    Equation,
    Formula,
    Member,
    Product,
)
from derive.model.families import Key

Sides = tuple[list[Formula], Runs]
"""The sides of an equation as templates, and the ranges of their letters."""


def prove_layers(
    checking: Checking, indices: Indices, rules: Iterable[Equation], *, matrices: bool = False
) -> None:
    """Prove that all sides of every rule agree in all entries, for every number of their letters.

    Raises :class:`ProofError`.
    """

    def runs(rule: Equation) -> Runs:
        found = indices.ranges(*rule.sides)
        return {letter: range(n[0], n[-1] + 1) for letter, n in found.items() if n}

    prove_over(checking, [(rule, runs(rule)) for rule in rules], matrices=matrices)


def prove_over(
    checking: Checking, rules: Iterable[tuple[Equation, Runs]], *, matrices: bool = False
) -> None:
    """The same of rules whose letters run through these ranges. Raises :class:`ProofError`."""
    made = LayerTemplates(Indices(checking.model))

    def sides(rule: Equation, runs: Runs) -> Sides:
        if not matrices:
            return made.present([made.template(side) for side in rule.sides]), runs
        rows, columns = made.shape(rule.left)
        both = {"r": range(1, rows + 1), "c": range(1, columns + 1)}
        return [made.entry(side, "r", "c") for side in rule.sides], {**both, **runs}

    points = [(seed, False) for seed in range(len(checking.points()))]
    if difference(checking, [sides(*rule) for rule in rules], points) is not None:
        raise ProofError("the general rule does not hold as an equation of whole layers")


def difference(
    checking: Checking, sides: list[Sides], points: Sequence[tuple[int, bool]]
) -> tuple[int, dict[str, int]] | None:
    """The first of some equations that fails, and the numbers of its letters with which it does.

    Each of the `points` is the seed of one, and whether the steps of kinks are free there. Raises
    :class:`~derive.exact.checking.TooHighError` where no number of them is a proof.
    """
    sizes, arrays = checking.sizes, checking.arrays
    assert isinstance(sizes, FamilySizes)
    assert arrays is not None
    of_sides = [sizes.of_template(side, runs) for some, runs in sides for side in some]
    for turn in checking.turns(of_sides):
        for seed, free in points:
            point = arrays.point(seed, turn, steps_free=free)
            for group in point.groups:
                found = _Sides(point, group).difference(sides)
                if found is not None:
                    return found
    return None


class _Sides:
    """The sides of rules at a point modulo some of its primes."""

    def __init__(self, point: ArrayPoint, rows: slice) -> None:
        self._point, self._rows = point, rows
        self._adjoints = point.backward(rows)
        families = dict(point.families.arrays)
        for (key, rank), family in point.families.arrays.items():
            families[ADJOINT + key, rank] = families[MASK + key, rank] = family
        self.templates: Templates = point.templates(rows, families, cache(self._array))

    def _array(self, of: Key) -> Residues:
        key, rank = of
        if key.startswith(ADJOINT):
            own = key.removeprefix(ADJOINT), rank
            return self._point.whole(self._rows, own, self._products(own))
        if key.startswith(MASK):
            return present(self._point.families.arrays[key.removeprefix(MASK), rank])
        return self._point.array(of, self._rows)

    def _products(self, key: Key) -> list[Factors]:
        """The adjoints of an array, as far as they are multiplied."""
        if key not in self._adjoints:
            self._adjoints[key] = self._point.of_given(self._rows, key)
        return self._adjoints[key]

    def factors(self, side: Formula, runs: Runs) -> Iterator[Residues]:
        """What is multiplied in a side: as it stands there, or as the adjoint was found."""
        if isinstance(side, Product):
            for factor in side.factors:
                yield from self.factors(factor, runs)
            return
        products: list[Factors] = []
        if is_adjoint(side):
            products = self._products((side.stem.removeprefix(ADJOINT), len(side.indices)))
        if isinstance(side, Member) and len(products) == 1:
            yield from (self.templates.gathered(side, runs, factor) for factor in products[0])
        else:
            yield self.templates.value(side, runs)

    def difference(self, sides: Iterable[Sides]) -> tuple[int, dict[str, int]] | None:
        """The first equation whose sides are not the same in all entries, and where they differ."""
        for place, (some, runs) in enumerate(sides):
            first, *others = ([*self.factors(side, runs)] for side in some)
            for other in others:
                if alike(self.templates.ring, first, other):
                    continue
                a, b = (reduce(self.templates.ring.times, side) for side in (first, other))
                at = np.argwhere((a != b).any(axis=0))[0].tolist()
                pairs = zip(runs.items(), at, strict=True)
                return place, {letter: run[n] for (letter, run), n in pairs}
        return None
