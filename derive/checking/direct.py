"""∂c/∂x for the direct dependence alone: what c is made of besides x is kept fixed.

Everywhere in the program ∂c/∂x goes through all ways from x to c. In the chain rule of several
variables it is otherwise: ∂E/∂x = Σ ∂E/∂c · ∂c/∂x has one summand for each c that is made of x, and
where one c is made of another, only the direct dependence is meant, or a way would count twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from itertools import product as choices

from derive.calculus.chain import Chain
from derive.calculus.entries import TooManyError
from derive.calculus.local import local_derivatives
from derive.formula import (
    ONE,
    ZERO,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Where,
    product,
    total,
    transform,
    walk,
)
from derive.grammar.unfinished import plain

MOST_TERMS = 100
"""Products of the chain rule that one side is worked out to."""
MOST_LEVELS = 20
"""How often definitions are put in for one direct derivative."""
_PLAIN = (Name, Number, Sum, Product, Quotient, Power, Negative)

Slope = Callable[[Partial], Formula | None]


def directly(formula: Formula, chain: Chain, error: bool, whole: bool = False) -> Formula:
    """The formula with direct derivatives; `error` says whether of the total error, too.

    A derivative of something that is not made of what stands below it is left as it is. Of a
    `whole` vector by another it is 0, if this entry is made of another of those below. Where the
    file has names in between, as of the net input of a state, they are put in; not for an error,
    of which all else would be what lies in between.
    """
    model = chain.model
    errors = {model.total, *model.errors}

    def rule(node: Partial) -> Formula | None:
        of = plain(node.of)
        assert isinstance(node.by, Name)
        if not isinstance(of, Name):
            written_out = all(isinstance(part, _PLAIN) for part in walk(of))
            return local_derivatives(of, "").get(node.by.name) if written_out else None
        if of.name not in model.definitions or (not error and of.name == model.total):
            return None
        if of.name not in errors and node.by.name in model.parameters:
            return _fixed(node, chain, ())
        local = chain.local(of.name)
        beside = whole and any(_are_beside(chain, node.by.name, name) for name in local)
        return local.get(node.by.name, ZERO if beside else None)

    return _with(formula, rule)


def _are_beside(chain: Chain, name: str, other: str) -> bool:
    """Whether two quantities are entries of one vector: they differ in their last index alone."""
    one, two = (chain.model.quantities[of] for of in (name, other))
    alike = one.family == two.family and len(one.indices) == len(two.indices)
    return alike and bool(one.indices) and one.indices[:-1] == two.indices[:-1]


class VacuousError(ValueError):
    """A direct derivative is 0 although the one along all ways is not, and so it is not meant."""


def as_chain_rules(
    left: Formula, right: Formula, chain: Chain, whole: bool = False
) -> Iterator[Formula | None]:
    """The right side of ∂E/∂x = Σ ∂E/∂c … ∂d/∂x in each way in which authors mean its ∂.

    All that the side names is kept fixed in a direct derivative, and what x stands beside. Direct
    are those by x, or those of what stands below E, or those of E, or all but these, or all. Raises
    :class:`TooManyError` where what lies between two names is too much to be gone through. Nothing
    comes for a way in which a derivative would be 0 that is none; of `whole` vectors one may be.
    """
    if not isinstance(left, Partial):
        return
    slopes = [node for node in walk(right) if isinstance(node, Partial)]
    named = {plain(side) for slope in (left, *slopes) for side in (slope.of, slope.by)}
    kept = {name.name for name in named if isinstance(name, Name)}
    top = plain(left.of)
    heads = {
        plain(slope.of)
        for slope in slopes
        if any(o.by == plain(slope.of) and plain(o.of) == top for o in slopes)
    } or {top}

    manners: tuple[Callable[[Partial], bool], ...] = (
        lambda slope: slope.by == left.by,
        lambda slope: plain(slope.of) in heads,
        lambda slope: plain(slope.of) == top,
        lambda slope: plain(slope.of) != top,
        lambda slope: True,
    )
    for is_direct in manners:

        def rule(
            slope: Partial, is_direct: Callable[[Partial], bool] = is_direct
        ) -> Formula | None:
            if not is_direct(slope):
                return None
            try:
                return _fixed(slope, chain, kept)
            except VacuousError:
                if whole and _is_made_of_another(slope, chain, kept):
                    return ZERO
                raise

        try:
            yield _with(right, rule)
        except VacuousError:
            yield None


def _is_made_of_another(slope: Partial, chain: Chain, kept: Collection[str]) -> bool:
    """Whether the direct derivative by another entry of the vector below is there."""
    assert isinstance(slope.by, Name)
    for name in chain.model.quantities:
        if name != slope.by.name and _are_beside(chain, slope.by.name, name):
            try:
                if _fixed(Partial(slope.of, Name(name)), chain, kept) is not None:
                    return True
            except VacuousError:
                continue
    return False


def _fixed(slope: Partial, chain: Chain, kept: Collection[str]) -> Formula | None:
    """∂c/∂x with all that is kept held fixed; nothing where c and x are no names.

    Where x does not stand in the definition of c, those of what stands there are put in, until it
    does: h = tanh(net) is made of w as net is. What stands beside x is fixed then, kept or not.
    """
    of, by = plain(slope.of), slope.by
    if not isinstance(of, Name) or not isinstance(by, Name):
        return None
    if of == by:
        return ONE
    below, definitions = chain.model.downstream(by.name), chain.model.definitions
    level: dict[str, list[Formula]] = {of.name: [ONE]} if of.name in below else {}
    for _ in range(MOST_LEVELS):
        level = {name: ways for name, ways in level.items() if name in definitions}
        steps = {name: chain.local(name) for name in level}
        if not level and of.name in below:
            raise VacuousError
        if not level or any(by.name in there for there in steps.values()):
            return total(
                product([total(ways), steps[name][by.name]])
                for name, ways in level.items()
                if by.name in steps[name]
            )
        inside: dict[str, list[Formula]] = {}
        for name, ways in level.items():
            for x, step in steps[name].items():
                if x in below and x not in kept:
                    inside.setdefault(x, []).append(product([total(ways), step]))
        level = inside
        if len(level) > MOST_TERMS:
            break
    raise TooManyError("what lies between two names of the chain rule is too much")


def _with(formula: Formula, rule: Slope) -> Formula:
    def each(node: Formula) -> Formula | None:
        single = isinstance(node, Partial) and isinstance(node.by, Name)
        return rule(node) if isinstance(node, Partial) and single else None

    return transform(formula, each)


def is_chain_rule(subject: Formula, whole: Formula) -> bool:
    """Whether all summands of `whole` are products ∂E/∂c · … · ∂d/∂x for the subject ∂E/∂x.

    At least one of them has two factors or more.
    """
    if not isinstance(subject, Partial):
        return False
    products = list(islice(_terms(whole), MOST_TERMS + 1))
    return (
        len(products) <= MOST_TERMS
        and any(len(factors) > 1 for factors in products)
        and all(_links(subject, factors) for factors in products)
    )


def _links(subject: Partial, factors: list[Formula]) -> bool:
    """Whether the factors lead from E to x, one after the other in some order."""
    open_ = [factor for factor in factors if factor != ONE]
    at = plain(subject.of)
    while open_:
        step = next((f for f in open_ if isinstance(f, Partial) and plain(f.of) == at), None)
        if not isinstance(step, Partial):
            return False
        open_.remove(step)
        at = step.by
    return at == subject.by


def _terms(formula: Formula) -> Iterator[list[Formula]]:
    """The factors of each summand of a formula that is multiplied out, of those behind Σ, too."""
    formula = plain(formula)
    if isinstance(formula, Sum):
        for term in formula.terms:
            yield from _terms(term)
    elif isinstance(formula, SumOver) and not formula.multiplies:
        yield from _terms(formula.body)
    elif isinstance(formula, Where) and formula.otherwise == ZERO:
        yield from _terms(formula.then)
    elif isinstance(formula, Product):
        parts = [list(islice(_terms(factor), MOST_TERMS + 1)) for factor in formula.factors]
        for chosen in choices(*parts):
            yield [factor for part in chosen for factor in part]
    else:
        yield [formula]
