"""A name in LaTeX as runs of letters, for pictures that know nothing of mathematics."""

from __future__ import annotations

import re
from typing import NamedTuple

from derive.notations.greek import GREEK
from derive.notations.symbols import ACCENTS

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|[0-9.]+|.")
_SMALLER = 0.72
_LOWER, _HIGHER = -0.22, 0.38
"""How far an index stands below the line, and above it, in the size of what it belongs to."""
_SIGNS = {
    r"\cdot": " · ",
    r"\,": " ",
    r"\to": "→",
    r"\partial": "∂",
    r"\ldots": "…",
    r"\cdots": "⋯",
}
_SIGNS |= {r"\top": "⊤", r"\ln": "ln", r"\exp": "exp", r"\tanh": "tanh"}
_SILENT = (r"\mathrm", r"\text", r"\operatorname", "{", "}")
_BOLD = (r"\mathbf", r"\boldsymbol")


class Run(NamedTuple):
    """Letters of one size, 1 being that of the line, that stand `rise` above it in that unit."""

    text: str
    size: float
    rise: float
    italic: bool
    bold: bool = False


def runs(latex: str) -> list[Run]:
    """The runs of a formula that consists of names, indices, signs and numbers."""
    tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
    found, _ = _row(tokens, 0, 1.0, 0.0)
    # A sign before everything belongs to what it stands before.
    return [run._replace(text=run.text.strip()) for run in found[:1]] + found[1:]


def _row(tokens: list[str], place: int, size: float, rise: float) -> tuple[list[Run], int]:
    """The runs up to a closing brace, and where that is."""
    found: list[Run] = []
    while place < len(tokens) and tokens[place] != "}":
        token = tokens[place]
        if token in "_^":
            step = (_LOWER if token == "_" else _HIGHER) * size
            inner, place = _argument(tokens, place + 1, size * _SMALLER, rise + step)
            found += inner
        elif token.startswith("\\") and token[1:] in ACCENTS:
            inner, place = _argument(tokens, place + 1, size, rise)
            found += [run._replace(text=run.text + ACCENTS[token[1:]]) for run in inner]
        else:
            inner, place = _argument(tokens, place, size, rise)
            found += inner
    return found, place


def _argument(tokens: list[str], place: int, size: float, rise: float) -> tuple[list[Run], int]:
    """The runs of one token or of one group."""
    token = tokens[place]
    if token == "{":
        found, place = _row(tokens, place + 1, size, rise)
        return found, place + 1
    if token in _SILENT:
        return [], place + 1
    if token in _BOLD:
        inner, place = _argument(tokens, place + 1, size, rise)
        return [run._replace(bold=True) for run in inner], place
    if token == r"\frac":
        top, place = _argument(tokens, place + 1, size, rise)
        bottom, place = _argument(tokens, place, size, rise)
        return [*top, Run("/", size, rise, italic=False), *bottom], place
    if token == r"\sqrt":
        inner, place = _argument(tokens, place + 1, size, rise)
        return [Run("√", size, rise, italic=False), *inner], place
    text = _SIGNS.get(token) or GREEK.get(token[1:], token.removeprefix("\\"))
    if token in ("+", "-", "="):
        text = f" {token} ".replace("-", "−")
    return [Run(text.replace("'", "′"), size, rise, len(text) == 1 and text.isalpha())], place + 1
