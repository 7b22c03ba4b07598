"""Backpropagation in matrix form with plain NumPy, written from the textbook.

The second opinion on the symbolic side: it takes sizes, names and numbers from the network and
shares nothing else with it, least of all derivatives. A batch is a matrix of one row per example.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive import functions
from derive.errors import InputError
from derive.functions.floats import function_value
from derive.networks.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activation:
    """out = value(net); slope(net, out) = ∂out/∂net. `kinked` marks a slope that jumps at 0."""

    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    kinked: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """value(t, o) is E of each output neuron; slope(t, o) = ∂E/∂o.

    `size(t, o)` bounds the terms whose difference the slope may be. A `kinked` loss changes its
    formula where |t − o| is 1.
    """

    value: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    size: Callable[[Array, Array], Array] | None = None
    kinked: bool = False


def _normal(net: Array) -> Array:
    """Φ(net) of the normal distribution."""
    return np.asarray(_ERFC(-net / math.sqrt(2)) / 2, dtype=np.float64)


_ERFC = np.vectorize(math.erfc, otypes=[np.float64])


def _density(net: Array) -> Array:
    return np.asarray(np.exp(-net * net / 2) / math.sqrt(2 * math.pi))


def _sigmoid(net: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-net)))


def _silu_slope(net: Array, out: Array) -> Array:
    return _sigmoid(net) * (1 + net * (1 - _sigmoid(net)))


def _entropy(t: Array, o: Array) -> Array:
    return -(t * np.log(o) + (1 - t) * np.log(1 - o))


def _huber(t: Array, o: Array) -> Array:
    off = np.abs(t - o)
    return np.where(off <= 1, off * off / 2, off - 0.5)


# fmt: off
ACTIVATIONS = {
    #                        value                                       slope
    "sigmoid":    Activation(_sigmoid,                                   lambda net, out: out * (1 - out)),
    "tanh":       Activation(np.tanh,                                    lambda net, out: 1 - out * out),
    "relu":       Activation(lambda net: np.maximum(net, 0),             lambda net, out: np.heaviside(net, 0), kinked=True),
    "leaky-relu": Activation(lambda net: np.where(net > 0, net, net / 100), lambda net, out: np.where(net > 0, 1, 0.01), kinked=True),
    "elu":        Activation(lambda net: np.where(net > 0, net, np.expm1(np.minimum(net, 0))), lambda net, out: np.where(net > 0, 1, out + 1), kinked=True),
    "softplus":   Activation(lambda net: np.logaddexp(0, net),           lambda net, out: _sigmoid(net)),
    "silu":       Activation(lambda net: net * _sigmoid(net),            _silu_slope),
    "gelu":       Activation(lambda net: net * _normal(net),             lambda net, out: _normal(net) + net * _density(net)),
    "identity":   Activation(lambda net: net,                            lambda net, out: np.ones_like(net)),
}
"""Written from the textbook; a function that is not here is taken from the table of functions."""

LOSSES = {
    "half-squared-error":        Loss(lambda t, o: (t - o) ** 2 / 2,              lambda t, o: o - t),
    "squared-error":             Loss(lambda t, o: (t - o) ** 2,                  lambda t, o: 2 * (o - t)),
    "mean-squared-error":        Loss(lambda t, o: (t - o) ** 2 / o.shape[-1],    lambda t, o: 2 * (o - t) / o.shape[-1]),
    "binary-cross-entropy":      Loss(_entropy,                                   lambda t, o: (o - t) / (o * (1 - o)), lambda t, o: t / o + (1 - t) / (1 - o)),
    "categorical-cross-entropy": Loss(lambda t, o: -t * np.log(o),                lambda t, o: -t / o),
    "huber":                     Loss(_huber,                                     lambda t, o: np.clip(o - t, -1, 1), kinked=True),
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
    return activation(network.activations[layer])


def activation(name: str) -> Activation:
    """The row called `name`: of this table, else of the table of functions."""
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    row = functions.activation(name)
    value = np.vectorize(lambda x: function_value(row.symbol, 0, x), otypes=[np.float64])
    slope = np.vectorize(lambda x: function_value(row.symbol, 1, x), otypes=[np.float64])
    return Activation(value, lambda net, out: slope(net), row.kinked)


def _affine(parameters: Parameters, layer: int, out: Array) -> Array:
    net = out @ parameters.weights[layer].T
    return net + parameters.biases[layer] if parameters.biases else net
