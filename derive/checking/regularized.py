"""The regularizer that authors add in general: λ ∇_W Ω(θ), where the network may have none."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from derive.formula import (
    ZERO,
    Formula,
    Gradient,
    Layer,
    Letter,
    Name,
    Number,
    Partial,
    Product,
    transform,
)
from derive.grammar.written import Unknown
from derive.model import Model

Sides = tuple[Formula, ...]
_OMEGA = ("Ω", "R")


def with_regularizer(sides: Sides, model: Model) -> Sides:
    """The sides with λ w in the place of λ ∂Ω/∂w, by the network's own λ; 0 where it has none.

    Its Ω is half the sum of the squares of all weights, and of no bias.
    """
    if not model.has_neurons:
        return sides

    def rule(node: Formula) -> Formula | None:
        factors = node.factors if isinstance(node, Product) else ()
        for place, (rate, slope) in enumerate(pairwise(factors)):
            known = isinstance(rate, Letter | Name) and rate.name in ("lambda", "λ")
            named = known or (isinstance(rate, Unknown) and rate.stem == "λ")
            if not named or not _is_of_omega(slope):
                continue
            assert isinstance(slope, Gradient | Partial)
            of = slope.by
            counts = not (isinstance(of, Layer) and of.kind == "bias")
            rest = [*factors[:place], *factors[place + 2 :]]
            own = rate if known else Number(Fraction(str(model.network.l2)))
            return Product((*rest, own if counts else ZERO, of))
        return None

    return tuple(transform(side, rule) for side in sides)


def _is_of_omega(formula: Formula) -> bool:
    of = formula.of if isinstance(formula, Gradient | Partial) else None
    by = formula.by if isinstance(formula, Gradient | Partial) else None
    return isinstance(of, Unknown) and of.stem in _OMEGA and isinstance(by, Layer)
