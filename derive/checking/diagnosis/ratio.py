"""Mistakes that show in a quotient: signs, constants, factors too few or too many.

A side, or a summand of it, that is a times what it should be: −1, 2, ½, η, or a factor of the
derivation.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.checking.diagnosis.case import Case, Facts, Repair
from derive.checking.diagnosis.insertion import inserted
from derive.checking.diagnosis.known import Known
from derive.checking.diagnosis.sites import (
    Site,
    factors_of,
    inverse,
    product_of,
    replaced,
    with_sign_of,
)
from derive.formula import (
    Call,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    total,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.model import Role

LARGEST = 720
"""Numerators and denominators up to which a quotient is taken for a constant."""


def quotient(site: Site) -> int:
    """How many times what it should be a term is."""
    return site.value * inverse(site.needed, site.prime) % site.prime


# Constants.


def constants(case: Case) -> Iterator[Repair]:
    """sign, sign-summand, double-minus, constant-factor: the quotient is a number."""
    for site in case.terms:
        number = small_fraction(quotient(site), site.prime)
        if number is not None and number != 1:
            yield from _constant(case, site, number)


def _constant(case: Case, site: Site, number: Fraction) -> Iterator[Repair]:
    whole = not site.trail
    if number == -1:
        repaired = replaced(case.wrong, site.trail, turned(case, site.formula))
        if not whole:
            at = {"term": site.formula, "path": _path_of(case, site)}
            yield Repair("sign-summand", repaired, at)
            return
        difference = case.about_slopes and has_difference(case, case.wrong)
        yield Repair("sign", repaired, {"difference": difference})
        if case.minus_signs() > 0 and difference:
            yield Repair("double-minus", repaired)
        return
    if max(abs(number.numerator), number.denominator) > LARGEST:
        return
    repaired = replaced(case.wrong, site.trail, scaled(site.formula, 1 / number))
    outputs = sum(1 for _ in case.model.having(Role.ERROR))
    gradient = case.gradient is not None and case.gradient[0] == case.model.total
    of_total = gradient or case.truth == Name(case.model.total)
    averaged = of_total and outputs > 1 and abs(number) == Fraction(1, outputs)
    facts: Facts = {
        "number": number,
        "whole": whole,
        "outputs": outputs,
        "term": site.formula,
        "averaged": averaged,
    }
    yield Repair("constant-factor", repaired, facts)
    if whole and averaged and gradient:
        yield Repair("update-not-gradient", repaired, {"averaged": outputs})


def small_fraction(value: int, prime: int) -> Fraction | None:
    """The fraction with small numerator and denominator that has this residue, if there is one."""
    before, now = (prime, 0), (value, 1)
    while now[0] > LARGEST:
        q = before[0] // now[0]
        before, now = now, (before[0] - q * now[0], before[1] - q * now[1])
    if now[1] == 0 or abs(now[1]) > LARGEST or now[0] == 0:
        return None
    return Fraction(now[0], now[1])


def turned(case: Case, formula: Formula) -> Formula:
    """A term with its sign put right: (target − out) turned round, or a minus taken away."""
    if isinstance(formula, Negative):
        return formula.term
    if isinstance(formula, Sum) and not is_difference(case, formula):
        terms = [turned(case, term) for term in formula.terms]
        positive = [term for term in terms if not isinstance(term, Negative)]
        if positive:
            return total(positive + [term for term in terms if isinstance(term, Negative)])
        return Negative(formula)
    factors = factors_of(formula)
    for change in (_unsigned, _swapped_target, _turned_inside):
        for place, factor in enumerate(factors):
            made = change(case, factor)
            if made is not None:
                return product_of([*factors[:place], *made, *factors[place + 1 :]])
    return Negative(formula)


def _unsigned(case: Case, factor: Formula) -> tuple[Formula, ...] | None:
    """A negative factor without its sign; nothing is left of −1."""
    if isinstance(factor, Number) and factor.value < 0:
        return () if factor.value == -1 else (Number(-factor.value),)
    return (factor.term,) if isinstance(factor, Negative) else None


def _swapped_target(case: Case, factor: Formula) -> tuple[Formula, ...] | None:
    return (swapped(factor),) if is_difference(case, factor, "target") else None


def _turned_inside(case: Case, factor: Formula) -> tuple[Formula, ...] | None:
    """A sum in brackets in which a difference of target and output is turned round."""
    bracket = isinstance(factor, Sum) and not is_difference(case, factor)
    inside = turned(case, factor) if bracket and has_difference(case, factor) else None
    return None if inside is None or isinstance(inside, Negative) else (inside,)


def swapped(difference: Formula) -> Formula:
    """The difference the other way round: b − a for a − b."""
    assert isinstance(difference, Sum)
    first, second = difference.terms
    assert isinstance(second, Negative)
    return Sum((second.term, Negative(first)))


def is_difference(case: Case, formula: Formula, first: str = "") -> bool:
    """Whether `formula` is out − target or target − out; `first` may say which."""
    if not (isinstance(formula, Sum) and len(formula.terms) == 2):
        return False
    a, b = formula.terms
    if not (isinstance(a, Name) and isinstance(b, Negative) and isinstance(b.term, Name)):
        return False
    roles = [case.model.quantities[name.name].role for name in (a, b.term)]
    if first == "target":
        return roles == [Role.TARGET, Role.OUTPUT]
    return roles in ([Role.TARGET, Role.OUTPUT], [Role.OUTPUT, Role.TARGET])


def has_difference(case: Case, formula: Formula) -> bool:
    """Whether out − target or target − out stands in `formula`."""
    return any(is_difference(case, node) for node in walk(formula))


def scaled(formula: Formula, number: Fraction) -> Formula:
    """`formula` times a number, in the number that stands there already if there is one."""
    if isinstance(formula, Quotient) and isinstance(formula.bottom, Number):
        bottom = formula.bottom.value / number
        return formula.top if bottom == 1 else Quotient(formula.top, Number(bottom))
    factors = list(factors_of(formula))
    for place, factor in enumerate(factors):
        if isinstance(factor, Number):
            value = factor.value * number
            rest = [*factors[:place], *factors[place + 1 :]]
            kept = rest if value == 1 and rest else [*rest[:place], Number(value), *rest[place:]]
            return with_sign_of(formula, product_of(kept))
    return with_sign_of(formula, product_of([Number(number), *factors]))


def _path_of(case: Case, site: Site) -> str | None:
    """The output neuron whose path a wrong summand is."""
    for path, value in case.paths:
        if site.needed in (value, -value % case.prime):
            outs = [f.by for f in path if case.model.quantities[f.by].role is Role.OUTPUT]
            return next(iter(outs), None)
    last = len(case.model.sizes) - 1
    outs = [
        node.name
        for node in walk(site.formula)
        if isinstance(node, Name)
        and case.model.quantities[node.name].role is Role.OUTPUT
        and case.model.quantities[node.name].layer == last
    ]
    return outs[0] if len(set(outs)) == 1 else None


# The update for the gradient.


def update(case: Case) -> Iterator[Repair]:
    """update-not-gradient: the author wrote η·gradient, or w − η·gradient, for the gradient."""
    eta = case.point.letter("eta")
    uses = any(isinstance(node, Letter) and node.name == "eta" for node in walk(case.wrong))
    if not uses or not case.right or case.gradient is None:
        return
    ratio = case.got * inverse(case.right, case.prime) % case.prime
    for sign in (1, -1):
        if ratio == sign * eta % case.prime:
            yield Repair("update-not-gradient", _without_eta(case), {"sign": sign})
    by = case.gradient[1]
    if by not in case.model.parameters or not isinstance(case.truth, Partial):
        return
    for sign in (1, -1):
        if case.got == (case.point.values[by] - sign * eta * case.right) % case.prime:
            facts = {"step": by, "sign": sign}
            yield Repair("update-not-gradient", _without_eta(case), facts)


def _without_eta(case: Case) -> Formula:
    """The gradient that stands in the author's update, if it can be seen there."""
    candidates = [case.wrong]
    if isinstance(case.wrong, Sum):
        candidates = [term for term in case.wrong.terms if not isinstance(term, Name)]
    for candidate in candidates:
        rest = [f for f in factors_of(candidate) if f != Letter("eta")]
        for made in (rest, [f for f in rest if f != Number(Fraction(-1))]):
            if made and case.fits(product_of(made)):
                return product_of(made)
    return case.gradient_written


