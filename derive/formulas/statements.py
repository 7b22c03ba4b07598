r"""One display to the statements in it: rows of aligned, several columns, "…, where x = …".

A statement is a piece of the text; a row that goes on with the one before belongs to its piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.formulas.tokens import LONGEST

_TOKEN = re.compile(
    r"\\\\(?:\*|\[[^\]]{0,40}\])?|\\(?:text|textrm|mbox|hbox)\s*\{([^{}]*)\}|\\(?:quad|qquad)(?![A-Za-z])"
    r"|\\(?:Rightarrow|implies|iff|Leftrightarrow|Longrightarrow|therefore|to|rightarrow)"
    r"(?![A-Za-z])|\\begin\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\end\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[&,;{}()\[\]=≈⇒→⟹]",
    re.DOTALL,
)
_BLANK = re.compile(
    r"(?:\s|&|\{\}|\\[ ,;:!]|\\(?:quad|qquad|displaystyle|left|right|notag|nonumber)(?![A-Za-z])"
    r"|\\(?:label|tag\*?)\s*\{[^{}]*\})*"
)
_OPERATOR = re.compile(
    r"[=+*/·×⋅−–⊙≈)\]-]|\\(?:cdot|times|odot|ast|approx|right|bigr|Bigr|equiv|circ)(?![A-Za-z])"
)
_MINUS = re.compile(r"[-−–]")
_TRAILING = re.compile(
    r"(?:\\q?quad\s*\([0-9]+[a-z]?\)|\s|[.,;:!]|\\\\|\\[ ,;:!]|\\(?:quad|qquad)(?![A-Za-z])|&|~)+\Z"
)
_ENDS_OPEN = re.compile(
    r"(?:[=+*/·×⋅−–⊙(\[-]|\\(?:cdot|times|odot|ast))\s*(?:&|\\(?:right|left)\.?|\{\}|\s)*\Z"
)
_ARROWS: tuple[str, ...] = (
    "\\Rightarrow",
    "\\implies",
    "\\iff",
    "\\Leftrightarrow",
    "\\Longrightarrow",
)
_ARROWS += ("\\therefore", "⇒", "⟹")


_CASES = re.compile(r"\\(?:begin|end)\s*\{cases\}")
_BRACKET = re.compile(r"[()\[\]=]")
_SPACE = re.compile(r"\s*")
MOST_WRAPPINGS = 3
"""Brackets around a whole equation that are taken off."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement's text, where it begins, and the words before it (``mit``)."""

    text: str
    start: int
    words: str = ""


def pieces(text: str, is_word: Callable[[str], bool]) -> list[Piece]:
    r"""The statements of one display, in order.

    `is_word` says whether the content of a \text{…} is prose and not a name.
    """
    if len(text) > LONGEST:
        return [Piece(text, 0)]
    cuts = list(_Cuts(text, is_word).all())
    found: list[Piece] = []
    begin, words = 0, ""
    for start, end, word in [*cuts, (len(text), len(text), "")]:
        piece = _trimmed(text, begin, start)
        if piece is not None:
            found.append(Piece(text[piece[0] : piece[1]], piece[0], words))
            words = ""
        begin, words = end, word or words
    return found


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """The range without blanks, separators and brackets around a whole equation."""
    unwrapped = 0
    while True:
        blank = _BLANK.match(text, begin, end)
        assert blank is not None
        begin = min(blank.end(), end)
        trailing = _TRAILING.search(text[max(begin, end - 200) : end])
        if trailing and trailing.group():
            end -= len(trailing.group())
            continue
        if begin >= end:
            return None
        wrapped = text[begin] == "(" and text[end - 1] == ")" and _wraps(text[begin:end])
        if not wrapped or unwrapped == MOST_WRAPPINGS:
            return begin, end
        begin, end, unwrapped = begin + 1, end - 1, unwrapped + 1


