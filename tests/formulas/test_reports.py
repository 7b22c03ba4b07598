"""Reports in every format, of claims made by hand."""

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
from derive.checking.reports.window import cells, marked, shorten
from derive.grammar.findings import Finding, Severity

P, U, X, R = Verdict.PROVED, Verdict.UNDECIDED, Verdict.UNREADABLE, Verdict.REFUTED

WITNESS = Witness({"w31": 0.3, "w32": -0.4}, 0.12, 0.31)
MISSING = Finding(
    "missing-factor", "The factor out_b1 is missing.", suggestion=r"a \cdot out_{b_1}", relation=0
)
ALIAS = Finding("alias", "Here h_1 is out_c1.", Severity.NOTE)

PROVED = Judged("a = a", P, (Relation("a ", " a", P),), number="17", line=100)
REFUTED = Judged("a = b", R, (Relation("a ", " b", R, WITNESS),), number="18", line=110, column=4)
EXPLAINED = replace(REFUTED, findings=(MISSING,))
UNREADABLE = Judged(
    "a = b\n  + \\foo{c} d",
    X,
    findings=(Finding("unknown-command", r"The command \foo is not known.", start=10, end=14),),
    line=120,
    column=3,
)
UNDECIDED = Judged("c = d", U, (Relation("c", "d", U),), line=130)


def report(*claims: Judged, source: str | None = "notes.md", not_judged: int = 0) -> Report:
    """A report of the claims."""
    return Report("2-4-3-2", source, claims, not_judged)


def text(told: Report, *, colour: bool = False, width: int = 80, from_file: bool = True) -> str:
    """The text report as one string."""
    return "\n".join(as_text(told, colour=colour, width=width, from_file=from_file))


EVERYTHING = report(PROVED, EXPLAINED, UNREADABLE, UNDECIDED, not_judged=12)


# -- text, for a file ----------------------------------------------------------------------------


def test_file_text() -> None:
    """Every claim that is not simply proved has a line, details below it, and there is a summary."""
    assert text(EVERYTHING).splitlines() == [
        "notes.md:110: equation (18): refuted: The factor out_b1 is missing.",
        "    a = b",
        r"    write: a \cdot out_{b_1}",
        r"notes.md:121: formula: unreadable: The command \foo is not known.",
        r"    + \foo{c} d",
        "      ^^^^",
        "notes.md:130: formula: undecided",
        "    c = d",
        (
            "4 formulas: 1 proved, 1 refuted, 1 undecided, 1 unreadable;"
            " 12 more make no claim about the network"
        ),
    ]


def test_proved_claims_are_silent() -> None:
    """Of proved claims only the summary speaks."""
    assert text(report(PROVED, PROVED)) == "2 formulas: 2 proved"


@pytest.mark.parametrize(
    ("claims", "not_judged", "expected"),
    [
        ([PROVED], 0, "1 formula: 1 proved"),
        ([PROVED], 1, "1 formula: 1 proved; 1 more makes no claim about the network"),
        ([PROVED, PROVED], 2, "2 formulas: 2 proved; 2 more make no claim about the network"),
        ([], 0, "no formulas"),
        ([], 1, "the only formula makes no claim about the network"),
        ([], 5, "none of 5 formulas makes a claim about the network"),
    ],
)
def test_summary(claims: list[Judged], not_judged: int, expected: str) -> None:
    """The summary leaves out counts of zero and minds singular and plural."""
    assert text(report(*claims, not_judged=not_judged)) == expected


def test_witness_where_nothing_explains() -> None:
    """A refutation that no finding explains is shown with numbers."""
    assert text(report(REFUTED)).splitlines()[:3] == [
        "notes.md:110: equation (18): refuted",
        "    a = b",
        "    for example with w31 = 0.3, w32 = -0.4: left side 0.12, right side 0.31",
    ]
    assert "for example" not in text(report(EXPLAINED))


