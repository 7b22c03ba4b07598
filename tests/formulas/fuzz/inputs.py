r"""Inputs by choices: formulas over a network's names, fragments of LaTeX, damaged right formulas.

`choose(n)` gives a number from 0 to n − 1; hypothesis and atheris decide which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from derive import Model, Network
from derive.checking import documents
from derive.checking.reader import Reader
from tests.shelf import written

Choose = Callable[[int], int]

NETWORKS = {"2-4-3-2": {}, "mazur": {}, "2-3-2": {"activation": "relu", "bias": "neuron"}}

_FRAGMENTS = (
    r"\frac{", r"\frac", "{", "}", "(", ")", "[", "]", "^", "_", "^{", "_{", "=", "+", "-", "−", "·",
    r"\cdot ", "*", "/", "&", r"\\", r"\\[2pt]", ",", ".", ";", " ", "\n", r"\quad ", r"\partial ", "∂",
    "d", "e^", "exp(", "sig(", "sig'(", r"\mathrm{sig}", r"\tanh", "ln(", r"\sum_{k=1}^{3}", r"\sum",
    "Σ_k=1..3 ", r"\sum_{j}", r"\dots", "…", "...", r"\delta_{", r"\eta", "η", r"\mathbf{W}", "⊙",
    r"\odot", "ᵀ", r"^{\top}", "⁺", "^{+}", "^+", "²", "½", "0", "1", "2", "-1", "0.5", "1e9", "1e-9",
    r"\text{ and }", r"\text{where }", r"\left(", r"\right)", r"\bigl(", r"\bigr)", r"\begin{aligned}",
    r"\end{aligned}", r"\begin{cases}", r"\tag{3}", r"\label{x}", "w_{xx}", "w_{3x}", "∂E/∂w", r"\,",
    "≈", ":=", "←", "<", ">", r"\le", r"\ne", "'", r"^{\prime}", "inner", "a = ", "x", "\x00", "\u202e",
    "é", "😀", r"\input{x}", r"\def", r"\mathbf{out}_c", "out_{c_j}", "w_{jk}", r"\Rightarrow", "**", "$",
)  # fmt: skip
_OPERATORS = (
    " + ",
    " - ",
    r" \cdot ",
    " / ",
    " = ",
    " ",
    "*",
    "−",
    " ⊙ ",
    "^2",
    "^{-1}",
    ", ",
    " ≈ ",
)
_DOCUMENT = (
    "$", "$$", "$`", "`$", "```math\n", "```\n", "\\(", "\\)", "\\[", "\\]", "\\begin{align}",
    "\\end{align}", "\\begin{equation*}", "\\end{equation*}", "\\begin{aligned}", "\\end{aligned}",
    "\n", "\n\n", " ", "(3)", "\\tag{4}", "\\label{a}", "> ", "- ", "# ", "<!--", "-->", "`", "~~~", "%",
    "\\verb|", "\\section{x}", "\\begin{verbatim}", "\\end{verbatim}", "\\iffalse", "\\fi", "\\setcounter{",
    "equation}{7}", "\\numberwithin{equation}{section}", "\\begin{subequations}", "\\end{subequations}",
    "\\renewcommand{\\theequation}{", "\\Alph{equation}}", "\\documentclass{book}", "\\appendix",
    "\\begin{document}", "\\end{document}", "so the gradient is ", "(7)  ", "where ", "   ", "\r\n", "---\n",
    '{"cells": [', '{"cell_type": "markdown", "source": ["', '"]}', "]}", "null", "w31 = w32", "E = 1",
)  # fmt: skip


@cache
def model(network: str) -> Model:
    """One of the networks."""
    return Model.of(Network.read(network, **NETWORKS[network]))


@cache
def right(network: str) -> Sequence[str]:
    """Every formula of the notes on a network, as LaTeX."""
    notes = written(model(network).network, "markdown")
    return sorted({found.text for found in documents.find(notes, "md")})


@cache
def names(network: str) -> Sequence[str]:
    """The names of a network's quantities, as LaTeX and as text."""
    quantities = model(network).quantities.values()
    return [name for quantity in quantities for name in (quantity.name, quantity.latex)]


def formula(choose: Choose, network: str, depth: int = 4) -> str:
    """Something like a formula, put together by a loose grammar."""
    which = choose(12) if depth else choose(3)
    if which < 2:
        known = names(network)
        return known[choose(len(known))]
    if which == 2:
        return ("0", "1", "2", "0.5", "-1", r"\frac{1}{2}", "1e-3", "0.25")[choose(8)]
    inside = formula(choose, network, depth - 1)
    if which < 6:
        sign = _OPERATORS[choose(len(_OPERATORS))]
        return f"{inside}{sign}{formula(choose, network, depth - 1)}"
    other = formula(choose, network, depth - 1)
    return (
        f"({inside})",
        rf"\frac{{{inside}}}{{{other}}}",
        rf"\frac{{\partial {inside}}}{{\partial {other}}}",
        f"{('sig', 'exp', 'ln', 'tanh', 'relu', 'sig' + chr(39))[choose(6)]}({inside})",
        rf"\sum_{{k=1}}^{{{choose(5)}}} {inside}",
        f"({inside})^{{{choose(5) - 2}}}",
    )[which - 6]


def equation(choose: Choose, network: str) -> str:
    """Two sides or three."""
    sides = [formula(choose, network) for _ in range(2 + choose(2))]
    return " = ".join(sides)


def fragments(choose: Choose, network: str) -> str:
    """Pieces of LaTeX in any order."""
    known = names(network)
    pieces = []
    for _ in range(1 + choose(30)):
        place = choose(len(_FRAGMENTS) + 12)
        inside = place < len(_FRAGMENTS)
        pieces.append(_FRAGMENTS[place] if inside else known[choose(len(known))])
    return "".join(pieces)


def damaged(choose: Choose, network: str) -> str:
    """A right formula with a few changes: something left out, put in, doubled or cut off."""
    known = right(network)
    text = known[choose(len(known))]
    for _ in range(1 + choose(3)):
        start = choose(len(text) + 1)
        end = min(len(text), start + choose(8))
        kind = choose(6)
        if kind == 0:
            text = text[:start] + text[end:]
        elif kind == 1:
            text = text[:start] + _FRAGMENTS[choose(len(_FRAGMENTS))] + text[start:]
        elif kind == 2:
            text = text[:start]
        elif kind == 3:
            text = text[:end] + text[start:]
        elif kind == 4:
            other = known[choose(len(known))]
            text = text[:start] + other[choose(len(other)) :]
        else:
            text = text[start:]
    return text


def document(choose: Choose, network: str) -> str:
    """A document of delimiters and formulas in any order."""
    known = right(network)
    pieces = []
    for _ in range(1 + choose(25)):
        place = choose(len(_DOCUMENT) + 12)
        inside = place < len(_DOCUMENT)
        pieces.append(_DOCUMENT[place] if inside else known[choose(len(known))][:200])
    return "".join(pieces)


GENERATORS: Sequence[Callable[[Choose, str], str]] = (equation, fragments, damaged)


def reader(network: str) -> Reader:
    """A reader of one of the networks, without any definitions."""
    return Reader(model(network))
