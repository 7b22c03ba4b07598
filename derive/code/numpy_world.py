"""The functions of the table in NumPy, where their own formula would lose digits or overflow."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from derive.code.expressions import Expressions
from derive.formula import Call, Formula, Letter, number
from derive.functions import BY_SYMBOL, World
from derive.functions.written import Written


class _NumPy(Written):
    """Formulas in which a call of NumPy is a letter of this name; no other functions are left."""

    rounds = True

    def exp(self, x: Any) -> Formula:
        return self._called("exp", x)

    def log(self, x: Any) -> Formula:
        return self._called("log", x)

    def expm1(self, x: Any) -> Formula:
        return self._called("expm1", x)

    def minimum(self, x: Any, y: Any) -> Formula:
        return self._called("minimum", x, y)

    def logaddexp(self, x: Any, y: Any) -> Formula:
        return self._called("logaddexp", x, y)

    def normal(self, x: Any) -> Formula:
        argument = -(x / self._called("sqrt", 2))
        return Letter(f"np.vectorize(math.erfc)({_TEXT(argument)})") / number(2)

    def density(self, x: Any) -> Formula:
        return self.exp(-(x**2 / number(2))) / self._called("sqrt", 2 * Letter("np.pi"))

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        if symbol == "tanh":
            return lambda x: self._called("tanh", x)
        return World.__getattr__(self, symbol)

    def _called(self, name: str, *arguments: Any) -> Formula:
        return Letter(f"np.{name}({', '.join(_TEXT(number(each)) for each in arguments)})")


_TEXT = Expressions(lambda leaf: leaf.name).inline  # type: ignore[attr-defined]


def in_numpy(symbol: str) -> Formula | None:
    """The value of a row at x as NumPy computes it, if that is not what is written."""
    row, x = BY_SYMBOL[symbol], Letter("x")
    if row.stable is None and number(row.value(x, Written())) != Call(symbol, x):
        return None
    return number(row.at(x, _NumPy()))


def inline(symbol: str) -> str:
    """The function of NumPy that a row is, ``np.tanh``, if it is one."""
    found = in_numpy(symbol)
    name = re.fullmatch(r"(np\.\w+)\(x\)", found.name) if isinstance(found, Letter) else None
    return name[1] if name else ""
