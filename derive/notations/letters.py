"""The notation of the notes: layers a, b, c, …; neurons c_1; weights w_{31} in running order."""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from derive.notations.names import Index, Naming, lowered, running_number, with_running_number
from derive.notations.symbols import matrix


class Letters(Naming):
    """Names like ``out_c1``, ``w31``, ``bias_c1``; see :class:`derive.notations.names.Naming`."""

    defaults: ClassVar = {
        "out": "out",
        "net": "net",
        "target": "target",
        "error": "E",
        "delta": r"\delta",
        "weight": "w",
        "bias": "bias",
        "E_total": "E_total",
    }
    letters: ClassVar[tuple[str, str, str]] = ("j", "i", "k")

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem = self.symbols[kind].plain
        if kind == "weight":
            assert isinstance(index, int)
            assert isinstance(source, int)
            n = running_number(self._layers[layer - 1], index, source)
            return f"{stem}{layer}{n}" if layer < 10 and n < 10 else f"{stem}{layer}_{n}"
        if kind == "E_total":
            return stem
        shared = kind == "bias" and self._bias == "layer"
        return f"{stem}_{self.layer(layer)}" + ("" if shared else str(index))

    def weight(self, name: str) -> tuple[int, int, int] | None:
        stem = re.escape(self.symbols["weight"].plain)
        found = re.fullmatch(rf"{stem}(?:([0-9])([0-9])|([0-9]{{1,9}})_([0-9]{{1,9}}))", name)
        if found is None:
            return None
        layer, number = int(found[1] or found[3]), int(found[2] or found[4])
        if not 0 < layer < len(self._layers) or not number:
            return None
        return layer, *with_running_number(self._layers[layer - 1], number)

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem, pen = self._stems[kind], self.pen
        if kind == "weight":
            assert source is not None
            if isinstance(index, int) and isinstance(source, int):
                n = running_number(self._layers[layer - 1], index, source)
                comma = "" if layer < 10 and n < 10 else ","
                return pen.script(stem, f"{layer}{comma}{n}")
            return self._between(layer, index, source)
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return pen.script(stem, pen.word(self.layer(layer)))
        return pen.script(stem, self.neuron(layer, index))

    def plain_neuron(self, layer: int, index: Index) -> str:
        return f"{self.layer(layer)}{index}"

    def label(self, layer: int, index: int) -> str:
        return f"{self.layer(layer)}{lowered(index)}"

    def vector(self, kind: str, layer: int) -> str:
        pen = self.pen
        if kind == "weight":
            return matrix(self.symbols, pen, str(layer))
        if kind == "mask":
            return pen.script("M", str(layer))
        if kind == "bias" and self._bias == "layer":
            return self.typeset("bias", layer, 0)
        return pen.bold(pen.script(self._stems[kind], pen.word(self.layer(layer))))

    def layer(self, layer: int) -> str:
        return _letter(layer)

    def weight_rule(self, layer: int) -> str:
        sources, pen = self._layers[layer - 1], self.pen
        comma = "," if layer >= 10 or sources * self._layers[layer] >= 10 else ""
        n = pen.script(self._stems["weight"], pen.beside(f"{layer}{comma}", "n"))
        step = "n = i" if self._layers[layer] == 1 else f"n = {sources}(j - 1) + i"
        if sources == 1:
            step = "n = j"
        return n + pen.between("with") + step


@cache
def _letter(layer: int) -> str:
    """The letters of a layer: a, b, …, z, aa, ab and so on."""
    text = ""
    layer += 1
    while layer:
        layer, digit = divmod(layer - 1, 26)
        text = chr(ord("a") + digit) + text
    return text
