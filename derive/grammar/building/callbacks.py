"""What all callbacks of the grammar's rules share, and the smallest ones: names and numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lark import Token as LarkToken
from lark.visitors import Transformer_NonRecursive

from derive.formula import Dots, Formula, Number, Product, Sum, SumOver, Where, product, total, walk
from derive.grammar.findings import Finding, Severity
from derive.grammar.protocols import Meaning
from derive.grammar.tokens import Token, Unreadable
from derive.grammar.unfinished import LONELY, Braced, Group, Operator, Reading, plain, ungrouped


def sign_and_operand(sign: str) -> Callable[[Any, list[Any]], tuple[str, Any]]:
    """The callback of a sign with what stands behind it."""
    return lambda _, parts: (sign, parts[1])


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
            self._note_alias(token, f"{token.text} is read as {{{token.start}}}")
        return token.formula

    def _note_alias(self, token: Token, message: str) -> None:
        """Note that a token is read as something that its notation spells otherwise."""
        self._note(Finding("alias", message, Severity.NOTE, None, token.start, token.end))

    def _note(self, finding: Finding) -> None:
        self.reading.findings.append(finding)

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
        return Group(self._closed(parts[1]))

    def _closed(self, inside: Formula) -> Formula:
        """What stands in brackets: every Σ in it ends with them."""
        read = ungrouped(plain(inside))
        reached = self._reached(read)
        if reached is not None:
            self.reading.reaching[read] = reached
        for node in walk(read) if self.reading.open else ():
            if node in self.reading.open:
                self.reading.open.remove(node)
        return inside

    def _reached(self, node: Formula) -> Formula | None:
        """A sum in which a Σ takes the terms behind it that have its letter; nothing for others."""
        for place, term in enumerate(node.terms if isinstance(node, Sum) else ()):
            assert isinstance(node, Sum)
            *factors, last = term.factors if isinstance(term, Product) else (term,)
            behind = node.terms[place + 1 :]
            if not isinstance(last, SumOver) or last not in self.reading.open:
                continue
            runs = [self._meaning.ranges(other).get(last.index) for other in behind]
            if any(runs):
                self.reading.behind.add(last.index)
            numbers = [*range(last.lower, last.upper + 1)]
            fit = behind and all(run is not None and sorted(run) == numbers for run in runs)
            if fit and not last.multiplies and not isinstance(last.body, Where):
                made = replace(last, body=total([last.body, *behind]))
                self.reading.open.append(made)
                return total([*node.terms[:place], product([*factors, made])])
        return None

    def braced(self, parts: list[Any]) -> Formula:
        r"""{ … }; of {\partial \over \partial w} only what stands behind it is differentiated."""
        inside = parts[1]
        return inside if isinstance(inside, Operator) else Braced(inside, self._start(parts[0]))

    def _check_braces(self, item: Formula, kinds: tuple[type[Formula], ...]) -> None:
        """Raise :class:`Unreadable` where braces would have to be brackets to be seen."""
        inside = item
        while isinstance(inside, Braced):
            inside = inside.inside
        if isinstance(item, Braced) and isinstance(inside, kinds):
            raise self._error("braces do not show in print; write brackets", item.place)

    @staticmethod
    def _start(token: LarkToken) -> int:
        assert token.start_pos is not None
        return token.start_pos

    @staticmethod
    def _end(token: LarkToken) -> int:
        assert token.end_pos is not None
        return token.end_pos

    def _error(self, message: str, place: int | None = None) -> Unreadable:
        """Why the text cannot be read: for what stands at a place, or for the whole of it."""
        start = self.reading.base if place is None else place
        end = self.reading.base + len(self.reading.text) if place is None else None
        return Unreadable(message, start, end)

    def _lonely(self, node: Formula) -> Unreadable:
        """What is said of a node that lacks what it has to stand beside."""
        return self._error(LONELY[type(node)], getattr(node, "place", None))
