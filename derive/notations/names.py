"""What a notation has to say about a fully connected network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from derive.notations.pen import LATEX, Pen
from derive.notations.symbols import Symbol, chosen

Index = int | str

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Naming:
    """Plain names of quantities by their place in the network, and how a pen sets them.

    `kind` is one of ``out``, ``net``, ``target``, ``error``, ``E_total``, ``delta``, ``weight``,
    ``bias``; `layer` counts from 0 (the inputs), neurons from 1. A weight leads from neuron
    `source` of the layer before to neuron `index`. Where a name is set an index may be a letter:
    out_{c_j}. `names` are the symbols that a user renamed, by their kind; activations by their
    symbol.
    """

    defaults: ClassVar[Mapping[str, str]]
    """The symbols by kind, where the user does not rename them."""
    letters: ClassVar[tuple[str, str, str]]
    """The index letters of a neuron, of one in the layer before, and of one in the layer after."""
    by_layer: ClassVar[bool] = False
    """Whether rules are written as BP1 to BP4 are: once for all layers, for layer l."""

    def __init__(
        self,
        layers: tuple[int, ...],
        bias: str,
        names: Mapping[str, str] | None = None,
        pen: Pen = LATEX,
    ) -> None:
        self._layers = layers
        self._bias = bias
        self._names = names
        self.pen = pen
        self.symbols: dict[str, Symbol] = chosen(self.defaults, names or {})
        self._stems = {kind: symbol.typeset(pen) for kind, symbol in self.symbols.items()}

    def with_pen(self, pen: Pen) -> Naming:
        """The same names, set with another pen."""
        if pen is self.pen:
            return self
        return type(self)(self._layers, self._bias, self._names, pen)

    def raises(self, kind: str) -> bool:
        """Whether the name of such a quantity has an upper index, that of its layer."""
        return self.by_layer and kind not in ("target", "error", "E_total")

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The plain name, as in JSON and on the command line: ``w31``.

        A weight has one for numbers only, except where its name says the neurons: ``w3_j_k``.
        """
        raise NotImplementedError

    def weight(self, name: str) -> tuple[int, int, int] | None:
        """The layer, the index and the source of the weight that a plain name may be that of."""
        raise NotImplementedError

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The same as the pen sets it: ``w_{31}``."""
        raise NotImplementedError

    def neuron(self, layer: int, index: Index) -> str:
        """The neuron itself, typeset: ``d_1``."""
        return self.pen.script(self.pen.word(self.layer(layer)), str(index))

    def plain_neuron(self, layer: int, index: Index) -> str:
        """The neuron itself in plain text: ``d1``."""
        raise NotImplementedError

    def label(self, layer: int, index: int) -> str:
        """The neuron in a picture without mathematics: ``d₁``."""
        raise NotImplementedError

    def vector(self, kind: str, layer: int) -> str:
        """All quantities of that kind in a layer, typeset; for ``weight`` the matrix."""
        raise NotImplementedError

    def layer(self, layer: int) -> str:
        """The layer's name: ``d``."""
        raise NotImplementedError

    def weight_rule(self, layer: int) -> str:
        """How the weight between two neurons with index letters is numbered, typeset."""
        raise NotImplementedError

    def _between(self, layer: int, index: Index, source: Index) -> str:
        """The weight between two neurons with index letters: w_{c_i → d_j}."""
        ends = (self.neuron(layer - 1, source), self.pen.arrow, self.neuron(layer, index))
        return self.pen.script(self._stems["weight"], " ".join(ends))


def running_number(sources: int, index: int, source: int) -> int:
    """The place of a weight in its layer of weights, target neuron by target neuron, from 1."""
    return (index - 1) * sources + source


def with_running_number(sources: int, number: int) -> tuple[int, int]:
    """The index and the source of the weight that has this place in its layer of weights."""
    index, source = divmod(number - 1, sources)
    return index + 1, source + 1


def lowered(number: Index) -> str:
    """A number in small digits below the line: ₁₂."""
    return str(number).translate(_LOWERED)


def raised(number: Index) -> str:
    """A number in small digits above the line: ¹²."""
    return str(number).translate(_RAISED)
