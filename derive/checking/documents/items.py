"""From places in a text to formulas: lines and columns, and the words before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property


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


@dataclass(frozen=True, slots=True)
class Input:
    r"""Another file that stands here in its document: ``\input{name}``, from `start` to `end`.

    Before the document begins it only `defines`; one that is not `wanted` need not be there.
    """

    name: str
    start: int
    end: int
    defines: bool = False
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Comment:
    """What an author says to programs: the text of a comment, and where it stands."""

    text: str
    start: int
    end: int


@dataclass
class Page:
    """One text: what stands in it, and where.

    In `text` all that is neither a formula nor prose is blanks. `items` are its formulas, and the
    files that it takes in, in order; `comments` may be directives.
    """

    text: str
    items: Iterable[Item | Input]
    comments: Sequence[Comment] = ()
    since: int = 0

    @cached_property
    def _ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def place(self, at: int) -> tuple[int, int]:
        """The line and the column of a place."""
        row = bisect_left(self._ends, at)
        return row + 1, at - (self._ends[row - 1] + 1 if row else 0) + 1

    def found(self, item: Item) -> Found | None:
        """The formula of an item; nothing where it is empty. Items are asked for in order."""
        start, end = trimmed(self.text, item.start, item.end)
        before = _words(self.text, max(self.since, item.barrier), item.outer)
        self.since = item.after
        if start == end:
            return None
        # Comments are vertical tabs until here, where they no longer have to be told from blanks.
        content = _without_comments(self.text[start : item.end])[: end - start]
        content = content.replace(COMMENT, " ")
        first, last = trimmed(content, 0, len(content))
        if first == last:
            return None
        place = self.place(start + first)
        return Found(content[first:last], *place, item.number, item.display, before)

    def formulas(self) -> list[Found]:
        """All formulas of this text alone."""
        found = (self.found(item) for item in self.items if isinstance(item, Item))
        return [one for one in found if one is not None]


COMMENT = "\x0b"
"""What every character of a comment is replaced by: white space that makes no empty line."""

_LINE = re.compile(r"[^\n]*+\n|[^\n]++")
_UP_TO_COMMENT = re.compile(r"(?:[^\\%]|\\.)*+(?=%)")
_LENGTH = re.compile(r"(?<!\\)\\\\(?P<length>%\[[^\[\]%]*+\])")


def _without_comments(formula: str) -> str:
    """A formula in LaTeX with blanks for comments, from a ``%`` to the end of a line."""
    if "%" not in formula or "\\" not in formula:
        return formula
    return "".join(map(_without_comment, _LINE.findall(formula)))


def _without_comment(line: str) -> str:
    r"""A line with blanks for its comment.

    Where that would hold the end of what is begun before it, line breaks have been lost: then only
    the length behind a new row is one, as in ``\\\\%[1em]``.
    """
    text = _UP_TO_COMMENT.match(line)
    if text is None:
        return line
    said = line[text.end() :]
    if said.count(r"\begin{") != said.count(r"\end{"):
        return _LENGTH.sub(lambda row: r"\\" + " " * len(row["length"]), line)
    return text[0] + " " * (len(said) - 1) + "\n" if said.endswith("\n") else line


_LEADING = re.compile(r"(?:\s++|\\label\s*+\{[^{}]*+\})*+")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    r"""The part of a place without blanks around it, nor \label before it.

    A blank behind a backslash belongs to it.
    """
    match = _LEADING.match(text, start, end)
    start = match.end() if match else start
    last = end
    while end > start and text[end - 1].isspace():
        end -= 1
    slashes = end - len(text[start:end].rstrip("\\")) - start
    return start, min(last, end + slashes % 2)


def blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with blanks at these places, which are in order; its lines stay."""
    parts: list[str] = []
    at = 0
    for start, end in places:
        parts += [text[at:start], re.sub(r"[^\r\n]", " ", text[max(start, at) : end])]
        at = max(at, end)
    return "".join([*parts, text[at:]])


_SAID = re.compile(r"^[ \t>]*+(?:%++|#|\.\.(?=[ \t]))(?P<text>[ \t]*+derive[^\n]*)", re.MULTILINE)


def lines_said(text: str) -> list[Comment]:
    """Comments that are lines of their own: those of MyST, of rst and of plain text."""
    return [Comment(m["text"], m.start(), m.end()) for m in _SAID.finditer(text)]


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
