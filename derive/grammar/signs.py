"""The signs of formulas, LaTeX commands and characters: tables from what is typed to kinds."""

from __future__ import annotations

import re
from fractions import Fraction

SPACES = re.compile(
    r"(?:\s|~|\{\}|\\[ ,;:!>\n\r\t]"
    r"|\\(?:displaystyle|textstyle|nonumber|notag|mathstrut|strut|allowbreak"
    r"|nobreak|mathopen|mathclose|mathrel|mathbin|thinspace)(?![A-Za-z])"
    r"|\\(?:left|right)(?:\s*\.(?![0-9])|(?=\s*[()\[\]/]|\s*\\[{}|]|\s*\\[lr](?:paren|brack|brace|Vert)))"
    r"|\\(?:middle|[bB]igg?[lrm]?)(?=\s*[()\[\]/]|\s*\\[{}|]|\s*\\[lr](?:paren|brack|brace|Vert)))+"
)
"""What is skipped between tokens: blanks, and what only sizes or moves the sign behind it."""
ROW = r"\\\\(?:\*?\s*\[\s*-?[0-9.]+\s*(?:[a-z]{2}|\\[A-Za-z]+)\s*\]|\*)?"
"""A row break, with the space behind it."""
IN_SPACE = re.compile(
    r"(?:\\in(?![A-Za-z])|∈)\s*(?:\\(?:mathbb|Bbb|mathbf|mathrm)\s*(?:R|\{\s*R\s*\})|ℝ)"
    r"(?!\s*\^\s*(?:[0-9]|\{[\s0-9]*(?:\\times[\s0-9]*)*\}))"
    r"(?:\s*\^\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))?"
    r"(?=\s*(?:\Z|[,.;:&)~]|\\[\\,;! ]|\\(?:q?quad|text|mbox|end|tag|label|right)(?![A-Za-z])))"
)
"""What says in which space something is, ∈ ℝ^{m×n}, at the end of what is stated of it.

Numbers, ∈ ℝ⁵, would have to be judged.
"""
WIDE = re.compile(rf"\\(?:quad|qquad)(?![A-Za-z])|&|{ROW}")
"""What separates cells and rows: between two factors it is no product sign."""
COUNT_OF_LAYERS = r"n_(?:l(?![A-Za-z])|\{\s*l\s*\})"
"""The number of layers as an index, which is the last one's: n_l or n_{l}."""

FONTS = frozenset({
    "mathrm", "text", "textrm", "operatorname", "mathit", "textit", "mathsf", "mathtt", "mbox",
    "textsf", "rm", "it", "mathnormal", "hbox", "mathcal", "mathscr", "cal",
})  # fmt: skip
BOLD = frozenset({"mathbf", "boldsymbol", "bm", "textbf", "vec", "bf"})
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "dot": "dot",
}  # fmt: skip
"""Commands of signs over a name, and how its key ends for them: the ŷ of a key is ``yhat``."""
GREEK_CHARACTERS = frozenset("δσηαφϕεθλβγμξρτψωζκνπχΘℓςΩ")

