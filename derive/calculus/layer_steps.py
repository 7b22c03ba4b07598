"""The steps by which the rules of a layer are derived, with index letters.

    ∂E/∂z_j = Σ_k ∂E/∂z_k · ∂z_k/∂z_j          the chain rule over the next layer
    ∂z_k/∂z_j = ∂z_k/∂a_j · ∂a_j/∂z_j           both steps of a path
    ∂z_k/∂a_j = w_kj, ∂a_j/∂z_j = f'(z_j)       what they are

The chain rules are written down; what the factors are is found on the miniature, as the rules
themselves are (:mod:`derive.calculus.layer_rules`).
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.calculus.layer_rules import LayerRules
from derive.formula import (
    ONE,
    Equation,
    Formula,
    Name,
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
from derive.model import Role
from derive.networks.layered import DECAY


class LayerSteps(LayerRules):
    """The rules of one network's layers, and the steps that lead to them."""

    def _by_total(self, quantity: Formula) -> Partial:
        return Partial(self.total, quantity)

    def _net(self, layer: int, letter: str = "") -> Neuron:
        return Neuron("net", layer, letter or self.names.letters[0])

    def _out(self, layer: int) -> Neuron:
        return Neuron("out", layer, self.names.letters[0])

    def _bias(self, layer: int) -> Neuron:
        return Neuron("bias", layer, 0 if self.network.bias == "layer" else self.names.letters[0])

    # What is given.

    def stated(self, layer: int) -> tuple[Equation, Equation]:
        """What the net input and the output of a neuron are."""
        net, out = (self._families[kind, layer] for kind in ("net", "out"))
        j, i, _ = self.names.letters
        letters = dict(zip(("j", "k"), (j, i), strict=True))
        sides = [
            _with_letters(transform(family.stated, self._real), letters) for family in (net, out)
        ]
        return equation(self._net(layer), sides[0]), equation(self._out(layer), sides[1])

    def sum_of_errors(self) -> Equation:
        """The error is the sum of those of the outputs."""
        j = self.names.letters[0]
        error = Neuron("error", self.last, j)
        return equation(self.total, SumOver(j, self.network.layers[-1], error))

    def error(self) -> Equation:
        """What the error of an output is."""
        family = self._families["error", self.last]
        j = self.names.letters[0]
        stated = _with_letters(transform(family.stated, self._real), {"j": j})
        return equation(Neuron("error", self.last, j), stated)

    def meaning(self, layer: int) -> Equation:
        """What δ is."""
        return equation(
            Neuron("delta", layer, self.names.letters[0]), self._by_total(self._net(layer))
        )

    # An output neuron.

    def through_output(self) -> Equation:
        """∂E/∂z_j = ∂E/∂a_j · ∂a_j/∂z_j."""
        net, out = self._net(self.last), self._out(self.last)
        return equation(self._by_total(net), Product((self._by_total(out), Partial(out, net))))

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
            sides.append(self._slope_of_user("net", layer, self.names.letters[:1]))
        return equation(Partial(out, net), *sides)

    def _user(self, name: str) -> str:
        return self.small.model.used_in[name][0]

    # Shares, by softmax, which depend on all net inputs.

    def through_shares(self) -> Equation:
        """∂E/∂z_j = Σ_k ∂E/∂a_k · ∂a_k/∂z_j, over all outputs k."""
        share = Neuron("out", self.last, self.names.letters[2])
        body = Product((self._by_total(share), Partial(share, self._net(self.last))))
        size = self.network.layers[self.last]
        return equation(
            self._by_total(self._net(self.last)), SumOver(self.names.letters[2], size, body)
        )

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
        k = self.names.letters[2]
        net, then = self._net(layer), self._net(layer + 1, k)
        body = Product((self._by_total(then), Partial(then, net)))
        size = self.network.layers[layer + 1]
        return equation(self._by_total(net), SumOver(k, size, body))

    def one_path(self, layer: int) -> Equation:
        """∂z_k/∂z_j = ∂z_k/∂a_j · ∂a_j/∂z_j."""
        then = self._net(layer + 1, self.names.letters[2])
        net, out = self._net(layer), self._out(layer)
        return equation(Partial(then, net), Product((Partial(then, out), Partial(out, net))))

    def by_source(self, layer: int) -> Equation:
        """∂z_k/∂a_j of the next layer: the weight between the two."""
        j, _, k = self.names.letters
        small = self.small

        def write(weight: str) -> Formula:
            net = self._user(weight)
            inputs = small.model.inputs_of[net]
            source = small.model.quantities[weight].source
            before = (
                x
                for x in inputs
                if small.model.quantities[x].role in (Role.OUTPUT, Role.INPUT)
                and small.model.quantities[x].index == source
            )
            found = small.slope(net, next(before))
            assert found is not None
            return found

        found = self._found("weight", layer + 1, (k, j), write)
        return equation(Partial(self._net(layer + 1, k), self._out(layer)), found)

    def put_in(self, layer: int) -> Equation:
        """δ_j = Σ_k δ_k · w_kj · f'(z_j), with the factors of each path where they stand."""
        j, _, k = self.names.letters
        factors = [
            side for rule in (self.by_source(layer), self.slope(layer)) for side in rule.sides[1:2]
        ]
        body = product([Neuron("delta", layer + 1, k), *factors])
        return equation(Neuron("delta", layer, j), SumOver(k, self.network.layers[layer + 1], body))

    # Weights and biases.

    def through_net(self, layer: int) -> Equation:
        """∂E/∂w = ∂E/∂z_j · ∂z_j/∂w, of a weight that leads to neuron j; with λ·w if E has it."""
        j, i, _ = self.names.letters
        net, weight = self._net(layer), Neuron("weight", layer, j, i)
        chain: list[Formula] = [Product((self._by_total(net), Partial(net, weight)))]
        if self.network.l2:
            chain.append(Product((Name(DECAY), weight)))
        return equation(self._by_total(weight), total(chain))

    def by_weight(self, layer: int) -> Equation:
        """∂z_j/∂w: the output that the weight is multiplied by."""
        j, i, _ = self.names.letters
        found = self._slope_of_user("weight", layer, (j, i))
        return equation(Partial(self._net(layer), Neuron("weight", layer, j, i)), found)

    def through_nets(self, layer: int) -> Equation:
        """∂E/∂b = ∂E/∂z_j · ∂z_j/∂b, the sum over all neurons that share the bias."""
        net, bias = self._net(layer), self._bias(layer)
        step: Formula = Product((self._by_total(net), Partial(net, bias)))
        if self.network.bias == "layer":
            step = SumOver(self.names.letters[0], self.network.layers[layer], step)
        return equation(self._by_total(bias), step)

    def by_bias(self, layer: int) -> Equation:
        """∂z_j/∂b: 1."""
        letters = () if self.network.bias == "layer" else self.names.letters[:1]
        found = self._slope_of_user("bias", layer, letters)
        return equation(Partial(self._net(layer), self._bias(layer)), found)

    def _slope_of_user(self, kind: str, layer: int, letters: tuple[str, ...]) -> Formula:
        """The local derivative, by quantities of a kind, of the first in which each stands."""

        def write(name: str) -> Formula:
            found = self.small.slope(self._user(name), name)
            assert found is not None
            return found

        return self._found(kind, layer, letters, write)


def _with_letters(formula: Formula, letters: Mapping[str, str]) -> Formula:
    """`formula` with other index letters, all put in at once."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            letter = letters.get(node.index, node.index)
            return SumOver(letter, node.upper, transform(node.body, rule))
        if not isinstance(node, Neuron):
            return None
        index, source = node.index, node.source
        return Neuron(
            node.kind, node.layer, letters.get(str(index), index), letters.get(str(source), source)
        )

    return transform(formula, rule)
