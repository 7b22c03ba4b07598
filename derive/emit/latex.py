"""LaTeX, of the kind that LaTeX, KaTeX and MathJax all read."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.colours import COLOURS
from derive.emit.measure import em_width
from derive.emit.named import Named
from derive.emit.typeset import Typeset
from derive.formula import Formula, SumOver
from derive.model import Quantity
from derive.notations.pen import LATEX, UPRIGHT

_SIGNS = str.maketrans({"≠": r"\neq", "≤": r"\leq", "≥": r"\geq"})


class Latex(Typeset):
    """The LaTeX of one model's formulas."""

    pen = LATEX
    measure = em_width
    plus, minus, times, hadamard, outer = "+", "-", r"\cdot", r"\odot", r"\otimes"
    equals, about = "=", r"\approx"
    ellipsis, partial_sign = r"\cdots", "\\partial "
    sizes = (("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Bigl(", r"\Bigr)"))

    def quantity(self, quantity: Quantity) -> str:
        return quantity.latex

    def stacked(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def upright(self, word: str) -> str:
        # Not \operatorname: GitHub refuses it.
        return rf"\mathrm{{{word}}}"

    def updated(self, name: str) -> str:
        return f"{name}^{{+}}"

    def tinted(self, text: str, style: str) -> str:
        return rf"\textcolor{{#{COLOURS[style]}}}{{{text}}}"

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        lines = [rf"{value} & \text{{if }} {test.translate(_SIGNS)}" for value, test in rows]
        lines.append(rf"{otherwise} & \text{{otherwise}}")
        # Markdown takes the \\ for one \ unless it ends its line.
        return "\\begin{cases}\n" + " \\\\\n".join(lines) + "\n\\end{cases}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"

    def root(self, inside: Formula) -> str:
        return rf"\sqrt{{{self.inline(inside)}}}"

    def sum_over(self, formula: SumOver) -> str:
        sign = r"\prod" if formula.multiplies else r"\sum"
        if formula.upper < formula.lower:
            return rf"{sign}_{formula.index} "
        return rf"{sign}_{{{formula.index} = {formula.lower}}}^{{{formula.upper}}} "

    def nabla(self, by: str) -> str:
        return rf"\nabla_{{{by}}} "

    def grid(self, rows: Sequence[Sequence[str]]) -> str:
        return r"\begin{bmatrix} " + r" \\ ".join(map(" & ".join, rows)) + r" \end{bmatrix}"

    def norm(self, inside: str) -> str:
        return rf"\lVert {inside} \rVert"

    def transposed(self, of: str) -> str:
        return rf"{of}^{{\top}}"


class LatexDocument(Latex):
    """The LaTeX of a document of its own, which defines what it needs."""

    pen = UPRIGHT

    def quantity(self, quantity: Quantity) -> str:
        return Named.quantity(self, quantity)

    def tinted(self, text: str, style: str) -> str:
        return rf"\textcolor{{{style}}}{{{text}}}"
