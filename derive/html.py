"""Tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(head: Sequence[str], rows: Iterable[Sequence[str]], below: str) -> str:
    """An HTML table of texts, with lines of text below it."""

    def row(cells: Sequence[str], kind: str) -> str:
        shown = (escape(cell).replace("\n", "<br>") for cell in cells)
        inside = "".join(f'<{kind} style="text-align: left">{cell}</{kind}>' for cell in shown)
        return f"<tr>{inside}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    said = escape(below).replace("\n", "<br>")
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{body}</tbody></table><p>{said}</p>"
