"""The equations of one layer, for all of its neurons at once: with index letters, and in matrices.

They are written from the model's own local derivatives, so they hold for whatever the layer is:
its function may be one of single neurons or softmax, weights may be missing, outputs may skip
layers, and E_total may have a term for the weights. :mod:`derive.calculus.general` proves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derive import functions
from derive.calculus.chain import Chain
from derive.calculus.matrices import lifted
from derive.formula import (
    ONE,
    Call,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Product,
    Sum,
    SumOver,
    Transposed,
    equation,
    names_in,
    product,
    total,
    transform,
)
from derive.model import KINDS, Role
from derive.model.facts import Facts
from derive.networks.layered import DECAY

OWN = "m"
"""The letter of a second neuron of the same layer, where softmax couples them."""


class LayerRules:
    """The rules of one network's layers; `layer` counts from 1, the first after the inputs."""

    def __init__(self, network: Facts, chain: Chain) -> None:
        self.network = network
        self.chain = chain
        self.model = chain.model
        self.names = network.naming
        self.last = len(network.layers) - 1
        self.total = Name(self.model.total)

    # What every form is made of.

    def is_softmax(self, layer: int) -> bool:
        """Whether the outputs of the layer are shares."""
        return self.network.activations[layer - 1] == functions.SOFTMAX

    def skips(self, layer: int) -> list[int]:
        """The later layers that get the outputs of this one added to their net inputs."""
        return [target for source, target in self.network.skip if source == layer]

    def first(self, role: Role, layer: int) -> str:
        """The first quantity of a role in a layer."""
        return self.model.in_layer(layer, role)[0]

    def slope(self, layer: int) -> Formula:
        """∂out/∂net of the first neuron, for a function of single neurons."""
        return self.chain.local(self.first(Role.OUTPUT, layer))[self.first(Role.NET, layer)]

    def error_slope(self) -> Formula:
        """∂E/∂out of the first output neuron."""
        return self.chain.local(self.model.errors[0])[self.first(Role.OUTPUT, self.last)]

    def own_delta(self) -> Formula | None:
        """δ of the first output neuron if nothing of another neuron stands in it."""
        delta = self.chain.deltas[self.first(Role.NET, self.last)]
        alone = all(self.model.quantities[name].index == 1 for name in names_in(delta))
        return delta if alone else None

    def named_slope(self, layer: int, net: Formula) -> Formula | None:
        """∂out/∂net by the function's name: sig'(net); nothing where it is no such function."""
        definition = self.model.definitions[self.first(Role.OUTPUT, layer)]
        if isinstance(definition, Call) and isinstance(definition.argument, Name):
            return Call(definition.function, net, 1)
        return None

    # With indices.

    def _of_neuron(self, formula: Formula, letter: str) -> Formula:
        """`formula` with every quantity of one neuron turned into that of neuron `letter`."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Name):
                return None
            quantity = self.model.quantities[node.name]
            return Neuron(KINDS[quantity.role], quantity.layer, letter)

        return transform(formula, rule)

    def _arriving(self, layer: int, j: str, k: str, summed: bool) -> Formula:
        """∂E_total/∂out_j: from the error, or from the layers that the outputs lead to."""
        if layer == self.last:
            return self._of_neuron(self.error_slope(), j)
        upper = self.network.layers[layer + 1]
        next_: int | str = k if upper > 1 or summed else 1
        factors = Neuron("delta", layer + 1, next_), Neuron("weight", layer + 1, next_, j)
        sent: Formula = Product(factors[::-1] if self.names.by_layer else factors)
        if isinstance(next_, str):
            sent = SumOver(next_, upper, sent)
        return total([sent, *(Neuron("delta", target, j) for target in self.skips(layer))])

    def delta(self, layer: int, summed: bool = False) -> Equation:
        """δ_j of a layer; `summed` keeps a Σ of a single summand."""
        j, _, k = self.names.letters
        own, net = Neuron("delta", layer, j), Neuron("net", layer, j)
        by_net = Partial(self.total, net)
        alone = self.own_delta() if layer == self.last else None
        if self.is_softmax(layer):
            if alone is not None:
                return equation(own, by_net, self._of_neuron(alone, j))
            here = self._arriving(layer, j, k, summed)
            there = Neuron("out", layer, OWN) * self._arriving(layer, OWN, k, summed)
            mean = SumOver(OWN, self.network.layers[layer], there)
            return equation(own, by_net, Neuron("out", layer, j) * (here - mean))
        named = self.named_slope(layer, net) if self.names.by_layer else None
        slope = self._of_neuron(self.slope(layer), j)
        if alone is None:
            arriving = self._arriving(layer, j, k, summed)
            middle = [] if named is None else [product([arriving, named])]
            return equation(own, by_net, *middle, product([arriving, slope]))
        written = self._of_neuron(alone, j)
        if named is None:
            return equation(own, by_net, written)
        by_out = Partial(self.total, Neuron("out", layer, j))
        return equation(own, by_net, Product((by_out, named)), written)

    def gradient(self, layer: int) -> Equation:
        """∂E_total/∂w of a weight that leads to the layer."""
        j, i, _ = self.names.letters
        factors = Neuron("delta", layer, j), Neuron("out", layer - 1, i)
        weight = Neuron("weight", layer, j, i)
        found: Formula = Product(factors[::-1] if self.names.by_layer else factors)
        if self.network.l2:
            found = found + Name(DECAY) * weight
        return equation(Partial(self.total, weight), found)

    def bias(self, layer: int, summed: bool = False) -> Equation:
        """∂E_total/∂bias of the layer."""
        j = self.names.letters[0]
        delta: Formula = Neuron("delta", layer, j)
        if self.network.bias == "layer":
            size = self.network.layers[layer]
            shared = Partial(self.total, Neuron("bias", layer, 0))
            wide = size > 1 or summed
            return equation(shared, SumOver(j, size, delta) if wide else Neuron("delta", layer, 1))
        return equation(Partial(self.total, Neuron("bias", layer, j)), delta)

    # In matrix form.

    def _of_layer(self, formula: Formula) -> Formula:
        """A formula of one neuron as that of its whole layer: names to vectors, · to ⊙."""
        quantities = [self.model.quantities[name] for name in names_in(formula)]
        return lifted(formula, {q.name: Layer(KINDS[q.role], q.layer) for q in quantities})

    def _arriving_vector(self, layer: int) -> Formula:
        if layer == self.last:
            return self._of_layer(self.error_slope())
        sent = Product((Transposed(Layer("weight", layer + 1)), Layer("delta", layer + 1)))
        return total([sent, *(Layer("delta", target) for target in self.skips(layer))])

    def delta_vector(self, layer: int) -> Equation:
        """δ of the layer as a column."""
        delta, out = Layer("delta", layer), Layer("out", layer)
        alone = self.own_delta() if layer == self.last else None
        arriving = self._arriving_vector(layer)
        if self.is_softmax(layer):
            if alone is not None:
                return equation(delta, self._of_layer(alone))
            mean = Product((out, Product((Transposed(out), arriving))))
            return equation(delta, Sum((_entrywise((out, arriving)), Negative(mean))))
        slope = self._of_layer(self.slope(layer))
        written = arriving if slope == ONE else _entrywise((arriving, slope))
        if alone is not None:
            written = self._of_layer(alone)
        named = self.named_slope(layer, Layer("net", layer)) if self.names.by_layer else None
        if named is None:
            return equation(delta, written)
        if layer == self.last:
            arriving = Partial(self.total, out)
        return equation(delta, Hadamard((arriving, named)), written)

    def matrix(self, layer: int) -> list[Equation]:
        """δ of the layer, ∂E_total/∂W of its weights, and of its biases where each has one."""
        weights, delta = Layer("weight", layer), Layer("delta", layer)
        found: Formula = Product((delta, Transposed(Layer("out", layer - 1))))
        if self.is_masked(layer):
            found = Hadamard((found, Layer("mask", layer)))
        if self.network.l2:
            found = Sum((found, Product((Name(DECAY), weights))))
        rules = [self.delta_vector(layer), equation(Partial(self.total, weights), found)]
        if self.network.bias == "neuron":
            rules.append(equation(Partial(self.total, Layer("bias", layer)), delta))
        return rules

    def is_masked(self, layer: int) -> bool:
        """Whether weights that would lead to the layer are missing."""
        before, size = self.network.layers[layer - 1], self.network.layers[layer]
        return self.network.weight_counts[layer - 1] < before * size

    def forward(self, layer: int) -> tuple[Equation, Equation]:
        """Net inputs and outputs of a layer."""
        terms: list[Formula] = [Product((Layer("weight", layer), Layer("out", layer - 1)))]
        if self.network.bias != "none":
            terms.append(Layer("bias", layer))
        terms += [Layer("out", source) for source, target in self.network.skip if target == layer]
        vector = Layer("net", layer)
        out: Formula = Call(functions.SOFTMAX, vector)
        if not self.is_softmax(layer):
            definition = self.model.definitions[self.first(Role.OUTPUT, layer)]
            out = self._of_layer(definition)
        return equation(vector, total(terms)), equation(Layer("out", layer), out)


def _entrywise(factors: Sequence[Formula]) -> Formula:
    """The product of vectors entry by entry, behind the product of the numbers in it."""
    value, vectors = Fraction(1), list[Formula]()
    todo = list(factors)
    while todo:
        factor = todo.pop(0)
        if isinstance(factor, Hadamard) or (
            isinstance(factor, Product) and isinstance(factor.factors[0], Number)
        ):
            todo[:0] = factor.factors
        elif isinstance(factor, Number) and not factor.text:
            value *= factor.value
        else:
            vectors.append(factor)
    if not vectors:
        return Number(value)
    found = Hadamard(tuple(vectors)) if len(vectors) > 1 else vectors[0]
    return found if value == 1 else Product((Number(value), found))
