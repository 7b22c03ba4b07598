"""What is said about a claim, with its place: the same for every format that programs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from derive.checking.claims import Edit, Judged, Report
from derive.checking.reports.words import advice, encodable, path_of, remarks, title
from derive.grammar.findings import Finding

Place = tuple[int, int]
"""A line and a column, both from 1; columns count characters."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding of one claim, or the bare verdict that no finding explains.

    `index` counts the claims of the report, from 0. `edit` is what puts the document right, if that
    was looked for. `fingerprint` is the same in the next run, on whatever line the formula stands
    then, and another one for every remark of a run.
    """

    report: Report
    index: int
    claim: Judged
    finding: Finding
    edit: Edit | None
    fingerprint: str = ""

    @property
    def path(self) -> str:
        """The file, or which of the typed formulas it is."""
        source = self.report.source
        return f"formula {self.index + 1}" if source is None else path_of(source)

    @property
    def start(self) -> Place:
        """Where it begins, in a notebook within its cell."""
        return self.claim.place(self.finding.start)

    @property
    def end(self) -> Place | None:
        """The place behind it, if it is about a stretch of the text."""
        return self.claim.end(self.finding)

    @property
    def message(self) -> str:
        """What is said and what to write, in a notebook with the cell."""
        said = advice(self.finding)
        return said if self.claim.cell is None else f"{title(self.claim)}: {said}"

    def span(self, edit: Edit) -> tuple[Place, Place]:
        """Where in the document the text stands that an edit of it replaces."""
        assert self.report.text is not None
        start, end = (_place(self.report.text, at) for at in (edit.start, edit.end))
        return start, end


def _place(text: str, at: int) -> Place:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def all_remarks(reports: Sequence[Report]) -> Iterator[Remark]:
    """Everything that there is to say, in the order of the reports and of their claims."""
    seen: Counter[str] = Counter()
    for report in reports:
        edits = {(id(edit.claim), id(edit.finding)): edit for edit in report.edits}
        for index, claim in enumerate(report.claims):
            for finding in remarks(claim):
                edit = edits.get((id(claim), id(finding)))
                remark = Remark(report, index, claim, finding, edit)
                about = f"{remark.path}\0{finding.code}\0{claim.text}\0{finding.message}"
                seen[about] += 1
                known = encodable(f"{about}\0{seen[about]}").encode()
                yield replace(remark, fingerprint=sha256(known).hexdigest()[:32])