def _wraps(text: str) -> bool:
    """Whether the outer brackets belong together and hold an equation."""
    depth = 0
    relation = False
    for sign in _BRACKET.finditer(text):
        char = sign[0]
        depth += (char in "([") - (char in ")]")
        if char == "=" and depth == 1:
            relation = True
        if not depth and sign.end() < len(text):
            return False
    return relation


class _Cuts:
    """One pass over a display for everything that separates statements."""

    def __init__(self, text: str, is_word: Callable[[str], bool]) -> None:
        self.text = text
        self.is_word = is_word
        self.blank = (0, 0)
        """The last stretch of blanks that was looked for, so that it is gone through once."""
        self.row = (0, 0, 0)
        """From where to where the row reaches, and the last relation in it."""

    def all(self) -> Iterator[tuple[int, int, str]]:
        """(start, end, word) of every cut."""
        braces = brackets = 0
        begin = 0
        related = False
        for token in _TOKEN.finditer(self.text):
            sign = token[0]
            cut: tuple[int, int, str] | None = None
            if _CASES.match(sign):
                # What is inside belongs together, as in braces.
                braces = max(0, braces + (1 if sign.startswith("\\begin") else -1))
            elif sign == "{":
                braces += 1
            elif sign == "}":
                braces -= 1
            elif sign in "([":
                brackets += 1
            elif sign in ")]":
                brackets = max(0, brackets - 1)
            elif braces > 0:
                continue
            elif sign in ("=", "≈", "\\approx", "\\equiv"):
                related = True
            elif sign.startswith("\\\\"):
                if not self._goes_on(begin, token.start(), token.end(), brackets):
                    cut = (token.start(), token.end(), "")
            elif token[1] is not None:
                after = _SPACE.match(self.text, token.end())
                behind = after.end() if after else token.end()
                if self.text[behind : behind + 1] not in ("_", "^") and self.is_word(token[1]):
                    cut = (token.start(), token.end(), token[1].strip())
            elif sign.startswith(("\\begin", "\\end")):
                if brackets == 0 and self._next(begin) >= token.start():
                    cut = (token.start(), token.end(), "")
            elif brackets or (sign == "," and _is_decimal_comma(self.text, token.start())):
                continue
            elif sign in (",", ";", *_ARROWS):
                cut = (token.start(), token.end(), "")
            elif sign in ("\\quad", "\\qquad", "&") and related:
                follows = self._next(token.end())
                if not _OPERATOR.match(self.text, follows) and self._relates(token.end()):
                    cut = (token.start(), token.end(), "")
            if cut is not None:
                yield cut
                begin, related, brackets = cut[1], False, 0

    def _next(self, at: int) -> int:
        """Where something stands that is no blank."""
        if not self.blank[0] <= at < self.blank[1]:
            found = _BLANK.match(self.text, at)
            self.blank = (at, found.end() if found else at)
        return self.blank[1]

    def _relates(self, at: int) -> bool:
        """Whether there is a relation between a place and the end of its row."""
        start, end, last = self.row
        if not start <= at <= end or not end:
            end = self.text.find("\\\\", at)
            end = end if end >= 0 else len(self.text)
            last = max(self.text.rfind("=", at, end), self.text.rfind("≈", at, end))
            self.row = (at, end, last)
        return last >= at

    def _goes_on(self, begin: int, end: int, after: int, brackets: int) -> bool:
        """Whether the row behind a line break continues the statement before it."""
        if brackets > 0 or _ENDS_OPEN.search(self.text, max(begin, end - 60), end):
            return True
        follows = self._next(after)
        if not _OPERATOR.match(self.text, follows):
            # A row that begins with an empty cell and relates nothing goes on with the one above.
            return "&" in self.text[after:follows] and not self._relates(follows)
        if _MINUS.match(self.text, follows) and self._relates(follows):
            between = self.text[after:follows]
            return "&" in between or "{}" in between
        return True


def _is_decimal_comma(text: str, at: int) -> bool:
    """0,5: not two statements but a number as it is written in other languages."""
    return text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
