"""How deep a formula's tree can become, told from its tokens before there is a tree.

What is read later goes through the tree by recursion; a formula nested too deeply ends here.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.grammar.tokens import Token, Unreadable

MOST_NESTED = 100
"""Levels of a formula's tree, roughly: brackets, signs, quotients and powers inside each other."""

_OPENING = frozenset({"LPAR", "LBRACE", "FRACTOP", "CASES", "CASETOP"})
_CLOSING = frozenset({"RPAR", "RBRACE", "FRACEND", "CASESEND", "CASEEND"})
_COMPARED = frozenset({"GREATER", "ATLEAST", "LESS", "ATMOST"})
_RELATIONS = frozenset({"EQUALS", "APPROX", "BECOMES"})
_SIGNS = frozenset({"PLUS", "MINUS"})
_POWERS = frozenset({"POWER", "RAISED", "TRANSPOSE"})
_FACTOR_ENDS = frozenset({"NAME", "NUMBER", "DOTS", "RAISED", "TRANSPOSE"}) | _CLOSING
_FACTOR_BEGINS = frozenset(
    {"NAME", "NUMBER", "DOTS", "LPAR", "LBRACE", "FRAC", "FUNCTION", "SQRT", "EULER", "D", "CASES"}
    | {"SUM", "TIMES"}
)


class _Level:
    """One open bracket: what nests in its present factor, and in the whole of its present term."""

    __slots__ = ("factor", "term")

    def __init__(self) -> None:
        self.factor = self.term = 0


def check_depth(tokens: Sequence[Token]) -> None:
    """Raise :class:`Unreadable` at the token that leads too deep."""
    levels = [_Level()]
    depth = 0
    before = "EQUALS"
    for place, token in enumerate(tokens):
        kind = token.kind
        after = tokens[place + 1].kind if place + 1 < len(tokens) else ""
        here = levels[-1]
        if kind in _FACTOR_BEGINS and (kind == "TIMES" or before in _FACTOR_ENDS):
            depth -= here.factor
            here.factor = 0
        if kind in _OPENING:
            levels.append(_Level())
            depth += 1
        elif kind in _CLOSING and len(levels) > 1:
            depth -= here.factor + here.term + 1
            levels.pop()
            if before == "DTOP":
                # \frac{∂}{∂x} takes what follows it.
                levels[-1].term += 1
                depth += 1
        elif kind in _COMPARED and len(levels) > 1:
            # Every row of a choice is what is left where those before it do not apply.
            depth += 1 - here.factor - here.term
            here.factor = here.term = 0
            levels[-2].term += 1
        elif kind in _RELATIONS or (kind in _SIGNS and before in _FACTOR_ENDS):
            depth -= here.factor + here.term
            here.factor = here.term = 0
        elif kind in _SIGNS or kind in _POWERS:
            here.factor += 1
            depth += 1
        elif (
            kind in ("HADAMARD", "SUM")
            or (kind == "DIVIDE" and after != "D")
            or (kind == "D" and after == "DIVIDE")
        ):
            here.term += 1
            depth += 1
        if depth > MOST_NESTED:
            raise Unreadable(
                f"the formula is nested more than {MOST_NESTED} deep", token.start, token.end
            )
        before = kind
