"""A text as TeX's mouth takes it: one token after the other, and the arguments of commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from derive.grammar.tokens import Unreadable

HOPELESS = "macro"
"""The code of what is said where nobody knows what a formula says from some place on."""
_TOKENS = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|#[0-9#]|.", re.DOTALL)
_PACKAGE_TOKENS = re.compile(r"\\(?:[A-Za-z@]+|.)|\s+|#[0-9#]|.", re.DOTALL)


class Token(NamedTuple):
    r"""A command, a stretch of blanks, or a single character.

    It stands in what the author wrote from `begin` to `end`; one that comes out of a macro stands
    where the macro is used. A `frozen` command keeps the meaning that it had before it was given
    another one, as ``\let`` makes it.
    """

    text: str
    begin: int
    end: int
    frozen: bool = False

    @property
    def name(self) -> str:
        """The name of a command that may have a meaning; empty for everything else."""
        return self.text[1:] if self.text[0] == "\\" and not self.frozen else ""


class Stream:
    """The tokens of a text from `at` to `end`; what is pushed back comes first.

    In a `package` the sign @ is a letter.
    """

    def __init__(
        self, text: str, at: int = 0, end: int | None = None, *, package: bool = False
    ) -> None:
        end = len(text) if end is None else end
        self._matches = (_PACKAGE_TOKENS if package else _TOKENS).finditer(text, at, end)
        self._pushed: list[Token] = []
        self._at = at
        self.taken = 0
        """How many tokens have been taken so far, those that were pushed back again each time."""
        self.reached = 0
        """The last place in the author's text that a token reached which was taken."""

    @property
    def at(self) -> int:
        """Where the next token stands."""
        return self._pushed[-1].begin if self._pushed else self._at

    def next(self) -> Token | None:
        """The next token, or nothing at the end."""
        self.taken += 1
        if self._pushed:
            token = self._pushed.pop()
        else:
            match = next(self._matches, None)
            if match is None:
                return None
            self._at = match.end()
            token = Token(match[0], match.start(), match.end())
        self.reached = max(self.reached, token.end)
        return token

    def push(self, tokens: Sequence[Token]) -> None:
        """Put tokens before all that is still to come."""
        self._pushed.extend(reversed(tokens))

    def peek(self, *, blanks: bool = False) -> str:
        """The text of the next token, which stays; behind `blanks`, that of the next no blank."""
        token = self.next()
        if token is None:
            return ""
        shown = self.peek() if blanks and token.text.isspace() else token.text
        self.push([token])
        return shown

    def skip_blanks(self) -> None:
        """Move behind blanks."""
        token = self.next()
        while token is not None and token.text.isspace():
            token = self.next()
        if token is not None:
            self.push([token])

    def argument(self, of: Token) -> list[Token]:
        """The next argument of a command, a group without its braces or a single token."""
        self.skip_blanks()
        token = self.next()
        if token is None or token.text == "}":
            raise Unreadable(f"{of.text} has an argument too few", of.begin, of.end)
        return self.until(["}"], of) if token.text == "{" else [token]

    def until(self, signs: Sequence[str], of: Token) -> list[Token]:
        """All tokens before these signs outside of braces; moves behind the signs."""
        found: list[Token] = []
        depth, before = 0, list(signs[:-1])
        while (token := self.next()) is not None:
            if not depth and token.text == signs[-1]:
                kept = len(found) - len(before)
                if [t.text for t in found[max(kept, 0) :]] == before:
                    return found[:kept]
            depth += (token.text == "{") - (token.text == "}")
            if depth < 0:
                break
            found.append(token)
        raise Unreadable(f"an argument of {of.text} is never closed", of.begin, of.end, HOPELESS)

    def between(self, opening: str, closing: str, of: Token) -> list[Token] | None:
        """An argument between two signs, if it stands here: [2]; nothing is taken if not."""
        if self.peek(blanks=True) != opening:
            return None
        self.skip_blanks()
        self.next()
        return self.until([closing], of)


def stripped(tokens: Sequence[Token]) -> list[Token]:
    """Tokens without the blanks at both ends, and without braces around all of them."""
    found = list(tokens)
    while found and found[0].text.isspace():
        del found[0]
    while found and found[-1].text.isspace():
        del found[-1]
    if len(found) > 1 and found[0].text == "{" and found[-1].text == "}":
        depth = 0
        for token in found[:-1]:
            depth += (token.text == "{") - (token.text == "}")
            if not depth:
                return found
        return found[1:-1]
    return found


def text_of(tokens: Sequence[Token]) -> str:
    """What tokens say."""
    return "".join(token.text for token in tokens)
