"""The network a user chose: layer sizes, functions, biases, notation, numbers."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from derive import functions
from derive.errors import InputError
from derive.model.facts import Facts
from derive.model.numbers import Numbers, Vector
from derive.networks.connections import (
    MOST_WEIGHTS,
    check_layers,
    check_missing,
    check_skip,
    wrong_count,
)
from derive.networks.keys import chosen
from derive.networks.settings import fitted, settings
from derive.networks.shipped import file_of, is_sizes, named, shipped
from derive.notations import NOTATIONS
from derive.notations.renaming import checked
from derive.suggest import did_you_mean
from derive.tables import read_table

BIASES = ("none", "neuron", "layer")
REDUCTIONS = ("sum", "mean")


@dataclass(frozen=True)
class Network(Facts):
    """A fully connected network.

    Raises :class:`InputError` for anything that does not fit together.
    """

    numbers: Numbers | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_layers(self.layers)
        if not self.activations:
            object.__setattr__(self, "activations", ("sigmoid",) * (len(self.layers) - 1))
        if len(self.activations) != len(self.layers) - 1:
            raise InputError(wrong_count(len(self.activations), len(self.layers)))
        object.__setattr__(self, "activations", _known_activations(self))
        object.__setattr__(self, "loss", _known_loss(self))
        _check_functions(self)
        check_skip(self)
        if self.l2 < 0:
            raise InputError(f"l2: the factor of the squared weights is 0 or more: {self.l2:g}")
        chosen(self.bias, "bias", BIASES)
        if isinstance(self.notation, str):
            chosen(self.notation, "notation", NOTATIONS)
        chosen(self.reduction, "reduction", REDUCTIONS)
        object.__setattr__(
            self, "names", checked(dict(self.names), self.notation, self.activations)
        )
        check_missing(self)
        if not self.name:
            object.__setattr__(self, "name", self.spec)
        if self.numbers is not None:
            object.__setattr__(self, "numbers", fitted(self, self.numbers))

    @property
    def spec(self) -> str:
        """The layer sizes as one writes them: ``2-4-3-2``."""
        return "-".join(map(str, self.layers))

    @property
    def summary(self) -> str:
        """Sizes, activations and loss in a line."""
        return f"{self.spec}, {', '.join(dict.fromkeys(self.activations))}, {self.loss}"

    @classmethod
    def read(cls, source: str | Path, **options: str | None) -> Network:
        """The network that `source` names: ``2-4-3-2``, a TOML file, or a shipped network.

        `options` (``activation``, ``loss``, ``bias``, ``notation``) override what it says.
        """
        text = str(source)
        given = {key: value for key, value in options.items() if value is not None}
        if is_sizes(text):
            _check_length(text)
            return cls.from_table({"layers": [int(n) for n in text.split("-")]}, "", given)
        path = file_of(text)
        if path is not None:
            table = read_table(path)
            with named(path):
                return cls.from_table(table, path.stem, given)
        if re.fullmatch(r"[^-\s/]+(-[^-\s/]+)+", text) and text[0] in "0123456789":
            bad = next(part for part in text.split("-") if not re.fullmatch("[0-9]+", part))
            raise InputError(
                f"network {text!r}: {bad!r} is not a number of neurons; write sizes like 2-4-3-2"
            )
        if text == "general":
            raise InputError(
                "network 'general': these are networks of any size, of which there are notes only;"
                " give sizes like 2-4-3-2, or write 'derive notes general'"
            )
        raise InputError(
            f"network {text!r}: no such file or shipped network{did_you_mean(text, shipped())};"
            " give layer sizes like 2-4-3-2, a .toml file, or a name from 'derive networks'"
        )

    @classmethod
    def from_table(cls, table: dict[str, Any], name: str, options: dict[str, str]) -> Network:
        """The network that a parsed TOML table describes, with `options` taking precedence."""
        return cls(**settings(table, name, options))

    def _some_targets(self, some: Callable[[int, float, float], Vector]) -> Vector:
        """Targets: one class of several where they are shares."""
        count = self.layers[-1]
        drawn = some(count, 0.05, 0.95)
        if not self.has_shares:
            return drawn
        chosen = max(range(count), key=drawn.__getitem__)
        return tuple(float(place == chosen) for place in range(count))

    @property
    def has_vectors(self) -> bool:
        """Whether its numbers stand layer by layer: those of layers do."""
        return True

    def numbered(self, seed: int) -> Self:
        """The network with its own numbers, or with some drawn from `seed` where it has none."""
        return self if self.numbers is not None else self.with_random_numbers(seed)

    def with_random_numbers(self, seed: int) -> Self:
        """The same network with numbers drawn from `seed`, of few digits to be easily followed."""
        import numpy as np

        draw = random.Random(seed).random
        digits = 2 if max(self.layers) <= 20 else 4

        def some(count: int, low: float, high: float, fan_in: int = 1) -> Vector:
            scale = min(1.0, 3 / math.sqrt(fan_in))
            drawn = np.array([draw() for _ in range(count)])
            found = np.round((low + (high - low) * drawn) * scale, digits)
            return tuple(np.where(found == 0, 10.0**-digits, found).tolist())

        fans = self.layers[:-1]
        return replace(
            self,
            numbers=Numbers(
                inputs=(some(self.layers[0], 0.05, 1.0),),
                targets=(self._some_targets(some),),
                weights=tuple(
                    some(count, -1, 1, fan)
                    for count, fan in zip(self.weight_counts, fans, strict=True)
                ),
                biases=tuple(some(count, -1, 1) for count in self.bias_counts),
            ),
        )


def _known_activations(network: Network) -> tuple[str, ...]:
    """The activations by the names of the table; those of the user's own keep theirs."""
    own = (*dict(network.functions), functions.SOFTMAX)
    return tuple(
        name if name in own else functions.activation(name, own[:-1]).name
        for name in network.activations
    )


def _known_loss(network: Network) -> str:
    """The loss by its name in the table; an expression stays as it is."""
    loss = network.loss
    if loss not in functions.LOSSES and re.search(r"[()*/^+]", loss):
        return loss
    return functions.loss(loss, network.activations[-1]).name


def _check_functions(network: Network) -> None:
    """Every activation and the loss is known, or of the user's own."""
    own = dict(network.functions)
    for name in own:
        if (
            name in functions.ACTIVATIONS
            or name in functions.BY_SYMBOL
            or name == functions.SOFTMAX
        ):
            raise InputError(
                f"functions.{name}: there is a function of this name already; take another name"
            )
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
            raise InputError(
                f"functions: a name is made of letters, digits and '-', like my-relu: {name!r}"
            )
    for place, name in enumerate(network.activations, 1):
        if name == functions.SOFTMAX and network.layers[place] < 2:
            raise InputError(
                f"activation: softmax over one neuron is always 1; layer {place} of"
                f" {network.spec} needs two or more, or another activation"
            )
    if own or network.loss not in functions.LOSSES:
        from derive.networks.own import expression

        for name, text in own.items():
            expression(text, ("x",), f"functions.{name}")
        if network.loss not in functions.LOSSES:
            expression(network.loss, ("t", "o"), "loss")


def _check_length(text: str) -> None:
    """Python itself refuses to read numbers of thousands of digits."""
    longest = max(text.split("-"), key=len)
    if len(longest) > 20:
        raise InputError(
            f"layers: a number of {len(longest)} digits is too large;"
            f" at most {MOST_WEIGHTS:,} weights"
        )
