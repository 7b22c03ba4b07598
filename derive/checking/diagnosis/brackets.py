"""brackets: they are left out, stand where none belong, or end on the wrong side of an exponent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from derive.checking.diagnosis.case import Case, Repair
from derive.checking.diagnosis.sites import (
    Site,
    factors_of,
    multiplied,
    product_of,
    replaced,
    with_sign_of,
)
from derive.formula import Formula, Negative, Power, Product, Sum, total

MOST_TERMS = 8
"""Summands of a sum in which brackets are looked for."""

Moved = tuple[Formula, int, str, Formula]
"""A part with its brackets moved, its residue, what was done, and what is told of it."""


def brackets(case: Case) -> Iterator[Repair]:
    """The formula with one pair of brackets set, taken away, or moved past an exponent."""
    for site in case.sites:
        moved = [*_past_exponent(case, site.formula), *_taken_away(case, site.formula)]
        found = [one for one in moved if one[1] % site.prime == site.needed]
        if isinstance(site.formula, Sum) and len(site.formula.terms) <= MOST_TERMS:
            found += _set(case, site, site.formula)
        for made, _, what, about in found:
            facts = {"what": what, "about": about}
            yield Repair("brackets", replaced(case.wrong, site.trail, made), facts)


def _set(case: Case, site: Site, formula: Sum) -> Iterator[Moved]:
    """Brackets where none are: a·(b + c)·d for a·b + c·d, wherever they may begin and end."""
    terms = formula.terms
    factors = list(map(factors_of, terms))
    signs = [-1 if isinstance(term, Negative) else 1 for term in terms]
    residues = [list(map(case.residue, each)) for each in factors]
    values = [s * multiplied(each, case.prime) for s, each in zip(signs, residues, strict=True)]
    for first, last in combinations(range(len(terms)), 2):
        outside = sum(values) - sum(values[first : last + 1])
        inside = sum(values[first + 1 : last])
        head, tail = residues[first], residues[last]
        for begin, end in product(range(len(head)), range(1, len(tail) + 1)):
            if not begin and end == len(tail) and signs[first] > 0:
                continue
            bracket = inside + multiplied(head[begin:], case.prime)
            bracket += signs[last] * multiplied(tail[:end], case.prime)
            around = multiplied([*head[:begin], bracket, *tail[end:]], case.prime)
            value = outside + signs[first] * around
            if value % site.prime != site.needed:
                continue
            closed = with_sign_of(terms[last], product_of(factors[last][:end]))
            opened = product_of(factors[first][begin:])
            inner = Sum((opened, *terms[first + 1 : last], closed))
            made = product_of([*factors[first][:begin], inner, *factors[last][end:]])
            made = with_sign_of(terms[first], made)
            yield total([*terms[:first], made, *terms[last + 1 :]]), value, "set", inner


def _taken_away(case: Case, formula: Formula) -> Iterator[Moved]:
    """No brackets where some are: a·b + c·d for a·(b + c)·d."""
    factors = factors_of(formula)
    for place, factor in enumerate(factors if len(factors) > 1 else ()):
        if not isinstance(factor, Sum):
            continue
        first, *middle, last = factor.terms
        head = [*factors[:place], *factors_of(first)]
        tail = [*factors_of(last), *factors[place + 1 :]]
        begun = with_sign_of(formula, with_sign_of(first, product_of(head)))
        terms = [_plain(begun), *middle, with_sign_of(last, product_of(tail))]
        yield total(terms), sum(map(case.residue, terms)), "away", factor


def _plain(formula: Formula) -> Formula:
    """A formula without two signs before it."""
    twice = isinstance(formula, Negative) and isinstance(formula.term, Negative)
    return formula.term.term if twice else formula  # type: ignore[attr-defined]


def _past_exponent(case: Case, formula: Formula) -> Iterator[Moved]:
    """Brackets that end elsewhere: a + bⁿ for (a + b)ⁿ, a·bⁿ for (a·b)ⁿ, (a + b)ⁿ for a + bⁿ."""
    if isinstance(formula, Power) and isinstance(formula.base, Sum | Product):
        *others, last = formula.base.parts()
        inner = last.term if isinstance(last, Negative) else last
        power = with_sign_of(last, Power(inner, formula.exponent))
        made = formula.base.rebuilt((*others, power))
        yield made, case.residue(made), "inside", inner
    last = formula.terms[-1] if isinstance(formula, Sum) else formula
    power = last.term if isinstance(last, Negative) else last
    if isinstance(formula, Sum) and isinstance(power, Power):
        base = Sum((*formula.terms[:-1], with_sign_of(last, power.base)))
        whole = Power(base, power.exponent)
        yield whole, case.residue(whole), "around", base
