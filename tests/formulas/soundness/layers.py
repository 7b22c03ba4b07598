"""A network in layers in floating point, and right identities about it in an author's writing.

The forward and the backward pass are written from the textbook; derivatives are differences.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from tests.formulas.arrays.oracle import (
    Net,
    Term,
    hadamard,
    minus,
    name,
    product,
    slope,
    total,
    transpose,
)
from tests.formulas.arrays.oracle import Values as Arrays
from tests.formulas.index_claims import (
    Applied,
    Expr,
    Index,
    Named,
    Network,
    Over,
    Place,
    Plus,
    Slope,
    Times,
    Values,
)
from tests.formulas.soundness.styles import SIZES, Style

LAST = len(SIZES) - 1


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _drawn(kind: str, layer: int, *units: int) -> float:
    return random.Random(f"{kind} {layer} {units}").uniform(-0.9, 0.9)


@cache
def network(style: Style) -> Network:
    """The network's values by the names that an author gives them."""

    def values(moved: Mapping[Place, float]) -> Values:
        found: Values = {}

        def put(value: float, kind: str, layer: int, *units: int) -> float:
            place = style.place(kind, layer, *units)
            found[place] = moved.get(place, value)
            return found[place]

        out = [put(_drawn("out", 0, i), "out", 0, i) for i in _units(0)]
        goal = [put(_drawn("target", LAST, i), "target", LAST, i) for i in _units(LAST)]
        weights: list[list[list[float]]] = [[]]
        for layer in range(1, len(SIZES)):
            weights.append(
                [
                    [
                        put(_drawn("w", layer, j, i), "weight", layer, j, i)
                        for i in _units(layer - 1)
                    ]
                    for j in _units(layer)
                ]
            )
            nets = []
            for j, row in zip(_units(layer), weights[layer], strict=True):
                bias = put(_drawn("b", layer, j), "bias", layer, j)
                weighted = sum(w * o for w, o in zip(row, out, strict=True))
                nets.append(put(weighted + bias, "net", layer, j))
            out = [
                put(_sigmoid(net), "out", layer, j)
                for j, net in zip(_units(layer), nets, strict=True)
            ]
        error = sum((o - t) ** 2 for o, t in zip(out, goal, strict=True)) / 2
        put(error, "error", LAST)
        found["1", ()] = 1.0
        passed = [o - t for o, t in zip(out, goal, strict=True)]
        for layer in range(LAST, 0, -1):
            outs = [found[style.place("out", layer, j)] for j in _units(layer)]
            deltas = [p * o * (1 - o) for p, o in zip(passed, outs, strict=True)]
            for j, delta in zip(_units(layer), deltas, strict=True):
                put(delta, "delta", layer, j)
            passed = [
                sum(row[i] * d for row, d in zip(weights[layer], deltas, strict=True))
                for i in range(SIZES[layer - 1])
            ]
        return found

    return Network("", values, _sigmoid)


def _units(layer: int) -> range:
    return range(1, SIZES[layer] + 1)


def entries(style: Style, draw: random.Random) -> tuple[Expr, Expr]:
    """A right identity between entries, with letters or with numbers for units."""
    layer = draw.randint(1, LAST)
    j, i, k = (Index(letter) for letter in style.letters)
    if draw.random() < 0.25:
        j = Index("", draw.choice(_units(layer)))
    if draw.random() < 0.25:
        i = Index("", draw.choice(_units(layer - 1)))
    error = style.named("error", LAST)
    out, net, delta = (style.named(kind, layer, j) for kind in ("out", "net", "delta"))
    before = style.named("out", layer - 1, i)
    weight, bias = style.named("weight", layer, j, i), style.named("bias", layer, j)
    slopes: list[Expr] = [
        Applied(net, 1, style.activation),
        Times((out, Plus((Named("1"), Times((out,), -1))))),
    ]
    by_net: Expr = draw.choice([delta, Slope(error, net)])
    choices: list[tuple[Expr, Expr]] = [
        (Slope(error, weight), Times(tuple(draw.sample([by_net, before], 2)))),
        (Slope(error, bias), by_net),
        (delta, Slope(error, net)),
        (out, Applied(net, 0, style.activation)),
        (Slope(out, net), draw.choice(slopes)),
        (Slope(net, weight), before),
        (Slope(net, before), weight),
        (net, Plus((_weighted(style, layer, j), bias))),
    ]
    if layer == LAST:
        missed = Plus((out, Times((style.named("target", LAST, j),), -1)))
        choices += [(by_net, Times((missed, draw.choice(slopes)))), (Slope(error, out), missed)]
    else:
        above = style.named("weight", layer + 1, k, j)
        back: Expr = style.named("delta", layer + 1, k)
        if draw.random() < 0.3:
            back = Slope(error, style.named("net", layer + 1, k))
        passed = Over(k.letter, Times(tuple(draw.sample([above, back], 2))))
        choices += [
            (Slope(error, out), passed),
            (by_net, Times((passed, draw.choice(slopes)))),
            (Slope(error, weight), Times((passed, draw.choice(slopes), before))),
        ]
    return draw.choice(choices)


