"""The numbers of a network's file: read, and compared with the network's sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from derive.errors import InputError
from derive.model.facts import Facts
from derive.model.numbers import Numbers, Vector

SHARES = 1e-9
"""How far from 1 the sum of shares may be."""


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
