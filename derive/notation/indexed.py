r"""The notation of books: a^l_j, z^l_j, w^l_{jk}, δ^l_j; target first, the inputs are layer 1.

It is that of the four equations BP1 to BP4 in Nielsen, *Neural Networks and Deep Learning* (2015),
chapter 2: w^l_{jk} leads from neuron k of layer l − 1 to neuron j of layer l.
"""

from __future__ import annotations

from derive.notation.names import Index

_STEM = {"out": "a", "net": "z", "target": "y", "error": "C", "delta": "delta"}
_LATEX = {**_STEM, "delta": r"\delta"}
_VECTOR = {"out": "a", "net": "z", "target": "y"}


class Indexed:
    """Names like ``a2_1``, ``w2_1_3``, ``b2_1``; see :class:`derive.notation.names.Naming`."""

    def __init__(self, layers: tuple[int, ...], bias: str) -> None:
        self._layers = layers
        self._bias = bias

    def plain(self, kind: str, layer: int, index: int, source: int | None = None) -> str:
        if kind == "weight":
            return f"w{layer + 1}_{index}_{source}"
        if kind == "bias":
            return f"b{layer + 1}" + ("" if self._bias == "layer" else f"_{index}")
        if kind in ("target", "error"):
            return f"{_STEM[kind]}_{index}"
        return f"{_STEM[kind]}{layer + 1}_{index}"

    def latex(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        upper = _script(layer + 1)
        if kind == "weight":
            assert source is not None
            comma = "," if len(str(index)) > 1 or len(str(source)) > 1 else ""
            return f"w^{upper}_{{{index}{comma}{source}}}"
        if kind == "bias":
            return f"b^{upper}" + ("" if self._bias == "layer" else f"_{_script(index)}")
        if kind in ("target", "error"):
            return f"{_LATEX[kind]}_{_script(index)}"
        return f"{_LATEX[kind]}^{upper}_{_script(index)}"

    def neuron(self, layer: int, index: Index) -> str:
        return f"({layer + 1}, {index})"

    def vector(self, kind: str, layer: int) -> str:
        upper = _script(layer + 1)
        if kind == "weight":
            return f"W^{upper}"
        if kind == "delta":
            return rf"\boldsymbol{{\delta}}^{upper}"
        if kind == "bias":
            return f"b^{upper}" if self._bias == "layer" else rf"\mathbf{{b}}^{upper}"
        if kind == "target":
            return r"\mathbf{y}"
        return rf"\mathbf{{{_VECTOR[kind]}}}^{upper}"

    def layer(self, layer: int) -> str:
        return str(layer + 1)

    def weight_rule(self, layer: int) -> str:
        return self.latex("weight", layer, "j", "i")


def _script(text: Index) -> str:
    written = str(text)
    return written if len(written) == 1 else f"{{{written}}}"
