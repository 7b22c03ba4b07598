"""Written formulas as Python expressions, in lines of at most a hundred columns.

The functions of the table are NumPy's where their own formula would lose digits or overflow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar

from derive.emit.emitter import HALF, Emitter, condition
from derive.emit.layout import wrapped
from derive.emit.pieces import (
    ATOM,
    OPERATORS,
    POWER,
    PRODUCT,
    Expression,
    Piece,
    before,
    behind,
    one_line,
)
from derive.errors import InputError
from derive.formula import (
    Call,
    Cases,
    Formula,
    Letter,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    number,
)
from derive.functions import BY_SYMBOL, World
from derive.functions.written import Written

_EXACT = 2**53
WIDTH = 100
STEP = "    "


class Expressions(Emitter):
    """Writes formulas; `name` gives the identifier of a quantity, a δ, a letter, a function."""

    plus, minus, times = "+", "-", "*"
    # What stands behind * is computed first only in brackets.
    operators: ClassVar = {
        **OPERATORS,
        Product: replace(OPERATORS[Product], later=POWER, last=POWER),
    }

    def __init__(self, name: Callable[[Formula], str]) -> None:
        self._name = name

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return "(", ")"

    def juxtaposed(self, before: Formula, factor: Formula) -> bool:
        return False

    def terms(self, formula: Sum) -> Sequence[Formula]:
        return formula.terms

    def _leaf(self, formula: Formula) -> Expression:
        return Expression([Piece(self._name(formula))])

    def of_partial(self, formula: Partial) -> Expression:
        return self._leaf(formula)

    def of_quotient(self, formula: Quotient) -> Expression:
        return self._joined(self.operators[Quotient], formula.parts(), ["", " / "])

    def of_power(self, formula: Power) -> Expression:
        base, exponent = formula.base, formula.exponent
        if base == Letter("e"):
            return self._called("np.exp", exponent)
        if isinstance(exponent, Number) and exponent.value.denominator == 1:
            inner = self._at_least(ATOM, base)
            return Expression(before(f" ** {exponent.value}", inner.pieces), POWER)
        if isinstance(exponent, Number) and exponent.value == HALF:
            return self._called("np.sqrt", base)
        # Python's own ** makes a complex number of a root of a negative one.
        return self._called("np.power", base, exponent)

    def of_cases(self, formula: Cases) -> Expression:
        left, sign, right = condition(formula.test)
        test = [*self.pieces(left), *behind(f" {sign} ", self.pieces(right), 0)]
        return _call("np.where", [test, *map(self.pieces, formula.parts()[1:])])

    def of_call(self, formula: Call) -> Expression:
        shape = Call(formula.function, Letter("x"), formula.primes)
        return self._called(self._name(shape), formula.argument)

    def _called(self, name: str, *arguments: Formula) -> Expression:
        return _call(name, [self.pieces(argument) for argument in arguments])

    def of_number(self, formula: Number) -> Expression:
        """As it was written, as a whole number or short decimal, else as a quotient."""
        value, size = formula.value, abs(formula.value)
        binding = ATOM
        text = formula.text
        if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text) and Fraction(text) == value:
            pass
        elif value.denominator == 1 and size < _EXACT:
            text = str(value)
        else:
            try:
                text = repr(float(value))
            except OverflowError:
                raise InputError(
                    f"a number in the equations is too large for a float: {value}"
                ) from None
            if Fraction(text) != value and max(size.numerator, size.denominator) < _EXACT:
                text, binding = f"{value.numerator} / {value.denominator}", PRODUCT
        return Expression([Piece(text)], binding, value < 0)


def _call(name: str, arguments: Sequence[Sequence[Piece]]) -> Expression:
    """A call of a function of written arguments."""
    pieces = [*arguments[0]]
    for argument in arguments[1:]:
        pieces = [*before(",", pieces), *behind(" ", argument, 0)]
    return Expression(pieces).between(f"{name}(", ")")


def statement(
    head: str, pieces: Sequence[Piece], *, tail: str = "", comment: str = "", indent: str = STEP
) -> list[str]:
    """``head expression tail  # comment``, on several lines in brackets where one is too short."""
    end = tail + (f"  # {comment}" if comment else "")
    whole = f"{indent}{head}{one_line(pieces)}{end}"
    if len(whole) <= WIDTH:
        return [whole]
    return [f"{indent}{head}(", *_lines(behind(" ", pieces), indent + STEP), f"{indent}){end}"]


def listed(items: Sequence[str], indent: str) -> list[str]:
    """Items with commas behind them, as many in a line as fit."""
    return _lines([Piece(f" {item},", 0) for item in items], indent) if items else []


def _lines(pieces: Sequence[Piece], indent: str) -> list[str]:
    """Pieces in lines; the blank with which each line begins is the last of its indent."""
    start = indent[1:]
    found = wrapped(pieces, WIDTH - len(start), len, step=0)
    return [start + each.text for each in found]


def _numpy(name: str) -> Callable[..., Formula]:
    """What a call of a function of NumPy is: a letter that is its text."""

    def called(self: World, *arguments: Any) -> Formula:
        return Letter(f"np.{name}({', '.join(_TEXT(number(each)) for each in arguments)})")

    return called


class _NumPy(Written):
    """Formulas in which a call of NumPy is a letter of this name; no other functions are left."""

    rounds = True
    exp, log, tanh, sqrt = map(_numpy, ("exp", "log", "tanh", "sqrt"))
    expm1, minimum, logaddexp = map(_numpy, ("expm1", "minimum", "logaddexp"))
    __getattr__ = World.__getattr__

    def normal(self, x: Any) -> Formula:
        argument = -(x / self.sqrt(2))
        return Letter(f"np.vectorize(math.erfc)({_TEXT(argument)})") / number(2)

    def density(self, x: Any) -> Formula:
        return self.exp(-(x**2 / number(2))) / self.sqrt(2 * Letter("np.pi"))


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
