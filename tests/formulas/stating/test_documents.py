"""Documents as lecturers write them, with their own definitions, and with mistakes in their claims.

In ``tests/data/stated``, ``«right¦wrong¦wrong»`` is what an author writes, and what others write by
mistake in its place: a sign, a transposed factor, the slope of another layer, a path left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Judged, Verdict

DATA = Path(__file__).parents[2] / "data" / "stated"
FILES = sorted(path.name for path in DATA.iterdir())
_MARKED = re.compile("«([^»]*)»")


def written(name: str, place: int = -1, choice: int = 0) -> tuple[str, int]:
    """A document, with one choice at one of its places, and where that stands in it."""
    source = (DATA / name).read_text(encoding="utf-8")
    text, end, at = "", 0, 0
    for number, mark in enumerate(_MARKED.finditer(source)):
        text += source[end : mark.start()]
        at = len(text) if number == place else at
        text += mark[1].split("¦")[choice if number == place else 0]
        end = mark.end()
    return text + source[end:], at


def mistakes(name: str) -> Iterator[tuple[int, int]]:
    """Every mistake that a document is prepared for."""
    source = (DATA / name).read_text(encoding="utf-8")
    for place, mark in enumerate(_MARKED.finditer(source)):
        yield from ((place, choice) for choice in range(1, mark[1].count("¦") + 1))


def judged(name: str, text: str) -> tuple[Judged, ...]:
    """What is said of the claims of a document, by nothing but its own definitions."""
    return check_document(None, text, name.partition(".")[2], name).claims


def begins(text: str, claim: Judged) -> int:
    """Where a claim begins in its document."""
    lines = text.split("\n")[: claim.line - 1]
    return sum(len(line) + 1 for line in lines) + claim.column - 1


@pytest.mark.parametrize("name", FILES)
def test_what_is_right_is_proved(name: str) -> None:
    """All that the document claims; no derivative in it is passed over."""
    text, _ = written(name)
    found = judged(name, text)
    assert found
    assert {claim.verdict for claim in found} == {Verdict.PROVED}
    spans = [(begins(text, claim), begins(text, claim) + len(claim.text)) for claim in found]
    head = text.find(r"\begin{document}")
    for sign in re.finditer(r"\\partial|\\nabla|\\dd\b", text):
        inside = any(start <= sign.start() < end for start, end in spans)
        assert inside or sign.start() < head, text[sign.start() :][:60]


@pytest.mark.parametrize("name", FILES)
def test_every_mistake_is_refuted(name: str) -> None:
    """Each by itself, in a document that is right but for it; nothing else becomes wrong."""
    for place, choice in mistakes(name):
        text, at = written(name, place, choice)
        found = judged(name, text)
        before = [claim for claim in found if begins(text, claim) <= at]
        assert before, (place, choice)
        assert before[-1].verdict is Verdict.REFUTED, before[-1].text
        others = [claim for claim in found if claim is not before[-1]]
        assert Verdict.REFUTED not in {claim.verdict for claim in others}
