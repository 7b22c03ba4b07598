r"""What a written document says in numbers, read and computed anew apart from the program.

From the program come the definitions of the network and how its quantities are typeset. The reader of
formulas is this file's own, and so are the derivatives, which are complex steps: every quantity q
carries an array, in which the entry of each quantity p has Im q/h = ∂q/∂p.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from derive import Model
from derive.formula import Arithmetic, Call, Cases, Formula, Name, Power, evaluate
from derive.model import Role
from tests.markup import uncoloured

H = 1e-30
VALUE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?: \\cdot 10\^\{?(-?[0-9]+)\}?)?")
"""A number as it is printed, with a power of ten or without."""
DISPLAY = re.compile(r"\$\$\n(.*?)\n?\$\$", re.DOTALL)
STEPS = (1, 10, 100, 1_000, 10_000)
Array = Any
FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "sig": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "exp": np.exp,
    "ln": lambda x: np.log(x + 0j),
    "relu": lambda x: np.where(np.real(x) > 0, x, 0),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "softmax": np.exp,
}


# Numbers and formulas.


def number(text: str) -> tuple[float, float]:
    """A printed number, and half of its last digit."""
    found = VALUE.fullmatch(text)
    assert found, text
    power = int(found[2] or 0)
    return float(found[1]) * 10.0**power, 10.0 ** (power - len(found[1].partition(".")[2])) / 2


def is_right(text: str, value: float) -> bool:
    """Whether a printed number is `value`, to the last of its digits."""
    shown, half = number(text)
    return abs(value - shown) <= half * 1.0001


def chains(display: str) -> Iterator[tuple[list[str], list[str]]]:
    """The chains of a display: their sides, and the signs = or ≈ between them."""
    text = re.sub(r"\\tag\{[0-9]+\}|\\(?:begin|end)\{aligned\}|\\q?quad|\{\}|[{]?\\,", " ", display)
    text = uncoloured(re.sub(r"\\boxed\{|\\qquad", " ", text))
    cells: list[str] = []
    for line in text.split(r"\\"):
        parts = line.split("&")
        for left, right in zip(parts[0::2], parts[1::2] or [""], strict=False):
            if left.strip():
                cells.append(f"{left} {right}")
            elif cells:
                cells[-1] += f" {right}"
    for cell in cells:
        found = re.split(r"(=|\\approx)", cell)
        yield [side.strip() for side in found[0::2]], found[1::2]


class Reading:
    """One side, read from the left. Raises :class:`ValueError` for what it does not know.

    `values` has numbers for names and for whole derivatives; `slope` says what any other
    derivative is, from what stands above and below.
    """

    def __init__(
        self,
        text: str,
        values: Mapping[str, Array],
        slope: Callable[[str, str], float] | None = None,
    ) -> None:
        self.text = re.sub(r"\\(?:bigg?|Bigg?)[lr]", "", text)
        self.values, self.slope = values, slope
        self.names = [n for n in sorted(values, key=len, reverse=True) if n in self.text]
        self.at = 0

    def real(self) -> float:
        """The whole side as a real number."""
        return float(np.real(self.whole()))

    def whole(self) -> Array:
        value = self.sum()
        if self.peek():
            raise ValueError(self.text[self.at :])
        return value

    def peek(self, *options: str) -> str:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        rest = self.text[self.at :]
        return next((o for o in options if rest.startswith(o)), "") if options else rest

    def take(self, *options: str) -> str:
        found = self.peek(*options)
        self.at += len(found)
        return found

    def sum(self) -> Array:
        value = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            value = value + self.product() if sign == "+" else value - self.product()
        return value

    def product(self) -> Array:
        value = self.power()
        while self.peek() and not self.peek("+", "-", ")", "}"):
            self.take(r"\cdot ")
            value = value * self.power()
        return value

    def power(self) -> Array:
        value = self.atom()
        if self.take("^"):
            exponent = self.group() if self.peek("{") else float(self.take(*"0123456789"))
            value = power(value, exponent)
        return value

    def braced(self) -> str:
        """What stands in the next braces or brackets, unread."""
        opening = self.take("{", "(")
        closing, begun, depth = {"{": "}", "(": ")"}[opening], self.at, 1
        while depth:
            depth += {opening: 1, closing: -1}.get(self.text[self.at], 0)
            self.at += 1
        return self.text[begun : self.at - 1].strip()

    def group(self) -> Array:
        if not self.peek("{"):
            raise ValueError(self.text)
        return Reading(self.braced(), self.values, self.slope).whole()

    def atom(self) -> Array:
        for name in self.names:
            if self.peek(name) and not re.match(r"[_A-Za-z0-9]", self.text[self.at + len(name) :]):
                self.take(name)
                return self.values[name]
        if self.peek("("):
            return Reading(self.braced(), self.values, self.slope).whole()
        if self.peek(r"\frac{\partial"):
            return self.derivative()
        if self.take(r"\frac"):
            return self.group() / self.group()
        if self.take(r"\sqrt"):
            return np.sqrt(self.group())
        if re.match(r"e(?=[\^])", self.peek()):
            self.take("e")
            return np.e
        return self.called() if self.peek("\\") else self.digits()

    def derivative(self) -> float:
        self.take(r"\frac")
        above, below = (self.braced().removeprefix(r"\partial").strip() for _ in "ab")
        if self.slope is None:
            raise ValueError(f"the derivative of {above} by {below}")
        return self.slope(above or self.braced(), below)

    def called(self) -> Array:
        function = re.match(r"\\(?:mathrm|operatorname)\{([a-z]+)\}|\\([a-z]+)", self.peek())
        of = FUNCTIONS.get(function[1] or function[2]) if function else None
        if function is None or of is None:
            raise ValueError(self.peek())
        self.at += function.end()
        if self.take("'"):
            return float(np.imag(of(np.real(self.atom()) + 1j * H)) / H)
        return of(self.atom())

    def digits(self) -> float:
        found = re.match(r"[0-9]+(?:\.[0-9]+)?", self.peek())
        if found is None:
            raise ValueError(self.peek())
        self.at += found.end()
        return float(found[0])


def power(base: Array, exponent: Array) -> Array:
    """Small whole powers by multiplication, which leaves tiny imaginary parts right."""
    if exponent in (2, 3, 4):
        return base ** int(exponent - 1) * base
    return np.sqrt(base + 0j) if exponent == 0.5 else np.exp(exponent * np.log(base + 0j))


# What everything is worth.


class Worth:
    """All quantities of a network and all derivatives, at one point.

    `given` has numbers for what has no definition, and for what is held though it has one.
    """

    def __init__(self, model: Model, given: Mapping[str, float]) -> None:
        self.model, self.given = model, given
        self.places = {name: place for place, name in enumerate(model.quantities)}
        self.typeset = {q.latex: name for name, q in model.quantities.items()}
        arrays: dict[str, Array] = {}

        def resolve(node: Formula, inner: Any) -> Any:
            if isinstance(node, Name):
                return arrays[node.name]
            if isinstance(node, Call):
                assert not node.primes
                return FUNCTIONS[node.function](inner(node.argument))
            if isinstance(node, Cases):
                return inner(node.positive if np.real(inner(node.test))[0] > 0 else node.otherwise)
            assert isinstance(node, Power)
            return power(inner(node.base), inner(node.exponent))

        ring = Arithmetic(float, resolve, lambda a, b: a / b, power)
        for name in [*given, *model.definitions]:
            if name in arrays:
                continue
            value = given[name] if name in given else evaluate(model.definitions[name], ring)
            array = np.zeros(len(self.places), complex) + value
            array[self.places[name]] += 1j * H
            arrays[name] = array
        self.arrays = {q.latex: arrays[name] for name, q in model.quantities.items()}

    @cached_property
    def deltas(self) -> dict[str, str]:
        """How each δ is typeset, and the net input that it belongs to."""
        typeset = self.model.network.naming.typeset
        return {
            typeset("delta", q.layer, q.index): name
            for name, q in self.model.quantities.items()
            if q.role is Role.NET
        }

    @cached_property
    def values(self) -> dict[str, float]:
        """By how they are typeset: quantities, and δ."""
        found = {latex: float(array[0].real) for latex, array in self.arrays.items()}
        return found | {latex: self.by_total(net) for latex, net in self.deltas.items()}

    def value(self, name: str) -> float:
        return self.values[self.model.quantities[name].latex]

    def by_total(self, name: str) -> float:
        """∂E/∂q."""
        total = self.arrays[self.model.quantities[self.model.total].latex]
        return float(total[self.places[name]].imag / H)

    def slope(self, above: str, below: str) -> float:
        """The derivative of an expression by a quantity, both as they are typeset."""
        if below not in self.typeset:
            raise ValueError(below)
        array = Reading(above, self.arrays, None).whole()
        return float(np.imag(array)[self.places[self.typeset[below]]] / H)

    def read(self, side: str) -> float:
        """What a side of an equation is worth."""
        return Reading(side, self.values, self.slope).real()

    def moved(self, name: str, change: float) -> float:
        """The error where one quantity is larger by `change`, and all that follow from it are moved."""
        held = {**self.given, name: self.value(name) + change}
        return Worth(self.model, held).value(self.model.total)


class Batch:
    """One example or several, which share their parameters."""

    def __init__(self, model: Model, examples: list[dict[str, float]]) -> None:
        self.model, self.examples = model, examples
        self.points = [Worth(model, given) for given in examples]
        network = model.network
        self.share = 1 / len(examples) if network.reduction == "mean" else 1.0
        self.moving = [name for name in model.parameters if model.moves(name)]

    @property
    def error(self) -> float:
        return self.share * sum(point.value(self.model.total) for point in self.points)

    def slope(self, parameter: str) -> float:
        return self.share * sum(point.by_total(parameter) for point in self.points)

    def stepped(self, rate: float) -> Batch:
        """The same after a step of gradient descent."""
        after = {name: self.examples[0][name] - rate * self.slope(name) for name in self.moving}
        return Batch(self.model, [{**given, **after} for given in self.examples])

    def walked(self, rate: float) -> Iterator[tuple[int, Batch]]:
        """The same after each number of `STEPS`, which is a long walk: no further than asked."""
        here = self
        for step in range(1, STEPS[-1] + 1):
            here = here.stepped(rate)
            if step in STEPS:
                yield step, here


def first_of(side: str, model: Model) -> str:
    """What a law with letters for the indices says of their first numbers."""
    families = [f for f in model.instances.families if f.definition is not None]
    least = {letter: run[0] for f in families for letter, run in f.runs.items()}

    def put(found: re.Match[str]) -> str:
        at = []
        for part in found[1].strip("{}").split(","):
            number = re.sub("[a-z]", lambda x: str(least.get(x[0], x[0])), part)
            counted = re.fullmatch(r"([0-9]+)([+-][0-9]+)?", number)
            at.append(str(int(counted[1]) + int(counted[2] or 0)) if counted else part)
        return f"_{at[0]}" if len(at[0]) == len(at) == 1 else f"_{{{','.join(at)}}}"

    return re.sub(r"_([a-z]|\{[a-z0-9,+-]+\})", put, side)
