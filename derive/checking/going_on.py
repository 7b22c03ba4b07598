"""A display that begins with "=": it goes on from what the display before it ends with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derive.checking.display import Piece
from derive.checking.statements import Statement

_SIGN = re.compile(r"[\s&]*(?:=|\\equiv(?![A-Za-z])|≡)")
_APART = "it begins with '=', and does not go on from the formula before; write its left side"


@dataclass
class GoesOn:
    """What the last display ended with, for each layer that it was about."""

    last: dict[int | None, Statement] = field(default_factory=dict)

    def keep(self, statements: Sequence[Statement]) -> None:
        """Keep how a display ends; nothing of it where that was not read."""
        if any(s.error is not None or len(s.sides) > 1 for s in statements):
            end = max(s.start for s in statements)
            self.last = {s.layer: s for s in statements if s.start == end and s.sides}

    def rest(self, piece: Piece, layer: int | None) -> tuple[Piece, Statement] | None:
        """What stands behind "=" at the head of a display, and the statement before it."""
        sign = _SIGN.match(piece.text)
        before = self.last.get(layer) or self.last.get(None)
        if sign is None or before is None:
            return None
        begin = sign.end()
        return replace(piece, text=piece.text[begin:], start=piece.start + begin), before


def gone_on(before: Statement, made: Statement, start: int) -> Statement:
    """A statement with the last side of the one before as its first.

    If it fails it is not read, for authors go on from others than the last one, too.
    """
    first = replace(before.sides[-1], start=start, end=start)
    about = before.about_network or made.about_network
    sides = (first, *made.sides)
    return replace(made, sides=sides, about_network=about, hedge=made.hedge or _APART)
