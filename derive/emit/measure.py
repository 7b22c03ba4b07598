"""How wide a formula is when TeX sets it, in em, from the widths of Computer Modern's glyphs."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.emit.colours import COLOURS

# Widths with italic correction of cmmi10, cmr10 and cmsy10, in units of the font size.
_ITALIC = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        (
            *(0.75, 0.81, 0.79, 0.86, 0.80, 0.78, 0.79, 0.91, 0.52, 0.65, 0.92, 0.68, 1.08),
            *(0.91, 0.79, 0.78, 0.79, 0.77, 0.67, 0.72, 0.79, 0.81, 1.08, 0.91, 0.80, 0.75),
            *(0.53, 0.43, 0.43, 0.52, 0.47, 0.60, 0.51, 0.58, 0.34, 0.47, 0.55, 0.32, 0.88),
            *(0.60, 0.48, 0.50, 0.48, 0.48, 0.47, 0.36, 0.57, 0.52, 0.74, 0.57, 0.53, 0.51),
        ),
        strict=True,
    )
)
_BINARY, _RELATION = 2 * 0.2223, 2 * 0.2778
_COMMANDS = {
    r"\partial": 0.59,
    r"\delta": 0.49,
    r"\boldsymbol": 0.05,
    r"\eta": 0.54,
    r"\cdot": 0.28 + _BINARY,
    r"\odot": 0.78 + _BINARY,
    r"\times": 0.78 + _BINARY,
    r"\cdots": 1.17 + 0.17,
    r"\to": 1.0 + _RELATION,
    r"\approx": 0.78 + _RELATION,
    r"\quad": 1.0,
    r"\qquad": 2.0,
    r"\top": 0.78,
    r"\ldots": 1.17,
    r"\sum": 1.5,
    r"\exp": 1.6,
    r"\tanh": 2.2,
    r"\max": 1.9,
    r"\bigl": 0.46,
    r"\bigr": 0.46,
    r"\Bigl": 0.60,
    r"\Bigr": 0.60,
}
_OTHER = {
    **dict.fromkeys("0123456789", 0.5),
    **dict.fromkeys("()", 0.39),
    **dict.fromkeys("[]", 0.28),
    "+": 0.78 + _BINARY,
    "-": 0.78 + _BINARY,
    "=": 0.78 + _RELATION,
    ",": 0.45,
    ".": 0.28,
    "'": 0.28,
}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|\s+|.", re.DOTALL)
_CASES = re.compile(r"\\begin\{cases\}(.*?)\\end\{cases\}", re.DOTALL)
_SCRIPT = 0.72


@lru_cache(maxsize=65536)
def em_width(latex: str) -> float:
    """The width of a formula in display style, in em; an estimate on the safe side."""
    latex = _CASES.sub(_widest_case, latex)
    tokens = [t for t in _TOKEN.findall(latex) if not t.isspace()]
    width, place = _row(tokens, 0)
    if place != len(tokens):
        raise ValueError(f"unbalanced braces in {latex}")
    return width


def _widest_case(cases: re.Match[str]) -> str:
    """The widest line of a distinction of cases, in place of the whole; its brace is a quad."""
    lines = [line.replace("&", r"\quad ") for line in cases[1].split(r"\\")]
    return r"\quad " + max(lines, key=em_width)


def _row(tokens: list[str], place: int) -> tuple[float, int]:
    width = 0.0
    while place < len(tokens) and tokens[place] != "}":
        token = tokens[place]
        if token in "_^":
            below, place = _argument(tokens, place + 1)
            if place < len(tokens) and tokens[place] in "_^" and tokens[place] != token:
                above, place = _argument(tokens, place + 1)
                below = max(below, above)
            width += _SCRIPT * below + 0.05
            continue
        if token == r"\frac":
            top, place = _argument(tokens, place + 1)
            bottom, place = _argument(tokens, place)
            width += max(top, bottom) + 0.42
            continue
        if token == r"\textcolor":
            place = tokens.index("}", place) + 1
            continue
        if token == r"\sqrt":
            inner, place = _argument(tokens, place + 1)
            width += inner + 0.9
            continue
        if token in (r"\bigl", r"\bigr", r"\Bigl", r"\Bigr"):
            width += _COMMANDS[token]
            place += 2
            continue
        if token in (r"\operatorname", r"\mathbf", r"\mathrm", r"\text"):
            inner, place = _argument(tokens, place + 1)
            width += inner * 1.12
            continue
        inner, place = _argument(tokens, place)
        width += inner
    return width, place


def _argument(tokens: list[str], place: int) -> tuple[float, int]:
    """One token or one group."""
    token = tokens[place]
    if token == "{":
        width, place = _row(tokens, place + 1)
        return width, place + 1
    if token in _COMMANDS:
        return _COMMANDS[token], place + 1
    return _ITALIC.get(token, _OTHER.get(token, 0.6)), place + 1


# The same for Typst's mathematics, whose fonts have the same widths.

_TYPST_TOKEN = re.compile(r'#\w+;|"[^"]*"|\\.|[A-Za-z]{2,}|\d[\d.]*|\s+|.', re.DOTALL)
_TYPST = {
    "∂": 0.59,
    "⋅": 0.28 + _BINARY,
    "⊙": 0.78 + _BINARY,
    "⊗": 0.78 + _BINARY,
    "⋯": 1.17 + 0.17,
    "→": 1.0 + _RELATION,
    "≈": 0.78 + _RELATION,
    "⊤": 0.78,
    "…": 1.17,
    "sum": 1.5,
    "exp": 1.6,
    "ln": 1.1,
    "tanh": 2.2,
    "&": 1.0,
    **dict.fromkeys(("#bl;", "#br;"), 0.46),
    **dict.fromkeys(("#Bl;", "#Br;"), 0.60),
}


@lru_cache(maxsize=65536)
def typst_width(formula: str) -> float:
    """The width of a formula in Typst's mathematics, in em; an estimate on the safe side."""
    tokens = [t for t in _TYPST_TOKEN.findall(formula) if not t.isspace()]
    width, place = _typst_row(tokens, 0, "")
    if place != len(tokens):
        raise ValueError(f"unbalanced brackets in {formula}")
    return width


