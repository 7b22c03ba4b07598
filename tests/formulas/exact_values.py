"""The value of every quantity, gradient and step of a network, apart from the program, in 60 digits.

Only the definitions are taken from the model. A slope is a central difference with a step of 1e-20,
whose own error is below 1e-35; the functions are written here from the textbook, with mpmath.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cache

from mpmath import mp, mpf

from derive import Model
from derive.formula import Call, Formula, Name, Negative, Number, Power, Product, Quotient, Sum
from derive.model import Role
from derive.networks.equations.system import System

mp.dps = 60
STEP = mpf(10) ** -20

_SIGMOID = lambda x: 1 / (1 + mp.exp(-x))
_SOFTPLUS = lambda x: mp.log(1 + mp.exp(x))
FUNCTIONS: Mapping[str, Callable[[mpf], mpf]] = {
    "sig": _SIGMOID,
    "tanh": mp.tanh,
    "exp": mp.exp,
    "ln": mp.log,
    "relu": lambda x: x if x > 0 else mpf(0),
    "lrelu": lambda x: x if x > 0 else x / 100,
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "softplus": _SOFTPLUS,
    "silu": lambda x: x * _SIGMOID(x),
    "gelu": lambda x: x * mp.ncdf(x),
    "mish": lambda x: x * mp.tanh(_SOFTPLUS(x)),
    "huber": lambda x: x * x / 2 if abs(x) <= 1 else abs(x) - mpf(1) / 2,
}


class Exact:
    """What a network's numbers come to, of a batch the E_total and its slopes."""

    def __init__(self, model: Model, examples: list[Mapping[str, float]]) -> None:
        self.model = model
        self.given = [{name: mpf(repr(x)) for name, x in table.items()} for table in examples]
        self.rate = mpf(repr(model.network.learning_rate))
        self.mean = model.network.reduction == "mean"

    def forward(self, table: Mapping[str, mpf]) -> dict[str, mpf]:
        """Every quantity, from values of those that are given."""
        values = dict(table)
        for name, definition in self.model.definitions.items():
            values[name] = self._value(definition, values)
        return values

    @cache  # noqa: B019 - lives as long as a test
    def value(self, name: str) -> mpf:
        """A quantity that all examples share; the total error of all of them."""
        if name in self.model.parameters:
            return self.given[0][name]
        return self._joined([self.forward(table)[name] for table in self.given])

    @cache  # noqa: B019
    def slope(self, name: str) -> mpf:
        """∂E_total/∂name of something that is given."""
        ends = []
        for way in (1, -1):
            moved = [{**table, name: table[name] + way * STEP} for table in self.given]
            found = [self.forward(table)[self.model.total] for table in moved]
            ends.append(self._joined(found))
        return (ends[0] - ends[1]) / (2 * STEP)

    def stepped(self, name: str) -> mpf:
        """w⁺."""
        kept = (
            self.model.quantities[name].role is Role.BIAS and not self.model.network.update_biases
        )
        old = self.given[0][name]
        return old if kept else old - self.rate * self.slope(name)

    def _joined(self, found: list[mpf]) -> mpf:
        return sum(found) / (len(found) if self.mean else 1) if len(found) > 1 else found[0]

    def _value(self, node: Formula, values: Mapping[str, mpf]) -> mpf:
        if isinstance(node, Name):
            return values[node.name]
        if isinstance(node, Number):
            return mpf(node.value.numerator) / node.value.denominator
        parts = [self._value(part, values) for part in node.parts()]
        if isinstance(node, Sum):
            return mp.fsum(parts)
        if isinstance(node, Product):
            return mp.fprod(parts)
        if isinstance(node, Negative):
            return -parts[0]
        if isinstance(node, Quotient):
            return parts[0] / parts[1]
        if isinstance(node, Power):
            return mp.power(*parts)
        if isinstance(node, Call) and not node.primes:
            return FUNCTIONS[node.function](parts[0])
        raise TypeError(f"no value for {node!r}")


def random_equations(seed: int) -> System:
    """Random equations with numbers: shared weights, quotients, roots, functions of functions."""
    draw = random.Random(f"wrong numbers {seed}")
    names = ["x_1", "x_2", *(f"w_{n}" for n in range(1, draw.randint(3, 6)))]
    lines = []
    for number in range(1, draw.randint(3, 7)):
        a, b, c = (draw.choice(names[-4:] if n else names) for n in range(3))
        shape = draw.choice(_SHAPES).format(a=a, b=b, c=c)
        lines.append(f"q_{number} = {shape}")
        names.append(f"q_{number}")
    unused = [n for n in names if not any(n in line.partition("=")[2] for line in lines)]
    lines.append(f"y = {' + '.join(f'w_1*{name}' for name in unused)}")
    lines.append("E = 1/2*(target - y)^2")
    return System.from_text("\n".join(lines), f"equations {seed}").with_random_numbers(seed)


_SHAPES = (
    "{a}*{b} + {c}",
    "sig({a} + {b})*{c}",
    "tanh({a}*{b}) - {c}",
    "{a}/(2 + {b}^2)^(1/2)",
    "exp({a})/(exp({a}) + exp({b}))",
    "ln(1 + {a}^2)*{b}",
    "relu({a} - {b}) + {c}",
    "gelu({a})*{c}",
    "softplus({a} - {b})",
    "{a}^3/(1 + exp(-{b}))",
)
