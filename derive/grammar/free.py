"""Reading formulas over names that are not known before: the right sides of equation files.

The grammar is the checker's; the symbol table takes every name as it comes.
"""

from __future__ import annotations

from math import isfinite

from derive.formula import (
    Call,
    Dots,
    Formula,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Updated,
    Where,
    evaluate,
    is_zero,
    transform,
    walk,
)
from derive.functions.floats import arithmetic
from derive.grammar.account import Account
from derive.grammar.builder import Builder
from derive.grammar.free_names import WRITTEN_SUM, FreeMeaning, FreeSymbols, reserved
from derive.grammar.lexer import Lexer
from derive.grammar.parser import parsed
from derive.grammar.tokens import Unreadable
from derive.grammar.unfinished import Reading


class FreeUnreadable(ValueError):
    """A right side cannot be read; the message says why."""


def _is_negative(formula: Formula) -> bool:
    return isinstance(formula, Negative) or (isinstance(formula, Number) and formula.value < 0)


def _fractions(formula: Formula) -> Formula:
    """`formula` with quotients of numbers as numbers: ½."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Quotient):
            return None
        top, bottom = _fractions(node.top), _fractions(node.bottom)
        if isinstance(top, Number) and isinstance(bottom, Number) and bottom.value:
            return Number(top.value / bottom.value)
        return Quotient(top, bottom)

    return transform(formula, rule)


class FreeReader:
    """Reads right sides of equations."""

    def __init__(self) -> None:
        self._lexer = Lexer(FreeSymbols())
        self._builder = Builder(FreeMeaning())

    def formula(self, text: str) -> Formula:
        """The formula that `text` states. Raises :class:`FreeUnreadable`."""
        try:
            account = Account(len(text))
            tokens = self._lexer.tokens(text, {}, account=account)
            if any(token.kind == "PRIME" for token in tokens):
                raise FreeUnreadable("a prime has no meaning in a definition")
            tree = parsed(tokens, account, latex=False)
            chain = self._builder.built(Reading.of(text, 0, tokens), tree)
        except Unreadable as error:
            raise FreeUnreadable(error.message) from None
        if len(chain.sides) != 1:
            raise FreeUnreadable("there is a second '='")
        formula = _fractions(chain.sides[0])
        for node in walk(formula):
            why = _objection(node)
            if why:
                raise FreeUnreadable(why)
        return formula


_NUMERIC = Number | Sum | Product | Negative | Quotient | Power | Call
"""What a definition may be made of, names apart."""


def _objection(node: Formula) -> str:
    """Why a node may not stand in a definition; empty if it may."""
    if isinstance(node, Dots | SumOver | Where | Neuron):
        return WRITTEN_SUM
    if isinstance(node, Partial) or (isinstance(node, Call) and node.primes):
        return "a derivative cannot stand in a definition"
    if isinstance(node, Updated):
        return f"{reserved(f'{node.of}_new')}; take another name"
    if isinstance(node, Name):
        why = reserved(node.name)
        return why and f"{why}; take another name"
    if isinstance(node, Quotient) and is_zero(node.bottom):
        return "a division by 0"
    if isinstance(node, Power) and is_zero(node.base) and _is_negative(node.exponent):
        return "a division by 0"
    if isinstance(node, Call | Power) and all(isinstance(part, _NUMERIC) for part in walk(node)):
        return _without_value(node)
    if not isinstance(node, _NUMERIC):
        return "vectors, matrices and cases are not read here; write entries, or relu(…)"
    return ""


def _without_value(node: Call | Power) -> str:
    """Why a function or power of nothing but numbers has no value; empty if it has one."""
    ring = arithmetic({}, {})
    if isfinite(evaluate(node, ring)):
        return ""
    if isinstance(node, Call):
        return f"{node.function} has no value at {evaluate(node.argument, ring):g}"
    return f"a root or power of {evaluate(node.base, ring):g} that is no number"
