"""LaTeX, of the kind that LaTeX, KaTeX and MathJax all read."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.colours import COLOURS
from derive.emit.measure import em_width
from derive.emit.named import Named
from derive.emit.typeset import Typeset
from derive.formula import Formula
from derive.model import Quantity
from derive.notations.pen import LATEX, UPRIGHT

_SIGNS = str.maketrans({"≠": r"\neq", "≤": r"\leq", "≥": r"\geq"})


class Latex(Typeset):
    """The LaTeX of one model's formulas."""

    pen = LATEX
    measure = em_width
    # In a browser the columns of aligned equations stand apart even without the \qquad.
    gutter = 4.5
    plus, minus, times, hadamard, outer = "+", "-", r"\cdot", r"\odot", r"\otimes"
    equals, about = "=", r"\approx"
    ellipsis, partial_sign = r"\cdots", "\\partial "
    # Not \operatorname: GitHub refuses it.
    word, new, stacked = r"\mathrm{%s}", "%s^{+}", r"\frac{%s}{%s}"
    transpose, nabla, norm = r"%s^{\top}", r"\nabla_{%s} ", r"\lVert %s \rVert"
    grid = (r"\begin{bmatrix} %s \end{bmatrix}", r" \\ ", " & ")
    sums, limits = (r"\sum", r"\prod"), "%s_{%s = %s}^{%s} "
    sizes = (("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Bigl(", r"\Bigr)"))

    def quantity(self, quantity: Quantity) -> str:
        return quantity.latex

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


class LatexDocument(Latex):
    """The LaTeX of a document of its own, which defines what it needs."""

    pen = UPRIGHT
    gutter = 2.5

    def quantity(self, quantity: Quantity) -> str:
        return Named.quantity(self, quantity)

    def tinted(self, text: str, style: str) -> str:
        return rf"\textcolor{{{style}}}{{{text}}}"
