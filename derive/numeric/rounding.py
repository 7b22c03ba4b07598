"""How far apart two right computations in double precision may lie.

Running error analysis: every operation adds its own rounding ε·|result| to what its operands bring
along, to first order. Without it a gradient whose terms nearly cancel would look wrong although
both sides are as good as doubles can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.networks.network import Network
from derive.numeric.backprop import LOSSES, Array, Forward, Parameters, activation, batch

EPS = float(np.finfo(np.float64).eps)
# Sums of many terms round more often than once; the order of summation differs between two sides.
SAFETY = 8.0


@dataclass(frozen=True, slots=True)
class Rounding:
    """Bounds on the rounding error of E_total and of its gradient by each parameter (flat).

    `error` also holds where E_total is evaluated for net inputs that lie up to `reach` aside.
    """

    error: float
    gradient: Array


def rounding(network: Network, parameters: Parameters, passed: Forward, reach: float) -> Rounding:
    """The bounds for E_total and for ∂E_total/∂w = δ·out, to first order in ε.

    With e(x) the error of x: e(net) = Σ |w|·e(out) + ε·Σ |w·out|, e(out) = |f'|·e(net) + ε·|out|,
    e(δ) = |f'|·e(∂E/∂out) + |∂E/∂out|·e(f') + ε·|δ| and e(∂E/∂w) = e(δ)·|out| + |δ|·e(out).
    """
    targets = batch(network)[1]
    share = 1 / len(targets) if network.reduction == "mean" else 1.0
    loss = LOSSES[network.loss]
    spread = np.zeros_like(passed.outs[0])
    in_outs, slopes, in_slopes = [spread], [], []
    for layer, net in enumerate(passed.nets):
        row = activation(network.activations[layer])
        size, bias = np.abs(passed.outs[layer]), np.abs(_bias(parameters, layer))
        spread = (spread + EPS * size) @ np.abs(parameters.weights[layer]).T
        spread = spread + EPS * (np.abs(net) + bias)
        slope = row.slope(net, passed.outs[layer + 1])
        moved = row.slope(net + spread, row.value(net + spread))
        slopes.append(np.abs(slope))
        # The slope is written with a subtraction, 1 - out, which alone can cost ε.
        in_slopes.append(np.abs(moved - slope) + EPS)
        spread = np.abs(slope) * spread + EPS * np.abs(passed.outs[layer + 1])
        in_outs.append(spread)

    out = passed.outs[-1]
    arriving = np.abs(loss.slope(targets, out)) * share
    in_arriving = np.abs(loss.slope(targets, out + spread) - loss.slope(targets, out)) * share
    size = arriving if loss.size is None else np.abs(loss.size(targets, out)) * share
    in_arriving = in_arriving + EPS * size
    errors = np.abs(loss.value(targets, out)) + reach**2
    in_error = float(((arriving + reach * share) * spread + EPS * errors * share).sum())

    in_weights: list[Array] = []
    in_biases: list[Array] = []
    for layer in reversed(range(len(passed.nets))):
        delta = arriving * slopes[layer]
        in_delta = slopes[layer] * in_arriving + arriving * in_slopes[layer] + EPS * delta
        size = np.abs(passed.outs[layer])
        in_weights.insert(0, in_delta.T @ size + delta.T @ (in_outs[layer] + EPS * size))
        if network.bias != "none":
            in_bias = (in_delta + EPS * delta).sum(axis=0)
            in_biases.insert(0, in_bias if network.bias == "neuron" else in_bias.sum(keepdims=True))
        weights = np.abs(parameters.weights[layer])
        arriving, in_arriving = delta @ weights, (in_delta + EPS * delta) @ weights
    gradient = Parameters(tuple(in_weights), tuple(in_biases)).flat
    return Rounding(SAFETY * in_error, SAFETY * gradient)


def _bias(parameters: Parameters, layer: int) -> Array:
    return parameters.biases[layer] if parameters.biases else np.zeros(1)
