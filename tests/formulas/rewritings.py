"""Right claims in other words: the same gradient, rewritten as people rewrite.

Every rewriting keeps the value; a point in floating point has to confirm it, and one that does not
is a mistake in this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from derive.checking.claims import Verdict
from derive.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Delta,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    names_in,
    product,
    total,
    transform,
    walk,
)
from derive.model import Role
from tests.formulas.floating import Oracle
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Sides, Subject, Variant, get, put, spots, without

LARGEST = 1_500
"""Nodes of a formula up to which it is rewritten further."""

TWO = Number(Fraction(2))
HALF = Number(Fraction(1, 2))


# Forms: where one may begin.


def by_errors(s: Subject) -> Formula:
    """∂E_d1/∂w + ∂E_d2/∂w."""
    return total(s.by(error) for error in s.model.errors)


def through_net(s: Subject) -> Formula:
    """∂E_total/∂net · ∂net/∂w."""
    net = s.place(Role.NET, s.quantity.layer, s.quantity.index)
    return Product((Partial(Name(s.model.total), Name(net)), s.by(net)))


def through_out(s: Subject) -> Formula:
    """∂E_total/∂out · ∂out/∂net · ∂net/∂w."""
    net = s.place(Role.NET, s.quantity.layer, s.quantity.index)
    out = s.place(Role.OUTPUT, s.quantity.layer, s.quantity.index)
    e = Name(s.model.total)
    return Product((Partial(e, Name(out)), Partial(Name(out), Name(net)), s.by(net)))


FORMS: tuple[Callable[[Subject], Formula], ...] = (
    lambda s: s.expanded,
    lambda s: s.collected,
    lambda s: s.opened,
    lambda s: s.delta,
    lambda s: s.named,
    by_errors,
    through_net,
    through_out,
)


# Rewritings.


def shuffled(s: Subject, formula: Formula) -> Formula:
    """Factors and summands in another order."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Sum | Product):
            parts = [transform(part, rule) for part in node.parts()]
            s.draw.shuffle(parts)
            return node.rebuilt(tuple(parts))
        return None

    return transform(formula, rule)


def multiplied_out(s: Subject, formula: Formula) -> Formula:
    """a·(b + c) as a·b + a·c, in one place."""
    places = spots(
        formula,
        lambda n: isinstance(n, Product) and any(isinstance(f, Sum) for f in n.factors),
        into=False,
    )
    if not places:
        return formula
    spot = s.draw.choice(places)
    node = get(formula, spot)
    assert isinstance(node, Product)
    place = s.draw.choice([i for i, f in enumerate(node.factors) if isinstance(f, Sum)])
    before, bracket, after = node.factors[:place], node.factors[place], node.factors[place + 1 :]
    terms: list[Formula] = []
    for term in bracket.parts():
        minus = isinstance(term, Negative)
        made = product([*before, term.term if isinstance(term, Negative) else term, *after])
        terms.append(Negative(made) if minus else made)
    new = total(terms)
    return put(formula, spot, new)


def factored(s: Subject, formula: Formula) -> Formula:
    """A factor that some summands have in common, before a bracket."""
    places = [
        (spot, factor)
        for spot in spots(formula, lambda n: isinstance(n, Sum), into=False)
        for factor in dict.fromkeys(
            f for t in get(formula, spot).parts() if isinstance(t, Product) for f in t.factors
        )
        if sum(without(t, [factor]) is not None for t in get(formula, spot).parts()) > 1
    ]
    if not places:
        return formula
    spot, factor = s.draw.choice(places)
    inside, rest = [], []
    for term in get(formula, spot).parts():
        made = without(term, [factor])
        (rest if made is None else inside).append(term if made is None else made)
    return put(formula, spot, total([product([factor, total(inside)]), *rest]))


def _replaced_outs(
    s: Subject, formula: Formula, new: Callable[[str, Name], Formula], most: int
) -> Formula:
    """Some outs written in another way, each wherever it stands outside of ∂."""
    outs = [o for o in s.outs if Name(o) in walk(formula)]
    chosen = set(s.draw.sample(outs, min(len(outs), s.draw.randint(1, most)))) if outs else set()

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Partial):
            return node
        if isinstance(node, Name) and node.name in chosen:
            net = s.model.inputs_of[node.name][0]
            return new(net, Name(net))
        return None

    return transform(formula, rule)


