"""The sentences and displays for one activation function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derive.calculus.chain import local_derivatives
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
)
from derive.functions import Function
from derive.notes.blocks import Block, Display, Words
from derive.written import WRITTEN

_X = Letter("x")
_BEFORE: dict[str, Callable[[Any, Any], Any]] = {
    "sig": lambda x, f: f.exp(-x) / (1 + f.exp(-x)) ** 2,
    "tanh": lambda x, f: 4 / (f.exp(x) + f.exp(-x)) ** 2,
}
"""How the derivative looks before it is written through the function's own value."""


def function_blocks(
    row: Function, display: Callable[..., Display], facts: Mapping[str, Any]
) -> list[Block]:
    """What the function is, and its derivative; `facts` say where it is used."""
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
    return [
        Words("function", given, runs_on=True),
        display(f"function-{row.symbol}", value),
        Words("function_slope", given, runs_on=True),
        display(f"slope-{row.symbol}", slope),
    ]


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
