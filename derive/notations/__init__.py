"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from collections.abc import Mapping

from derive.notations import table
from derive.notations.names import Naming
from derive.notations.table import Notation

__all__ = ["NOTATIONS", "Notation", "naming"]
NOTATIONS = table.names()


def naming(
    notation: str | Notation,
    layers: tuple[int, ...],
    bias: str,
    names: Mapping[str, str] | None = None,
) -> Naming:
    """The names that `notation` gives to a network's quantities, some symbols of it renamed."""
    found = table.shipped(notation) if isinstance(notation, str) else notation
    return Naming(found, layers, bias, names)
