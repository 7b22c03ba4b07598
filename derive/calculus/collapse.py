"""Where a δ collapses: the derivative of a loss meets that of the activation, and most cancels.

For a sigmoid with the binary cross-entropy ((1 − t)/(1 − o) − t/o)·o·(1 − o) is o − t; for softmax
with the categorical cross-entropy Σ −t_k/p_k·∂p_k/∂net_j is p_j − t_j, as the targets sum to 1.
Nothing is looked up: denominators are cancelled against equal factors, the rest is multiplied out,
and what the model's targets satisfy is used where it makes the result shorter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from derive.formula import (
    Arithmetic,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    evaluate,
    names_in,
    number,
    product,
    signs_out,
    total,
    walk,
)

LARGEST = 300
"""Names and numbers of a formula up to which it is looked at."""
MOST_NAMES = 40


def collapsed(formula: Formula, conditions: Mapping[str, Formula]) -> tuple[Formula, ...]:
    """The steps by which `formula` gets shorter, itself first; `conditions` are the model's.

    Just the formula where nothing cancels, or the result is no shorter.
    """
    if not _has_quotient(formula) or _size(formula) > LARGEST:
        return (formula,)
    cancelled = signs_out(_cancelled(formula))
    if _has_quotient(cancelled):
        return (formula,)
    short = _shortest(cancelled, conditions)
    steps = [formula]
    for step in (cancelled, short):
        if step is not None and _size(step) < _size(steps[-1]):
            steps.append(step)
    return tuple(steps)


def _has_quotient(formula: Formula) -> bool:
    return any(isinstance(node, Quotient) for node in walk(formula))


def _size(formula: Formula) -> int:
    """The names and numbers in it."""
    return sum(1 for node in walk(formula) if not node.parts())


def _cancelled(formula: Formula) -> Formula:
    """Every product with its denominators cancelled against equal factors, as far as they are."""
    if isinstance(formula, Sum):
        return total(_cancelled(term) for term in formula.terms)
    if isinstance(formula, Negative):
        return -_cancelled(formula.term)
    if not isinstance(formula, Product):
        return formula
    factors = [f.term if isinstance(f, Negative) else f for f in formula.factors]
    minus = sum(isinstance(f, Negative) for f in formula.factors) % 2
    for place, factor in enumerate(factors):
        if isinstance(factor, Sum) and _has_quotient(factor):
            rest = [*factors[:place], *factors[place + 1 :]]
            terms = total(_cancelled(_times(term, rest)) for term in factor.terms)
            return -terms if minus else terms
    flat = list(product(factors).parts()) or factors
    kept: list[Formula] = []
    bottoms: list[Formula] = []
    for factor in flat:
        kept.append(factor.top if isinstance(factor, Quotient) else factor)
        bottoms += [factor.bottom] if isinstance(factor, Quotient) else []
    for bottom in bottoms:
        if bottom not in kept:
            return formula
        kept.remove(bottom)
    made = product(kept)
    return -made if minus else made


def _times(term: Formula, factors: Sequence[Formula]) -> Formula:
    if isinstance(term, Negative):
        return -product([term.term, *factors])
    return product([term, *factors])


def _shortest(formula: Formula, conditions: Mapping[str, Formula]) -> Formula | None:
    """`formula` multiplied out, with or without a condition, whichever is shortest."""
    names = list(dict.fromkeys([*names_in(formula), *_all_names(conditions)]))
    polynomial = _polynomial(formula, names)
    if polynomial is None:
        return None
    found = [polynomial]
    for name, meaning in conditions.items():
        whole = _polynomial(Name(name) - meaning, names)
        if whole is None or name not in names_in(formula):
            continue
        # The condition is that a sum of names has a value: any of them may be replaced.
        for other in names_in(Sum((Name(name), meaning)))[:2]:
            place = names.index(other)
            coefficient = whole.coeff(whole.ring.gens[place])
            if coefficient:
                rest = whole.ring.gens[place] - whole / coefficient
                found.append(polynomial.compose(whole.ring.gens[place], rest))
    best = min(found, key=lambda p: sum(1 + sum(powers) for powers in p))
    return _written(best, names)


def _all_names(conditions: Mapping[str, Formula]) -> list[str]:
    return [n for name, meaning in conditions.items() for n in (name, *names_in(meaning))]


def _polynomial(formula: Formula, names: Sequence[str]) -> PolyElement | None:
    if len(names) > MOST_NAMES or not names:
        return None
    ring = PolyRing(list(names), QQ)
    gens = dict(zip(names, ring.gens, strict=True))

    def resolve(node: Formula, inner: object) -> Any:
        if isinstance(node, Name):
            return gens[node.name]
        raise TypeError

    def divide(a: Any, b: Any) -> Any:
        raise TypeError

    world = Arithmetic(lambda v: ring(QQ(v.numerator, v.denominator)), resolve, divide)
    try:
        return evaluate(formula, world)
    except TypeError:
        return None


def _written(polynomial: PolyElement, names: Sequence[str]) -> Formula:
    """A polynomial as a person writes it: positive terms first."""
    positive: list[Formula] = []
    negative: list[Formula] = []
    for powers, coefficient in polynomial.terms():
        value = Fraction(int(coefficient.numerator), int(coefficient.denominator))
        factors: list[Formula] = [] if abs(value) == 1 and any(powers) else [number(abs(value))]
        for name, power in zip(names, powers, strict=True):
            if power:
                base = Name(name)
                factors.append(base if power == 1 else Power(base, Number(Fraction(power))))
        term = product(factors)
        if value < 0:
            negative.append(Negative(term))
        else:
            positive.append(term)
    return total([*positive, *negative])
