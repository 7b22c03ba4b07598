"""Local derivatives: of one definition by each quantity in it, as a person writes them.

A definition is differentiated term by term (linearity), and each *shape* of term only once, by
SymPy: 23,820 products w·out share the two derivatives of one product.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from derive.exact.symbolic import from_sympy, symbol, to_sympy
from derive.formula import (
    MINUS_ONE,
    ZERO,
    Call,
    Cases,
    Formula,
    Name,
    Number,
    Power,
    Product,
    Sum,
    number,
    product,
    substitute,
    total,
    transform,
)
from derive.formula.tidy import tidied
from derive.functions import BY_SYMBOL, Function
from derive.functions.written import WRITTEN


def _slot(place: int) -> str:
    return f"x{place}"


@cache
def _shape_derivatives(shape: Formula, size: int) -> tuple[Formula, ...]:
    """∂shape/∂x0, ∂shape/∂x1, … by SymPy, written over the same slots."""
    slots = {symbol(_slot(place)): Name(_slot(place)) for place in range(size)}
    expression = to_sympy(shape)
    return tuple(from_sympy(expression.diff(slot), slots) for slot in slots)


def local_derivatives(definition: Formula, own: str) -> dict[str, Formula]:
    """The local derivative of a definition by each quantity in it, as a person writes it.

    `own` is the defined quantity: f'(net) is written through out = f(net) where the table says
    how, so that ∂out/∂net = out·(1 − out), equation (13) of the notes.
    """
    if isinstance(definition, Call) and not definition.primes:
        slope = function_slope(definition, Name(own) if own else definition)
        if isinstance(definition.argument, Name):
            return {definition.argument.name: slope}
        inner = local_derivatives(definition.argument, "")
        return {
            name: -slope if change == MINUS_ONE else product([slope, change])
            for name, change in inner.items()
        }
    if isinstance(definition, Cases):
        pieces = (definition.positive, definition.otherwise)
        slopes = [local_derivatives(piece, "") for piece in pieces]
        return {
            name: Cases(definition.test, *(slope.get(name, ZERO) for slope in slopes))
            for name in {**slopes[0], **slopes[1]}
        }
    found: dict[str, list[Formula]] = {}
    terms = definition.terms if isinstance(definition, Sum) else (definition,)
    for term in terms:
        scaled = _number_times_sum(term)
        if scaled is not None:
            for name, slope in local_derivatives(scaled[1], "").items():
                found.setdefault(name, []).append(tidied(product([scaled[0], slope])))
            continue
        places: dict[Formula, Name] = {}

        def slot(leaf: Formula, places: dict[Formula, Name] = places) -> Name:
            return places.setdefault(leaf, Name(_slot(len(places))))

        shape = _abstract(term, slot)
        back: dict[str, Formula] = {placed.name: leaf for leaf, placed in places.items()}
        for leaf, slope in zip(places, _shape_derivatives(shape, len(places)), strict=True):
            if isinstance(leaf, Name):
                found.setdefault(leaf.name, []).append(substitute(slope, back))
    return {name: tidied(_through_values(total(slopes))) for name, slopes in found.items()}


def _number_times_sum(term: Formula) -> tuple[Formula, Sum] | None:
    """The factors of ⅓·(a + b + …), whose bracket is differentiated term by term; else nothing."""
    if isinstance(term, Product) and len(term.factors) == 2:
        first, second = term.factors
        if isinstance(first, Number) and isinstance(second, Sum):
            return first, second
    return None


def function_slope(called: Call, value: Formula) -> Formula:
    """f'(x) of the call f(x), as a person writes it; `value` is how its value f(x) is written."""
    row = BY_SYMBOL[called.function]
    if row.slope is not None:
        return number(row.slope(called.argument, value, WRITTEN))
    if row.kinked:
        return Call(called.function, called.argument, 1)
    return substitute(_derived_slope(row), {_X: called.argument})


_X = "x"


@cache
def _derived_slope(row: Function) -> Formula:
    """The derivative of a row's value at x."""
    return local_derivatives(number(row.value(Name(_X), WRITTEN)), "")[_X]


def _through_values(slope: Formula) -> Formula:
    """tanh'(c) written as 1 − tanh(c)², as the table says."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Call) or node.primes != 1:
            return None
        plain = Call(node.function, _through_values(node.argument))
        return function_slope(plain, plain)

    return transform(slope, rule)


def _abstract(formula: Formula, slot: Callable[[Formula], Name]) -> Formula:
    """`formula` over slots for quantities, and for what SymPy would rewrite: decimals, √2."""
    if isinstance(formula, Name) or (isinstance(formula, Number) and formula.text):
        return slot(formula)
    if isinstance(formula, Power) and isinstance(formula.base, Number):
        return slot(formula)
    parts = formula.parts()
    return formula.rebuilt(tuple(_abstract(p, slot) for p in parts)) if parts else formula
