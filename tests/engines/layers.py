"""A layered network in PyTorch, from the settings of its file and nothing else.

`table` is what the TOML file says. Weights are matrices with a row for each neuron of a layer and a
column for each neuron before it; a gradient is filed under (layer, neuron, neuron before it), or
(layer, neuron, None) for a bias, with neurons counted from 1 and 0 for the bias of a whole layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch.nn import functional as F  # noqa: N812

from tests.engines.engine import tensor, torch

Place = tuple[int, int, int | None]
Tensor = torch.Tensor

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": lambda net: F.leaky_relu(net, 0.01),
    "elu": lambda net: F.elu(net, alpha=1.0),
    "softplus": F.softplus,
    "silu": F.silu,
    "gelu": lambda net: F.gelu(net, approximate="none"),
    "mish": F.mish,
    "identity": lambda net: net,
    "softmax": lambda net: torch.softmax(net, dim=1),
}

LOSSES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "half-squared-error": lambda t, o: F.mse_loss(o, t, reduction="sum") / 2,
    "squared-error": lambda t, o: F.mse_loss(o, t, reduction="sum"),
    "mean-squared-error": lambda t, o: F.mse_loss(o, t, reduction="none").mean(dim=1).sum(),
    "binary-cross-entropy": lambda t, o: F.binary_cross_entropy(o, t, reduction="sum"),
    "categorical-cross-entropy": lambda t, o: -(t * torch.log(o)).sum(),
    "huber": lambda t, o: F.huber_loss(o, t, reduction="sum", delta=1.0),
}

KINKED = ("relu", "leaky-relu")


@dataclass
class Pass:
    """One forward pass of a batch: E_total, the parameters, and how close the next kink is."""

    error: Tensor
    weights: Sequence[Tensor]
    biases: Sequence[Tensor]
    missing: frozenset[Place]
    from_kink: float = field(default=float("inf"))

    def gradient(self) -> dict[Place, float]:
        """∂E_total/∂w of every weight and bias that there is."""
        found: dict[Place, float] = {}
        leaves = [*self.weights, *self.biases]
        slopes = torch.autograd.grad(self.error, leaves, allow_unused=True, materialize_grads=True)
        for layer, slope in enumerate(slopes[: len(self.weights)], 1):
            for j, row in enumerate(slope.tolist(), 1):
                found.update({(layer, j, i): value for i, value in enumerate(row, 1)})
        for layer, slope in enumerate(slopes[len(self.weights) :], 1):
            shared = self.biases[layer - 1].dim() == 0
            values = [slope.item()] if shared else slope.tolist()
            first = 0 if shared else 1
            found.update({(layer, j, None): value for j, value in enumerate(values, first)})
        return {place: value for place, value in found.items() if place not in self.missing}


def forward(table: Mapping[str, Any], missing: Iterable[Place] = ()) -> Pass:
    """The forward pass that a network file describes; its numbers are needed."""
    sizes = table["layers"]
    given = table.get("activation", "sigmoid")
    names = [given] * (len(sizes) - 1) if isinstance(given, str) else given
    numbers = table["numbers"]
    absent = frozenset(missing)
    weights = [
        tensor(_matrix(row, layer, sizes, absent), moving=True)
        for layer, row in enumerate(numbers["weights"], 1)
    ]
    shared = table.get("bias", "none") == "layer"
    biases = [tensor(row[0] if shared else row, moving=True) for row in numbers.get("biases", [])]
    outs = [tensor(_rows(numbers["inputs"]))]
    targets = tensor(_rows(numbers["targets"]))
    from_kink = float("inf")
    for layer, name in enumerate(names, 1):
        mask = tensor(
            [
                [float((layer, j, i) not in absent) for i in range(1, sizes[layer - 1] + 1)]
                for j in range(1, sizes[layer] + 1)
            ]
        )
        net = F.linear(outs[-1], weights[layer - 1] * mask)
        for start, end in table.get("skip", []):
            if end == layer:
                net = net + outs[start]
        if biases:
            net = net + biases[layer - 1]
        if name in KINKED:
            from_kink = min(from_kink, net.abs().min().item())
        outs.append(ACTIVATIONS[name](net))
    loss = table.get("loss", "half-squared-error")
    if loss == "huber":
        from_kink = min(from_kink, ((targets - outs[-1]).abs() - 1).abs().min().item())
    error = LOSSES[loss](targets, outs[-1])
    examples = len(targets)
    if table.get("l2"):
        present = torch.stack([(w**2).sum() for w in weights]).sum()
        error = error + examples * table["l2"] / 2 * present
    if table.get("reduction") == "mean":
        error = error / examples
    return Pass(error, weights, biases, absent, from_kink)


def _matrix(
    row: Sequence[float], layer: int, sizes: Sequence[int], absent: frozenset[Place]
) -> list[list[float]]:
    """A layer's weights from their running order, without those that are missing; these are 0."""
    places = [
        (layer, j, i) for j in range(1, sizes[layer] + 1) for i in range(1, sizes[layer - 1] + 1)
    ]
    values = dict(zip([p for p in places if p not in absent], row, strict=True))
    width = sizes[layer - 1]
    flat = [0.0 if place in absent else values[place] for place in places]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def _rows(examples: Sequence[Any]) -> list[list[float]]:
    """One example is written as a plain list, a batch as a list of lists."""
    return list(examples) if isinstance(examples[0], (list, tuple)) else [list(examples)]
