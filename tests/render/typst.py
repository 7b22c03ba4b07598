"""Typst looks at a document: whether it compiles, and how wide and high its displays are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from derive import Network
from derive.networks.equations.system import System
from derive.render.render import render
from tests.render.missing import ToolMissing
from tests.shelf import composed, kept

SIZE = 10
"""Of the text, in pt."""
PROBE = """
#context for it in query(math.equation.where(block: true)) [#metadata({
  let size = measure(math.equation(block: true, it.body))
  (size.width / 1pt, size.height / 1mm)
})<size>]
#context for it in query(table) [#metadata(measure(it).width / 1pt)<size>]
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


def in_typst(network: Network | System) -> str:
    """The document of a network."""
    return kept(("typst", network), lambda: render(composed(network), "typst"))


def pdf(text: str) -> bytes:
    """The document as a PDF for all readers; Typst refuses an equation that says nothing to them."""

    def make() -> bytes:
        made = engine().compile(text.encode(), ignore_system_fonts=True, pdf_standards="ua-1")
        assert isinstance(made, bytes)
        return made

    return kept(("a PDF by Typst", text), make)


def asked(text: str, label: str) -> list[Any]:
    """The values of the metadata with a label, once the document is set."""

    def make() -> list[Any]:
        query = engine().query
        found = query(text.encode(), f"<{label}>", field="value", ignore_system_fonts=True)
        values: list[Any] = json.loads(found)
        return values

    return kept(("asked of Typst", text, label), make)


def sizes(text: str) -> Sizes:
    """How large the displays and tables of a document come out."""
    found = asked(text + PROBE, "size")
    displays = [size for size in found if isinstance(size, list)]
    return Sizes(
        [width / SIZE for width, _ in displays],
        [height for _, height in displays],
        [size / SIZE for size in found if not isinstance(size, list)],
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
    probe = "#context [#metadata(counter(page).final().first())<pages>]"
    return int(asked(f"{text}\n{probe}", "pages")[0])


def first_page(text: str) -> bytes:
    """A picture of the first page as PNG."""
    found = engine().compile(text.encode(), ignore_system_fonts=True, format="png", ppi=80)
    first = found[0] if isinstance(found, list) else found
    assert isinstance(first, bytes)
    return first
