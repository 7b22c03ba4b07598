"""Cases of which the words beside a formula speak: "for i = j we have", "if z > 0", "otherwise".

What a text says so a formula claims for these indices or numbers only. It is judged for them where
the text compares two letters or quantities, and is not refuted where it may say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from derive.checking.claims import Judged, Verdict, left_open
from derive.checking.documents.walk import Met, Trouble
from derive.checking.stating.pieces import sides_of
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding, Severity

_CASE = re.compile(r"\s*([a-z])\s*(=|≠|\\neq?(?![A-Za-z])|\\not\s*=)\s*([a-z])\s*[.,:;]?\s*")
_IN_WORDS = re.compile(r"(?<![A-Za-z])([a-z])\s*(=|≠)\s*([a-z])(?![A-Za-z])")
_LESS = re.compile(r"[<>≤≥]|\\(?:leq?|geq?|lt|gt)(?![A-Za-z])")
_SUPPOSED = re.compile(
    r"\b(?:if|when|whenever|for|with|as long as|suppose|assum\w+|case|provided|wenn|falls|für)\b"
    r"(?:\s+\w+){0,3}\s*:?\**\s*\Z",
    re.IGNORECASE,
)
"""Words at whose end a condition stands: "suppose that", "if the net input"."""
_LAYOUT = re.compile(r"&|\\\\|\\begin(?![A-Za-z])")
_BEHIND = re.compile(
    r"\s*,?\s*(?:for|if|when|whenever|where|falls|wenn|für)\s*|[^\S\n]*[,(|&][^\S\n]*"
)
"""Between a formula and what it is said for; in a table, a line has both."""
_UNLESS = re.compile(
    r"\s*,?\s*(?:unless|except(?:\s+(?:for|if|when|where))?|außer)\s*", re.IGNORECASE
)
_ELSE = re.compile(r"\b(?:otherwise|else|sonst)\b", re.IGNORECASE)
_VAGUE = re.compile(
    rf"{_ELSE.pattern}|\b(?:diagonal|equals?|same|differs?|different|cases?|is not|fall)\b"
    r"|\bfor some\b|\bthere (?:is|are|exists?)\b",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\b(?:(?:in)?active|fir(?:es?|ing)|dead|positive|negative|(?:switched|turned) o(?:n|ff))\b",
    re.IGNORECASE,
)
"""Words for the side of its kink on which a unit is."""
_NOT = "otherwise, not "
"""Before a condition of the formula before, of whose contrary a text speaks."""
_HEADING = re.compile(r"\b(?:case|fall)\b", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:general|always|any|all|every|each|both)\b", re.IGNORECASE)
_INDEX = re.compile(r"_\s*(?:\{([^{}]*)\}|([a-z]))")
_OPEN = "?"
"""Words that may speak of a case, and do not say which."""
MOST_LETTERS = 4
"""Index letters of a formula of which pairs are tried."""
MOST_WORDS = 6
"""Words between a condition and a formula that it is of."""
MOST_WORDS_OF_NUMBERS = 14
"""The same between a condition on a number, as z > 0, and a formula."""
MOST_LEADING = 4
"""Formulas in the text before a display of which the words lead to it."""


def with_cases(met: Sequence[Met | Trouble]) -> list[Met | Trouble]:
    """The formulas of a document with the cases of which the words beside them speak."""
    made: list[Met | Trouble] = []
    before = ""
    for place, one in enumerate(met):
        if isinstance(one, Met) and (one.found.display or not _compares(one)):
            case = _case(met, place)
            if case == _OPEN and _LESS.search(before) and _ELSE.search(one.found.before):
                case = _NOT + before.removeprefix(_NOT)
            before = case
            made.append(replace(one, case=case))
        else:
            made.append(one)
    return made


def in_its_case(one: Met, judge: Callable[[Expanded], Judged | None]) -> Judged | None:
    """The verdict on a formula, if it fails in the case of which the words beside it speak."""
    claim = judge(one.read)
    if claim is None or claim.verdict is not Verdict.REFUTED:
        return claim
    if _ACTIVE.search(one.found.before) and any(f.code == "relu" for f in claim.findings):
        message = "it holds where units are active, of which the text beside it may speak"
        return left_open(claim, "reading", message)
    if not one.case:
        return claim
    if _LESS.search(one.case):
        return _where(one, claim, judge)
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


def _where(one: Met, claim: Judged, judge: Callable[[Expanded], Judged | None]) -> Judged:
    """The verdict on a formula that fails in general, where a quantity is as the text says.

    It is judged as a choice, which is the left side itself wherever the condition does not hold.
    """
    left, *others = sides_of(one.read.text.strip().rstrip(".,;"))
    condition = one.case.removeprefix(_NOT)
    if others and not _LAYOUT.search(one.read.text):
        rows = [(left, side) if condition != one.case else (side, left) for side in others]
        choices = (
            rf"\begin{{cases}} {then} & \text{{if }} {condition} \\ {other} & \text{{otherwise}}"
            r"\end{cases}"
            for then, other in rows
        )
        found = judge(replace(one.read, text=" = ".join((left, *choices))))
        if found is not None and found.verdict is Verdict.REFUTED:
            return claim
        if found is not None and found.verdict is Verdict.PROVED:
            message = f"it is judged where {one.case}, as the text says"
            note = Finding("alias", message, Severity.NOTE)
            proved = (replace(r, verdict=Verdict.PROVED, witness=None) for r in claim.relations)
            return replace(claim, verdict=Verdict.PROVED, relations=tuple(proved), findings=(note,))
    message = f"the text beside it says {one.case}, and in general this does not hold"
    return left_open(claim, "reading", message)


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
    """The case of a formula: what stands before it, or else behind it; ``?`` for vague words."""
    one = met[place]
    assert isinstance(one, Met)
    words = one.found.before
    before = _condition(met, place - 1, one)
    behind = _condition(met, place + 1, one)
    ends = place > 1 and before is not None and _ends(met[place - 2], before)
    if behind is not None and _ends(one, behind):
        # "For i = j, A, for i ≠ j, B": nobody knows of which of both a formula between them is.
        return _said(behind) if before is None or ends else _OPEN
    if behind is not None and _UNLESS.fullmatch(behind.found.before):
        return _OPEN
    if before is not None and _LESS.search(before.found.text):
        apart = MOST_WORDS if "." in words else MOST_WORDS_OF_NUMBERS
        own = len(words.split()) <= apart and not _GENERAL.search(words)
        return _said(before) if own else ""
    if before is not None:
        apart = "." in words and not _HEADING.search(before.found.before)
        own = not apart and len(words.split()) <= MOST_WORDS and not _GENERAL.search(words)
        return _said(before) if own and not ends else _OPEN
    named = _IN_WORDS.search(words)
    vague = any(map(_VAGUE.search, _words_before(met, place)))
    return _of_letters(named) if named else _OPEN if vague else ""


def _words_before(met: Sequence[Met | Trouble], place: int) -> Iterator[str]:
    """The words before a formula, and before those in the text that lead to it."""
    for one in reversed(met[max(0, place - MOST_LEADING) : place + 1]):
        if not isinstance(one, Met) or (one is not met[place] and one.found.display):
            return
        yield one.found.before


def _said(condition: Met) -> str:
    """What a condition says, of two letters or of numbers."""
    letters = _CASE.fullmatch(condition.found.text)
    return _of_letters(letters) if letters else condition.found.text.strip().rstrip(".,:;")


def _of_letters(found: re.Match[str]) -> str:
    return f"{found[1]} {'=' if found[2] == '=' else chr(92) + 'neq'} {found[3]}"


def _condition(met: Sequence[Met | Trouble], place: int, beside: Met) -> Met | None:
    """The formula in the text at a place, if it compares letters or numbers beside another."""
    one = met[place] if 0 <= place < len(met) else None
    if not isinstance(one, Met) or one.found.display or one.source != beside.source:
        return None
    return one if _compares(one) else None


def _compares(one: Met) -> bool:
    """Whether a formula in the text compares two letters, or numbers where words suppose so."""
    text = one.found.text
    less = len(_LESS.findall(text)) == 1 and "=" not in text and _SUPPOSED.search(one.found.before)
    return bool(less or _CASE.fullmatch(text))


def _ends(one: Met | Trouble, condition: Met) -> bool:
    """Whether a condition is that of the formula right before it."""
    claims = isinstance(one, Met) and (one.found.display or not _compares(one))
    return claims and _BEHIND.fullmatch(condition.found.before) is not None
