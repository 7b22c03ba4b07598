"""Reports as workflow commands of GitHub Actions, which shows them at the lines of the files."""

from __future__ import annotations

from collections.abc import Sequence

from derive.checking.claims import Judged, Report
from derive.checking.reports.words import advice, encodable, headline, path_of, remarks, summary
from derive.grammar.findings import Finding, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(reports: Sequence[Report]) -> str:
    """A command for each finding, and the summary as a notice."""
    lines = [
        _command(report, claim, finding)
        for report in reports
        for claim in report.claims
        for finding in remarks(claim)
    ]
    lines.append(f"::notice title=derive::{_data(summary(reports))}")
    return encodable("\n".join(lines))


def _command(report: Report, claim: Judged, finding: Finding) -> str:
    properties = {"title": headline(claim, report.source)}
    if report.source is not None:
        line, column = claim.place(finding.start)
        place = {"file": path_of(report.source), "line": str(line), "col": str(column)}
        properties = place | properties
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(advice(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
