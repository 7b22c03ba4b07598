"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from derive.notation.letters import Letters
from derive.notation.names import Naming
from derive.notation.numbered import Numbered

NAMINGS: dict[str, type[Naming]] = {"letters": Letters, "numbered": Numbered}


def naming(notation: str, layers: tuple[int, ...], bias: str) -> Naming:
    """The names that `notation` gives to a fully connected network's quantities."""
    return NAMINGS[notation](layers, bias)
