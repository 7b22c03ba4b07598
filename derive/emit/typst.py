"""Typst mathematics; ``bl`` to ``Br``, the larger brackets, are defined in ``typst.jinja``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.measure import typst_width
from derive.emit.typeset import Typeset
from derive.formula import Formula
from derive.notations.pen import TYPST


class Typst(Typeset):
    """The Typst mathematics of one model's formulas."""

    pen = TYPST
    measure = typst_width
    plus, minus, times, hadamard, outer = "+", "-", "⋅", "⊙", "⊗"
    equals, about = "=", "≈"
    ellipsis, partial_sign, beside = "⋯", "∂", " "
    word, new, stacked = '"%s"', "%s^+", "frac(%s, %s)"
    transpose, nabla, norm = "%s^⊤", "nabla_(%s) ", "norm(%s)"
    grid = ("mat(%s)", "; ", ", ")
    sums, limits = ("sum", "product"), "%s_(%s = %s)^(%s) "
    # Typst pairs brackets by itself, but these may stand on different lines. A space beside a word
    # in quotes would be seen.
    sizes = ((r"\(", r"\)"), ("#bl;", "#br;"), ("#Bl;", "#Br;"))

    def tinted(self, text: str, style: str) -> str:
        return f"{style}({text})"

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        lines = [f'{value} &"if" {condition}' for value, condition in rows]
        return f'cases({", ".join(lines)}, {otherwise} &"otherwise")'

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def root(self, inside: Formula) -> str:
        return f"sqrt({self.inline(inside)})"
