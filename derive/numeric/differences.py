"""Central finite differences for every weight and bias, from the forward pass alone.

A weight moves a single net input of its layer, by h·out, and a bias by h. Each moved layer is one
more row of a batch that the rest of the network sees, so that all of them pass at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.networks.network import Network
from derive.numeric.backprop import (
    LOSSES,
    Array,
    Forward,
    Parameters,
    activation,
    batch,
    example_errors,
    forward_from,
    reduced,
)

# The step h moves the most sensitive net input by this much. The truncation error after Richardson,
# about h⁴/480·E⁽⁵⁾, is then lost in the rounding, ε·E/h, also where the gradient nearly vanishes.
STEP = 1e-3
SHRINK, SHRINKS = 4.0, 6
_TRIAL = 1e-6
_LEAST = float(np.finfo(np.float64).tiny)
_MOST_FLOATS = 1 << 20


@dataclass(frozen=True, slots=True)
class Differences:
    """Finite differences by each parameter (flat).

    D(h) = (E(w + h) - E(w - h))/2h is `coarse`, D(h/2) `fine`, and (4·D(h/2) - D(h))/3, whose error
    falls with h⁴, is `value`. `step` is h. All three are NaN where the point lies on a kink.
    """

    value: Array
    coarse: Array
    fine: Array
    step: Array


def finite_differences(network: Network, parameters: Parameters, passed: Forward) -> Differences:
    """The central differences of E_total; `passed` is the forward pass of these parameters.

    Where a relu net changes its sign between w - h and w + h the difference would straddle two
    derivatives: h is then divided by 4 until none does, at most six times. What is left lies on
    the kink as far as doubles can tell.
    """
    parts: list[Array] = []
    for layer, (size, fan_in) in enumerate(w.shape for w in parameters.weights):
        count = size * fan_in + (network.bias_counts[layer] if network.bias_counts else 0)
        rows = max(1, _MOST_FLOATS // (4 * len(passed.outs[0]) * max(network.layers[layer + 1 :])))
        for start in range(0, count, rows):
            some = np.arange(start, min(count, start + rows))
            shift = _shift(network, passed, layer, some)
            parts.append(_Moved(network, parameters, passed, layer).differences(shift))
    coarse, fine, step = np.concatenate(parts, axis=1)
    return Differences((4 * fine - coarse) / 3, coarse, fine, step)


def convergence(differences: Differences, gradient: Array, noise: Array) -> float | None:
    """How many times closer D(h/2) is to `gradient` than D(h): 4, as the error falls with h².

    Over all parameters together whose error at h is at least forty times the bound `noise` on its
    rounding, which then moves the quotient by a tenth at most. `None` if there are none, as in a
    network of identities, where E is quadratic in each weight and central differences are exact.
    """
    coarse = np.abs(differences.coarse - gradient)
    fine = np.abs(differences.fine - gradient)
    clear = coarse > 40 * noise
    return float(coarse[clear].sum() / fine[clear].sum()) if clear.any() else None


def _shift(network: Network, passed: Forward, layer: int, some: NDArray[np.intp]) -> Array:
    """∂net of the layer for `some` of its parameters: parameters × examples × neurons."""
    out = passed.outs[layer]
    examples, size = passed.nets[layer].shape
    fan_in = out.shape[1]
    shift = np.zeros((len(some), examples, size))
    weights = some < size * fan_in
    places = np.flatnonzero(weights)
    target, source = np.divmod(some[weights], fan_in)
    shift[places, :, target] = out[:, source].T
    places = np.flatnonzero(~weights)
    if network.bias == "layer":
        shift[places] = 1
    else:
        shift[places, :, some[~weights] - size * fan_in] = 1
    return shift


@dataclass(frozen=True, slots=True)
class _Moved:
    """The network seen from the net inputs of one layer."""

    network: Network
    parameters: Parameters
    passed: Forward
    layer: int

    def nets(self, shift: Array) -> tuple[list[Array], Array]:
        """The nets from this layer on, and the last outs, for the layer's nets plus `shift`."""
        net = self.passed.nets[self.layer] + shift
        nets, outs = forward_from(
            self.network, self.parameters, self.layer, net.reshape(-1, net.shape[-1])
        )
        return [n.reshape(*net.shape[:-1], -1) for n in nets], outs[-1].reshape(*net.shape[:-1], -1)

    def differences(self, shift: Array) -> Array:
        """D(h), D(h/2) and h for each parameter whose unit moves the nets by `shift`."""
        step = STEP / self._sensitivity(shift)
        found = np.full((3, len(shift)), np.nan)
        todo = np.arange(len(shift))
        for _ in range(SHRINKS + 1):
            h = step[todo]
            steps = np.stack([h, -h, h / 2, -h / 2])[:, :, None, None]
            nets, out = self.nets(steps * shift[todo])
            errors = reduced(
                self.network, example_errors(self.network, batch(self.network)[1], out)
            )
            up, down, half_up, half_down = errors
            straddles = self._straddles(nets) | self._changes_loss(out)
            row = np.stack([(up - down) / (2 * h), (half_up - half_down) / h, h])
            found[:, todo[~straddles]] = row[:, ~straddles]
            todo = todo[straddles]
            if not len(todo):
                break
            step[todo] /= SHRINK
        return found

    def _sensitivity(self, shift: Array) -> Array:
        """By how much a unit of each parameter moves the net input that it moves most."""
        largest = np.abs(shift).max(axis=(1, 2))
        # Below this nothing moves, and the step would be infinite.
        largest = np.where(largest >= _LEAST, largest, 0)
        trial = _TRIAL / np.where(largest > 0, largest, 1)
        nets, _ = self.nets(trial[:, None, None] * shift)
        for net, unmoved in zip(nets[1:], self.passed.nets[self.layer + 1 :], strict=True):
            moved = np.abs(net - unmoved).max(axis=(1, 2))
            largest = np.maximum(largest, moved / trial)
        return np.where(largest > 0, largest, 1)

    def _changes_loss(self, out: Array) -> NDArray[np.bool_]:
        """Which parameters take an output to another piece of a loss that is defined piecewise."""
        if not LOSSES[self.network.loss].kinked:
            return np.zeros(out.shape[1], dtype=bool)
        targets = batch(self.network)[1]
        unmoved = np.abs(targets - self.passed.outs[-1]) > 1
        moved: NDArray[np.bool_] = np.abs(targets - out) > 1
        found: NDArray[np.bool_] = (moved != unmoved).any(axis=(0, 2, 3))
        return found

    def _straddles(self, nets: list[Array]) -> NDArray[np.bool_]:
        """Which parameters have a net of a kinked activation change its sign at some step."""
        found = np.zeros(nets[0].shape[1], dtype=bool)
        for layer, net in enumerate(nets, self.layer):
            if activation(self.network.activations[layer]).kinked:
                found |= ((net > 0) != (self.passed.nets[layer] > 0)).any(axis=(0, 2, 3))
        return found
