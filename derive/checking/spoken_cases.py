"""Cases of which the words beside a formula speak: "for i = j we have", "otherwise".

What a text says so a formula claims for these indices only. It is judged for them where the text
says it of two letters, and is not refuted where it may say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from derive.checking.claims import Judged, Verdict, left_open
from derive.checking.documents.walk import Met, Trouble
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding, Severity

_CASE = re.compile(r"\s*([a-z])\s*(=|≠|\\neq?(?![A-Za-z])|\\not\s*=)\s*([a-z])\s*[.,:;]?\s*")
_IN_WORDS = re.compile(r"(?<![A-Za-z])([a-z])\s*(=|≠)\s*([a-z])(?![A-Za-z])")
_BEHIND = re.compile(r"\s*,?\s*(?:for|if|when|whenever|where|falls|wenn|für)\s*")
_VAGUE = re.compile(
    r"\b(?:otherwise|else|diagonal|equals?|same|differs?|different|cases?|is not|sonst|fall)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\b(?:case|fall)\b", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:general|always|any|all|every|each|both)\b", re.IGNORECASE)
_INDEX = re.compile(r"_\s*(?:\{([^{}]*)\}|([a-z]))")
_OPEN = "?"
"""Words that may speak of a case, and do not say which."""
MOST_LETTERS = 4
"""Index letters of a formula of which pairs are tried."""
MOST_WORDS = 6
"""Words between a condition and a formula that it is of."""
MOST_LEADING = 4
"""Formulas in the text before a display of which the words lead to it."""


def with_cases(met: Sequence[Met | Trouble]) -> list[Met | Trouble]:
    """The formulas of a document with the cases of which the words beside them speak."""
    return [
        replace(one, case=_case(met, place)) if isinstance(one, Met) and one.found.display else one
        for place, one in enumerate(met)
    ]


def in_its_case(one: Met, judge: Callable[[Expanded], Judged | None]) -> Judged | None:
    """The verdict on a formula, if it fails in the case of which the words beside it speak."""
    claim = judge(one.read)
    if claim is None or claim.verdict is not Verdict.REFUTED or not one.case:
        return claim
    for case in _pairs(one.read.text) if one.case == _OPEN else [one.case]:
        found = judge(replace(one.read, text=f"{one.read.text.rstrip(' .,;')} \\quad {_for(case)}"))
        holds = found is not None and found.verdict is Verdict.PROVED
        if found is not None and holds and one.case != _OPEN:
            note = Finding("alias", f"it is judged for {case}, as the text says", Severity.NOTE)
            return replace(found, text=claim.text, findings=(*found.findings, note))
        if holds:
            message = f"this holds for {case}; write behind it for which indices it is"
            return left_open(claim, "reading", message)
        if one.case != _OPEN and (found is None or found.verdict is not Verdict.REFUTED):
            message = f"the text beside it says {case}; write that behind the formula"
            return left_open(claim, "reading", message)
        if one.case != _OPEN and found is not None:
            claim = replace(found, text=claim.text)
    return claim


def _for(case: str) -> str:
    return rf"\text{{for }} {case}"


def _pairs(text: str) -> Iterator[str]:
    """The cases that two index letters of a formula may be in."""
    found = (c for m in _INDEX.finditer(text) for c in m[1] or m[2])
    letters = list(dict.fromkeys(c for c in found if c.isalpha() and c.islower()))
    for one, other in combinations(letters[:MOST_LETTERS], 2):
        yield f"{one} = {other}"
        yield rf"{one} \neq {other}"


def _case(met: Sequence[Met | Trouble], place: int) -> str:
    """The case of a display: what stands before it, or else behind it; ``?`` for vague words."""
    one = met[place]
    assert isinstance(one, Met)
    words = one.found.before
    before = _condition(met, place - 1, one)
    behind = _condition(met, place + 1, one)
    if behind is not None and _BEHIND.fullmatch(behind.found.before):
        return _said(_CASE.fullmatch(behind.found.text))
    if before is not None:
        apart = "." in words and not _HEADING.search(before.found.before)
        own = not apart and len(words.split()) <= MOST_WORDS and not _GENERAL.search(words)
        ends = place > 1 and _is_display(met[place - 2]) and _BEHIND.fullmatch(before.found.before)
        return _said(_CASE.fullmatch(before.found.text)) if own and not ends else _OPEN
    named = _IN_WORDS.search(words)
    vague = any(map(_VAGUE.search, _words_before(met, place)))
    return _said(named) if named else _OPEN if vague else ""


def _words_before(met: Sequence[Met | Trouble], place: int) -> Iterator[str]:
    """The words before a formula, and before those in the text that lead to it."""
    for one in reversed(met[max(0, place - MOST_LEADING) : place + 1]):
        if not isinstance(one, Met) or (one is not met[place] and one.found.display):
            return
        yield one.found.before


def _said(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    return f"{found[1]} {'=' if found[2] == '=' else chr(92) + 'neq'} {found[3]}"


def _condition(met: Sequence[Met | Trouble], place: int, display: Met) -> Met | None:
    """The formula in the text at a place, if it compares two letters beside a display."""
    one = met[place] if 0 <= place < len(met) else None
    if not isinstance(one, Met) or one.found.display or one.source != display.source:
        return None
    return one if _CASE.fullmatch(one.found.text) else None


def _is_display(one: Met | Trouble) -> bool:
    return isinstance(one, Met) and one.found.display
