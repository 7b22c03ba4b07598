"""What all callbacks of the grammar's rules share, and the smallest ones: names and numbers."""

from __future__ import annotations

from typing import Any

from lark import Token as LarkToken
from lark.visitors import Transformer_NonRecursive

from derive.formula import (
    Dots,
    Formula,
    Number,
)
from derive.grammar.findings import Finding, Severity
from derive.grammar.protocols import Meaning
from derive.grammar.tokens import Token, Unreadable
from derive.grammar.unfinished import Braced, Group, Reading


class Callbacks(Transformer_NonRecursive):  # type: ignore[type-arg]
    """Callbacks of the grammar's rules. `reading` is set anew for each text."""

    reading: Reading

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning

    # Leaves.

    def _token(self, token: LarkToken) -> Token:
        assert token.start_pos is not None
        return self.reading.tokens[token.start_pos]

    def number(self, parts: list[Any]) -> Formula:
        """NUMBER."""
        formula = self._token(parts[0]).formula
        assert formula is not None
        return formula

    def negative_number(self, parts: list[Any]) -> Formula:
        """- NUMBER, in an exponent."""
        found = self.number(parts[1:])
        assert isinstance(found, Number)
        return Number(-found.value)

    def name(self, parts: list[Any]) -> Formula:
        """NAME."""
        token = self._token(parts[0])
        assert token.formula is not None
        if token.alias:
            self.reading.findings.append(
                Finding(
                    "alias",
                    f"{token.text} is read as {{{token.start}}}",
                    Severity.NOTE,
                    start=token.start,
                    end=token.end,
                )
            )
        return token.formula

    def dots(self, parts: list[Any]) -> Formula:
        """An ellipsis."""
        return Dots()

    def sum_sign(self, parts: list[Any]) -> Formula:
        """Σ, whose body is what follows it."""
        sign = self._token(parts[0]).formula
        assert sign is not None
        return sign

    def group(self, parts: list[Any]) -> Formula:
        """( … )."""
        return Group(parts[1])

    def braced(self, parts: list[Any]) -> Formula:
        """{ … }."""
        return Braced(parts[1], self._start(parts[0]))

    def _check_braces(self, item: Formula, kinds: tuple[type[Formula], ...]) -> None:
        """Raise :class:`Unreadable` where braces would have to be brackets to be seen."""
        if isinstance(item, Braced):
            inside = item.inside
            while isinstance(inside, Braced):
                inside = inside.inside
            if isinstance(inside, kinds):
                raise self._error("braces do not show in print; write brackets", item.place)

    @staticmethod
    def _start(token: LarkToken) -> int:
        assert token.start_pos is not None
        return token.start_pos

    @staticmethod
    def _end(token: LarkToken) -> int:
        assert token.end_pos is not None
        return token.end_pos

    def _error(self, message: str, place: int | None) -> Unreadable:
        start = self.reading.base if place is None else place
        end = self.reading.base + len(self.reading.text) if place is None else None
        return Unreadable(message, start, end)
