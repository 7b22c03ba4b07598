"""Reading formulas over names that are not known before: the right sides of equation files.

The grammar is the checker's; the symbol table takes every name as it comes.
"""

from __future__ import annotations

from lark.exceptions import UnexpectedInput, VisitError

from derive.formula import (
    Call,
    Dots,
    Formula,
    Letter,
    Name,
    Neuron,
    Number,
    Quotient,
    SumOver,
    transform,
    walk,
)
from derive.formulas.builder import Builder, Chain, Reading
from derive.formulas.lexer import Lexer, Unreadable
from derive.functions import BY_SYMBOL


class FreeUnreadable(ValueError):
    """A right side cannot be read; the message says why."""


class FreeSymbols:
    """Every name is a quantity; the functions of the table are functions."""

    stems: frozenset[str] = frozenset()
    by_layer = False
    layer: int | None = None

    def look_up(self, key: str) -> Formula | None:
        """The quantity with this name."""
        return None if key.startswith("bold:") or "^" in key else Name(key)

    def level(self, upper: str) -> str:
        """There are no layers."""
        return upper if upper.isascii() and upper.isdigit() else ""

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
        alias = {"sigmoid": "sig", "log": "ln", "σ": "sig"}.get(name, name)
        return alias if alias in BY_SYMBOL else None

    def letter(self, name: str) -> Letter | None:
        """There are no letters."""
        return None


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
        from derive.formulas.reader import parser

        try:
            tokens = self._lexer.tokens(text, {})
            self._builder.reading = Reading(text, 0, {token.start: token for token in tokens})
            chain = self._builder.transform(parser().parse(tokens))
        except Unreadable as error:
            raise FreeUnreadable(error.message) from None
        except VisitError as error:
            if isinstance(error.orig_exc, Unreadable):
                raise FreeUnreadable(error.orig_exc.message) from None
            raise
        except UnexpectedInput:
            raise FreeUnreadable("this cannot be read as a formula") from None
        assert isinstance(chain, Chain)
        if len(chain.sides) != 1:
            raise FreeUnreadable("there is a second '='")
        formula = _fractions(chain.sides[0])
        for node in walk(formula):
            if isinstance(node, Dots | SumOver | Neuron):
                raise FreeUnreadable("dots and Σ are not read here; write sum(…, i=1..3)")
            if isinstance(node, Call) and node.primes:
                raise FreeUnreadable("a derivative cannot stand in a definition")
        return formula
