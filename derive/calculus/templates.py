"""Formulas of neurons, layers, vectors and matrices as templates of the families of a model.

A formula with index letters is a template already, once δ^c_j and ∂E/∂w_{jk} are taken for families
of their own. A matrix formula becomes one by writing down its entry in row r and column c: (W·x)_r
is Σ_m W_{rm}·x_m. Where authors differ in what a matrix formula means, a reading is asked, as
:class:`~derive.calculus.matrices.Matrices` asks it, and its shapes have to fit in the same way.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple, TypeGuard

from derive.calculus.entries import Shape, may_be_spread, misfit, misfit_of_parts
from derive.calculus.indices import ADJOINT, Indices, may_be
from derive.calculus.matrices import SIGNS
from derive.calculus.readings import GRADIENT, Question, Reading
from derive.formula import (
    DIAGONAL,
    NORM,
    Array,
    Call,
    Delta,
    Formula,
    Hadamard,
    Layer,
    Member,
    Name,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    is_matrix,
    product,
    transform,
)
from derive.functions import SOFTMAX
from derive.model.families import Family, array_of, member
from derive.model.families import Indices as Numbers

MASK = "mask"
Index = tuple[tuple[str, ...], int]
NUMBER = (1, 1)


class NoTemplateError(Exception):
    """Nobody says how a formula is one of whole families."""


class Box(NamedTuple):
    """Where in a family the entries of a vector or matrix stand, behind the indices it has itself.

    `first` are the indices of its first entry there, and `axes` say whether each counts rows, 0, or
    columns, 1; `turned` is what may turn it.
    """

    key: str
    axes: tuple[int, ...]
    first: Numbers
    shape: Shape
    turned: Question | None


class LayerTemplates:
    """Formulas of neurons, layers and arrays of one model, as templates of its families."""

    def __init__(self, indices: Indices, reading: Reading | None = None) -> None:
        model = indices.model
        self._instances = model.instances
        self._total = Name(model.total)
        self._arrays = indices.arrays
        self._reading = Reading() if reading is None else reading
        self._box = cache(self._found)
        self._families = model.of_kind
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
                return self._slope(self.template(node.by))
            return None

        return transform(formula, rule)

    @staticmethod
    def _slope(by: Formula) -> Member:
        """∂E/∂ of a member."""
        if not isinstance(by, Member) or is_adjoint(by):
            raise NoTemplateError
        return replace(by, stem=ADJOINT + by.stem)

    def _neuron(self, node: Neuron) -> Member:
        before, family = self._array(node.kind, node.layer)
        indices = [node.index] if node.source is None else [node.index, node.source]
        return member(before + family.key, *(indices if family.ranges else []))

    def _array(self, kind: str, layer: int) -> tuple[str, Family]:
        """The array of a kind of neurons' quantities, and what is before its key in templates."""
        own, before = {"delta": ("net", ADJOINT), MASK: ("weight", MASK)}.get(kind, (kind, ""))
        return before, self._families[own, layer]

    def present(self, sides: list[Formula]) -> list[Formula]:
        """Both sides of a derivative by weights, for those weights that are not missing."""
        first = sides[0]
        if not is_adjoint(first):
            return sides
        weights = replace(first, stem=first.stem.removeprefix(ADJOINT))
        if not self._instances.arrays[array_of(weights)].absent:
            return sides
        mask = replace(weights, stem=MASK + weights.stem)
        return [product([mask, side]) for side in sides]

    # Matrices.

    def shape(self, formula: Formula) -> Shape:
        """Rows and columns. Raises :class:`ShapeError` where those of its parts do not fit."""
        if isinstance(formula, Layer | Array):
            box, _ = self._placed(formula)
            turned = box.turned is not None and self._reading(box.turned)
            return box.shape[::-1] if turned else box.shape
        if isinstance(formula, Transposed):
            return self.shape(formula.of)[::-1]
        if isinstance(formula, Partial):
            by = self.shape(formula.by)
            return by[::-1] if self._is_row(by) else by
        if isinstance(formula, Product):
            return self._chained(list(map(self.shape, formula.factors)))
        if isinstance(formula, Power) and is_matrix(formula.base):
            return self._raised(formula)
        if isinstance(formula, Call) and formula.function in (DIAGONAL, NORM):
            raise NoTemplateError
        found = NUMBER
        for own in map(self.shape, formula.parts()):
            if NUMBER not in (found, own) and found != own:
                self._refuse(formula, found, own)
            found = own if found == NUMBER else found
        return found

    @staticmethod
    def _refuse(formula: Formula, found: Shape, own: Shape) -> None:
        """Raise what is said of two parts that do not have the same shape.

        In a sum one may be a vector that is added to each row or column of the other, and ⊙ may
        stand between a row and a column; that is left to single equations.
        """
        if isinstance(formula, Hadamard) and found == own[::-1] and 1 in found:
            raise NoTemplateError
        if isinstance(formula, Sum) and any(
            (*may_be_spread(found, own), *may_be_spread(own, found))
        ):
            raise NoTemplateError
        raise misfit_of_parts(found, SIGNS.get(type(formula), ""), own)

    def _is_row(self, by: Shape) -> bool:
        """Whether the derivatives by what has this shape are read as a row."""
        return by[0] > 1 and by[1] == 1 and bool(self._reading(GRADIENT))

    @staticmethod
    def _chained(shapes: list[Shape]) -> Shape:
        """The shape of a product, from the left; a number multiplies all entries."""
        found, collapsed = NUMBER, False
        for own in shapes:
            if NUMBER not in (found, own):
                if found[1] != own[0]:
                    raise misfit(found, own)
                found = found[0], own[1]
                collapsed = found == NUMBER
            elif own != NUMBER:
                if collapsed:
                    raise NoTemplateError
                found = own
        return found

    def _raised(self, power: Power) -> Shape:
        """The shape of a vector whose entries are raised to a power."""
        shape = self.shape(power.base)
        if 1 not in shape or not isinstance(power.exponent, Number) or power.exponent.value < 0:
            raise NoTemplateError
        return shape

    def entry(self, formula: Formula, row: str, column: str) -> Formula:
        """The entry of a matrix formula in the row and the column of these letters."""
        if isinstance(formula, Layer | Array):
            return self._of_array(formula, row, column)
        if isinstance(formula, Call) and formula.function == SOFTMAX:
            self._letters += 1
            other, (size, columns) = f"m{self._letters}", self.shape(formula.argument)
            if columns > 1:
                # Of what is no column it is that of the rows, or of all.
                raise NoTemplateError
            own, each = (Call("exp", self.entry(formula.argument, x, column)) for x in (row, other))
            return Quotient(own, SumOver(other, size, each))
        if isinstance(formula, Transposed):
            return self.entry(formula.of, column, row)
        if isinstance(formula, Partial) and formula.of == self._total:
            if self._is_row(self.shape(formula.by)):
                row, column = column, row
            return self._slope(self.entry(formula.by, row, column))
        if isinstance(formula, Hadamard):
            return product(self.entry(part, row, column) for part in formula.factors)
        if isinstance(formula, Product):
            return self._product(formula, row, column)
        parts = tuple(self.entry(part, row, column) for part in formula.parts())
        return formula.rebuilt(parts) if parts else self.template(formula)

    def _of_layer(self, layer: Layer) -> Box:
        """Where the entries of a vector or matrix of a layer stand: they are a whole family."""
        before, family = self._array(layer.kind, layer.layer)
        rows, columns, *_ = (*map(len, family.ranges), 1, 1)
        axes = tuple(range(len(family.ranges)))
        return Box(before + family.key, axes, (1,) * len(axes), (rows, columns), None)

    def _placed(self, array: Array | Layer) -> tuple[Box, tuple[Index, ...]]:
        """Where the entries of an array stand, the same for all that its letters stand for."""
        if isinstance(array, Layer):
            return self._of_layer(array), ()
        if isinstance(array.of, Name):
            numbers = self._arrays.places[array.of.name][1]
            return self._box(array.of.name), tuple(((), number) for number in numbers)
        assert isinstance(array.of, Member)
        stem, indices = array.of.stem, array.of.indices
        there = (at for at in self._arrays.families.get(stem, ()) if may_be(array.of, at))
        boxes = {self._box(name) for at in there if (name := self._arrays.name(stem, at))}
        if len(boxes) != 1:
            raise NoTemplateError
        return boxes.pop(), indices

    def _found(self, name: str) -> Box:
        """Where the entries of one array stand, which have to be a box: its corners say it."""
        entries, (_, own) = self._arrays.entries[name], self._arrays.places[name]
        rows, columns = len(entries), len(entries[0])
        corners = set()
        for corner in ((0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1)):
            entry, before = entries[corner[0]][corner[1]], ""
            if isinstance(entry, Partial) and entry.of == self._total:
                entry, before = entry.by, ADJOINT
            if not isinstance(entry, Name):
                raise NoTemplateError
            family, at = self._instances.placed(entry.name)
            behind = at[len(own) :]
            axes = (0, 1) if len(behind) == 2 else (int(columns > 1),)[: len(behind)]
            if at[: len(own)] != own or len(axes) != len(behind):
                raise NoTemplateError
            first = tuple(n - corner[axis] for n, axis in zip(behind, axes, strict=True))
            corners.add(Box(before + family.key, axes, first, (rows, columns), None))
        if len(corners) > 1:
            raise NoTemplateError
        box = corners.pop()
        if any(size > 1 and axis not in box.axes for axis, size in enumerate(box.shape)):
            raise NoTemplateError
        return box._replace(turned=self._arrays.turned(name))

    def _of_array(self, array: Array | Layer, row: str, column: str) -> Formula:
        """The entry of a vector or a matrix: a member of its family."""
        box, indices = self._placed(array)
        if box.turned is not None and self._reading(box.turned):
            row, column = column, row
        inner = tuple(
            (((row, column)[axis],), first - 1) if box.shape[axis] > 1 else ((), first)
            for axis, first in zip(box.axes, box.first, strict=True)
        )
        return Member(box.key, (*indices, *inner))

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


def is_adjoint(formula: Formula) -> TypeGuard[Member]:
    """Whether this is a member of a family of derivatives of E_total."""
    return isinstance(formula, Member) and formula.stem.startswith(ADJOINT)
