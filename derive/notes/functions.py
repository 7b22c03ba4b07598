"""The sentence and the displays for one activation function."""

from __future__ import annotations

from collections.abc import Callable

from derive.formula import Call, Formula, Letter, Power, equation
from derive.functions import Activation
from derive.notes.blocks import Block, Display, Words


class Written:
    """The elementary functions as written formulas."""

    @staticmethod
    def exp(x: Formula) -> Formula:
        """e^x."""
        return Power(Letter("e"), x)


def function_blocks(row: Activation, display: Callable[..., Display]) -> list[Block]:
    """What the function is, and its derivative through its own value."""
    if not row.symbol:
        return []
    x = Letter("x")
    if row.kinked or row.through_output is None:
        return [Words(f"function_{row.symbol}", {"x": x, "of": []})]
    called = Call(row.symbol, x)
    slope = equation(Call(row.symbol, x, 1), row.derivative(x, Written), row.through_output(called))
    return [
        Words("graph_function", {"name": row.name}, runs_on=True),
        display(
            f"function-{row.symbol}", equation(called, row.value(x, Written)), slope, check=False
        ),
    ]
