"""The proof of rules for whole layers as arrays: every neuron, every entry of every matrix.

A rule with index letters is a template of families already, once δ^c_j and ∂E/∂w_{jk} are taken for
families of their own. A matrix equation becomes one by writing down its entry in row r and column
c: (W·x)_r is Σ_m W_{rm}·x_m. Both sides are then arrays modulo several primes, and compared entry
by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TypeGuard

from derive.calculus.indices import ADJOINT, Indices
from derive.errors import ProofError
from derive.exact.array_boxes import Factors, Runs, present
from derive.exact.array_points import ArrayPoint
from derive.exact.array_rings import Array as Residues
from derive.exact.array_rings import alike
from derive.exact.arrays import Templates
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.formula import (
    Array,
    Call,
    Delta,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    Product,
    Quotient,
    SumOver,
    Transposed,
    product,
    transform,
)
from derive.functions import SOFTMAX
from derive.model import KINDS, Model
from derive.model.families import Key, array_of, member

MASK = "mask"
Index = tuple[tuple[str, ...], int]
Sides = tuple[list[Formula], Runs]
"""The sides of an equation as templates, and the ranges of their letters."""


class LayerTemplates:
    """Formulas of neurons, layers and arrays of one model, as templates of its families."""

    def __init__(self, model: Model) -> None:
        self._instances = instances = model.instances
        self._total = Name(model.total)
        self._arrays = model.network.arrays
        self._families = {
            (KINDS[f.role], f.layer): f for f in instances.families if f.role in KINDS
        }
        self._letters = 0

    def template(self, formula: Formula) -> Formula:
        """A formula with index letters in which families stand for neurons."""

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, Neuron):
                return self._neuron(node)
            if isinstance(node, Name | Delta):
                family, indices = self._instances.placed(
                    node.name if isinstance(node, Name) else node.of
                )
                before = "" if isinstance(node, Name) else ADJOINT
                return member(before + family.key, *indices)
            if isinstance(node, Partial) and node.of == self._total:
                by = self.template(node.by)
                assert isinstance(by, Member)
                return replace(by, stem=ADJOINT + by.stem)
            return None

        return transform(formula, rule)

    def _neuron(self, node: Neuron) -> Member:
        kind, before = ("net", ADJOINT) if node.kind == "delta" else (node.kind, "")
        family = self._families[kind, node.layer]
        indices = [node.index] if node.source is None else [node.index, node.source]
        return member(before + family.key, *(indices if family.ranges else []))

    def present(self, sides: list[Formula]) -> list[Formula]:
        """Both sides of a derivative by weights, for those weights that are not missing."""
        first = sides[0]
        if not _is_adjoint(first):
            return sides
        weights = replace(first, stem=first.stem.removeprefix(ADJOINT))
        if not self._instances.arrays[array_of(weights)].absent:
            return sides
        mask = replace(weights, stem=MASK + weights.stem)
        return [product([mask, side]) for side in sides]

    # Matrices.

    def shape(self, formula: Formula) -> tuple[int, int]:
        """Rows and columns; of a number 1 and 1."""
        if isinstance(formula, Layer):
            rows, *columns = self._sizes(formula)
            return rows, columns[0] if columns else 1
        if isinstance(formula, Array):
            assert self._arrays is not None
            return self._arrays.shape(self._like(formula)[0])
        if isinstance(formula, Transposed):
            rows, width = self.shape(formula.of)
            return width, rows
        if isinstance(formula, Partial):
            return self.shape(formula.by)
        if isinstance(formula, Product):
            shapes = [s for s in map(self.shape, formula.factors) if s != (1, 1)]
            return (shapes[0][0], shapes[-1][1]) if shapes else (1, 1)
        return max(map(self.shape, formula.parts()), default=(1, 1))

    def _sizes(self, layer: Layer) -> list[int]:
        kind = {"delta": "net", MASK: "weight"}.get(layer.kind, layer.kind)
        return [len(run) for run in self._families[kind, layer.layer].ranges] or [1]

    def entry(self, formula: Formula, row: str, column: str) -> Formula:
        """The entry of a matrix formula in the row and the column of these letters."""
        if isinstance(formula, Layer):
            return self._entry(formula, row, column)
        if isinstance(formula, Array):
            return self._of_array(formula, row, column)
        if isinstance(formula, Call) and formula.function == SOFTMAX:
            self._letters += 1
            other, size = f"m{self._letters}", self.shape(formula.argument)[0]
            own, each = (Call("exp", self.entry(formula.argument, x, column)) for x in (row, other))
            return Quotient(own, SumOver(other, size, each))
        if isinstance(formula, Transposed):
            return self.entry(formula.of, column, row)
        if isinstance(formula, Partial) and formula.of == self._total:
            by = self.entry(formula.by, row, column)
            assert isinstance(by, Member)
            return replace(by, stem=ADJOINT + by.stem)
        if isinstance(formula, Hadamard):
            return product(self.entry(part, row, column) for part in formula.factors)
        if isinstance(formula, Product):
            return self._product(formula, row, column)
        parts = tuple(self.entry(part, row, column) for part in formula.parts())
        return formula.rebuilt(parts) if parts else self.template(formula)

    def _entry(self, layer: Layer, row: str, column: str) -> Formula:
        sizes = zip((row, column), self._sizes(layer), strict=False)
        # What there is only one of is in the first row or column, whatever the letter runs through.
        indices = [letter if size > 1 else 1 for letter, size in sizes]
        if layer.kind == MASK:
            return member(f"{MASK}{self._families['weight', layer.layer].key}", *indices)
        if layer.kind == "delta":
            return member(ADJOINT + self._families["net", layer.layer].key, *indices)
        family = self._families[layer.kind, layer.layer]
        return member(family.key, *indices[: len(family.ranges)])

    def _like(self, array: Array) -> tuple[str, tuple[Index, ...]]:
        """An array with the numbers that stand in its indices, by name; and all of its indices."""
        assert self._arrays is not None
        if isinstance(array.of, Name):
            numbers = self._arrays.places[array.of.name][1]
            return array.of.name, tuple(((), number) for number in numbers)
        assert isinstance(array.of, Member)
        stem, indices = array.of.stem, array.of.indices
        for name, (own, numbers) in self._arrays.places.items():
            if own == stem and len(numbers) == len(indices):
                pairs = zip(indices, numbers, strict=True)
                if all(letters or offset == n for (letters, offset), n in pairs):
                    return name, indices
        raise KeyError(stem)

    def _of_array(self, array: Array, row: str, column: str) -> Formula:
        """The entry of a vector or a matrix of a network of equations: a member of its family."""
        assert self._arrays is not None
        name, indices = self._like(array)
        entry, before = self._arrays.entries[name][0][0], ""
        if isinstance(entry, Partial):
            entry, before = entry.by, ADJOINT
        assert isinstance(entry, Name)
        family, _ = self._instances.placed(entry.name)
        sizes = zip((row, column), self._arrays.shape(name), strict=True)
        inner = tuple(((letter,), 0) for letter, size in sizes if size > 1)
        return Member(before + family.key, (*indices, *inner))

    def _product(self, formula: Product, row: str, column: str) -> Formula:
        """The row of the first matrix, the column of the last, and sums over what is between."""
        numbers = [f for f in formula.factors if self.shape(f) == (1, 1)]
        matrices = [f for f in formula.factors if self.shape(f) != (1, 1)]
        factors = [self.entry(f, row, column) for f in numbers]
        bound: list[tuple[str, int]] = []
        left = row
        for place, factor in enumerate(matrices):
            right = column
            if place + 1 < len(matrices):
                self._letters += 1
                right = f"m{self._letters}"
                bound.append((right, self.shape(factor)[1]))
            factors.append(self.entry(factor, left, right))
            left = right
        found = product(factors)
        for letter, size in reversed(bound):
            # A column times a row has one term in each entry, and it stands without a Σ.
            found = SumOver(letter, size, found) if size > 1 else found
        return found


def prove_layers(
    checking: Checking, indices: Indices, rules: Iterable[Equation], *, matrices: bool = False
) -> None:
    """Prove that all sides of every rule agree in all entries. Raises :class:`ProofError`."""
    made = LayerTemplates(checking.model)
    sides: list[Sides] = []
    for rule in rules:
        if matrices:
            rows, columns = made.shape(rule.left)
            runs = {"r": range(1, rows + 1), "c": range(1, columns + 1)}
            for letter, numbers in indices.ranges(*rule.sides).items():
                runs[letter] = range(min(numbers), max(numbers) + 1)
            sides.append(([made.entry(side, "r", "c") for side in rule.sides], runs))
        else:
            sizes = indices.letters(*rule.sides)
            runs = {letter: range(1, size + 1) for letter, size in sizes.items()}
            sides.append((made.present([made.template(side) for side in rule.sides]), runs))
    _prove(checking, sides)


def prove_over(checking: Checking, rules: Iterable[tuple[Equation, Runs]]) -> None:
    """The same of rules whose letters run through these ranges. Raises :class:`ProofError`."""
    made = LayerTemplates(checking.model)
    _prove(checking, [([made.template(x) for x in rule.sides], runs) for rule, runs in rules])


def _prove(checking: Checking, sides: list[Sides]) -> None:
    sizes, arrays = checking.sizes, checking.arrays
    assert isinstance(sizes, FamilySizes)
    assert arrays is not None
    of_sides = [sizes.of_template(side) for some, _ in sides for side in some]
    for turn in checking.turns(of_sides):
        for seed in range(len(checking.points())):
            point = arrays.point(seed, turn)
            for group in point.groups:
                _compare(point, group, sides)


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
        if _is_adjoint(side):
            products = self._products((side.stem.removeprefix(ADJOINT), len(side.indices)))
        if isinstance(side, Member) and len(products) == 1:
            yield from (self.templates.gathered(side, runs, factor) for factor in products[0])
        else:
            yield self.templates.value(side, runs)


def _is_adjoint(formula: Formula) -> TypeGuard[Member]:
    return isinstance(formula, Member) and formula.stem.startswith(ADJOINT)


def _compare(point: ArrayPoint, rows: slice, sides: Iterable[Sides]) -> None:
    found = _Sides(point, rows)
    for some, runs in sides:
        first, *others = ([*found.factors(side, runs)] for side in some)
        if not all(alike(found.templates.ring, first, other) for other in others):
            raise ProofError("the general rule does not hold as an equation of whole layers")
