"""Plain text for the terminal: ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.emitter import Emitter
from derive.formula import (
    Array,
    Call,
    Delta,
    Dots,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Number,
    SumOver,
    Updated,
)
from derive.model import Model
from derive.notations.free import member_text

_LETTERS = {"eta": "η"}
_SIMPLE = (Name, Delta, Letter, Member, Number, Call, Updated)


class Text(Emitter):
    """The plain-text form of one model's formulas, in the names of JSON and the command line."""

    plus, minus, times, hadamard, equals = "+", "−", "·", "⊙", "="
    flat = True

    def __init__(self, model: Model) -> None:
        self._quantities = model.quantities
        self.naming = model.network.naming
        self._signs = model.network.signs

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Name):
            return formula.name
        if isinstance(formula, Delta):
            neuron = self._quantities[formula.of]
            return self._neuron(Neuron("delta", neuron.layer, neuron.index))
        if isinstance(formula, Updated):
            return f"{formula.of}⁺"
        if isinstance(formula, Letter):
            return _LETTERS.get(formula.name, formula.name)
        if isinstance(formula, Dots):
            return "…"
        if isinstance(formula, Neuron):
            return self._neuron(formula)
        if isinstance(formula, Member):
            return member_text(formula)
        if isinstance(formula, Array):
            return self.leaf(formula.of)
        if isinstance(formula, Layer):
            return self._layer(formula)
        raise TypeError(f"no text for {formula!r}")

    def _layer(self, formula: Layer) -> str:
        written = self.naming.vector(formula.kind, formula.layer)
        if not self.naming.by_layer or not written.startswith("\\"):
            return written
        letter = self.naming.symbols[formula.kind].character
        return letter if formula.kind == "target" else f"{letter}^{formula.layer + 1}"

    def _neuron(self, formula: Neuron) -> str:
        layer = self.naming.layer(formula.layer)
        if formula.kind == "layer":
            return layer
        if formula.kind == "neuron":
            return self.naming.plain_neuron(formula.layer, formula.index)
        letters = isinstance(formula.index, str) or isinstance(formula.source, str)
        if formula.kind == "weight" and letters and not self.naming.by_layer:
            source = self.naming.plain_neuron(formula.layer - 1, formula.source or 0)
            target = self.naming.plain_neuron(formula.layer, formula.index)
            return f"{self.naming.symbols['weight'].plain}_{source}→{target}"
        name = self.naming.plain(formula.kind, formula.layer, formula.index, formula.source)
        symbol = self.naming.symbols[formula.kind]
        if formula.kind == "delta":
            return symbol.character + name.removeprefix(symbol.plain)
        return name

    def number(self, value: Number) -> str:
        return value.text or str(value.value).replace("-", "−")

    def fraction(self, top: Formula, bottom: Formula) -> str:
        return f"{self._tight(top)}/{self._tight(bottom)}"

    def partial(self, of: Formula, by: Formula) -> str:
        top = self.inline(of) if isinstance(of, _SIMPLE) else f"({self.inline(of)})"
        return f"∂{top}/∂{self._tight(by)}"

    def _tight(self, formula: Formula) -> str:
        text = self.inline(formula)
        return text if isinstance(formula, _SIMPLE) and "/" not in text else f"({text})"

    def function(self, name: str, primes: int) -> str:
        symbol = self._signs.get(name)
        return (symbol.character if symbol else name) + "'" * primes

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        pieces = [f"{value} if {condition}" for value, condition in rows]
        return "{" + "; ".join([*pieces, f"{otherwise} otherwise"]) + "}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^({exponent})"

    def root(self, inside: Formula) -> str:
        return f"√{self._tight(inside)}"

    def sum_over(self, formula: SumOver) -> str:
        named = formula.upper >= formula.lower
        limits = f"={formula.lower}..{formula.upper}" if named else ""
        return f"Σ_{formula.index}{limits} "

    def transposed(self, of: str) -> str:
        return f"({of})ᵀ" if "^" in of else f"{of}ᵀ"

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return "(", ")"
