"""The numbers with which a program shows what it does: those of the document's worked example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.builders.equations import System
from derive.model import Model
from derive.network import Network
from derive.numeric.examples import examples


@dataclass(frozen=True)
class Values:
    """Numbers by the names of the quantities: the data of each example, and the parameters.

    `drawn` says that the network has none of its own.
    """

    examples: tuple[Mapping[str, float], ...]
    parameters: Mapping[str, float]
    drawn: bool


def values(model: Model, seed: int) -> Values:
    """The network's own numbers; what is missing is drawn from `seed`."""
    network = model.network
    return _of_system(network, seed) if isinstance(network, System) else _of(network, model, seed)


def _of(network: Network, model: Model, seed: int) -> Values:
    numbered = network if network.numbers is not None else network.with_random_numbers(seed)
    tables = examples(model, numbered)
    return Values(
        tuple(
            {name: value for name, value in table.items() if name not in model.parameters_set}
            for table in tables
        ),
        {name: tables[0][name] for name in model.parameters},
        network.numbers is None,
    )


def _of_system(system: System, seed: int) -> Values:
    given = system.with_random_numbers(seed).numbers
    assert given is not None
    return Values(
        ({name: float(given[name]) for name in system.inputs},),
        {name: float(given[name]) for name in system.weights},
        len(system.numbers or {}) < len(given),
    )
