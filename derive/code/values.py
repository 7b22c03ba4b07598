"""The numbers with which a program shows what it does: those of the document's worked example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain as joined

from derive.builders.equations import System
from derive.model import Model, Role
from derive.network import Network


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
    numbers = network.numbers or network.with_random_numbers(seed).numbers
    assert numbers is not None
    names = [[q.name for q in model.having(role)] for role in (Role.INPUT, Role.TARGET)]
    rows = zip(numbers.inputs, numbers.targets, strict=True)
    parameters: dict[str, float] = {}
    for role, given in ((Role.WEIGHT, numbers.weights), (Role.BIAS, numbers.biases)):
        found = (q.name for q in model.having(role))
        parameters |= zip(found, joined.from_iterable(given), strict=True)
    constants = {q.name: network.l2 for q in model.having(Role.CONSTANT)}
    return Values(
        tuple(
            {**dict(zip(joined(*names), joined(*row), strict=True)), **constants} for row in rows
        ),
        {name: parameters[name] for name in model.parameters},
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
