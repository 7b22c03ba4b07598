"""Two operands side by side without a sign: a product, where nobody can take it for anything else.

``2 out_{c_1}`` is a product. Two numbers are not (``1 000``), nor what stands in two cells or rows,
nor an integer in brackets at the end, which may be the equation's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from derive.formula import Number
from derive.grammar.account import Account, Use
from derive.grammar.tokens import Token, Unreadable

_ENDS = frozenset({
    "NUMBER", "NAME", "RAISED", "TRANSPOSE", "RPAR", "RBRACE", "FRACEND", "CASESEND",
})  # fmt: skip
_BEGINS = frozenset({
    "NUMBER", "NAME", "FUNCTION", "EULER", "SQRT", "LPAR", "LBRACE", "FRAC", "SUM", "D", "CASES",
})  # fmt: skip
_NO_SIGN = (
    "there is no sign between this and what stands before it; write one, or a display of its own"
)
_POINT = "a point and digits behind a sign of another kind: write a digit before it"
_SIGNS = frozenset({
    "EQUALS", "APPROX", "BECOMES", "PLUS", "MINUS", "TIMES", "DIVIDE", "HADAMARD", "CASETOP",
    "CASEEND", "CASES", "CASESEND", "OTHERWISE",
})  # fmt: skip
"""Tokens beside which a row or a cell may end."""


def check_neighbours(tokens: Sequence[Token], account: Account, latex: bool) -> None:
    """Raise :class:`Unreadable` where two operands stand side by side and may not be a product.

    In `latex` a number behind ^ that has several digits and no braces is one, too.
    """
    if tokens and tokens[0].kind == "PLUS":
        raise _unreadable("what does this sign add to? there is nothing before it", tokens[0])
    for place, (one, other) in enumerate(pairwise(tokens)):
        several = other.kind == "NUMBER" and len(other.text) > 1
        loose = other.kind == "MINUS" or (other.kind == "NAME" and len(other.text) > 1)
        if latex and one.kind == "POWER" and loose:
            raise _unreadable("only the first sign stands above: put the exponent in braces", other)
        if latex and one.kind == "POWER" and several and one.end == other.start:
            raise _unreadable(f"only the first digit stands above: write ^{{{other.text}}}", other)
        doubled = one.kind in ("PLUS", "MINUS") and other.kind in ("PLUS", "MINUS")
        if doubled and (one.kind, other.kind) != ("PLUS", "MINUS"):
            raise _unreadable("two signs follow each other: a slip, or brackets are missing", other)
        if one.kind in ("D", "DTOP") and other.kind == "NUMBER" and other.text.startswith("."):
            raise _unreadable(_POINT, other)
        side_by_side = one.kind in _ENDS and other.kind in _BEGINS
        if account.has(Use.GAP, one.end, other.start) and not {one.kind, other.kind} & _SIGNS:
            raise _unreadable(_NO_SIGN, other)
        if not side_by_side:
            continue
        if other.kind != "NUMBER":
            if other.kind == "LPAR" and _is_number_of_equation(tokens[place + 1 :]):
                number = tokens[place + 2].text
                raise _unreadable(
                    f"({number}) may be a factor or the equation's number; write \\cdot {number}"
                    f" or \\tag{{{number}}}",
                    other,
                )
            continue
        if one.kind == "NUMBER":
            raise _unreadable("two numbers stand side by side; write a sign between them", other)
        raise _unreadable("a number behind a factor; write a sign between them", other)


def _is_number_of_equation(tokens: Sequence[Token]) -> bool:
    """Whether all that follows is a positive integer in brackets."""
    if [token.kind for token in tokens] != ["LPAR", "NUMBER", "RPAR"]:
        return False
    value = tokens[1].formula
    return isinstance(value, Number) and tokens[1].text.isdigit() and value.value > 0


def _unreadable(message: str, token: Token) -> Unreadable:
    return Unreadable(message, token.start, token.end)


__all__ = ["check_neighbours"]
