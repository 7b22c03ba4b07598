"""Authors who write right identities of vectors and matrices, and what mistakes make of them."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from tests.formulas.arrays.oracle import (
    Net,
    Term,
    diag,
    hadamard,
    minus,
    name,
    places,
    product,
    scaled,
    slope,
    total,
    transpose,
)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    found: np.ndarray = 1 / (1 + np.exp(-x))
    return found


def _half_square(x: np.ndarray) -> np.ndarray:
    return np.array([[float((x**2).sum()) / 2]])


NETS = {
    "layers": Net(
        {"x_0": (2, 1), "t": (2, 1), "W_1": (5, 2), "W_2": (3, 5), "W_3": (2, 3)},
        [
            ("x_1", lambda v: _sigmoid(v["W_1"] @ v["x_0"])),
            ("x_2", lambda v: _sigmoid(v["W_2"] @ v["x_1"])),
            ("x_3", lambda v: _sigmoid(v["W_3"] @ v["x_2"])),
            ("E", lambda v: _half_square(v["x_3"] - v["t"])),
        ],
    ),
    "one hidden layer": Net(
        {"x": (2, 1), "y": (4, 1), "W_1": (3, 2), "b_1": (3, 1), "W_2": (4, 3)},
        [
            ("z", lambda v: v["W_1"] @ v["x"] + v["b_1"]),
            ("h", lambda v: np.tanh(v["z"])),
            ("o", lambda v: v["W_2"] @ v["h"]),
            ("L", lambda v: _half_square(v["o"] - v["y"])),
        ],
    ),
    "square": Net(
        {"x": (2, 1), "t": (2, 1), "A": (2, 2)},
        [
            ("z", lambda v: v["A"] @ v["x"]),
            ("s", lambda v: v["A"] @ v["z"]),
            ("L", lambda v: _half_square(v["s"] - v["t"])),
        ],
    ),
    "steps": Net(
        {
            **{f"x_{t}": (3, 1) for t in (1, 2, 3)},
            **{f"y_{t}": (4, 1) for t in (1, 2, 3)},
            "h_0": (2, 1),
            "U": (2, 3),
            "V": (4, 2),
            "W": (2, 2),
        },
        [
            *(
                (f"h_{t}", lambda v, t=t: np.tanh(v["U"] @ v[f"x_{t}"] + v["W"] @ v[f"h_{t - 1}"]))
                for t in (1, 2, 3)
            ),
            *((f"o_{t}", lambda v, t=t: v["V"] @ v[f"h_{t}"]) for t in (1, 2, 3)),
            (
                "L",
                lambda v: sum(_half_square(v[f"o_{t}"] - v[f"y_{t}"]) for t in (1, 2, 3)) / 3,
            ),
        ],
    ),
}
for _net in NETS.values():
    _net.draw(7)


class Author:
    """Somebody who writes right identities about one network, each time in another way."""

    def __init__(self, network: str, draw: random.Random) -> None:
        self.network = network
        self.draw = draw
        self.bold = draw.random() < 0.5

    def of(self, key: str) -> Term:
        """A name of the network, bold or not."""
        stem, _, index = key.partition("_")
        latex = rf"\mathbf{{{stem}}}" if self.bold and key not in ("E", "L") else stem
        return name(key, f"{latex}_{index}" if index else latex)

    def derivative(self, of: str, by: str) -> Term:
        """A derivative of the error."""
        kind = self.draw.choice(["slope", "slope", "nabla"])
        return slope(self.of(of), self.of(by), kind)

    def weighted(self, slopes: Term, adjoint: Term) -> Term:
        """What an adjoint becomes in front of a function."""
        if self.draw.random() < 0.3:
            return product(diag(slopes), adjoint)
        return hadamard(*self.draw.sample([slopes, adjoint], 2))

    def identity(self) -> tuple[Term, Term]:
        """Two equal sides."""
        makers: dict[str, Callable[[], tuple[Term, Term]]] = {
            "layers": self._layers,
            "one hidden layer": self._hidden,
            "square": self._square,
            "steps": self._steps,
        }
        left, right = makers[self.network]()
        if self.draw.random() < 0.2:
            left, right = transpose(left), transpose(right)
        if self.draw.random() < 0.2:
            left, right = minus(left), minus(right)
        if self.draw.random() < 0.2:
            left, right = scaled(3, left), total(right, scaled(2, right))
        return left, right

    def _delta(self, layer: int) -> Term:
        net = product(self.of(f"W_{layer}"), self.of(f"x_{layer - 1}"))
        slopes = Term("sigmoid slope", (net,), "", r"\sigma'")
        return self.weighted(slopes, self._adjoint(layer))

    def _adjoint(self, layer: int) -> Term:
        if layer == 3:
            difference = total(self.of("x_3"), minus(self.of("t")))
            return self.draw.choice([difference, slope(self.of("E"), self.of("x_3"))])
        if self.draw.random() < 0.5:
            return slope(self.of("E"), self.of(f"x_{layer}"))
        return product(transpose(self.of(f"W_{layer + 1}")), self._delta(layer + 1))

    def _layers(self) -> tuple[Term, Term]:
        layer = self.draw.choice([1, 2, 3])
        if self.draw.random() < 0.6:
            right = product(self._delta(layer), transpose(self.of(f"x_{layer - 1}")))
            return self.derivative("E", f"W_{layer}"), right
        if self.draw.random() < 0.5:
            net = product(self.of(f"W_{layer}"), self.of(f"x_{layer - 1}"))
            slopes = diag(Term("sigmoid slope", (net,), "", r"\sigma'"))
            left = slope(self.of(f"x_{layer}"), self.of(f"x_{layer - 1}"))
            return left, product(slopes, self.of(f"W_{layer}"))
        back = product(transpose(self.of(f"W_{layer}")), self._delta(layer))
        return self.derivative("E", f"x_{layer - 1}"), back

    def _hidden(self) -> tuple[Term, Term]:
        output = total(self.of("o"), minus(self.of("y")))
        inner = product(
            transpose(self.of("W_2")), self.draw.choice([output, slope(self.of("L"), self.of("o"))])
        )
        slopes = Term("tanh slope", (self.of("z"),), "", r"\tanh'")
        hidden = self.weighted(slopes, self.draw.choice([inner, slope(self.of("L"), self.of("h"))]))
        jacobian = slope(self.of("h"), self.of("z"))
        chained = product(transpose(jacobian), slope(self.of("L"), self.of("h")))
        return self.draw.choice(
            [
                (self.derivative("L", "W_2"), product(output, transpose(self.of("h")))),
                (self.derivative("L", "W_1"), product(hidden, transpose(self.of("x")))),
                (self.derivative("L", "b_1"), hidden),
                (self.derivative("L", "h"), inner),
                (self.derivative("L", "z"), chained),
                (self.of("z"), total(product(self.of("W_1"), self.of("x")), self.of("b_1"))),
                (slope(self.of("o"), self.of("h")), self.of("W_2")),
            ]
        )

    def _square(self) -> tuple[Term, Term]:
        difference = total(self.of("s"), minus(self.of("t")))
        turned = transpose(self.of("A"))
        both = total(
            product(difference, transpose(self.of("z"))),
            product(turned, difference, transpose(self.of("x"))),
        )
        return self.draw.choice(
            [
                (self.derivative("L", "z"), product(turned, difference)),
                (self.derivative("L", "x"), product(turned, turned, difference)),
                (self.derivative("L", "A"), both),
                (slope(self.of("s"), self.of("x")), product(self.of("A"), self.of("A"))),
                (self.of("s"), product(self.of("A"), self.of("A"), self.of("x"))),
            ]
        )

    def _steps(self) -> tuple[Term, Term]:
        output = [slope(self.of("L"), self.of(f"o_{t}")) for t in (1, 2, 3)]
        hidden = [slope(self.of("L"), self.of(f"h_{t}")) for t in (1, 2, 3)]
        squares = [hadamard(self.of(f"h_{t}"), self.of(f"h_{t}")) for t in (1, 2, 3)]
        ones = name("1", "1")
        slopes = [total(ones, minus(square)) for square in squares]
        deltas = [hadamard(*pair) for pair in zip(hidden, slopes, strict=True)]
        before = [transpose(self.of(f"h_{t}")) for t in (0, 1, 2)]
        seen = [transpose(self.of(f"x_{t}")) for t in (1, 2, 3)]
        late = total(
            product(transpose(self.of("V")), output[1]), product(transpose(self.of("W")), deltas[2])
        )
        by_v = [product(o, transpose(self.of(f"h_{t}"))) for t, o in enumerate(output, 1)]
        return self.draw.choice(
            [
                (self.derivative("L", "V"), total(*by_v)),
                (self.derivative("L", "W"), total(*map(product, deltas, before))),
                (self.derivative("L", "U"), total(*map(product, deltas, seen))),
                (self.derivative("L", "h_2"), late),
                (self.derivative("L", "h_3"), product(transpose(self.of("V")), output[2])),
            ]
        )


def spoiled(term: Term, draw: random.Random) -> Term:
    """A term with one mistake in it, which may happen to change nothing."""
    at, put = draw.choice(list(places(term)))
    ways = [minus(at), scaled(2, at)]
    if at.name != "1":
        ways.append(transpose(at))
    if at.kind == "transpose":
        ways += [at.parts[0]] * 3
    if at.kind in ("product", "hadamard", "sum"):
        rest = at.parts[1:] if draw.random() < 0.5 else at.parts[:-1]
        ways += [Term(at.kind, at.parts[::-1])] * 2
        ways += [rest[0] if len(rest) == 1 else Term(at.kind, rest)] * 2
    if at.kind in ("product", "hadamard"):
        ways += [Term("hadamard" if at.kind == "product" else "product", at.parts)] * 2
    return put(draw.choice(ways))
