"""The names of a fully connected network's quantities, as a table of a notation states them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import accumulate, pairwise

from derive.notations.pen import LATEX, Pen
from derive.notations.symbols import Symbol
from derive.notations.table import INDEX, LAYER, MARKS, SOURCE, Notation, Pattern
from derive.notations.whole import COUNTS, NO_MANNER, WHOLE, Manner, are_free, capital, letter_of

Index = int | str

_OFFSET = re.compile(r"([A-Za-z])([ ]?[+-][ ]?[0-9]+)?")
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
        self.bias = bias
        self._names = names or {}
        self.pen = pen
        self.last = len(layers) - 1
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
        return type(self)(self.table, self._layers, self.bias, self._names, pen)

    # What a pattern's marks stand for.

    def _pattern(self, kind: str, layer: int) -> tuple[str, Pattern]:
        """How a quantity of a layer is written: its kind in the table, and its pattern."""
        written = self.table.written
        if kind == "out" and layer == 0 and "input" in written:
            return "input", written["input"]
        if kind == "bias" and self.bias == "layer":
            found = written.get("shared") or written["bias"].alone()
            return "shared", found
        return kind, written[kind]

    def number(self, kind: str, layer: int) -> int:
        """The number of the layer that such a quantity carries in its name."""
        out_of = self.table.weights == "out of" and kind in _PARAMETERS
        return layer + self.table.first - out_of

    def layer_of(self, kind: str, number: int) -> int:
        """The layer, counted from 0, of a quantity that carries this number in its name."""
        return number - self.number(kind, 0)

    def unit(self, layer: int, index: Index) -> Index:
        """A neuron's number as it is written."""
        if self._units_before is None or isinstance(index, str):
            return index
        return self._units_before[layer] + index

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
                case mark if mark == LAYER:
                    name += str(number)
                case mark if mark == INDEX:
                    name += f"_{self.unit(layer, index)}"
                case mark if mark == SOURCE:
                    name += f"_{self.unit(layer - 1, source or 0)}"
        return name

    def _plain_running(self, mark: str, layer: int, index: int, source: int) -> str:
        # Target neuron by target neuron, from 1.
        n = (index - 1) * self._layers[layer - 1] + source
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
        if found is None or bool(found[1]) != (LAYER in marks):
            return None
        index, source = int(found[2]), int(found[3])
        if self.table.source_first:
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
            layer = min(bisect_left(self._weights_before, number, lo=2) - 1, self.last)
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

    def layer(self, layer: int) -> str:
        """The layer's name: ``d``, or its number."""
        if self.table.layers == "a, b, c":
            return letter_of(layer)
        if self.table.layers == "numbers":
            return str(layer + self.table.first)
        if layer == 0:
            return "i"
        if layer == self.last:
            return "o"
        return "h" if self.last == 2 else f"h{layer}"

    # Names as a pen sets them.

    def typeset(self, kind: str, layer: int, index: Index, source: Index | None = None) -> str:
        """The same as the pen sets it: ``w_{31}``."""
        return self._typeset(*self._pattern(kind, layer), layer, index, source)

    def others(self, kind: str, layer: int, index: Index, source: Index | None = None) -> list[str]:
        """Other names of a quantity, which are read and not written, typeset."""
        found = [*self._read(kind, layer), *(self._entries if kind == "weight" else ())]
        number, mark = str(self.number(kind, layer)), self._marking(layer, index, source)
        return [self._set("", pattern, number, mark) for pattern in found]

    @cached_property
    def _entries(self) -> list[Pattern]:
        return self.table.entries(self.symbols)

    def other_vectors(self, kind: str, layer: int) -> list[str]:
        """Other names of all quantities of that kind in a layer, typeset."""
        number = str(self.number(kind, layer))
        found = [pattern.alone() for pattern in self._read(kind, layer)]
        return [self._set("", pattern, number, lambda mark: mark) for pattern in found]

    def _read(self, kind: str, layer: int) -> list[Pattern]:
        meant = {kind}
        if kind == "out":
            meant |= {"input"} if layer == 0 else {"output"} if layer == self.last else set()
        return [pattern for key, pattern in self.table.read if key in meant]

    def _typeset(
        self, kind: str, pattern: Pattern, layer: int, index: Index, source: Index | None
    ) -> str:
        if kind == "weight" and self.table.running and str in (type(index), type(source)):
            assert source is not None
            ends = (self.neuron(layer - 1, source), self.pen.arrow, self.neuron(layer, index))
            return self.pen.script(self._base(kind)[0], " ".join(ends))
        number, mark = str(self.number(kind, layer)), self._marking(layer, index, source)
        return self._set(kind, pattern, number, mark)

    def _marking(self, layer: int, index: Index, source: Index | None) -> Callable[[str], str]:
        """What stands for each mark of a pattern in the name of a quantity of this layer."""

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
            if sign == INDEX:
                return str(self.unit(layer, index))
            return str(self.unit(layer - 1, source or 0)) if sign == SOURCE else sign

        return mark

    def typeset_at(self, kind: str, layer: str, index: Index, source: Index | None = None) -> str:
        """A quantity of a layer that is named as it is written: ``l+1``."""
        pattern = self._pattern(kind, self.last)[1]
        marks = {INDEX: str(index), SOURCE: str(source)}
        return self._set(kind, pattern, self._shifted(kind, layer), lambda m: marks.get(m, m))

    def _set(
        self,
        kind: str,
        pattern: Pattern,
        number: str,
        mark: Callable[[str], str],
        manner: Manner = NO_MANNER,
    ) -> str:
        """A pattern with its marks filled in; `number` is that of the layer."""
        below, above = (
            self._beside(marks, [number if sign == LAYER else mark(sign) for sign in marks])
            for marks in (pattern.below, pattern.above)
        )
        if pattern.symbol is None:
            return below
        base, bold = self._base(kind) if kind else (pattern.symbol.typeset(self.pen), False)
        if manner.batch:
            great = capital(kind, self.symbols.get(kind, pattern.symbol), self.table.gradient)
            base, bold = great.typeset(self.pen), False
        if manner.adjoint and self.table.gradient == "bar":
            base = self.pen.accented("bar", base)
        if manner.top:
            above = f"{above}{self.pen.gap}T"
        if bold and manner.whole:
            base, below = self.pen.bold(self.pen.script(base, below)), ""
        name = self.pen.script(base, below, above)
        signs = {"d": f"d{self.pen.gap}", "delta": f"{self.pen.greek('delta')} "}
        return signs.get(self.table.gradient, "") + name if manner.adjoint else name

    def _base(self, kind: str) -> tuple[str, bool]:
        """The symbol of a kind, and whether it is bold where it stands for a whole layer.

        The matrix of renamed weights has their capital letter, where that is free.
        """
        if kind == "mask":
            return "M", False
        if kind != "matrix" or "weight" not in self._names:
            vector = kind not in ("matrix", "shared")
            found = self.symbols[kind].typeset(self.pen)
            return found, vector and self.table.vectors == "bold"
        letter = self.symbols["weight"].plain
        taken = {s.stem for kind, s in self.symbols.items() if kind not in ("matrix", "shared")}
        if len(letter) == 1 and letter.islower() and letter.upper() not in taken:
            return letter.upper(), False
        return self.symbols["weight"].typeset(self.pen), True

    @cached_property
    def has_batches(self) -> bool:
        """Whether capitals for the vectors of all examples mean nothing else."""
        return are_free(self.symbols, self.table.gradient)

    @property
    def count(self) -> str:
        """The letter for the number of examples."""
        taken = {symbol.stem for symbol in self.symbols.values()}
        return next(letter for letter in COUNTS if letter not in taken)

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

    def _shifted(self, kind: str, layer: str) -> str:
        """The number of a layer, given with letters, as such a quantity carries it: ``l-1``."""
        found = _OFFSET.fullmatch(layer)
        assert found is not None
        letter = {"l": self.table.layer, "L": self.table.last}[found[1]]
        shift = self.number(kind, 0) - self.number("out", 0)
        if not shift:
            return letter + (found[2] or "")
        offset = int((found[2] or "0").replace(" ", "")) + shift
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

    def vector(self, kind: str, layer: int, manner: Manner = WHOLE) -> str:
        """All quantities of that kind in a layer, typeset; for ``weight`` the matrix.

        In another `manner` the derivative of the error by it, its transpose, where the notation
        has a sign for it in the name, or the matrix of those of all examples.
        """
        return self._array(kind, layer, str(self.number(kind, layer)), manner)

    def batches(self, kind: str, layer: int) -> list[str]:
        """How the matrix of all examples may be written for a vector of a layer.

        The inputs may be called as the outputs of the other layers are. Nothing where the notation
        has no capital letter for it.
        """
        like = [layer, self.last] if self.by_layer else [layer]
        number = str(self.number(kind, layer))
        found = [self._array(kind, of, number, Manner(True, batch=True)) for of in like]
        return found if self.has_batches else []

    def vector_at(self, kind: str, layer: str, manner: Manner = WHOLE) -> str:
        """A vector or matrix of a layer that is named as it is written: ``l+1``."""
        return self._array(kind, self.last, self._shifted(kind, layer), manner)

    def _array(self, kind: str, layer: int, number: str, manner: Manner) -> str:
        """A vector, or the matrix of the weights, of a layer with this number."""
        if kind in ("weight", "mask"):
            kind, pattern = "mask" if kind == "mask" else "matrix", self.table.written["matrix"]
        else:
            kind, pattern = self._pattern(kind, layer)
        named = self.pen.word(self.layer(layer))
        if pattern.symbol is None:
            great = self.pen.word(self.layer(layer).upper())
            return great if manner.batch else self.pen.bold(named)
        pattern = pattern.alone()
        if self._units_before is not None and kind not in ("target", "matrix", "mask", "shared"):
            pattern = Pattern(pattern.symbol, (*pattern.below, LAYER), pattern.above)
        return self._set(kind, pattern, number, lambda m: named if m == "c" else m, manner)

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
        step = j if sources == 1 else i if targets == 1 else f"{sources}({j} - 1) + {i}"
        n = self.pen.script(self._base("weight")[0], below)
        return n + self.pen.between("with") + "n = " + (f"{before} + {step}" if before else step)
