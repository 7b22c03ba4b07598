"""The report for people: a line for everything to look at, with the formula below it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import click

from derive.checking.claims import Judged, Report, Verdict
from derive.checking.reports.window import marked, one_line, printable, shorten
from derive.checking.reports.words import (
    advice,
    equation,
    example,
    reason,
    remarks,
    summary,
    title,
    unexplained,
)
from derive.grammar.findings import Finding, Severity
from derive.html import table

NARROWEST = 20
"""Narrower terminals get lines that they have to wrap."""

_INDENT = "    "

_COLOURS = {
    Verdict.PROVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNDECIDED: "yellow",
    Verdict.UNREADABLE: "red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.NOTE: "cyan",
}


@dataclass(frozen=True, slots=True, repr=False)
class CheckReport(Report):
    """A report that says as text, and in a notebook, what stands in it."""

    def __str__(self) -> str:
        return "\n".join(as_text(self, colour=False, width=100, from_file=self.source is not None))

    def __repr__(self) -> str:
        about = f" of {self.source}" if self.source else ""
        return f"<Report on {self.network}{about}: {summary([self])}>"

    def _repr_html_(self) -> str:
        rows = (
            [claim.verdict.value, claim.text.strip(), "\n".join(map(advice, remarks(claim)))]
            for claim in self.claims
        )
        return table(["verdict", "formula", ""], rows, summary([self]))


def on_terminal(reports: Sequence[Report]) -> str:
    """The reports in colours, as wide as the terminal; click leaves the colours out elsewhere."""
    width = shutil.get_terminal_size((100, 24)).columns
    return "\n".join(
        line
        for report in reports
        for line in as_text(report, colour=True, width=width, from_file=report.source is not None)
    )


def as_text(report: Report, *, colour: bool, width: int, from_file: bool) -> list[str]:
    """The lines of the report, for a document or for formulas typed on the command line."""
    page = _Page(colour, max(width, NARROWEST))
    once = _corrections_once(_aliases_once(report.claims), from_file=from_file)
    told = replace(report, claims=tuple(once))
    return list(page.document(told) if from_file else page.formulas(told))


def _aliases_once(claims: Sequence[Judged]) -> Iterator[Judged]:
    """The claims, each note on an alias kept only where it first occurs, with a count."""

    def repeats(finding: Finding) -> bool:
        return finding.code == "alias" and finding.severity is Severity.NOTE

    left = Counter(one.message for claim in claims for one in claim.findings if repeats(one))
    for claim in claims:
        kept = []
        for finding in claim.findings:
            if not repeats(finding):
                kept.append(finding)
            elif more := left.pop(finding.message, 0):
                kept.append(replace(finding, message=_counted(finding.message, more - 1)))
        yield replace(claim, findings=tuple(kept))


def _corrections_once(claims: Iterable[Judged], *, from_file: bool) -> Iterator[Judged]:
    """The claims, each correction written where it first occurs; another claim refers to that."""
    said: dict[str | None, tuple[int, str]] = {}
    for index, claim in enumerate(claims):
        cell = "" if claim.cell is None else f"cell {claim.cell}, "
        here = f"as in {cell}line {claim.line}" if from_file else "as above"
        kept = []
        for finding in claim.findings:
            if finding.written in said:
                first, where = said[finding.written]
                again = None if first == index else where
                kept.append(replace(finding, suggestion=again, repaired=None))
            else:
                kept.append(finding)
                if finding.written is not None:
                    said[finding.written] = index, here
        yield replace(claim, findings=tuple(kept))


def _counted(message: str, more: int) -> str:
    if not more:
        return message
    sentence = message.removesuffix(".")
    stop = message[len(sentence) :]
    return f"{sentence} (and in {more} more {'place' if more == 1 else 'places'}){stop}"


@dataclass(frozen=True, slots=True)
class _Page:
    colour: bool
    width: int

    def document(self, report: Report) -> Iterator[str]:
        """The claims of a file that there is something to say about, and the summary."""
        source = printable(report.source or "<stdin>")
        if report.stated is not None:
            yield f"{source}: {one_line(report.stated.summary)}"
        if report.convention is not None:
            yield f"{source}: {one_line(str(report.convention))}"
        for claim in report.claims:
            if report.convention is None or not _is_solved(claim):
                yield from self._in_file(claim, source)
        yield summary([report], self._paint)

    def formulas(self, report: Report) -> Iterator[str]:
        """All claims, whose text the reader has just typed."""
        several = len(report.claims) > 1
        for claim in report.claims:
            yield from self._typed(claim, several=several)
        if several or not report.claims:
            yield summary([report], self._paint)

    def _in_file(self, claim: Judged, source: str) -> Iterator[str]:
        def prefix(finding: Finding | None) -> str:
            line, _ = claim.place(finding.start if finding else None)
            return f"{source}:{line}: {one_line(title(claim))}: "

        leading = reason(claim)
        shown: set[int] = set()
        if claim.verdict is not Verdict.PROVED:
            message = f": {one_line(leading.message)}" if leading else ""
            yield prefix(leading) + self._paint(claim.verdict, claim.verdict.value) + message
            bare = unexplained(claim)
            if leading:
                yield from self._relation(claim, leading, shown)
            if not (bare or shown or _points(claim, leading)):
                yield _INDENT + self._shortened(claim.text)
            if leading:
                yield from self._details(claim, leading)
            for index in bare:
                yield _INDENT + self._shortened(equation(claim.relations[index]))
                yield from self._witness(claim, index)
            shown.update(bare)
        for finding in claim.findings:
            if finding is not leading:
                yield prefix(finding) + self._sentence(finding)
                yield from self._relation(claim, finding, shown)
                yield from self._details(claim, finding)

    def _typed(self, claim: Judged, *, several: bool) -> Iterator[str]:
        verdict = claim.verdict.value
        room = self.width - len(verdict) - 2
        text = f": {shorten(one_line(claim.text), room)}" if several else ""
        yield self._paint(claim.verdict, verdict) + text
        bare = unexplained(claim)
        chain = len(claim.relations) > 1
        for index, relation in enumerate(claim.relations):
            if chain:
                word = relation.verdict.value
                written = self._shortened(equation(relation), len(word) + 2)
                yield f"{_INDENT}{self._paint(relation.verdict, word)}: {written}"
            if index in bare:
                yield from self._witness(claim, index, _INDENT if chain else "")
        leading = reason(claim)
        for finding in sorted(claim.findings, key=lambda one: one is not leading):
            said = one_line(finding.message) if finding is leading else self._sentence(finding)
            yield _INDENT + said
            yield from self._details(claim, finding)

    def _sentence(self, finding: Finding) -> str:
        word = self._paint(finding.severity, finding.severity.value)
        return f"{word}: {one_line(finding.message)}"

    def _relation(self, claim: Judged, finding: Finding, shown: set[int]) -> Iterator[str]:
        """The relation that fails for the reason of the finding, unless it was shown before."""
        if claim.verdict is Verdict.PROVED or finding.severity is Severity.NOTE:
            return
        failing = [i for i, one in enumerate(claim.relations) if one.verdict is claim.verdict]
        if finding.relation is not None:
            failing = [i for i in failing if i == finding.relation]
        for index in failing[:1]:
            if index not in shown:
                shown.add(index)
                yield _INDENT + self._shortened(equation(claim.relations[index]))

    def _details(self, claim: Judged, finding: Finding) -> Iterator[str]:
        """The place, for a formula that cannot be read, and what to write instead."""
        if finding.start is not None and _points(claim, finding):
            place = marked(claim.text, finding.start, finding.end, self.width - len(_INDENT))
            indent = len(place.marks) - len(place.marks.lstrip())
            yield _INDENT + place.line
            yield _INDENT + " " * indent + self._paint(finding.severity, place.marks.lstrip())
        if finding.written is not None:
            label = click.style("write", bold=True) if self.colour else "write"
            yield f"{_INDENT}{label}: {one_line(finding.written)}"

    def _witness(self, claim: Judged, index: int, indent: str = "") -> Iterator[str]:
        witness = claim.relations[index].witness
        if witness is not None:
            yield _INDENT + indent + one_line(example(witness))

    def _shortened(self, text: str, taken: int = 0) -> str:
        return shorten(one_line(text), self.width - len(_INDENT) - taken)

    def _paint(self, kind: Verdict | Severity, text: str) -> str:
        return click.style(text, fg=_COLOURS[kind], bold=True) if self.colour else text


def _is_solved(claim: Judged) -> bool:
    """Whether all that is said of a claim is the convention at the head of the report."""
    return [finding.code for finding in claim.findings] == ["convention"]


def _points(claim: Judged, finding: Finding | None) -> bool:
    """Whether the finding points at what cannot be read."""
    return claim.verdict is Verdict.UNREADABLE and finding is not None and finding.start is not None
