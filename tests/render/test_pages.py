"""The pages of the documents: how full they are, and where one ends."""

from __future__ import annotations

import re

import pytest

from derive.networks.sources import read
from tests.render.latex import pages_of
from tests.render.pages import Line, Page, faults, pages
from tests.render.typst import in_typst, pdf
from tests.sample import sampled
from tests.shelf import written

NETWORKS = (
    "2-4-3-2", "mazur", "xor", "classifier", "rnn", "lstm", "attention", "conv2d", "16-32-16-8",
    "784-30-10",
)  # fmt: skip
MOST = {"2-4-3-2": 10, "16-32-16-8": 7, "784-30-10": 7}
"""Pages that a document may have."""
SPECS = sampled(NETWORKS, ("2-4-3-2", "lstm"))


@pytest.mark.parametrize("spec", SPECS)
def test_no_page_of_a_pdf_is_half_empty_or_ends_badly(spec: str) -> None:
    """Typst: each page but the last is half full, and neither a heading nor a line stands alone."""
    found = pages(pdf(in_typst(read(spec))))
    assert not list(faults(found))
    assert len(found) <= MOST.get(spec, len(found))


@pytest.mark.parametrize("spec", SPECS)
def test_no_page_by_tex_is_half_empty_or_ends_badly(spec: str) -> None:
    """The same of what LaTeX makes of a document."""
    found = pages(pages_of(written(read(spec), "latex")))
    assert not list(faults(found))
    assert len(found) <= MOST.get(spec, len(found))


def test_a_long_table_begins_with_several_of_its_rows() -> None:
    """No page ends with the head of a table and a single row, of the 26 weights of 2-4-3-2."""
    for page in pages(pdf(in_typst(read("2-4-3-2")))):
        lines = [line for block in page.blocks for line in block]
        below = [line.top for line in lines if line.text.startswith("Table 4.")]
        values = [
            x for x in lines if below and x.top > below[0] and re.search(r"0\.0\d{4}", x.text)
        ]
        assert not below or len(values) > 3


def _text(*texts: str, at: float = 0.9, height: float = 10) -> list[Line]:
    return [Line(text, at, at + 0.01, height) for text in texts]


BROKEN = {
    "full to 20% only": [Page([_text("words", at=0.19)]), Page([_text("Words")])],
    "ends with the heading": [
        Page([_text("It is so."), _text("4.1 What follows", height=14)]),
        Page([_text("We see.", "More.", "Yet more.")]),
    ],
    "ends with the first line": [
        Page([_text("Before."), _text("This begins here and")]),
        Page([_text("goes on there,", "and there.")]),
    ],
    "begins with the last one": [
        Page([_text("This begins here", "and goes on with words")]),
        Page([_text("until the end.")]),
    ],
}


@pytest.mark.parametrize("fault", BROKEN)
def test_planted_faults_are_found(fault: str) -> None:
    """Each kind of bad break is told, and it alone."""
    (found,) = faults(BROKEN[fault])
    assert fault in found
