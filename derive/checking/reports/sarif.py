"""Reports as SARIF 2.1.0, the exchange format of static analysis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from derive.checking.claims import Report
from derive.checking.codes import code_named
from derive.checking.reports.remarks import Place, Remark, all_remarks
from derive.checking.reports.words import advice, as_json_text, encodable, path_of, title
from derive.version import __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_FINGERPRINT = "derive/v1"
"""What the fingerprints of this version are called; those of another one are not compared."""


def as_sarif(reports: Sequence[Report]) -> str:
    """The reports as one run of SARIF 2.1.0."""
    rules: dict[str, int] = {}
    results = [
        _result(remark, rules.setdefault(encodable(remark.finding.code), len(rules)))
        for remark in all_remarks(reports)
    ]
    driver = {"name": "derive", "version": __version__, "rules": [_rule(code) for code in rules]}
    # Without the kind of columns, SARIF counts UTF-16 code units.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return as_json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str) -> dict[str, Any]:
    """What a code means, with its examples, for viewers that show it beside a result."""
    code = code_named(name)
    if code is None:
        return {"id": name, "shortDescription": _message(name.replace("-", " "))}
    return {
        "id": name,
        "shortDescription": _message(code.title),
        "fullDescription": _message(code.about),
        "help": {"text": code.as_text(), "markdown": code.as_markdown()},
    }


def _message(text: str) -> dict[str, str]:
    """A message of this text.

    Braces hold placeholders and are doubled to stand for themselves; ``[…](…)`` is a link unless
    something stands between.
    """
    literal = text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
    return {"text": literal}


def _result(remark: Remark, rule: int) -> dict[str, Any]:
    table: dict[str, Any] = {
        "ruleId": remark.finding.code,
        "ruleIndex": rule,
        "level": remark.finding.severity.value,
        "message": _message(advice(remark.finding)),
        "locations": [_location(remark)],
        "partialFingerprints": {_FINGERPRINT: remark.fingerprint},
    }
    if remark.edit is not None:
        replacement = {
            "deletedRegion": _region(*remark.span(remark.edit)),
            "insertedContent": {"text": remark.edit.written},
        }
        change = {"artifactLocation": _artifact(remark), "replacements": [replacement]}
        table["fixes"] = [{"artifactChanges": [change]}]
    return table


def _location(remark: Remark) -> dict[str, Any]:
    """Where the finding is; a formula without a file is its own place."""
    if remark.report.source is None:
        return {"logicalLocations": [{"name": remark.claim.text}]}
    place = {"artifactLocation": _artifact(remark), "region": _region(remark.start, remark.end)}
    return {"physicalLocation": place, "logicalLocations": [{"name": title(remark.claim)}]}


def _region(start: Place, end: Place | None) -> dict[str, int]:
    region = {"startLine": start[0], "startColumn": start[1]}
    if end is not None:
        region["endLine"], region["endColumn"] = end
    return region


def _artifact(remark: Remark) -> dict[str, str]:
    """A reference relative to where the program runs; absolute for a file outside of it."""
    path = path_of(remark.report.source or "")
    return {"uri": Path(path).as_uri() if Path(path).is_absolute() else quote(path)}
