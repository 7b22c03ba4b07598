"""Plain text for the terminal: ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1."""

from __future__ import annotations

from derive.formula import (
    Call,
    Delta,
    Dots,
    Formula,
    Layer,
    Letter,
    Name,
    Neuron,
    Number,
    SumOver,
    Updated,
)
from derive.model import Model
from derive.notation import naming
from derive.notation.emitter import Emitter

_LETTERS = {"eta": "η"}
_SIMPLE = (Name, Delta, Letter, Number, Call, Updated)


class Text(Emitter):
    """The plain-text form of one model's formulas, in the names of JSON and the command line."""

    plus, minus, times, hadamard, equals = "+", "−", "·", "⊙", "="

    def __init__(self, model: Model) -> None:
        network = model.network
        self.naming = naming(network.notation, network.layers, network.bias)

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Name):
            return formula.name
        if isinstance(formula, Delta):
            return f"δ_{formula.of.removeprefix('net_')}"
        if isinstance(formula, Updated):
            return f"{formula.of}⁺"
        if isinstance(formula, Letter):
            return _LETTERS.get(formula.name, formula.name)
        if isinstance(formula, Dots):
            return "…"
        if isinstance(formula, Neuron):
            return self._neuron(formula)
        if isinstance(formula, Layer):
            return self.naming.vector(formula.kind, formula.layer)
        raise TypeError(f"no text for {formula!r}")

    def _neuron(self, formula: Neuron) -> str:
        layer = self.naming.layer(formula.layer)
        if formula.kind == "layer":
            return layer
        if formula.kind == "neuron":
            return f"{layer}_{formula.index}" if layer[-1].isdigit() else f"{layer}{formula.index}"
        if isinstance(formula.index, int) and not isinstance(formula.source, str):
            return self.naming.plain(formula.kind, formula.layer, formula.index, formula.source)
        return f"{formula.kind}_{layer}{formula.index}"

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
        return name + "'" * primes

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^({exponent})"

    def root(self, inside: Formula) -> str:
        return f"√{self._tight(inside)}"

    def sum_over(self, formula: SumOver) -> str:
        return f"Σ_{formula.index}=1..{formula.upper} "

    def transposed(self, of: str) -> str:
        return f"{of}ᵀ"

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return "(", ")"
