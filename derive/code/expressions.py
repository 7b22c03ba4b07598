"""Written formulas as Python expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.emit.emitter import condition
from derive.errors import InputError
from derive.formula import (
    Call,
    Cases,
    Formula,
    Letter,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)

SUM, PRODUCT, POWER, ATOM = range(4)
"""How tightly an expression holds together; what begins with a minus sign is as loose as a sum."""

_HALF = Fraction(1, 2)
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is not broken; `level` ranks the break before it, −1 where there must be none."""

    text: str
    level: int = -1


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression in pieces, and how tightly it holds together."""

    pieces: tuple[Piece, ...]
    binding: int


class Expressions:
    """Writes formulas; `name` gives the identifier of a quantity, a δ, a letter, a function."""

    def __init__(self, name: Callable[[Formula], str]) -> None:
        self._name = name

    def pieces(self, formula: Formula) -> tuple[Piece, ...]:
        """The expression for a formula, in pieces between which a line may be broken."""
        return self._write(formula, 0).pieces

    def text(self, formula: Formula) -> str:
        """The same on one line."""
        return "".join(piece.text for piece in self.pieces(formula))

    def _write(self, formula: Formula, depth: int) -> Expression:
        if isinstance(formula, Sum):
            return self._sum(formula, depth)
        if isinstance(formula, Product):
            return self._joined(" * ", formula.factors, depth)
        if isinstance(formula, Quotient):
            return self._joined(" / ", (formula.top, formula.bottom), depth)
        if isinstance(formula, Negative):
            inner = self._at_least(PRODUCT, formula.term, depth)
            return Expression((Piece("-" + inner[0].text), *inner[1:]), SUM)
        if isinstance(formula, Power):
            return self._power(formula, depth)
        if isinstance(formula, Cases):
            return self._cases(formula, depth)
        if isinstance(formula, Call):
            shape = Call(formula.function, Letter("x"), formula.primes)
            return self._call(self._name(shape), (formula.argument,), depth)
        if isinstance(formula, Number):
            return _number(formula)
        return Expression((Piece(self._name(formula)),), ATOM)

    def _at_least(self, binding: int, formula: Formula, depth: int) -> tuple[Piece, ...]:
        """A formula, in brackets if it does not hold together as tightly as it must."""
        written = self._write(formula, depth)
        if written.binding >= binding:
            return written.pieces
        return _around("(", self._write(formula, depth + 1).pieces, ")")

    def _sum(self, formula: Sum, depth: int) -> Expression:
        pieces: list[Piece] = []
        for term in formula.terms:
            minus = isinstance(term, Negative)
            inner = self._at_least(
                PRODUCT, term.term if isinstance(term, Negative) else term, depth
            )
            if pieces:
                sign = " - " if minus else " + "
                pieces.append(Piece(sign + inner[0].text, 2 * depth))
            else:
                pieces.append(Piece(("-" if minus else "") + inner[0].text))
            pieces += inner[1:]
        return Expression(tuple(pieces), SUM)

    def _joined(self, sign: str, operands: Sequence[Formula], depth: int) -> Expression:
        """Products and quotients, which Python computes from the left to the right."""
        pieces = [*self._at_least(PRODUCT, operands[0], depth)]
        for operand in operands[1:]:
            inner = self._at_least(POWER, operand, depth)
            pieces += [Piece(sign + inner[0].text, 2 * depth + 1), *inner[1:]]
        return Expression(tuple(pieces), PRODUCT)

    def _power(self, formula: Power, depth: int) -> Expression:
        base, exponent = formula.base, formula.exponent
        if base == Letter("e"):
            return self._call("np.exp", (exponent,), depth)
        if isinstance(exponent, Number) and exponent.value.denominator == 1:
            inner = self._at_least(ATOM, base, depth)
            end = f"{inner[-1].text} ** {exponent.value.numerator}"
            return Expression((*inner[:-1], Piece(end, inner[-1].level)), POWER)
        if isinstance(exponent, Number) and exponent.value == _HALF:
            return self._call("np.sqrt", (base,), depth)
        # Python's own ** makes a complex number of a root of a negative one.
        return self._call("np.power", (base, exponent), depth)

    def _cases(self, formula: Cases, depth: int) -> Expression:
        left, sign, right = condition(formula.test)
        below = self._write(right, depth + 1).pieces
        test = [
            *self._write(left, depth + 1).pieces,
            Piece(f" {sign} {below[0].text}", 2 * depth + 2),
            *below[1:],
        ]
        values = [self._write(each, depth + 1).pieces for each in formula.parts()[1:]]
        return _called("np.where", [test, *values], depth)

    def _call(self, name: str, arguments: Sequence[Formula], depth: int) -> Expression:
        return _called(name, [self._write(each, depth + 1).pieces for each in arguments], depth)


def _called(name: str, arguments: Sequence[Sequence[Piece]], depth: int) -> Expression:
    """A call of a function of written arguments."""
    pieces = [*arguments[0]]
    for argument in arguments[1:]:
        pieces[-1] = Piece(pieces[-1].text + ",", pieces[-1].level)
        pieces += [Piece(" " + argument[0].text, 2 * depth + 2), *argument[1:]]
    return Expression(_around(f"{name}(", pieces, ")"), ATOM)


def _around(opening: str, pieces: Sequence[Piece], closing: str) -> tuple[Piece, ...]:
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return (Piece(opening + first.text + closing),)
    return (Piece(opening + first.text), *pieces[1:-1], Piece(last.text + closing, last.level))


def _number(number: Number) -> Expression:
    """A number: as it was written, as a whole number or short decimal, else as a quotient."""
    value, size = number.value, abs(number.value)
    binding = ATOM if value >= 0 else SUM
    if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", number.text) and Fraction(number.text) == value:
        text = number.text
    elif value.denominator == 1 and size < _EXACT:
        text = str(value.numerator)
    else:
        try:
            text = repr(float(value))
        except OverflowError:
            raise InputError(
                f"a number in the equations is too large for a float: {value}"
            ) from None
        if Fraction(text) != value and max(size.numerator, size.denominator) < _EXACT:
            text, binding = f"{value.numerator} / {value.denominator}", min(binding, PRODUCT)
    return Expression((Piece(text),), binding)
