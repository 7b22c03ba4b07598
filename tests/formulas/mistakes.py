"""The rows of the table of mistakes, each planted by hand.

A row takes one of the program's own right formulas and edits it as somebody would who makes that
mistake. What is planted here knows nothing of how it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derive.calculus.chain import Path, collected, named, plugged_in
from derive.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    names_in,
    product,
    substitute,
    total,
    transform,
    walk,
)
from derive.model import Role
from tests.formulas.subjects import Sides, Spot, Subject, get, put, spots, without

ETA = Letter("eta")

Row = Callable[[Subject], Iterator[Sides]]


def sign(s: Subject) -> Iterator[Sides]:
    """(target − out) for (out − target) everywhere; a minus before everything."""

    def turned(node: Formula) -> Formula | None:
        if isinstance(node, Sum) and _is_difference(s, node):
            out, target = node.terms
            assert isinstance(target, Negative)
            return target.term - out
        return None

    yield s.left, transform(s.form("expanded", "collected"), turned)
    yield s.left, Negative(s.form())
    yield s.left, product([MINUS_ONE, s.form("named", "opened")])


def _is_difference(s: Subject, node: Formula) -> bool:
    """Whether `node` is out − target."""
    return (
        isinstance(node, Sum)
        and len(node.terms) == 2
        and all(isinstance(term, Name | Negative) for term in node.terms)
        and any(s.role(name) is Role.TARGET for name in names_in(node))
    )


def _is_weighted(s: Subject, node: Formula) -> bool:
    """Whether `node` is a sum of paths, and neither out − target nor 1 − out."""
    return isinstance(node, Sum) and not _is_difference(s, node) and node.terms[0] != ONE


def sign_summand(s: Subject) -> Iterator[Sides]:
    """The sign of one path is wrong."""
    for form in (s.expanded, s.named, s.collected, s.opened):
        summands = [
            (*spot, place)
            for spot in spots(form, lambda n: _is_weighted(s, n))
            for place in range(len(get(form, spot).parts()))
        ]
        if summands:
            spot = s.draw.choice(summands)
            yield s.left, put(form, spot, Negative(get(form, spot)))
    if len(s.errors) > 1:
        error = s.draw.choice(s.errors)

        def turned(node: Formula) -> Formula | None:
            its = _is_difference(s, node) and set(names_in(node)) <= set(s.model.inputs_of[error])
            if its:
                out, target = (Name(name) for name in names_in(node))
                return target - out
            return None

        yield s.left, transform(s.form("expanded", "collected"), turned)


def double_minus(s: Subject) -> Iterator[Sides]:
    """(out − target)·(−1)."""

    def twice(node: Formula) -> Formula | None:
        return product([node, MINUS_ONE]) if _is_difference(s, node) else None

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


def missing_path(s: Subject) -> Iterator[Sides]:
    """Only some of the paths: those through one output, through one neuron, any."""
    if len(s.paths) < 2:
        return
    groups: dict[str, list[Path]] = {}
    for path in s.paths:
        for factor in path:
            groups.setdefault(factor.by, []).append(path)
    some = [group for group in groups.values() if len(group) < len(s.paths)]
    for write in (plugged_in, named):
        yield s.left, total(write(path) for path in s.draw.choice(some))
    yield s.left, collected(s.draw.choice(some))
    kept = s.draw.sample(s.paths, len(s.paths) - 1)
    yield s.left, total(plugged_in(path) for path in sorted(kept, key=s.paths.index))
    sums = spots(s.collected, lambda n: _is_weighted(s, n))
    for spot in s.draw.sample(sums, min(2, len(sums))):
        terms = get(s.collected, spot).parts()
        gone = s.draw.randrange(len(terms))
        yield s.left, put(s.collected, spot, total([*terms[:gone], *terms[gone + 1 :]]))


def premature_total(s: Subject) -> Iterator[Sides]:
    """E_d1 for E_total, and the reverse, before the last layer."""
    if len(s.errors) < 2:
        return
    error = s.draw.choice(s.errors)
    yield s.by(error), s.left
    yield s.left, s.by(error)
    yield s.by(error), s.left, s.form("expanded", "collected")


def wrong_activation(s: Subject) -> Iterator[Sides]:
    """Another neuron's output for the weight's input; none at all."""
    if s.input is None:
        return
    for form in (s.expanded, s.collected, s.delta):
        others = s.alike(s.input)
        if others:
            places = [
                spot for spot in spots(form, lambda n: n == Name(s.input)) if _is_last(form, spot)
            ]
            other = Name(s.draw.choice(others))
            made = form
            for spot in places:
                made = put(made, spot, other)
            yield s.left, made
        terms = form.terms if isinstance(form, Sum) else (form,)
        yield s.left, total(without(term, [Name(s.input)]) or ONE for term in terms)


def _is_last(form: Formula, spot: Spot) -> bool:
    parent = get(form, spot[:-1])
    return isinstance(parent, Product) and spot[-1] == len(parent.factors) - 1


def wrong_index(s: Subject) -> Iterator[Sides]:
    """Another weight, neuron or target in one place, also inside of ∂."""
    for form in (s.expanded, s.collected, s.opened, s.named, s.named):
        roles = (Role.WEIGHT, Role.TARGET, Role.OUTPUT, Role.NET)
        places = [
            spot
            for spot in spots(form, lambda n: isinstance(n, Name))
            if s.role(get(form, spot).name) in roles  # type: ignore[attr-defined]
            and get(form, spot) not in (Name(s.input or ""), Name(s.name))
            and s.alike(get(form, spot).name)  # type: ignore[attr-defined]
        ]
        if places:
            spot = s.draw.choice(places)
            old = get(form, spot)
            assert isinstance(old, Name)
            yield s.left, put(form, spot, Name(s.draw.choice(s.alike(old.name))))


def other_numbering(s: Subject) -> Iterator[Sides]:
    """All weights numbered source by source; where there are running numbers."""
    if s.model.network.naming.by_layer:
        return
    sizes = s.model.network.layers
    ours: dict[str, str] = {}
    weights = {(q.layer, q.index, q.source): q.name for q in s.model.having(Role.WEIGHT)}
    for layer in range(1, len(sizes)):
        own = [
            weights[layer, j, i]
            for j in range(1, sizes[layer] + 1)
            for i in range(1, sizes[layer - 1] + 1)
        ]
        theirs = [
            weights[layer, j, i]
            for i in range(1, sizes[layer - 1] + 1)
            for j in range(1, sizes[layer] + 1)
        ]
        ours.update(zip(theirs, own, strict=True))
    meant = next((physical for physical, written in ours.items() if written == s.name), s.name)
    other = Subject(s.model, s.chain, meant)
    renamed = {physical: Name(written) for physical, written in ours.items()}
    yield s.left, substitute(s.draw.choice((other.expanded, other.collected)), renamed)
    yield s.left, substitute(other.named, renamed)


def other_weight(s: Subject) -> Iterator[Sides]:
    """The gradient of another weight of the layer."""
    for _ in range(2):
        others = s.alike(s.name)
        if others:
            other = Subject(s.model, s.chain, s.draw.choice(others))
            yield s.left, s.draw.choice((other.expanded, other.collected, other.named))


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


def added_factors(s: Subject) -> Iterator[Sides]:
    """Factors of a path added; paths multiplied."""
    path = s.paths[0]
    if len(s.paths) == 1:
        yield s.left, total(factor.value for factor in path if factor.value != ONE)
        yield s.left, total(factor.name for factor in path[1:])
        values = [factor.value for factor in path if factor.value != ONE]
        if len(values) > 1:
            cut = s.draw.randrange(1, len(values))
            yield s.left, total([product(values[:cut]), product(values[cut:])])
        return
    yield (
        s.left,
        product(plugged_in(path) for path in s.paths[:4])
        if len(s.paths) < 4
        else (total([product(plugged_in(p) for p in s.paths[:2]), *map(plugged_in, s.paths[2:])])),
    )
    if isinstance(s.collected, Product):
        first, *rest = s.collected.factors
        if isinstance(first, Sum):
            yield s.left, product([*first.terms, *rest])
            yield s.left, total([first, product(rest)])
    names = [total(factor.name for factor in path[1:]), *(named(p) for p in s.paths[1:])]
    yield s.left, total(names)


def bias(s: Subject) -> Iterator[Sides]:
    """An activation factor at a bias; the bias missing in its net input."""
    if s.quantity.role is not Role.BIAS:
        return
    for form in (s.expanded, s.collected, s.delta):
        before = s.place(
            Role.OUTPUT,
            s.quantity.layer - 1,
            s.draw.randint(1, s.model.network.layers[s.quantity.layer - 1]),
        )
        terms = form.terms if isinstance(form, Sum) else (form,)
        yield s.left, total(product([term, Name(before)]) for term in terms)
    net = s.place(Role.NET, s.quantity.layer, s.quantity.index)
    yield Name(net), total(s.model.summands(net)[:-1])


def update_not_gradient(s: Subject) -> Iterator[Sides]:
    """η·g, −η·g, w − η·g, the average."""
    yield s.left, product([ETA, s.form()])
    yield s.left, Negative(product([ETA, s.form()]))
    yield s.left, Name(s.name) - product([ETA, s.form("collected", "delta")])
    count = len(s.model.errors)
    yield s.left, Quotient(s.form(), Number(Fraction(count)))


def false_zero(s: Subject) -> Iterator[Sides]:
    """0 for a derivative that is not 0; the wrong summand dropped."""
    error = s.draw.choice(s.errors)
    yield s.left, ZERO
    yield s.by(error), ZERO
    summands = total(s.by(e) for e in s.model.errors)
    assert isinstance(summands, Sum)
    place = s.model.errors.index(error)
    dropped: Formula = put(summands, (place,), ZERO)
    if len(s.errors) == 1:
        other = next(n for n in range(len(summands.terms)) if n != place)
        dropped = total(
            s.by(s.model.errors[other]) if n == other else ZERO for n in range(len(summands.terms))
        )
    yield s.left, dropped
    yield s.left, summands, dropped


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


ROWS: dict[str, Row] = {
    "sign": sign,
    "sign-summand": sign_summand,
    "double-minus": double_minus,
    "constant-factor": constant_factor,
    "missing-factor": missing_factor,
    "extra-factor": extra_factor,
    "missing-path": missing_path,
    "premature-total": premature_total,
    "wrong-activation": wrong_activation,
    "wrong-index": wrong_index,
    "other-numbering": other_numbering,
    "other-weight": other_weight,
    "sigmoid-derivative": sigmoid_derivative,
    "added-factors": added_factors,
    "bias": bias,
    "update-not-gradient": update_not_gradient,
    "false-zero": false_zero,
    "missing-factor sign": sign_and_missing,
    "missing-factor constant-factor": constant_and_missing,
}
"""The code of a row → what plants it; of two mistakes at once both codes."""
