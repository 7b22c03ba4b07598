"""What LaTeX and Typst have in common: fractions with a line, large brackets, e^x.

How high a formula is in print says how large the brackets around it are.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, TypeGuard

from derive.emit.emitter import Measure
from derive.emit.named import Named
from derive.emit.pieces import POWER, VECTOR, Expression, Piece
from derive.formula import (
    Batch,
    Call,
    Cases,
    Everywhere,
    Formula,
    Layer,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Where,
)
from derive.functions import BY_SYMBOL

WIDEST_NUMERATOR = 18.0
"""In em: a longer numerator is written behind ∂/∂w, where it can be broken."""
_TALL = 2


class Typeset(Named):
    """One model's formulas as they are printed; what has no body here says how things look."""

    measure: ClassVar[Measure]
    """The width of what is emitted, in em."""
    sizes: ClassVar[Sequence[tuple[str, str]]]
    """Brackets around a line of names, around brackets, around fractions."""
    stacked: ClassVar[str]
    """A fraction of two emitted formulas."""

    def number(self, value: Number) -> str:
        if value.text:
            return self.figures(value.text)
        if value.value.denominator == 1:
            return str(value.value.numerator)
        if value.value.denominator in (100, 1000, 10_000, 100_000):
            return str(Decimal(value.value.numerator) / value.value.denominator)
        sign = "-" if value.value < 0 else ""
        top = str(abs(value.value.numerator))
        return sign + self.stacked % (top, value.value.denominator)

    def fraction(self, top: Formula, bottom: Formula) -> str:
        return self.stacked % (self.inline(top), self.inline(bottom))

    def partial(self, of: Formula, by: Formula) -> str:
        top = self.inline(of)
        if isinstance(of, Sum | Product):
            top = top.join(self.brackets(of))
        return self.stacked % (self.partial_sign + top, self.partial_sign + self.inline(by))

    def of_partial(self, formula: Partial) -> Expression:
        by, total = formula.by, Name(self._model.total)
        if self.naming.table.gradient and formula.of == total and is_layer(by):
            return Expression([Piece(self.array(by, adjoint=True))], VECTOR)
        return super().of_partial(formula)

    def of_transposed(self, formula: Transposed) -> Expression:
        of = formula.of
        if self.naming.table.transpose == "beside" and is_layer(of) and self.raised(of):
            return Expression([Piece(self.array(of, top=True))], POWER)
        return super().of_transposed(formula)

    def operator_form(self, formula: Partial) -> str | None:
        if not isinstance(formula.of, Sum | Product | Call):
            return None
        if type(self).measure(self.inline(formula.of)) <= WIDEST_NUMERATOR:
            return None
        by = self.partial_sign + self.inline(formula.by)
        return self.stacked % (self.partial_sign.rstrip(), by) + " "

    def function(self, name: str, primes: int) -> str:
        symbol = self._signs.get(name)
        if symbol is None:
            row = BY_SYMBOL.get(name)
            word = self.pen.command(row.latex) if row and row.latex else self.word % name
        else:
            single = len(symbol.character) == 1
            word = symbol.typeset(self.pen) if single else self.word % symbol.plain
        return word + "'" * primes

    def of_call(self, formula: Call) -> Expression:
        if formula.function == "exp" and height(formula.argument) < _TALL:
            return Expression([Piece(self.power("e", self.inline(formula.argument)))], POWER)
        return super().of_call(formula)

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return self.sizes[height(inside)]


def height(formula: Formula) -> int:
    """0 for a line of names, 1 with brackets in it, 2 with a fraction or a large Σ in it."""
    if isinstance(formula, Partial | Quotient | SumOver | Cases | Where):
        return 2
    if isinstance(formula, Number):
        return 2 if formula.value.denominator != 1 and not formula.text else 0
    parts = formula.parts()
    inner = max((height(part) for part in parts), default=0)
    if isinstance(formula, Call | Power):
        return max(inner, 1)
    if isinstance(formula, Product | Negative | Sum) and any(
        isinstance(part, Sum | Negative) for part in parts if not isinstance(formula, Sum)
    ):
        return max(inner, 1)
    return inner


def is_layer(formula: Formula) -> TypeGuard[Layer | Everywhere | Batch]:
    """Whether a formula is a vector or matrix of a layer, which may be named by a letter."""
    formula = formula.of if isinstance(formula, Batch) else formula
    return isinstance(formula.of if isinstance(formula, Everywhere) else formula, Layer)
