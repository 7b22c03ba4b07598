"""The sentences and displays for one activation function."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

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
from derive.functions import BY_SYMBOL, Function
from derive.functions.written import WRITTEN, cases_outside, kinks
from derive.notes.blocks import Block

if TYPE_CHECKING:
    from derive.notes.page import Page

_X = Letter("x")


def function_blocks(
    page: Page, row: Function, known: Collection[str] = (), **about: Any
) -> list[Block]:
    """What the function is, and its derivative; what is said `about` it is where it is used.

    Functions in which it is written are defined too, unless the document does so elsewhere:
    `known` are the symbols of these.
    """
    if not row.symbol:
        return []
    given = {
        "of": [],
        "out": None,
        "n": 0,
        "graph": False,
        **about,
        "words": (row.words or f"the function {row.name}").split("$"),
        "called": Call(row.symbol, _X),
        "own": row.own,
        "kinks": _kinks(row),
    }
    value, slope = function_equations(row)
    helpers = [
        h for h in unfamiliar([*value.sides, *slope.sides]) if h.symbol not in {row.symbol, *known}
    ]
    blocks: list[Block] = [
        *page.said("function", given, f"function-{row.symbol}", value),
        *page.said("function_slope", given, f"slope-{row.symbol}", slope),
    ]
    if helpers:
        given = {**given, "count": len(helpers)}
        shown = [function_equations(helper)[0] for helper in helpers]
        blocks += page.said("function_helpers", given, f"helpers-{row.symbol}", *shown)
    return blocks


def _kinks(row: Function) -> list[tuple[Formula, bool]]:
    """Where cases of the derivative meet, and whether the left one is taken there."""
    met = () if row.slope is not None else kinks(row) or ()
    return [(number(at), left) for at, left in met]


def unfamiliar(formulas: Iterable[Formula]) -> list[Function]:
    """The functions in the formulas that have no sign which everybody knows, as tanh has."""
    return [row for row in called(formulas) if not row.latex]


def called(formulas: Iterable[Formula]) -> list[Function]:
    """The functions in the formulas, in the order of the table."""
    nodes = (node for formula in formulas for node in walk(formula))
    used = {node.function for node in nodes if isinstance(node, Call)}
    return [row for symbol, row in BY_SYMBOL.items() if symbol in used]


def function_equations(row: Function) -> tuple[Equation, Equation]:
    """f(x) = … and f'(x) = …, over the letter x."""
    own = Call(row.symbol, _X)
    value = number(row.value(_X, WRITTEN))
    sides: list[Formula] = [Call(row.symbol, _X, 1)]
    if row.before is not None:
        sides.append(number(row.before(_X, WRITTEN)))
    if row.slope is not None:
        sides.append(number(row.slope(_X, own, WRITTEN)))
    else:
        by_cases = cases_outside(number(row.value(Name("x"), WRITTEN)))
        by_name = local_derivatives(by_cases, "").get("x", ZERO)
        sides.append(substitute(by_name, {"x": _X}))
    return equation(own, value), equation(*sides)
