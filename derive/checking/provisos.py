"""What is said beside "proved": where an equation holds, and but for what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.checking.cases import listed
from derive.checking.speller import Speller
from derive.exact.conditions import conditions
from derive.formula import Formula
from derive.grammar.findings import Finding, Severity
from derive.model import Model

MOST_NAMED = 4
"""Conditions that are named before "…"."""


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
    if len(distinct) > MOST_NAMED:
        return f"{', '.join(distinct[:MOST_NAMED])}, …"
    return listed(distinct)
