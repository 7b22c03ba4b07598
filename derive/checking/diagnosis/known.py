"""The factors of derivations, to be known by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.local import function_slope
from derive.formula import Call, Formula, Name, Negative, Number, Partial, Product, Quotient
from derive.functions import BY_SYMBOL
from derive.model import Model, Role

MOST_ADJOINTS = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A factor that occurs in derivations: its formula, its kind and the quantity it belongs to."""

    formula: Formula
    kind: str
    out: str

    def facts(self, term: Formula | None = None, *, whole: bool = True) -> dict[str, Any]:
        """What is told of the factor: missing, or too many, in a term or in the `whole` side."""
        told = {"factor": self.formula, "out": self.out, "kind": self.kind, "whole": whole}
        return told if term is None else {**told, "term": term}


def known_factors(model: Model, chain: Chain) -> Iterator[Known]:
    """Each factor of the local derivatives of a model, the simplest first."""
    for kind, roles in _NAMED.items():
        for quantity in model.having(*roles):
            yield Known(Name(quantity.name), kind, quantity.name)
    yield from _slopes(model)
    for quantity in model.having(Role.ERROR):
        for out, slope in chain.local(quantity.name).items():
            if model.quantities[out].role is Role.OUTPUT:
                yield Known(slope, "difference", out)
    if not model.has_neurons:
        yield from _of_equations(model, chain)


_NAMED = {"out": (Role.INPUT, Role.OUTPUT, Role.INTERMEDIATE), "weight": (Role.WEIGHT,)}


def _slopes(model: Model) -> Iterator[Known]:
    """The derivatives of functions by their arguments, and the factors of these."""
    for name, definition in model.definitions.items():
        if isinstance(definition, Call):
            slope = function_slope(definition, Name(name))
            yield Known(slope, "slope", name)
            one_minus = () if BY_SYMBOL[definition.function].kinked else (1 - Name(name),)
            for factor in (*one_minus, *_factors(slope)):
                yield Known(factor, "one-minus", name)


def _of_equations(model: Model, chain: Chain) -> Iterator[Known]:
    """Every other local derivative, and ∂E/∂x, of a network that is stated as equations."""
    for name in model.definitions:
        for slope in chain.local(name).values():
            for factor in _factors(slope, whole=True):
                yield Known(factor, "local", name)
    for name in list(chain.deltas)[:MOST_ADJOINTS]:
        yield Known(Partial(Name(model.total), Name(name)), "adjoint", name)


def _factors(formula: Formula, *, whole: bool = False) -> list[Formula]:
    """The factors that a person may forget: those of a product, the divisor of a quotient.

    Names and numbers are none of them; the `whole` formula may be one.
    """
    found: tuple[Formula, ...] = (formula,) if whole else ()
    if isinstance(formula, Negative):
        found = (*found, formula.term, *_factors(formula.term))
    elif isinstance(formula, Product):
        found = (*found, *formula.factors)
    elif isinstance(formula, Quotient):
        found = (*found, 1 / formula.bottom, formula.top, *_factors(formula.top))
    return [factor for factor in found if not isinstance(factor, Number | Name)]
