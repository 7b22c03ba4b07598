"""Source text fitted to a terminal, in which a character takes no, one or two cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from derive.checking.reports.words import REPLACEMENT

_TAB = "    "
_CUT = "…"


def printable(text: str) -> str:
    """The text with a mark for each character that shows nothing or steers the terminal."""
    return "".join(one if one.isprintable() else REPLACEMENT for one in text)


def one_line(text: str) -> str:
    """The text on a single line, in characters that can be seen."""
    return printable(" ".join(text.split()))


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, room: int) -> str:
    """The text, its middle left out if it takes more than `room` cells."""
    if cells(text) <= room:
        return text
    end = _fitting(reversed(text), (room - 1) // 2)
    start = _fitting(text, room - 1 - cells(end))
    return start + _CUT + end[::-1]


def _fitting(characters: Iterable[str], room: int) -> str:
    """As many characters from the beginning as there is room for."""
    taken = ""
    for character in characters:
        room -= _width(character)
        if room < 0:
            break
        taken += character
    return taken


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of source and, for the line below it, the marks under a place in it."""

    line: str
    marks: str


def marked(text: str, start: int, end: int | None, room: int) -> Marked:
    """The line of `text` in which `start` lies, cut around that place to `room` cells.

    The marks go on to `end`, at most to the end of the line.
    """
    start = min(max(start, 0), len(text))
    begin = text.rfind("\n", 0, start) + 1
    source = text[begin:].partition("\n")[0].rstrip()
    begin_of_ink = min(len(source) - len(source.lstrip()), start - begin)
    source = source[begin_of_ink:]
    at = start - begin - begin_of_ink
    glyphs = [_TAB if one == "\t" else printable(one) for one in source]
    # A place behind the last character, as of something missing there, has a cell too.
    glyphs += [" "] * (at + 1 - len(glyphs))
    widths = list(map(cells, glyphs))
    # What takes no cell of its own, an accent, is marked all the same.
    widths[at] = max(widths[at], 1)
    first, last = _around(widths, at, room)
    before = _CUT if first else ""
    line = before + "".join(glyphs[first:last]) + (_CUT if last < len(glyphs) else "")
    until = at + 1 if end is None else min(at + max(end - start, 1), last, max(len(source), at + 1))
    indent = cells(before + "".join(glyphs[first:at]))
    return Marked(line.rstrip(), " " * indent + "^" * max(cells("".join(glyphs[at:until])), 1))


def _around(widths: list[int], at: int, room: int) -> tuple[int, int]:
    """The range around `at` that fits into `room`, with room for the signs of what is cut off."""
    if sum(widths) <= room:
        return 0, len(widths)
    room -= 2 * len(_CUT) + widths[at]
    first, last = at, at + 1
    while True:
        grown = False
        if last < len(widths) and widths[last] <= room:
            room -= widths[last]
            last += 1
            grown = True
        if first and widths[first - 1] <= room:
            first -= 1
            room -= widths[first]
            grown = True
        if not grown:
            return first, last
