"""Layers of neurons: net = Σ w·out (+ bias), out = f(net), E_total = Σ E.

Connections may be missing, and a layer may also get the outputs of an earlier one as they are
(a skip connection). A softmax layer's outputs depend on all of its net inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derive import functions, garbage
from derive.formula import (
    Call,
    Formula,
    Name,
    Power,
    Product,
    number,
    total,
)
from derive.functions.written import WRITTEN, softmax
from derive.model import Model, Quantity, Role
from derive.networks.network import Network
from derive.networks.own import activation_of, loss_of

DECAY = "lambda"
"""The name of the factor of the L2 term."""


@garbage.paused()
def build(network: Network) -> Model:
    """The model of a layered network, for one example."""
    names = network.naming
    quantities: list[Quantity] = []
    definitions: dict[str, Formula] = {}
    missing = set(network.missing)

    def add(kind: str, role: Role, layer: int, index: int, source: int | None = None) -> Name:
        plain = names.plain(kind, layer, index, source)
        latex = names.typeset(kind, layer, index, source)
        quantities.append(Quantity(plain, latex, role, layer, index, source))
        return Name(plain)

    def weight(layer: int, index: int, source: int) -> Name | None:
        name = names.plain("weight", layer, index, source)
        if name in missing:
            return None
        return add("weight", Role.WEIGHT, layer, index, source)

    outs = [add("out", Role.INPUT, 0, i) for i in range(1, network.layers[0] + 1)]
    by_layer = [outs]
    last = len(network.layers) - 1
    for layer in range(1, last + 1):
        size = network.layers[layer]
        weights = [
            [weight(layer, j, i) for i in range(1, len(outs) + 1)] for j in range(1, size + 1)
        ]
        biases: list[Name] = []
        if network.bias == "neuron":
            biases = [add("bias", Role.BIAS, layer, j) for j in range(1, size + 1)]
        elif network.bias == "layer":
            biases = [add("bias", Role.BIAS, layer, 0)] * size
        nets = [add("net", Role.NET, layer, j) for j in range(1, size + 1)]
        skipped = [by_layer[source] for source, target in network.skip if target == layer]
        for j, net in enumerate(nets):
            terms: list[Formula] = [
                Product((w, x)) for w, x in zip(weights[j], outs, strict=True) if w is not None
            ]
            terms += [*biases[j : j + 1], *(source[j] for source in skipped)]
            definitions[net.name] = total(terms)
        outs = [add("out", Role.OUTPUT, layer, j) for j in range(1, size + 1)]
        by_layer.append(outs)
        values = _outputs(network, layer, nets)
        definitions.update({out.name: value for out, value in zip(outs, values, strict=True)})

    targets = [add("target", Role.TARGET, last, j) for j in range(1, len(outs) + 1)]
    errors = [add("error", Role.ERROR, last, j) for j in range(1, len(outs) + 1)]
    loss = loss_of(network)
    for error, target, out in zip(errors, targets, outs, strict=True):
        definitions[error.name] = loss.error(target, out, len(outs), WRITTEN)
    terms = list(errors)
    if network.l2:
        quantities.append(Quantity(DECAY, rf"\{DECAY}", Role.CONSTANT, last, 0))
        squares = total(Power(Name(q.name), number(2)) for q in _of(quantities, Role.WEIGHT))
        terms.append(Product((number(Fraction(1, 2)), Name(DECAY), squares)))
    whole = add("E_total", Role.TOTAL, last, 0)
    definitions[whole.name] = total(terms)
    return Model(quantities, definitions, network, _conditions(network, targets))


def _conditions(network: Network, targets: Sequence[Name]) -> dict[str, Formula]:
    """Targets that are compared with the shares of a softmax are shares too: they sum to 1."""
    if not network.has_shares:
        return {}
    return {targets[-1].name: total([number(1), *(-target for target in targets[:-1])])}


def _of(quantities: Sequence[Quantity], role: Role) -> list[Quantity]:
    return [quantity for quantity in quantities if quantity.role is role]


def _outputs(network: Network, layer: int, nets: Sequence[Name]) -> list[Formula]:
    """The definitions of a layer's outputs."""
    if network.activations[layer - 1] == functions.SOFTMAX:
        return softmax(nets)
    row = activation_of(network, layer)
    return [Call(row.symbol, net) if row.symbol else row.value(net, WRITTEN) for net in nets]
