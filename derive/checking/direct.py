"""∂c/∂x for the direct dependence alone: what c is made of besides x is kept fixed.

Everywhere in the program ∂c/∂x goes through all ways from x to c. In the chain rule of several
variables it is otherwise: ∂E/∂x = Σ ∂E/∂c · ∂c/∂x has one summand for each c that is made of x, and
where one c is made of another, only the direct dependence is meant, or a way would count twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.calculus.chain import Chain
from derive.formula import Formula, Name, Partial, Product, Sum, SumOver, transform, walk
from derive.grammar.unfinished import plain


def directly(formula: Formula, chain: Chain, error: bool) -> Formula:
    """The formula with direct derivatives; `error` says whether of the total error, too.

    A derivative of something that is not made of what stands below it is left as it is.
    """
    model = chain.model

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Partial) or not isinstance(node.by, Name):
            return None
        of = plain(node.of)
        if not isinstance(of, Name) or of.name not in model.definitions:
            return None
        if not error and of.name == model.total:
            return None
        return chain.local(of.name).get(node.by.name)

    return transform(formula, rule)


def is_chain_rule(subject: Formula, whole: Formula) -> bool:
    """Whether all summands of `whole` are products ∂E/∂c · … · ∂d/∂x for the subject ∂E/∂x.

    At least one of them has two factors or more.
    """
    if not isinstance(subject, Partial):
        return False
    products = [list(_factors(term)) for term in _terms(whole)]
    return any(len(factors) > 1 for factors in products) and all(
        _links(subject, factors) for factors in products
    )


def _links(subject: Partial, factors: list[Formula]) -> bool:
    slopes = [factor for factor in factors if isinstance(factor, Partial)]
    if len(slopes) < len(factors) or not slopes:
        return False
    ends = plain(slopes[0].of) == plain(subject.of) and slopes[-1].by == subject.by
    return ends and all(one.by == plain(other.of) for one, other in pairwise(slopes))


def _terms(formula: Formula) -> Iterator[Formula]:
    """The summands of a formula, those behind Σ, too."""
    formula = plain(formula)
    if isinstance(formula, Sum):
        for term in formula.terms:
            yield from _terms(term)
    elif isinstance(formula, SumOver) and not formula.multiplies:
        yield from _terms(formula.body)
    else:
        yield formula


def _factors(formula: Formula) -> Iterator[Formula]:
    formula = plain(formula)
    if isinstance(formula, Product):
        for factor in formula.factors:
            yield from _factors(factor)
    else:
        yield formula


def has_slopes(formula: Formula) -> bool:
    """Whether there is a derivative in a formula."""
    return any(isinstance(node, Partial) for node in walk(formula))
