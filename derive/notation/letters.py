"""The notation of the notes: layers a, b, c, …; neurons c_1; weights w_{31} in running order."""

from __future__ import annotations

from derive.notation.names import Index, running_number, subscripted

_STEM = {"out": "out", "net": "net", "target": "target", "error": "E", "delta": "delta"}
_LATEX = {**_STEM, "delta": r"\delta"}
# The index stands inside: Markdown takes an underscore behind a brace for emphasis.
_VECTOR = {
    "out": r"\mathbf{out_%s}",
    "net": r"\mathbf{net_%s}",
    "target": r"\mathbf{target_%s}",
    "delta": r"\boldsymbol{\delta_%s}",
    "bias": r"\mathbf{bias_%s}",
}


class Letters:
    """Names like ``out_c1``, ``w31``, ``bias_c1``; see :class:`derive.notation.names.Naming`."""

    def __init__(self, layers: tuple[int, ...], bias: str) -> None:
        self._layers = layers
        self._bias = bias
        self._letters = [_letter(layer) for layer in range(len(layers))]

    def plain(self, kind: str, layer: int, index: int, source: int | None = None) -> str:
        if kind == "weight":
            assert source is not None
            n = running_number(self._layers[layer - 1], index, source)
            return f"w{layer}{n}" if layer < 10 and n < 10 else f"w{layer}_{n}"
        if kind == "bias":
            return f"bias_{self._letters[layer]}" + ("" if self._bias == "layer" else str(index))
        return f"{_STEM[kind]}_{self._letters[layer]}{index}"

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        if kind == "weight":
            assert source is not None
            if isinstance(index, int) and isinstance(source, int):
                n = running_number(self._layers[layer - 1], index, source)
                return f"w_{{{layer}{n}}}" if layer < 10 and n < 10 else f"w_{{{layer},{n}}}"
            return rf"w_{{{self.neuron(layer - 1, source)} \to {self.neuron(layer, index)}}}"
        if kind == "bias" and self._bias == "layer":
            return f"bias_{self._letters[layer]}"
        stem = "bias" if kind == "bias" else _LATEX[kind]
        return f"{stem}_{{{self.neuron(layer, index)}}}"

    def neuron(self, layer: int, index: Index) -> str:
        return subscripted(self._letters[layer], index)

    def vector(self, kind: str, layer: int) -> str:
        if kind == "weight":
            return f"W_{layer}" if layer < 10 else f"W_{{{layer}}}"
        if kind == "bias" and self._bias == "layer":
            return f"bias_{self._letters[layer]}"
        return _VECTOR[kind] % self._letters[layer]

    def layer(self, layer: int) -> str:
        return self._letters[layer]

    def weight_rule(self, layer: int) -> str:
        sources = self._layers[layer - 1]
        comma = "," if layer >= 10 or sources * self._layers[layer] >= 10 else ""
        n = rf"w_{{{layer}{comma}n}}"
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
