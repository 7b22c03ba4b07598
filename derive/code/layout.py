"""Lines of code of at most a hundred columns."""

from __future__ import annotations

from collections.abc import Sequence

from derive.emit.layout import wrapped
from derive.emit.pieces import Piece, behind, one_line

WIDTH = 100
STEP = "    "


def statement(
    head: str, pieces: Sequence[Piece], *, tail: str = "", comment: str = "", indent: str = STEP
) -> list[str]:
    """``head expression tail  # comment``, on several lines in brackets where one is too short."""
    end = tail + (f"  # {comment}" if comment else "")
    whole = f"{indent}{head}{one_line(pieces)}{end}"
    if len(whole) <= WIDTH:
        return [whole]
    return [f"{indent}{head}(", *_lines(behind(" ", pieces), indent + STEP), f"{indent}){end}"]


def listed(items: Sequence[str], indent: str) -> list[str]:
    """Items with commas behind them, as many in a line as fit."""
    return _lines([Piece(f" {item},", 0) for item in items], indent) if items else []


def _lines(pieces: Sequence[Piece], indent: str) -> list[str]:
    """Pieces in lines; the blank with which each line begins is the last of its indent."""
    start = indent[1:]
    found = wrapped(pieces, WIDTH - len(start), len, step=0)
    return [start + each.text for each in found]
