"""Small identities that a person applies without a word when a derivative is written down.

Each keeps the order in which things stand wherever the identity leaves a choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import gcd

from derive.formula import (
    ONE,
    Formula,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    number,
    product,
    signs_out,
    total,
    transform,
)

MOST_EXPANDED = 40
"""Terms up to which a sum is multiplied out to see what its terms have in common."""


def tidied(formula: Formula) -> Formula:
    """2a − 2b as 2(a − b), a − b + a as 2a − b, −b + a as a − b, ⅓·2 as ⅔."""
    if isinstance(formula, Product):
        return _numbers_first(formula)
    if not isinstance(formula, Sum):
        return formula
    found: dict[Formula, Fraction] = {}
    for times, rest in _opened([_coefficient(term) for term in formula.terms]):
        found[rest] = found.get(rest, Fraction(0)) + times
    terms = [(times, rest) for rest, times in found.items() if times]
    common = _common([times for times, _ in terms])
    positive = next((place for place, (times, _) in enumerate(terms) if times > 0), 0)
    terms = [*terms[positive : positive + 1], *terms[:positive], *terms[positive + 1 :]]
    inner = total(_times(times / common, rest) for times, rest in terms)
    return product([number(common), inner])


def cancelled(formula: Formula) -> Formula:
    """(a/b)·b·c as a·c, wherever it occurs. True wherever the left side has a value."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        factors = [transform(factor, rule) for factor in node.factors]
        for factor in tuple(factors):
            quotient = factor.term if isinstance(factor, Negative) else factor
            if isinstance(quotient, Quotient) and quotient.bottom in factors:
                factors.remove(quotient.bottom)
                top = -quotient.top if isinstance(factor, Negative) else quotient.top
                factors[factors.index(factor)] = top
        return product(factors)

    return transform(formula, rule)


def gathered(formula: Formula) -> Formula:
    """The terms of a sum, multiplied out, that share a quantity as its multiple: a·p − b·(1 − p).

    That is p·(a + b) − b. The formula itself where no quantity stands in more terms than one.
    """
    terms = multiplied_out(formula)
    if len(terms) > MOST_EXPANDED:
        return formula
    shared = Counter(
        factor for _, factors in terms for factor in dict.fromkeys(factors) if _is_name(factor)
    )
    best = max(shared, key=lambda factor: shared[factor], default=None)
    if best is None or shared[best] < 2:
        return formula
    inner, rest = [], []
    for times, factors in terms:
        if best in factors:
            left = list(factors)
            left.remove(best)
            inner.append(_times(times, product(left)))
        else:
            rest.append(_times(times, product(factors)))
    return total([product([best, total(inner)]), *rest])


def gathered_sum(formula: Formula) -> Formula | None:
    """:func:`gathered` as a rule for sums inside of a formula."""
    return gathered(formula) if isinstance(formula, Sum) else None


def under(formula: Formula, conditions: Mapping[str, Formula]) -> Formula:
    """`formula` with 1 for a + b + c where a condition of the model says that this is their sum."""
    known: list[tuple[dict[Formula, Fraction], Fraction]] = []
    for name, meaning in conditions.items():
        terms = {rest: -times for times, rest in coefficients(meaning)}
        value = -terms.pop(ONE, Fraction(0))
        known.append(({**terms, Name(name): Fraction(1)}, value))

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Sum):
            terms = {rest: times for times, rest in coefficients(node)}
            for whole, value in known:
                if terms == whole:
                    return number(value)
        return None

    return transform(formula, rule) if known else formula


def shortest(formula: Formula) -> Formula:
    """A sum of path products as a person would leave it: signs, divisors, common quantities."""
    found = signs_out(formula)
    short = cancelled(found)
    return found if short == found else transform(short, gathered_sum)


def _is_name(formula: Formula) -> bool:
    return isinstance(formula, Name)


def multiplied_out(formula: Formula) -> list[tuple[Fraction, tuple[Formula, ...]]]:
    """The terms of a formula without brackets, each a number and its factors."""
    if isinstance(formula, Sum):
        return [term for part in formula.terms for term in multiplied_out(part)]
    if isinstance(formula, Negative):
        return [(-times, factors) for times, factors in multiplied_out(formula.term)]
    if isinstance(formula, Number) and not formula.text:
        return [(formula.value, ())]
    if not isinstance(formula, Product):
        return [(Fraction(1), (formula,))]
    terms: list[tuple[Fraction, tuple[Formula, ...]]] = [(Fraction(1), ())]
    for part in formula.factors:
        inner = multiplied_out(part)
        if len(terms) * len(inner) > MOST_EXPANDED:
            inner = [(Fraction(1), (part,))]
        terms = [(a * b, f + g) for a, f in terms for b, g in inner]
    return terms


def coefficients(formula: Formula) -> list[tuple[Fraction, Formula]]:
    """The terms of a sum, each as a number and the rest; the rest of a number is 1."""
    terms = formula.terms if isinstance(formula, Sum) else (formula,)
    return [_coefficient(term) for term in terms]


def _coefficient(term: Formula) -> tuple[Fraction, Formula]:
    """A term as a number and the rest."""
    if isinstance(term, Negative):
        times, rest = _coefficient(term.term)
        return -times, rest
    if isinstance(term, Number) and not term.text:
        return term.value, ONE
    if isinstance(term, Product):
        first, *others = term.factors
        if isinstance(first, Number) and not first.text:
            return first.value, product(others)
    return Fraction(1), term


def _opened(terms: list[tuple[Fraction, Formula]]) -> list[tuple[Fraction, Formula]]:
    """2(a − b) + 2(a − c) without its brackets, where all terms are numbers times brackets."""
    if not all(isinstance(rest, Sum) for _, rest in terms):
        return terms
    return [
        (times * inner, part)
        for times, rest in terms
        for inner, part in map(_coefficient, rest.parts())
    ]


def _common(times: list[Fraction]) -> Fraction:
    """The number that goes before the bracket of a sum with these coefficients."""
    bottoms = {t.denominator for t in times}
    if len(times) < 2 or len(bottoms) > 1:
        return Fraction(1)
    return Fraction(gcd(*(t.numerator for t in times)), bottoms.pop())


def _times(times: Fraction, rest: Formula) -> Formula:
    """A number times the rest, a minus sign standing before it."""
    term = product([number(abs(times)), rest])
    return Negative(term) if times < 0 else term


def _numbers_first(formula: Product) -> Formula:
    """The numbers at the head of a product multiplied."""
    value, rest = Fraction(1), list(formula.factors)
    while rest and isinstance(rest[0], Number) and not rest[0].text:
        value *= rest.pop(0).value  # type: ignore[attr-defined]
    return product([number(value), *rest])
