"""From what a user chose to its model; what equations need is loaded for equations only."""

from __future__ import annotations

from typing import Any

from derive.model import Model
from derive.model.facts import Facts
from derive.networks import layered
from derive.networks.network import Network
from derive.networks.sources import Source, read


def build(network: Facts) -> Model:
    """The model of a network, by the builder of its kind."""
    if isinstance(network, Network):
        return layered.build(network)
    from derive.networks.equations.system import System, build_system

    assert isinstance(network, System)
    return build_system(network)


def model_of(source: Source, **options: Any) -> Model:
    """The model of a network or of what names one; a model without `options` is its own.

    The options are those of :func:`~derive.networks.sources.read`.
    """
    return source if isinstance(source, Model) and not options else build(read(source, **options))
