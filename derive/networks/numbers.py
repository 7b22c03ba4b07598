"""The numbers of a network's file: read, and compared with the network's sizes."""

from __future__ import annotations

import sys
from typing import Any

from derive.errors import InputError
from derive.model.facts import Facts, Numbers, Vector

MOST = sys.float_info.max
SHARES = 1e-9
"""How far from 1 the sum of shares may be."""


def finite(value: Any, where: str) -> float:
    """A finite number; :class:`InputError` that says `where` it stands."""
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not -MOST <= value <= MOST:
        raise InputError(f"{where}: expected a finite number: {value!r}")
    return float(value)


def _vectors(value: Any, where: str) -> tuple[Vector, ...]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise InputError(f"{where}: expected a list of lists of numbers, one per layer: {value!r}")
    return tuple(
        tuple(finite(x, f"{where}[{i}][{j}]") for j, x in enumerate(row))
        for i, row in enumerate(value)
    )


def read_numbers(table: dict[str, Any]) -> Numbers:
    """The numbers that the table [numbers] gives, as they stand there."""
    for key in ("inputs", "targets", "weights"):
        if key not in table:
            raise InputError(f"numbers.{key} is missing; [numbers] needs inputs, targets, weights")

    def examples(key: str) -> tuple[Vector, ...]:
        value = table[key]
        if isinstance(value, list) and not any(isinstance(row, list) for row in value):
            return (tuple(finite(x, f"numbers.{key}[{i}]") for i, x in enumerate(value)),)
        return _vectors(value, f"numbers.{key}")

    return Numbers(
        inputs=examples("inputs"),
        targets=examples("targets"),
        weights=_vectors(table["weights"], "numbers.weights"),
        biases=_vectors(table.get("biases", []), "numbers.biases"),
    )


def check_numbers(network: Facts, numbers: Numbers) -> None:
    """Raise :class:`InputError` for numbers that are too few or too many for the network."""
    if not numbers.inputs:
        raise InputError("numbers.inputs: no example given")
    if len(numbers.inputs) != len(numbers.targets):
        raise InputError(
            f"numbers: {len(numbers.inputs)} examples of inputs but"
            f" {len(numbers.targets)} of targets"
        )
    for key, rows, size in (
        ("inputs", numbers.inputs, network.layers[0]),
        ("targets", numbers.targets, network.layers[-1]),
    ):
        for row in rows:
            if len(row) != size:
                raise InputError(
                    f"numbers.{key}: {network.spec} has {size} of them,"
                    f" but {len(row)} are given: {list(row)}"
                )
    if network.has_shares:
        for row in numbers.targets:
            if min(row) < 0 or abs(sum(row) - 1) > SHARES:
                fault = f"sum to {sum(row):g}" if min(row) >= 0 else f"have {min(row):g}"
                raise InputError(
                    "numbers.targets: the targets of softmax with the cross-entropy are shares"
                    f" from 0 on that sum to 1, but {list(row)} {fault}"
                )
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
            if len(row) != count:
                sizes = f"{network.layers[layer]}→{network.layers[layer + 1]}"
                raise InputError(
                    f"numbers.{key}[{layer}]: layer {sizes} has {count}, but got {len(row)}"
                )
