"""Backpropagation with the two slips of hand calculation: updated weights, rounding on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from derive.calculus.chain import Chain
from derive.formula import Delta, Formula, Name, Partial, Updated, evaluate
from derive.functions.floats import arithmetic
from derive.model import Model, Role


def by_hand(
    model: Model,
    chain: Chain,
    given: Mapping[str, Fraction],
    *,
    sequential: bool = False,
    digits: int | None = None,
) -> Mapping[Formula, float]:
    """Forward, backward and one update, from the `given` numbers, as people compute them.

    `sequential` uses the weights of a layer already updated for the δ of the layer before;
    `digits` rounds every intermediate result to so many decimals. The result maps quantities,
    δ, ∂E_total/∂x and w⁺ to their numbers; of a network without layers, which has no order of
    its own to go back, the quantities alone. What cannot be computed so is not a number.
    """

    def rounded(value: float) -> float:
        return value if digits is None else round(value, digits)

    values = {name: _float(value) for name, value in given.items()}
    world = _HandValues(model, values)
    for name, definition in model.definitions.items():
        values[name] = rounded(world.value(definition))
    found: dict[Formula, float] = {Name(name): value for name, value in values.items()}
    if not model.network.layers:
        return found
    rate = values.get("eta", 0.0)
    after = dict(values)
    old = dict(values)
    deltas: dict[str, float] = {}
    by_layer = sorted(chain.deltas, key=lambda net: model.quantities[net].layer, reverse=True)
    for net in by_layer:
        world = _HandValues(model, old, deltas, after if sequential else old)
        deltas[net] = rounded(world.value(chain.deltas[net]))
        layer, index = model.quantities[net].layer, model.quantities[net].index
        found[Delta(net)] = deltas[net]
        found[Partial(Name(model.total), Name(net))] = deltas[net]
        for name in model.parameters:
            quantity = model.quantities[name]
            if quantity.layer != layer or quantity.index not in (index, 0):
                continue
            gradient = rounded(_HandValues(model, old, deltas).value(chain.gradients[name]))
            found[Partial(Name(model.total), Name(name))] = gradient
            stepped = rounded(old[name] - rate * gradient) if model.moves(name) else old[name]
            after[name] = stepped
            found[Updated(name)] = after[name]
    for net in by_layer:
        _by_output(model, net, found, after if sequential else old, deltas)
    world = _HandValues(model, after)
    for name, definition in model.definitions.items():
        after[name] = rounded(world.value(definition))
        found[Updated(name)] = after[name]
    return found


def _by_output(
    model: Model,
    net: str,
    found: dict[Formula, float],
    weights: Mapping[str, float],
    deltas: Mapping[str, float],
) -> None:
    """∂E_total/∂out of a hidden neuron: the sum of what the next layer sends back."""
    quantity = model.quantities[net]
    total = 0.0
    for out in model.used_in[net]:
        for user in model.used_in[out]:
            if user not in deltas:
                return
            for name in model.inputs_of[user]:
                weight = model.quantities[name]
                if weight.role is Role.WEIGHT and weight.source == quantity.index:
                    total += deltas[user] * weights[name]
        found[Partial(Name(model.total), Name(out))] = total


class _HandValues:
    """Formulas in ordinary floating point: parameters from one table, all else from another."""

    def __init__(
        self,
        model: Model,
        values: Mapping[str, float],
        deltas: Mapping[str, float] | None = None,
        parameters: Mapping[str, float] | None = None,
    ) -> None:
        self._parameters = model.parameters_set
        self._values, self._deltas = values, deltas or {}
        self._weights = parameters or values
        self._floats = arithmetic(self._values, self._deltas)
        self._ring = replace(self._floats, number=_float, resolve=self._resolve)

    def value(self, formula: Formula) -> float:
        """The value; not a number where a power is too large."""
        try:
            return float(evaluate(formula, self._ring))
        except OverflowError:
            return math.nan

    def _resolve(self, node: Formula, inner: Callable[[Formula], float]) -> float:
        if isinstance(node, Name):
            table = self._weights if node.name in self._parameters else self._values
            return table[node.name]
        if isinstance(node, Delta):
            # A shared bias gathers δ of neurons that come later in the run.
            return self._deltas.get(node.of, 0.0)
        if isinstance(node, Partial):
            return math.nan
        return float(self._floats.resolve(node, inner))


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
