"""The notation of Mazur's example: i_1, h_1, o_1 and weights w_1, w_2, … through the whole net."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar

from derive.notations.letters import Letters
from derive.notations.names import Index, Naming, lowered, running_number, with_running_number
from derive.notations.pen import LATEX, Pen
from derive.notations.symbols import matrix


class Numbered(Naming):
    """Names like ``i1``, ``net_h1``, ``w5``, ``b2``; see :class:`derive.notations.names.Naming`."""

    defaults: ClassVar = {**Letters.defaults, "bias": "b"}
    # Not i, which is the layer of the inputs.
    letters: ClassVar[tuple[str, str, str]] = ("j", "k", "k")

    def __init__(
        self,
        layers: tuple[int, ...],
        bias: str,
        names: Mapping[str, str] | None = None,
        pen: Pen = LATEX,
    ) -> None:
        super().__init__(layers, bias, names, pen)
        self._last = len(layers) - 1
        counts = [a * b for a, b in pairwise(layers)]
        self._before = [0, *(sum(counts[:k]) for k in range(len(counts)))]

    def layer(self, layer: int) -> str:
        if layer == 0:
            return "i"
        if layer == self._last:
            return "o"
        return "h" if self._last == 2 else f"h{layer}"

    def plain_neuron(self, layer: int, index: Index) -> str:
        name = self.layer(layer)
        return f"{name}_{index}" if len(name) > 1 else f"{name}{index}"

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem = self.symbols[kind].plain
        if kind == "weight":
            assert isinstance(index, int)
            assert isinstance(source, int)
            number = running_number(self._layers[layer - 1], index, source)
            return f"{stem}{self._before[layer] + number}"
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return f"{stem}{layer}"
        if kind == "out" and layer == 0:
            return f"i{index}"
        return f"{stem}_{self.plain_neuron(layer, index)}"

    def weight(self, name: str) -> tuple[int, int, int] | None:
        found = re.fullmatch(re.escape(self.symbols["weight"].plain) + "([0-9]{1,9})", name)
        if found is None or not (number := int(found[1])) > 0:
            return None
        layer = min(bisect_left(self._before, number, lo=1) - 1, self._last)
        sources = self._layers[layer - 1]
        return layer, *with_running_number(sources, number - self._before[layer])

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem, pen = self._stems[kind], self.pen
        if kind == "weight":
            assert source is not None
            if isinstance(index, int) and isinstance(source, int):
                number = running_number(self._layers[layer - 1], index, source)
                return pen.script(stem, str(self._before[layer] + number))
            return self._between(layer, index, source)
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return pen.script(stem, str(layer))
        if kind == "out" and layer == 0:
            return pen.script("i", str(index))
        name = self.layer(layer)
        if isinstance(index, int) and len(name) == 1:
            return pen.script(stem, pen.beside(name, index))
        return pen.script(stem, self.neuron(layer, index))

    def label(self, layer: int, index: int) -> str:
        return self.plain_neuron(layer, lowered(index)).replace("_", ".")

    def vector(self, kind: str, layer: int) -> str:
        pen = self.pen
        if kind == "weight":
            return matrix(self.symbols, pen, str(layer))
        if kind == "mask":
            return pen.script("M", str(layer))
        if kind == "bias" and self._bias == "layer":
            return self.typeset("bias", layer, 0)
        if kind == "out" and layer == 0:
            return pen.bold("i")
        return pen.bold(pen.script(self._stems[kind], pen.word(self.layer(layer))))

    def weight_rule(self, layer: int) -> str:
        sources, before = self._layers[layer - 1], self._before[layer]
        step = "k" if self._layers[layer] == 1 else f"{sources}(j - 1) + k"
        if sources == 1:
            step = "j"
        n = self.pen.script(self._stems["weight"], "n")
        return n + self.pen.between("with") + "n = " + (f"{before} + {step}" if before else step)
