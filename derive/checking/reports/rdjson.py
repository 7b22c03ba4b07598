"""Reports as reviewdog reads them, with corrections that a reviewer can take over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.checking.claims import Report
from derive.checking.reports.remarks import Place, Remark, all_remarks
from derive.checking.reports.words import as_json_text
from derive.grammar.findings import Severity

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def as_rdjson(reports: Sequence[Report]) -> str:
    """One result with a diagnostic for each finding."""
    lines = {id(r): [] if r.text is None else r.text.split("\n") for r in reports}
    found = [_diagnostic(remark, lines[id(remark.report)]) for remark in all_remarks(reports)]
    return as_json_text({"source": {"name": "derive"}, "diagnostics": found})


def _diagnostic(remark: Remark, lines: Sequence[str]) -> dict[str, Any]:
    table: dict[str, Any] = {
        "message": remark.message,
        "location": {
            "path": remark.path,
            "range": _range(lines, remark.start, remark.end),
        },
        "severity": _SEVERITIES[remark.finding.severity],
        "code": {"value": remark.finding.code},
    }
    if remark.edit is not None:
        place = _range(lines, *remark.span(remark.edit))
        table["suggestions"] = [{"range": place, "text": remark.edit.written}]
    return table


def _range(lines: Sequence[str], start: Place, end: Place | None) -> dict[str, dict[str, int]]:
    """A range whose end is behind it; of a document whose text is not there, its lines alone."""
    places = {"start": start} if end is None else {"start": start, "end": end}
    return {name: _position(lines, *place) for name, place in places.items()}


def _position(lines: Sequence[str], line: int, column: int) -> dict[str, int]:
    """A place; its column counts the bytes of UTF-8 before it."""
    if not 0 < line <= len(lines):
        return {"line": line}
    before = lines[line - 1][: column - 1].encode("utf-8", "replace")
    return {"line": line, "column": len(before) + 1}
