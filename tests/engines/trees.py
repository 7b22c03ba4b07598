"""The definitions of any model, evaluated in PyTorch, and differentiated by its autograd.

Only the definitions are taken from the model: no local derivative, no path, no delta, and no row of
the table of functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from torch.nn import functional as F  # noqa: N812

from derive import Model
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
from tests.engines.engine import tensor, torch
from tests.engines.layers import ACTIVATIONS

Tensor = torch.Tensor

FUNCTIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sig": torch.sigmoid,
    "exp": torch.exp,
    "ln": torch.log,
    "sqrt": torch.sqrt,
    "Phi": torch.special.ndtr,
    "lrelu": ACTIVATIONS["leaky-relu"],
    "huber": lambda x: F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=1.0),
    "clip": lambda x: torch.clamp(x, -1.0, 1.0),
    **ACTIVATIONS,
}
OPERATIONS: Mapping[type[Formula], Callable[[Tensor, Tensor], Tensor]] = {
    Sum: torch.add,
    Product: torch.mul,
    Quotient: torch.div,
    Power: torch.pow,
}
KINKS = {"relu": 0, "lrelu": 0, "elu": 0, "huber": 1, "clip": 1}
"""The functions with kinks: how large the argument is where they have them."""


class Trees:
    """One forward pass of a model at the given numbers; `from_kink` is how near the next one is.

    `examples` give the numbers of what has no definition, for each example; `mean` says that the
    error is their mean, not their sum.
    """

    def __init__(
        self, model: Model, examples: Sequence[Mapping[str, float]], mean: bool = False
    ) -> None:
        self.model = model
        self.from_kink = float("inf")
        self._leaves = {name: tensor(examples[0][name], moving=True) for name in model.parameters}
        errors = [self._error(numbers) for numbers in examples]
        self.error = torch.stack(errors).mean() if mean else torch.stack(errors).sum()

    def _error(self, numbers: Mapping[str, float]) -> Tensor:
        self.values = {name: tensor(value) for name, value in numbers.items()} | self._leaves
        for name, definition in self.model.definitions.items():
            self.values[name] = self.value(definition)
        return self.values[self.model.total]

    def gradient(self) -> dict[str, float]:
        """∂E_total/∂w of every parameter."""
        leaves = list(self._leaves.values())
        slopes = torch.autograd.grad(self.error, leaves, allow_unused=True, materialize_grads=True)
        return {name: slope.item() for name, slope in zip(self._leaves, slopes, strict=True)}

    def value(self, node: Formula) -> Tensor:
        """A formula's value, term by term as it is written."""
        if isinstance(node, Name):
            return self.values[node.name]
        if isinstance(node, Number):
            return tensor(node.value.numerator) / node.value.denominator
        parts = [self.value(part) for part in node.parts()]
        if isinstance(node, Call) and not node.primes and node.function in FUNCTIONS:
            self._near_kinks(node.function, parts[0])
            return FUNCTIONS[node.function](*parts)
        if type(node) in OPERATIONS:
            return reduce(OPERATIONS[type(node)], parts)
        if isinstance(node, Negative):
            return -parts[0]
        raise TypeError(f"no tensor for {node!r}")

    def _near_kinks(self, function: str, argument: Tensor) -> None:
        """How near the argument of a function is to where it has a kink."""
        if function in KINKS:
            gap = (argument.abs() - KINKS[function]).abs().item()
            self.from_kink = min(self.from_kink, gap)
