"""The sentences and displays for one activation function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from derive.calculus.local import local_derivatives
from derive.formula import (
    ZERO,
    Call,
    Equation,
    Formula,
    Letter,
    Name,
    equation,
    number,
    substitute,
    walk,
)
from derive.functions import FUNCTIONS, Function
from derive.functions.written import WRITTEN
from derive.notes.blocks import Block, Display, Words

_X = Letter("x")
_BEFORE: dict[str, Callable[[Any, Any], Any]] = {
    "sig": lambda x, f: f.exp(-x) / (1 + f.exp(-x)) ** 2,
    "tanh": lambda x, f: 4 / (f.exp(x) + f.exp(-x)) ** 2,
}
"""How the derivative looks before it is written through the function's own value."""


def function_blocks(
    row: Function,
    display: Callable[..., Display],
    facts: Mapping[str, Any],
    known: Collection[str] = (),
) -> list[Block]:
    """What the function is, and its derivative; `facts` say where it is used.

    Functions in which it is written are defined too, unless the document does so elsewhere:
    `known` are the symbols of these.
    """
    if not row.symbol:
        return []
    given = {
        **facts,
        "name": row.name,
        "called": Call(row.symbol, _X),
        "own": row.own,
        "kinked": row.kinked,
    }
    value, slope = function_equations(row)
    helpers = [h for h in _helpers(value, slope) if h.symbol not in {row.symbol, *known}]
    blocks: list[Block] = [
        Words("function", given, runs_on=True),
        display(f"function-{row.symbol}", value),
        Words("function_slope", given, runs_on=True),
        display(f"slope-{row.symbol}", slope),
    ]
    if helpers:
        given = {**given, "count": len(helpers)}
        shown = [function_equations(helper)[0] for helper in helpers]
        blocks.append(Words("function_helpers", given, runs_on=True))
        blocks.append(display(f"helpers-{row.symbol}", *shown))
    return blocks


def _helpers(*equations: Equation) -> list[Function]:
    """The activations that stand in the equations, without the hyperbolic tangent."""
    used = {
        node.function: None
        for e in equations
        for side in e.sides
        for node in walk(side)
        if isinstance(node, Call)
    }
    return [row for row in FUNCTIONS if row.symbol in used and row.symbol != "tanh"]


def function_equations(row: Function) -> tuple[Equation, Equation]:
    """f(x) = … and f'(x) = …, over the letter x."""
    called = Call(row.symbol, _X)
    value = number(row.value(_X, WRITTEN))
    sides: list[Formula] = [Call(row.symbol, _X, 1)]
    if row.symbol in _BEFORE:
        sides.append(number(_BEFORE[row.symbol](_X, WRITTEN)))
    if row.slope is not None:
        sides.append(number(row.slope(_X, called, WRITTEN)))
    else:
        by_name = local_derivatives(number(row.value(Name("x"), WRITTEN)), "").get("x", ZERO)
        sides.append(substitute(by_name, {"x": _X}))
    return equation(called, value), equation(*sides)
