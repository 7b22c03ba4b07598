r"""The letters of layers as letters of their units: the o of Σ_o δ_o, and the h and o of w_{ho}."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from derive.checking.keys import INDEX_LETTERS, with_character
from derive.formula import Neuron
from derive.notations.names import Naming

_COUNTED = re.compile(r"(?:\\sum\s*(?:\\(?:no)?limits\s*)?|[Σ∑])\s*_\s*\{?\s*([a-z])(?![A-Za-z])")
_UNIT = re.compile(r"(?<![A-Za-z\\])([a-z])_?\{?([0-9]+)")
_WEIGHT = re.compile(r"([a-z])_?([0-9]*)[,→]?([a-z])_?([0-9]*)")
_ANY_UNIT = re.compile(r"_\s*\{?\s*([a-z])_?\{?([a-z])(?![A-Za-z0-9])")
_LETTER = re.compile(r"_\s*\{?\s*([a-z])(?![A-Za-z0-9])")
_UNIT_OF = r"([a-z])(?:_?\{?[0-9]+\}?)?"
_TWO = rf"{_UNIT_OF}(?:[\s,]|\\to|\\,)*{_UNIT_OF}"
_PAIR = re.compile(rf"_\s*\{{?\s*{_TWO}\s*(?:\}}|(?![A-Za-z0-9]))")
_OF_ARRAYS = re.compile(
    r"\\(?:odot|circ|top|intercal|nabla|mathbf|boldsymbol|bm|vec|lVert|Vert|\|)|[⊙∘⊤∇‖]|W|T|\\begin"
    r"|softmax|max|diag"
)
"""What is written of whole layers, and of no single unit."""


class UnitLetters:
    """What the letters of layers stand for in one text after the other."""

    def __init__(self, names: Naming) -> None:
        self._names = names
        self._free: frozenset[str] = frozenset()
        """Letters that stand for any unit of their layer."""
        self._named: dict[str, set[str]] = {}
        """The numbers of the units that a text names, by the letter of their layer."""

    def count(self, text: str) -> None:
        """Take what a text counts, and whose units it speaks of by the letter of their layer.

        Such a letter stands on the left side. Where no weight between two such shows that it is
        one, it stands there again, and nothing does that is said of whole layers.
        """
        layers = self._layers
        self._free, self._named = frozenset(), {}
        if not layers:
            return
        for letter, number in (*_UNIT.findall(text), *_ANY_UNIT.findall(text)):
            if number.isdigit() or (number in INDEX_LETTERS and number not in layers):
                self._named.setdefault(letter, set()).add(number)
        pairs = [pair for pair in _PAIR.findall(text) if layers.keys() >= {*pair}]
        between = {letter for pair in pairs for letter in pair}
        left = text.partition("=")[0]
        often = Counter(_letters(text))
        single = {x for x in _letters(left) if often[x] > 1 or x in between}
        known = layers.keys() if _OF_ARRAYS.search(text) is None else between
        free = {x for x in single & known if x not in self._named} | {*_COUNTED.findall(text)}
        self._free = frozenset((free & layers.keys()) - ({*INDEX_LETTERS} - between))

    @cached_property
    def _layers(self) -> dict[str, int]:
        """The layers by their letters."""
        counts = () if self._names.by_layer else range(self._names.last + 1)
        called = {self._names.layer(layer): layer for layer in counts}
        return {letter: layer for letter, layer in called.items() if letter.isalpha()}

    def find(self, key: str) -> Neuron | None:
        """The quantity of any unit of a layer, δ_o, or the weight between two such; or nothing.

        The w_{ho} of a text whose only unit of layer h is h1 leads from that to each of layer o.
        """
        stem, _, index = with_character(key).partition("_")
        symbols = self._names.symbols
        if stem == symbols["weight"].stem and (ends := _WEIGHT.fullmatch(index)) is not None:
            return self._between((ends[1], ends[2]), (ends[3], ends[4]))
        layer = self._layers.get(index)
        if layer is None or index not in self._free:
            return None
        kinds = ["out", *(("net", "delta") if layer else ())]
        kinds += ["bias"] if layer and self._names.bias == "neuron" else []
        kinds += ["target", "error"] if layer == self._names.last else []
        kind = next((kind for kind in kinds if symbols[kind].stem == stem), None)
        if kind is None and not layer and stem == index:
            kind = "out"
        return Neuron(kind, layer, index) if kind is not None else None

    def _between(self, *ends: tuple[str, str]) -> Neuron | None:
        """The weight between the units of two layers, each with the letter and perhaps a number."""
        placed = sorted((self._layers.get(letter, -2), letter, number) for letter, number in ends)
        (below, *source), (above, *target) = placed
        units = [self._unit(*target), self._unit(*source)]
        if above != below + 1 or "" in units:
            return None
        return Neuron("weight", above, *(int(u) if u.isdigit() else u for u in units))

    def _unit(self, letter: str, number: str) -> str:
        """The number of a unit, of the only one of its layer, or its letter; or nothing."""
        named = self._named.get(letter, set())
        alone = next((n for n in named if n.isdigit()), "") if len(named) == 1 else ""
        return number or (letter if letter in self._free else alone)


def _letters(text: str) -> list[str]:
    """The letters that are indices by themselves, or two of them together."""
    return [*_LETTER.findall(text), *(x for pair in _PAIR.findall(text) for x in pair)]
