r"""Every number of a document, computed anew from the inputs that are printed in that document.

The reader of the documents, the arithmetic and the derivatives are this file's own: from the
program come the definitions of the network and how its quantities are typeset. Derivatives of the
error are differences with fifty digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import mpmath
import pytest

from derive import Model
from derive.formula import Arithmetic, Call, Cases, Formula, Name, Power, evaluate
from derive.model import Role
from derive.networks.sources import read
from tests.markup import uncoloured
from tests.shelf import written

MP = mpmath.MPContext()
MP.dps = 50
NAMES = (
    *("2-4-3-2", "mazur", "xor", "classifier", "2-3-1", "rnn", "lstm", "gru", "attention"),
    *("softmax", "batchnorm", "layernorm", "conv1d", "conv2d", "maxpool", "embedding", "residual"),
)
FUNCTIONS = {
    "sig": lambda x: 1 / (1 + MP.exp(-x)),
    "tanh": MP.tanh,
    "exp": MP.exp,
    "ln": MP.log,
    "relu": lambda x: max(x, MP.mpf(0)),
    "softplus": lambda x: MP.log(1 + MP.exp(x)),
}
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
DISPLAY = re.compile(r"\$\$\n(.*?)\n?\$\$", re.DOTALL)
Values = Mapping[str, Any]


# The document.


def chains(display: str) -> Iterator[tuple[list[str], list[str]]]:
    """The chains of a display: their sides, and the signs = or ≈ between them."""
    text = re.sub(r"\\tag\{[0-9]+\}|\\(?:begin|end)\{aligned\}|\\q?quad|\{\}|[{]?\\,", " ", display)
    text = uncoloured(text.replace(r"\qquad", ""))
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
    """One side, read from the left. Raises :class:`ValueError` for what it does not know."""

    def __init__(self, text: str, values: Values) -> None:
        self.text = re.sub(r"\\(?:bigg?|Bigg?)[lr]", "", text)
        self.values = values
        self.names = sorted(values, key=len, reverse=True)
        self.at = 0
        self.has_names = False

    def whole(self) -> Any:
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

    def sum(self) -> Any:
        value = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            value = value + self.product() if sign == "+" else value - self.product()
        return value

    def product(self) -> Any:
        value = self.power()
        while self.peek():
            if self.take(r"\cdot"):
                value = value * self.power()
            elif self.peek("+", "-", ")", "}"):
                break
            else:
                value = value * self.power()
        return value

    def power(self) -> Any:
        value = self.atom()
        if self.take("^"):
            exponent = self.group() if self.peek("{") else MP.mpf(self.take(*"0123456789"))
            value = value**exponent
        return value

    def group(self) -> Any:
        if not self.take("{"):
            raise ValueError(self.text)
        value = self.sum()
        if not self.take("}"):
            raise ValueError(self.text)
        return value

    def atom(self) -> Any:
        for name in self.names:
            if self.peek(name) and not re.match(r"[_A-Za-z0-9]", self.text[self.at + len(name) :]):
                self.take(name)
                self.has_names = True
                return self.values[name]
        if self.take("("):
            value = self.sum()
            if not self.take(")"):
                raise ValueError(self.text)
            return value
        if self.take(r"\frac"):
            return self.group() / self.group()
        if self.take(r"\sqrt"):
            return MP.sqrt(self.group())
        if re.match("e(?=[\\^])", self.peek()):
            self.take("e")
            return MP.e
        return self.called() if self.peek("\\") else self.number()

    def called(self) -> Any:
        function = re.match(r"\\(?:mathrm|operatorname)\{([a-z]+)\}|\\([a-z]+)", self.peek())
        of = FUNCTIONS.get(function[1] or function[2]) if function else None
        if function is None or of is None:
            raise ValueError(self.peek())
        self.at += function.end()
        if self.take("'"):
            raise ValueError("a derivative")
        return of(self.atom())

    def number(self) -> Any:
        number = NUMBER.match(self.peek())
        if number is None or number[0].startswith("-"):
            raise ValueError(self.peek())
        self.at += number.end()
        return MP.mpf(number[0])


# The network.


@cache
def model_of(name: str) -> Model:
    return Model.of(name)


def computed(model: Model, given: Values) -> dict[str, Any]:
    """Every quantity by its plain name, from those that are given."""
    values = dict(given)

    def resolve(node: Formula, inner: Any) -> Any:
        if isinstance(node, Name):
            return values[node.name]
        if isinstance(node, Call):
            assert not node.primes
            return FUNCTIONS[node.function](inner(node.argument))
        if isinstance(node, Cases):
            return inner(node.positive if inner(node.test) > 0 else node.otherwise)
        assert isinstance(node, Power)
        return inner(node.base) ** inner(node.exponent)

    ring = Arithmetic(
        lambda number: MP.mpf(number.numerator) / number.denominator,
        resolve,
        lambda a, b: a / b,
        pow,
    )
    for name, definition in model.definitions.items():
        if name not in values:
            values[name] = evaluate(definition, ring)
    return values


def worth(model: Model, given: Values) -> dict[str, Any]:
    """What everything that has a name is worth, as it is typeset: quantities and derivatives."""
    plain = computed(model, given)
    found = {quantity.latex: plain[name] for name, quantity in model.quantities.items()}
    total = model.quantities[model.total].latex
    step = MP.mpf(10) ** -20
    for name, quantity in model.quantities.items():
        if quantity.role in (Role.INPUT, Role.TARGET):
            continue
        sides = []
        for side in (plain[name] + step, plain[name] - step):
            keep = given if name in given else {**given}
            sides.append(computed(model, {**keep, name: side})[model.total])
        slope = (sides[0] - sides[1]) / (2 * step)
        found[rf"\frac{{\partial {total}}}{{\partial {quantity.latex}}}"] = slope
        if quantity.role is Role.NET:
            delta = model.network.naming.typeset("delta", quantity.layer, quantity.index)
            found[delta] = slope
    return found


def printed_inputs(model: Model, text: str) -> dict[str, Any]:
    """The numbers that a document gives to what has no definition."""
    names = {q.latex: n for n, q in model.quantities.items() if n not in model.definitions}
    found: dict[str, Any] = {}
    for display in DISPLAY.findall(text):
        for sides, _ in chains(display):
            if len(sides) == 2 and sides[0] in names and NUMBER.fullmatch(sides[1]):
                found.setdefault(names[sides[0]], MP.mpf(sides[1]))
    return found


# The tests.


def wrong_numbers(name: str, text: str) -> tuple[int, list[str]]:
    """How many numbers of a document were computed anew, and the chains that are wrong."""
    model = model_of(name)
    given = printed_inputs(model, text)
    missing = [n for n in model.quantities if n not in model.definitions and n not in given]
    assert not missing, f"used, but not printed: {missing}"
    values = worth(model, given)
    seen, wrong = 0, []
    for display in DISPLAY.findall(text):
        for sides, signs in chains(display):
            if len(sides) < 2 or not NUMBER.fullmatch(sides[-1]):
                continue
            shown = MP.mpf(sides[-1])
            digits = len(sides[-1].partition(".")[2])
            least = MP.mpf(10) ** -digits / 2
            for place, side in enumerate(sides[:-1]):
                reading = Reading(side, values)
                try:
                    value = reading.whole()
                except ValueError:
                    continue
                rounded = any(sign != "=" for sign in signs[place:])
                if rounded and not reading.has_names:
                    # Rounded numbers give their result to about as many digits as they have.
                    allowed = MP.mpf(10) ** -4 * max(abs(shown), least * 20)
                else:
                    allowed = least * MP.mpf("1.0001") if rounded else MP.mpf(10) ** -12
                seen += 1
                if abs(value - shown) > allowed:
                    wrong.append(f"{side} {signs[place]} {sides[-1]}")
    return seen, wrong


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_right_to_the_digits_that_are_shown(name: str) -> None:
    """Symbols, numbers and value of a chain agree; with = exactly, with ≈ to the last digit."""
    seen, wrong = wrong_numbers(name, written(read(name), "markdown"))
    assert not wrong
    assert seen > 15


def test_a_wrong_digit_is_found() -> None:
    """A planted fault: one digit of one value is another."""
    text = written(read("2-4-3-2"), "markdown")
    value = re.findall(r"\\approx (-?0\.[0-9]+) *(?:\\\\|\n|\\tag)", text)[3]
    other = value[:-1] + ("1" if value[-1] != "1" else "2")
    assert wrong_numbers("2-4-3-2", text.replace(rf"\approx {value}", rf"\approx {other}", 1))[1]


def test_an_equals_sign_before_a_rounded_number_is_found() -> None:
    """A planted fault: = where ≈ has to stand."""
    text = written(read("2-4-3-2"), "markdown")
    assert wrong_numbers("2-4-3-2", text.replace(r"\approx", "="))[1]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_that_is_used_is_printed_before(name: str) -> None:
    """What is put into a formula stands further up, in a display or in a table."""
    text = written(read(name), "markdown")
    for display in re.finditer(DISPLAY, text):
        for sides, _ in chains(display[1]):
            used = {n for side in sides[1:-1] for n in re.findall(r"[0-9]+\.[0-9]+", side)}
            before = text[: display.end()]
            for number in used if NUMBER.fullmatch(sides[-1]) else ():
                places = [m.start() for m in re.finditer(re.escape(number), before)]
                earlier = places[0] < display.start(1)
                inside = any(c[-1].lstrip("-") == number for c, _ in chains(display[1]))
                assert earlier or inside, f"{name}: {number} in {' = '.join(sides)}"
