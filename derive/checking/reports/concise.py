"""Reports a line for each finding, as editors and ``grep`` read those of compilers."""

from __future__ import annotations

from collections.abc import Sequence

from derive.checking.claims import Report
from derive.checking.reports.remarks import all_remarks
from derive.checking.reports.window import one_line
from derive.checking.reports.words import encodable


def as_concise(reports: Sequence[Report]) -> str:
    """``path:line:column: code message``; in a notebook ``path:cell 2:line:column: …``."""
    lines = []
    for remark in all_remarks(reports):
        cell = "" if remark.claim.cell is None else f"cell {remark.claim.cell}:"
        line, column = remark.start
        said = f"{remark.finding.code} {remark.finding.message}"
        lines.append(one_line(f"{remark.path}:{cell}{line}:{column}: {said}"))
    return encodable("\n".join(lines))
