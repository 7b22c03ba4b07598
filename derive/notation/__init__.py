"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from collections.abc import Mapping

from derive.notation.indexed import Indexed
from derive.notation.letters import Letters
from derive.notation.names import Naming
from derive.notation.numbered import Numbered

NAMINGS: dict[str, type[Naming]] = {
    "letters": Letters,
    "numbered": Numbered,
    "indexed": Indexed,
}
NOTATIONS = tuple(NAMINGS)


def naming(
    notation: str, layers: tuple[int, ...], bias: str, names: Mapping[str, str] | None = None
) -> Naming:
    """The names that `notation` gives to a network's quantities, some symbols of it renamed."""
    return NAMINGS[notation](layers, bias, names)
