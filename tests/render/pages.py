"""The pages of a PDF as a reader sees them: lines with their places, as poppler finds them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from xml.etree import ElementTree as ET

from tests.render.missing import program

SECONDS = 3_600
FOLIO = 0.94
"""Below this part of a page's height its number stands."""
HEAD = 0.06
"""Above this part the running head stands."""
LARGER = 1.12
"""By so much the letters of a heading are higher than those of the text."""
FULL = 0.5
_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_TITLE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)*\.?|[A-Z]\.) \S")


@dataclass(frozen=True)
class Line:
    """A line of text, its top and bottom in parts of the page's height, its letters' height in pt."""

    text: str
    top: float
    bottom: float
    height: float


@dataclass(frozen=True)
class Page:
    """A page: blocks of lines that belong together, from top to bottom, without the page's number."""

    blocks: list[list[Line]]

    @property
    def filled(self) -> float:
        """How far down the last line reaches, in parts of the page's height."""
        return max((line.bottom for block in self.blocks for line in block), default=0.0)


def pages(pdf: bytes) -> list[Page]:
    """All pages. Raises :class:`~tests.render.missing.ToolMissing` without pdftotext."""
    run = subprocess.run(
        [program("pdftotext"), "-bbox-layout", "-", "-"],
        input=pdf,
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    # Characters that XML does not have come from the fonts of big signs.
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", run.stdout.decode("utf-8", "replace"))
    root = ET.fromstring(text)  # noqa: S314  written right here
    return [_page(page) for page in root.iter(f"{_NAMESPACE}page")]


def _page(element: ET.Element) -> Page:
    whole = float(element.attrib["height"])
    blocks = []
    for block in element.iter(f"{_NAMESPACE}block"):
        lines = [_line(line, whole) for line in block.iter(f"{_NAMESPACE}line")]
        kept = [line for line in lines if line.bottom > HEAD and line.top < FOLIO]
        if kept:
            blocks.append(kept)
    return Page(sorted(blocks, key=lambda block: block[0].top))


def _line(element: ET.Element, whole: float) -> Line:
    words = list(element.iter(f"{_NAMESPACE}word"))
    top, bottom = (float(element.attrib[key]) for key in ("yMin", "yMax"))
    heights = [float(word.attrib["yMax"]) - float(word.attrib["yMin"]) for word in words]
    text = " ".join(word.text or "" for word in words)
    return Line(text, top / whole, bottom / whole, median(heights))


def faults(found: list[Page]) -> Iterator[str]:
    """What is wrong with the breaks between pages: empty pages, lonely headings and lines."""
    usual = median(line.height for page in found for block in page.blocks for line in block)
    for number, (page, after) in enumerate(pairwise(found), 1):
        if page.filled < FULL:
            yield f"page {number} is full to {page.filled:.0%} only"
        last, first = page.blocks[-1], after.blocks[0]
        if last[-1].height > LARGER * usual and _TITLE.match(last[-1].text):
            yield f"page {number} ends with the heading {last[-1].text!r}"
        if _goes_on(last[-1].text, first[0].text):
            if len(last) == 1:
                yield f"page {number} ends with the first line of a paragraph: {last[0].text!r}"
            if len(first) == 1:
                yield f"page {number + 1} begins with the last one of a paragraph: {first[0].text!r}"


def _goes_on(before: str, after: str) -> bool:
    """Whether a paragraph is broken between two lines of words."""
    return (
        re.search(r"[a-z]{3,},?$", before) is not None and re.match("[a-z]{3,} ", after) is not None
    )
