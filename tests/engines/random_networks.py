"""Random networks: as settings of a file, for both sides to read, and as equations.

A new row of the table of functions takes part by being there.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from derive import Model
from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX
from derive.networks.equations.system import System
from derive.notations import naming
from tests.engines import layers, trees

FROM_KINK = 1e-3
PROBABILITIES = ("sigmoid", "softmax")
"""Activations whose outputs lie in (0, 1), as the cross-entropies need them."""
LEAST_GRADIENT = 1e-6


@dataclass(frozen=True)
class Random:
    """A random network: what its file says, and the connections that it says are missing."""

    seed: int
    table: dict[str, Any]
    missing: frozenset[layers.Place]

    @property
    def label(self) -> str:
        """The seed and the settings."""
        told = {k: v for k, v in self.table.items() if k not in {"numbers", "missing"}}
        if self.missing:
            told["missing"] = len(self.missing)
        told["examples"] = len(self.table["numbers"]["inputs"])
        return f"random {self.seed}: {', '.join(f'{k} {v}' for k, v in told.items())}"


def random_network(seed: int) -> Random:
    """The random network of this seed, its numbers away from every kink and its gradient not 0."""
    draw = random.Random(seed)
    sizes = _sizes(draw)
    table: dict[str, Any] = {
        "layers": sizes,
        "bias": draw.choice(["none", "neuron", "layer"]),
        "reduction": draw.choice(["sum", "mean"]),
        "notation": draw.choice(["letters", "numbered"]),
    }
    table["loss"] = draw.choice(sorted(LOSSES))
    known = sorted({*ACTIVATIONS, SOFTMAX})
    last = [name for name in known if name in PROBABILITIES] if _entropy(table) else known
    table["activation"] = [
        # A softmax of one output is 1 whatever the net, and its cross-entropy has no value.
        draw.choice([n for n in choice if size > 1 or n != "softmax"])
        for choice, size in zip([known] * (len(sizes) - 2) + [last], sizes[1:], strict=True)
    ]
    if draw.random() < 1 / 3:
        table["l2"] = round(draw.uniform(0.001, 0.2), 3)
    pairs = [
        [a, b] for a, b in product(range(len(sizes)), repeat=2) if b > a and sizes[a] == sizes[b]
    ]
    if pairs and draw.random() < 2 / 3:
        table["skip"] = draw.sample(pairs, draw.randint(1, len(pairs)))
    missing = _missing(draw, sizes) if draw.random() < 1 / 2 else set()
    if missing:
        names = naming(table["notation"], tuple(sizes), table["bias"])
        table["missing"] = [names.plain("weight", *place) for place in sorted(missing)]
    examples = draw.choice([1, 1, 2, 3, 4])
    while True:
        table["numbers"] = _numbers(draw, table, examples, missing)
        found = layers.forward(table, missing)
        largest = max(map(abs, found.gradient().values()))
        if found.from_kink > FROM_KINK and largest > LEAST_GRADIENT:
            return Random(seed, table, frozenset(missing))


def _sizes(draw: random.Random) -> list[int]:
    """Two to five layers; every third network has layers of one size, for skip connections."""
    depth = draw.randint(2, 5)
    if draw.random() < 1 / 3:
        return [draw.randint(1, 4)] * depth
    return [draw.randint(1, 5) for _ in range(depth)]


def _entropy(table: dict[str, Any]) -> bool:
    return "cross-entropy" in table["loss"]


def _missing(draw: random.Random, sizes: list[int]) -> set[layers.Place]:
    """Some connections, but never all that lead to a neuron."""
    found: set[layers.Place] = set()
    for layer in range(1, len(sizes)):
        for j in range(1, sizes[layer] + 1):
            sources = range(1, sizes[layer - 1] + 1)
            out = draw.sample(sources, draw.randint(0, min(2, len(sources) - 1)))
            found |= {(layer, j, i) for i in out}
    return found


def _numbers(
    draw: random.Random, table: dict[str, Any], examples: int, missing: set[layers.Place]
) -> dict[str, Any]:
    sizes = table["layers"]
    some = lambda count, low, high: [draw.uniform(low, high) for _ in range(count)]
    targets = [some(sizes[-1], 0.05, 0.95) for _ in range(examples)]
    if table["loss"] == "huber":
        # Errors on both sides of δ = 1.
        targets = [[t * draw.choice([1, 3]) for t in row] for row in targets]
    if table["loss"] == "categorical-cross-entropy":
        targets = [[t / sum(row) for t in row] for row in targets]
    numbers = {
        "inputs": [some(sizes[0], -1.5, 1.5) for _ in range(examples)],
        "targets": targets,
        "weights": [
            some(a * b - sum(place[0] == layer for place in missing), -1.5, 1.5)
            for layer, (a, b) in enumerate(pairwise(sizes), 1)
        ],
    }
    if table["bias"] == "neuron":
        numbers["biases"] = [some(size, -1, 1) for size in sizes[1:]]
    if table["bias"] == "layer":
        numbers["biases"] = [some(1, -1, 1) for _ in sizes[1:]]
    return numbers


def random_system(seed: int) -> System:
    """Random equations: shared weights, quotients, powers, functions of functions, no layers."""
    draw = random.Random(f"equations {seed}")
    given = [f"x_{i}" for i in range(1, draw.randint(2, 4))]
    weights = [f"w_{i}" for i in range(1, draw.randint(3, 7))]
    lines: list[str] = []
    unused: list[str] = []
    names = given + weights
    for number in range(1, draw.randint(3, 8)):
        # The latest is in use, so that depth grows; everything may be used again.
        parts = [*unused[-1:], *draw.choices(names, k=draw.randint(2, 4)), draw.choice(weights)]
        parts = list(dict.fromkeys(parts))
        unused = [name for name in unused if name not in parts]
        name = f"q_{number}"
        lines.append(f"{name} = {_expression(draw, parts)}")
        names.append(name)
        unused.append(name)
    left = [w for w in weights if not any(w in line for line in lines)]
    lines.append(f"y = {' + '.join([*unused, *(f'{w}*x_1' for w in left)])}")
    lines.append("E = 1/2*(target - y)^2")
    system = System.from_text("\n".join(lines), f"equations {seed}")
    for attempt in range(1_000):
        made = system.with_random_numbers(1_000 * seed + attempt)
        assert made.numbers is not None
        found = trees.Trees(Model.of(made), [made.numbers])
        largest = max(map(abs, found.gradient().values()))
        if found.from_kink > FROM_KINK and LEAST_GRADIENT < largest < 1e3:
            return made
    raise AssertionError(f"no usable numbers for {system.equations}")


def _expression(draw: random.Random, parts: list[str]) -> str:
    """An expression in which each of `parts` stands once."""
    if len(parts) == 1:
        return parts[0]
    cut = draw.randint(1, len(parts) - 1)
    a, b = _expression(draw, parts[:cut]), _expression(draw, parts[cut:])
    return draw.choice(
        [
            f"({a} + {b})",
            f"({a} - {b})",
            f"{a}*{b}",
            f"sig({a})*{b}",
            f"tanh({a} + {b})",
            f"relu({a} - {b})",
            f"lrelu({a} + {b})",
            f"elu({a})*{b}",
            f"huber({a} - {b})",
            f"gelu({a})*{b}",
            f"softplus({a} - {b})",
            f"exp({a})/(exp({a}) + exp({b}))",
            f"ln(1 + ({a})^2)*{b}",
            f"{a}/(2 + ({b})^2)^(1/2)",
            f"({a}/(1 + exp(-({b}))))",
        ]
    )
