"""What a claim that holds takes for granted: numbers that are put in, conditions, kinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, takewhile

from derive.checking.speller import Speller
from derive.exact.conditions import conditions
from derive.formula import Formula
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.suggest import listed


def with_numbers(chosen: Mapping[Formula, Fraction], speller: Speller) -> Finding:
    """With which numbers of the network a formula is right."""
    shown = [f"{speller.inline(name)} = {_written(value)}" for name, value in chosen.items()]
    message = f"numbers are put in: it holds with {listed(shown)}, as they are given"
    return Finding("numbers-put-in", message, Severity.NOTE)


def _written(value: Fraction) -> str:
    """A number of a file as it stands there."""
    return str(value) if value.denominator == 1 else f"{float(value)!r}"


MOST_NAMED, MOST_LETTERS = 4, 120
"""Conditions that are named before "…", and characters of all after the first."""


def provisos(
    model: Model, sides: Iterable[Formula], speller: Speller, *, has_kinks: bool
) -> list[Finding]:
    """Notes on what must not be 0 or negative, and on the kinks that derivatives pass."""
    found = conditions(model, sides, has_kinks=has_kinks)
    notes: list[Finding] = []
    where = [
        *(f"{speller.inline(formula)} ≠ 0" for formula in found.nonzero),
        *(f"{speller.inline(formula)} > 0" for formula in found.positive),
        *(f"{speller.inline(formula)} ≥ 0" for formula in found.nonnegative),
    ]
    if where:
        notes.append(Finding("where", f"where {_some(where)}", Severity.NOTE))
    kinks = [f"{speller.inline(formula)} = 0" for formula in found.kinks]
    if kinks:
        notes.append(Finding("kink", f"but for {_some(kinks)}", Severity.NOTE))
    return notes


def _some(phrases: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(phrases))
    room = takewhile(lambda letters: letters <= MOST_LETTERS, accumulate(map(len, distinct)))
    shown = max(1, min(MOST_NAMED, sum(1 for _ in room)))
    if len(distinct) > shown:
        return f"{', '.join(distinct[:shown])}, …"
    return listed(distinct)
