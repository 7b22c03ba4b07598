"""Backpropagation through layers in matrix form with plain NumPy, written from the textbook.

The second opinion on the symbolic side. It takes sizes, names, numbers and the values of the
functions from the network and shares nothing else with it: no definition of a quantity, and no
derivative. Slopes come from the values by a complex step. A batch is a matrix of one row per example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derive.functions import SOFTMAX
from derive.model.facts import Facts
from derive.networks.own import activation_of, loss_of
from derive.numeric.arrays import ARRAYS, Array, exact, plain, slope, value


@dataclass(frozen=True, slots=True)
class Parameters:
    """One array per layer after the inputs: of the parameters, or of E's gradient by them.

    `weights[l]` has a row for each neuron of the layer and a column for each one before it, and
    `present[l]` says which of these connections there are; the weight of a missing one is 0.
    `biases[l]` has one entry per neuron, or one for the whole layer, and there are none without
    biases.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    present: tuple[Array, ...]

    @classmethod
    def of(cls, network: Facts) -> Parameters:
        """The weights and biases that the network's numbers give."""
        numbers = network.vectors
        present = _present(network)
        weights = [np.zeros(there.shape) for there in present]
        for matrix, there, row in zip(weights, present, numbers.weights, strict=True):
            matrix[there] = row
        biases = tuple(np.array(row, dtype=np.float64) for row in numbers.biases)
        return cls(tuple(weights), biases, present)

    @property
    def flat(self) -> Array:
        """All entries layer by layer, a layer's weights (target by target) before its biases."""
        biases = self.biases or ((),) * len(self.weights)
        parts = zip(self.weights, self.present, biases, strict=True)
        return np.concatenate([part for w, there, b in parts for part in (w[there], b)])


@dataclass(frozen=True, slots=True)
class Forward:
    """`nets[l]` and `outs[l + 1]` = f(nets[l]) by layer, `outs[0]` the inputs; examples × n."""

    nets: tuple[Array, ...]
    outs: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Backprop:
    """The error of the whole batch, its gradient by every weight and bias, and the outputs."""

    error: float
    gradient: Parameters
    outputs: Array


def forward(network: Facts, parameters: Parameters) -> Forward:
    """Compute net = W·out + b and out = f(net) layer by layer, for all examples at once."""
    nets: list[Array] = []
    outs = [_batch(network)[0]]
    for layer, weights in enumerate(parameters.weights, 1):
        net = outs[-1] @ weights.T
        if parameters.biases:
            net = net + parameters.biases[layer - 1]
        for source in _skipped_to(network, layer):
            net = net + outs[source]
        nets.append(net)
        if network.activations[layer - 1] == SOFTMAX:
            powers = np.exp(net - net.max(axis=-1, keepdims=True))
            outs.append(powers / powers.sum(axis=-1, keepdims=True))
        else:
            outs.append(value(activation_of(network, layer), net))
    return Forward(tuple(nets), tuple(outs))


def backprop(
    network: Facts, parameters: Parameters, *, through: Sequence[Array] | None = None
) -> Backprop:
    """E_total and its gradient.

    With ⊙ entry by entry, L the last layer and a row for each example::

        δ_L = ∂E/∂out_L ⊙ f'(net_L)
        δ_l = (δ_{l+1} · W_{l+1}) ⊙ f'(net_l)
        ∂E/∂W_l = δ_lᵀ · out_{l-1} + λ·W_l,   ∂E/∂b_l = Σ δ_l over the examples

    and summed over the layer's neurons too where they share one bias. A skip connection hands δ on
    as it is; through softmax δ = out ⊙ (g − Σ g ⊙ out) for the gradient g by the outputs. `through`
    are the weights that carry δ back, those of the forward pass unless given. Only they are right;
    what a widely read example publishes comes from handing over weights that are already updated.
    """
    with np.errstate(all="ignore"):
        targets = _batch(network)[1]
        passed = forward(network, parameters)
        carried = parameters.weights if through is None else through
        share = 1 / len(targets) if network.reduction == "mean" else 1.0
        loss, last = loss_of(network), len(passed.nets)
        arriving = [np.zeros_like(out) for out in passed.outs]
        arriving[last] = share * slope(
            lambda o, f: loss.error(exact(targets), o, targets.shape[-1], f), passed.outs[last]
        )
        weights: list[Array] = []
        biases: list[Array] = []
        for layer in range(last, 0, -1):
            there = parameters.present[layer - 1]
            delta = _delta(network, passed, layer, arriving[layer])
            decay = network.l2 * share * len(targets) * parameters.weights[layer - 1]
            weights.insert(0, np.where(there, delta.T @ passed.outs[layer - 1] + decay, 0))
            if network.bias == "layer":
                biases.insert(0, delta.sum(keepdims=True).ravel())
            elif network.bias == "neuron":
                biases.insert(0, delta.sum(axis=0))
            arriving[layer - 1] += delta @ carried[layer - 1]
            for source in _skipped_to(network, layer):
                arriving[source] += delta
        gradient = Parameters(tuple(weights), tuple(biases), parameters.present)
        return Backprop(_error(network, parameters, passed), gradient, passed.outs[-1])


def _delta(network: Facts, passed: Forward, layer: int, arriving: Array) -> Array:
    """∂E/∂net of a layer from ∂E/∂out."""
    out = passed.outs[layer]
    if network.activations[layer - 1] == SOFTMAX:
        return np.asarray(out * (arriving - (arriving * out).sum(axis=-1, keepdims=True)))
    return arriving * slope(activation_of(network, layer).at, passed.nets[layer - 1])


def _error(network: Facts, parameters: Parameters, passed: Forward) -> float:
    targets, out = exact(_batch(network)[1]), exact(passed.outs[-1])
    each = plain(loss_of(network).error(targets, out, out.shape[-1], ARRAYS)).sum(axis=-1)
    errors = each + network.l2 / 2 * sum(float((w**2).sum()) for w in parameters.weights)
    return float(errors.mean() if network.reduction == "mean" else errors.sum())


def _batch(network: Facts) -> tuple[Array, Array]:
    """The inputs and the targets, a row for each example."""
    numbers = network.vectors
    rows = numbers.inputs, numbers.targets
    return np.array(rows[0], dtype=np.float64), np.array(rows[1], dtype=np.float64)


def _skipped_to(network: Facts, layer: int) -> list[int]:
    """The layers whose outputs a layer gets as they are."""
    return [source for source, target in network.skip if target == layer]


def _present(network: Facts) -> tuple[Array, ...]:
    """Which connections there are, by layer: target × source."""
    found = tuple(np.ones((size, before), dtype=bool) for before, size in pairwise(network.layers))
    for layer, there in enumerate(found, 1):
        for j, i in network.absent(layer):
            there[j - 1, i - 1] = False
    return found
