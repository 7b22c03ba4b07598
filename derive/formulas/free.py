"""Reading formulas over names that are not known before: the right sides of equation files.

The grammar is the checker's; the symbol table takes every name as it comes.
"""

from __future__ import annotations

import re
from math import isfinite

from lark.exceptions import UnexpectedInput, VisitError

from derive.formula import (
    Call,
    Dots,
    Formula,
    Letter,
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
    evaluate,
    names_in,
    transform,
    walk,
)
from derive.formulas.account import Account
from derive.formulas.builder import Builder, Chain, Reading
from derive.formulas.lexer import Lexer, Unreadable
from derive.formulas.neighbours import check_neighbours
from derive.functions import BY_SYMBOL, spelled
from derive.notation.greek import GREEK


class FreeUnreadable(ValueError):
    """A right side cannot be read; the message says why."""


_GREEK = {character: word for word, character in reversed(GREEK.items()) if word != "Delta"}
_GREEK_WORDS = re.compile("|".join(_GREEK))
_RESERVED = {"e": "e is Euler's number", "eta": "eta is the learning rate"}
_AFTER_THE_STEP = re.compile(r"(.+)_(new|neu|plus|next)")


def functions() -> list[str]:
    """The functions that may stand in a right side."""
    return list(BY_SYMBOL)


def _symbol(name: str) -> str | None:
    """The function that a name means; there is one σ only."""
    return "sig" if name == "σ" else spelled(name)


def is_function(name: str) -> bool:
    """Whether `name` is a function of the table, by one of its names."""
    return _symbol(name) is not None


def reserved(name: str) -> str:
    """Why no quantity may be called `name`; empty if one may."""
    if is_function(name) or name in ("sum", "sqrt"):
        return f"{name} is a function"
    found = _AFTER_THE_STEP.fullmatch(name)
    if found:
        return f"{name} means {found[1]} after a step of gradient descent"
    return _RESERVED.get(name, "")


class FreeSymbols:
    """Every name is a quantity; the functions of the table are functions."""

    stems: frozenset[str] = frozenset()
    by_layer = False
    layer: int | None = None

    def look_up(self, key: str) -> Formula | None:
        """The quantity with this name."""
        if key.startswith("bold:") or "^" in key:
            return None
        return Name(_GREEK_WORDS.sub(lambda found: _GREEK[found[0]], key))

    def level(self, upper: str) -> str:
        """There are no layers."""
        return upper if upper.isascii() and upper.isdigit() else ""

    def has_index(self, key: str) -> bool:
        """The brackets of families have been dealt with."""
        return False

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """There is one spelling only."""
        return True

    def is_foreign(self, key: str) -> bool:
        """There is one notation only."""
        return False

    def placeholder(self, stem: str, rest: str, text: str, place: int) -> Formula | None:
        """Nothing is left open."""
        return None

    def generic(self, stem: str) -> Formula | None:
        """Nothing is generic."""
        return None

    def is_familiar(self, stem: str, index: str) -> bool:
        """No name is unknown."""
        return False

    def suggestion(self, text: str) -> str:
        """No name is unknown."""
        return ""

    def function(self, name: str) -> str | None:
        """A function of the table by its name."""
        return _symbol(name)

    def letter(self, name: str) -> Letter | None:
        """There are no letters."""
        return None


def _is_zero(formula: Formula) -> bool:
    return isinstance(formula, Number) and not formula.value


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
        self._lexer = Lexer(FreeSymbols())  # type: ignore[arg-type]
        self._builder = Builder(None)  # type: ignore[arg-type]

    def formula(self, text: str) -> Formula:
        """The formula that `text` is. Raises :class:`FreeUnreadable`."""
        from derive.formulas.errors import explain
        from derive.formulas.reader import parser

        try:
            account = Account(len(text))
            tokens = self._lexer.tokens(text, {}, account=account)
            if any(token.kind == "PRIME" for token in tokens):
                raise FreeUnreadable("a prime has no meaning in a definition")
            self._builder.reading = Reading(text, 0, {token.start: token for token in tokens})
            tree = parser().parse(tokens)
            check_neighbours(tokens, account, latex=False)
            chain = self._builder.transform(tree)
        except Unreadable as error:
            raise FreeUnreadable(error.message) from None
        except VisitError as error:
            if isinstance(error.orig_exc, Unreadable):
                raise FreeUnreadable(error.orig_exc.message) from None
            raise
        except UnexpectedInput as error:
            raise FreeUnreadable(explain(error)) from None
        assert isinstance(chain, Chain)
        if len(chain.sides) != 1:
            raise FreeUnreadable("there is a second '='")
        formula = _fractions(chain.sides[0])
        for node in walk(formula):
            why = _objection(node)
            if why:
                raise FreeUnreadable(why)
        return formula


def _objection(node: Formula) -> str:
    """Why a node may not stand in a definition; empty if it may."""
    if isinstance(node, Dots | SumOver | Neuron):
        return "dots and Σ are not read here; write sum(…, i=1..3)"
    if isinstance(node, Partial) or (isinstance(node, Call) and node.primes):
        return "a derivative cannot stand in a definition"
    if isinstance(node, Updated):
        return f"{reserved(f'{node.of}_new')}; take another name"
    if isinstance(node, Name):
        why = reserved(node.name)
        return why and f"{why}; take another name"
    if isinstance(node, Quotient) and _is_zero(node.bottom):
        return "a division by 0"
    if isinstance(node, Power) and _is_zero(node.base) and _is_negative(node.exponent):
        return "a division by 0"
    if isinstance(node, Call | Power) and not names_in(node):
        return _without_value(node)
    if not isinstance(node, Number | Sum | Product | Negative | Quotient | Power | Call):
        return "vectors and matrices are not read here; write their entries"
    return ""


def _without_value(node: Call | Power) -> str:
    """Why a function or power of nothing but numbers has no value; empty if it has one."""
    from derive.numeric.forward import arithmetic

    ring = arithmetic({}, {})
    if isfinite(evaluate(node, ring)):
        return ""
    if isinstance(node, Call):
        return f"{node.function} has no value at {evaluate(node.argument, ring):g}"
    return f"a root or power of {evaluate(node.base, ring):g} that is no number"
