"""Reports as SARIF 2.1.0, the exchange format of static analysis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from derive.checking.claims import Judged, Report
from derive.checking.reports.words import advice, encodable, path_of, remarks, title
from derive.grammar.findings import Finding
from derive.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_VERDICTS = {
    "refuted": "The two sides of the formula differ.",
    "undecided": "Whether the formula holds is not decided.",
    "unreadable": "The formula cannot be read.",
}


def as_sarif(reports: Sequence[Report]) -> str:
    """The reports as one run of SARIF 2.1.0."""
    rules: dict[str, int] = {}
    results = [
        _result(report, claim, finding, rules.setdefault(encodable(finding.code), len(rules)))
        for report in reports
        for claim in report.claims
        for finding in remarks(claim)
    ]
    driver = {"name": "derive", "version": __version__, "rules": [_rule(code) for code in rules]}
    # Without the kind of columns, SARIF counts UTF-16 code units.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return encodable(json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False))


def _rule(code: str) -> dict[str, Any]:
    about = _VERDICTS.get(code, code.replace("-", " "))
    return {"id": code, "shortDescription": _message(about)}


def _message(text: str) -> dict[str, str]:
    """A message of this text.

    Braces hold placeholders and are doubled to stand for themselves; ``[…](…)`` is a link unless
    something stands between.
    """
    literal = text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
    return {"text": literal}


def _result(report: Report, claim: Judged, finding: Finding, rule: int) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": _message(advice(finding)),
        "locations": [_location(report, claim, finding)],
    }


def _location(report: Report, claim: Judged, finding: Finding) -> dict[str, Any]:
    """Where the finding is; a formula without a file is its own place."""
    if report.source is None:
        return {"logicalLocations": [{"name": claim.text}]}
    line, column = claim.place(finding.start)
    region = {"startLine": line, "startColumn": column}
    if finding.start is not None and finding.end is not None and finding.end > finding.start:
        region["endLine"], region["endColumn"] = claim.place(finding.end)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(report.source)},
            "region": region,
        },
        "logicalLocations": [{"name": title(claim)}],
    }


def _uri(source: str) -> str:
    """A reference relative to where the program runs; absolute for a file outside of it."""
    path = path_of(source)
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)
