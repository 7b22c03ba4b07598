"""The rows of the table of mistakes, each planted by hand.

A row takes one of the program's own right formulas and edits it as somebody would who makes that
mistake. What is planted here knows nothing of how it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derive.calculus.chain import Path, collected, named, plugged_in
from derive.formula import (
    ONE,
    ZERO,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    names_in,
    product,
    total,
    transform,
)
from derive.model import Role
from tests.formulas.mistakes_in_factors import (
    constant_and_missing,
    constant_factor,
    double_minus,
    extra_factor,
    is_difference,
    missing_factor,
    sigmoid_derivative,
    sign,
    sign_and_missing,
)
from tests.formulas.mistakes_in_names import (
    other_numbering,
    other_weight,
    wrong_activation,
    wrong_index,
)
from tests.formulas.subjects import Sides, Subject, get, put, spots

ETA = Letter("eta")

Row = Callable[[Subject], Iterator[Sides]]


def _is_weighted(s: Subject, node: Formula) -> bool:
    """Whether `node` is a sum of paths, and neither out − target nor 1 − out."""
    return isinstance(node, Sum) and not is_difference(s, node) and node.terms[0] != ONE


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
            its = is_difference(s, node) and set(names_in(node)) <= set(s.model.inputs_of[error])
            if its:
                out, target = (Name(name) for name in names_in(node))
                return target - out
            return None

        yield s.left, transform(s.form("expanded", "collected"), turned)


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


def brackets(s: Subject) -> Iterator[Sides]:
    """The brackets around a factor forgotten: out·1 − out for out·(1 − out)."""
    for form in (s.expanded, s.collected):
        places = [
            (spot, place)
            for spot in spots(form, lambda n: isinstance(n, Product))
            for place, factor in enumerate(get(form, spot).parts())
            if isinstance(factor, Sum)
        ]
        for spot, place in s.draw.sample(places, min(2, len(places))):
            factors = get(form, spot).parts()
            bracket = factors[place]
            assert isinstance(bracket, Sum)
            first, *middle, last = bracket.terms
            begun = Product((*factors[:place], first)) if place else first
            behind = factors[place + 1 :]
            inner = last.term if isinstance(last, Negative) else last
            ended = Product((inner, *behind)) if behind else inner
            ended = Negative(ended) if isinstance(last, Negative) else ended
            yield s.left, put(form, spot, total([begun, *middle, ended]))


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
    "brackets": brackets,
    "bias": bias,
    "update-not-gradient": update_not_gradient,
    "false-zero": false_zero,
    "missing-factor sign": sign_and_missing,
    "missing-factor constant-factor": constant_and_missing,
}
"""The code of a row → what plants it; of two mistakes at once both codes."""
