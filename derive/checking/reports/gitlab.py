"""Reports as GitLab's Code Quality, which a merge request shows beside the lines it changes."""

from __future__ import annotations

from collections.abc import Sequence

from derive.checking.claims import Report
from derive.checking.reports.remarks import Remark, all_remarks
from derive.checking.reports.words import as_json_text
from derive.grammar.findings import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def as_gitlab(reports: Sequence[Report]) -> str:
    """A list with an entry for each finding."""
    return as_json_text([_entry(remark) for remark in all_remarks(reports)])


def _entry(remark: Remark) -> dict[str, object]:
    lines = {"begin": remark.start[0]}
    if remark.end is not None:
        lines["end"] = remark.end[0]
    return {
        "description": remark.message,
        "check_name": remark.finding.code,
        "fingerprint": remark.fingerprint,
        "severity": _SEVERITIES[remark.finding.severity],
        "location": {"path": remark.path, "lines": lines},
    }
