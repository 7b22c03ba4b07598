"""The names of a fully connected network's quantities, as a table of a notation states them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate, pairwise

from derive.notations.pen import LATEX, Pen
from derive.notations.symbols import Symbol
from derive.notations.table import MARKS, Notation, Pattern

Index = int | str

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OFFSET = re.compile(r"([A-Za-z])([+-][0-9]+)?")
_PARAMETERS = ("weight", "bias", "shared", "matrix", "mask")


class Naming:
    """Plain names of quantities by their place in the network, and how a pen sets them.

    `kind` is one of ``out``, ``net``, ``target``, ``error``, ``E_total``, ``delta``, ``weight``,
    ``bias``; `layer` counts from 0 (the inputs), neurons from 1. A weight leads from neuron
    `source` of the layer before to neuron `index`. Where a name is set an index may be a letter:
    out_{c_j}. `names` are the symbols that a user renamed, by their kind; activations by their
    symbol.
    """

    def __init__(
        self,
        table: Notation,
        layers: tuple[int, ...],
        bias: str,
        names: Mapping[str, str] | None = None,
        pen: Pen = LATEX,
    ) -> None:
        self.table = table
        self.letters = table.letters
        self.by_layer = table.by_layer
        self._layers = layers
        self._bias = bias
        self._names = names or {}
        self.pen = pen
        self._last = len(layers) - 1
        counts = [a * b for a, b in pairwise(layers)]
        self._weights_before = [0, 0, *accumulate(counts)]
        self._units_before = [0, *accumulate(layers)] if table.units == "network" else None
        self.symbols: dict[str, Symbol] = {
            kind: found.symbol for kind, found in table.written.items() if found.symbol
        }
        own = {**dict(table.functions), **self._names}
        self.symbols |= {kind: Symbol.of(written) for kind, written in own.items()}
        self.symbols["shared"] = self.symbols["bias"]

    def with_pen(self, pen: Pen) -> Naming:
        """The same names, set with another pen."""
        if pen is self.pen:
            return self
        return type(self)(self.table, self._layers, self._bias, self._names, pen)

    # What a pattern's marks stand for.

    def _pattern(self, kind: str, layer: int) -> tuple[str, Pattern]:
        """How a quantity of a layer is written: its kind in the table, and its pattern."""
        written = self.table.written
        if kind == "out" and layer == 0 and "input" in written:
            return "input", written["input"]
        if kind == "bias" and self._bias == "layer":
            found = written.get("shared") or _alone(written["bias"], self.letters)
            return "shared", found
        return kind, written[kind]

    def number(self, kind: str, layer: int) -> int:
        """The number of the layer that such a quantity carries in its name."""
        out_of = self.table.weights == "out of" and kind in _PARAMETERS
        return layer + self.table.first - out_of

    def layer_of(self, kind: str, number: int) -> int:
        """The layer, counted from 0, of a quantity that carries this number in its name."""
        return number - self.number(kind, 0)

    def _unit(self, layer: int, index: Index) -> Index:
        """A neuron's number as it is written."""
        if self._units_before is None or isinstance(index, str):
            return index
        return self._units_before[layer] + index

    def running_number(self, layer: int, index: int, source: int) -> int:
        """The place of a weight in its layer of weights, target neuron by target neuron, from 1."""
        return (index - 1) * self._layers[layer - 1] + source

    def raises(self, kind: str) -> bool:
        """Whether the name of such a quantity has an upper index."""
        kind = {"neuron": "out", "mask": "matrix"}.get(kind, kind)
        return kind in self.table.written and bool(self.table.written[kind].above)

    # Plain names.

    def plain(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The plain name, as in JSON and on the command line: ``w31``.

        A weight has one for numbers only, except where its name says the neurons: ``w3_j_k``.
        """
        kind, pattern = self._pattern(kind, layer)
        stem = self.symbols[kind].plain if pattern.symbol else ""
        number = self.number(kind, layer)
        name = stem
        for mark in pattern.marks:
            match MARKS.get(mark, mark):
                case "neuron":
                    name += f"_{self.plain_neuron(layer, index)}" if stem else ""
                    name = name or self.plain_neuron(layer, index)
                case "name":
                    name += f"_{self.layer(layer)}"
                case "number":
                    assert isinstance(index, int)
                    assert isinstance(source, int)
                    name += self._plain_running(mark, layer, index, source)
                case self.table.layer:
                    name += str(number)
                case _ if mark == self.letters[0]:
                    name += f"_{self._unit(layer, index)}"
                case _ if mark == self.letters[1]:
                    name += f"_{self._unit(layer - 1, source or 0)}"
        return name

    def _plain_running(self, mark: str, layer: int, index: int, source: int) -> str:
        n = self.running_number(layer, index, source)
        if mark == "N":
            return str(self._weights_before[layer] + n)
        if mark == "n":
            return str(n)
        return f"{layer}{n}" if layer < 10 and n < 10 else f"{layer}_{n}"

    def weight(self, name: str) -> tuple[int, int, int] | None:
        """The layer, the index and the source of the weight that a plain name may be that of."""
        stem = self.symbols["weight"].plain
        if not name.startswith(stem):
            return None
        numbers, marks = name.removeprefix(stem), self.table.written["weight"].marks
        if "N" in marks or "ln" in marks:
            return self._with_running(numbers, "N" in marks)
        found = re.fullmatch(r"([0-9]{0,9})_([0-9]{1,9})_([0-9]{1,9})", numbers)
        if found is None or bool(found[1]) != (self.table.layer in marks):
            return None
        index, source = int(found[2]), int(found[3])
        if marks.index(self.letters[0]) > marks.index(self.letters[1]):
            index, source = source, index
        if self._units_before is not None:
            layer = bisect_left(self._units_before, index) - 1
            before = self._units_before
            return (layer, index - before[layer], source - before[layer - 1]) if layer > 0 else None
        if not found[1]:
            return None
        return self.layer_of("weight", int(found[1])), index, source

    def _with_running(self, numbers: str, whole: bool) -> tuple[int, int, int] | None:
        """The weight with a running number, through the network or behind that of its layer."""
        found = re.fullmatch(r"([0-9]{1,9})(?:_([0-9]{1,9}))?", numbers)
        if found is None or (whole and found[2]) or not (whole or found[2] or len(numbers) == 2):
            return None
        if whole:
            number = int(numbers)
            layer = min(bisect_left(self._weights_before, number, lo=2) - 1, self._last)
            number -= self._weights_before[layer]
        else:
            layer, number = (
                (int(found[1]), int(found[2])) if found[2] else (int(numbers[0]), int(numbers[1]))
            )
        if not 0 < layer < len(self._layers) or number < 1:
            return None
        index, source = divmod(number - 1, self._layers[layer - 1])
        return layer, index + 1, source + 1

    def plain_neuron(self, layer: int, index: Index) -> str:
        """The neuron itself in plain text: ``d1``; it may go by the name of its output."""
        if self.table.layers == "numbers":
            return self.plain("out", layer, index)
        name = self.layer(layer)
        return f"{name}_{index}" if name[-1].isdigit() else f"{name}{index}"

    def label(self, layer: int, index: int) -> str:
        """The neuron in a picture without mathematics: ``d₁``."""
        if self.table.layers != "numbers":
            return self.plain_neuron(layer, lowered(index)).replace("_", ".")
        kind, pattern = self._pattern("out", layer)
        number, unit = self.number(kind, layer), lowered(self._unit(layer, index))
        above = raised(number) if self.table.layer in pattern.above else ""
        below = f"{lowered(number)}," if self.table.layer in pattern.below else ""
        return f"{self.symbols[kind].character}{above}{below}{unit}"

    def layer(self, layer: int) -> str:
        """The layer's name: ``d``, or its number."""
        if self.table.layers == "a, b, c":
            return _letter(layer)
        if self.table.layers == "numbers":
            return str(layer + self.table.first)
        if layer == 0:
            return "i"
        if layer == self._last:
            return "o"
        return "h" if self._last == 2 else f"h{layer}"

    # Names as a pen sets them.

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The same as the pen sets it: ``w_{31}``."""
        kind, pattern = self._pattern(kind, layer)
        letters = isinstance(index, str) or isinstance(source, str)
        if kind == "weight" and letters and self.table.running:
            assert source is not None
            ends = (self.neuron(layer - 1, source), self.pen.arrow, self.neuron(layer, index))
            return self.pen.script(self._stem(kind), " ".join(ends))

        def mark(sign: str) -> str:
            match MARKS.get(sign):
                case "neuron":
                    return self._neuron(sign, layer, index)
                case "name":
                    return self.pen.word(self.layer(layer))
                case "number":
                    assert isinstance(index, int)
                    assert isinstance(source, int)
                    return self._plain_running(sign, layer, index, source).replace("_", ",")
            if sign == self.letters[0]:
                return str(self._unit(layer, index))
            return str(self._unit(layer - 1, source or 0)) if sign == self.letters[1] else sign

        return self._set(kind, pattern, str(self.number(kind, layer)), mark)

    def typeset_at(self, kind: str, layer: str, index: Index, source: Index | None = None) -> str:
        """A quantity of a layer that is named as it is written: ``l+1``."""
        pattern = self._pattern(kind, self._last)[1]
        marks = {self.letters[0]: str(index), self.letters[1]: str(source)}
        return self._set(kind, pattern, self._shifted(kind, layer), lambda m: marks.get(m, m))

    def _set(
        self,
        kind: str,
        pattern: Pattern,
        number: str,
        mark: Callable[[str], str],
        bold: bool = False,
    ) -> str:
        """A pattern with its marks filled in; `number` is that of the layer."""
        base = self._stem(kind) if pattern.symbol else ""
        parts = []
        for marks in (pattern.below, pattern.above):
            shown = [number if sign == self.table.layer else mark(sign) for sign in marks]
            parts.append(self._beside(marks, shown))
        below, above = parts
        if not base:
            return below
        if bold:
            return self.pen.script(self.pen.bold(self.pen.script(base, below)), "", above)
        return self.pen.script(base, below, above)

    def _beside(self, marks: tuple[str, ...], shown: list[str]) -> str:
        """The parts of an index; a comma parts numbers that would run together."""
        if len(shown) < 2:
            return "".join(shown)
        parted: list[str] = []
        long = any(len(part) > 1 for part in shown)
        for place, part in enumerate(shown):
            both = place and marks[place][-1].isalpha() and marks[place - 1][-1].isalpha()
            parted += [",", part] if both and long else [part]
        brackets = set(marks) & set("[]()")
        return "".join(parted) if brackets else self.pen.beside(*parted)

    def _stem(self, kind: str) -> str:
        return self.symbols[kind].typeset(self.pen)

    def _shifted(self, kind: str, layer: str) -> str:
        """The number of a layer, given with letters, as such a quantity carries it: ``l-1``."""
        found = _OFFSET.fullmatch(layer)
        assert found is not None
        letter = {"l": self.table.layer, "L": self.table.last}[found[1]]
        offset = int(found[2] or 0) + self.number(kind, 0) - self.number("out", 0)
        return f"{letter}{offset:+d}" if offset else letter

    def neuron(self, layer: int, index: Index) -> str:
        """The neuron itself, typeset: ``d_1``; it may go by the name of its output."""
        if self.table.layers == "numbers":
            return self.typeset("out", layer, index)
        return self.pen.script(self.pen.word(self.layer(layer)), str(index))

    def _neuron(self, sign: str, layer: int, index: Index) -> str:
        """A neuron in an index, ``c_1`` or ``h1``."""
        name = self.layer(layer)
        if sign == "cj" and isinstance(index, int) and len(name) == 1:
            return self.pen.beside(name, index)
        return self.neuron(layer, index)

    def vector(self, kind: str, layer: int) -> str:
        """All quantities of that kind in a layer, typeset; for ``weight`` the matrix."""
        if kind == "bias" and self._bias == "layer":
            return self.typeset("bias", layer, 0)
        return self._array(kind, layer, str(self.number(kind, layer)))

    def vector_at(self, kind: str, layer: str) -> str:
        """A vector or matrix of a layer that is named as it is written: ``l+1``."""
        if kind == "bias" and self._bias == "layer":
            return self.typeset_at("bias", layer, 0)
        return self._array(kind, self._last, self._shifted(kind, layer))

    def _array(self, kind: str, layer: int, number: str) -> str:
        """A vector, or the matrix of the weights, of a layer with this number."""
        if kind in ("weight", "mask"):
            return self._matrix(kind, number)
        kind, pattern = self._pattern(kind, layer)
        named = self.pen.word(self.layer(layer))
        if pattern.symbol is None:
            return self.pen.bold(named)
        bold = self.table.vectors == "bold"
        return self._set(
            kind, _alone(pattern, self.letters), number, lambda m: named if m == "c" else m, bold
        )

    def _matrix(self, kind: str, number: str) -> str:
        """The matrix of weights: the table's; of a renamed weight the capital letter, or bold."""
        matrix = self.table.written["matrix"]
        weight = self.symbols["weight"]
        taken = {s.stem for kind, s in self.symbols.items() if kind not in ("matrix", "shared")}
        base = self.symbols["matrix"].typeset(self.pen)
        letter = weight.plain
        bold = False
        if kind == "mask":
            base = "M"
        elif "weight" in self._names:
            bold = not (len(letter) == 1 and letter.islower() and letter.upper() not in taken)
            base = weight.typeset(self.pen) if bold else letter.upper()
        return self._set_matrix(matrix, base, number, bold)

    def _set_matrix(self, matrix: Pattern, base: str, number: str, bold: bool) -> str:
        def part(marks: tuple[str, ...]) -> str:
            return "".join(number if sign == self.table.layer else sign for sign in marks)

        below, above = part(matrix.below), part(matrix.above)
        if bold:
            return self.pen.script(self.pen.bold(self.pen.script(base, below)), "", above)
        return self.pen.script(base, below, above)

    def weight_rule(self, layer: int) -> str:
        """How the weight between two neurons with index letters is numbered, typeset."""
        j, i, _ = self.letters
        if not self.table.running:
            return self.typeset("weight", layer, j, i)
        sources, targets = self._layers[layer - 1 : layer + 1]
        whole = "N" in self.table.written["weight"].marks
        comma = "," if layer >= 10 or sources * targets >= 10 else ""
        below = "n" if whole else self.pen.beside(f"{layer}{comma}", "n")
        before = self._weights_before[layer] if whole else 0
        step = i if targets == 1 else f"{sources}({j} - 1) + {i}"
        step = j if sources == 1 else step
        n = self.pen.script(self._stem("weight"), below)
        return n + self.pen.between("with") + "n = " + (f"{before} + {step}" if before else step)


def _alone(pattern: Pattern, letters: tuple[str, str, str]) -> Pattern:
    """A pattern without the index of a neuron: that of a whole layer."""

    def without(marks: tuple[str, ...]) -> tuple[str, ...]:
        kept = ["c" if MARKS.get(mark) == "neuron" else mark for mark in marks]
        kept = [mark for mark in kept if mark not in letters[:2]]
        while kept and kept[-1] == ",":
            kept.pop()
        return tuple(kept)

    return Pattern(pattern.symbol, without(pattern.below), without(pattern.above))


@cache
def _letter(layer: int) -> str:
    """The letters of a layer: a, b, …, z, aa, ab and so on."""
    text = ""
    layer += 1
    while layer:
        layer, digit = divmod(layer - 1, 26)
        text = chr(ord("a") + digit) + text
    return text


def lowered(number: Index) -> str:
    """A number in small digits below the line: ₁₂."""
    return str(number).translate(_LOWERED)


def raised(number: Index) -> str:
    """A number in small digits above the line: ¹²."""
    return str(number).translate(_RAISED)
