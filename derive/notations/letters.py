"""The notation of the notes: layers a, b, c, …; neurons c_1; weights w_{31} in running order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from derive.notations.names import (
    Index,
    lowered,
    running_number,
    script,
    subscripted,
    with_running_number,
)
from derive.notations.symbols import chosen, matrix

_DEFAULTS = {
    "out": "out",
    "net": "net",
    "target": "target",
    "error": "E",
    "delta": r"\delta",
    "weight": "w",
    "bias": "bias",
    "E_total": "E_total",
}


class Letters:
    """Names like ``out_c1``, ``w31``, ``bias_c1``; see :class:`derive.notations.names.Naming`."""

    letters: ClassVar[tuple[str, str, str]] = ("j", "i", "k")
    by_layer: ClassVar[bool] = False

    def __init__(
        self, layers: tuple[int, ...], bias: str, names: Mapping[str, str] | None = None
    ) -> None:
        self._layers = layers
        self._bias = bias
        self._letters = [_letter(layer) for layer in range(len(layers))]
        self.symbols = chosen(_DEFAULTS, names or {})

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
        return f"{stem}_{self._letters[layer]}" + ("" if shared else str(index))

    def weight(self, name: str) -> tuple[int, int, int] | None:
        stem = re.escape(self.symbols["weight"].plain)
        found = re.fullmatch(rf"{stem}(?:([0-9])([0-9])|([0-9]{{1,9}})_([0-9]{{1,9}}))", name)
        if found is None:
            return None
        layer, number = int(found[1] or found[3]), int(found[2] or found[4])
        if not 0 < layer < len(self._layers) or not number:
            return None
        return layer, *with_running_number(self._layers[layer - 1], number)

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        stem = self.symbols[kind].latex
        if kind == "weight":
            assert source is not None
            if isinstance(index, int) and isinstance(source, int):
                n = running_number(self._layers[layer - 1], index, source)
                comma = "" if layer < 10 and n < 10 else ","
                return f"{stem}_{{{layer}{comma}{n}}}"
            return rf"{stem}_{{{self.neuron(layer - 1, source)} \to {self.neuron(layer, index)}}}"
        if kind == "E_total":
            return stem
        if kind == "bias" and self._bias == "layer":
            return subscripted(stem, self._letters[layer])
        return f"{stem}_{{{self.neuron(layer, index)}}}"

    def neuron(self, layer: int, index: Index) -> str:
        return subscripted(self._letters[layer], index)

    def plain_neuron(self, layer: int, index: Index) -> str:
        return f"{self._letters[layer]}{index}"

    def label(self, layer: int, index: int) -> str:
        return f"{self._letters[layer]}{lowered(index)}"

    def vector(self, kind: str, layer: int) -> str:
        if kind == "weight":
            return matrix(self.symbols, f"_{script(layer)}")
        if kind == "mask":
            return f"M_{script(layer)}"
        if kind == "bias" and self._bias == "layer":
            return self.latex("bias", layer, 0)
        return self.symbols[kind].bold(f"_{script(self._letters[layer])}")

    def layer(self, layer: int) -> str:
        return self._letters[layer]

    def weight_rule(self, layer: int) -> str:
        sources = self._layers[layer - 1]
        comma = "," if layer >= 10 or sources * self._layers[layer] >= 10 else ""
        n = rf"{self.symbols['weight'].latex}_{{{layer}{comma}n}}"
        step = "n = i" if self._layers[layer] == 1 else f"n = {sources}(j - 1) + i"
        if sources == 1:
            step = "n = j"
        return rf"{n} \text{{ with }} {step}"


def _letter(layer: int) -> str:
    """The letters of a layer: a, b, …, z, aa, ab and so on."""
    text = ""
    layer += 1
    while layer:
        layer, digit = divmod(layer - 1, 26)
        text = chr(ord("a") + digit) + text
    return text
