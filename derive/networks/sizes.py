"""The sizes of layers: how many there may be, and what is no size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from derive.errors import InputError

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
