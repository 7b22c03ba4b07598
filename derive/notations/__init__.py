"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from collections.abc import Mapping

from derive.notations.indexed import Indexed
from derive.notations.letters import Letters
from derive.notations.names import Naming
from derive.notations.numbered import Numbered

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