def as_sigmoid(s: Subject, formula: Formula) -> Formula:
    """sig(net) for out."""
    return _replaced_outs(s, formula, lambda _, net: Call("sig", net), 9)


def unfolded(s: Subject, formula: Formula) -> Formula:
    """sig(w·out + w·out + …) for out."""
    return _replaced_outs(s, formula, lambda net, _: Call("sig", s.model.definitions[net]), 2)


def as_exponential(s: Subject, formula: Formula) -> Formula:
    """1/(1 + e^(−net)) for out."""
    return _replaced_outs(
        s, formula, lambda _, net: Quotient(ONE, 1 + Call("exp", Negative(net))), 1
    )


def _replaced_slopes(
    s: Subject, formula: Formula, new: Callable[[Name, Name], list[Formula]]
) -> Formula:
    """out·(1 − out) written in another way, for some neurons."""
    chosen = {o for o in s.outs if s.draw.random() < 0.6} or set(s.outs)

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        made: Formula = node
        for out in chosen:
            y = Name(out)
            rest = without(made, [y, 1 - y])
            if isinstance(made, Product) and rest is not None:
                factors = list(made.factors)
                factors.remove(1 - y)
                place = factors.index(y)
                factors[place : place + 1] = new(y, Name(s.model.inputs_of[out][0]))
                made = product(factors)
        if made == node:
            return None
        return made.rebuilt(tuple(transform(part, rule) for part in made.parts()))

    return transform(formula, rule)


def slope_of_sigmoid(s: Subject, formula: Formula) -> Formula:
    """sig'(net) for out·(1 − out)."""
    return _replaced_slopes(s, formula, lambda _, net: [Call("sig", net, 1)])


def slope_of_exponentials(s: Subject, formula: Formula) -> Formula:
    """e^(−net)/(1 + e^(−net))² for out·(1 − out)."""

    def new(_: Name, net: Name) -> list[Formula]:
        e = Call("exp", Negative(net))
        return [Quotient(e, Power(1 + e, TWO))]

    return _replaced_slopes(s, formula, new)


def slope_of_square(s: Subject, formula: Formula) -> Formula:
    """(out − out²) for out·(1 − out)."""
    return _replaced_slopes(s, formula, lambda y, _: [y - Power(y, TWO)])


def slope_by_name(s: Subject, formula: Formula) -> Formula:
    """∂out/∂net for out·(1 − out)."""
    return _replaced_slopes(s, formula, lambda y, net: [Partial(y, net)])


def _is_difference(s: Subject, node: Formula) -> bool:
    return (
        isinstance(node, Sum)
        and len(node.terms) == 2
        and isinstance(node.terms[0], Name)
        and s.role(node.terms[0].name) is Role.OUTPUT
        and isinstance(node.terms[1], Negative)
        and isinstance(node.terms[1].term, Name)
        and s.role(node.terms[1].term.name) is Role.TARGET
    )


def _replaced_differences(
    s: Subject, formula: Formula, new: Callable[[Name, Name], Formula]
) -> Formula:
    def rule(node: Formula) -> Formula | None:
        if not _is_difference(s, node):
            return None
        out, target = (Name(name) for name in names_in(node))
        return new(out, target)

    return transform(formula, rule)


def turned_difference(s: Subject, formula: Formula) -> Formula:
    """−(target − out), or (target − out)·(−1), for out − target."""
    sign = s.draw.choice(("-", "*"))
    return _replaced_differences(
        s, formula, lambda o, t: Negative(t - o) if sign == "-" else Product((t - o, MINUS_ONE))
    )


def two_halves(s: Subject, formula: Formula) -> Formula:
    """2·½·(target − out)·(−1) for out − target."""
    return _replaced_differences(s, formula, lambda o, t: Product((TWO, HALF, t - o, MINUS_ONE)))


