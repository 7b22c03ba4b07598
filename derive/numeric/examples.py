"""The numbers of a network by the names of its quantities, one table for each example."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain as joined

from derive.errors import InputError
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.model.numbers import Numbers

Example = Mapping[str, float]


def examples(model: Model, network: Facts) -> list[Example]:
    """A value for every quantity without a definition, for each example of the network's numbers.

    Raises :class:`InputError` for a network without numbers.
    """
    if network.numbers is None:
        raise InputError(
            f"network {network.name}: it has no numbers; give [numbers] in its file,"
            " or draw some with Network.with_random_numbers(seed)"
        )
    if not isinstance(network.numbers, Numbers):
        return [dict(network.numbers)]
    numbers = network.numbers
    given: dict[str, float] = {q.name: network.l2 for q in model.having(Role.CONSTANT)}
    for role, rows in ((Role.WEIGHT, numbers.weights), (Role.BIAS, numbers.biases)):
        names = [quantity.name for quantity in model.having(role)]
        given |= zip(names, joined.from_iterable(rows), strict=True)
    found: list[Example] = []
    for inputs, targets in zip(numbers.inputs, numbers.targets, strict=True):
        own = dict(given)
        for role, row in ((Role.INPUT, inputs), (Role.TARGET, targets)):
            own |= zip([quantity.name for quantity in model.having(role)], row, strict=True)
        found.append(own)
    return found
