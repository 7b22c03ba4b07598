"""How deep a formula's tree can become, told from its tokens before there is a tree.

What is read later goes through the tree by recursion; a formula nested too deeply ends here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from derive.grammar.tokens import OPERAND_BEGINS, OPERAND_ENDS, Token

MOST_NESTED = 100
"""Levels of a formula's tree, roughly: brackets, signs, quotients and powers inside each other."""

_OPENING = frozenset({"LPAR", "LBRACE", "FRACTOP", "CASES", "CASETOP", "CELL", "NABLA", "NORM"})
_CLOSING = frozenset({
    "RPAR", "RBRACE", "FRACEND", "CASESEND", "CASEEND", "CELLEND", "NABLAEND", "NORMEND",
})  # fmt: skip
_COMPARED = frozenset({"GREATER", "ATLEAST", "LESS", "ATMOST", "SAME"})
_RELATIONS = frozenset({"EQUALS", "APPROX", "BECOMES", "GROWS", "FALLS"})
_SIGNS = frozenset({"PLUS", "MINUS"})
_POWERS = frozenset({"POWER", "RAISED", "TRANSPOSE"})
_FACTOR_ENDS = OPERAND_ENDS | {"DOTS", "CASEEND"}
_FACTOR_BEGINS = OPERAND_BEGINS | {"DOTS", "TIMES"}


class _Level:
    """One open bracket: what nests in its present factor, and in the whole of its present term."""

    __slots__ = ("factor", "term")

    def __init__(self) -> None:
        self.factor = self.term = 0

    def ended(self) -> int:
        """By how much the term that ends here was nested; another one begins."""
        nested, self.factor, self.term = self.factor + self.term, 0, 0
        return nested


def check_depth(tokens: Sequence[Token]) -> None:
    """Raise :class:`Unreadable` at the token that leads too deep."""
    levels = [_Level()]
    depth = 0
    before = "EQUALS"
    for token, follows in zip_longest(tokens, tokens[1:]):
        here, kind = levels[-1], token.kind
        if kind in _FACTOR_BEGINS and (kind == "TIMES" or before in _FACTOR_ENDS):
            depth -= here.factor
            here.factor = 0
        depth += _deeper(levels, before, kind, follows.kind if follows else "")
        if depth > MOST_NESTED:
            raise token.error(f"the formula is nested more than {MOST_NESTED} deep")
        before = kind


def _deeper(levels: list[_Level], before: str, kind: str, after: str) -> int:
    """By how much a token leads deeper; the levels are changed along."""
    here = levels[-1]
    if kind in _OPENING:
        levels.append(_Level())
        return 1
    if kind in _CLOSING and len(levels) > 1:
        levels.pop()
        # \frac{∂}{∂x} takes what follows it.
        takes = int(before == "DTOP")
        levels[-1].term += takes
        return takes - here.ended() - 1
    if kind in _COMPARED and len(levels) > 1:
        # Every row of a choice is what is left where those before it do not apply.
        levels[-2].term += 1
        return 1 - here.ended()
    if kind in _RELATIONS or (kind in _SIGNS and before in _FACTOR_ENDS):
        return -here.ended()
    in_factor = kind in _SIGNS or kind in _POWERS
    in_term = kind in ("HADAMARD", "OUTER", "SUM") or (kind, after == "D") == ("DIVIDE", False)
    in_term = in_term or (kind, after) == ("D", "DIVIDE")
    here.factor += in_factor
    here.term += in_term
    return int(in_factor or in_term)
