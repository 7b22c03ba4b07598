r"""How authors write the names of a network in layers: eight ways, typed from their texts.

Nothing here knows the program's own tables. A name is a stem with the layer and indices behind it:
``a^{[2]}`` and 1 for Ng, ``h`` and 2, 1 for the rows of CS231n, ``o`` and 7 for Rumelhart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from tests.formulas.index_claims import Index, Named, Place

SIZES = (2, 3, 4, 2)
_BEFORE = (0, *accumulate(SIZES))


@dataclass(frozen=True, eq=False)
class Style:
    """One author's writing: what stands for which family, and where the layer stands."""

    notation: str
    error: str
    target: str
    stems: dict[str, str]
    """The letters of out, net, delta, weight and bias."""
    layer: str
    """How the layer stands above a stem, with {} for its number."""
    arrays: dict[str, str]
    """The letters of the vectors and matrices."""
    activation: str
    first: int = 0
    """The number of the layer of the inputs."""
    weights_out: bool = False
    """Whether weights and biases have the number of the layer that they lead out of."""
    rows: bool = False
    """Whether vectors are rows, and a weight's first index is where it comes from."""
    numbered: bool = False
    """Whether units are numbered through the whole network, and no name says its layer."""
    letters: str = "jik"

    def named(self, kind: str, layer: int, *units: Index) -> Named:
        """A quantity: its units are those that a weight leads to and comes from."""
        if kind == "error":
            return Named(self.error)
        if kind == "target":
            return Named(self.target, tuple(self._unit(u, layer) for u in units))
        if kind == "bias" and self.stems["bias"] == self.stems["weight"]:
            return Named(self._stem("weight", layer), (*units, Index("", 0)))
        at = [self._unit(u, layer - place) for place, u in enumerate(units)]
        if kind == "weight" and (self.rows or self.numbered):
            at.reverse()
        lead = (Index("", layer),) if self.rows else ()
        return Named(self._stem(kind, layer), (*lead, *at))

    def place(self, kind: str, layer: int, *units: int) -> Place:
        """Where its value is found."""
        return self.named(kind, layer, *(Index("", u) for u in units)).place({})

    def array(self, kind: str, layer: int) -> str:
        """A vector or matrix."""
        stem = self.arrays[kind]
        if kind == "target":
            return stem
        if self.rows:
            return f"{stem}_{layer}"
        beside = "_0" if kind == "bias" and self.stems["bias"] == self.stems["weight"] else ""
        return stem + beside + self._above(kind, layer)

    def _stem(self, kind: str, layer: int) -> str:
        if self.rows or self.numbered:
            return self.stems[kind]
        return self.stems[kind] + self._above(kind, layer)

    def _above(self, kind: str, layer: int) -> str:
        before = self.weights_out and kind in ("weight", "bias")
        return self.layer.format(layer + self.first - before)

    def _unit(self, unit: Index, layer: int) -> Index:
        if not self.numbered or unit.letter:
            return unit
        return Index("", unit.offset + _BEFORE[layer])


def _kinds(out: str, net: str, delta: str, weight: str, bias: str) -> dict[str, str]:
    return {"out": out, "net": net, "delta": delta, "weight": weight, "bias": bias}


def _bold(letters: dict[str, str], target: str) -> dict[str, str]:
    weight = {"weight": letters["weight"].upper()}
    return {
        kind: rf"\{'boldsymbol' if s[0] == chr(92) else 'mathbf'}{{{s}}}"
        for kind, s in {**letters, **weight, "target": target}.items()
    }


_INDEXED = _kinds("a", "z", r"\delta", "w", "b")
_BISHOP = _kinds("z", "a", r"\delta", "w", "w")
_GOODFELLOW = _kinds("h", "a", "g", "W", "b")
_D2L = _kinds("h", "z", r"\delta", "w", "b")
STYLES = (
    Style("indexed", "E_{total}", "y", _INDEXED, "^{{{}}}",
          {**_INDEXED, "weight": "W", "target": "y"}, r"\sigma", first=1),
    Style("ng", "J", "y", _kinds("a", "z", "dz", "w", "b"), "^{{[{}]}}",
          {**_kinds("a", "z", "dz", "W", "b"), "target": "y"}, "g"),
    Style("ufldl", "J", "y", _kinds("a", "z", r"\delta", "W", "b"), "^{{({})}}",
          {**_kinds("a", "z", r"\delta", "W", "b"), "target": "y"}, "f", first=1, weights_out=True),
    Style("bishop", "E_n", "t", _BISHOP, "^{{({})}}", _bold(_BISHOP, "t"), "h"),
    Style("goodfellow", "J", "y", _GOODFELLOW, "^{{({})}}", _bold(_GOODFELLOW, "y"), "f",
          letters="jim"),
    Style("rumelhart", "E", "t", _kinds("o", "net", r"\delta", "w", "b"), "", {}, r"\varphi",
          numbered=True),
    Style("cs231n", "L", "y", _kinds("h", "z", "dz", "W", "b"), "",
          {**_kinds("h", "z", "dz", "W", "b"), "target": "y"}, "f", rows=True),
    Style("d2l", "J", "y", _D2L, "^{{({})}}", _bold(_D2L, "y"), r"\phi"),
)  # fmt: skip