# Factors.


def factors(case: Case) -> Iterator[Repair]:
    """missing-factor, extra-factor; wrong-activation and bias where the factor is an input."""
    for site in case.terms:
        if site.trail and isinstance(site.formula, Number):
            continue
        ratio = quotient(site)
        missing = case.tables.factors.get(inverse(ratio, site.prime))
        if missing is not None:
            yield missing_factor(case, site, missing)
        extra = case.tables.factors.get(ratio)
        if extra is not None:
            yield from _extra(case, site, extra)


def in_many_terms(case: Case) -> Iterator[Repair]:
    """missing-factor: the same factor, in several path products of a sum but not in all."""
    if not isinstance(case.wrong, Sum) or len(case.paths) != len(case.wrong.terms):
        return
    rest = {value for _, value in case.paths}
    terms = [(term, case.value(term)) for term in case.wrong.terms]
    amiss = [value for _, value in terms if value not in rest]
    rest -= {value for _, value in terms if value is not None}
    if not amiss or not all(amiss):
        return
    backward = inverse(amiss[0] or 1, case.prime)
    for value in rest:
        known = case.tables.factors.get(value * backward % case.prime)
        if known is None:
            continue
        factor = case.point.value(known.formula)
        if {(lost or 0) * factor % case.prime for lost in amiss} == rest:
            yield Repair(
                "missing-factor",
                total(
                    inserted(case, term, known.formula, known) if value in amiss else term
                    for term, value in terms
                ),
                known.facts(),
            )


