"""Mistakes in the factors of a gradient: signs, numbers, one too few or too many, a wrong slope."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.formula import (
    MINUS_ONE,
    ONE,
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    names_in,
    product,
    total,
    transform,
    walk,
)
from derive.model import Role
from tests.formulas.subjects import Sides, Subject, get, put, spots, without


def sign(s: Subject) -> Iterator[Sides]:
    """(target − out) for (out − target) everywhere; a minus before everything."""

    def turned(node: Formula) -> Formula | None:
        if isinstance(node, Sum) and is_difference(s, node):
            out, target = node.terms
            assert isinstance(target, Negative)
            return target.term - out
        return None

    yield s.left, transform(s.form("expanded", "collected"), turned)
    yield s.left, Negative(s.form())
    yield s.left, product([MINUS_ONE, s.form("named", "opened")])


def is_difference(s: Subject, node: Formula) -> bool:
    """Whether `node` is out − target."""
    return (
        isinstance(node, Sum)
        and len(node.terms) == 2
        and all(isinstance(term, Name | Negative) for term in node.terms)
        and any(s.role(name) is Role.TARGET for name in names_in(node))
    )


def double_minus(s: Subject) -> Iterator[Sides]:
    """(out − target)·(−1)."""

    def twice(node: Formula) -> Formula | None:
        return product([node, MINUS_ONE]) if is_difference(s, node) else None

    yield s.left, transform(s.expanded, twice)
    yield s.left, transform(s.collected, twice)


def constant_factor(s: Subject) -> Iterator[Sides]:
    """The 2 that does not cancel; a ½ too many."""
    yield s.left, product([Number(Fraction(2)), s.form()])
    yield s.left, product([Number(Fraction(1, 2)), s.form()])
    yield s.left, product([Number(Fraction(2)), s.form("named", "delta")])


def _slope_parts(out: str) -> list[list[Formula]]:
    return [[Name(out)], [1 - Name(out)], [Name(out), 1 - Name(out)]]


def missing_factor(s: Subject) -> Iterator[Sides]:
    """out, 1 − out or both forgotten at a neuron; a weight forgotten on a path."""
    for form in (s.expanded, s.collected, s.opened):
        outs = [out for out in s.outs if Name(out) in walk(form)]
        for gone in (0, 1, 2):
            out = s.draw.choice(outs)
            part = _slope_parts(out)[gone]
            for everywhere in (True, False):
                yield from _without(s, form, part, everywhere)
        weights = [n for n in names_in(form) if s.role(n) is Role.WEIGHT]
        if weights:
            yield from _without(s, form, [Name(s.draw.choice(weights))], True)


def _without(s: Subject, form: Formula, part: list[Formula], everywhere: bool) -> Iterator[Sides]:
    """The form without a part, in all products where it is common to all, or in one."""
    places = [
        spot
        for spot in spots(form, lambda n: isinstance(n, Product), into=False)
        if without(get(form, spot), part) is not None
    ]
    if not places:
        return
    if everywhere and len(places) > 1:
        made = form
        for spot in reversed(places):
            rest = without(get(made, spot), part)
            made = put(made, spot, rest or ONE)
        yield s.left, made
    if everywhere:
        terms = form.terms if isinstance(form, Sum) else (form,)
        if not all(without(term, part) is not None for term in terms):
            return
        yield s.left, total(without(term, part) or ONE for term in terms)
        return
    spot = s.draw.choice(places)
    made = without(get(form, spot), part)
    assert made is not None
    yield s.left, put(form, spot, made)


def extra_factor(s: Subject) -> Iterator[Sides]:
    """A factor written twice."""
    for form in (s.expanded, s.collected, s.opened):
        places = spots(
            form,
            lambda n: (
                (isinstance(n, Name) and s.role(n.name) is not Role.TARGET)
                or n == 1 - Name(s.outs[0])
            ),
            into=False,
        )
        places = [spot for spot in places if spot and isinstance(get(form, spot[:-1]), Product)]
        if places:
            spot = s.draw.choice(places)
            factor = get(form, spot)
            yield s.left, put(form, spot, Product((factor, factor)))


def sigmoid_derivative(s: Subject) -> Iterator[Sides]:
    """sig(1 − sig(net)), out(1 − net), net(1 − net), 1 − out², (1 − out)²."""
    for slip in range(5):
        out = s.draw.choice(s.outs)
        y, x = Name(out), Name(s.model.inputs_of[out][0])
        wrong: list[Formula] = [
            [Call("sig", 1 - Call("sig", x))],
            [y, 1 - x],
            [x, 1 - x],
            [1 - Power(y, Number(Fraction(2)))],
            [Power(1 - y, Number(Fraction(2)))],
        ][slip]
        form = s.form()
        if y not in walk(form):
            form = s.expanded
        places = [
            spot
            for spot in spots(form, lambda n: isinstance(n, Product), into=False)
            if without(get(form, spot), [y, 1 - y]) is not None
        ]
        for spot in reversed(places if s.draw.random() < 0.6 else places[:1]):
            factors = list(get(form, spot).parts())
            factors.remove(1 - y)
            place = factors.index(y)
            factors[place : place + 1] = wrong
            form = put(form, spot, product(factors))
        yield s.left, form


def sign_and_missing(s: Subject) -> Iterator[Sides]:
    """A sign and a factor at once."""
    for sides in missing_factor(s):
        yield s.left, Negative(sides[1])


def constant_and_missing(s: Subject) -> Iterator[Sides]:
    """A 2 or a ½ and a factor at once."""
    for sides in missing_factor(s):
        yield (
            s.left,
            product([s.draw.choice((Number(Fraction(2)), Number(Fraction(1, 2)))), sides[1]]),
        )
