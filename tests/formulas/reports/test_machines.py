"""Reports for machines: JSON, JUnit, SARIF, GitHub Actions, and whatever a document holds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import __version__
from derive.checking.claims import Judged, Relation, Report, Verdict, Witness
from derive.checking.reports import as_github, as_json, as_junit, as_sarif, as_text
from derive.grammar.findings import Finding, Severity
from tests.formulas.reports.made import (
    ALIAS,
    EVERYTHING,
    MISSING,
    PROVED,
    REFUTED,
    UNDECIDED,
    R,
    report,
)


def test_json() -> None:
    """One report is an object, several are a list of them."""
    assert json.loads(as_json([EVERYTHING])) == EVERYTHING.to_json()
    assert json.loads(as_json([EVERYTHING, report()])) == [
        EVERYTHING.to_json(),
        report().to_json(),
    ]
    assert json.loads(as_json([])) == []
    assert "∂" in as_json([report(replace(PROVED, text="∂ = ∂"))])


def test_json_has_no_infinity() -> None:
    """A number that JSON lacks is null."""
    claim = replace(REFUTED, relations=(Relation("a", "b", R, Witness({}, math.inf, 1.0)),))
    told = json.loads(as_json([report(claim)]), parse_constant=pytest.fail)
    assert told["claims"][0]["relations"][0]["witness"] == {"point": {}, "left": None, "right": 1}


def junit(*reports: Report) -> ET.Element:
    """The JUnit document, read back from its bytes."""
    return ET.fromstring(as_junit(reports).encode())  # noqa: S314  written right here


def test_junit() -> None:
    """A suite per source, a case per claim, and the outcome that fits the verdict."""
    root = junit(EVERYTHING, report(PROVED, source="b.md"))
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == ["notes.md", "b.md"]
    counts = {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert counts.items() <= root[0].attrib.items()
    assert {**counts, "tests": "5"}.items() <= root.attrib.items()
    cases = root[0].findall("testcase")
    assert [(case.get("name"), case.get("file"), case.get("line")) for case in cases] == [
        ("equation (17)", "notes.md", "100"),
        ("equation (18)", "notes.md", "110"),
        ("formula at line 120", "notes.md", "120"),
        ("formula at line 130", "notes.md", "130"),
    ]
    assert [[child.tag for child in case] for case in cases] == [
        [],
        ["failure"],
        ["error"],
        ["skipped"],
    ]
    failure = cases[1][0]
    assert failure.get("message") == MISSING.message
    assert failure.get("type") == "missing-factor"
    assert failure.text == (
        "a = b\nerror: The factor out_b1 is missing.\nwrite: a \\cdot out_{b_1}"
    )


def test_junit_names_differ() -> None:
    """Tests of one suite have different names, or some systems show only one of them."""
    cases = junit(report(UNDECIDED, UNDECIDED, PROVED, PROVED)).iter("testcase")
    names = [case.get("name") for case in cases]
    assert len(set(names)) == 4


def test_junit_notes_of_proved_claims() -> None:
    """What is worth knowing about a proved claim does not make its test fail."""
    (case,) = junit(report(replace(PROVED, findings=(ALIAS,)))).iter("testcase")
    assert [child.tag for child in case] == ["system-out"]
    assert "note: Here h_1 is out_c1." in (case[0].text or "")


def test_junit_typed_formulas() -> None:
    """A formula without a file has neither file nor line."""
    (case,) = junit(report(UNDECIDED, source=None)).iter("testcase")
    assert set(case.attrib) == {"name", "classname"}
    assert case.get("name") == "formula: c = d"


def sarif(*reports: Report) -> dict[str, Any]:
    """The only run of the SARIF log, after a check of what the schema asks for."""
    log = json.loads(as_sarif(reports), parse_constant=pytest.fail)
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert set(run) == {"tool", "columnKind", "results"}
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "derive"
    assert driver["version"] == __version__
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    assert set(rules) == {result["ruleId"] for result in run["results"]}
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription"}
        assert isinstance(rule["shortDescription"]["text"], str)
    for result in run["results"]:
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert isinstance(result["message"]["text"], str)
        assert not re.search(r"(?<!\{)(\{\{)*\{(?!\{)", result["message"]["text"])
        for location in result["locations"]:
            assert location.keys() <= {"physicalLocation", "logicalLocations"}
            if "physicalLocation" in location:
                _place(location["physicalLocation"])
    assert isinstance(run, dict)
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


def test_github() -> None:
    """A command for each finding, or for a bare verdict, and the summary at the end."""
    noted = replace(PROVED, findings=(ALIAS,))
    assert as_github([EVERYTHING, report(REFUTED, noted, source="b.md")]).splitlines() == [
        (
            "::error file=notes.md,line=110,col=4,title=equation (18)%3A refuted"
            r"::The factor out_b1 is missing.%0Awrite: a \cdot out_{b_1}"
        ),
        (
            "::error file=notes.md,line=121,col=5,title=formula at line 120%3A unreadable"
            r"::The command \foo is not known."
        ),
        (
            "::warning file=notes.md,line=130,col=1,title=formula at line 130%3A undecided"
            "::Whether this holds is not decided."
        ),
        (
            "::error file=b.md,line=110,col=4,title=equation (18)%3A refuted::The two sides differ."
            "%0Afor example with w31 = 0.3, w32 = -0.4: left side 0.12, right side 0.31"
        ),
        "::notice file=b.md,line=100,col=1,title=equation (17)%3A proved::Here h_1 is out_c1.",
        (
            "::notice title=derive::6 formulas: 2 proved, 2 refuted, 1 undecided, 1 unreadable;"
            " 12 more make no claim about the network"
        ),
    ]


def test_github_escapes() -> None:
    """Percent signs and line ends are escaped, in properties commas and colons too."""
    claim = replace(REFUTED, number="1,2:3", findings=(Finding("c", "50%,\r\n::error::no"),))
    first, _ = as_github([report(claim, source="a,b:100%.md")]).split("\n")
    assert first == (
        "::error file=a%2Cb%3A100%25.md,line=110,col=4,title=equation (1%2C2%3A3)%3A refuted"
        "::50%25,%0D%0A::error::no"
    )


ANY_TEXT = st.text(
    st.characters() | st.sampled_from("\0\n\r\t%:,{}[](\ud800\udc00\udfff\ufffe\x1b\u2028"),
    max_size=12,
)
FLOATS = st.floats()
VERDICTS = st.sampled_from(Verdict)


@st.composite
def reports_of_anything(draw: st.DrawFn) -> Report:
    """Reports with arbitrary text in each field, and places within the formulas."""

    def claim() -> Judged:
        written = draw(ANY_TEXT)
        place = st.none() | st.integers(0, len(written))
        findings = st.builds(
            Finding,
            code=ANY_TEXT | st.just("alias"),
            message=ANY_TEXT,
            severity=st.sampled_from(Severity),
            suggestion=st.none() | ANY_TEXT,
            start=place,
            end=place,
            relation=st.none() | st.integers(0, 3),
        )
        witness = st.builds(Witness, st.dictionaries(ANY_TEXT, FLOATS, max_size=8), FLOATS, FLOATS)
        relations = st.builds(Relation, ANY_TEXT, ANY_TEXT, VERDICTS, st.none() | witness)
        return Judged(
            written,
            draw(VERDICTS),
            tuple(draw(st.lists(relations, max_size=3))),
            tuple(draw(st.lists(findings, max_size=3))),
            draw(st.none() | ANY_TEXT),
            draw(st.integers(1, 10**6)),
            draw(st.integers(1, 10**6)),
        )

    claims = tuple(claim() for _ in range(draw(st.integers(0, 3))))
    return Report(draw(ANY_TEXT), draw(st.none() | ANY_TEXT), claims, draw(st.integers(0, 3)))


@given(st.lists(reports_of_anything(), max_size=3))
def test_any_machine_format(told: Sequence[Report]) -> None:
    """Every format holds any text, can be encoded, and can be read back."""
    formats: list[Callable[[Sequence[Report]], str]] = [as_json, as_junit, as_sarif, as_github]
    for written in formats:
        written(told).encode("utf-8")
    json.loads(as_json(told), parse_constant=pytest.fail)
    cases = list(junit(*told).iter("testcase"))
    assert len(cases) == sum(len(one.claims) for one in told)
    run = sarif(*told)
    commands = re.split(r"\r\n|\r|\n", as_github(told))
    assert len(commands) == len(run["results"]) + 1
    shape = re.compile(r"::(error|warning|notice) [a-z]+=[^:,]*(,[a-z]+=[^:,]*)*::.*", re.DOTALL)
    assert all(shape.fullmatch(command) for command in commands)


@given(reports_of_anything(), st.booleans(), st.booleans(), st.integers(0, 100))
def test_any_text(told: Report, colour: bool, from_file: bool, width: int) -> None:
    """The text report is made of lines that a terminal shows as they are."""
    for line in as_text(told, colour=colour, width=width, from_file=from_file):
        line.encode("utf-8")
        assert click.unstyle(line).isprintable()
