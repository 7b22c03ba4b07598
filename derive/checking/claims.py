"""What is said about a formula: its verdict, its relations, the findings, and the whole report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from derive.grammar.findings import Finding, Severity


class Verdict(Enum):
    """What is known about a claim. The order is that of :func:`worst`."""

    PROVED = "proved"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"
    REFUTED = "refuted"


_RANK = list(Verdict)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of several verdicts; of none, `PROVED`."""
    return max(verdicts, key=_RANK.index, default=Verdict.PROVED)


@dataclass(frozen=True, slots=True)
class Witness:
    """A consistent point at which two sides differ: given quantities, and both sides' values."""

    point: Mapping[str, float]
    left: float
    right: float

    def to_json(self) -> dict[str, Any]:
        """The witness in the public JSON form."""
        point = {name: _finite(value) for name, value in self.point.items()}
        return {"point": point, "left": _finite(self.left), "right": _finite(self.right)}


def _finite(value: float) -> float | None:
    """A number as JSON has it, which has no infinity: one beyond 10^308 is null."""
    return value if math.isfinite(value) else None


Ruled = tuple[Verdict, list[Finding], Witness | None]
"""A verdict on one relation, what to say of it, and a witness."""


def undecided(code: str, message: str) -> Ruled:
    """What is said of a relation of which nobody knows whether it is right, and why."""
    return Verdict.UNDECIDED, [Finding(code, message, Severity.WARNING)], None


@dataclass(frozen=True, slots=True)
class Relation:
    """One '=' of a claim, with both sides as they are written."""

    left: str
    right: str
    verdict: Verdict
    witness: Witness | None = None

    def to_json(self) -> dict[str, Any]:
        """The relation in the public JSON form; a witness only where there is one."""
        table: dict[str, Any] = {
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict.value,
        }
        if self.witness is not None:
            table["witness"] = self.witness.to_json()
        return table


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict.

    `number` is the equation's printed number; `line` and `column` count from 1 and say where `text`
    begins in the source, in a notebook within the cell whose number is `cell`.
    """

    text: str
    verdict: Verdict
    relations: tuple[Relation, ...] = ()
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    line: int = 1
    column: int = 1
    cell: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The claim in the public JSON form."""
        return {
            "number": self.number,
            "cell": self.cell,
            "line": self.line,
            "column": self.column,
            "latex": self.text,
            "verdict": self.verdict.value,
            "relations": [relation.to_json() for relation in self.relations],
            "findings": [finding.to_json() | self._region(finding) for finding in self.findings],
        }

    def _region(self, finding: Finding) -> dict[str, int]:
        """Where a finding is, as JSON says it; the place behind it only where there is one."""
        names = ("line", "column", "end_line", "end_column")
        found = (*self.place(finding.start), *(self.end(finding) or ()))
        return dict(zip(names, found, strict=False))

    def end(self, finding: Finding) -> tuple[int, int] | None:
        """Line and column behind what a finding is about; None where it is about no stretch."""
        if finding.start is None or finding.end is None or finding.end <= finding.start:
            return None
        return self.place(finding.end)

    def place(self, offset: int | None) -> tuple[int, int]:
        """Line and column in the source of a place in the claim's text; its beginning for None."""
        if not offset:
            return self.line, self.column
        before = self.text[:offset]
        lines = before.count("\n")
        if not lines:
            return self.line, self.column + offset
        return self.line + lines, offset - before.rindex("\n")


def left_open(claim: Judged, code: str, message: str) -> Judged:
    """A claim of which nobody knows whether it is right where it fails, and why."""
    relations = tuple(
        replace(r, verdict=Verdict.UNDECIDED, witness=None) if r.verdict is Verdict.REFUTED else r
        for r in claim.relations
    )
    finding = Finding(code, message, Severity.WARNING)
    return replace(claim, verdict=Verdict.UNDECIDED, relations=relations, findings=(finding,))


@dataclass(frozen=True, slots=True)
class StatedBy:
    """The network that a document states: what was found, its file, and the definitions by line."""

    summary: str
    file: str
    definitions: tuple[tuple[int, str], ...]

    def to_json(self) -> dict[str, Any]:
        """What was found, in the public JSON form."""
        definitions = [{"line": line, "latex": latex} for line, latex in self.definitions]
        return {"summary": self.summary, "file": self.file, "definitions": definitions}


