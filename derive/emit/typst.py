"""Typst mathematics; ``bl`` to ``Br``, the larger brackets, are defined in ``typst.jinja``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.measure import typst_width
from derive.emit.typeset import Typeset
from derive.formula import Formula, SumOver
from derive.notations.pen import TYPST


class Typst(Typeset):
    """The Typst mathematics of one model's formulas."""

    pen = TYPST
    measure = typst_width
    plus, minus, times, hadamard, outer = "+", "-", "⋅", "⊙", "⊗"
    equals, about = "=", "≈"
    ellipsis, partial_sign, beside = "⋯", "∂", " "
    # Typst pairs brackets by itself, but these may stand on different lines. A space beside a word
    # in quotes would be seen.
    sizes = ((r"\(", r"\)"), ("#bl;", "#br;"), ("#Bl;", "#Br;"))

    def stacked(self, top: str, bottom: str) -> str:
        return f"frac({top}, {bottom})"

    def upright(self, word: str) -> str:
        return f'"{word}"'

    def updated(self, name: str) -> str:
        return f"{name}^+"

    def tinted(self, text: str, style: str) -> str:
        return f"{style}({text})"

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        lines = [f'{value} &"if" {condition}' for value, condition in rows]
        return f'cases({", ".join(lines)}, {otherwise} &"otherwise")'

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def root(self, inside: Formula) -> str:
        return f"sqrt({self.inline(inside)})"

    def sum_over(self, formula: SumOver) -> str:
        sign = "product" if formula.multiplies else "sum"
        if formula.upper < formula.lower:
            return f"{sign}_{formula.index} "
        return f"{sign}_({formula.index} = {formula.lower})^({formula.upper}) "

    def nabla(self, by: str) -> str:
        return f"nabla_({by}) "

    def grid(self, rows: Sequence[Sequence[str]]) -> str:
        return f"mat({'; '.join(map(', '.join, rows))})"

    def norm(self, inside: str) -> str:
        return f"norm({inside})"

    def transposed(self, of: str) -> str:
        return f"{of}^⊤"
