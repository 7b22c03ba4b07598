"""Formulas that speak of what the document names behind them: "… = Σ δ_i V_j, where δ_i = …"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.checking.claims import Judged, Verdict
from derive.checking.documents.walk import Met, Trouble
from derive.checking.judge import Judge
from derive.checking.own_conventions import DELTA

Claims = Sequence[Judged | None]


def with_all_names(
    judges: Sequence[Judge],
    judged: Callable[[Met], Judged | None],
    group: Sequence[Met | Trouble],
    said: Claims,
) -> list[Judged | None]:
    """The verdicts, with those anew that speak of what the document names only behind them.

    The `judges` have read all of the document; `judged` is what they say of one formula.
    """
    given = any(judge.reader.letters for judge in judges)
    found: list[Judged | None] = []
    for one, claim in zip(group, said, strict=True):
        again = claim
        if given and claim is not None and isinstance(one, Met) and may_be_named_later(claim):
            for judge in judges:
                judge.reader.in_display = one.found.display
            again = replace(_better(claim, judged(one)), cell=claim.cell)
        found.append(again)
    return found


def may_be_named_later(claim: Judged) -> bool:
    """Whether a claim that failed, or was not read, has a name that may be given behind it."""
    if claim.verdict not in (Verdict.REFUTED, Verdict.UNREADABLE):
        return False
    unknown = any(finding.code == "unknown-name" for finding in claim.findings)
    return unknown or DELTA.search(claim.text) is not None


def _better(first: Judged, again: Judged | None) -> Judged:
    """What is said of a claim that is judged once more, with all names known.

    A claim that is not read becomes none that is refuted: its name may mean something else.
    """
    if again is None:
        return first
    refuted = first.verdict is Verdict.REFUTED and again.verdict is not Verdict.REFUTED
    return again if refuted or again.verdict is Verdict.PROVED else first


def unrepaired(said: Claims) -> list[Judged | None]:
    """The claims without what to write in their place: a δ there would not be the author's."""
    return [
        claim
        and replace(
            claim,
            findings=tuple(replace(f, suggestion=None, repaired=None) for f in claim.findings),
        )
        for claim in said
    ]
