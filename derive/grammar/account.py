"""The account of a text: what became of each of its characters.

A verdict speaks about all that the author wrote. So whoever takes a character, or passes over it,
says so here; a character of which nobody has said anything makes its formula unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby


class Use(IntEnum):
    """What a character was taken for."""

    NOTHING = 0
    TOKEN = 1
    """A part of a name, a number, a sign or a command that is in the formula's tree."""
    SPACE = 2
    """A blank, or a command that only moves or sizes what stands beside it."""
    GAP = 3
    """A wide blank, a cell or a row: what stands on both sides of it is no product."""
    LAYOUT = 4
    """A border of an environment, a row break between statements, brackets around an equation."""
    MARK = 5
    """The punctuation between statements, or at the end of one; an arrow between them."""
    WORD = 6
    """A word with a meaning: with, where, for, if."""
    LABEL = 7
    """An equation's number or its label."""


class Account:
    """What each character of one text was taken for; places count from 0 in that text."""

    def __init__(self, length: int) -> None:
        self._uses = bytearray(length)

    def mark(self, start: int, end: int, use: Use) -> None:
        """Say what the characters from `start` to `end` were taken for."""
        end = min(end, len(self._uses))
        if start < end:
            self._uses[start:end] = bytes((use,)) * (end - start)

    def has(self, use: Use, start: int, end: int) -> bool:
        """Whether a character between two places was taken for this."""
        return self._uses.find(use, start, end) >= 0

    def behind(self, place: int) -> Use | None:
        """What the first character behind a place was taken for that is no blank."""
        behind = self._uses[place:].lstrip(bytes((Use.SPACE,)))
        return Use(behind[0]) if behind else None

    def unread(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Where the first characters stand of which nobody has said anything."""
        begin = self._uses.find(Use.NOTHING, start, end)
        if begin < 0:
            return None
        stop = len(self._uses) if end is None else end
        behind = begin
        while behind < stop and self._uses[behind] == Use.NOTHING:
            behind += 1
        return begin, behind

    def stretches(self) -> Iterator[tuple[int, int, Use]]:
        """(start, end, use) of the whole text, one after the other."""
        start = 0
        for use, group in groupby(self._uses):
            end = start + sum(1 for _ in group)
            yield start, end, Use(use)
            start = end
