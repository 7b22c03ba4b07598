"""Two operands side by side without a sign: a product, where nobody can take it for anything else.

``2 out_{c_1}`` is a product, and so is a number between brackets, ``(a)2(b)``, as LaTeX sets it.
Two numbers are none (``1 000``), nor what stands in two cells or rows, nor an integer in brackets
at the end, which may be the equation's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from derive.formula import Number
from derive.grammar.account import Account, Use
from derive.grammar.tokens import OPERAND_BEGINS, OPERAND_ENDS, Token

_NO_SIGN = (
    "there is no sign between this and what stands before it; write one, or a display of its own"
)
_SIGNS = frozenset({
    "EQUALS", "APPROX", "BECOMES", "GROWS", "FALLS", "PLUS", "MINUS", "TIMES", "DIVIDE",
    "HADAMARD", "OUTER",
    "CASETOP", "CASEEND", "CASES", "CASESEND", "OTHERWISE", "CELL", "CELLEND", "ROWEND",
    "GRIDEND", "GRID",
})  # fmt: skip
"""Tokens beside which a row or a cell may end."""
_BEHIND = OPERAND_BEGINS - {"NUMBER", "LBRACE"}
"""What may follow a number between two factors."""


def check_neighbours(tokens: Sequence[Token], account: Account, latex: bool) -> None:
    """Raise :class:`Unreadable` where two operands stand side by side and may not be a product.

    In `latex` a number behind ^ that has several digits and no braces is one, too.
    """
    if tokens and tokens[0].kind == "PLUS":
        raise tokens[0].error("what does this sign add to? there is nothing before it")
    for place, (one, other) in enumerate(pairwise(tokens)):
        why = (_exponent if latex and one.kind == "POWER" else _signs)(one, other)
        if account.has(Use.GAP, one.end, other.start) and not {one.kind, other.kind} & _SIGNS:
            why = why or _NO_SIGN
        if one.kind in OPERAND_ENDS and other.kind in OPERAND_BEGINS:
            first = _first_in_print(tokens, place + 1)
            why = why or _product(one, tokens[first : first + 4], account, latex)
        if why:
            raise other.error(why)


def _exponent(power: Token, token: Token) -> str:
    """Why a token behind ^ is no exponent by itself; empty if it is."""
    if token.kind == "MINUS" or (token.kind == "NAME" and len(token.text) > 1):
        return "only the first sign stands above: put the exponent in braces"
    if token.kind == "NUMBER" and len(token.text) > 1 and power.end == token.start:
        return f"only the first digit stands above: write ^{{{token.text}}}"
    return ""


def _signs(one: Token, other: Token) -> str:
    """Why a token may not stand behind a sign; empty if it may."""
    kinds = (one.kind, other.kind)
    if set(kinds) <= {"PLUS", "MINUS"} and kinds != ("PLUS", "MINUS"):
        return "two signs follow each other: a slip, or brackets are missing"
    if one.kind in ("D", "DTOP") and other.kind == "NUMBER" and other.text.startswith("."):
        return "a point and digits behind a sign of another kind: write a digit before it"
    return ""


def _first_in_print(tokens: Sequence[Token], place: int) -> int:
    """The place of a number or sign that braces are around, {{2}}, {-1}; else the same."""
    inside = place
    while inside < len(tokens) and tokens[inside].kind == "LBRACE":
        inside += 1
    shows = inside < len(tokens) and tokens[inside].kind in ("NUMBER", "PLUS", "MINUS")
    return inside if shows else place


def _product(one: Token, rest: Sequence[Token], account: Account, latex: bool) -> str:
    """Why two operands may be no product; empty if they are one. `rest` begins with the second."""
    other = rest[0]
    if other.kind in ("PLUS", "MINUS"):
        return "braces do not show in print; write brackets"
    if one.kind == other.kind == "NUMBER":
        return "two numbers stand side by side; write a sign between them"
    if other.kind == "NUMBER":
        inside = latex and _ends_in_print(one) and len(rest) > 1 and rest[1].kind in _BEHIND
        return "" if inside else "a number behind a factor; write a sign between them"
    if not _is_number_of_equation(rest) or account.behind(rest[-1].end) is Use.LABEL:
        return ""
    number = rest[1].text
    return (
        f"({number}) may be a factor or the equation's number; write \\cdot {number} or"
        f" \\tag{{{number}}}"
    )


def _ends_in_print(token: Token) -> bool:
    """Whether a number behind this is set apart from it, and is neither its index nor its power."""
    return token.kind in ("RPAR", "NORMEND") or (token.kind == "NAME" and token.text.endswith("}"))


def _is_number_of_equation(tokens: Sequence[Token]) -> bool:
    """Whether all that follows is a positive integer in brackets."""
    if [token.kind for token in tokens] != ["LPAR", "NUMBER", "RPAR"]:
        return False
    value = tokens[1].formula
    return isinstance(value, Number) and tokens[1].text.isdigit() and value.value > 0
