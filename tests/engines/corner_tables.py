"""Random tables of small networks, with everything that a file may say."""

from __future__ import annotations

import random
from itertools import pairwise, product
from typing import Any

from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX
from derive.notations import naming
from tests.shelf import FIRST

OWN = {
    "swish": "x*sig(2*x)", "cubic": "x^3/3 + x", "square": "x^2", "bump": "exp(-x^2)",
    "flat": "x/(1 + x^2)", "logs": "ln(1 + x^2)", "hard": "relu(x) - relu(x - 1)",
    "softsign": "x*tanh(softplus(x))", "root": "sqrt(1 + x^2)", "ramp": "step(x)*x^2", "hardtanh": "clip(x)",
    "abs": "relu(x) + relu(-x)",
}  # fmt: skip
OWN_LOSSES = (
    "1/4*(t - o)^4", "sqrt(1 + (t - o)^2)", "softplus(-t*o)", "relu(1 - t*o)", "huber(2*(t - o))",
    "ln(1 + exp(-t*o))", "(t - o)^2/(1 + t^2)", "(o - t)*(o - t)", "relu(t - o) + relu(o - t)",
)  # fmt: skip
RENAMED = (
    {"out": "h", "net": "a"},
    {"weight": r"\theta", "bias": r"\beta", "E_total": "J"},
    {"out": "s", "E_total": "C", "error": "C", "target": "t"},
    {"delta": r"\epsilon", "sig": r"\varphi"},
)


def table(seed: int) -> dict[str, Any]:
    """The table of this seed; [numbers] stand in some."""
    draw = random.Random(f"corner {seed}")
    depth = draw.choice([2, 2, 3, 3, 3, 4])
    same = draw.random() < 1 / 3
    sizes = [draw.choice([1, 2, 2, 3])] * depth
    if not same:
        sizes = [draw.choice([1, 1, 2, 2, 3, 4]) for _ in range(depth)]
    notation = draw.choice(FIRST)
    found: dict[str, Any] = {
        "layers": sizes,
        "bias": draw.choice(["none", "neuron", "layer"]),
        "notation": notation,
        "reduction": draw.choice(["sum", "mean"]),
        "loss": draw.choice([*LOSSES, *draw.sample(OWN_LOSSES, 2)]),
        "training": {"update_biases": draw.random() < 1 / 2},
    }
    if draw.random() < 1 / 4:
        found["names"] = draw.choice(RENAMED)
    own = dict(draw.sample(sorted(OWN.items()), 2))
    shares = "cross-entropy" in found["loss"]
    found["activation"] = [
        _activation(draw, size, own, shares and place == depth - 1)
        for place, size in enumerate(sizes[1:], 1)
    ]
    used = {name: own[name] for name in found["activation"] if name in own}
    found |= {"functions": used} if used else {}
    found |= {"l2": 0.1} if draw.random() < 1 / 3 else {}
    pairs = [[a, b] for a, b in product(range(depth), repeat=2) if a < b and sizes[a] == sizes[b]]
    if pairs and draw.random() < 1 / 2:
        found["skip"] = draw.sample(pairs, draw.randint(1, min(2, len(pairs))))
    missing = _missing(draw, found) if draw.random() < 1 / 3 else []
    names = naming(notation, tuple(sizes), found["bias"], found.get("names", {}))
    found |= {"missing": [names.plain("weight", *place) for place in missing]} if missing else {}
    if draw.random() < 1 / 2:
        found["numbers"] = _numbers(draw, found, [layer for layer, _, _ in missing])
    return found


def _activation(draw: random.Random, size: int, own: dict[str, str], shares: bool) -> str:
    softmax = [SOFTMAX] * 3 if size > 1 else []
    if shares:
        return draw.choice(["sigmoid", *softmax])
    return draw.choice([*ACTIVATIONS, *own, *softmax])


def _missing(draw: random.Random, table: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Some connections; all of a neuron's only where something else leads to it."""
    sizes = table["layers"]
    kept = {target for _, target in table.get("skip", ())}
    found = []
    for layer, (before, size) in enumerate(pairwise(sizes), 1):
        most = before if table["bias"] != "none" or layer in kept else before - 1
        for j in range(1, size + 1):
            sources = draw.sample(range(1, before + 1), draw.randint(0, most))
            found += [(layer, j, i) for i in sources]
    return found


def _numbers(draw: random.Random, table: dict[str, Any], lost: list[int]) -> dict[str, Any]:
    sizes, examples = table["layers"], draw.choice([1, 1, 2, 3])

    def some(count: int, low: float, high: float) -> list[float]:
        return [round(draw.uniform(low, high), 2) or 0.01 for _ in range(count)]

    targets = [some(sizes[-1], 0.05, 0.95) for _ in range(examples)]
    if table["loss"] == "categorical-cross-entropy":
        targets = [[float(place == 0) for place in range(sizes[-1])] for _ in range(examples)]
    numbers = {
        "inputs": [some(sizes[0], -1, 1) for _ in range(examples)],
        "targets": targets,
        "weights": [
            some(a * b - lost.count(layer), -1, 1)
            for layer, (a, b) in enumerate(pairwise(sizes), 1)
        ],
    }
    if table["bias"] != "none":
        counts = sizes[1:] if table["bias"] == "neuron" else [1] * (len(sizes) - 1)
        numbers["biases"] = [some(count, -1, 1) for count in counts]
    return numbers
