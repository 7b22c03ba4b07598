"""Two mistakes at once, of the commonest kinds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.checking.diagnosis.case import Case, Facts, Repair
from derive.checking.diagnosis.ratio import (
    has_difference,
    in_many_terms,
    missing_factor,
    quotient,
    scaled,
    turned,
)
from derive.checking.diagnosis.sites import inverse
from derive.checking.diagnosis.slopes import everywhere
from derive.formula import Number

CONSTANTS = (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2), Fraction(-1, 2))
MISSING = ("missing-factor", "wrong-activation", "relu")


def combined(case: Case) -> Iterator[Repair]:
    """A missing factor together with a wrong sign or a wrong constant of the whole side."""
    for constant in CONSTANTS:
        wrong = turned(case, case.wrong) if constant == -1 else scaled(case.wrong, 1 / constant)
        rest = Case(case.tables, case.truth, wrong, case.holds, case.before)
        for first in _missing(rest):
            yield first
            if constant < 0:
                difference = case.about_slopes and has_difference(case, case.wrong)
                facts: Facts = {"besides": True, "difference": difference}
                yield Repair("sign", first.formula, facts)
            if abs(constant) != 1:
                facts = {"besides": True, "number": abs(constant), "whole": True}
                yield Repair("constant-factor", first.formula, facts)
            return


def _missing(case: Case) -> Iterator[Repair]:
    """The factors that may be missing, at one place or at all places of a neuron."""
    for site in case.terms:
        if site.trail and isinstance(site.formula, Number):
            continue
        known = case.tables.factors.get(inverse(quotient(site), site.prime))
        if known is not None:
            yield missing_factor(case, site, known)
    yield from in_many_terms(case)
    yield from (repair for repair in everywhere(case) if repair.code in MISSING)
