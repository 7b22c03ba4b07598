"""Cases of which the words beside a formula speak: "for i = j we have", "if z > 0", "for l < L".

What a text says so a formula claims for these indices or numbers only. It is judged for them where
the text compares two letters or quantities, or says the numbers of a letter, and is not refuted
where it may say so, as with "for the hidden layers".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from derive.checking.claims import Judged, Verdict, left_open
from derive.checking.documents.walk import Met, Trouble
from derive.checking.judge import Judge
from derive.checking.keys import INDEX_LETTERS
from derive.checking.stating.pieces import sides_of
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding, Severity

_CASE = re.compile(r"\s*([a-z])\s*(=|≠|\\neq?(?![A-Za-z])|\\not\s*=)\s*([a-z])\s*[.,:;]?\s*")
_RANGE = re.compile(
    r"\s*(?:\d+\s*(?:[<≤]|\\(?:leq?|lt)(?![A-Za-z]))\s*)?([a-z]|\\ell)\s*"
    r"(?:=|[<>≤≥∈]|\\(?:leq?|geq?|lt|gt|in)(?![A-Za-z]))"
    r"(?:[\s\d,.+\-{}…]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])|\\(?:[lc]?dots|[{},;]))+"
)
"""The numbers of an index letter: l = 2, 3, or l = 1, …, L − 1, or 1 ≤ l < L."""
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
    r"\s*,?\s*(?:for|if|when|whenever|where|falls|wenn|für)(?:\s+(?:all|any|each|every|alle))?\s*"
)
"""Between a formula and what it is said for."""
_BESIDE = re.compile(r"\s*[,(|&]\s*")
"""The same, where both stand in one line, as of a table."""
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
_HIDDEN = re.compile(r"\b(?:hidden|versteckte?n?|verdeckte?n?)\b", re.IGNORECASE)
_OUTPUT = re.compile(r"\b(?:outputs?|last|final|top|Ausgabe\w*)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\^\s*\{?\s*[(\[]?\s*([a-z]|\\ell)(?![A-Za-z])")
"""A letter above a name, which may be that of its layer."""
_HEADING = re.compile(r"\b(?:case|fall)\b", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:general|always|any|all|every|each|both)\b", re.IGNORECASE)
_INDEX = re.compile(r"_\s*(?:\{([^{}]*)\}|([a-z]))")
_OPEN = "? "
"""Words that may speak of a case, and do not say which; behind it, of what kind it may be."""
_TEXT = r"\text{"
_PERHAPS = "perhaps "
"""Before the numbers of an index that may be meant for the formula before."""
MOST_LETTERS = 4
"""Index letters of a formula of which pairs are tried."""
MOST_ABOVE = 2
"""Letters above the names of a formula of which one may be that of a layer."""
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
            if case.startswith(_OPEN) and _LESS.search(before) and _ELSE.search(one.found.before):
                case = _NOT + before.removeprefix(_NOT)
            before = case
            made.append(replace(one, case=case))
        else:
            made.append(one)
    return made


def in_its_case(
    one: Met, judge: Callable[[Expanded], Judged | None], judges: Sequence[Judge]
) -> Judged | None:
    """The verdict on a formula, if it fails in the case of which the words beside it speak.

    `judges` are those who `judge`; on trial in a case they do not look for what is wrong.
    """
    claim = judge(one.read)
    if claim is None or claim.verdict is not Verdict.REFUTED:
        return claim
    if _ACTIVE.search(one.found.before) and any(f.code == "relu" for f in claim.findings):
        message = "it holds where units are active, of which the text beside it may speak"
        return left_open(claim, "reading", message)
    if not one.case:
        return claim
    if one.case.startswith((_PERHAPS, _OPEN)):
        return _in_some_case(one, claim, judge, judges)
    if _LESS.search(one.case) or _is_range(one.case):
        return _in_a_range(one, claim, judge)
    found = judge(_with(one, one.case))
    if found is not None and found.verdict is Verdict.PROVED:
        return _judged_for(one.case, found, claim)
    if found is None or found.verdict is not Verdict.REFUTED:
        message = f"the text beside it says {one.case}; write that behind the formula"
        return left_open(claim, "reading", message)
    return replace(found, text=claim.text)


def _in_a_range(one: Met, claim: Judged, judge: Callable[[Expanded], Judged | None]) -> Judged:
    """The verdict on a formula that fails in general, for the numbers of which the text speaks."""
    if _is_range(one.case):
        found = judge(_with(one, one.case))
        if found is not None and found.verdict is Verdict.PROVED:
            return _judged_for(one.case, found, claim)
        if not _LESS.search(one.case) or (found and found.verdict is Verdict.REFUTED):
            return claim
    return _where(one, claim, judge)


def _in_some_case(
    one: Met,
    claim: Judged,
    judge: Callable[[Expanded], Judged | None],
    judges: Sequence[Judge],
) -> Judged:
    """The verdict on a formula that fails in general, where the text may speak of a case."""
    for case in _open_cases(one):
        if _holds(_with(one, case), judge, judges):
            meant = case[len(_TEXT) : -1] if case.startswith(_TEXT) else case
            message = f"this holds for {meant}; write behind it for which indices it is"
            return left_open(claim, "reading", message)
    return claim


def _holds(
    read: Expanded, judge: Callable[[Expanded], Judged | None], judges: Sequence[Judge]
) -> bool:
    """Whether a formula is right, without a look at what is wrong with it."""
    explained = [of.relations.explains for of in judges]
    for of in judges:
        of.relations.explains = False
    found = judge(read)
    for of, explains in zip(judges, explained, strict=True):
        of.relations.explains = explains
    return found is not None and found.verdict is Verdict.PROVED


def _judged_for(case: str, found: Judged, claim: Judged) -> Judged:
    note = Finding("alias", f"it is judged for {case}, as the text says", Severity.NOTE)
    return replace(found, text=claim.text, findings=(*found.findings, note))


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


def _with(one: Met, case: str) -> Expanded:
    """A formula with its case written behind it."""
    return replace(one.read, text=rf"{one.read.text.rstrip(' .,;')} \quad \text{{for }} {case}")


def _open_cases(one: Met) -> Iterator[str]:
    """The cases that vague words, or numbers beside another formula, may speak of."""
    if one.case.startswith(_PERHAPS):
        yield one.case.removeprefix(_PERHAPS)
        return
    kinds = one.case.removeprefix(_OPEN).split()
    if "pairs" in kinds:
        yield from _pairs(one.read.text)
    above = list(dict.fromkeys(_ABOVE.findall(one.read.text)))[:MOST_ABOVE]
    for kind, relation in (("hidden", "<"), ("output", "=")):
        if kind in kinds:
            yield from (f"{letter} {relation} L" for letter in above)
            yield f"{_TEXT}{kind} units}}"


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
        return _said(behind) if before is None or ends else f"{_OPEN}pairs"
    if behind is not None and _UNLESS.fullmatch(behind.found.before):
        return f"{_OPEN}pairs"
    if before is None:
        named = _IN_WORDS.search(words)
        return _of_letters(named) if named else _vague(met, place)
    if _is_range(before.found.text) and (ends or "." in words):
        return _PERHAPS + _said(before)
    if _LESS.search(before.found.text):
        apart = MOST_WORDS if "." in words else MOST_WORDS_OF_NUMBERS
        own = len(words.split()) <= apart and not _GENERAL.search(words)
        return _said(before) if own else ""
    apart = "." in words and not _HEADING.search(before.found.before)
    own = not apart and len(words.split()) <= MOST_WORDS and not _GENERAL.search(words)
    return _said(before) if own and not ends else f"{_OPEN}pairs"


def _vague(met: Sequence[Met | Trouble], place: int) -> str:
    """The kinds of cases of which the words around a formula may speak; nothing for none."""
    words = list(_words_before(met, place))
    behind = met[place + 1] if place + 1 < len(met) else None
    around = [*words, behind.found.before] if isinstance(behind, Met) else words
    signs = (("pairs", _VAGUE, words), ("hidden", _HIDDEN, around), ("output", _OUTPUT, around))
    kinds = [kind for kind, sign, said in signs if any(map(sign.search, said))]
    return _OPEN + " ".join(kinds) if kinds else ""


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
    less = len(_LESS.findall(text)) == 1 and "=" not in text
    supposed = (less or _is_range(text)) and _SUPPOSED.search(one.found.before)
    return bool(supposed or _CASE.fullmatch(text))


def _is_range(text: str) -> bool:
    """Whether a formula says the numbers of an index letter, and compares no two letters."""
    found = _RANGE.fullmatch(text)
    counts = found is not None and (found[1] == r"\ell" or found[1] in INDEX_LETTERS)
    return counts and _CASE.fullmatch(text) is None


def _ends(one: Met | Trouble, condition: Met) -> bool:
    """Whether a condition is that of the formula right before it."""
    if not isinstance(one, Met) or (not one.found.display and _compares(one)):
        return False
    words = condition.found.before
    beside = one.found.line == condition.found.line and _BESIDE.fullmatch(words) is not None
    return beside or _BEHIND.fullmatch(words) is not None
