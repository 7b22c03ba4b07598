"""Corrections of a document: what its report says to write, put in place and judged once more.

A correction replaces a whole side of an equation. None is made in the definition of a macro, nor in
a side that holds one, nor where two findings of a report would change the same place; and only
those are kept with which the whole document is judged as before, but for the formulas that are then
proved.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from derive.checking.claims import Edit, Judged, Report, Verdict

MOST_ROUNDS = 4
"""How often a document is judged again; what does not come right in them is left to the author."""

_DEFINES = re.compile(
    r"\\(?:(?:[A-Za-z]*(?:newcommand|DocumentCommand|newenvironment|MathOperator|RobustCommand))\*?"
    r"\s*(?:\\[A-Za-z]+)?|[gex]?def\s*\\[^{}\n]*)(?=\s*[{\[])"
)
_BETWEEN = re.compile(r"\s*(?:\[[^\[\]]*\]\s*)*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")


def corrected(report: Report, again: Callable[[str], Report]) -> tuple[Report, Report]:
    """The report with the edits that put its document right, and that of the corrected document.

    `again` judges a text as the document was judged.
    """
    chosen = _proposed(report)
    for _ in range(MOST_ROUNDS):
        if not chosen or report.text is None:
            break
        after = again(applied(report.text, chosen))
        if len(after.claims) != len(report.claims):
            break
        touched = {id(edit.claim) for edit in chosen}
        wrong = {
            id(before)
            for before, now in zip(report.claims, after.claims, strict=True)
            if now.verdict is not (Verdict.PROVED if id(before) in touched else before.verdict)
        }
        if not wrong:
            return _with(report, chosen), after
        if not wrong & touched:
            break
        chosen = [edit for edit in chosen if id(edit.claim) not in wrong]
    return report, report


def applied(text: str, edits: Sequence[Edit], raw: str | None = None) -> str:
    """The document's `text` with its corrections, which are in their order and do not overlap.

    With `raw`, what the text was read from is returned corrected: its lines may end in another way,
    and a byte-order mark may stand before it.
    """
    source = text if raw is None else raw
    here, there = _lines(text), _lines(source)
    mark = source.startswith("\ufeff") and not text.startswith("\ufeff")

    def moved(at: int) -> int:
        row = bisect(here, at) - 1
        return there[row] + at - here[row] + (mark and not row)

    written, done = [], 0
    for edit in edits:
        written += [source[done : moved(edit.start)], edit.written]
        done = moved(edit.end)
    return "".join([*written, source[done:]])


def _lines(text: str) -> list[int]:
    """Where the lines of a text begin."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _with(report: Report, edits: Sequence[Edit]) -> Report:
    """The report with the edits, of which each of its parts has its own."""
    own = {id(claim) for claim in report.claims}
    parts = tuple(_with(part, edits) for part in report.parts)
    return replace(report, edits=tuple(e for e in edits if id(e.claim) in own), parts=parts)


def _proposed(report: Report) -> list[Edit]:
    """What the findings of a report say to write, wherever it can be put in place.

    The files that a document takes in are left as they are.
    """
    text = report.text
    if text is None:
        return []
    lines = _lines(text)
    closed = [*_definitions(text)]
    found: list[Edit] = []
    parts = [part for part in report.parts or (report,) if part.text is not None]
    for claim in (claim for part in parts for claim in part.claims):
        if claim.verdict is not Verdict.REFUTED:
            continue
        begin = lines[claim.line - 1] + claim.column - 1
        end = begin + len(claim.text)
        # A formula that is not read as it stands has a comment in it.
        as_it_stands = text[begin:end] == claim.text
        inside = any(first < end and begin < last for first, last in closed)
        if as_it_stands and not inside:
            found += _of_claim(claim, begin)
    return [*_apart(found)]


def _definitions(text: str) -> Iterator[tuple[int, int]]:
    """Where the document defines macros, from the command that does it to the end of its groups."""
    at = 0
    while define := _DEFINES.search(text, at):
        at = define.end()
        while (start := _BETWEEN.match(text, at)) and text.startswith("{", start.end()):
            at, depth = len(text), 0
            for brace in _BRACE.finditer(text, start.end()):
                depth += (brace[0] == "{") - (brace[0] == "}")
                if not depth:
                    at = brace.end()
                    break
        yield define.start(), at


def _of_claim(claim: Judged, begin: int) -> Iterator[Edit]:
    """The corrections of a claim that stands at `begin`, each once."""
    edits: dict[tuple[int, int, str], Edit] = {}
    for finding in claim.findings:
        if finding.within_macro:
            continue
        if finding.repaired and finding.start is not None and finding.end is not None:
            place = begin + finding.start, begin + finding.end
            edit = Edit(claim, finding, *place, finding.repaired)
            edits.setdefault((*place, finding.repaired), edit)
    yield from edits.values()


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Those of the edits that overlap no other one, in their order in the document."""
    edits = sorted(edits, key=lambda one: (one.start, one.end))
    reach = 0
    for edit, following in zip_longest(edits, edits[1:]):
        if reach <= edit.start and (following is None or edit.end <= following.start):
            yield edit
        reach = max(reach, edit.end)
