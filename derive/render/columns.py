"""The columns of a table: decimal points one below the other, and long ones side by side."""

from __future__ import annotations

from collections.abc import Sequence

from derive.formula import Formula, Number

LONG = 16
"""Rows up to which a table stands on a page as it is."""
MOST_COLUMNS = 8
"""Columns for which a page has room."""


def halved(
    head: Sequence[str], rows: Sequence[Sequence[Formula | str]]
) -> tuple[Sequence[str], Sequence[Sequence[Formula | str]]]:
    """A long table of few columns with its second half beside the first; others as they are."""
    if len(rows) <= LONG or 2 * len(head) > MOST_COLUMNS:
        return head, rows
    half = -(-len(rows) // 2)
    second = [*rows[half:], *[[""] * len(head)] * (2 * half - len(rows))]
    return [*head, *head], [[*one, *other] for one, other in zip(rows, second, strict=False)]


def missing(rows: Sequence[Sequence[Formula | str]]) -> list[list[str] | None]:
    """What each number of a column lacks behind its last digit: ``.00`` of 1 above 0.25.

    There is nothing for a column in which something else than decimals stands; empty cells may.
    """
    return [_lacking(column) for column in zip(*rows, strict=True)]


def _lacking(column: Sequence[Formula | str]) -> list[str] | None:
    texts = [_text(cell) for cell in column]
    if any((cell and not text) or "e" in text for cell, text in zip(column, texts, strict=True)):
        return None
    behind = [len(text.partition(".")[2]) for text in texts]
    most = max(behind)
    found = [("." if most and not count else "") + "0" * (most - count) for count in behind]
    return [lack if text else "" for lack, text in zip(found, texts, strict=True)]


def _text(cell: Formula | str) -> str:
    """The digits of a number, with its point; nothing of what is none."""
    if isinstance(cell, str):
        return cell if cell.replace(",", "").isdecimal() else ""
    if not isinstance(cell, Number):
        return ""
    return cell.text or (str(cell.value) if cell.value.denominator == 1 else "")