def test_notes_do_not_explain() -> None:
    """Neither a note nor an error about another relation explains a refuted relation."""
    noted = replace(REFUTED, findings=(ALIAS,))
    assert "for example" in text(report(noted))
    elsewhere = replace(
        EXPLAINED, relations=(*REFUTED.relations, Relation("b", "c", R, Witness({}, 1, 2)))
    )
    assert text(report(elsewhere)).splitlines()[1:5] == [
        "    a = b",
        r"    write: a \cdot out_{b_1}",
        "    b = c",
        "    for example: left side 1, right side 2",
    ]


def test_witness_is_short_but_tells_the_sides_apart() -> None:
    """Six quantities at most, and as many digits as both sides need to look different."""
    point = {f"w{i}": i / 7 for i in range(1, 9)}
    close = Witness(point, 0.123456781, 0.123456789)
    claim = replace(REFUTED, relations=(Relation("a", "b", R, close),))
    line = text(report(claim)).splitlines()[2]
    assert "w1 = 0.1429, " in line
    assert "w6 = 0.8571, …: left side" in line
    left, right = re.findall(r"side ([\d.]+)", line)
    assert left != right


def test_further_findings_have_their_own_lines() -> None:
    """A further finding has its own line number, its severity for a verdict, and its suggestion."""
    note = Finding("style", "Write it so.", Severity.NOTE, suggestion="e", start=4, end=5)
    claim = replace(EXPLAINED, text="a =\nb", findings=(note, MISSING))
    assert text(report(claim)).splitlines()[:5] == [
        "notes.md:110: equation (18): refuted: The factor out_b1 is missing.",
        "    a = b",
        r"    write: a \cdot out_{b_1}",
        "notes.md:111: equation (18): note: Write it so.",
        "    write: e",
    ]


def test_findings_of_proved_claims() -> None:
    """A finding on a proved claim is reported with its own severity."""
    warning = Finding("unbound", "The index i is free.", Severity.WARNING)
    assert text(report(replace(PROVED, findings=(warning,)))).splitlines() == [
        "notes.md:100: equation (17): warning: The index i is free.",
        "1 formula: 1 proved",
    ]


def test_aliases_once() -> None:
    """Of equal notes on an alias the first is shown, with a count; other notes are all shown."""
    other = Finding("style", "Write it so.", Severity.NOTE)
    aliased = replace(PROVED, findings=(ALIAS, other))
    shown = text(report(aliased, aliased, aliased))
    assert shown.count("Here h_1 is out_c1 (and in 2 more places).") == 1
    assert shown.count("Here h_1") == 1
    assert shown.count("Write it so.") == 3
    assert "(and in 1 more place)." in text(report(aliased, aliased))
    assert "more" not in text(report(aliased))


def test_long_relations_are_cut_in_the_middle() -> None:
    """A relation wider than the terminal keeps its beginning and its end."""
    claim = replace(REFUTED, relations=(Relation("a" * 60, "b" * 60, R, WITNESS),))
    line = text(report(claim), width=50).splitlines()[1]
    assert line.startswith("    aaaa")
    assert line.endswith("bbbb")
    assert "…" in line
    assert len(line) == 50


def test_unreadable_without_a_place() -> None:
    """A formula that cannot be read, who knows where, is shown itself."""
    claim = replace(UNREADABLE, findings=(Finding("too-deep", "This is nested too deeply."),))
    assert text(report(claim)).splitlines()[:2] == [
        "notes.md:120: formula: unreadable: This is nested too deeply.",
        r"    a = b + \foo{c} d",
    ]


def test_text_steers_no_terminal() -> None:
    """No field of a document can send control sequences to the terminal, or break a line."""
    evil = "x\x1b[31m\r\ny\u202ez\0"
    claim = Judged(evil, X, findings=(Finding("c", evil, suggestion=evil, start=1),), number=evil)
    for from_file in (True, False):
        lines = as_text(
            report(claim, claim, source=evil), colour=False, width=80, from_file=from_file
        )
        assert all(line.isprintable() for line in lines)


def test_colour() -> None:
    """Colour only adds: without it the lines are the same."""
    for from_file in (True, False):
        plain = text(EVERYTHING, from_file=from_file)
        coloured = text(EVERYTHING, colour=True, from_file=from_file)
        assert coloured != plain
        assert click.unstyle(coloured) == plain