def difference_by_name(s: Subject, formula: Formula) -> Formula:
    """∂E_d1/∂out_d1 for out_d1 − target_d1."""
    errors = {s.model.inputs_of[e][1]: e for e in s.model.errors}
    errors |= {s.model.inputs_of[e][0]: e for e in s.model.errors}
    return _replaced_differences(s, formula, lambda o, _: Partial(Name(errors[o.name]), o))


def weights_by_name(s: Subject, formula: Formula) -> Formula:
    """∂net_d1/∂out_c1 for w31."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Partial | Call):
            return node
        if isinstance(node, Name) and s.role(node.name) is Role.WEIGHT and s.draw.random() < 0.7:
            q = s.model.quantities[node.name]
            net = s.place(Role.NET, q.layer, q.index)
            return Partial(Name(net), Name(s.place(Role.OUTPUT, q.layer - 1, q.source)))
        return None

    return transform(formula, rule)


def deltas_for_outputs(s: Subject, formula: Formula) -> Formula:
    """δ_d1 for (out_d1 − target_d1)·out_d1·(1 − out_d1)."""
    last = len(s.model.network.layers) - 1

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        made: Formula = node
        for out in s.outs:
            if s.model.quantities[out].layer != last:
                continue
            net = s.model.inputs_of[out][0]
            y, t = Name(out), Name(s.place(Role.TARGET, last, s.model.quantities[out].index))
            rest = without(made, [y - t, y, 1 - y])
            if rest is not None:
                made = product([Delta(net), rest])
        return made if made != node else None

    return transform(formula, rule)


def cancelled(s: Subject, formula: Formula) -> Formula:
    """x·w/w, 2·x/2, −(−x), x + 0."""
    places = spots(formula, lambda n: not isinstance(n, Number), into=False)
    spot = s.draw.choice(places)
    node = get(formula, spot)
    weight = Name(s.draw.choice([q.name for q in s.model.having(Role.WEIGHT)]))
    trials: list[Formula] = [
        Quotient(product([node, weight]), weight),
        Quotient(product([TWO, node]), TWO),
        Negative(Negative(node)),
        Sum((node, ZERO)) if not isinstance(node, Sum) else Sum((*node.terms, ZERO)),
        product([node, node, Power(node, Number(Fraction(-1)))])
        if isinstance(node, Name)
        else Quotient(node, ONE),
    ]
    return put(formula, spot, s.draw.choice(trials))


REWRITINGS: tuple[Callable[[Subject, Formula], Formula], ...] = (
    shuffled, multiplied_out, factored, as_sigmoid, unfolded, as_exponential, slope_of_sigmoid,
    slope_of_exponentials, slope_of_square, slope_by_name, turned_difference, two_halves,
    difference_by_name, weights_by_name, deltas_for_outputs, cancelled,
)  # fmt: skip


def _rewritten(s: Subject, number: int) -> Sides:
    """The n-th right claim: a form with none to three rewritings, or a chain of several."""
    form = FORMS[number % len(FORMS)](s)
    made = form
    for step in range(s.draw.choice((0, 1, 1, 2, 2, 3)) if number >= len(FORMS) else 0):
        rewriting = REWRITINGS[(number * 3 + step * 7) % len(REWRITINGS)]
        if step:
            rewriting = s.draw.choice(REWRITINGS)
        made = rewriting(s, made)
        if sum(1 for _ in walk(made)) > LARGEST:
            break
    sides = (s.left, made) if made == form or s.draw.random() < 0.8 else (s.left, form, made)
    return sides[::-1] if s.draw.random() < 0.05 else sides


def equivalent(
    subject: Subject, oracle: Oracle, spelling: Spelling, count: int = 40
) -> Iterator[Variant]:
    """`count` different right claims about one parameter's gradient."""
    seen: set[Sides] = set()
    number = 0
    while len(seen) < count:
        sides = _rewritten(subject, number)
        number += 1
        if sides in seen:
            continue
        for left, right in pairwise(sides):
            assert oracle.holds(left, right) is not False, (left, right)
        seen.add(sides)
        how = spelling.names[number % len(spelling.names)]
        yield Variant(spelling.chain(how, sides), Verdict.PROVED, None, sides, how)


__all__ = ["REWRITINGS", "equivalent"]
