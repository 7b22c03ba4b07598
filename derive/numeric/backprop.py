"""Backpropagation in matrix form with plain NumPy, written from the textbook.

The second opinion on the symbolic side: it takes sizes, names and numbers from the network and
shares nothing else with it, least of all derivatives. A batch is a matrix of one row per example.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activation:
    """out = value(net); slope(net, out) = ∂out/∂net. `kinked` marks a slope that jumps at 0."""

    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    kinked: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """value(t, o) is E of each output neuron; slope(t, o) = ∂E/∂o."""

    value: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]


# fmt: off
ACTIVATIONS = {
    #                      value                               slope
    "sigmoid":  Activation(lambda net: 1 / (1 + np.exp(-net)), lambda net, out: out * (1 - out)),
    "tanh":     Activation(np.tanh,                            lambda net, out: 1 - out * out),
    "relu":     Activation(lambda net: np.maximum(net, 0),     lambda net, out: np.heaviside(net, 0), kinked=True),  # noqa: E501
    "identity": Activation(lambda net: net,                    lambda net, out: np.ones_like(net)),
}

LOSSES = {
    "half-squared-error": Loss(lambda t, o: (t - o) ** 2 / 2, lambda t, o: o - t),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Parameters:
    """One array per layer after the inputs: of the parameters, or of E's gradient by them.

    `weights[l]` has a row for each neuron of the layer and a column for each one before it;
    `biases[l]` one entry per neuron, or one for the whole layer, and there are none without biases.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...] = ()

    @classmethod
    def of(cls, network: Network) -> Parameters:
        """The weights and biases that the network's numbers give."""
        numbers = network.numbers
        if numbers is None:
            raise InputError(f"network {network.name}: it has no numbers to compute with")
        return cls(
            tuple(
                np.array(row, dtype=np.float64).reshape(shape)
                for row, shape in zip(numbers.weights, _shapes(network), strict=True)
            ),
            tuple(np.array(row, dtype=np.float64) for row in numbers.biases),
        )

    @classmethod
    def from_flat(cls, network: Network, flat: Array) -> Parameters:
        """The inverse of :attr:`flat`."""
        weights, biases, start = [], [], 0
        for layer, (size, fan_in) in enumerate(_shapes(network)):
            weights.append(flat[start : start + size * fan_in].reshape(size, fan_in))
            start += size * fan_in
            if network.bias_counts:
                biases.append(flat[start : start + network.bias_counts[layer]])
                start += network.bias_counts[layer]
        return cls(tuple(weights), tuple(biases))

    @property
    def flat(self) -> Array:
        """All entries layer by layer, a layer's weights (target by target) before its biases."""
        biases = self.biases or ((),) * len(self.weights)
        return np.concatenate(
            [part for w, b in zip(self.weights, biases, strict=True) for part in (w.ravel(), b)]
        )


@dataclass(frozen=True, slots=True)
class Forward:
    """`nets[l]` and `outs[l + 1]` = f(nets[l]) by layer, `outs[0]` the inputs; examples × n."""

    nets: tuple[Array, ...]
    outs: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Backprop:
    """The error of the whole batch and its gradient by every weight and bias."""

    error: float
    gradient: Parameters


def forward(network: Network, parameters: Parameters) -> Forward:
    """Compute net = W·out + b and out = f(net) layer by layer, for all examples at once."""
    inputs = batch(network)[0]
    nets, outs = forward_from(network, parameters, 0, _affine(parameters, 0, inputs))
    return Forward(tuple(nets), (inputs, *outs))


def forward_from(
    network: Network, parameters: Parameters, layer: int, net: Array
) -> tuple[list[Array], list[Array]]:
    """The forward pass from a layer's net inputs on: the nets and the outs of it and those after.

    `net` has as many rows as one likes: they need not be the examples of the batch.
    """
    nets, outs = [net], [_activation(network, layer).value(net)]
    for later in range(layer + 1, len(parameters.weights)):
        nets.append(_affine(parameters, later, outs[-1]))
        outs.append(_activation(network, later).value(nets[-1]))
    return nets, outs


def example_errors(network: Network, targets: Array, out: Array) -> Array:
    """E of each row of network outputs: the losses of its output neurons added up."""
    return np.asarray(LOSSES[network.loss].value(targets, out).sum(axis=-1))


def reduced(network: Network, errors: Array) -> Array:
    """E_total: the sum, or the mean, over the examples, which are the last axis."""
    return np.asarray(errors.mean(axis=-1) if network.reduction == "mean" else errors.sum(axis=-1))


def error(network: Network, parameters: Parameters) -> float:
    """E_total of the batch."""
    with np.errstate(all="ignore"):
        out = forward(network, parameters).outs[-1]
        return float(reduced(network, example_errors(network, batch(network)[1], out)))


def backprop(
    network: Network, parameters: Parameters, *, through: Sequence[Array] | None = None
) -> Backprop:
    """E_total and its gradient.

    With ⊙ entry by entry, L the last layer and a row for each example::

        δ_L = ∂E/∂out_L ⊙ f'(net_L)
        δ_l = (δ_{l+1} · W_{l+1}) ⊙ f'(net_l)
        ∂E/∂W_l = δ_lᵀ · out_{l-1},   ∂E/∂b_l = Σ δ_l over the examples

    and summed over the layer's neurons too where they share one bias. `through` are the weights
    that carry δ back, those of the forward pass unless given. Only they are right; what a widely
    read example publishes comes from handing over weights that are already updated.
    """
    with np.errstate(all="ignore"):
        targets = batch(network)[1]
        passed = forward(network, parameters)
        carried = parameters.weights if through is None else through
        slope = LOSSES[network.loss].slope(targets, passed.outs[-1])
        slope = slope / len(targets) if network.reduction == "mean" else slope
        weights: list[Array] = []
        biases: list[Array] = []
        for layer in reversed(range(len(parameters.weights))):
            net, out = passed.nets[layer], passed.outs[layer + 1]
            delta = slope * _activation(network, layer).slope(net, out)
            weights.insert(0, delta.T @ passed.outs[layer])
            if network.bias == "layer":
                biases.insert(0, delta.sum(keepdims=True).ravel())
            elif network.bias == "neuron":
                biases.insert(0, delta.sum(axis=0))
            slope = delta @ carried[layer]
        total = reduced(network, example_errors(network, targets, passed.outs[-1]))
        return Backprop(float(total), Parameters(tuple(weights), tuple(biases)))


def batch(network: Network) -> tuple[Array, Array]:
    """The inputs and the targets, a row for each example."""
    assert network.numbers is not None
    return (
        np.array(network.numbers.inputs, dtype=np.float64),
        np.array(network.numbers.targets, dtype=np.float64),
    )


def _shapes(network: Network) -> list[tuple[int, int]]:
    return list(zip(network.layers[1:], network.layers, strict=False))


def _activation(network: Network, layer: int) -> Activation:
    return ACTIVATIONS[network.activations[layer]]


def _affine(parameters: Parameters, layer: int, out: Array) -> Array:
    net = out @ parameters.weights[layer].T
    return net + parameters.biases[layer] if parameters.biases else net
