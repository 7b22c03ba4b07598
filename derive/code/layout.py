"""Lines of code of at most a hundred columns."""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.expressions import Piece

WIDTH = 100
STEP = "    "


def statement(
    head: str, pieces: Sequence[Piece], *, tail: str = "", comment: str = "", indent: str = STEP
) -> list[str]:
    """``head expression tail  # comment``, on several lines in brackets where one is too short."""
    text = "".join(piece.text for piece in pieces)
    end = tail + (f"  # {comment}" if comment else "")
    line = f"{indent}{head}{text}{end}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{indent}{head}(", *_broken(pieces, indent + STEP), f"{indent}){end}"]


def listed(items: Sequence[str], indent: str) -> list[str]:
    """Items with commas behind them, as many in a line as fit."""
    return _filled([f"{item}," if n == 0 else f" {item}," for n, item in enumerate(items)], indent)


def _broken(pieces: Sequence[Piece], indent: str) -> list[str]:
    """An expression broken at its outermost operators, or further in where that is not enough."""
    levels = sorted({piece.level for piece in pieces if piece.level >= 0})
    chunks: list[str] = []
    for level in levels or [0]:
        chunks = []
        for piece in pieces:
            if not chunks or 0 <= piece.level <= level:
                chunks.append(piece.text)
            else:
                chunks[-1] += piece.text
        if max(map(len, chunks)) + len(indent) <= WIDTH:
            break
    return _filled(chunks, indent)


def _filled(chunks: Sequence[str], indent: str) -> list[str]:
    """Chunks one behind the other, each in the next line if it does not fit into this one."""
    lines: list[str] = []
    for chunk in chunks:
        if lines and len(lines[-1]) + len(chunk) <= WIDTH:
            lines[-1] += chunk
        else:
            lines.append(indent + chunk.lstrip())
    return lines
