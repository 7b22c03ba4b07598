"""Reports for machines: JSON, JUnit, SARIF, GitHub Actions, and whatever a document holds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from derive.checking.claims import Judged, Relation, Report, Verdict, Witness
from derive.checking.reports import FORMATS, as_json, as_text, schema
from derive.checking.reports.concise import as_concise
from derive.checking.reports.github import as_github
from derive.checking.reports.gitlab import as_gitlab
from derive.checking.reports.rdjson import as_rdjson
from derive.grammar.findings import Finding, Severity
from tests.formulas.reports.made import (
    ALIAS,
    EVERYTHING,
    EXPLAINED,
    IN_NOTEBOOK,
    MISSING,
    PROVED,
    REFUTED,
    UNDECIDED,
    UNREADABLE,
    R,
    report,
)
from tests.formulas.reports.read_back import XSD, junit, read_json, sarif


def test_json_of_one_report() -> None:
    """Network, source and summary stand at the top, each claim says where it is from."""
    table = read_json(EVERYTHING)
    assert table == EVERYTHING.to_json()
    assert (table["network"], table["source"], table["not_judged"]) == ("2-4-3-2", "notes.md", 12)
    assert table["summary"] == {"proved": 1, "refuted": 1, "undecided": 1, "unreadable": 1}
    assert {claim["source"] for claim in table["claims"]} == {"notes.md"}
    assert "∂" in as_json([report(replace(PROVED, text="∂ = ∂"))])


def test_json_of_several_reports_has_the_same_shape() -> None:
    """The claims follow one another, the numbers are added up, and each source has its own."""
    other = Report("rnn", "b.md", (PROVED,), 1)
    table = read_json(EVERYTHING, other)
    assert table.keys() == EVERYTHING.to_json().keys()
    assert (table["network"], table["source"], table["not_judged"]) == (None, None, 13)
    assert table["claims"] == EVERYTHING.to_json()["claims"] + other.to_json()["claims"]
    assert table["summary"]["proved"] == 2
    assert [(one["source"], one["network"], one["not_judged"]) for one in table["sources"]] == [
        ("notes.md", "2-4-3-2", 12),
        ("b.md", "rnn", 1),
    ]
    assert read_json(EVERYTHING, report(PROVED))["network"] == "2-4-3-2"


def test_json_says_where_a_finding_is() -> None:
    """Line and column, and those behind it where it is about a stretch of the text."""
    (claim,) = read_json(report(UNREADABLE))["claims"]
    (finding,) = claim["findings"]
    place = [finding[key] for key in ("line", "column", "end_line", "end_column")]
    assert place == [121, 5, 121, 9]
    assert "end_line" not in read_json(report(EXPLAINED))["claims"][0]["findings"][0]


@pytest.mark.parametrize("key", ["network", "claims", "sources", "summary"])
def test_the_schema_finds_what_is_missing(key: str) -> None:
    """A report without one of its parts is none."""
    table = read_json(EVERYTHING)
    del table[key]
    assert not Draft202012Validator(json.loads(schema())).is_valid(table)


def test_json_has_no_infinity() -> None:
    """A number that JSON lacks is null."""
    claim = replace(REFUTED, relations=(Relation("a", "b", R, Witness({}, math.inf, 1.0)),))
    told = json.loads(as_json([report(claim)]), parse_constant=pytest.fail)
    assert told["claims"][0]["relations"][0]["witness"] == {"point": {}, "left": None, "right": 1}


def test_junit() -> None:
    """A suite per source, a case per claim, and the outcome that fits the verdict."""
    root = junit(EVERYTHING, report(PROVED, source="b.md"))
    assert root.tag == "testsuites"
    assert [suite.get("file") for suite in root] == ["notes.md", "b.md"]
    counts = {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert counts.items() <= root[0].attrib.items()
    assert root.get("tests") == "5"
    cases = root[0].findall("testcase")
    assert [(case.get("name"), case.get("classname")) for case in cases] == [
        ("equation (17)", "notes.md"),
        ("equation (18)", "notes.md"),
        ("formula at line 120", "notes.md"),
        ("formula at line 130", "notes.md"),
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
        "notes.md:110:4\na = b\nerror: The factor out_b1 is missing.\nwrite: a \\cdot out_{b_1}"
    )


def test_the_schema_of_junit_finds_a_fault() -> None:
    """An attribute that the format lacks, as some writers have it, is refused."""
    root = junit(EVERYTHING)
    root[0].findall("testcase")[0].set("file", "notes.md")
    assert not XSD.is_valid(root)


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


def test_fingerprints_are_those_of_the_formula() -> None:
    """They stay when lines are added before it, and tell two equal formulas apart."""
    moved = replace(EXPLAINED, line=200)

    def prints(*claims: Judged) -> list[str]:
        return [entry["fingerprint"] for entry in json.loads(as_gitlab([report(*claims)]))]

    first, again = prints(EXPLAINED, moved)
    assert first != again
    assert prints(moved) == [first]
    assert prints(replace(EXPLAINED, text="a = c")) != [first]


def test_concise() -> None:
    """path:line:column: code message, a line for each finding."""
    assert as_concise([EVERYTHING, report(REFUTED, source=None)]).splitlines() == [
        "notes.md:110:4: missing-factor The factor out_b1 is missing.",
        r"notes.md:121:5: unknown-command The command \foo is not known.",
        "notes.md:130:1: undecided Whether this holds is not decided.",
        (
            "formula 1:110:4: refuted The two sides differ. for example with w31 = 0.3, w32 = -0.4:"
            " left side 0.12, right side 0.31"
        ),
    ]
    assert as_concise([report(PROVED)]) == ""


def test_gitlab() -> None:
    """The keys that a Code Quality report has, severities of its five, a relative path."""
    entries = json.loads(as_gitlab([EVERYTHING, report(replace(PROVED, findings=(ALIAS,)))]))
    assert [(one["check_name"], one["severity"], one["location"]["lines"]) for one in entries] == [
        ("missing-factor", "major", {"begin": 110}),
        ("unknown-command", "major", {"begin": 121, "end": 121}),
        ("undecided", "minor", {"begin": 130}),
        ("alias", "info", {"begin": 100}),
    ]
    for one in entries:
        keys = {"description", "check_name", "fingerprint", "severity", "location"}
        assert one.keys() == keys
        assert one["location"]["path"] == "notes.md"
    assert entries[0]["description"] == ("The factor out_b1 is missing.\nwrite: a \\cdot out_{b_1}")


def test_rdjson() -> None:
    """Columns count the bytes of UTF-8, and ends stand behind what they are about."""
    text = "∂ü $a = b\n  + \\foo{c} d$\n"
    claim = replace(UNREADABLE, line=1, column=5)
    told = json.loads(as_rdjson([replace(report(claim), text=text)]))
    assert told["source"] == {"name": "derive"}
    (diagnostic,) = told["diagnostics"]
    assert diagnostic == {
        "message": r"The command \foo is not known.",
        "location": {
            "path": "notes.md",
            "range": {"start": {"line": 2, "column": 5}, "end": {"line": 2, "column": 9}},
        },
        "severity": "ERROR",
        "code": {"value": "unknown-command"},
    }
    bare = replace(REFUTED, line=1, column=5)
    (diagnostic,) = json.loads(as_rdjson([replace(report(bare), text=text)]))["diagnostics"]
    assert diagnostic["location"]["range"] == {"start": {"line": 1, "column": 8}}
    (diagnostic,) = json.loads(as_rdjson([report(bare)]))["diagnostics"]
    assert diagnostic["location"]["range"] == {"start": {"line": 1}}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_cell_of_a_notebook(name: str) -> None:
    """And the line, which counts within the cell."""
    written = click.unstyle(FORMATS[name].written([report(IN_NOTEBOOK, source="n.ipynb")]))
    assert re.search(r'cell 12|"cell": 12', written)
    assert re.search(r"\b34\b", written)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "concise")])
def test_a_correction_is_said_once(name: str) -> None:
    """Of two findings of a claim with the same correction, one says what to write."""
    again = replace(MISSING, code="extra-factor", message="Or another way.")
    told = report(replace(EXPLAINED, findings=(MISSING, again)))
    assert FORMATS[name].written([told]).count("cdot out_") == 1


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
@pytest.mark.slow
def test_any_machine_format(told: Sequence[Report]) -> None:
    """Every format holds any text, can be encoded, and can be read back."""
    for row in FORMATS.values():
        row.written(told).encode("utf-8")
    read_json(*told)
    cases = list(junit(*told).iter("testcase"))
    assert len(cases) == sum(len(one.claims) for one in told)
    run = sarif(*told)
    commands = re.split(r"\r\n|\r|\n", as_github(told))
    assert len(commands) == len(run["results"]) + 1
    assert len(json.loads(as_gitlab(told))) == len(run["results"])
    assert len(json.loads(as_rdjson(told))["diagnostics"]) == len(run["results"])
    assert len([line for line in as_concise(told).split("\n") if line]) == len(run["results"])
    shape = re.compile(r"::(error|warning|notice) [a-z]+=[^:,]*(,[a-z]+=[^:,]*)*::.*", re.DOTALL)
    assert all(shape.fullmatch(command) for command in commands)


@given(reports_of_anything(), st.booleans(), st.booleans(), st.integers(0, 100))
def test_any_text(told: Report, colour: bool, from_file: bool, width: int) -> None:
    """The text report is made of lines that a terminal shows as they are."""
    for line in as_text(told, colour=colour, width=width, from_file=from_file):
        line.encode("utf-8")
        assert click.unstyle(line).isprintable()