def _typst_row(tokens: list[str], place: int, ends: str) -> tuple[float, int]:
    """The width up to a closing bracket, or a comma where `ends` has one, and where that is."""
    width, before = 0.0, ""
    while place < len(tokens) and tokens[place] not in (ends or ")"):
        if tokens[place] in ("_", "^"):
            scripts = [0.0, 0.0]
            while place < len(tokens) and tokens[place] in ("_", "^"):
                scripts["_^".index(tokens[place])], place = _typst_atom(tokens, place + 1, "")
            below = _TYPST["sum"] if before == "sum" else 0  # where the limits are, not beside it
            width += max(0, _SCRIPT * max(scripts) + 0.1 - below)
            continue
        before = tokens[place]
        inner, place = _typst_atom(tokens, place, "()")
        width += inner
    return width, place


def _typst_atom(tokens: list[str], place: int, shown: str) -> tuple[float, int]:
    """One token, one group in brackets (which are `shown` or not), or a call with its arguments."""
    token = tokens[place]
    if token == "(":
        width, place = _typst_row(tokens, place + 1, ")")
        return width + sum(_OTHER[bracket] for bracket in shown), place + 1
    if token in _TYPST_CALLS:
        arguments: list[float] = []
        place += 1
        while tokens[place] != ")":
            width, place = _typst_row(tokens, place + 1, ",)")
            arguments.append(width)
        return max(arguments) + _TYPST_CALLS[token], place + 1
    if token[0] == '"':
        return 1.12 * sum(_ITALIC.get(letter, 0.5) for letter in token[1:-1]), place + 1
    if token[0].isdigit():
        return sum(_OTHER[digit] for digit in token), place + 1
    token = token.removeprefix("\\")
    return _TYPST.get(token, _ITALIC.get(token, _OTHER.get(token, 0.6))), place + 1


_TYPST_CALLS = {"frac": 0.3, "sqrt": 0.85, "bold": 0.1, "upright": 0.1, "cases": 1.0}
_TYPST_CALLS |= dict.fromkeys(COLOURS, 0.0)
