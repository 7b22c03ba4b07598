"""What is written of vectors and matrices alone: grids, gradients, inner products."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula.tree import Composed, Factored, Formula


@dataclass(frozen=True, slots=True)
class Batch(Composed):
    """The matrix that a vector of a layer becomes for several examples: each has its column.

    Where vectors are rows, each has its row.
    """

    of: Formula


@dataclass(frozen=True, slots=True)
class Grid(Formula):
    """A vector or matrix that is written out: its cells row by row, and how many make a row."""

    cells: tuple[Formula, ...]
    columns: int

    def parts(self) -> tuple[Formula, ...]:
        return self.cells

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Grid(parts, self.columns)


@dataclass(frozen=True, slots=True)
class Composite(Factored):
    """prod(∂J/∂Y, ∂Y/∂X): what the chain rule makes of derivatives, whatever their shapes are."""


@dataclass(frozen=True, slots=True)
class Held(Formula):
    """A quantity as a function of others: ∂f(x, h)/∂x holds h fixed, even if it follows x.

    Without arguments all others of its family are held: ∂h_t/∂W by the W of this step alone.
    """

    of: Formula
    arguments: tuple[Formula, ...]

    def parts(self) -> tuple[Formula, ...]:
        return (self.of, *self.arguments)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Held(parts[0], parts[1:])


@dataclass(frozen=True, slots=True)
class Gradient(Composed):
    """∇_by of: the derivatives of a number, in the shape of what it is differentiated by."""

    of: Formula
    by: Formula


@dataclass(frozen=True, slots=True)
class Dot(Composed):
    """left · right with a sign between them, which of two vectors may be their inner product."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Outer(Composed):
    """left ⊗ right, which of two vectors may be their outer product, or go entry by entry."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Unit(Formula):
    """The identity matrix, or a vector of ones: its shape is what stands around it calls for."""

    kind: str


IDENTITY, ONES, ROW_OF_ONES = Unit("identity"), Unit("ones"), Unit("row of ones")
