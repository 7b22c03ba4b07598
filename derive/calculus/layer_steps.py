"""The steps by which the rules of a layer are derived, with index letters.

    ∂E/∂z_j = Σ_k ∂E/∂z_k · ∂z_k/∂z_j          the chain rule over the next layer
    ∂z_k/∂z_j = ∂z_k/∂a_j · ∂a_j/∂z_j           both steps of a path
    ∂z_k/∂a_j = w_kj, ∂a_j/∂z_j = f'(z_j)       what they are

The chain rules, and what the factors are, are found on the miniature, as the rules themselves are
(:mod:`derive.calculus.layer_rules`).
"""

from __future__ import annotations

from derive.calculus.layer_rules import LayerRules
from derive.formula import (
    ONE,
    Equation,
    Formula,
    Neuron,
    Partial,
    Product,
    SumOver,
    Where,
    equation,
    product,
    total,
    transform,
)
from derive.formula.index import Test


class LayerSteps(LayerRules):
    """The rules of one network's layers, and the steps that lead to them."""

    def _by_total(self, quantity: Formula) -> Partial:
        return Partial(self.total, quantity)

    def _net(self, layer: int, letter: str = "") -> Neuron:
        return Neuron("net", layer, letter or self.names.letters[0])

    def _out(self, layer: int) -> Neuron:
        return Neuron("out", layer, self.names.letters[0])

    # What is given.

    def sum_of_errors(self) -> Equation:
        """The error is the sum of those of the outputs."""
        j = self.names.letters[0]
        error = Neuron("error", self.last, j)
        return equation(self.total, SumOver(j, self.network.layers[-1], error))

    def meaning(self, layer: int) -> Equation:
        """What δ is."""
        return equation(
            Neuron("delta", layer, self.names.letters[0]), self._by_total(self._net(layer))
        )

    # An output neuron.

    def by_own_output(self) -> Equation:
        """∂E/∂a_j = ∂E_j/∂a_j, and what that is where the loss is known."""
        out, error = self._out(self.last), Neuron("error", self.last, self.names.letters[0])
        sides: list[Formula] = [self._by_total(out), Partial(error, out)]
        return equation(*sides, *([] if self._open[1] else [self._arriving(self.last)]))

    def slope(self, layer: int) -> Equation:
        """∂a_j/∂z_j = f'(z_j), and what that is where the function is known."""
        net, out = self._net(layer), self._out(layer)
        named = self._named_slope(layer, net)
        sides = [] if named is None else [named]
        if named is None or not self._open[0]:
            sides.append(self._local(out, net).right)
        return equation(Partial(out, net), *sides)

    # Shares, by softmax, which depend on all net inputs.

    def by_net_of_shares(self) -> Equation:
        """∂a_k/∂z_j = a_j(1 − a_j) for k = j, and −a_k·a_j for every other k."""
        j, _, k = self.names.letters
        own, other = (Neuron("out", self.last, letter) for letter in (j, k))
        same = Test(((k,), 0), "=", ((j,), 0))
        value = Where((same,), own * (1 - own), -(other * own))
        return equation(Partial(other, self._net(self.last)), value)

    def of_shares(self) -> Equation:
        """δ_j = −y_j + a_j·Σ_k y_k: what the own and the other outputs pass on, put together."""
        j, _, k = self.names.letters
        delta, out, target, other = (
            Neuron(kind, self.last, letter)
            for kind, letter in (("delta", j), ("out", j), ("target", j), ("target", k))
        )
        whole = SumOver(k, self.network.layers[self.last], other)
        return equation(delta, total([-target, Product((out, whole))]))

    def sum_of_targets(self) -> Equation:
        """Σ_j y_j = 1."""
        j = self.names.letters[0]
        shares = SumOver(j, self.network.layers[self.last], Neuron("target", self.last, j))
        return equation(shares, ONE)

    # A hidden neuron.

    def over_next(self, layer: int) -> Equation:
        """∂E/∂z_j = Σ_k ∂E/∂z_k · ∂z_k/∂z_j, over the neurons k of the next layer."""
        out, net = self._out(layer), self._net(layer)
        by_out = self.links("out", layer)
        sides = (transform(side, lambda x: net if x == out else None) for side in by_out.sides)
        return equation(*sides)

    def one_path(self, layer: int) -> Equation:
        """∂z_k/∂z_j = ∂z_k/∂a_j · ∂a_j/∂z_j."""
        then = self._net(layer + 1, self.names.letters[2])
        net, out = self._net(layer), self._out(layer)
        return equation(Partial(then, net), Product((Partial(then, out), Partial(out, net))))

    def by_source(self, layer: int) -> Equation:
        """∂z_k/∂a_j of the next layer: the weight between the two."""
        return self._local(self._net(layer + 1, self.names.letters[2]), self._out(layer))

    def put_in(self, layer: int) -> Equation:
        """δ_j = Σ_k δ_k · w_kj · f'(z_j), with the factors of each path where they stand."""
        j, _, k = self.names.letters
        factors = [
            side for rule in (self.by_source(layer), self.slope(layer)) for side in rule.sides[1:2]
        ]
        body = product([Neuron("delta", layer + 1, k), *factors])
        return equation(Neuron("delta", layer, j), SumOver(k, self.network.layers[layer + 1], body))

    # Of any quantity, as the miniature says it.

    def links(self, kind: str, layer: int) -> Equation:
        """The chain rule for ∂E/∂ of the quantities of a kind: a product for every use.

        ∂E/∂z_j = ∂E/∂a_j · ∂a_j/∂z_j, or a sum over all outputs k where these are shares;
        ∂E/∂w = ∂E/∂z_j · ∂z_j/∂w, with λ·w if E has it; ∂E/∂b = Σ_j ∂E/∂z_j · ∂z_j/∂b.
        """
        j, _, k = self.names.letters
        common, small = self._common, self.small

        def links(name: str) -> Formula:
            return common.links(name, small.slope(small.model.total, name))

        return self._rule(kind, layer, common.by, links, j if kind == "bias" else k)

    def by_weight(self, layer: int) -> Equation:
        """∂z_j/∂w: the output that the weight is multiplied by."""
        return self._local(self._net(layer), Neuron("weight", layer, *self.names.letters[:2]))

    def by_bias(self, layer: int) -> Equation:
        """∂z_j/∂b: 1."""
        index = 0 if self.network.bias == "layer" else self.names.letters[0]
        return self._local(self._net(layer), Neuron("bias", layer, index))

    def _local(self, of: Neuron, by: Neuron) -> Equation:
        """The local derivative ∂of/∂by, wherever the one stands in the definition of the other."""
        small = self.small.model
        cases = [
            ({**self._numbers(of, name), **self._numbers(by, source)}, slope)
            for name in self._members(of.kind, of.layer)
            for source in self._members(by.kind, by.layer)
            if source in small.inputs_of[name] and (slope := self.small.slope(name, source))
        ]
        return equation(Partial(of, by), self._unified(cases, of.kind))

    def _numbers(self, neuron: Neuron, name: str) -> dict[str, int]:
        """What the letters of a neuron stand for in one of its instances."""
        letters = (x for x in (neuron.index, neuron.source) if isinstance(x, str))
        return dict(zip(letters, self.small.model.quantities[name].indices, strict=False))
