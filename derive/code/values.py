"""The numbers with which a program shows what it does: those of the document's worked example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.builders.equations import System
from derive.model import Model
from derive.numeric.forward import forward_values


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
    given = [name for name in model.quantities if name not in model.definitions]
    columns: Mapping[str, Sequence[float]]
    if isinstance(network, System):
        numbers = network.with_random_numbers(seed).numbers or {}
        columns = {name: [numbers[name]] for name in given}
        drawn = len(network.numbers or {}) < len(given)
    else:
        used = network if network.numbers else network.with_random_numbers(seed)
        columns = forward_values(model, used)
        drawn = network.numbers is None
    data = [name for name in given if name not in model.parameters_set]
    examples = range(max(len(columns[name]) for name in given))
    return Values(
        tuple({name: float(columns[name][place]) for name in data} for place in examples),
        {name: float(columns[name][0]) for name in model.parameters},
        drawn,
    )
