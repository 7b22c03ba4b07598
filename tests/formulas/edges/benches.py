"""The networks of the run, each as the checker knows it and as the oracle knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from derive import Model
from derive.networks.network import Network as Read
from derive.networks.shipped import SHIPPED
from tests.formulas.edges.equations import equations_file
from tests.formulas.edges.layers import indexed, layered, layers_file
from tests.formulas.edges.networks import Network
from tests.formulas.edges.oracle import Oracle

DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Bench:
    """One network; `model` is for the checker, `oracle` shares nothing with it."""

    name: str
    read: Callable[[], Read | str]
    known: Callable[[], Network]
    points: int | None = None

    @cached_property
    def model(self) -> Model:
        return Model.of(self.read())

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(self.known(), self.points)


def _shipped(name: str) -> Bench:
    return Bench(name, lambda: name, lambda: equations_file(SHIPPED / f"{name}.eq"))


def _stated(name: str) -> Bench:
    return Bench(name, lambda: Read.read(name), lambda: layers_file(SHIPPED / f"{name}.toml"))


_ALL = (
    Bench("2-4-3-2", lambda: Read.read("2-4-3-2"), lambda: layered("2-4-3-2", [2, 4, 3, 2])),
    _stated("mazur"),
    _stated("xor"),
    Bench(
        "2-2-1 relu",
        lambda: Read.read("2-2-1", activation="relu"),
        lambda: layered("2-2-1 relu", [2, 2, 1], "relu"),
    ),
    Bench(
        "2-3-2 tanh",
        lambda: Read.read("2-3-2", activation="tanh", bias="neuron"),
        lambda: layered("2-3-2 tanh", [2, 3, 2], "tanh", "neuron"),
    ),
    Bench(
        "2-3-2 indexed",
        lambda: Read.read("2-3-2", notation="indexed", bias="neuron"),
        lambda: indexed("2-3-2 indexed", [2, 3, 2], bias=True),
    ),
    *map(
        _shipped, ("rnn", "lstm", "gru", "attention", "layernorm", "softmax", "residual", "conv1d")
    ),
    *map(_shipped, ("embedding", "autoencoder")),
)
BENCHES: Mapping[str, Bench] = {bench.name: bench for bench in _ALL}


@cache
def bench(name: str) -> Bench:
    """One of the networks, made once in each process."""
    return BENCHES[name]
