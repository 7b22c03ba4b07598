"""How quantities are named and typeset: names per notation, glyphs per target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive import functions
from derive.notation.indexed import Indexed
from derive.notation.letters import Letters
from derive.notation.names import Naming
from derive.notation.numbered import Numbered
from derive.notation.pen import LATEX, Pen
from derive.notation.symbols import Symbol

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
    notation: str,
    layers: tuple[int, ...],
    bias: str,
    names: Mapping[str, str] | None = None,
    pen: Pen = LATEX,
) -> Naming:
    """The names that `notation` gives to a network's quantities, some symbols of it renamed."""
    return NAMINGS[notation](layers, bias, names, pen)


def naming_of(network: Network | System, pen: Pen = LATEX) -> Naming:
    """The names of a network's quantities, in its own notation and with its own symbols."""
    return naming(network.notation, network.layers, network.bias, dict(network.names), pen)


def sigma_is_sigmoid(network: Network | System) -> bool:
    """Whether σ can be the sign of the sigmoid: nothing else is written with it.

    Where a network has no sigmoid, σ is read as the activation that it has.
    """
    if not network.layers or network.functions or "sig" in dict(network.names):
        return True
    rows = (functions.ACTIVATIONS.get(name) for name in network.activations)
    return any(
        row is not None and (row.symbol == "sig" or "sig" in functions.written_with(row.symbol))
        for row in rows
        if row is None or row.symbol
    )


def signs_of(network: Network | System) -> dict[str, Symbol]:
    """The symbols of a network by kind, and those of its functions that have signs of their own."""
    symbols = dict(naming_of(network).symbols)
    if not sigma_is_sigmoid(network):
        symbols.pop("sig", None)
    return symbols
