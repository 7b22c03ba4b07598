"""What a notation has to say about a fully connected network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from derive.notations.symbols import Symbol

Index = int | str

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Naming(Protocol):
    """Plain names and LaTeX of quantities, by their place in the network.

    `kind` is one of ``out``, ``net``, ``target``, ``error``, ``E_total``, ``delta``, ``weight``,
    ``bias``; `layer` counts from 0 (the inputs), neurons from 1. A weight leads from neuron
    `source` of the layer before to neuron `index`. In LaTeX an index may be a letter: out_{c_j}.
    `names` are the symbols that a user renamed, by their kind; activations by their symbol.
    """

    letters: ClassVar[tuple[str, str, str]]
    """The index letters of a neuron, of one in the layer before, and of one in the layer after."""
    by_layer: ClassVar[bool]
    """Whether rules are written as BP1 to BP4 are: once for all layers, for layer l."""
    symbols: dict[str, Symbol]
    """The symbols by kind; of the activations those that are not written as in the table."""

    def __init__(
        self, layers: tuple[int, ...], bias: str, names: Mapping[str, str] | None = None
    ) -> None: ...

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The plain name, as in JSON and on the command line: ``w31``.

        A weight has one for numbers only, except where its name says the neurons: ``w3_j_k``.
        """
        ...

    def weight(self, name: str) -> tuple[int, int, int] | None:
        """The layer, the index and the source of the weight that a plain name may be that of."""
        ...

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The same in LaTeX: ``w_{31}``."""
        ...

    def neuron(self, layer: int, index: Index) -> str:
        """The neuron itself in LaTeX: ``d_1``."""
        ...

    def plain_neuron(self, layer: int, index: Index) -> str:
        """The neuron itself in plain text: ``d1``."""
        ...

    def label(self, layer: int, index: int) -> str:
        """The neuron in a picture without LaTeX: ``d₁``."""
        ...

    def vector(self, kind: str, layer: int) -> str:
        """All quantities of that kind in a layer, in LaTeX; for ``weight`` the matrix."""
        ...

    def layer(self, layer: int) -> str:
        """The layer's name in LaTeX: ``d``."""
        ...

    def weight_rule(self, layer: int) -> str:
        """How the weight between two neurons with index letters is numbered, in LaTeX."""
        ...


def running_number(sources: int, index: int, source: int) -> int:
    """The place of a weight in its layer of weights, target neuron by target neuron, from 1."""
    return (index - 1) * sources + source


def with_running_number(sources: int, number: int) -> tuple[int, int]:
    """The index and the source of the weight that has this place in its layer of weights."""
    index, source = divmod(number - 1, sources)
    return index + 1, source + 1


def script(text: Index) -> str:
    """An index or exponent, in braces if it is longer than one character."""
    written = str(text)
    return written if len(written) == 1 else f"{{{written}}}"


def subscripted(stem: str, number: Index) -> str:
    """``d_1``, ``d_{10}``, ``d_j``."""
    return f"{stem}_{script(number)}"


def lowered(number: Index) -> str:
    """A number in small digits below the line: ₁₂."""
    return str(number).translate(_LOWERED)


def raised(number: Index) -> str:
    """A number in small digits above the line: ¹²."""
    return str(number).translate(_RAISED)
