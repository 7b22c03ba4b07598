"""The notation of Mazur's example: i_1, h_1, o_1 and weights w_1, w_2, … through the whole net."""

from __future__ import annotations

from itertools import pairwise

from derive.notation.names import Index, running_number, subscripted

_STEM = {"out": "out", "net": "net", "target": "target", "error": "E", "delta": "delta"}
# The index stands inside: Markdown takes an underscore behind a brace for emphasis.
_VECTOR = {
    "out": r"\mathbf{out_%s}",
    "net": r"\mathbf{net_%s}",
    "target": r"\mathbf{target_%s}",
    "delta": r"\boldsymbol{\delta_%s}",
    "bias": r"\mathbf{b_%s}",
}


class Numbered:
    """Names like ``i1``, ``net_h1``, ``w5``, ``b2``; see :class:`derive.notation.names.Naming`."""

    def __init__(self, layers: tuple[int, ...], bias: str) -> None:
        self._layers = layers
        self._bias = bias
        self._last = len(layers) - 1
        counts = [a * b for a, b in pairwise(layers)]
        self._before = [0, *(sum(counts[:k]) for k in range(len(counts)))]

    def _layer_name(self, layer: int) -> str:
        if layer == 0:
            return "i"
        if layer == self._last:
            return "o"
        return "h" if self._last == 2 else f"h{layer}"

    def _neuron_name(self, layer: int, index: Index) -> str:
        name = self._layer_name(layer)
        return f"{name}_{index}" if len(name) > 1 else f"{name}{index}"

    def plain(self, kind: str, layer: int, index: int, source: int | None = None) -> str:
        if kind == "weight":
            assert source is not None
            number = running_number(self._layers[layer - 1], index, source)
            return f"w{self._before[layer] + number}"
        if kind == "bias":
            if self._bias == "layer":
                return f"b{layer}"
            return f"b_{self._neuron_name(layer, index)}"
        if kind == "out" and layer == 0:
            return f"i{index}"
        return f"{_STEM[kind]}_{self._neuron_name(layer, index)}"

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        if kind == "weight":
            assert source is not None
            if isinstance(index, int) and isinstance(source, int):
                number = running_number(self._layers[layer - 1], index, source)
                return subscripted("w", self._before[layer] + number)
            return rf"w_{{{self.neuron(layer - 1, source)} \to {self.neuron(layer, index)}}}"
        if kind == "bias":
            if self._bias == "layer":
                return subscripted("b", layer)
            return f"b_{{{self._subscript(layer, index)}}}"
        if kind == "out" and layer == 0:
            return subscripted("i", index)
        stem = r"\delta" if kind == "delta" else _STEM[kind]
        return f"{stem}_{{{self._subscript(layer, index)}}}"

    def _subscript(self, layer: int, index: Index) -> str:
        name = self._layer_name(layer)
        if isinstance(index, int) and len(name) == 1:
            return f"{name}{index}"
        return subscripted(name, index)

    def neuron(self, layer: int, index: Index) -> str:
        return subscripted(self._layer_name(layer), index)

    def vector(self, kind: str, layer: int) -> str:
        if kind == "weight":
            return subscripted("W", layer)
        if kind == "bias" and self._bias == "layer":
            return subscripted("b", layer)
        if kind == "out" and layer == 0:
            return r"\mathbf{i}"
        name = self._layer_name(layer)
        return _VECTOR[kind] % (name if len(name) == 1 else f"{{{name}}}")

    def layer(self, layer: int) -> str:
        return self._layer_name(layer)

    def weight_rule(self, layer: int) -> str:
        sources, before = self._layers[layer - 1], self._before[layer]
        step = "i" if self._layers[layer] == 1 else f"{sources}(j - 1) + i"
        if sources == 1:
            step = "j"
        return r"w_n \text{ with } n = " + (f"{before} + {step}" if before else step)
