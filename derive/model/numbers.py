"""The numbers of a network, as whoever gives them writes them down."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

from derive.errors import InputError

MOST = sys.float_info.max
Vector = tuple[float, ...]


@dataclass(frozen=True)
class Numbers:
    """Values for a network's inputs, targets and parameters, given as lists or NumPy arrays.

    `inputs` and `targets` hold one vector per example, or are one themselves. `weights` has for
    each layer of weights a vector in running order (target neuron by target neuron), or a matrix
    with a row for each target neuron and a column for each source neuron, which a network turns
    into that vector. `biases` holds one vector per layer, as long as the layer (``neuron``) or one
    number (``layer``), and is empty without biases. Raises :class:`InputError` for what is no
    finite number.
    """

    inputs: tuple[Vector, ...]
    targets: tuple[Vector, ...]
    weights: tuple[Vector, ...]
    biases: tuple[Vector, ...] = ()

    def __post_init__(self) -> None:
        for key, value in vars(self).copy().items():
            given, where = _plain(value), f"numbers.{key}"
            example = key in ("inputs", "targets") and isinstance(given, list)
            if example and not any(map(_is_list, given)):
                found: tuple[Any, ...] = (_vector(given, where),)
            else:
                found = _vectors(given, where, key == "weights")
            object.__setattr__(self, key, found)


def finite(value: Any, where: str) -> float:
    """A finite number; :class:`InputError` that says `where` it stands."""
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not -MOST <= value <= MOST:
        raise InputError(f"{where}: expected a finite number: {value!r}")
    return float(value)


def _plain(value: Any) -> Any:
    """An array or a tuple as a list, a number of NumPy's as one of Python's, all else as it is."""
    value = value.tolist() if hasattr(value, "tolist") else value
    return list(value) if isinstance(value, tuple) else value


def _is_list(value: Any) -> bool:
    return isinstance(_plain(value), list)


def _vectors(given: Any, where: str, matrices: bool = False) -> tuple[Any, ...]:
    """A tuple of vectors; with `matrices` tuples of vectors may stand in it, too."""
    if not isinstance(given, list) or not all(map(_is_list, given)):
        raise InputError(f"{where}: expected a list of lists of numbers, one per layer: {given!r}")
    rows = enumerate(map(_plain, given))
    return tuple(_vector(row, f"{where}[{place}]", matrices) for place, row in rows)


def _vector(given: list[Any], where: str, matrices: bool = False) -> tuple[Any, ...]:
    if {*map(type, given)} == {float} and all(map(math.isfinite, given)):
        return tuple(given)
    if matrices and any(map(_is_list, given)):
        return _vectors(given, where)
    return tuple(finite(_plain(x), f"{where}[{place}]") for place, x in enumerate(given))
