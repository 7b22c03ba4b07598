"""Formulas in floating point, apart from everything that is checked.

The forward pass is written from the textbook, by layers; a derivative is a complex step,
∂f/∂x = Im f(x + ih)/h with h = 1e-40, which is exact to the last digits of a double. Nothing is taken
from the program but the trees of its formulas and the places of its quantities.
"""

from __future__ import annotations

import cmath
import random
from collections.abc import Callable, Mapping
from typing import Any

from derive import Model
from derive.formula import (
    Call,
    Delta,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Updated,
)
from derive.model import Role

Values = Mapping[str, complex]
H = 1e-40
CLOSE = 1e-9
"""Relative difference up to which two values are the same."""
APART = 1e-7
"""Relative difference from which two values differ."""


def _sigmoid(x: complex) -> complex:
    return 1 / (1 + cmath.exp(-x))


def _relu(x: complex) -> complex:
    return x if x.real > 0 else 0


FUNCTIONS = {"sig": _sigmoid, "tanh": cmath.tanh, "relu": _relu, "exp": cmath.exp, "": lambda x: x}


class Floating:
    """One random point of a model."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model = model
        draw = random.Random(seed)
        given = (Role.INPUT, Role.TARGET, Role.WEIGHT, Role.BIAS)
        self.given = {
            q.name: draw.uniform(0.2, 1.2) * draw.choice((1, -1)) for q in model.having(*given)
        }
        self.letters = {"eta": draw.uniform(0.2, 0.8)}
        self._by_place = {
            (q.role, q.layer, q.index, q.source): q.name for q in model.quantities.values()
        }
        self._values = self.forward({})
        self._moved: dict[str, Mapping[str, complex]] = {}

    def move_to(self, given: Mapping[str, float]) -> None:
        """Give some of the inputs, targets, weights, biases and letters other values."""
        self.given.update({name: v for name, v in given.items() if name in self.given})
        self.letters.update({name: v for name, v in given.items() if name not in self.given})
        self._values = self.forward({})
        self._moved = {}

    def forward(self, fixed: Mapping[str, complex]) -> dict[str, complex]:
        """All quantities, those in `fixed` held at their values."""
        network, at = self.model.network, self._by_place
        values: dict[str, complex] = {**self.given, **fixed}
        outs = [values[at[Role.INPUT, 0, i, None]] for i in range(1, network.layers[0] + 1)]
        last = len(network.layers) - 1
        for layer in range(1, last + 1):
            function = FUNCTIONS[
                {"sigmoid": "sig", "identity": ""}.get(
                    network.activations[layer - 1], network.activations[layer - 1]
                )
            ]
            after = []
            for j in range(1, network.layers[layer] + 1):
                net: complex = sum(
                    values[at[Role.WEIGHT, layer, j, i]] * out for i, out in enumerate(outs, 1)
                )
                if network.bias == "neuron":
                    net += values[at[Role.BIAS, layer, j, None]]
                elif network.bias == "layer":
                    net += values[at[Role.BIAS, layer, 0, None]]
                name = at[Role.NET, layer, j, None]
                values[name] = fixed.get(name, net)
                out = at[Role.OUTPUT, layer, j, None]
                values[out] = fixed.get(out, function(values[name]))
                after.append(values[out])
            outs = after
        error: complex = 0
        for j, out in enumerate(outs, 1):
            name = at[Role.ERROR, last, j, None]
            values[name] = fixed.get(
                name, 0.5 * (values[at[Role.TARGET, last, j, None]] - out) ** 2
            )
            error += values[name]
        values[self.model.total] = fixed.get(self.model.total, error)
        return values

    def value(self, formula: Formula, values: Mapping[str, complex] | None = None) -> complex:
        """The value of `formula`."""
        here = self._values if values is None else values
        return _VALUES[type(formula)](self, formula, here)

    def _product(self, node: Product, here: Values) -> complex:
        made: complex = 1
        for factor in node.factors:
            made *= self.value(factor, here)
        return made

    def _power(self, node: Power, here: Values) -> complex:
        assert isinstance(node.exponent, Number)
        assert node.exponent.value.denominator == 1
        return self.value(node.base, here) ** int(node.exponent.value)

    def _call(self, node: Call, here: Values) -> complex:
        argument = self.value(node.argument, here)
        function = FUNCTIONS[node.function]
        return function(argument + 1j * H).imag / H if node.primes else function(argument)

    def _partial(self, node: Partial, here: Values) -> complex:
        assert isinstance(node.by, Name)
        return self.slope(node.of, node.by.name)

    def _updated(self, node: Updated, here: Values) -> complex:
        step = self.slope(Name(self.model.total), node.of)
        return here[node.of] - self.letters["eta"] * step

    def slope(self, of: Formula, by: str) -> float:
        """∂of/∂by."""
        if by not in self._moved:
            self._moved[by] = self.forward({by: self._values[by] + 1j * H})
        return self.value(of, self._moved[by]).imag / H


_VALUES: Mapping[type[Formula], Callable[[Floating, Any, Values], complex]] = {
    Name: lambda point, node, here: here[node.name],
    Number: lambda point, node, here: node.value.numerator / node.value.denominator,
    Sum: lambda point, node, here: sum(point.value(term, here) for term in node.terms),
    Product: Floating._product,
    Negative: lambda point, node, here: -point.value(node.term, here),
    Quotient: lambda point, node, here: (
        point.value(node.top, here) / point.value(node.bottom, here)
    ),
    Power: Floating._power,
    Call: Floating._call,
    Letter: lambda point, node, here: point.letters[node.name],
    Partial: Floating._partial,
    Delta: lambda point, node, here: point.slope(Name(point.model.total), node.of),
    Updated: Floating._updated,
}
"""The value of each kind of formula at a point, where quantities have the values given."""


class Oracle:
    """Whether equations hold, at a few random points."""

    def __init__(self, model: Model, points: int = 3) -> None:
        self._points = [Floating(model, 7 + seed) for seed in range(points)]

    def holds(self, left: Formula, right: Formula) -> bool | None:
        """True or False; nothing where the digits do not say."""
        gap = max(self._gap(point, left, right) for point in self._points)
        return True if gap < CLOSE else False if gap > APART else None

    @staticmethod
    def _gap(point: Floating, left: Formula, right: Formula) -> float:
        a, b = point.value(left), point.value(right)
        return abs(a - b) / max(abs(a), abs(b), 1e-12)