def missing_factor(case: Case, site: Site, known: Known) -> Repair:
    """The repair that puts a known factor back into a term."""
    factor = known.formula
    if case.has_partials and known.kind == "slope" and case.model.has_neurons:
        net = case.model.inputs_of[known.out][0]
        factor = Partial(Name(known.out), Name(net))
    repaired = replaced(case.wrong, site.trail, inserted(case, site.formula, factor, known))
    facts = {**known.facts(site.formula, whole=not site.trail), "factor": factor}
    code = "missing-factor"
    if known.kind == "out" and case.is_input(known.out):
        code = "wrong-activation"
    elif known.kind == "slope" and is_kinked(case, known.out):
        code = "relu"
    return Repair(code, repaired, facts)


def is_kinked(case: Case, out: str) -> bool:
    """Whether the neuron's activation function has a kink."""
    definition = case.model.definitions.get(out)
    return isinstance(definition, Call) and BY_SYMBOL[definition.function].kinked


def _extra(case: Case, site: Site, known: Known) -> Iterator[Repair]:
    made = _taken_out(case, site.formula, case.point.value(known.formula))
    if made is None:
        return
    factor, left = made
    code = "extra-factor"
    if known.kind == "out" and case.by is not None and case.by.role is Role.BIAS:
        source = case.model.quantities[known.out]
        if source.layer == case.by.layer - 1:
            code = "bias"
    told = known.facts(site.formula, whole=not site.trail)
    facts = {**told, "factor": factor, "twice": _stands_in(left, factor)}
    yield Repair(code, replaced(case.wrong, site.trail, left), facts)


def _taken_out(case: Case, formula: Formula, value: int) -> tuple[Formula, Formula] | None:
    """A term without a factor of this value, from every summand if it is a sum; and the factor."""
    if isinstance(formula, Sum):
        parts = [_taken_out(case, term, value) for term in formula.terms]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return found[0][0], total(rest for _, rest in found)
    factors = list(factors_of(formula))
    for count in (1, 2):
        for start in range(len(factors) - count, -1, -1):
            part = product_of(factors[start : start + count])
            if case.value(part) == value and len(factors) > count:
                rest = product_of([*factors[:start], *factors[start + count :]])
                return part, with_sign_of(formula, rest)
    for place, factor in enumerate(factors):
        base, exponent = (
            (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, None)
        )
        if isinstance(exponent, Number) and exponent.value > 1 and case.value(base) == value:
            lower = exponent.value - 1
            factors[place] = base if lower == 1 else Power(base, Number(lower))
            return base, with_sign_of(formula, product_of(factors))
        if isinstance(factor, Sum) and not is_difference(case, factor):
            inside = _taken_out(case, factor, value)
            if inside is not None:
                factors[place] = inside[1]
                return inside[0], with_sign_of(formula, product_of(factors))
    return None


def without_value(case: Case, formula: Formula, value: int) -> Formula | None:
    """A term without factors that have this value together, if it has such."""
    made = _taken_out(case, formula, value)
    return None if made is None else made[1]


def _stands_in(formula: Formula, factor: Formula) -> bool:
    if isinstance(factor, Product):
        return True
    terms = formula.terms if isinstance(formula, Sum) else (formula,)
    terms = tuple(term.term if isinstance(term, Negative) else term for term in terms)
    factors = [
        f for term in terms for f in (term.factors if isinstance(term, Product) else (term,))
    ]
    return factor in factors
