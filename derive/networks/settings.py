"""What the TOML file of a layered network says, checked key by key, and the fit of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.errors import InputError
from derive.model.facts import Facts
from derive.model.numbers import Numbers, Vector, finite
from derive.networks.connections import check_layers, wrong_count
from derive.networks.keys import check_keys, front_of, subtable, word
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


SHARES = 1e-9
"""How far from 1 the sum of shares may be."""


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


def read_numbers(table: dict[str, Any]) -> Numbers:
    """The numbers that the table [numbers] gives, as they stand there."""
    for key in ("inputs", "targets", "weights"):
        if key not in table:
            raise InputError(f"numbers.{key} is missing; [numbers] needs inputs, targets, weights")
    return Numbers(**table)


def fitted(network: Facts, numbers: Numbers) -> Numbers:
    """The numbers with the weights of each layer in running order.

    Raises :class:`InputError` for numbers that are too few or too many for the network.
    """
    _judge_examples(network, numbers)
    _judge_parameters(network, numbers)
    if not any(map(_is_matrix, numbers.weights)):
        return numbers
    weights = (
        _in_running_order(network, layer, given) if _is_matrix(given) else given
        for layer, given in enumerate(numbers.weights)
    )
    return replace(numbers, weights=tuple(weights))


def _judge_examples(network: Facts, numbers: Numbers) -> None:
    """Refuse inputs and targets that are not those of the network."""
    inputs, targets = numbers.inputs, numbers.targets
    if not inputs:
        raise InputError("numbers.inputs: no example given")
    if len(inputs) != len(targets):
        raise InputError(f"numbers: {len(inputs)} examples of inputs but {len(targets)} of targets")
    for key, rows, size in (
        ("inputs", inputs, network.layers[0]),
        ("targets", targets, network.layers[-1]),
    ):
        for row in rows:
            if len(row) != size:
                raise InputError(
                    f"numbers.{key}: {network.spec} has {size} of them,"
                    f" but {len(row)} are given: {list(row)}"
                )
    for row in targets if network.has_shares else ():
        if min(row) < 0 or abs(sum(row) - 1) > SHARES:
            fault = f"sum to {sum(row):g}" if min(row) >= 0 else f"have {min(row):g}"
            raise InputError(
                "numbers.targets: the targets of softmax with the cross-entropy are shares"
                f" from 0 on that sum to 1, but {list(row)} {fault}"
            )


def _judge_parameters(network: Facts, numbers: Numbers) -> None:
    """Refuse weights and biases that are too few or too many for the layers of the network."""
    if numbers.biases and network.bias == "none":
        raise InputError('numbers.biases: the network has none; say bias = "neuron" or "layer"')
    for key, given, expected in (
        ("weights", numbers.weights, network.weight_counts),
        ("biases", numbers.biases, network.bias_counts),
    ):
        if len(given) != len(expected):
            raise InputError(
                f"numbers.{key}: expected {len(expected)} lists, one per layer after the inputs,"
                f" but got {len(given)}"
            )
        for layer, (row, count) in enumerate(zip(given, expected, strict=True)):
            if len(row) != count and not _is_matrix(row):
                sizes = f"{network.layers[layer]}→{network.layers[layer + 1]}"
                raise InputError(
                    f"numbers.{key}[{layer}]: layer {sizes} has {count}, but got {len(row)}"
                )


def _is_matrix(given: Sequence[Any]) -> bool:
    """Whether rows are given; then all entries are rows."""
    return bool(given) and isinstance(given[0], tuple)


def _in_running_order(network: Facts, layer: int, matrix: Sequence[Any]) -> Vector:
    """The entries of a matrix of weights row by row, without those of weights that are missing."""
    where, sources, targets = f"numbers.weights[{layer}]", *network.layers[layer : layer + 2]
    widths = sorted({len(row) for row in matrix})
    if len(matrix) != targets or widths != [sources]:
        shape = f"{len(matrix)} × {' or '.join(map(str, widths))}"
        turned = len(matrix) == sources and widths == [targets]
        raise InputError(
            f"{where}: the weights {sources}→{targets} are a matrix of {targets} × {sources}, a row"
            f" for each neuron that they lead to, but it is {shape}{'; transpose it' * turned}"
        )
    absent, found = network.absent(layer + 1), list[float]()
    for j, row in enumerate(matrix, 1):
        for i, value in enumerate(row, 1):
            if (j, i) not in absent:
                found.append(value)
            elif value:
                name = network.naming.plain("weight", layer + 1, j, i)
                raise InputError(
                    f"{where}: row {j}, column {i} is for {name}, which is missing in the network;"
                    f" put 0 there: {value:g}"
                )
    return tuple(found)
