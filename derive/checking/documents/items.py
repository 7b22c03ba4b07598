"""From places in a text to formulas: lines and columns, and the words before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Found:
    """One formula of a document.

    `text` is the formula as it stands in the source, without its delimiters and without a number
    printed beside it; comments, verbatim text and the ``>`` of a quotation inside it are spaces, so
    that every place in `text` is one in the source. `line` and `column` count from 1 and say where
    it begins; in a notebook they count inside the cell, whose number is `cell`. `number` is the
    printed number of the equation, and `before` the last words between the previous formula and
    this one.
    """

    text: str
    line: int
    column: int
    number: str | None
    display: bool
    before: str = ""
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A formula as places in a text.

    It is `start` to `end`; with delimiters and number it reaches from `outer` to `after`. Words
    before `barrier`, the end of a block of code, do not lead to it. `environment` is the name of
    the environment whose body it is, if it is one's.
    """

    outer: int
    start: int
    end: int
    after: int
    number: str | None = None
    display: bool = True
    barrier: int = 0
    environment: str = ""

    def numbered(self, number: str, after: int) -> Item:
        """The same with a number that stands beside it and ends at `after`."""
        return replace(self, number=number, after=after, display=True)


def build(text: str, items: Iterable[Item]) -> list[Found]:
    """The formulas at these places, which are in order; empty ones are left out."""
    ends = [match.start() for match in re.finditer("\n", text)]
    found: list[Found] = []
    since = 0
    for item in items:
        start, end = trimmed(text, item.start, item.end)
        before = _words(text, max(since, item.barrier), item.outer)
        since = item.after
        if start == end:
            continue
        row = bisect_left(ends, start)
        column = start - (ends[row - 1] + 1 if row else 0) + 1
        # Comments are vertical tabs until here, where they no longer have to be told from blanks.
        content = text[start:end].replace(COMMENT, " ")
        found.append(Found(content, row + 1, column, item.number, item.display, before))
    return found


COMMENT = "\x0b"
"""What every character of a comment is replaced by: white space that makes no empty line."""

_LEADING = re.compile(r"(?:\s++|\\label\s*+\{[^{}]*+\})*+")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    r"""The part of a place without blanks around it, nor \label before it."""
    match = _LEADING.match(text, start, end)
    start = match.end() if match else start
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_KEPT = 80
_NOT_WORDS = re.compile(
    r"<!--.*?-->|<[^<>]*>"  # of HTML
    r"|\\(?:begin|end|label|(?:set|addto)counter|(?:number|counter)within)(?:\s*\{[^{}]*\})*"
    r"|\\[A-Za-z]+\*?|\\\\|~",  # of LaTeX
    re.DOTALL,
)
_BRACES = re.compile("[{}]")


def _words(text: str, start: int, end: int) -> str:
    """The last words of a stretch of prose, at most `_KEPT` characters of them."""
    prose = text[max(start, end - 5 * _KEPT) : end]
    return " ".join(_BRACES.sub("", _NOT_WORDS.sub(" ", prose)).split())[-_KEPT:].lstrip()
