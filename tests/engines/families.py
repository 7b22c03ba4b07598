"""The families of networks in PyTorch, from the settings of their files and nothing else.

A recurrent network is a loop over time with PyTorch's linear layers, a convolution its own
convolution and pooling. Names follow the files: w_1_2 is one weight of a matrix w, and an index that
has a single value is left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from torch.nn import functional as F  # noqa: N812

from derive import functions
from tests.engines.engine import tensor, torch
from tests.engines.layers import ACTIVATIONS, LOSSES

Tensor = torch.Tensor
Values = Mapping[str, Tensor]
Settings = dict[str, Any]

FUNCTIONS = tuple(sorted(functions.ACTIVATIONS))


class Named:
    """Tensors by the names of their entries."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def __call__(self, stem: str, *sizes: int, always: Sequence[int] = ()) -> Tensor:
        """The tensor `stem` of these sizes; indices of the dimensions in `always` are never left out."""
        shown = [place for place, size in enumerate(sizes) if size > 1 or place in always]
        entries = []
        for index in product(*(range(1, size + 1) for size in sizes)):
            name = "_".join([stem, *(str(index[place]) for place in shown)])
            entries.append(self._values[name])
        return torch.stack(entries).reshape(sizes)


def recurrent(settings: Settings, values: Values) -> Tensor:
    """h_t = f(W x_t + U h_{t−1} + b) layer on layer, out = g(V h + b_out)."""
    named, steps = Named(values), settings["steps"]
    hidden = settings["hidden"] if isinstance(settings["hidden"], list) else [settings["hidden"]]
    inputs, outputs, layers = settings["inputs"], settings["outputs"], len(hidden)
    f = ACTIVATIONS[settings.get("activation", "tanh")]
    g = ACTIVATIONS[settings.get("output_activation", "identity")]
    biased = settings.get("bias", "none") == "neuron"
    every = settings.get("errors", "last") == "every"
    xs = named("x", steps, inputs, always=[0])

    def of(stem: str, layer: int, *sizes: int) -> Tensor:
        # With several layers the layer is the first index.
        return named(f"{stem}_{layer}" if layers > 1 else stem, *sizes)

    below = [inputs, *hidden[:-1]]
    states = [
        named(f"h_{layer}_0" if layers > 1 else "h_0", size) for layer, size in enumerate(hidden, 1)
    ]
    outs = []
    for step in range(steps):
        x = xs[step]
        for place, size in enumerate(hidden):
            layer = place + 1
            net = F.linear(x, of("w", layer, size, below[place]))
            net = net + F.linear(states[place], of("u", layer, size, size))
            if biased:
                net = net + of("b", layer, size)
            x = states[place] = f(net)
        net = F.linear(x, named("v", outputs, hidden[-1]))
        outs.append(g(net + named("b_out", outputs)) if biased else g(net))
    loss = LOSSES[settings.get("loss", "half-squared-error")]
    if every:
        targets = named("target", steps, outputs, always=[0])
        return torch.stack(
            [loss(t[None], o[None]) for t, o in zip(targets, outs, strict=True)]
        ).sum()
    return loss(named("target", outputs)[None], outs[-1][None])


def convolution(settings: Settings, values: Values) -> Tensor:
    """PyTorch's convolution, its pooling, a linear layer."""
    named = Named(values)
    shape = settings["input"]
    dimensions = len(shape)
    full = lambda key, default: _full(settings.get(key, default), dimensions)
    kernel, stride, kernels = full("kernel", 1), full("stride", 1), settings.get("kernels", 1)
    convolved, max_pool, mean_pool = {
        1: (F.conv1d, F.max_pool1d, F.avg_pool1d),
        2: (F.conv2d, F.max_pool2d, F.avg_pool2d),
    }[dimensions]
    places = range(1, dimensions + 1)
    x = named("x", *shape, always=range(dimensions))[None, None]
    w = named("w", kernels, *kernel, always=places)[:, None]
    bias = settings.get("bias", "none")
    b = None if bias == "none" else named("b", kernels)
    maps = ACTIVATIONS[settings.get("activation", "relu")](convolved(x, w, b, stride=stride))
    if "pool" in settings:
        pool = max_pool if settings.get("pooling", "max") == "max" else mean_pool
        maps = pool(maps, full("pool", 1))
    loss = LOSSES[settings.get("loss", "half-squared-error")]
    if "outputs" not in settings:
        target = named("target", kernels, *maps.shape[2:], always=places)
        return loss(target.reshape(1, -1), maps.reshape(1, -1))
    outputs = settings["outputs"]
    v = named("v", outputs, kernels, *maps.shape[2:], always=range(2, 2 + dimensions))
    net = F.linear(maps.reshape(1, -1), v.reshape(outputs, -1))
    if bias == "all":
        net = net + named("b_y", outputs)
    y = ACTIVATIONS[settings.get("output_activation", "identity")](net)
    return loss(named("target", outputs)[None], y)


def _full(value: int | list[int], dimensions: int) -> list[int]:
    listed = value if isinstance(value, list) else [value]
    return listed * dimensions if len(listed) == 1 else listed


FAMILIES: Mapping[str, Callable[[Settings, Values], Tensor]] = {
    "recurrent": recurrent,
    "convolution": convolution,
}


def gradient(
    settings: Settings, numbers: Mapping[str, float], weights: Sequence[str]
) -> tuple[float, dict[str, float]]:
    """E and ∂E/∂w of every weight."""
    values = {name: tensor(value, moving=name in weights) for name, value in numbers.items()}
    error = FAMILIES[settings["family"]](settings, values)
    slopes = torch.autograd.grad(error, [values[name] for name in weights])
    return error.item(), {n: s.item() for n, s in zip(weights, slopes, strict=True)}


def random_settings(seed: int) -> Settings:
    """A random network of a random family."""
    draw = random.Random(f"family {seed}")
    loss = draw.choice(["half-squared-error", "squared-error", "mean-squared-error", "huber"])
    if draw.random() < 1 / 2:
        return {
            "family": "recurrent",
            "steps": draw.randint(1, 4),
            "inputs": draw.randint(1, 3),
            "hidden": draw.choice([1, 2, 3, [2, 1], [2, 2], [1, 3, 2]]),
            "outputs": draw.randint(1, 3),
            "activation": draw.choice(FUNCTIONS),
            "output_activation": draw.choice(FUNCTIONS),
            "bias": draw.choice(["none", "neuron"]),
            "errors": draw.choice(["last", "every"]),
            "loss": loss,
        }
    dimensions = draw.choice([1, 2])
    kernel, stride, pool, count = (draw.randint(1, n) for n in (3, 2, 2, 3))
    # As many places as the pooling's windows need.
    shape = [(count * pool - 1) * stride + kernel for _ in range(dimensions)]
    settings: Settings = {
        "family": "convolution",
        "input": shape,
        "kernel": kernel,
        "stride": stride,
        "kernels": draw.randint(1, 3),
        "activation": draw.choice(FUNCTIONS),
        "bias": draw.choice(["none", "kernel", "all"]),
        "loss": loss,
    }
    if draw.random() < 2 / 3:
        settings |= {"pool": pool, "pooling": draw.choice(["max", "mean"])}
    if draw.random() < 1 / 2:
        settings |= {"outputs": draw.randint(1, 2), "output_activation": draw.choice(FUNCTIONS)}
    return settings
