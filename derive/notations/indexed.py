r"""The notation of books: a^l_j, z^l_j, w^l_{jk}, δ^l_j; target first, the inputs are layer 1.

It is that of the four equations BP1 to BP4 in Nielsen, *Neural Networks and Deep Learning* (2015),
chapter 2: w^l_{jk} leads from neuron k of layer l − 1 to neuron j of layer l. The error keeps the
name that it has in the other notations: E_total is the sum of E_1, E_2, …
"""

from __future__ import annotations

import re
from typing import ClassVar

from derive.notations.names import Index, Naming, lowered, raised
from derive.notations.symbols import matrix


class Indexed(Naming):
    """Names like ``a2_1``, ``w2_1_3``, ``b2_1``; see :class:`derive.notations.names.Naming`."""

    defaults: ClassVar = {
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
    letters: ClassVar[tuple[str, str, str]] = ("j", "k", "k")
    by_layer: ClassVar[bool] = True

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

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        return self.typeset_at(kind, str(layer + 1), index, source)

    def typeset_at(self, kind: str, layer: str, index: Index, source: Index | None = None) -> str:
        """A quantity of a layer that is named as it is written: ``l + 1``."""
        stem, pen = self._stems[kind], self.pen
        if kind == "weight":
            comma = [","] if len(str(index)) > 1 or len(str(source)) > 1 else []
            return pen.script(stem, pen.beside(index, *comma, source or ""), layer)
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return pen.script(stem, "", layer)
        return pen.script(stem, str(index), "" if kind in ("target", "error") else layer)

    def neuron(self, layer: int, index: Index) -> str:
        # A neuron has no name of its own here; it goes by that of its output.
        return self.typeset("out", layer, index)

    def plain_neuron(self, layer: int, index: Index) -> str:
        return f"{self.symbols['out'].plain}{layer + 1}_{index}"

    def label(self, layer: int, index: int) -> str:
        return f"{self.symbols['out'].character}{raised(layer + 1)}{lowered(index)}"

    def vector(self, kind: str, layer: int) -> str:
        return self.vector_at(kind, str(layer + 1))

    def vector_at(self, kind: str, layer: str) -> str:
        """A vector or matrix of a layer that is named as it is written: ``l + 1``."""
        pen = self.pen
        if kind == "weight":
            return pen.script(matrix(self.symbols, pen), "", layer)
        if kind == "mask":
            return pen.script("M", "", layer)
        if kind == "bias" and self._bias == "layer":
            return self.typeset_at("bias", layer, 0)
        return pen.script(pen.bold(self._stems[kind]), "", "" if kind == "target" else layer)

    def layer(self, layer: int) -> str:
        return str(layer + 1)

    def weight_rule(self, layer: int) -> str:
        return self.typeset("weight", layer, "j", "k")
