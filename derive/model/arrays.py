"""Which quantities of a network of equations form vectors and matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.formula import Formula
from derive.model.families import Indices

Entries = tuple[tuple[Formula, ...], ...]
"""The entries of a matrix, row by row; of a column vector, each row has one."""


@dataclass(frozen=True)
class Arrays:
    """The vectors and matrices of a network, and the equations between them.

    `entries` are those of each array by its name; names with a capital letter are matrices.
    `places` say which family of arrays each belongs to, and with which indices.
    `equations` map an array to the formula that defines it, in the order of computing. Each is a
    weighted sum of arrays or a function of one; weighted sums have a δ, ∂E/∂ of them, which is the
    array that `deltas` names.
    """

    entries: Mapping[str, Entries]
    places: Mapping[str, tuple[str, Indices]]
    equations: Mapping[str, Formula]
    deltas: Mapping[str, str]

    def shape(self, name: str) -> tuple[int, int]:
        """Rows and columns of an array."""
        rows = self.entries[name]
        return len(rows), len(rows[0])

    @property
    def are_scalars(self) -> bool:
        """Whether every array has a single entry, so that nothing is gained by them."""
        return all(self.shape(name) == (1, 1) for name in self.entries)
