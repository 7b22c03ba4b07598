"""Whether a formula is about the network at all, or about something else in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.checking.statements import Statement
from derive.checking.symbols import Symbols
from derive.formula import (
    Array,
    Call,
    Delta,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    Renewed,
    Transposed,
    Updated,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.grammar.tokens import Token
from derive.grammar.written import Change, Placeholder, Unknown


def is_of_network(node: Formula) -> bool:
    """Whether a node stands for something that the network has."""
    if isinstance(node, Member | Array):
        return True
    if isinstance(node, Neuron):
        return node.index != "*" and node.kind not in ("neuron", "layer")
    whole = Name | Delta | Updated | Renewed | Change | Layer | Placeholder | Transposed
    return isinstance(node, whole)


def is_elsewhere(made: Statement, symbols: Symbols) -> bool:
    """Whether a statement says what one name is in names that are no slips: E = mc^2."""
    first, *others = (list(walk(side.formula)) for side in made.sides)
    named = [[node for node in nodes if isinstance(node, Unknown)] for nodes in others]
    return (
        len(first) == 1
        and all(named)
        and not any(is_of_network(node) for nodes in others for node in nodes)
        and not any(
            node.familiar or symbols.is_near_miss(node.text) or symbols.suggestion(node.text)
            for nodes in named
            for node in nodes
        )
    )


def speaks_of_network(tokens: Iterable[Token]) -> bool:
    """Whether what was read of a text names something of the network, or a derivative.

    So does the derivative of a function of the table.
    """
    return any(
        token.formula is not None
        and (
            is_of_network(token.formula)
            or isinstance(token.formula, Partial)
            or (isinstance(token.formula, Unknown) and token.formula.familiar)
            or _is_slope(token.formula)
        )
        for token in tokens
    )


def _is_slope(formula: Formula) -> bool:
    """Whether a formula is σ' of a σ that the table of functions has."""
    return isinstance(formula, Call) and formula.primes > 0 and formula.function in BY_SYMBOL


def mentions(text: str, stems: Iterable[str]) -> bool:
    """Whether a text that could not be read to its end seems to claim something here."""
    bare = re.sub(r"\\[A-Za-z]+|[{}\s]", "", text.replace(r"\delta", "δ"))
    if not re.search(r"[=≈]", bare):
        return False
    listed = "|".join(re.escape(stem) for stem in sorted(stems, key=len)[::-1])
    return re.search(rf"(?<![A-Za-z])d?(?:{listed})_?[A-Za-z]?_?[0-9₀-₉]", bare) is not None
