"""The factors of derivations in networks that are stated as equations, to be known by value."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.chain import Chain
from derive.calculus.local import function_slope
from derive.formula import Call, Formula, Name, Negative, Number, Partial, Product, Quotient
from derive.model import Model, Role

MOST_ADJOINTS = 200


def graph_factors(model: Model, chain: Chain) -> Iterator[tuple[Formula, str, str]]:
    """Each factor with its kind, and the quantity it belongs to; the simplest first."""
    for quantity in model.having(Role.INPUT, Role.INTERMEDIATE):
        yield Name(quantity.name), "out", quantity.name
    for quantity in model.having(Role.WEIGHT):
        yield Name(quantity.name), "weight", quantity.name
    for name, definition in model.definitions.items():
        if isinstance(definition, Call):
            yield from _slope(chain, definition, name)
        for slope in chain.local(name).values():
            for factor in (slope, *_factors(slope)):
                if not isinstance(factor, Number | Name):
                    yield factor, "local", name
    for name in list(chain.deltas)[:MOST_ADJOINTS]:
        yield Partial(Name(model.total), Name(name)), "adjoint", name


def _slope(chain: Chain, definition: Call, name: str) -> Iterator[tuple[Formula, str, str]]:
    """The derivative of a function by its argument."""
    slope = function_slope(definition, Name(name))
    yield slope, "slope", name
    for factor in _factors(slope):
        if not isinstance(factor, Number | Name):
            yield factor, "one-minus", name


def _factors(formula: Formula) -> tuple[Formula, ...]:
    """The factors that a person may forget: those of a product, the divisor of a quotient."""
    if isinstance(formula, Negative):
        return (formula.term, *_factors(formula.term))
    if isinstance(formula, Product):
        return formula.factors
    if isinstance(formula, Quotient):
        return (1 / formula.bottom, formula.top, *_factors(formula.top))
    return ()
