"""Reports as workflow commands of GitHub Actions, which shows them at the lines of the files."""

from __future__ import annotations

from collections.abc import Sequence

from derive.checking.claims import Report
from derive.checking.reports.remarks import Remark, all_remarks
from derive.checking.reports.words import advice, encodable, headline, summary
from derive.grammar.findings import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_github(reports: Sequence[Report]) -> str:
    """A command for each finding, and the summary as a notice."""
    lines = [_command(remark) for remark in all_remarks(reports)]
    lines.append(f"::notice title=derive::{_data(summary(reports))}")
    return encodable("\n".join(lines))


def _command(remark: Remark) -> str:
    properties = {"title": headline(remark.claim, remark.report.source)}
    if remark.report.source is not None:
        line, column = remark.start
        properties = {"file": remark.path, "line": str(line), "col": str(column)} | properties
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[remark.finding.severity]} {listed}::{_data(advice(remark.finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
