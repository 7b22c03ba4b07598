"""The network a user chose: layer sizes, functions, biases, notation, numbers."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from derive import functions
from derive.connections import check_missing, check_skip
from derive.errors import InputError
from derive.files import exists
from derive.notation.renaming import checked
from derive.numbers import Numbers, Vector, check_numbers, finite, read_numbers
from derive.suggest import did_you_mean
from derive.tables import read_table

if TYPE_CHECKING:
    from derive.builders.equations import System

BIASES = ("none", "neuron", "layer")
NOTATIONS = ("letters", "numbered", "indexed")
REDUCTIONS = ("sum", "mean")
SHIPPED = Path(__file__).parent / "networks"
ENDINGS = (".toml", ".eq")
MOST_WEIGHTS = 2_000_000
"""Each is an entry of arrays, and each network has some of its size in memory."""
MOST_LAYERS = 5_000
_SIZES = re.compile(r"\s*[0-9]+\s*(-\s*[0-9]+\s*)*").fullmatch

KEYS = {
    "": (
        "description",
        "layers",
        "activation",
        "loss",
        "bias",
        "notation",
        "reduction",
        "l2",
        "missing",
        "skip",
        "functions",
        "names",
        "training",
        "numbers",
    ),
    "training": ("learning_rate", "update_biases"),
    "numbers": ("inputs", "targets", "weights", "biases"),
}
"""What may stand in a network file and in its tables."""


@dataclass(frozen=True)
class Network:
    """A fully connected network.

    `layers` are the numbers of neurons from the inputs on; `activations` has one name per layer
    after the inputs. `reduction` says whether E_total of a batch is the sum or the mean over its
    examples. `missing` are the weights that are not there, `skip` pairs of layers (counted from 0,
    the inputs) of which the second gets the outputs of the first added to its net inputs. `l2` is
    the λ of the term ½λΣw² in E_total, `functions` are the user's own, each with its expression in
    x; `loss` may be an expression in t and o. `names` are symbols that are called otherwise than in
    the notation: ``("out", "a")``. Raises :class:`InputError` for anything that does not fit
    together.
    """

    layers: tuple[int, ...]
    activations: tuple[str, ...] = ()
    loss: str = "half-squared-error"
    bias: str = "none"
    notation: str = "letters"
    name: str = ""
    reduction: str = "sum"
    names: tuple[tuple[str, str], ...] = ()
    description: str = ""
    learning_rate: float = 0.5
    update_biases: bool = True
    numbers: Numbers | None = field(default=None, repr=False)
    l2: float = 0.0
    missing: tuple[str, ...] = ()
    skip: tuple[tuple[int, int], ...] = ()
    functions: tuple[tuple[str, str], ...] = ()

    arrays: ClassVar[None] = None
    """Vectors and matrices that are stated: here the layers say which there are."""

    def __post_init__(self) -> None:
        _check_layers(self.layers)
        if not self.activations:
            object.__setattr__(self, "activations", ("sigmoid",) * (len(self.layers) - 1))
        if len(self.activations) != len(self.layers) - 1:
            raise InputError(_wrong_count(len(self.activations), len(self.layers)))
        _check_functions(self)
        check_skip(self)
        if self.l2 < 0:
            raise InputError(f"l2: the factor of the squared weights is 0 or more: {self.l2:g}")
        _check_choice("bias", self.bias, BIASES)
        _check_choice("notation", self.notation, NOTATIONS)
        _check_choice("reduction", self.reduction, REDUCTIONS)
        object.__setattr__(
            self, "names", checked(dict(self.names), self.notation, self.activations)
        )
        check_missing(self)
        if not self.name:
            object.__setattr__(self, "name", self.spec)
        if self.numbers is not None:
            check_numbers(self, self.numbers)

    @property
    def spec(self) -> str:
        """The layer sizes as one writes them: ``2-4-3-2``."""
        return "-".join(map(str, self.layers))

    @property
    def is_plain(self) -> bool:
        """Whether every output depends on its own net input alone, and all neurons are connected.

        Then one weight's derivation follows the neurons, and matrices say the rest.
        """
        special = self.missing or self.skip or self.l2 or self.functions
        known = self.loss in functions.LOSSES and functions.SOFTMAX not in self.activations
        return known and not special

    @property
    def has_shares(self) -> bool:
        """Whether outputs and targets are shares of 1: softmax with the cross-entropy."""
        softmax = self.activations[-1] == functions.SOFTMAX
        return softmax and self.loss == "categorical-cross-entropy"

    @property
    def summary(self) -> str:
        """Sizes, activations and loss in a line."""
        return f"{self.spec}, {', '.join(dict.fromkeys(self.activations))}, {self.loss}"

    @cached_property
    def weight_counts(self) -> tuple[int, ...]:
        """The number of weights of each layer of weights, without those that are missing."""
        counts = [a * b for a, b in pairwise(self.layers)]
        for layer in self._layers_of_missing:
            counts[layer - 1] -= 1
        return tuple(counts)

    @property
    def _layers_of_missing(self) -> list[int]:
        """The layers to which the missing weights would lead."""
        if not self.missing:
            return []
        from derive.notation import naming_of

        names, wanted = naming_of(self), set(self.missing)
        return [
            layer
            for layer in range(1, len(self.layers))
            for j in range(1, self.layers[layer] + 1)
            for i in range(1, self.layers[layer - 1] + 1)
            if names.plain("weight", layer, j, i) in wanted
        ]

    @property
    def bias_counts(self) -> tuple[int, ...]:
        """The number of biases of each layer after the inputs; empty without biases."""
        if self.bias == "none":
            return ()
        return tuple(1 if self.bias == "layer" else size for size in self.layers[1:])

    @classmethod
    def read(cls, source: str | Path, **options: str | None) -> Network:
        """The network that `source` names: ``2-4-3-2``, a TOML file, or a shipped network.

        `options` (``activation``, ``loss``, ``bias``, ``notation``) override what it says.
        """
        text = str(source)
        given = {key: value for key, value in options.items() if value is not None}
        if _SIZES(text):
            _check_length(text)
            return cls.from_table({"layers": [int(n) for n in text.split("-")]}, "", given)
        if text in shipped():
            return cls.from_file(SHIPPED / f"{text}.toml", given)
        if text.endswith(".toml") or exists(text):
            return cls.from_file(Path(text), given)
        if re.fullmatch(r"[^-\s/]+(-[^-\s/]+)+", text) and text[0] in "0123456789":
            bad = next(part for part in text.split("-") if not re.fullmatch("[0-9]+", part))
            raise InputError(
                f"network {text!r}: {bad!r} is not a number of neurons; write sizes like 2-4-3-2"
            )
        raise InputError(
            f"network {text!r}: no such file or shipped network{did_you_mean(text, shipped())};"
            " give layer sizes like 2-4-3-2, a .toml file, or a name from 'derive networks'"
        )

    @classmethod
    def from_file(cls, path: Path, options: dict[str, str] | None = None) -> Network:
        """The network that the TOML file at `path` describes."""
        table = read_table(path)
        with _named(path):
            return cls.from_table(table, path.stem, options or {})

    @classmethod
    def from_table(cls, table: dict[str, Any], name: str, options: dict[str, str]) -> Network:
        """The network that a parsed TOML table describes, with `options` taking precedence."""
        training = _subtable(table, "training")
        numbers = _subtable(table, "numbers")
        if "numbers" in table and not numbers:
            raise InputError("numbers.inputs is missing; [numbers] needs inputs, targets, weights")
        for where, keys in (("", table), ("training", training), ("numbers", numbers)):
            for key in keys:
                if key not in KEYS[where]:
                    label = f"[{where}] {key}" if where else key
                    raise InputError(
                        f"unknown key {label!r}{did_you_mean(key, KEYS[where])};"
                        f" known are {', '.join(KEYS[where])}"
                    )
        if "layers" not in table:
            raise InputError("the key 'layers' is missing; write for example layers = [2, 4, 3, 2]")
        sizes = table["layers"]
        if not isinstance(sizes, list):
            raise InputError(f"layers: expected a list of numbers like [2, 4, 3, 2]: {sizes!r}")
        _check_layers(sizes)
        activation = options.get("activation", table.get("activation", "sigmoid"))
        if isinstance(activation, str):
            names = [part.strip() for part in activation.split(",")]
            activation = names * (len(sizes) - 1) if len(names) == 1 else names
        if activation == []:
            raise InputError(_wrong_count(0, len(sizes)))
        if not (activation and isinstance(activation, list)) or not all(
            isinstance(a, str) for a in activation
        ):
            raise InputError(f"activation: expected a name or a list of names: {activation!r}")

        def word(key: str, default: str) -> str:
            value = options.get(key, table.get(key, default))
            if not isinstance(value, str):
                raise InputError(f"{key}: expected a name in quotes: {value!r}")
            return value

        rate = training.get("learning_rate", 0.5)
        update_biases = training.get("update_biases", True)
        if not isinstance(update_biases, bool):
            raise InputError(f"training.update_biases: expected true or false: {update_biases!r}")
        return cls(
            layers=tuple(sizes),
            activations=tuple(activation),
            loss=word("loss", "half-squared-error"),
            bias=word("bias", "none"),
            notation=word("notation", "letters"),
            name=name,
            reduction=word("reduction", "sum"),
            names=tuple(_subtable(table, "names").items()),
            description=word("description", ""),
            learning_rate=finite(rate, "training.learning_rate"),
            update_biases=update_biases,
            numbers=read_numbers(numbers) if numbers else None,
            l2=finite(table.get("l2", 0.0), "l2"),
            missing=_missing(table, options),
            skip=tuple(_pairs(table.get("skip", []))),
            functions=_own(table),
        )

    def _some_targets(self, some: Callable[[int, float, float], Vector]) -> Vector:
        """Targets: one class of several where they are shares."""
        count = self.layers[-1]
        drawn = some(count, 0.05, 0.95)
        if not self.has_shares:
            return drawn
        chosen = max(range(count), key=drawn.__getitem__)
        return tuple(float(place == chosen) for place in range(count))

    def with_random_numbers(self, seed: int) -> Network:
        """The same network with numbers drawn from `seed`, of few digits to be easily followed."""
        draw = random.Random(seed)
        digits = 2 if max(self.layers) <= 20 else 4

        def some(count: int, low: float, high: float, fan_in: int = 1) -> Vector:
            scale = min(1.0, 3 / math.sqrt(fan_in))
            return tuple(
                round(draw.uniform(low, high) * scale, digits) or 10.0**-digits
                for _ in range(count)
            )

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


def read(source: str | Path, **options: str | None) -> Network | System:
    """What `source` names: layer sizes, a file (``.toml``, ``.eq``), or a shipped network.

    `options` override what a layered network says; equations have none.
    """
    text = str(source)
    path = _path(text)
    if path is None:
        return Network.read(source, **options)
    given = {key: value for key, value in options.items() if value is not None}
    if path.suffix == ".eq":
        from derive.builders.equations import System

        for key in given:
            raise InputError(f"{key}: {text} is stated as equations, which say it themselves")
        return System.from_file(path)
    table = read_table(path)
    with _named(path):
        if "family" not in table:
            return Network.from_table(table, path.stem, given)
        from derive.builders.families import system

        return system(table, path.stem, given)


def _path(text: str) -> Path | None:
    """The file that a network's name means, if it means one."""
    if text in shipped():
        files = (SHIPPED / f"{text}{ending}" for ending in ENDINGS)
        return next(path for path in files if path.is_file())
    path = Path(text)
    return path if not _SIZES(text) and (path.suffix in ENDINGS or exists(path)) else None


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Errors inside name the file."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def descriptions() -> dict[str, str]:
    """The networks that come with the program, each with a line about it."""
    found = {}
    for name in shipped():
        path = SHIPPED / f"{name}.toml"
        if path.is_file():
            found[name] = read(name).description
        else:
            first = (SHIPPED / f"{name}.eq").read_text(encoding="utf-8").partition("\n")[0]
            found[name] = first.removeprefix("#").strip()
    return found


