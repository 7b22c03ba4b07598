"""Finding every formula of a document, in order, with its place and its printed number.

One module per format knows where formulas stand in it and how they are numbered; what all of them
share is in :mod:`.items` (from places to formulas), :mod:`.delimiters`, :mod:`.rows` and
:mod:`.words`. All of it takes time in proportion to the length of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from derive.checking.documents.items import Found
from derive.checking.documents.latex import find_latex
from derive.checking.documents.markdown import find_markdown, find_notebook
from derive.checking.documents.plain import find_plain
from derive.checking.documents.words import is_prose
from derive.errors import InputError

__all__ = ["EVERYTHING", "Found", "defined_commands", "find", "kind_in", "kind_of"]

_KINDS: dict[str, Callable[[str], list[Found]]] = {
    "tex": find_latex,
    "md": find_markdown,
    "txt": find_plain,
    "ipynb": find_notebook,
}
_ENDINGS = {
    ".tex": "tex",
    ".ltx": "tex",
    ".md": "md",
    ".markdown": "md",
    ".qmd": "md",
    ".rmd": "md",
    ".txt": "txt",
    ".ipynb": "ipynb",
}


def find(text: str, kind: str) -> list[Found]:
    """Every formula of a document's text, in order; `kind` is one of tex, md, txt and ipynb.

    Raises :class:`InputError` for a notebook that is none, and for an unknown kind.
    """
    finder = _KINDS.get(kind)
    if finder is None:
        raise InputError(f"{kind!r} is no kind of document; known are {', '.join(_KINDS)}")
    return finder(text)


_DEFINES = re.compile(
    r"\\+(?:(?:re|provide)?newcommand|DeclareMathOperator|DeclareRobustCommand"
    r"|(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand|[gex]?def|let|DeclareMathSymbol"
    r"|mathchardef|(?:re)?newenvironment)\*?\s*\{?\s*(?:\\+csname\s*)?\\*([A-Za-z]+|[^A-Za-z\s\\])"
)
_CHANGES_ALL = re.compile(r"\\+(?:catcode|mathcode|csname|usepackage\s*\{[^}]*active)")
EVERYTHING = "*"
"""Stands for all commands and signs, where a document changes what signs mean."""


def defined_commands(text: str) -> frozenset[str]:
    r"""The commands to which a document gives a meaning: cdot of ``\renewcommand{\cdot}{+}``.

    Where it changes what single signs mean, that is :data:`EVERYTHING`.
    """
    found = {match[1] for match in _DEFINES.finditer(text)}
    return frozenset(found | ({EVERYTHING} if _CHANGES_ALL.search(text) else set()))


_RELATION = re.compile("[=≈≡]")
_LOOKS = (
    ("ipynb", re.compile(r'\A\s*\{\s*"')),
    ("tex", re.compile(r"\\(?:documentclass|usepackage|(?:sub)*section|begin\s*\{document\})")),
    ("md", re.compile(r"^(?:#{1,6} |```|~~~)|\$\$", re.MULTILINE)),
    (
        "tex",
        re.compile(r"\\begin\s*\{(?:equation|align|gather|multline|eqnarray|displaymath|math)"),
    ),
    ("md", re.compile(r"\$|(?<!\\)\\[(\[]")),
)
"""What tells the kind of a document, the surer signs first."""


def kind_in(text: str) -> str | None:
    """The kind of document that a text without a name looks like; None for bare formulas."""
    for kind, sign in _LOOKS:
        if sign.search(text):
            return kind
    # A line with a relation is a formula, whatever words stand in it.
    prose = any(is_prose(line) and not _RELATION.search(line) for line in text.splitlines())
    return "txt" if prose else None


def kind_of(path: Path) -> str:
    """The kind of a document, by the ending of its name."""
    kind = _ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            f"{path}: what kind of document this is cannot be told from its name; "
            f"the known endings are {', '.join(_ENDINGS)}"
        )
    return kind