@dataclass(frozen=True, slots=True)
class Solved:
    """A convention that makes claims right which fail: what it says, how many, and how many not."""

    says: str
    right: int
    wrong: int

    def __str__(self) -> str:
        """In one sentence, for the head of a report."""
        one = self.right == 1
        claims = f"{self.right} {'formula that fails' if one else 'formulas that fail'} as the"
        claims += f" network is given {'holds' if one else 'hold'}"
        rest = f"; {self.wrong} more {'fails' if self.wrong == 1 else 'fail'} all the same"
        return f"{claims} if {self.says}{rest if self.wrong else ''}"

    def to_json(self) -> dict[str, Any]:
        """The convention in the public JSON form."""
        return {"message": str(self), "right": self.right, "wrong": self.wrong}


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction of a document: what `finding` of `claim` says to write in a place of its text.

    `start` and `end` are places in the whole document.
    """

    claim: Judged
    finding: Finding
    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class Report:
    """All claims of one source, in their order; `not_judged` counts formulas that claim nothing.

    `text` is the document, where it is one of text and no notebook, and `edits` are the corrections
    of it with which its claims are proved, once :mod:`derive.checking.corrections` looked for them.
    `stated` is the network that the document itself states, where none was given; `convention` what
    makes many claims right at once that fail.

    A document of several files, or about several networks, has a report for each in `parts`, and
    all claims of them.
    """

    network: str
    source: str | None
    claims: tuple[Judged, ...]
    not_judged: int = 0
    text: str | None = field(default=None, repr=False, compare=False)
    edits: tuple[Edit, ...] = field(default=(), repr=False, compare=False)
    stated: StatedBy | None = None
    convention: Solved | None = None
    parts: tuple[Report, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many claims have this verdict."""
        return sum(claim.verdict is verdict for claim in self.claims)

    @property
    def summary(self) -> dict[str, int]:
        """The number of claims of each verdict."""
        return counted([self])

    @property
    def status(self) -> int:
        """The exit status, as :func:`status_of` says."""
        return status_of([self])

    def to_json(self) -> dict[str, Any]:
        """The report in the public JSON form, which is that of several."""
        return to_json(self.parts or [self])


def to_json(reports: Sequence[Report]) -> dict[str, Any]:
    """One or several reports in the public JSON form, ``reports/report.schema.json``.

    What several have in common is said at the top: of two networks or sources there is none.
    """
    networks = {report.network for report in reports}
    sources = [report.source for report in reports]
    return {
        "network": networks.pop() if len(networks) == 1 else None,
        "source": sources[0] if len(sources) == 1 else None,
        "claims": [
            {"source": report.source, **claim.to_json()}
            for report in reports
            for claim in report.claims
        ],
        "not_judged": sum(report.not_judged for report in reports),
        "summary": counted(reports),
        "sources": [
            {
                "source": report.source,
                "network": report.network,
                "not_judged": report.not_judged,
                "summary": report.summary,
                "stated": report.stated and report.stated.to_json(),
                "convention": report.convention and report.convention.to_json(),
            }
            for report in reports
        ],
    }


def counted(reports: Sequence[Report]) -> dict[str, int]:
    """The number of claims of each verdict, in the order in which they are told."""
    order = (Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED, Verdict.UNREADABLE)
    return {verdict.value: sum(report.count(verdict) for report in reports) for verdict in order}


def status_of(reports: Sequence[Report]) -> int:
    """The exit status of a run: 1 for something refuted, 3 for something undecided or unreadable.

    It is 3, too, where documents were read and nothing in them was judged; else 0.
    """
    if any(report.count(Verdict.REFUTED) for report in reports):
        return 1
    doubtful = any(r.count(Verdict.UNDECIDED) + r.count(Verdict.UNREADABLE) for r in reports)
    read = any(report.source is not None for report in reports)
    nothing = read and not any(report.claims for report in reports)
    return 3 if doubtful or nothing else 0
