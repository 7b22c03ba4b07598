"""Fully connected layers: net = Σ w·out (+ bias), out = f(net), E_total = Σ E."""

from __future__ import annotations

from derive import functions, garbage
from derive.formula import Call, Formula, Name, Product, total
from derive.model import Model, Quantity, Role
from derive.network import Network
from derive.notation import naming_of


@garbage.paused()
def build(network: Network) -> Model:
    """The model of a fully connected network, for one example."""
    names = naming_of(network)
    quantities: list[Quantity] = []
    definitions: dict[str, Formula] = {}

    def add(kind: str, role: Role, layer: int, index: int, source: int | None = None) -> Name:
        plain = names.plain(kind, layer, index, source)
        latex = names.latex(kind, layer, index, source)
        quantities.append(Quantity(plain, latex, role, layer, index, source))
        return Name(plain)

    outs = [add("out", Role.INPUT, 0, i) for i in range(1, network.layers[0] + 1)]
    last = len(network.layers) - 1
    for layer in range(1, last + 1):
        row = functions.activation(network.activations[layer - 1])
        size = network.layers[layer]
        weights = [
            [add("weight", Role.WEIGHT, layer, j, i) for i in range(1, len(outs) + 1)]
            for j in range(1, size + 1)
        ]
        biases: list[Name] = []
        if network.bias == "neuron":
            biases = [add("bias", Role.BIAS, layer, j) for j in range(1, size + 1)]
        elif network.bias == "layer":
            biases = [add("bias", Role.BIAS, layer, 0)] * size
        nets = [add("net", Role.NET, layer, j) for j in range(1, size + 1)]
        for j, net in enumerate(nets):
            terms: list[Formula] = [Product((w, x)) for w, x in zip(weights[j], outs, strict=True)]
            definitions[net.name] = total([*terms, *biases[j : j + 1]])
        outs = [add("out", Role.OUTPUT, layer, j) for j in range(1, size + 1)]
        for net, out in zip(nets, outs, strict=True):
            definitions[out.name] = Call(row.symbol, net) if row.symbol else net

    targets = [add("target", Role.TARGET, last, j) for j in range(1, len(outs) + 1)]
    errors = [add("error", Role.ERROR, last, j) for j in range(1, len(outs) + 1)]
    loss = functions.loss(network.loss)
    for error, target, out in zip(errors, targets, outs, strict=True):
        definitions[error.name] = loss.error(target, out)
    whole = add("E_total", Role.TOTAL, last, 0)
    definitions[whole.name] = total(errors)
    return Model(quantities, definitions, network)
