"""Typst looks at a document: whether it compiles, and how wide and high its displays are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.render.missing import ToolMissing

SIZE = 10
"""Of the text, in pt."""
PROBE = """
#context for it in query(math.equation.where(block: true)) [#metadata({
  let size = measure(math.equation(block: true, it.body))
  (size.width / 1pt, size.height / 1mm)
})<display>]
#context for it in query(table) [#metadata(measure(it).width / 1pt)<table>]
"""


@dataclass(frozen=True)
class Sizes:
    """The widths of displays and tables in em, and the heights of displays in mm."""

    widths: list[float]
    heights: list[float]
    tables: list[float]


def engine() -> Any:
    """The package typst."""
    try:
        import typst
    except ImportError:
        message = "typst is not installed: pip install 'derive-backprop[pdf]'"
        raise ToolMissing(message) from None
    return typst


def pdf(text: str) -> bytes:
    """The document as a PDF for all readers; Typst refuses an equation that says nothing to them."""
    made = engine().compile(text.encode(), ignore_system_fonts=True, pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def asked(text: str, label: str) -> list[Any]:
    """The values of the metadata with a label, once the document is set."""
    typst = engine()
    found = typst.query(text.encode(), f"<{label}>", field="value", ignore_system_fonts=True)
    values: list[Any] = json.loads(found)
    return values


def sizes(text: str) -> Sizes:
    """How large the displays and tables of a document come out."""
    displays, tables = asked(text + PROBE, "display"), asked(text + PROBE, "table")
    return Sizes(
        [width / SIZE for width, _ in displays],
        [height for _, height in displays],
        [width / SIZE for width in tables],
    )


def widths(head: str, formulas: list[str]) -> list[float]:
    """How wide Typst sets formulas as displays, in em; `head` begins a document."""
    body = "".join(
        f"#context [#metadata(measure(math.equation(block: true, $ {formula} $.body)).width / 1pt)"
        "<width>]\n"
        for formula in formulas
    )
    return [width / SIZE for width in asked(head + body, "width")]


def page_count(text: str) -> int:
    """How many pages a document has."""
    found = engine().query(
        f"{text}\n#context [#metadata(counter(page).final().first())<pages>]".encode(),
        "<pages>",
        field="value",
        ignore_system_fonts=True,
    )
    return int(json.loads(found)[0])


def first_page(text: str) -> bytes:
    """A picture of the first page as PNG."""
    found = engine().compile(text.encode(), ignore_system_fonts=True, format="png", ppi=80)
    first = found[0] if isinstance(found, list) else found
    assert isinstance(first, bytes)
    return first
