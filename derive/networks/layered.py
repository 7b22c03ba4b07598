"""Layers of neurons: net = Σ w·out (+ bias), out = f(net), E_total = Σ E.

Connections may be missing, and a layer may also get the outputs of an earlier one as they are
(a skip connection). A softmax layer's outputs depend on all of its net inputs.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from derive import functions
from derive.formula import (
    Call,
    Formula,
    Name,
    Power,
    Product,
    Quotient,
    number,
    total,
)
from derive.functions.written import WRITTEN
from derive.model import Model
from derive.model.families import Family, Indices, Role, member, summed
from derive.model.instances import Instances
from derive.networks.network import Network
from derive.networks.own import activation_of, loss_of

DECAY = "lambda"
"""The name of the factor of the L2 term."""


def build(network: Network) -> Model:
    """The model of a layered network, for one example: a family for each kind of each layer."""
    spelling = LayerNames(network)
    families: list[Family] = []

    def add(kind: str, role: Role, layer: int, *sizes: int, **more: Any) -> Family:
        ranges = tuple(range(1, size + 1) for size in sizes)
        family = Family(f"{kind}:{layer}", role, ranges, layer, ("j", "k")[: len(sizes)], **more)
        families.append(family)
        return family

    layers, last = network.layers, len(network.layers) - 1
    outs = add("out", Role.INPUT, 0, layers[0])
    by_layer = [outs]
    for layer, (before, size) in enumerate(pairwise(layers), 1):
        absent = network.absent(layer)
        weights = add("weight", Role.WEIGHT, layer, size, before, absent=absent)
        arriving = Product((member(weights.key, "j", "k"), member(outs.key, "k")))
        terms = [summed(arriving, k=range(1, before + 1))]
        if network.bias != "none":
            sizes = (size,) if network.bias == "neuron" else ()
            bias = add("bias", Role.BIAS, layer, *sizes)
            terms.append(member(bias.key, *bias.letters))
        terms += [
            member(by_layer[source].key, "j") for source, target in network.skip if target == layer
        ]
        net = add("net", Role.NET, layer, size, definition=total(terms))
        out = _output(network, layer, net.key)
        outs = add("out", Role.OUTPUT, layer, size, definition=out)
        by_layer.append(outs)

    targets = add("target", Role.TARGET, last, layers[-1])
    compared = member(targets.key, "j"), member(outs.key, "j"), layers[-1], WRITTEN
    error = loss_of(network).error(*compared)
    errors = add("error", Role.ERROR, last, layers[-1], definition=error)
    terms = [summed(member(errors.key, "j"), j=range(1, layers[-1] + 1))]
    if network.l2:
        constant = add(DECAY, Role.CONSTANT, last)
        weighted = [family for family in families if family.role is Role.WEIGHT]
        squares = total(
            summed(
                Power(member(family.key, "j", "k"), number(2)),
                **dict(zip(("j", "k"), family.ranges, strict=True)),
            )
            for family in weighted
        )
        terms.append(Product((number(Fraction(1, 2)), member(constant.key), squares)))
    add("E_total", Role.TOTAL, last, definition=total(terms))
    instances = Instances(families, spelling)
    return Model(instances, network, partial(_conditions, network))


class LayerNames:
    """How the quantities of a layered network are called, in its notation."""

    def __init__(self, network: Network) -> None:
        self._names = network.naming

    def plain(self, family: Family, indices: Indices) -> str:
        kind = family.key.partition(":")[0]
        if kind == DECAY:
            return DECAY
        return self._names.plain(kind, family.layer, *(indices or (0,)))

    def latex(self, family: Family, indices: Indices) -> str:
        kind = family.key.partition(":")[0]
        if kind == DECAY:
            return rf"\{DECAY}"
        return self._names.typeset(kind, family.layer, *(indices or (0,)))

    def find(self, name: str) -> tuple[str, Indices] | None:
        found = self._names.weight(name)
        return None if found is None else (f"weight:{found[0]}", found[1:])


def _conditions(network: Network, instances: Instances) -> dict[str, Formula]:
    """Targets that are compared with the shares of a softmax are shares too: they sum to 1."""
    if not network.has_shares:
        return {}
    targets = [Name(name) for name in instances.named(Role.TARGET)]
    return {targets[-1].name: total([number(1), *(-target for target in targets[:-1])])}


def _output(network: Network, layer: int, net: str) -> Formula:
    """The definition of a layer's outputs, those of the family `net` being its net inputs."""
    own = member(net, "j")
    if network.activations[layer - 1] == functions.SOFTMAX:
        powers = Call("exp", member(net, "k"))
        return Quotient(Call("exp", own), summed(powers, k=range(1, network.layers[layer] + 1)))
    row = activation_of(network, layer)
    return Call(row.symbol, own) if row.symbol else row.value(own, WRITTEN)
