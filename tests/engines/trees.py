"""The definitions of any model, evaluated in PyTorch, and differentiated by its autograd.

Only the definitions are taken from the model: no local derivative, no path, no delta, and no row of
the table of functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from derive.formula import (
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from derive.model import Model
from tests.engines.engine import tensor, torch
from tests.engines.layers import ACTIVATIONS

Tensor = torch.Tensor

FUNCTIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sig": torch.sigmoid,
    "exp": torch.exp,
    "ln": torch.log,
    "sqrt": torch.sqrt,
    "Phi": torch.special.ndtr,
    **ACTIVATIONS,
}
KINKED = ("relu", "leaky-relu", "lrelu", "max", "abs")


class Trees:
    """One forward pass of a model at the given numbers; `from_kink` is how near the next one is."""

    def __init__(self, model: Model, numbers: Mapping[str, float]) -> None:
        self.model = model
        self.from_kink = float("inf")
        self.values = {
            name: tensor(numbers[name], moving=name in model.parameters)
            for name in model.quantities
            if name not in model.definitions
        }
        for name, definition in model.definitions.items():
            self.values[name] = self.value(definition)

    @property
    def error(self) -> Tensor:
        """E_total."""
        return self.values[self.model.total]

    def gradient(self) -> dict[str, float]:
        """∂E_total/∂w of every parameter."""
        names = self.model.parameters
        leaves = [self.values[name] for name in names]
        slopes = torch.autograd.grad(self.error, leaves, allow_unused=True, materialize_grads=True)
        return {name: slope.item() for name, slope in zip(names, slopes, strict=True)}

    def value(self, node: Formula) -> Tensor:
        """A formula's value, term by term as it is written."""
        if isinstance(node, Name):
            return self.values[node.name]
        if isinstance(node, Number):
            return tensor(node.value.numerator) / node.value.denominator
        parts = [self.value(part) for part in node.parts()]
        if isinstance(node, Sum):
            return reduce(torch.add, parts)
        if isinstance(node, Product):
            return reduce(torch.mul, parts)
        if isinstance(node, Negative):
            return -parts[0]
        if isinstance(node, Quotient):
            return parts[0] / parts[1]
        if isinstance(node, Power):
            return torch.pow(*parts)
        if isinstance(node, Call) and not node.primes and node.function in FUNCTIONS:
            if node.function in KINKED:
                self.from_kink = min(self.from_kink, *(part.abs().item() for part in parts))
            return FUNCTIONS[node.function](*parts)
        raise TypeError(f"no tensor for {node!r}")
