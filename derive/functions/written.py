"""The functions of the table as written formulas."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from derive.formula import Call, Cases, Formula, Quotient, number, total, walk
from derive.functions import BY_SYMBOL, World


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

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        if symbol not in BY_SYMBOL:
            raise AttributeError(symbol)
        return lambda x: Call(symbol, x)


def softmax(nets: Sequence[Formula]) -> list[Formula]:
    """The outputs of a softmax layer, e^(net)/Σ e^(net) each."""
    powers = [Call("exp", net) for net in nets]
    return [Quotient(power, total(powers)) for power in powers]


WRITTEN = Written()


@cache
def value_of(symbol: str, x: Formula) -> Formula:
    """The value of a row at `x`, in terms of other rows."""
    return number(BY_SYMBOL[symbol].value(x, WRITTEN))


def is_kinked(function: str) -> bool:
    """Whether a function has a kink; that of a whole layer, softmax, has none."""
    return function in BY_SYMBOL and BY_SYMBOL[function].kinked


def in_pieces(formula: Formula) -> bool:
    """Whether a formula has pieces, or functions in it have."""
    return any(
        isinstance(node, Cases) or (isinstance(node, Call) and is_kinked(node.function))
        for node in walk(formula)
    )


def choices(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The formulas at whose sign something in `formulas` goes over to another piece.

    The value of a function has its argument several times, so every function is opened once only.
    """
    found: dict[Formula, None] = {}
    opened: set[Formula] = set()
    todo = deque(node for formula in formulas for node in walk(formula))
    while todo:
        node = todo.popleft()
        if isinstance(node, Cases):
            found[node.test] = None
        elif isinstance(node, Call) and BY_SYMBOL[node.function].kinked and node not in opened:
            opened.add(node)
            todo += walk(value_of(node.function, node.argument))
    return tuple(found)
