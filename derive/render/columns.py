"""Numbers in the columns of a table, with their decimal points one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from derive.formula import Formula, Number


def missing(rows: Sequence[Sequence[Formula | str]]) -> list[list[str] | None]:
    """What each number of a column lacks behind its last digit: ``.00`` of 1 above 0.25.

    There is nothing for a column in which something else than decimals stands.
    """
    return [_lacking(column) for column in zip(*rows, strict=True)]


def _lacking(column: Sequence[Formula | str]) -> list[str] | None:
    texts = [_text(cell) for cell in column]
    if any(not text or "e" in text for text in texts):
        return None
    behind = [len(text.partition(".")[2]) for text in texts]
    most = max(behind)
    return [("." if most and not count else "") + "0" * (most - count) for count in behind]


def _text(cell: Formula | str) -> str:
    """The digits of a number, with its point; nothing of what is none."""
    if isinstance(cell, str):
        return cell if cell.replace(",", "").isdecimal() else ""
    if not isinstance(cell, Number):
        return ""
    return cell.text or (str(cell.value) if cell.value.denominator == 1 else "")
