"""The model in floating point: its numbers, every quantity, every δ and gradient by definition.

This is the symbolic side of the numeric check: nothing is computed here but the formulas that the
derivation prints. Plain Python floats, unless another `ring` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain as joined
from typing import Any

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.formula import Arithmetic, evaluate
from derive.functions.floats import arithmetic
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.model.numbers import Numbers

Example = Mapping[str, float]
"""The numbers of a network by the names of its quantities, for one example."""
Ring = Callable[[Mapping[str, Any], Mapping[str, Any]], Arithmetic]


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


def quantities(
    model: Model, numbers: Mapping[str, Any], ring: Ring | None = None
) -> dict[str, Any]:
    """The value of every quantity, from `numbers` for those without a definition.

    A value that overflows is infinite or NaN, never an exception.
    """
    values = {n: numbers[n] for n in model.quantities if n not in model.definitions}
    arithmetic_ = (ring or arithmetic)(values, {})
    for name, definition in model.definitions.items():
        values[name] = evaluate(definition, arithmetic_)
    return {name: values[name] for name in model.quantities}


def adjoints(chain: Chain, values: Mapping[str, float]) -> dict[str, float]:
    """∂E_total/∂q of every quantity between the parameters and E_total, each from those after it.

    They are the δ of a network of layers. `values` is what :func:`quantities` gave.
    """
    found: dict[str, float] = {}
    chain.put_adjoints(arithmetic(values, found), found)
    return found


def gradients(chain: Chain, values: Mapping[str, Any], ring: Ring | None = None) -> dict[str, Any]:
    """∂E_total/∂w of every weight and bias, as the derivation writes it."""
    found: dict[str, Any] = {}
    return chain.gradients_in((ring or arithmetic)(values, found), found)