def _weighted(style: Style, layer: int, j: Index) -> Expr:
    """The weighted sum of what the layer before gives."""
    i = Index(style.letters[1])
    factors = style.named("weight", layer, j, i), style.named("out", layer - 1, i)
    return Over(i.letter, Times(factors))


@cache
def arrays(style: Style) -> Net:
    """The same network as vectors and matrices."""

    def across(kind: str, layer: int) -> tuple[int, int]:
        size = SIZES[layer]
        shape = (size, SIZES[layer - 1]) if kind == "weight" else (size, 1)
        return shape[::-1] if style.rows else shape

    def net(layer: int) -> Callable[[Arrays], np.ndarray]:
        w, x, b = f"weight {layer}", f"out {layer - 1}", f"bias {layer}"
        if style.rows:
            return lambda v: np.asarray(v[x] @ v[w] + v[b])
        return lambda v: np.asarray(v[w] @ v[x] + v[b])

    given = {"out 0": across("out", 0), f"target {LAST}": across("target", LAST)}
    steps: list[tuple[str, Callable[[Arrays], np.ndarray]]] = []
    for layer in range(1, len(SIZES)):
        given |= {f"{kind} {layer}": across(kind, layer) for kind in ("weight", "bias")}
        steps.append((f"net {layer}", net(layer)))
        steps.append((f"out {layer}", lambda v, n=f"net {layer}": 1 / (1 + np.exp(-v[n]))))
    last, goal = f"out {LAST}", f"target {LAST}"
    steps.append(("error", lambda v: np.array([[float(((v[last] - v[goal]) ** 2).sum()) / 2]])))
    steps += [(f"delta {layer}", _delta(style, layer)) for layer in range(LAST, 0, -1)]
    made = Net(given, steps)
    made.draw(11)
    return made


def _delta(style: Style, layer: int) -> Callable[[Arrays], np.ndarray]:
    """The textbook's backward pass, one layer of it."""

    def delta(v: Arrays) -> np.ndarray:
        out = v[f"out {layer}"]
        if layer == LAST:
            passed = out - v[f"target {LAST}"]
        elif style.rows:
            passed = v[f"delta {layer + 1}"] @ v[f"weight {layer + 1}"].T
        else:
            passed = v[f"weight {layer + 1}"].T @ v[f"delta {layer + 1}"]
        return np.asarray(passed * out * (1 - out))

    return delta


def identity(style: Style, draw: random.Random) -> tuple[Term, Term]:
    """A right identity between vectors and matrices of a layer."""
    layer = draw.randint(1, LAST)
    net, out = _array(style, "net", layer), _array(style, "out", layer)
    before = _array(style, "out", layer - 1)
    weight, bias = _array(style, "weight", layer), _array(style, "bias", layer)
    error = name("error", style.error)
    by_net = slope(error, net)
    delta = _array(style, "delta", layer)
    slopes = Term("sigmoid slope", (net,), "", rf"{style.activation}'")
    outer = (transpose(before), delta) if style.rows else (delta, transpose(before))
    weighted = (before, weight) if style.rows else (weight, before)
    choices = [
        (slope(error, weight), product(*outer)),
        (slope(error, bias), delta),
        (delta, by_net),
        (net, total(product(*weighted), bias)),
    ]
    if layer == LAST:
        missed = total(out, minus(_array(style, "target", LAST)))
        choices += [(delta, hadamard(missed, slopes)), (slope(error, out), missed)]
    else:
        above = _array(style, "weight", layer + 1)
        back = _array(style, "delta", layer + 1)
        passed = product(back, transpose(above)) if style.rows else product(transpose(above), back)
        choices += [
            (slope(error, out), passed),
            (delta, hadamard(*draw.sample([passed, slopes], 2))),
        ]
    return draw.choice(choices)


def _array(style: Style, kind: str, layer: int) -> Term:
    return name(f"{kind} {layer}", style.array(kind, layer))
