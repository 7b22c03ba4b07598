"""How a document counts its layers, places the indices of weights, and calls inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from derive.checking.stating.said import ERROR_STEMS, Said
from derive.checking.stating.spelling import latex
from derive.checking.stating.written import Quantity, names


@dataclass(frozen=True)
class Lettering:
    """How a document counts its layers and places the indices of its weights.

    `layer` and `last` stand for any layer and for the last one, and are `below` the names or above;
    `first` is the number of the inputs where the document says it; `read` are other names for
    inputs, outputs and the error; `rows` says whether the vectors of layers are rows, z = x W.
    """

    layer: str = "l"
    last: str = "L"
    out_of: bool = False
    source_first: bool = False
    first: int | None = None
    read: tuple[tuple[str, str], ...] = ()
    below: bool = False
    rows: bool = False
    units: str = ""
    """The letters of a unit, one before and one behind it, where these alone say the layer."""

    def table(self, symbols: Mapping[str, str]) -> list[str]:
        """What of it the notation of books has otherwise, as lines of a network's file.

        `symbols` are the letters of the kinds of quantities.
        """
        if self == Lettering():
            return []
        free = [letter for letter in "jkim" if letter != self.layer]
        neuron, source, behind = [*self.units] if self.units else [*free[:2], free[1]]
        last = self.last if len(self.last) == 1 else "L"
        lines = [
            "[notation]",
            f'like = "{"rumelhart" if self.units else "indexed"}"',
            f'letters = ["{neuron}", "{source}", "{behind}"]',
            *([] if self.units else [f'layer = "{self.layer}"', f'last = "{last}"']),
            *(['weights = "out of"'] if self.out_of else []),
            *(['matrices = "rows"'] if self.rows else []),
            *([f"first = {self.first}"] if self.first is not None else []),
        ]
        ends = f"{source}{neuron}" if self.source_first else f"{neuron}{source}"
        weight, of_layer = symbols["weight"], [k for k in _OF_LAYERS if symbols.get(k)]
        if self.below or self.source_first or self.units:
            lines += ["[notation.written]", f"weight = '{self._placed(weight, ends)}'"]
        if self.below:
            lines += [f"matrix = '{weight.upper()}_{self.layer}'"]
            lines += [f"{k} = '{self._placed(latex(symbols[k]), neuron)}'" for k in of_layer]
        if self.read:
            lines += ["[notation.read]"]
            for kind in dict.fromkeys(kind for kind, _ in self.read):
                index = "" if kind == "E_total" else f"_{neuron}"
                texts = [text for own, text in self.read if own == kind]
                own = kind in _OF_LAYERS
                written = [self._placed(t, neuron) if own else f"{t}{index}" for t in texts]
                lines.append(f"""{kind} = ['{"', '".join(written)}']""")
        return lines

    def _placed(self, stem: str, index: str) -> str:
        """A name of any layer with its other indices."""
        if self.units:
            return f"{stem}_{{{index}}}"
        below = f"{stem}_{{{self.layer},{index}}}"
        return below if self.below else f"{stem}^{self.layer}_{{{index}}}"


_OF_LAYERS = ("out", "net", "bias", "delta")
"""The kinds of quantities that every layer has, weights aside."""


def lettering_of(
    base: Lettering, stems: Sequence[str], said: Said
) -> tuple[Lettering, tuple[Quantity, ...], int]:
    """What a document calls its layers, inputs and outputs; other names of these; the depth or 0.

    `stems` are those of outputs, net inputs, weights and biases; `base` is known of the letters.

    Where it has layers with numbers, too, the highest one is the last.
    """
    own, (out, net, weight, *_) = {*stems}, stems
    own.add(weight.swapcase())
    everything = [q for pair in (*said.derivatives, *said.aliases) for q in pair]
    everything += [q for d in said.definitions for q in (d.left, *names(d.right))]
    placed = [(q.stem, q.scripts[0]) for q in everything if q.stem in own and q.scripts]
    heads = (script.partition("-")[0] for _, script in placed)
    last = next((s for s in heads if s == "n_l" or (s.isupper() and s != base.layer)), "L")
    made = (d for d in said.definitions if not isinstance(d.right, Quantity))
    lefts = [d.left for d in made if d.left.stem in (net or out, out)]
    numbers = [int(q.scripts[0]) for q in lefts if q.scripts and q.scripts[0].isdigit()]
    first = min(numbers) - 1 if numbers and min(numbers) in (1, 2) else None
    counted = [q for pair in said.aliases for q in pair]
    counted += [q for d in said.definitions for q in (d.left, *names(d.right))]
    numbers += [int(s) for q in counted if q.stem in (out, net) for s in q.scripts[:1]
                if s.isdigit()]  # fmt: skip
    top = str(max(numbers)) if first is not None else ""
    read: list[tuple[str, str]] = []
    outputs: list[Quantity] = []
    for pair in said.aliases:
        for one, other in (pair, pair[::-1]):
            if other.stem != out or not other.scripts or one.stem in own:
                continue
            number = other.scripts[0]
            if number in ("0", "1") and first in (None, int(number)):
                first = int(number)
                read.append(("input", latex(one.stem)))
            elif number in (last, top):
                outputs.append(one)
                read.append(("output", latex(one.stem)))
    defined = {d.left.stem for d in said.definitions}
    begins = [d for d in said.definitions if first is not None and d.left in lefts]
    for definition in begins:
        if definition.left.scripts[:1] == (str(first + 1 if first is not None else 0),):
            given = {q.stem for q in names(definition.right)} - own - defined
            read += [("input", latex(stem)) for stem in given if len(given) == 1]
    free = [stem for stem in ERROR_STEMS if said.derived[stem] and len(stem) == 1]
    for stem in () if defined & set(ERROR_STEMS) else free[1:]:
        read += [("E_total", stem), ("E_total", rf"\mathcal{{{stem}}}")]
    below = not any(q.upper for q in everything if q.stem in own)
    read = list(dict.fromkeys(read))
    lettering = replace(base, last=last, first=first, read=tuple(read), below=below)
    depth = int(top) - first if top and first is not None and int(top) > first + 1 else 0
    return lettering, tuple(outputs), depth
