"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.notation.indexed import Indexed
from derive.notation.letters import Letters
from derive.notation.names import Naming
from derive.notation.numbered import Numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derive.builders.equations import System
    from derive.network import Network

NAMINGS: dict[str, type[Naming]] = {
    "letters": Letters,
    "numbered": Numbered,
    "indexed": Indexed,
}


def naming(
    notation: str, layers: tuple[int, ...], bias: str, names: Mapping[str, str] | None = None
) -> Naming:
    """The names that `notation` gives to a network's quantities, some symbols of it renamed."""
    return NAMINGS[notation](layers, bias, names)


def naming_of(network: Network | System) -> Naming:
    """The names of a network's quantities, in its own notation and with its own symbols."""
    return naming(network.notation, network.layers, network.bias, dict(network.names))
