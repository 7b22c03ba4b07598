"""From what a user stated to a model; one family a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.network import Network

if TYPE_CHECKING:
    from derive.builders.equations import System
    from derive.model import Model


def build(network: Network | System) -> Model:
    """The model of a network, by the builder of its family."""
    if isinstance(network, Network):
        from derive.builders import layered

        return layered.build(network)
    from derive.builders.equations import build_system

    return build_system(network)
