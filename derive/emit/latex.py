"""LaTeX, of the kind that LaTeX, KaTeX and MathJax all read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from derive.emit.emitter import Emitter, Piece, height
from derive.emit.measure import em_width
from derive.formula import (
    Array,
    Call,
    Delta,
    Dots,
    Everywhere,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Number,
    Partial,
    Product,
    Sum,
    SumOver,
    Updated,
)
from derive.model import Model
from derive.notations.free import array_latex, member_latex
from derive.notations.indexed import Indexed

_FUNCTIONS = {
    "tanh": r"\tanh",
    "exp": r"\exp",
    "ln": r"\ln",
    "Phi": r"\Phi",
    "phi": r"\varphi",
}
_TALL = 2
_LETTERS = {"eta": r"\eta"}
WIDEST_NUMERATOR = 18.0
"""In em: a longer numerator is written behind ∂/∂w, where it can be broken."""


class Latex(Emitter):
    """The LaTeX of one model's formulas."""

    plus, minus, times, hadamard, equals = "+", "-", r"\cdot", r"\odot", "="

    def __init__(self, model: Model) -> None:
        self._names = {name: quantity.latex for name, quantity in model.quantities.items()}
        self._model = model
        self.naming = model.network.naming
        self._signs = model.network.signs

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Name):
            return self._names[formula.name]
        if isinstance(formula, Delta):
            neuron = self._model.quantities[formula.of]
            return self.naming.latex("delta", neuron.layer, neuron.index)
        if isinstance(formula, Updated):
            name = self._names[formula.of]
            return f"({name})^{{+}}" if "^" in name else f"{name}^{{+}}"
        if isinstance(formula, Neuron):
            if formula.kind == "neuron":
                return self.naming.neuron(formula.layer, formula.index)
            if formula.kind == "layer":
                return self.naming.layer(formula.layer)
            if formula.kind == "weight_rule":
                return self.naming.weight_rule(formula.layer)
            return self.naming.latex(formula.kind, formula.layer, formula.index, formula.source)
        if isinstance(formula, Member):
            return member_latex(formula)
        if isinstance(formula, Array):
            return array_latex(formula.of)
        if isinstance(formula, Layer):
            return self.naming.vector(formula.kind, formula.layer)
        if isinstance(formula, Everywhere):
            return self._everywhere(formula)
        if isinstance(formula, Letter):
            word = formula.name
            return _LETTERS.get(word, word if len(word) == 1 else rf"\mathrm{{{word}}}")
        if isinstance(formula, Dots):
            return r"\cdots"
        raise TypeError(f"no LaTeX for {formula!r}")

    def _everywhere(self, formula: Everywhere) -> str:
        if not isinstance(self.naming, Indexed):
            raise TypeError("only one notation has letters for layers")
        of = formula.of
        if isinstance(of, Layer):
            return self.naming.vector_at(of.kind, formula.layer)
        kind = "out" if of.kind == "neuron" else of.kind
        return self.naming.latex_at(kind, formula.layer, of.index, of.source)

    def number(self, value: Number) -> str:
        if value.text:
            return value.text
        if value.value.denominator == 1:
            return str(value.value.numerator)
        if value.value.denominator in (100, 1000, 10_000, 100_000):
            return str(Decimal(value.value.numerator) / value.value.denominator)
        sign = "-" if value.value < 0 else ""
        return rf"{sign}\frac{{{abs(value.value.numerator)}}}{{{value.value.denominator}}}"

    def fraction(self, top: Formula, bottom: Formula) -> str:
        return rf"\frac{{{self.inline(top)}}}{{{self.inline(bottom)}}}"

    def partial(self, of: Formula, by: Formula) -> str:
        top = self.inline(of)
        if isinstance(of, Sum | Product):
            opening, closing = self.brackets(of)
            top = f"{opening}{top}{closing}"
        return rf"\frac{{\partial {top}}}{{\partial {self.inline(by)}}}"

    def operator_form(self, formula: Partial) -> str | None:
        if not isinstance(formula.of, Sum | Product | Call):
            return None
        if em_width(self.inline(formula.of)) <= WIDEST_NUMERATOR:
            return None
        return rf"\frac{{\partial}}{{\partial {self.inline(formula.by)}}} "

    def function(self, name: str, primes: int) -> str:
        # Not \operatorname: GitHub refuses it.
        symbol = self._signs.get(name)
        if symbol is not None:
            single = len(symbol.latex) == 1 or symbol.latex.startswith("\\")
            written = symbol.latex if single else rf"\mathrm{{{symbol.latex}}}"
            return written + "'" * primes
        return _FUNCTIONS.get(name, rf"\mathrm{{{name}}}") + "'" * primes

    def _call(self, formula: Call, depth: int) -> list[Piece]:
        if formula.function == "exp" and height(formula.argument) < _TALL:
            return [Piece(self.power("e", self.inline(formula.argument)))]
        return super()._call(formula, depth)

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        lines = [rf"{value} & \text{{if }} {condition}" for value, condition in rows]
        lines.append(rf"{otherwise} & \text{{otherwise}}")
        # Markdown takes the \\ for one \ unless it ends its line.
        return "\\begin{cases}\n" + " \\\\\n".join(lines) + "\n\\end{cases}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"

    def root(self, inside: Formula) -> str:
        return rf"\sqrt{{{self.inline(inside)}}}"

    def sum_over(self, formula: SumOver) -> str:
        if formula.upper < formula.lower:
            return rf"\sum_{formula.index} "
        return rf"\sum_{{{formula.index} = {formula.lower}}}^{{{formula.upper}}} "

    def transposed(self, of: str) -> str:
        return rf"({of})^{{\top}}" if "^" in of else rf"{of}^{{\top}}"

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return (("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Bigl(", r"\Bigr)"))[height(inside)]
