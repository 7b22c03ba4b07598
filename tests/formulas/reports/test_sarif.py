"""Reports in SARIF: rules, places, messages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema

from derive.checking.codes import code_named
from derive.checking.reports.sarif import as_sarif
from derive.grammar.findings import Finding
from tests.formulas.reports.made import ALIAS, EVERYTHING, PROVED, REFUTED, report
from tests.formulas.reports.read_back import sarif


def test_sarif() -> None:
    """Each finding is a result; a verdict that none explains is one too."""
    run = sarif(EVERYTHING, report(REFUTED, replace(PROVED, findings=(ALIAS,))))
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("missing-factor", "error"),
        ("unknown-command", "error"),
        ("undecided", "warning"),
        ("refuted", "error"),
        ("alias", "note"),
    ]
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]
    assert regions[0] == {"startLine": 110, "startColumn": 4}
    assert regions[1] == {"startLine": 121, "startColumn": 5, "endLine": 121, "endColumn": 9}
    assert "left side 0.12, right side 0.31" in run["results"][3]["message"]["text"]


def test_sarif_messages_are_literal() -> None:
    """Braces are doubled, since single ones hold placeholders, and nothing becomes a link."""
    finding = Finding("c", r"\sqrt[3](x) and {1}", suggestion=r"\frac{1}{2}")
    (result,) = sarif(report(replace(REFUTED, findings=(finding,))))["results"]
    assert result["message"]["text"] == (
        r"\sqrt[3] (x) and {{1}}" + "\n" + r"write: \frac{{1}}{{2}}"
    )


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("notes.md", "notes.md"),
        ("./a b/ü:1#2?.md", "a%20b/%C3%BC%3A1%232%3F.md"),
        (str(Path.cwd() / "docs" / "notes.md"), "docs/notes.md"),
        ("/somewhere else/notes.md", "file:///somewhere%20else/notes.md"),
    ],
)
def test_sarif_uri(source: str, uri: str) -> None:
    """A file is named relative to the working directory where it lies in it, percent-encoded."""
    (result,) = sarif(report(REFUTED, source=source))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_typed_formulas() -> None:
    """A formula without a file is its own, logical, place."""
    (result,) = sarif(report(REFUTED, source=None))["results"]
    assert result["locations"] == [{"logicalLocations": [{"name": "a = b"}]}]


def test_sarif_rules_say_what_they_mean() -> None:
    """A rule has the sentences and the examples of the table of codes, as text and as Markdown."""
    rules = {rule["id"]: rule for rule in sarif(EVERYTHING)["tool"]["driver"]["rules"]}
    code = code_named("missing-factor")
    assert code is not None
    told = rules["missing-factor"]
    assert told["help"]["text"] == code.as_text()
    assert told["help"]["markdown"] == code.as_markdown()
    assert "```text\n" + code.wrong[0] in told["help"]["markdown"]
    assert told["fullDescription"]["text"] == code.about


def test_a_fault_in_sarif_is_found() -> None:
    """The classes that are made of the standard's schema refuse a key that it does not have."""
    log = json.loads(as_sarif([EVERYTHING]))
    log["runs"][0]["results"][0]["helpText"] = "no such key"
    with pytest.raises(ValidationError, match="helpText"):
        StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
