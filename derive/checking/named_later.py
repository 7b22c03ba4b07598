"""Formulas that speak of what the document names behind them: "… = Σ δ_i V_j, where δ_i = …"."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import takewhile

from derive.checking.claims import Judged, Verdict, left_open
from derive.checking.documents.walk import Met, Trouble
from derive.checking.judge import Judge
from derive.checking.own_conventions import DELTA, Place, Renewal

Claims = Sequence[Judged | None]


def with_all_names(
    judges: Sequence[Judge],
    judged: Callable[[Met], Judged | None],
    group: Sequence[Met | Trouble],
    said: Claims,
) -> list[Judged | None]:
    """The verdicts, with those anew that speak of what the document names only behind them.

    The `judges` have read all of the document; `judged` is what they say of one formula. What was
    given several meanings, one after the other, has the first of them until it is given the next.
    """
    given = any(judge.reader.letters for judge in judges)
    ways = [_Again(judge) for judge in judges]
    found: list[Judged | None] = []
    for number, (one, claim) in enumerate(zip(group, said, strict=True)):
        again = claim
        if given and claim is not None and isinstance(one, Met):
            for judge in judges:
                judge.reader.in_display = one.found.display
            if may_be_named_later(claim):
                again = replace(_better(claim, judged(one)), cell=claim.cell)
            behind = _next_to(number, group, said) if claim.verdict is Verdict.REFUTED else set()
            ahead = [way.looks_ahead(behind) for way in ways]
            if any(ahead):
                other = judged(one)
                for way in ways:
                    way.looks_back()
                if other is not None and other.verdict is Verdict.PROVED:
                    again = left_open(claim, "redefinition", _BEHIND)
        if isinstance(one, Met):
            for way in ways:
                way.passes(_place(one))
        found.append(again)
    return found


_BEHIND = "this is right with what a name in it is given behind it, and not with what it was before"


def _next_to(number: int, group: Sequence[Met | Trouble], said: Claims) -> set[Place]:
    """The places of the formulas behind one, up to the next that claims something."""
    found = set[Place]()
    for place in range(number + 1, len(group)):
        one = group[place]
        found |= {_place(one)} if isinstance(one, Met) else set()
        if said[place] is not None:
            break
    return found


def _place(one: Met) -> Place:
    return one.found.number, one.found.line, one.found.column


class _Again:
    """The meanings of one judge's names while the document is gone through once more."""

    def __init__(self, judge: Judge) -> None:
        self._letters, self._left = judge.reader.letters, deque(judge.renewals)
        self._ahead: list[Renewal] = []
        for renewal in reversed(self._left):
            self._letters[renewal.name] = renewal.before

    def passes(self, place: Place) -> None:
        """What is given another meaning at a place has it from there on."""
        while self._left and self._left[0].place == place:
            renewal = self._left.popleft()
            self._letters[renewal.name] = renewal.meaning

    def looks_ahead(self, places: Collection[Place]) -> bool:
        """Whether names are given other meanings at these places, which they have for now."""
        self._ahead = [*takewhile(lambda renewal: renewal.place in places, self._left)]
        self._letters.update({one.name: one.meaning for one in self._ahead})
        return bool(self._ahead)

    def looks_back(self) -> None:
        """What was looked at ahead has the meanings again that it had before."""
        self._letters.update({one.name: one.before for one in reversed(self._ahead)})


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
