"""Backpropagation with the two slips of hand calculation: updated weights, rounding on the way."""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from derive.calculus.chain import Chain
from derive.formula import Delta, Formula, Name, Partial, Updated, evaluate, total
from derive.functions.floats import arithmetic
from derive.model import Model


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
    for name, definition in model.definitions.items():
        values[name] = rounded(_value(definition, values, {}))
    found: dict[Formula, float] = {Name(name): value for name, value in values.items()}
    if not model.network.layers:
        return found
    rate = values.get("eta", 0.0)
    deltas: dict[str, float] = {}
    stepped: dict[str, float] = {}
    weights = ChainMap(stepped, values) if sequential else values
    by_layer = sorted(chain.deltas, key=lambda net: model.quantities[net].layer, reverse=True)
    for net in by_layer:
        deltas[net] = rounded(_value(chain.deltas[net], weights, deltas))
        found[Delta(net)] = found[_partial(model.total, net)] = deltas[net]
        here = model.quantities[net]
        for name in model.parameters:
            quantity = model.quantities[name]
            if quantity.layer != here.layer or quantity.index not in (here.index, 0):
                continue
            gradient = rounded(_value(chain.gradients[name], values, deltas))
            found[_partial(model.total, name)] = gradient
            moved = rounded(values[name] - rate * gradient) if model.moves(name) else values[name]
            stepped[name] = found[Updated(name)] = moved
    found |= _sent_back(chain, weights, deltas)
    after = {**values, **stepped}
    for name, definition in model.definitions.items():
        after[name] = rounded(_value(definition, after, {}))
        found[Updated(name)] = after[name]
    return found


def _sent_back(
    chain: Chain, weights: Mapping[str, float], deltas: Mapping[str, float]
) -> dict[Formula, float]:
    """∂E_total/∂out of the hidden neurons: the sum of what the next layer sends back."""
    model, found = chain.model, dict[Formula, float]()
    for out in (out for net in deltas for out in model.used_in[net]):
        users = model.used_in[out]
        if all(user in deltas for user in users):
            back = total(Delta(user) * chain.local(user)[out] for user in users)
            found[_partial(model.total, out)] = _value(back, weights, deltas)
    return found


def _partial(of: str, by: str) -> Partial:
    return Partial(Name(of), Name(by))


def _value(formula: Formula, values: Mapping[str, float], deltas: Mapping[str, float]) -> float:
    """The value in ordinary floating point; not a number where a power is too large."""
    floats = arithmetic(values, deltas)

    def resolve(node: Formula, inner: Callable[[Formula], float]) -> float:
        if isinstance(node, Delta):
            # A shared bias gathers δ of neurons that come later in the run.
            return deltas.get(node.of, 0.0)
        if isinstance(node, Partial):
            return math.nan
        return float(floats.resolve(node, inner))

    try:
        return float(evaluate(formula, replace(floats, number=_float, resolve=resolve)))
    except OverflowError:
        return math.nan


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
