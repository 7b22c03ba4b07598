"""Telling prose from formulas, and the printed numbers of equations."""

from __future__ import annotations

import re

from derive.functions import spelled

NUMBER = r"(?:[A-Z]\.?)?[0-9]{1,4}(?:\.[0-9]{1,4})*+[a-z]?"
"""A number in brackets beside an equation, without the brackets: 12, 3a, 2.4, A.1."""

_OPERATIONS = frozenset({"sin", "cos", "tan", "softmax", "max", "min", "sum", "sqrt", "diag"})
_ENGLISH = frozenset({"step", "clip", "logistic"})
"""Names of functions that are ordinary words, too."""

_WORD = re.compile(r"(?<![\w\\'’])[^\W\d_]{2,}+(?![\w({\['’])")
_NO_PROSE = re.compile(
    r"\\(?:text|textrm|textit|mbox|mathrm|mathit|operatorname|tag|label)\*?\s*\{[^{}]*\}"
    r"|\\[A-Za-z]+"
)
_OPERATORS = "+-−–*/·×⋅•=≈≡^_<>|⊙∘∂√:&,;"


def _is_function(word: str) -> bool:
    """Whether a word is the name of a function, in whatever case, and nothing else."""
    small = word.lower()
    if small in _ENGLISH:
        return False
    return small in _OPERATIONS or (spelled(word) or spelled(small)) is not None


def is_prose(text: str) -> bool:
    r"""Whether two ordinary words follow one another, not counting those in ``\text{…}``."""
    text = _NO_PROSE.sub("$", text)
    end = -1
    for word in _WORD.finditer(text):
        if _is_function(word[0]):
            continue
        if end >= 0 and not text[end : word.start()].strip(" \t\r\n,;:."):
            return True
        end = word.end()
    return False


def has_lost_word(text: str) -> bool:
    """Whether an ordinary word stands in `text` without an operator or a bracket beside it."""
    last = ""
    for word in _WORD.finditer(text):
        argument, last = _is_function(last), word[0]
        before, after = word.start() - 1, word.end()
        while before >= 0 and text[before].isspace():
            before -= 1
        while after < len(text) and text[after].isspace():
            after += 1
        joined = (before >= 0 and text[before] in _OPERATORS + "([{") or (
            after < len(text) and text[after] in _OPERATORS + ")]}"
        )
        if not (joined or argument or _is_function(last)) and len(text) > len(word[0]):
            return True
    return False


TAG = re.compile(r"\\tag\*?\s*+\{((?:[^{}]++|\{[^{}]*+\})*+)\}")
_ONLY = re.compile(
    rf"\s*+(?:\((?P<plain>{NUMBER})\)|\\(?:text|textrm|mathrm)\s*+\{{\((?P<text>{NUMBER})\)\}}"
    r"|\\tag\*?\s*+\{(?P<tag>[^{}]*+)\})\s*+"
)
_TRAILING = re.compile(
    r"(?P<gap>(?:\\(?:q?quad|hfill|l?eqno)(?![A-Za-z])|\\hspace\*?\s*\{[^{}]*\}|\s)++)"
    rf"(?:\((?P<plain>{NUMBER})\)|\\(?:text|textrm|mathrm)\s*\{{\((?P<text>{NUMBER})\)\}})\s*\Z"
)
_UNFINISHED = re.compile(
    r"(?:[-+*/=<>·×⋅−–⊙⊗({\[&,\\|^_]|\\(?:cdot|times|odot|otimes|ast|left|right|[bB]igg?[lrm]?))\s*\Z"
)
_BEHIND = r"[.,;]?(?:[ \t]*+\{#[^{}\n]*+\})?"
_BESIDE = re.compile(_BEHIND + rf"(?:[ \t]|&nbsp;|&emsp;)*+\**\(({NUMBER})\)\**(?=[\s.,;]|\Z)")
_BELOW = re.compile(
    _BEHIND + rf"(?:[ \t]*+\r?\n)++[ \t]*+\**\(({NUMBER})\)\**\.?[ \t]*+(?=\r?\n|\Z)"
)
_REST = re.compile(r"[ \t.,;]*+(?=\r?\n|\Z)")


def tag(text: str) -> str | None:
    r"""What ``\tag{…}`` prints, without brackets or dollars; None without one."""
    match = TAG.search(text)
    return _bare(match[1]) if match else None


def only_number(text: str) -> str | None:
    """The number, if there is nothing else in a formula."""
    match = _ONLY.fullmatch(text)
    return _bare(match["plain"] or match["text"] or match["tag"] or "") if match else None


def trailing_number(text: str) -> tuple[str, int] | None:
    """The number that stands at the end of a formula, set off from it, and where its gap begins."""
    cut = max(0, len(text) - 120)
    match = _TRAILING.search(text, cut)
    if match is None:
        return None
    gap = match["gap"]
    if "\\" not in gap and "\n" not in gap and len(gap) < 3:
        return None
    if _UNFINISHED.search(text, cut, match.start()) or not text[: match.start()].strip():
        return None
    return match["plain"] or match["text"], match.start()


def number_beside(text: str, at: int, alone: bool = False) -> tuple[str, int] | None:
    """The number behind a formula that ends at `at`, on its line or below, and where that ends.

    With `alone`, nothing but the number may follow on the line.
    """
    match = _BESIDE.match(text, at)
    if match and (not alone or _REST.match(text, match.end())):
        return match[1], match.end()
    match = _BELOW.match(text, at)
    return (match[1], match.end()) if match else None


def _bare(number: str) -> str | None:
    number = number.strip().strip("$").strip()
    if number.startswith("(") and number.endswith(")"):
        number = number[1:-1].strip()
    return number or None
