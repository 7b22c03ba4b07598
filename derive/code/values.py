"""The numbers with which a program shows what it does: those of the document's worked example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.model import Model
from derive.numeric.forward import examples


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
    network = model.network.numbered(seed)
    tables = examples(model, network)
    given = [name for name in model.quantities if name not in model.definitions]
    data = [name for name in given if name not in model.parameters]
    return Values(
        tuple({name: float(table[name]) for name in data} for table in tables),
        {name: float(tables[0][name]) for name in model.parameters},
        network is not model.network,
    )
