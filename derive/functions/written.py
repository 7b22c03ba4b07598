"""The functions of the table as written formulas."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from derive.formula import (
    Call,
    Cases,
    Formula,
    Name,
    is_number,
    number,
    substitute,
    transform,
    walk,
)
from derive.functions import BY_SYMBOL, Function, World


class Written(World):
    """The world of definitions: every function of the table is a call by its name."""

    def exp(self, x: Formula) -> Formula:
        return Call("exp", x)

    def log(self, x: Formula) -> Formula:
        return Call("ln", x)

    def normal(self, x: Formula) -> Formula:
        return Call("Phi", x)

    def density(self, x: Formula) -> Formula:
        return Call("phi", x)

    def choose(
        self, x: Formula, positive: Formula | int, otherwise: Formula | int | Fraction
    ) -> Formula:
        return Cases(x, number(positive), number(otherwise))

    def of(self, formula: Formula, values: Mapping[str, Formula]) -> Formula:
        return substitute(formula, values)

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        if symbol not in BY_SYMBOL:
            raise AttributeError(symbol)
        return lambda x: Call(symbol, x)


WRITTEN = Written()


def value_of(symbol: str, x: Formula) -> Formula:
    """The value of a row at `x`, in terms of other rows."""
    return _value_of(BY_SYMBOL[symbol], x)


@cache
def _value_of(row: Function, x: Formula) -> Formula:
    return number(row.value(x, WRITTEN))


def is_kinked(function: str) -> bool:
    """Whether a function has a kink; that of a whole layer, softmax, has none."""
    return function in BY_SYMBOL and BY_SYMBOL[function].kinked


def in_pieces(formula: Formula) -> bool:
    """Whether a formula has pieces, or functions in it have."""
    return any(
        isinstance(node, Cases) or (isinstance(node, Call) and is_kinked(node.function))
        for node in walk(formula)
    )


def kinks(row: Function) -> tuple[tuple[Fraction, bool], ...] | None:
    """Where two cases of a function meet, in order: (x, whether the left one holds there).

    A case begins where a test turns positive, so the other one holds at that point itself. None
    where a test is not linear in x.
    """
    found: dict[Fraction, bool] = {}
    for test in choices([number(row.value(Name("x"), WRITTEN))]):
        try:
            at = [World().of(test, {"x": Fraction(place)}) for place in range(3)]
        except NotImplementedError:
            return None
        slope = at[1] - at[0]
        if not slope or at[2] != at[1] + slope:
            return None
        found[-at[0] / slope] = slope > 0
    return tuple(sorted(found.items()))


def cases_outside(formula: Formula) -> Formula:
    """The same with the cases that stand inside of it outermost: x/(1 + |x|) in two cases."""
    inner = next((node for node in walk(formula) if isinstance(node, Cases)), None)
    if inner is None:
        return formula

    def chosen(part: Formula) -> Formula:
        return cases_outside(transform(formula, lambda node: part if node == inner else None))

    return Cases(inner.test, chosen(inner.positive), chosen(inner.otherwise))


def choices(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The formulas at whose sign something in `formulas` goes over to another piece.

    The value of a function has its argument several times, so every function is opened once only.
    Of numbers alone nothing goes over.
    """
    found: dict[Formula, None] = {}
    opened: set[Formula] = set()
    todo = deque(node for formula in formulas for node in walk(formula))
    while todo:
        node = todo.popleft()
        if isinstance(node, Cases):
            found |= {} if is_number(node.test) else {node.test: None}
        elif isinstance(node, Call) and BY_SYMBOL[node.function].kinked and node not in opened:
            opened.add(node)
            todo += walk(value_of(node.function, node.argument))
    return tuple(found)
