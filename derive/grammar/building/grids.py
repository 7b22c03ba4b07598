"""Vectors and matrices that are written out, and derivatives by whole ones."""

from __future__ import annotations

from typing import Any

from derive.formula import (
    Dot,
    Formula,
    Gradient,
    Grid,
    Layer,
    Letter,
    Neuron,
    Outer,
    is_matrix,
    product,
    walk,
)
from derive.grammar.building.derivatives import Derivatives
from derive.grammar.unfinished import Arguments, plain


class Grids(Derivatives):
    """The callbacks of matrices, of ∇, and of products that may be inner ones."""

    def grid_row(self, parts: list[Any]) -> list[Formula]:
        """The cells of one row."""
        return [plain(cell) for cell in parts[1::3]]

    def grid(self, parts: list[Any]) -> Formula:
        r"""\\begin{bmatrix} … \\end{bmatrix}."""
        rows: list[list[Formula]] = parts[1:-1]
        if len({len(row) for row in rows}) > 1:
            raise self._error("the rows of a matrix have different lengths", self._start(parts[0]))
        return Grid(tuple(cell for row in rows for cell in row), len(rows[0]))

    def nabla(self, parts: list[Any]) -> Formula:
        """∇_b a; by a single quantity it is ∂a/∂b."""
        of, by = plain(parts[3]), plain(parts[1])
        if isinstance(by, Neuron) and by.index == "*":
            by = Layer(by.kind, by.layer)
        found = self._slope(of, by)
        return Gradient(*found.parts()) if is_matrix(found.by) else found

    @staticmethod
    def _times(value: Formula, item: Formula) -> Formula | None:
        """What a · b is where both may be vectors: perhaps their inner product."""
        # The new factor first: what stands before it may be long.
        both = all(map(Grids._may_be_vector, (item, value)))
        return Dot(value, item) if both else None

    @staticmethod
    def _outer(value: Formula, item: Formula) -> Formula:
        """A ⊗ b, which is the product of two numbers."""
        both = plain(value), plain(item)
        return Outer(*both) if any(map(Grids._may_be_vector, both)) else product(both)

    @staticmethod
    def _may_be_vector(formula: Formula) -> bool:
        """Whether vectors stand in a formula, or a name of the author's own that may mean one."""
        own = (node for node in walk(formula) if isinstance(node, Letter))
        return is_matrix(formula) or any(letter.name != "eta" for letter in own)

    @staticmethod
    def _as_vector(side: Formula) -> Formula:
        """A side (1, 2) of an equation as a column vector."""
        side = plain(side)
        return Grid(side.of, 1) if isinstance(side, Arguments) else side
