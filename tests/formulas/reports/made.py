"""Claims made by hand, and reports of them."""

from __future__ import annotations

from dataclasses import replace

from derive.checking.claims import Judged, Relation, Report, Verdict, Witness
from derive.checking.reports import as_text
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
IN_NOTEBOOK = replace(EXPLAINED, line=34, cell=12)
UNDECIDED = Judged("c = d", U, (Relation("c", "d", U),), line=130)


def report(*claims: Judged, source: str | None = "notes.md", not_judged: int = 0) -> Report:
    """A report of the claims."""
    return Report("2-4-3-2", source, claims, not_judged)


def text(told: Report, *, colour: bool = False, width: int = 80, from_file: bool = True) -> str:
    """The text report as one string."""
    return "\n".join(as_text(told, colour=colour, width=width, from_file=from_file))


EVERYTHING = report(PROVED, EXPLAINED, UNREADABLE, UNDECIDED, not_judged=12)
