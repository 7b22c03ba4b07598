"""The proof of rules for whole layers as arrays: every neuron, every entry of every matrix.

A rule with index letters is a template of families already, once δ^c_j and ∂E/∂w_{jk} are taken for
families of their own. A matrix equation becomes one by writing down its entry in row r and column
c: (W·x)_r is Σ_m W_{rm}·x_m. Both sides are then arrays modulo several primes, and compared entry
by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TypeGuard

from derive.calculus.indices import ADJOINT, Indices
from derive.errors import ProofError
from derive.exact.array_points import ArrayPoint
from derive.exact.array_rings import Array, alike
from derive.exact.arrays import Runs, Templates, present
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.formula import (
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
    SumOver,
    Transposed,
    product,
    transform,
)
from derive.model import KINDS
from derive.model.families import member
from derive.model.instances import Instances

MASK = "mask"


class LayerTemplates:
    """Formulas of neurons and layers of one model, as templates of its families."""

    def __init__(self, instances: Instances, total: str) -> None:
        self._instances = instances
        self._total = Name(total)
        self._keys = {
            (KINDS[f.role], f.layer): f.key for f in instances.families.values() if f.role in KINDS
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
        key = self._keys[kind, node.layer]
        indices = [node.index] if node.source is None else [node.index, node.source]
        shared = not self._instances.families[key].ranges
        return member(before + key, *([] if shared else indices))

    def present(self, sides: list[Formula]) -> list[Formula]:
        """Both sides of a derivative by weights, for those weights that are not missing."""
        first = sides[0]
        if not _is_adjoint(first):
            return sides
        key = first.stem.removeprefix(ADJOINT)
        if not self._instances.families[key].absent:
            return sides
        mask = replace(first, stem=MASK + key)
        return [product([mask, side]) for side in sides]

    # Matrices.

    def shape(self, formula: Formula) -> tuple[int, int]:
        """Rows and columns; of a number 1 and 1."""
        if isinstance(formula, Layer):
            rows, *columns = self._sizes(formula)
            return rows, columns[0] if columns else 1
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
        family = self._instances.families[self._keys[kind, layer.layer]]
        return [len(run) for run in family.ranges] or [1]

    def entry(self, formula: Formula, row: str, column: str) -> Formula:
        """The entry of a matrix formula in the row and the column of these letters."""
        if isinstance(formula, Layer):
            return self._entry(formula, row, column)
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
            return member(f"{MASK}{self._keys['weight', layer.layer]}", *indices)
        if layer.kind == "delta":
            return member(ADJOINT + self._keys["net", layer.layer], *indices)
        key = self._keys[layer.kind, layer.layer]
        return member(key, *indices[: len(self._instances.families[key].ranges)])

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
            found = SumOver(letter, size, found)
        return found


def prove_layers(
    checking: Checking, indices: Indices, rules: Iterable[Equation], *, matrices: bool = False
) -> None:
    """Prove that all sides of every rule agree in all entries. Raises :class:`ProofError`."""
    model, arrays = checking.model, checking.arrays
    assert model.instances is not None
    assert arrays is not None
    made = LayerTemplates(model.instances, model.total)
    sides: list[tuple[list[Formula], dict[str, range]]] = []
    for rule in rules:
        if matrices:
            rows, columns = made.shape(rule.left)
            runs = {"r": range(1, rows + 1), "c": range(1, columns + 1)}
            sides.append(([made.entry(side, "r", "c") for side in rule.sides], runs))
        else:
            sizes = indices.letters(*rule.sides)
            runs = {letter: range(1, size + 1) for letter, size in sizes.items()}
            sides.append((made.present([made.template(side) for side in rule.sides]), runs))
    sizes_ = checking.sizes
    assert isinstance(sizes_, FamilySizes)
    of_sides = [sizes_.of_template(side) for some, _ in sides for side in some]
    for turn in checking.turns(of_sides):
        for seed in range(len(checking.points())):
            point = arrays.point(seed, turn)
            for row in point.rows:
                _compare(point, row, sides)


class _Sides:
    """The sides of rules at a point modulo one of its primes."""

    def __init__(self, point: ArrayPoint, row: int) -> None:
        self._point, self._row = point, row
        self._adjoints = point.backward(row)
        families = dict(point.families.families)
        for key, family in point.families.families.items():
            families[ADJOINT + key] = families[MASK + key] = family
        self.templates: Templates = point.templates(row, families, cache(self._array))

    def _array(self, key: str) -> Array:
        if key.startswith(ADJOINT):
            key = key.removeprefix(ADJOINT)
            return self._point.whole(self._row, key, self._adjoints[key])
        if key.startswith(MASK):
            return present(self._point.families.families[key.removeprefix(MASK)])
        return self._point.array(key, self._row)

    def factors(self, side: Formula, runs: Runs) -> Iterator[Array]:
        """What is multiplied in a side: as it stands there, or as the adjoint was found."""
        if isinstance(side, Product):
            for factor in side.factors:
                yield from self.factors(factor, runs)
            return
        products = self._adjoints[side.stem.removeprefix(ADJOINT)] if _is_adjoint(side) else []
        if isinstance(side, Member) and len(products) == 1:
            yield from (self.templates.gathered(side, runs, factor) for factor in products[0])
        else:
            yield self.templates.value(side, runs)


def _is_adjoint(formula: Formula) -> TypeGuard[Member]:
    return isinstance(formula, Member) and formula.stem.startswith(ADJOINT)


def _compare(
    point: ArrayPoint, row: int, sides: Iterable[tuple[list[Formula], Mapping[str, range]]]
) -> None:
    found = _Sides(point, row)
    for some, runs in sides:
        first, *others = ([*found.factors(side, runs)] for side in some)
        if not all(alike(found.templates.ring, first, other) for other in others):
            raise ProofError("the general rule does not hold as an equation of whole layers")
