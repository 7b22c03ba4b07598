r"""The notation of books: a^l_j, z^l_j, w^l_{jk}, δ^l_j; target first, the inputs are layer 1.

It is that of the four equations BP1 to BP4 in Nielsen, *Neural Networks and Deep Learning* (2015),
chapter 2: w^l_{jk} leads from neuron k of layer l − 1 to neuron j of layer l. The error keeps the
name that it has in the other notations: E_total is the sum of E_1, E_2, …
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from derive.notations.names import Index, lowered, raised, script
from derive.notations.symbols import chosen, matrix

_DEFAULTS = {
    "out": "a",
    "net": "z",
    "target": "y",
    "error": "E",
    "delta": r"\delta",
    "weight": "w",
    "bias": "b",
    "E_total": "E_total",
    "sig": r"\sigma",
}


class Indexed:
    """Names like ``a2_1``, ``w2_1_3``, ``b2_1``; see :class:`derive.notations.names.Naming`."""

    letters: ClassVar[tuple[str, str, str]] = ("j", "k", "k")
    by_layer: ClassVar[bool] = True

    def __init__(
        self, layers: tuple[int, ...], bias: str, names: Mapping[str, str] | None = None
    ) -> None:
        self._layers = layers
        self._bias = bias
        self.symbols = chosen(_DEFAULTS, names or {})

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem = self.symbols[kind].plain
        if kind == "weight":
            return f"{stem}{layer + 1}_{index}_{source}"
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return f"{stem}{layer + 1}"
        if kind in ("target", "error"):
            return f"{stem}_{index}"
        return f"{stem}{layer + 1}_{index}"

    def weight(self, name: str) -> tuple[int, int, int] | None:
        stem = re.escape(self.symbols["weight"].plain)
        found = re.fullmatch(rf"{stem}([0-9]{{1,9}})_([0-9]{{1,9}})_([0-9]{{1,9}})", name)
        return None if found is None else (int(found[1]) - 1, int(found[2]), int(found[3]))

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        return self.latex_at(kind, str(layer + 1), index, source)

    def latex_at(self, kind: str, layer: str, index: Index, source: Index | None = None) -> str:
        """The LaTeX of a quantity of a layer that is named as it is written: ``l + 1``."""
        stem = self.symbols[kind].latex
        if kind == "weight":
            comma = "," if len(str(index)) > 1 or len(str(source)) > 1 else ""
            return _scripted(stem, f"{{{index}{comma}{source}}}", layer)
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return f"{stem}^{script(layer)}"
        if kind in ("target", "error"):
            return f"{stem}_{script(index)}"
        return _scripted(stem, script(index), layer)

    def neuron(self, layer: int, index: Index) -> str:
        # A neuron has no name of its own here; it goes by that of its output.
        return self.latex("out", layer, index)

    def plain_neuron(self, layer: int, index: Index) -> str:
        return f"{self.symbols['out'].plain}{layer + 1}_{index}"

    def label(self, layer: int, index: int) -> str:
        return f"{self.symbols['out'].character}{raised(layer + 1)}{lowered(index)}"

    def vector(self, kind: str, layer: int) -> str:
        return self.vector_at(kind, str(layer + 1))

    def vector_at(self, kind: str, layer: str) -> str:
        """The LaTeX of a vector or matrix of a layer that is named as it is written: ``l + 1``."""
        if kind == "weight":
            return f"{matrix(self.symbols)}^{script(layer)}"
        if kind == "mask":
            return f"M^{script(layer)}"
        if kind == "target":
            return self.symbols["target"].bold()
        if kind == "bias" and self._bias == "layer":
            return self.latex_at("bias", layer, 0)
        return f"{self.symbols[kind].bold()}^{script(layer)}"

    def layer(self, layer: int) -> str:
        return str(layer + 1)

    def weight_rule(self, layer: int) -> str:
        return self.latex("weight", layer, "j", "k")


def _scripted(stem: str, below: str, above: str) -> str:
    """A symbol with both its indices."""
    # An underscore behind a brace begins emphasis in Markdown.
    if len(above) > 1:
        return f"{stem}_{below}^{script(above)}"
    return f"{stem}^{above}_{below}"