# -- text, for the command line ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (PROVED, ["proved"]),
        (
            EXPLAINED,
            [
                "refuted",
                "    The factor out_b1 is missing.",
                r"    write: a \cdot out_{b_1}",
            ],
        ),
        (
            REFUTED,
            [
                "refuted",
                "    for example with w31 = 0.3, w32 = -0.4: left side 0.12, right side 0.31",
            ],
        ),
        (
            UNREADABLE,
            [
                "unreadable",
                r"    The command \foo is not known.",
                r"    + \foo{c} d",
                "      ^^^^",
            ],
        ),
        (replace(PROVED, findings=(ALIAS,)), ["proved", "    note: Here h_1 is out_c1."]),
    ],
)
def test_typed_formula(claim: Judged, expected: list[str]) -> None:
    """A single formula is not repeated, and has no summary."""
    assert text(report(claim, source=None), from_file=False).splitlines() == expected


def test_typed_formulas() -> None:
    """Of several formulas each verdict is followed by its formula."""
    assert text(report(PROVED, EXPLAINED, source=None), from_file=False).splitlines() == [
        "proved: a = a",
        "refuted: a = b",
        "    The factor out_b1 is missing.",
        r"    write: a \cdot out_{b_1}",
        "2 formulas: 1 proved, 1 refuted",
    ]


def test_typed_chain() -> None:
    """Each '=' of a chain has its verdict, and its numbers where nothing explains it."""
    chain = Judged("a = b = c", R, (Relation("a", "b", P), Relation("b", "c", R, WITNESS)))
    assert text(report(chain, source=None), from_file=False).splitlines() == [
        "refuted",
        "    proved: a = b",
        "    refuted: b = c",
        "        for example with w31 = 0.3, w32 = -0.4: left side 0.12, right side 0.31",
    ]


# -- the place in a line of source ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "start", "end", "line", "marks"),
    [
        ("a + b", 4, None, "a + b", "    ^"),
        ("a + b", 5, None, "a + b", "     ^"),
        ("a + b", 99, 120, "a + b", "     ^"),
        ("\ta\tb c", 3, 4, "a    b c", "     ^"),
        ("層 = b", 4, 5, "層 = b", "     ^"),
        ("層 = b", 0, 1, "層 = b", "^^"),
        ("a\n  b?c\nd", 5, 6, "b?c", " ^"),
        ("ab\ncd", 1, 5, "ab", " ^"),
        ("ab\ncd", 2, 3, "ab", "  ^"),
        ("o\u0302 + b", 5, 6, "o\u0302 + b", "    ^"),
        ("", 0, None, "", "^"),
    ],
)
def test_marks(source: str, start: int, end: int | None, line: str, marks: str) -> None:
    """The marks stand below the place, whatever the widths of the characters before it."""
    found = marked(source, start, end, 40)
    assert (found.line, found.marks) == (line, marks)


@given(st.text("ab\t層\u0302 \n\x1b", min_size=0, max_size=200), st.data(), st.integers(16, 60))
def test_marks_fit(source: str, data: st.DataObject, room: int) -> None:
    """Line and marks fit into the room, and a visible character is above its first mark."""
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.none() | st.integers(0, len(source)))
    found = marked(source, start, end, room)
    assert cells(found.line) <= room
    assert cells(found.marks) <= room
    assert set(found.marks.lstrip()) == {"^"}
    character = source[start : start + 1]
    if character in ("a", "b", "層"):
        before = len(found.marks) - len(found.marks.lstrip())
        above = next(i for i in range(len(found.line)) if cells(found.line[: i + 1]) > before)
        assert found.line[above] == character


@given(st.text(max_size=80), st.integers(5, 40))
def test_shorten(long: str, room: int) -> None:
    """Shortened text fits, and text that fits is not touched."""
    short = shorten(long, room)
    assert cells(short) <= room
    assert short == long or cells(long) > room


# -- JSON ----------------------------------------------------------------------------------------


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


# -- JUnit ---------------------------------------------------------------------------------------


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


# -- SARIF ---------------------------------------------------------------------------------------


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


# -- GitHub Actions ------------------------------------------------------------------------------


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


# -- whatever a document holds -------------------------------------------------------------------

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