COMMANDS = {
    "cdot": "TIMES", "times": "TIMES", "ast": "TIMES", "bullet": "TIMES",
    "div": "DIVIDE", "odot": "HADAMARD", "otimes": "OUTER", "circ": "HADAMARD",
    "coloneqq": "BECOMES", "leftarrow": "BECOMES", "gets": "BECOMES", "equiv": "EQUALS",
    "approx": "APPROX", "simeq": "APPROX", "lparen": "LPAR", "rparen": "RPAR",
    "lbrack": "LPAR", "rbrack": "RPAR",
    "ldots": "DOTS", "cdots": "DOTS", "dots": "DOTS", "dotsb": "DOTS", "prime": "PRIME",
    "partial": "D", "lbrace": "LPAR", "rbrace": "RPAR", "{": "LPAR", "}": "RPAR",
    "sqrt": "SQRT", "slash": "DIVIDE", "colon": "COLON",
}  # fmt: skip
DELIMITING = frozenset({
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "bigr", "Bigr",
    "biggl", "Biggl", "biggr", "Biggr", "bigm", "Bigm",
})  # fmt: skip
"""Commands that size the bracket behind them."""
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
CHARACTERS = {
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "*": "TIMES", "·": "TIMES",
    "×": "TIMES", "∗": "TIMES", "⋅": "TIMES", "•": "TIMES", "/": "DIVIDE", "÷": "DIVIDE",
    "∕": "DIVIDE", "⊙": "HADAMARD", "∘": "HADAMARD", "⊗": "OUTER", "=": "EQUALS", "≈": "APPROX",
    "≡": "EQUALS", "(": "LPAR", "[": "LPAR", ")": "RPAR", "]": "RPAR", "{": "LBRACE",
    "}": "RBRACE", "^": "POWER", "'": "PRIME", "′": "PRIME", "’": "PRIME", "∂": "D",
    "…": "DOTS", "←": "BECOMES", ",": "COMMA", ";": "COMMA", "ᵀ": "TRANSPOSE", "√": "SQRT",
    "𝜕": "D",
}  # fmt: skip
SEQUENCES = {"**": "POWER", ":=": "BECOMES", "=:": "EQUALS", "...": "DOTS"}
SEQUENCE = re.compile("|".join(map(re.escape, SEQUENCES)))
CHANGES = re.compile(r"([+−–-])(?:(?:\\!)*=|\{=\})|\{([+−–-])(?:\}(?:\\!)*=|=\})")
"""The sign of a step, += or -=, with braces that keep its two parts together."""
POINT = re.compile(r"(?<=[\w}\])])\.(?=\\[A-Za-z]|[A-Za-z])")
"""A point between two names, without a blank: x_1.y_1."""
HALVES = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "⅓": Fraction(1, 3), "¾": Fraction(3, 4)}

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚₛₜₓ"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺"
LOWERED = str.maketrans(SUBSCRIPTS, "0123456789aehijklmnopstx")
RAISED = str.maketrans(SUPERSCRIPTS, "0123456789+")

PARTNER = {"RPAR": "LPAR", "RBRACE": "LBRACE"}
SHOWN = {"LPAR": "(", "RPAR": ")", "LBRACE": "{", "RBRACE": "}", "NORM": "‖", "NORMEND": "‖"}

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that nobody sees, or that turn a formula around."""

TAG = re.compile(r"\$?\(?(?:(?=[^0-9]*[0-9])[\w.:*'′†‡-]{1,20}|[A-Za-z]|\W{1,3}|\\[a-z]+)\)?\$?")
"""What \\tag may hold: a number of an equation, a letter or a sign."""
TRANSPARENT = frozenset({
    "aligned", "align", "split", "gather", "gathered", "equation", "alignedat", "alignat",
    "eqnarray", "multline", "flalign", "displaymath", "math",
})  # fmt: skip
"""Environments whose borders mean nothing in a formula."""

RELATIONS = {
    "<": "<", ">": ">", "≤": "≤", "≥": "≥", "≠": "≠", "∝": "∝", "∼": "∼", "→": "→", "∈": "∈",
    "lt": "<", "gt": ">", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "ne": "≠", "neq": "≠", "propto": "∝", "sim": "∼", "in": "∈", "ll": "≪",
    "gg": "≫", "mapsto": "↦",
}  # fmt: skip
"""Relations that are no equality, as characters and as commands."""

_NESTED = re.compile(
    rf"\\(?P<way>begin|end)\s*+\{{[^{{}}]*+\}}|(?P<row>{ROW})|\\.|[{{}}]",
    re.DOTALL,
)


def rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the rows of an environment stand, cut outside of braces and of inner environments."""
    found: list[tuple[int, int]] = []
    depth, first = 0, start
    for part in _NESTED.finditer(text, start, end):
        if part["way"] == "begin" or part[0] == "{":
            depth += 1
        elif part["way"] == "end" or part[0] == "}":
            depth -= 1
        elif part["row"] and depth <= 0:
            found.append((first, part.start()))
            first = part.end()
    return [*found, (first, end)]
