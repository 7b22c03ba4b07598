"""Why a display is not read at all, whatever stands in its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.grammar.signs import ROW, TAG
from derive.grammar.tokens import Unreadable

_SIZED = re.compile(r"\\(left|right)(?![A-Za-z])")
_ROW = re.compile(r"(?:[^\\]|\\[^\\])+")
_TAGGED = re.compile(r"\\tag\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_NO_LENGTH = re.compile(rf"(?!{ROW}\s*(?<=\]))\\\\\*?\s*\[")
_NUMBER_BEHIND = re.compile(r"\\q?quad\s*\([0-9]+[a-z]?\)[\s.,;]*\Z")
_BEGIN_OPTION = re.compile(r"\\begin\s*\{[a-z]+\*?\}\s*\[(?![tbc]\])")
_BORDER = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")


def unpaired(text: str) -> Unreadable | None:
    r"""Why a display is not read that has a \left without its \right, or the reverse."""
    sized = 0
    for size in _SIZED.finditer(text):
        sized += 1 if size[1] == "left" else -1
        if sized < 0:
            return Unreadable(r"\right has no \left before it", size.start(), size.end())
    if sized:
        place = text.rindex("\\left")
        return Unreadable(r"\left has no \right behind it", place, place + 5)
    return None


def faults(text: str) -> Iterator[Unreadable]:
    """Why a display is not read at all, whatever stands in its formulas."""
    yield from _unclosed(text)
    yield from _numbered_twice(text)
    for pattern, message in _BEFORE_BRACKET:
        if option := pattern.search(text):
            yield Unreadable(message, *option.span())
    number = _NUMBER_BEHIND.search(text)
    if number is not None and _TAGGED.search(text):
        yield Unreadable("an equation has one number", number.start(), len(text))
    for label in _TAGGED.finditer(text):
        if not TAG.fullmatch(label[1].strip()):
            message = "only an equation's number or a sign is read as its tag"
            yield Unreadable(message, *label.span())


def _unclosed(text: str) -> Iterator[Unreadable]:
    """Environments that are not closed, or end where none is open."""
    open_: list[re.Match[str]] = []
    for border in _BORDER.finditer(text):
        if border[1] == "begin":
            open_.append(border)
        elif not open_ or open_.pop()[2] != border[2]:
            yield Unreadable(f"{border[0]} ends nothing", *border.span())
    if open_:
        yield Unreadable(f"{open_[-1][0]} is never ended", *open_[-1].span())


def _numbered_twice(text: str) -> Iterator[Unreadable]:
    """Equations, and rows of them, that have two tags."""
    tags = list(_TAGGED.finditer(text))
    ends = [border.end() for border in _BORDER.finditer(text) if border[1] == "end"]
    if len(tags) > 1 and ends and tags[-1].start() >= ends[-1] > tags[0].start():
        yield Unreadable("an equation has one number", *tags[0].span())
    for row in _ROW.finditer(text):
        if len(_TAGGED.findall(row[0])) > 1:
            yield Unreadable("a row has one tag only", *row.span())


_BEFORE_BRACKET = (
    (_BEGIN_OPTION, "write {} before a bracket here"),
    (_NO_LENGTH, r"behind \\ a length in [ ] is expected; write {} before another bracket"),
)
"""Brackets that would be taken for options, and what is said of them."""
