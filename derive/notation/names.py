"""What a notation has to say about a fully connected network."""

from __future__ import annotations

from typing import Protocol

Index = int | str


class Naming(Protocol):
    """Plain names and LaTeX of quantities, by their place in the network.

    `kind` is one of ``out``, ``net``, ``target``, ``error``, ``delta``, ``weight``, ``bias``;
    `layer` counts from 0 (the inputs), neurons from 1. A weight leads from neuron `source` of the
    layer before to neuron `index`. In LaTeX an index may be a letter: out_{c_j}.
    """

    def __init__(self, layers: tuple[int, ...], bias: str) -> None: ...

    def plain(self, kind: str, layer: int, index: int, source: int | None = None) -> str:
        """The plain name, as in JSON and on the command line: ``w31``."""
        ...

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The same in LaTeX: ``w_{31}``."""
        ...

    def neuron(self, layer: int, index: Index) -> str:
        """The neuron itself in LaTeX: ``d_1``."""
        ...

    def vector(self, kind: str, layer: int) -> str:
        """All quantities of that kind in a layer, in LaTeX; for ``weight`` the matrix."""
        ...

    def layer(self, layer: int) -> str:
        """The layer's name in LaTeX: ``d``."""
        ...

    def weight_rule(self, layer: int) -> str:
        """How the weight from neuron i to neuron j of `layer` is numbered, in LaTeX."""
        ...


def running_number(sources: int, index: int, source: int) -> int:
    """The place of a weight in its layer of weights, target neuron by target neuron, from 1."""
    return (index - 1) * sources + source


def subscripted(stem: str, number: Index) -> str:
    """``d_1``, ``d_{10}``, ``d_j``."""
    text = str(number)
    return f"{stem}_{text}" if len(text) == 1 else f"{stem}_{{{text}}}"
