"""The networks as the oracle knows them: what is given, what is defined, and how names are spelled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from pathlib import Path

from tests.formulas.edges.meaning import Node, below

HALF: Node = ("num", Fraction(1, 2))
Spelled = tuple[str, str]
"""A word, and what stands below it, without blanks: ("out", "d_1")."""


@dataclass(frozen=True)
class Network:
    """One network; the definitions stand in an order in which they can be computed."""

    name: str
    given: Sequence[str]
    definitions: Mapping[str, Node]
    total: str
    spellings: Mapping[Spelled, str]
    nets: Mapping[str, str] = field(default_factory=dict)
    """For what may stand below δ: the net input that it is about."""
    weights: frozenset[str] = frozenset()
    """What a step of learning changes."""
    conditions: Mapping[str, Node] = field(default_factory=dict)
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    rate: Fraction | None = None
    levels: bool = False
    """Whether a raised number is a layer and no power: a^3_1."""

    @cached_property
    def names_of(self) -> Mapping[str, frozenset[str]]:
        """The names in each definition."""
        return {
            name: frozenset(node[1] for node in below(meaning) if node[0] == "name")
            for name, meaning in self.definitions.items()
        }

    @cached_property
    def joined(self) -> Mapping[str, str]:
        """The names without what joins their parts: netc1, x1. Nothing where two become the same."""
        made: dict[str, str] = {}
        for (word, lower), name in self.spellings.items():
            key = f"{word}{lower}".replace("_", "").replace(",", "")
            made[key] = "" if made.get(key, name) != name else name
        return {key: name for key, name in made.items() if name}

    @cached_property
    def kinked(self) -> bool:
        """Whether a function with a kink stands in it."""
        return any(
            node[:2] == ("call", "relu") for d in self.definitions.values() for node in below(d)
        )


def named(name: str) -> Node:
    """A quantity."""
    return ("name", name)


def squared_error(target: str, out: str) -> Node:
    """½·(target − out)²."""
    gap: Node = ("add", [named(target), ("neg", named(out))])
    return ("mul", [HALF, ("pow", gap, Fraction(2))])


def _letters(layer: int, neuron: int, last: int) -> tuple[str, Sequence[str]]:
    letter = "abcdefgh"[layer]
    return f"{letter}{neuron}", (f"{letter}{neuron}", f"{letter}_{neuron}")


def _numbered(layer: int, neuron: int, last: int) -> tuple[str, Sequence[str]]:
    letter = "i" if layer == 0 else "o" if layer == last else "h"
    return f"{letter}{neuron}", (f"{letter}{neuron}", f"{letter}_{neuron}")


def layered(
    name: str,
    sizes: Sequence[int],
    function: str = "sig",
    bias: str = "none",
    notation: str = "letters",
    numbers: Mapping[str, object] | None = None,
    rate: Fraction | None = None,
    update_biases: bool = True,
) -> Network:
    """A network of layers with half the squared error, in letters or numbered."""
    last = len(sizes) - 1
    place = {"letters": _letters, "numbered": _numbered}[notation]
    spellings: dict[Spelled, str] = {}
    nets: dict[str, str] = {}
    definitions: dict[str, Node] = {}
    weights: list[list[str]] = []
    biases: list[list[str]] = []
    inputs, targets = [], []
    outs: list[str] = []
    running = 0
    for neuron in range(1, sizes[0] + 1):
        at, below_it = place(0, neuron, last)
        quantity = f"out_{at}" if notation == "letters" else at
        if notation == "letters":
            spellings |= {("out", one): quantity for one in below_it}
        else:
            spellings |= {(quantity, ""): quantity, (at[0], at[1:]): quantity}
        inputs.append(quantity)
        outs.append(quantity)
    for layer in range(1, last + 1):
        own, own_biases, after = [], [], []
        running = running if notation == "numbered" else 0
        if bias == "layer":
            own_biases = [_layer_bias(layer, notation, spellings)]
        for neuron in range(1, sizes[layer] + 1):
            at, below_it = place(layer, neuron, last)
            terms: list[Node] = []
            for out in outs:
                running += 1
                weight = _weight(layer, running, notation, spellings)
                own.append(weight)
                terms.append(("mul", [named(weight), named(out)]))
            if bias == "neuron":
                quantity = f"bias_{at}" if notation == "letters" else f"b_{at}"
                word = quantity.partition("_")[0]
                spellings |= {(word, one): quantity for one in below_it}
                own_biases.append(quantity)
                terms.append(named(quantity))
            elif bias == "layer":
                terms.append(named(own_biases[0]))
            for word in ("net", "out"):
                spellings |= {(word, one): f"{word}_{at}" for one in below_it}
            nets |= {one: f"net_{at}" for one in below_it}
            definitions[f"net_{at}"] = ("add", terms) if len(terms) > 1 else terms[0]
            net = named(f"net_{at}")
            definitions[f"out_{at}"] = ("call", function, 0, net) if function else net
            after.append(f"out_{at}")
            if layer == last:
                for word in ("target", "E"):
                    spellings |= {(word, one): f"{word}_{at}" for one in below_it}
                targets.append(f"target_{at}")
        outs = after
        weights.append(own)
        biases.append(own_biases)
    errors = []
    for out in outs:
        at = out.partition("_")[2]
        definitions[f"E_{at}"] = squared_error(f"target_{at}", out)
        errors.append(named(f"E_{at}"))
    definitions["E_total"] = ("add", errors) if len(errors) > 1 else errors[0]
    spellings |= {("E", "total"): "E_total", ("E", ""): "E_total"}
    flat = [w for own in weights for w in own]
    flat_biases = [b for own in biases for b in own]
    stated: dict[str, Fraction] = {}
    if numbers:
        rows = {"inputs": [inputs], "targets": [targets], "weights": weights, "biases": biases}
        for key, quantities in rows.items():
            listed = numbers.get(key, [])
            nested = [listed] if key in ("inputs", "targets") else listed
            for names, values in zip(quantities, nested, strict=True):  # type: ignore[call-overload]
                stated |= {n: Fraction(str(v)) for n, v in zip(names, values, strict=True)}
    return Network(
        name,
        [*inputs, *targets, *flat, *flat_biases],
        definitions,
        "E_total",
        spellings,
        nets,
        frozenset(flat + (flat_biases if update_biases else [])),
        numbers=stated,
        rate=rate,
    )


def _weight(layer: int, running: int, notation: str, spellings: dict[Spelled, str]) -> str:
    """The name of a weight: w31 and w2_10 by layer and running number, or w5 through the net."""
    if notation == "numbered":
        name = f"w{running}"
        spellings |= {(name, ""): name, ("w", str(running)): name}
        return name
    if running < 10:
        name = f"w{layer}{running}"
        spellings |= {(name, ""): name, ("w", f"{layer}{running}"): name}
        spellings |= {("w", f"{layer}_{running}"): name}
        return name
    name = f"w{layer}_{running}"
    spellings |= {(f"w{layer}", str(running)): name, ("w", f"{layer},{running}"): name}
    return name


def _layer_bias(layer: int, notation: str, spellings: dict[Spelled, str]) -> str:
    """The name of the bias that a layer shares: bias_c, or b1."""
    if notation == "letters":
        name = f"bias_{'abcdefgh'[layer]}"
        spellings[("bias", name[-1])] = name
    else:
        name = f"b{layer}"
        spellings |= {(name, ""): name, ("b", str(layer)): name}
    return name


def indexed(name: str, sizes: Sequence[int], bias: bool = False) -> Network:
    """A network of sigmoids in the notation of books: z3_1, a^3_1, w^2_{13}, layer 1 the inputs."""
    spellings: dict[Spelled, str] = {}
    nets: dict[str, str] = {}
    definitions: dict[str, Node] = {}
    weights: list[str] = []

    def known(letter: str, layer: int, *index: int) -> str:
        tail = "_".join(map(str, index))
        quantity = f"{letter}{layer}_{tail}"
        lowered = {tail, "".join(map(str, index)), ",".join(map(str, index))}
        spellings.update({(f"{letter}{layer}", tail): quantity})
        spellings.update({(f"{letter}^{layer}", one): quantity for one in lowered})
        return quantity

    outs = [known("a", 1, j) for j in range(1, sizes[0] + 1)]
    inputs = list(outs)
    for layer in range(2, len(sizes) + 1):
        after = []
        for j in range(1, sizes[layer - 1] + 1):
            own = [known("w", layer, j, k) for k in range(1, len(outs) + 1)]
            weights += own
            terms: list[Node] = [
                ("mul", [named(w), named(a)]) for w, a in zip(own, outs, strict=True)
            ]
            if bias:
                weights.append(known("b", layer, j))
                terms.append(named(weights[-1]))
            net, out = known("z", layer, j), known("a", layer, j)
            definitions[net] = ("add", terms)
            definitions[out] = ("call", "sig", 0, named(net))
            nets |= {f"{layer}_{j}": net, f"^{layer}_{j}": net}
            after.append(out)
        outs = after
    targets = [f"y_{j}" for j in range(1, sizes[-1] + 1)]
    errors = []
    for j, (target, out) in enumerate(zip(targets, outs, strict=True), 1):
        spellings |= {("y", str(j)): target, ("E", str(j)): f"E_{j}"}
        definitions[f"E_{j}"] = squared_error(target, out)
        errors.append(named(f"E_{j}"))
    definitions["E_total"] = ("add", errors) if len(errors) > 1 else errors[0]
    spellings |= {("E", "total"): "E_total", ("E", ""): "E_total"}
    return Network(
        name,
        [*inputs, *targets, *weights],
        definitions,
        "E_total",
        spellings,
        nets,
        frozenset(weights),
        levels=True,
    )


def layers_file(path: Path) -> Network:
    """A network of sigmoids stated in a TOML file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    training = table.get("training", {})
    assert table["activation"] == "sigmoid"
    rate = training.get("learning_rate")
    return layered(
        path.stem,
        table["layers"],
        bias=table.get("bias", "none"),
        notation=table.get("notation", "letters"),
        numbers=table.get("numbers"),
        rate=None if rate is None else Fraction(str(rate)),
        update_biases=training.get("update_biases", True),
    )


def ranges(text: str) -> Iterator[dict[str, int]]:
    """What the letters of "i=1..3, j=1..2" stand for, one choice after the other."""
    found = re.findall(r"(\w+)\s*=\s*(\d+)\.\.(\d+)", text)
    letters = [letter for letter, _, _ in found]
    for chosen in product(*(range(int(low), int(high) + 1) for _, low, high in found)):
        yield dict(zip(letters, chosen, strict=True))
