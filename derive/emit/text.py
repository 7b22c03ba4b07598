"""Plain text for the terminal: ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.named import Named
from derive.emit.pieces import ATOM, one_line
from derive.formula import (
    Array,
    Delta,
    Everywhere,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Number,
)
from derive.notations.free import member_text
from derive.notations.pen import PLAIN


class Text(Named):
    """The plain-text form of one model's formulas, in the names of JSON and the command line."""

    pen = PLAIN
    plus, minus, times, hadamard, outer = "+", "−", "·", "⊙", "⊗"
    equals, about = "=", "≈"
    ellipsis = "…"
    word, new = "%s", "%s⁺"
    transpose, nabla, norm = "%sᵀ", "∇_{%s} ", "‖%s‖"
    grid = ("[%s]", "; ", ", ")
    sums, limits = ("Σ", "Π"), "%s_%s=%s..%s "
    flat = True

    def raised(self, formula: Formula) -> bool:
        return isinstance(formula, Layer | Everywhere) and super().raised(formula)

    def leaf_name(self, formula: Name) -> str:
        return formula.name

    def leaf_delta(self, formula: Delta) -> str:
        neuron = self._model.quantities[formula.of]
        return self.leaf_neuron(Neuron("delta", neuron.layer, neuron.index))

    def leaf_member(self, formula: Member) -> str:
        return member_text(formula)

    def leaf_array(self, formula: Array) -> str:
        return self.leaf(formula.of)

    def leaf_neuron(self, formula: Neuron) -> str:
        if formula.kind in ("layer", "weight_rule"):
            return super().leaf_neuron(formula)
        if formula.kind == "neuron":
            return self.naming.plain_neuron(formula.layer, formula.index)
        letters = isinstance(formula.index, str) or isinstance(formula.source, str)
        if formula.kind == "weight" and letters and self.naming.table.running:
            source = self.naming.plain_neuron(formula.layer - 1, formula.source or 0)
            target = self.naming.plain_neuron(formula.layer, formula.index)
            return f"{self.naming.symbols['weight'].plain}_{source}→{target}"
        name = self.naming.plain(formula.kind, formula.layer, formula.index, formula.source)
        symbol = self.naming.symbols[formula.kind]
        if formula.kind == "delta":
            return symbol.character + name.removeprefix(symbol.plain)
        return name

    def number(self, value: Number) -> str:
        return self.figures(value.text) or str(value.value).replace("-", "−")

    def fraction(self, top: Formula, bottom: Formula) -> str:
        return f"{self._tight(top)}/{self._tight(bottom)}"

    def partial(self, of: Formula, by: Formula) -> str:
        return f"∂{self._tight(of)}/∂{self._tight(by)}"

    def _tight(self, formula: Formula) -> str:
        if isinstance(formula, Number) and (formula.text or formula.value.denominator == 1):
            return self.inline(formula)
        return one_line(self._at_least(ATOM, formula).pieces)

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

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return "(", ")"
