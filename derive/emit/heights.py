"""How high a formula is in print, which says how large the brackets around it are."""

from __future__ import annotations

from derive.formula import (
    Array,
    Batch,
    Call,
    Cases,
    Count,
    Delta,
    Everywhere,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Renewed,
    Sum,
    SumOver,
    Unit,
    Updated,
    Where,
)

_LEAVES = (
    Array,
    Batch,
    Count,
    Delta,
    Everywhere,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Renewed,
    Unit,
    Updated,
)


def height(formula: Formula) -> int:
    """0 for a line of names, 1 with brackets in it, 2 with a fraction or a large Σ in it."""
    if isinstance(formula, Partial | Quotient | SumOver | Cases | Where):
        return 2
    if isinstance(formula, Number):
        return 2 if formula.value.denominator != 1 and not formula.text else 0
    if isinstance(formula, _LEAVES):
        return 0
    parts = formula.parts()
    inner = max((height(part) for part in parts), default=0)
    if isinstance(formula, Call | Power):
        return max(inner, 1)
    if isinstance(formula, Product | Negative | Sum) and any(
        isinstance(part, Sum | Negative) for part in parts if not isinstance(formula, Sum)
    ):
        return max(inner, 1)
    return inner
