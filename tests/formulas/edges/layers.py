"""Networks of layers with half the squared error, as the oracle knows them, in three notations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from tests.formulas.edges.meaning import Node
from tests.formulas.edges.networks import Network, Spelled, named, squared_error

LETTERS = "abcdefgh"


class _Layers:
    """What is collected while a network is built layer by layer."""

    def __init__(self, sizes: Sequence[int], notation: str) -> None:
        self.sizes = sizes
        self.letters = notation == "letters"
        self.spellings: dict[Spelled, str] = {("E", "total"): "E_total", ("E", ""): "E_total"}
        self.nets: dict[str, str] = {}
        self.definitions: dict[str, Node] = {}
        self.inputs: list[str] = []
        self.targets: list[str] = []
        self.weights: list[list[str]] = []
        self.biases: list[list[str]] = []
        self._running = 0

    def place(self, layer: int, neuron: int) -> str:
        """A neuron: c1, or h1."""
        letter = LETTERS[layer]
        if not self.letters:
            letter = "i" if layer == 0 else "o" if layer == len(self.sizes) - 1 else "h"
        return f"{letter}{neuron}"

    def quantity(self, word: str, place: str) -> str:
        """A quantity at a neuron, whose word may have c1 or c_1 below it."""
        name = f"{word}_{place}"
        self.spellings |= {(word, place): name, (word, f"{place[0]}_{place[1:]}"): name}
        return name

    def leveled(self, letter: str, layer: int, name: str, *index: int) -> None:
        """A quantity's name in the notation of books: a^2_1, w^3_{12}, in which layer 1 is the inputs."""
        lowered = {"".join(map(str, index)), ",".join(map(str, index))}
        self.spellings |= {(f"{letter}^{layer + 1}", one): name for one in lowered}

    def input(self, neuron: int) -> str:
        """An input."""
        place = self.place(0, neuron)
        if self.letters:
            name = self.quantity("out", place)
        else:
            name = place
            self.spellings |= {(name, ""): name, (name[0], name[1:]): name}
        self.inputs.append(name)
        self.leveled("a", 0, name, neuron)
        return name

    def layer(self, layer: int, before: Sequence[str], function: str, bias: str) -> list[str]:
        """The outputs of a layer, defined by those of the one before."""
        if self.letters:
            self._running = 0
        self.weights.append([])
        self.biases.append([self._shared(layer)] if bias == "layer" else [])
        outs = []
        for neuron in range(1, self.sizes[layer] + 1):
            place = self.place(layer, neuron)
            own = [self._weight(layer) for _ in before]
            for source, weight in enumerate(own, 1):
                self.leveled("w", layer, weight, neuron, source)
            terms: list[Node] = [
                ("mul", [named(weight), named(out)])
                for weight, out in zip(own, before, strict=True)
            ]
            if bias == "neuron":
                self.biases[-1].append(self.quantity("bias" if self.letters else "b", place))
            if bias != "none":
                terms.append(named(self.biases[-1][-1]))
            net, out = self.quantity("net", place), self.quantity("out", place)
            self.nets |= {place: net, f"{place[0]}_{place[1:]}": net, f"^{layer + 1}_{neuron}": net}
            self.leveled("z", layer, net, neuron)
            self.leveled("a", layer, out, neuron)
            if bias == "neuron":
                self.leveled("b", layer, self.biases[-1][-1], neuron)
            self.definitions[net] = ("add", terms)
            self.definitions[out] = ("call", function, 0, named(net))
            outs.append(out)
        return outs

    def errors(self, outs: Sequence[str]) -> None:
        """The error of each output, and their sum."""
        last = len(self.sizes) - 1
        errors = []
        for neuron, out in enumerate(outs, 1):
            place = self.place(last, neuron)
            target, error = self.quantity("target", place), self.quantity("E", place)
            self.targets.append(target)
            self.definitions[error] = squared_error(target, out)
            errors.append(named(error))
        self.definitions["E_total"] = ("add", errors)

    def _weight(self, layer: int) -> str:
        """The next weight: w31 and w2_10 by layer and running number, or w5 through the net."""
        self._running += 1
        number = str(self._running)
        if not self.letters:
            name = f"w{number}"
            self.spellings |= {(name, ""): name, ("w", number): name}
        elif len(number) == 1:
            name = f"w{layer}{number}"
            self.spellings |= {(name, ""): name, ("w", f"{layer}{number}"): name}
            self.spellings |= {("w", f"{layer}_{number}"): name}
        else:
            name = f"w{layer}_{number}"
            self.spellings |= {(f"w{layer}", number): name, ("w", f"{layer},{number}"): name}
        self.weights[-1].append(name)
        return name

    def _shared(self, layer: int) -> str:
        """The bias that a layer shares: bias_c, or b1."""
        if self.letters:
            name = f"bias_{LETTERS[layer]}"
            self.spellings[("bias", LETTERS[layer])] = name
        else:
            name = f"b{layer}"
            self.spellings |= {(name, ""): name, ("b", str(layer)): name}
        return name

    def numbers(self, stated: Mapping[str, list[object]]) -> dict[str, Fraction]:
        """What the lists of a file give to the quantities."""
        found: dict[str, Fraction] = {}
        for names, values in (
            (self.inputs, stated.get("inputs", [])),
            (self.targets, stated.get("targets", [])),
            *zip(self.weights, stated.get("weights", []), strict=False),
            *zip(self.biases, stated.get("biases", []), strict=False),
        ):
            assert isinstance(values, list)
            found |= {n: Fraction(str(v)) for n, v in zip(names, values, strict=False)}
        return found


def layered(
    name: str,
    sizes: Sequence[int],
    function: str = "sig",
    bias: str = "none",
    notation: str = "letters",
    numbers: Mapping[str, list[object]] | None = None,
    rate: Fraction | None = None,
    update_biases: bool = True,
) -> Network:
    """A network of layers, in letters or numbered."""
    made = _Layers(sizes, notation)
    outs = [made.input(neuron) for neuron in range(1, sizes[0] + 1)]
    for layer in range(1, len(sizes)):
        outs = made.layer(layer, outs, function, bias)
    made.errors(outs)
    weights = [weight for own in made.weights for weight in own]
    biases = [bias for own in made.biases for bias in own]
    return Network(
        name,
        [*made.inputs, *made.targets, *weights, *biases],
        made.definitions,
        "E_total",
        made.spellings,
        made.nets,
        frozenset(weights + (biases if update_biases else [])),
        numbers=made.numbers(numbers) if numbers else {},
        rate=rate,
    )


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
