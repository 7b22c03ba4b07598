"""Finding every formula of a document, in order, with its place and its printed number.

One module per format knows where formulas stand in it and how they are numbered; what all of them
share is in :mod:`.items` (from places to formulas), :mod:`.delimiters`, :mod:`.rows` and
:mod:`.words`. :mod:`.walk` goes through a document with all its files, macros and directives. All
of it takes time in proportion to the length of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from derive.checking.documents.items import Found, Page
from derive.checking.documents.latex import find_latex
from derive.checking.documents.markdown import cells_of, find_markdown
from derive.checking.documents.plain import find_plain
from derive.checking.documents.rst import find_rst
from derive.checking.documents.web import find_html
from derive.checking.documents.words import is_prose
from derive.checking.kinds import ENDINGS, KINDS
from derive.errors import InputError

__all__ = ["FINDERS", "Found", "find", "kind_in", "kind_of"]

FINDERS: dict[str, Callable[[str], Page]] = {
    "tex": find_latex,
    "md": find_markdown,
    "txt": find_plain,
    "rst": find_rst,
    "html": find_html,
}
"""What finds the formulas of each kind of document but a notebook, which holds several texts."""


def find(text: str, kind: str) -> list[Found]:
    """Every formula of one text, in order; `kind` is one of :data:`~derive.checking.kinds.KINDS`.

    Raises :class:`InputError` for a notebook that is none, and for an unknown kind.
    """
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no kind of document; known are {', '.join(KINDS)}")
    if kind != "ipynb":
        return FINDERS[kind](text).formulas()
    return [
        replace(found, cell=number)
        for number, source in cells_of(text)[0]
        for found in find_markdown(source).formulas()
    ]


_RELATION = re.compile("[=≈≡]")
_LOOKS = (
    ("ipynb", re.compile(r'\A\s*\{\s*"')),
    ("html", re.compile(r"\A\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)),
    ("tex", re.compile(r"\\(?:documentclass|usepackage|(?:sub)*section|begin\s*\{document\})")),
    ("rst", re.compile(r"^\.\. [\w-]+::|:math:`", re.MULTILINE)),
    ("md", re.compile(r"^(?:#{1,6} |```|~~~|:::)|\$\$|\{math\}`", re.MULTILINE)),
    (
        "tex",
        re.compile(r"\\begin\s*\{(?:equation|align|gather|multline|eqnarray|displaymath|math)"),
    ),
    ("md", re.compile(r"\$|(?<!\\)\\[(\[]|\\\\\[(?!\s*-?\.?[0-9])")),
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
    kind = ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            f"{path}: what kind of document this is cannot be told from its name; "
            f"the known endings are {', '.join(ENDINGS)}"
        )
    return kind
