"""Networks of every kind, drawn at random: what a narration has to serve."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from derive.model.facts import Facts
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.networks.network import Network

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus", "silu", "elu", "identity")
LOSSES = ("half-squared-error", "squared-error", "mean-squared-error", "huber", "(t - o)^4/4")
OWN = {"bent": "x/(1 + x^2)", "swish2": "x*sig(2*x)", "cube": "x^3/3"}


def layers(draw: random.Random) -> Facts:
    """Layers with any of masks, skips, softmax, l2, shared biases, functions of one's own."""
    sizes = [draw.randint(1, 3) for _ in range(draw.randint(2, 4))]
    names = [draw.choice((*ACTIVATIONS, *OWN)) for _ in sizes[1:]]
    for place, size in enumerate(sizes[1:]):
        if size > 1 and draw.random() < 0.25:
            names[place] = "softmax"
    table: dict[str, Any] = {
        "layers": sizes,
        "activation": names,
        "loss": draw.choice(LOSSES),
        "bias": draw.choice(("none", "neuron", "layer")),
        "notation": draw.choice(("letters", "numbered", "indexed")),
        "functions": {name: text for name, text in OWN.items() if name in names},
    }
    if names[-1] == "softmax" and draw.random() < 0.7:
        table["loss"] = "categorical-cross-entropy"
    if names[-1] == "sigmoid" and draw.random() < 0.5:
        table["loss"] = "binary-cross-entropy"
    if draw.random() < 0.3:
        table["l2"] = 0.1
    pairs = [(a, b) for a in range(len(sizes)) for b in range(a + 1, len(sizes))]
    same = [pair for pair in pairs if sizes[pair[0]] == sizes[pair[1]]]
    if same and draw.random() < 0.4:
        table["skip"] = [list(draw.choice(same))]
    if table["bias"] != "none" and table["notation"] == "letters" and draw.random() < 0.4:
        table["missing"] = ["w11"]
    return Network.from_table(table, "random", {})


def recurrent(draw: random.Random) -> Facts:
    """A recurrent network of a few units and steps."""
    outputs = draw.randint(1, 2)
    return system(
        {
            "family": "recurrent",
            "steps": draw.randint(1, 4),
            "inputs": draw.randint(1, 2),
            "hidden": draw.randint(1, 2),
            "outputs": outputs,
            "activation": draw.choice(("tanh", "sigmoid", "relu")),
            "output_activation": draw.choice(("identity", "softmax")) if outputs > 1 else "tanh",
            "bias": draw.choice(("none", "neuron")),
            "errors": draw.choice(("last", "every")),
        },
        "random",
        {},
    )


def convolution(draw: random.Random) -> Facts:
    """A convolution over a line or a plane of pixels, with or without pooling and outputs."""
    flat = draw.random() < 0.5
    table: dict[str, Any] = {
        "family": "convolution",
        "input": draw.randint(3, 5) if flat else [3, 3],
        "kernel": 2,
        "kernels": draw.randint(1, 2),
        "activation": draw.choice(("relu", "tanh", "identity")),
        "bias": draw.choice(("none", "kernel")),
    }
    if draw.random() < 0.5 and not flat:
        table |= {"pool": 2, "pooling": draw.choice(("max", "mean"))}
    if draw.random() < 0.5:
        table["outputs"] = draw.randint(1, 2)
    return system(table, "random", {})


def equations(draw: random.Random) -> Facts:
    """Definitions in any order of use: sums, products, quotients, functions, shares."""
    known = ["x1", "x2"]
    lines: list[str] = []
    weights = 0

    def weight() -> str:
        nonlocal weights
        weights += 1
        return f"w{weights if draw.random() < 0.8 else draw.randint(1, weights)}"

    for number in range(1, draw.randint(3, 7)):
        a, b = draw.choice(known), draw.choice(known)
        shapes = (
            f"{weight()}*{a} + {weight()}*{b}",
            f"sig({weight()}*{a} + {weight()})",
            f"{a}*{b} + {weight()}*{a}",
            f"tanh({a})*{weight()}",
            f"{weight()}*{a}/(1 + {b}^2)",
            f"exp({weight()}*{a})/(exp({weight()}*{a}) + exp({b}))",
            f"relu({weight()}*{a} - {b})",
        )
        lines.append(f"q{number} = {draw.choice(shapes)}")
        known.append(f"q{number}")
    used = " ".join(line.partition("=")[2] for line in lines)
    ends = [name for name in known[2:] if not re.search(rf"\b{name}\b", used)]
    lines.append("E = " + " + ".join(f"1/2*(target - {name})^2" for name in ends))
    return System.from_text("\n".join(lines))


KINDS: tuple[Callable[[random.Random], Facts], ...] = (layers, recurrent, convolution, equations)


def network(seed: int) -> Facts:
    """The network of this number; the kinds take turns, layers every other time."""
    draw = random.Random(f"model {seed}")
    kind = KINDS[seed // 2 % 3 + 1] if seed % 2 else layers
    return kind(draw)
