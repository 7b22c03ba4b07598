"""Reports as text: of files, and of formulas that are typed."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest

from derive.checking.claims import Judged, Relation, Witness
from derive.checking.reports import as_text
from derive.grammar.findings import Finding, Severity
from tests.formulas.reports.made import (
    ALIAS,
    EVERYTHING,
    EXPLAINED,
    MISSING,
    PROVED,
    REFUTED,
    UNREADABLE,
    WITNESS,
    P,
    R,
    X,
    report,
    text,
)


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


def test_a_correction_is_written_once() -> None:
    """A second finding of a claim leaves it out, and another claim says where it stands."""
    twice = replace(MISSING, code="extra-factor", message="Or another way.")
    several = replace(EXPLAINED, findings=(MISSING, twice))
    told = report(several, replace(EXPLAINED, line=120, number="19"))
    assert [line for line in text(told).splitlines() if "write" in line] == [
        r"    write: a \cdot out_{b_1}",
        "    write: as in line 110",
    ]
    assert [line for line in text(told, from_file=False).splitlines() if "write" in line] == [
        r"    write: a \cdot out_{b_1}",
        "    write: as above",
    ]
    cells = report(replace(several, cell=2, line=3), EXPLAINED)
    assert "    write: as in cell 2, line 3" in text(cells).splitlines()
