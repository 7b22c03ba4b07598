"""Layers, connections that are not there and those that skip layers: what fits together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from derive.errors import InputError
from derive.model.facts import Facts
from derive.suggest import did_you_mean

MOST_WEIGHTS = 1_000_000
"""Each is an entry of several arrays."""
MOST_LAYERS = 5_000


def check_layers(sizes: Sequence[Any]) -> None:
    """Raise :class:`InputError` for what are no sizes of layers, and for too many."""
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


def wrong_count(given: int, layers: int) -> str:
    """What is said of activations that are not one per layer."""
    return (
        f"activation: {given} given for {layers - 1} layers after the inputs;"
        " give one for all, or one per layer"
    )


def check_skip(network: Facts) -> None:
    """Skip connections lead forward, between layers of one size, each of them once.

    Raises :class:`InputError`.
    """
    last = len(network.layers) - 1
    for place, (source, target) in enumerate(network.skip):
        if not 0 <= source < target <= last:
            raise InputError(
                f"skip: [{source}, {target}] does not lead forward; the layers of {network.spec}"
                f" are counted from 0, the inputs, to {last}"
            )
        if network.layers[source] != network.layers[target]:
            raise InputError(
                f"skip: layers {source} and {target} of {network.spec} differ in size,"
                f" {network.layers[source]} and {network.layers[target]}; outputs are added one"
                " to one, so take two layers of the same size"
            )
        if (source, target) in network.skip[:place]:
            raise InputError(f"skip: [{source}, {target}] is given twice; give it once")


def check_missing(network: Facts) -> None:
    """Weights that are missing would be there, and every neuron keeps something to sum.

    Raises :class:`InputError`.
    """
    if not network.missing:
        return

    names, left_out = network.naming, set(network.missing)
    known: list[str] = []
    ranges: list[str] = []
    fed = {target for _, target in network.skip}
    for layer in range(1, len(network.layers)):
        before = range(1, network.layers[layer - 1] + 1)
        into = [
            [names.plain("weight", layer, j, i) for i in before]
            for j in range(1, network.layers[layer] + 1)
        ]
        known += [name for row in into for name in row]
        ranges.append(f"{into[0][0]} to {into[-1][-1]}")
        for j, row in enumerate(into, 1):
            if network.bias == "none" and layer not in fed and left_out.issuperset(row):
                raise InputError(
                    f"missing: without {', '.join(row[:4])}{', …' if len(row) > 4 else ''} nothing"
                    f" leads to {names.plain('net', layer, j)}; leave it a weight or a bias"
                )
    unknown = [name for name in network.missing if name not in set(known)]
    if unknown:
        raise InputError(
            f"missing: {network.spec} has no weight {unknown[0]!r}"
            f"{did_you_mean(unknown[0], known)}; it has {', '.join(ranges)}"
        )