def shipped() -> list[str]:
    """The names of the networks that come with the program."""
    return sorted(path.stem for path in SHIPPED.iterdir() if path.suffix in ENDINGS)


def _check_layers(sizes: Sequence[Any]) -> None:
    if len(sizes) > MOST_LAYERS:
        raise InputError(f"layers: {len(sizes):,} layers; at most {MOST_LAYERS:,}")
    written = "-".join(map(str, sizes))
    for place, size in enumerate(sizes, 1):
        if not isinstance(size, int) or isinstance(size, bool):
            raise InputError(f"layers: layer {place} has to be a whole number of neurons: {size!r}")
        if size < 1:
            raise InputError(
                f"layers: layer {place} of {written} has {size} neurons; every layer needs one"
            )
    if len(sizes) < 2:
        raise InputError(
            f"layers: {written!r} has {len(sizes)} layer; a network needs inputs and outputs,"
            " at least two layers, like 2-1"
        )
    weights = sum(a * b for a, b in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        raise InputError(f"layers: {written} has {weights:,} weights; at most {MOST_WEIGHTS:,}")


def _wrong_count(given: int, layers: int) -> str:
    return (
        f"activation: {given} given for {layers - 1} layers after the inputs;"
        " give one for all, or one per layer"
    )


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
        if name == functions.SOFTMAX:
            if network.layers[place] < 2:
                raise InputError(
                    f"activation: softmax over one neuron is always 1; layer {place} of"
                    f" {network.spec} needs two or more, or another activation"
                )
        elif name not in own:
            functions.activation(name, own)
    if network.loss not in functions.LOSSES and not re.search(r"[()*/^+]", network.loss):
        functions.loss(network.loss)
    if own or network.loss not in functions.LOSSES:
        from derive.builders.own import expression

        for name, text in own.items():
            expression(text, ("x",), f"functions.{name}")
        if network.loss not in functions.LOSSES:
            expression(network.loss, ("t", "o"), "loss")


def _own(table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The user's own functions by name."""
    own = _subtable(table, "functions")
    for name, text in own.items():
        if not isinstance(text, str):
            raise InputError(
                f'functions.{name}: expected an expression in quotes like "x*sig(x)": {text!r}'
            )
    return tuple(own.items())


def _missing(table: dict[str, Any], options: dict[str, str]) -> tuple[str, ...]:
    """The missing weights, which the file names in its own notation, in the one that is asked for.

    Names that the network does not have stay as they are, and are refused later.
    """
    value = table.get("missing", [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError(f'missing: expected a list of weights like ["w12"]: {value!r}')
    said = tuple(value)
    own = table.get("notation", "letters")
    wanted = options.get("notation", own)
    if wanted == own or not said or own not in NOTATIONS or wanted not in NOTATIONS:
        return said
    from derive.notation import naming

    layers = tuple(table["layers"])
    symbols = dict(checked(_subtable(table, "names"), own))
    old, new = (naming(notation, layers, "none", symbols) for notation in (own, wanted))
    names = {
        old.plain("weight", layer, j, i): new.plain("weight", layer, j, i)
        for layer in range(1, len(layers))
        for j in range(1, layers[layer] + 1)
        for i in range(1, layers[layer - 1] + 1)
    }
    return tuple(names.get(name, name) for name in said)


def _pairs(value: Any) -> list[tuple[int, int]]:
    usable = isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair)
        for pair in value
    )
    if not usable:
        raise InputError(f"skip: expected pairs of layers like [[1, 3]]: {value!r}")
    return [(pair[0], pair[1]) for pair in value]


def _check_length(text: str) -> None:
    """Python itself refuses to read numbers of thousands of digits."""
    longest = max(text.split("-"), key=len)
    if len(longest) > 20:
        raise InputError(
            f"layers: a number of {len(longest)} digits is too large;"
            f" at most {MOST_WEIGHTS:,} weights"
        )


def _check_choice(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise InputError(
            f"{what}: there is no {value!r}{did_you_mean(value, known)};"
            f" known are {', '.join(known)}"
        )


def _subtable(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{key}: expected a table [{key}]: {value!r}")
    return value
