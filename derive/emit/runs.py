"""A name in LaTeX as runs of letters, for pictures that know nothing of mathematics."""

from __future__ import annotations

import re
from typing import NamedTuple

from derive.notations.greek import GREEK
from derive.notations.symbols import ACCENTS

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|[0-9.]+|.")
_SMALLER = 0.72
_LETTER = 0.5
_WIDTHS = {**dict.fromkeys("+−=", 0.75), **dict.fromkeys("ijlt,.", 0.3)}
"""About how wide a letter is, and signs that are wider or narrower, in their own size."""
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
    """Letters of one size, 1 being that of the line, that stand `rise` above it in that unit.

    They begin `shift` to the right of where those before end, or to the left: one index stands
    above another.
    """

    text: str
    size: float
    rise: float
    italic: bool
    bold: bool = False
    shift: float = 0.0


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
            inner, place = _scripts(tokens, place, size, rise)
            found += inner
        elif token.startswith("\\") and token[1:] in ACCENTS:
            inner, place = _argument(tokens, place + 1, size, rise)
            found += [run._replace(text=run.text + ACCENTS[token[1:]]) for run in inner]
        else:
            inner, place = _argument(tokens, place, size, rise)
            found += inner
    return found, place


def _scripts(tokens: list[str], place: int, size: float, rise: float) -> tuple[list[Run], int]:
    """The runs of an index, or of a lower and an upper one, which begin at the same place."""
    found: list[Run] = []
    width = 0.0
    while place < len(tokens) and tokens[place] in "_^":
        step = (_LOWER if tokens[place] == "_" else _HIGHER) * size
        inner, place = _argument(tokens, place + 1, size * _SMALLER, rise + step)
        own = sum(run.size * _WIDTHS.get(sign, _LETTER) for run in inner for sign in run.text)
        found += [run._replace(shift=0.0 if n else -width) for n, run in enumerate(inner)]
        width = own
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
        text = (f" {token} " if size == 1 else token).replace("-", "−")
    return [Run(text.replace("'", "′"), size, rise, len(text) == 1 and text.isalpha())], place + 1
