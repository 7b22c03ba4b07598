"""What the TOML file of a layered network says, checked key by key."""

from __future__ import annotations

from typing import Any

from derive.errors import InputError
from derive.model.numbers import finite
from derive.networks.connections import check_layers, wrong_count
from derive.networks.keys import check_keys, front_of, subtable, word
from derive.networks.numbers import read_numbers
from derive.notations import NOTATIONS, Notation, naming
from derive.notations.renaming import checked
from derive.notations.table import notation_of

KEYS = {
    "": (
        "description",
        "document",
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


def settings(table: dict[str, Any], name: str, options: dict[str, str]) -> dict[str, Any]:
    """The arguments of a :class:`~derive.networks.network.Network` that a parsed TOML table gives.

    `options` take precedence over the table. Raises :class:`InputError` that names the key.
    """
    training = subtable(table, "training")
    numbers = subtable(table, "numbers")
    if "numbers" in table and not numbers:
        raise InputError("numbers.inputs is missing; [numbers] needs inputs, targets, weights")
    for where, keys in {"": table, "training": training, "numbers": numbers}.items():
        check_keys(keys, KEYS[where], where)
    if "layers" not in table:
        raise InputError("the key 'layers' is missing; write for example layers = [2, 4, 3, 2]")
    sizes = table["layers"]
    if not isinstance(sizes, list):
        raise InputError(f"layers: expected a list of numbers like [2, 4, 3, 2]: {sizes!r}")
    check_layers(sizes)

    def said(key: str, default: str) -> str:
        return word(options.get(key, table.get(key, default)), key)

    rate = training.get("learning_rate", 0.5)
    update_biases = training.get("update_biases", True)
    if not isinstance(update_biases, bool):
        raise InputError(f"training.update_biases: expected true or false: {update_biases!r}")
    return {
        "layers": tuple(sizes),
        "activations": _activations(
            options.get("activation", table.get("activation", "sigmoid")), len(sizes)
        ),
        "loss": said("loss", "half-squared-error"),
        "bias": said("bias", "none"),
        "notation": _notation(options.get("notation", table.get("notation", "letters"))),
        "name": name,
        "reduction": said("reduction", "sum"),
        "names": tuple(subtable(table, "names").items()),
        "description": said("description", ""),
        "front": front_of(table),
        "learning_rate": finite(rate, "training.learning_rate"),
        "update_biases": update_biases,
        "numbers": read_numbers(numbers) if numbers else None,
        "l2": finite(table.get("l2", 0.0), "l2"),
        "missing": _missing(table, options),
        "skip": tuple(_pairs(table.get("skip", []))),
        "functions": _own(table),
    }


def _notation(value: Any) -> str | Notation:
    """A notation by its name, or stated in a table of the file."""
    if isinstance(value, dict):
        return notation_of("own", value, "notation.")
    if not isinstance(value, str):
        raise InputError(f"notation: expected a name in quotes, or a table [notation]: {value!r}")
    return value


def _activations(activation: Any, layers: int) -> tuple[str, ...]:
    """The names of activations in a file, or behind an option: one for all layers, or a list."""
    if isinstance(activation, str):
        names = [part.strip() for part in activation.split(",")]
        activation = names * (layers - 1) if len(names) == 1 else names
    if activation == []:
        raise InputError(wrong_count(0, layers))
    if not (activation and isinstance(activation, list)) or not all(
        isinstance(a, str) for a in activation
    ):
        raise InputError(f"activation: expected a name or a list of names: {activation!r}")
    return tuple(activation)


def _own(table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The user's own functions by name."""
    own = subtable(table, "functions")
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
    own = _notation(table.get("notation", "letters"))
    wanted = options.get("notation", own)
    unknown = isinstance(own, str) and own not in NOTATIONS
    if wanted == own or not said or unknown or wanted not in NOTATIONS:
        return said
    layers = tuple(table["layers"])
    symbols = dict(checked(subtable(table, "names"), own))
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
