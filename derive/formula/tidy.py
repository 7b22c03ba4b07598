"""Small identities that a person applies without a word when a derivative is written down.

Each keeps the order in which things stand wherever the identity leaves a choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import gcd
from types import MappingProxyType

from derive.formula import (
    ONE,
    Formula,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    contains,
    equation,
    number,
    product,
    signs_out,
    total,
    transform,
    walk,
)

LARGEST = 300
"""Names and numbers of a formula up to which it is tried whether it gets shorter."""
MOST_EXPANDED = 40
"""Terms up to which a sum is multiplied out to see what its terms have in common."""

Factors = tuple[Formula, ...]


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
    """(a/b)·b·c as a·c, wherever it occurs, and (a/b − c)·b as a − c·b.

    True wherever the left side has a value.
    """

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
        for factor in tuple(factors):
            if isinstance(factor, Sum) and factor in factors and contains(factor, Quotient):
                factors = _multiplied_in(factor, factors)
        return product(factors)

    return transform(formula, rule)


def _multiplied_in(bracket: Sum, factors: list[Formula]) -> list[Formula]:
    """The factors, those multiplied into a bracket among them that cancel all divisors in it."""
    divisors = dict.fromkeys(node.bottom for node in walk(bracket) if isinstance(node, Quotient))
    into = [divisor for divisor in divisors if divisor in factors]
    inner = total(cancelled(signs_out(product([term, *into]))) for term in bracket.terms)
    if contains(inner, Quotient):
        return factors
    kept = list(factors)
    kept[kept.index(bracket)] = inner
    for factor in into:
        kept.remove(factor)
    return kept


def size(formula: Formula) -> int:
    """How many names and numbers stand in a formula."""
    return sum(1 for node in walk(formula) if not node.parts())


def gathered(formula: Formula, conditions: Mapping[str, Formula] = MappingProxyType({})) -> Formula:
    """The terms of a sum, multiplied out, that share a quantity as its multiple: a·p − b·(1 − p).

    That is p·(a + b) − b. Of several quantities that one is taken that makes it shortest with the
    model's `conditions`. The formula itself where nothing makes it shorter.
    """
    terms = like_terms(formula)
    if len(terms) > MOST_EXPANDED:
        return formula
    shared = Counter(
        factor for factors in terms for factor in dict.fromkeys(factors) if isinstance(factor, Name)
    )
    ways = [_multiple_of(name, terms) for name, count in shared.most_common() if count > 1]
    plain = total(_times(times, product(factors)) for factors, times in terms.items())
    ways = [formula, *ways, plain]
    return min(ways, key=lambda way: (size(under(way, conditions)), size(way)))


def _multiple_of(name: Formula, terms: Mapping[Factors, Fraction]) -> Formula:
    """The sum of `terms` with those in one bracket that have `name` among their factors."""
    inner, rest = [], []
    for factors, times in terms.items():
        if name in factors:
            left = list(factors)
            left.remove(name)
            inner.append(_times(times, product(left)))
        else:
            rest.append(_times(times, product(factors)))
    return total([product([name, total(inner)]), *rest])


def centred(formula: Formula) -> Formula:
    """d·p·(1 − p) − b·q·p as p·(d − d·p − b·q), in any order: what softmax passes back.

    A share p has its own d, less the mean of all of them, weighted with the shares. The formula
    itself where its terms are not of this kind.
    """
    terms = formula.terms if isinstance(formula, Sum) else ()
    own = [term for term in terms if isinstance(term, Product)]
    if len(own) != 1:
        return formula
    for share in own[0].parts():
        d = _without(own[0], share, 1 - share) if isinstance(share, Name) else None
        if d is None:
            continue
        taken = [
            d * share
            if term is own[0]
            else _without(term.term, share)
            if isinstance(term, Negative)
            else None
            for term in terms
        ]
        if None not in taken:
            return product([share, total([d, *(-each for each in taken if each)])])
    return formula


def _without(term: Formula, *factors: Formula) -> Formula | None:
    """What is left of a product without these of its factors; nothing where it has them not."""
    left = list(term.parts()) if isinstance(term, Product) else [term]
    for factor in factors:
        if factor not in left:
            return None
        left.remove(factor)
    return product(left)


def _gathered_within(formula: Formula, conditions: Mapping[str, Formula]) -> Formula:
    """`formula` with its sums gathered, inner ones first; what holds a shorter one is left."""
    parts = tuple(_gathered_within(part, conditions) for part in formula.parts())
    if parts != formula.parts():
        return formula.rebuilt(parts)
    return gathered(formula, conditions) if isinstance(formula, Sum) else formula


def shortened(formula: Formula, conditions: Mapping[str, Formula]) -> list[Formula]:
    """What a sum of path products comes to, step by step; nothing where no divisor cancels.

    Divisors are cancelled, then common quantities are gathered, and then what the model's
    `conditions` say of given quantities is used: the way from a softmax and its cross-entropy to a
    difference.
    """
    plain = signs_out(formula)
    short = cancelled(plain)
    if short == plain:
        return []
    together = _gathered_within(short, conditions)
    return [short, together, under(together, conditions)]


def collapsed(formula: Formula, conditions: Mapping[str, Formula]) -> tuple[Formula, ...]:
    """The steps by which `formula` gets shorter, itself first, if no divisor is left in the end.

    For a sigmoid with the binary cross-entropy ((1 − t)/(1 − o) − t/o)·o·(1 − o) is o − t; for
    softmax with the categorical cross-entropy Σ −t_k/p_k·∂p_k/∂net_j is p_j − t_j, as the targets
    sum to 1.
    """
    if not contains(formula, Quotient) or size(formula) > LARGEST:
        return (formula,)
    steps = shortened(formula, conditions)
    if not steps or contains(steps[-1], Quotient) or size(steps[-1]) >= size(formula):
        return (formula,)
    return equation(formula, *steps).sides


def under(formula: Formula, conditions: Mapping[str, Formula]) -> Formula:
    """`formula` with 1 for a + b + c where a condition of the model says that this is their sum."""
    known: list[tuple[dict[Factors, Fraction], Fraction]] = []
    for name, meaning in conditions.items():
        terms = like_terms(Name(name) - meaning)
        known.append((terms, -terms.pop((), Fraction(0))))

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Sum) or len(node.terms) > MOST_EXPANDED:
            return None
        terms = like_terms(node)
        return next((number(value) for whole, value in known if terms == whole), None)

    return transform(formula, rule) if known else formula


def shortest(formula: Formula) -> Formula:
    """A sum of path products as a person would leave it: signs, divisors, common quantities."""
    return [signs_out(formula), *shortened(formula, {})][-1]


def like_terms(formula: Formula) -> dict[Factors, Fraction]:
    """The terms of a formula multiplied out, like ones put together, with their numbers."""
    found: dict[Factors, Fraction] = {}
    places: dict[frozenset[tuple[Formula, int]], Factors] = {}
    for times, factors in multiplied_out(formula):
        like = places.setdefault(frozenset(Counter(factors).items()), factors)
        found[like] = found.get(like, Fraction(0)) + times
    return {factors: times for factors, times in found.items() if times}


def multiplied_out(formula: Formula) -> list[tuple[Fraction, Factors]]:
    """The terms of a formula without brackets, each a number and its factors."""
    if isinstance(formula, Sum):
        return [term for part in formula.terms for term in multiplied_out(part)]
    if isinstance(formula, Negative):
        return [(-times, factors) for times, factors in multiplied_out(formula.term)]
    if isinstance(formula, Number) and not formula.text:
        return [(formula.value, ())]
    if not isinstance(formula, Product):
        return [(Fraction(1), (formula,))]
    terms: list[tuple[Fraction, Factors]] = [(Fraction(1), ())]
    for part in formula.factors:
        inner = multiplied_out(part)
        if len(terms) * len(inner) > MOST_EXPANDED:
            inner = [(Fraction(1), (part,))]
        terms = [(a * b, f + g) for a, f in terms for b, g in inner]
    return terms


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
