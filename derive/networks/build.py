"""From what a user chose to its model."""

from __future__ import annotations

from derive.model import Model
from derive.model.facts import Facts
from derive.networks import layered
from derive.networks.equations.system import System, build_system
from derive.networks.network import Network
from derive.networks.sources import read


def build(network: Facts) -> Model:
    """The model of a network, by the builder of its kind."""
    if isinstance(network, Network):
        return layered.build(network)
    assert isinstance(network, System)
    return build_system(network)


def model_of(source: Facts | Model | str) -> Model:
    """The model of a network, or of what names one like ``2-4-3-2``; a model is its own."""
    if isinstance(source, Model):
        return source
    return build(read(source) if isinstance(source, str) else source)
