"""What is written for programs, read back as they do, after it was held against its schema."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema
from xmlschema import XMLSchema10

from derive import __version__
from derive.checking.claims import Report
from derive.checking.reports import as_json, schema
from derive.checking.reports.junit import as_junit
from derive.checking.reports.sarif import as_sarif


def read_json(*reports: Report) -> Any:
    """The JSON of the reports, read back and held against the schema that is shipped."""
    table = json.loads(as_json(reports), parse_constant=pytest.fail)
    Draft202012Validator(json.loads(schema())).validate(table)
    return table


XSD = XMLSchema10(str(Path(__file__).parents[2] / "data" / "junit-10.xsd"))
"""The schema with which Jenkins reads the reports of tests, as it was published."""


def junit(*reports: Report) -> ET.Element:
    """The JUnit document, read back from its bytes and held against its schema."""
    root = ET.fromstring(as_junit(reports).encode())  # noqa: S314  written right here
    XSD.validate(root)
    return root


def sarif(*reports: Report) -> dict[str, Any]:
    """The only run of the SARIF log, after it was held against the standard's own schema."""
    log = json.loads(as_sarif(reports), parse_constant=pytest.fail)
    StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("derive", __version__)
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    assert set(rules) == {result["ruleId"] for result in run["results"]}
    prints = [result["partialFingerprints"]["derive/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert not re.search(r"(?<!\{)(\{\{)*\{(?!\{)", result["message"]["text"])
        for location in result["locations"]:
            if "physicalLocation" in location:
                _place(location["physicalLocation"])
    return run


def _place(place: dict[str, Any]) -> None:
    assert set(place) == {"artifactLocation", "region"}
    # What RFC 3986 allows in the path of a relative reference, and nothing else.
    uri = place["artifactLocation"]["uri"]
    assert re.fullmatch(r"(file://)?([\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)
    region = place["region"]
    keys = {"startLine", "startColumn"}
    assert set(region) in (keys, keys | {"endLine", "endColumn"})
    assert all(isinstance(value, int) and value >= 1 for value in region.values())
    if "endLine" in region:
        assert (region["startLine"], region["startColumn"]) < (
            region["endLine"],
            region["endColumn"],
        )
