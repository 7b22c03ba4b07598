"""One pass over one text: where it is, what it found, and the arguments of commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from derive.formula import Formula
from derive.grammar import signs
from derive.grammar.account import Account, Use
from derive.grammar.protocols import SymbolTable
from derive.grammar.tokens import DEEPEST, Token, Unreadable

COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_BLANKS = re.compile(r"(?:\s|~|\\[ ,;:!>\n])+")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


_ROW_BEFORE = re.compile(r"\\\\(?:\*|\[[^\]]*\])?\s*\Z")
_IMMEDIATE = re.compile(r"\s*\^\s*(?:\{\s*\+\s*\}|\+)")
"""The sign of a direct derivative: ∂⁺h/∂W."""
_AGAIN = re.compile(rf"=\s*{signs.ROW}[\s&]*\Z")
_MIXED = frozenset({"(]", "[)", "(}", "{)", "[}", "{]"})


class Scanner:
    """The state of a pass; its subclasses know names, commands and characters."""

    def __init__(
        self,
        symbols: SymbolTable,
        text: str,
        letters: Mapping[str, Formula],
        base: int = 0,
        depth: int = 0,
        account: Account | None = None,
    ) -> None:
        self.symbols = symbols
        self.text = text
        self.letters = letters
        self.base = base
        self.depth = depth
        """Fractions around this text."""
        self.account = Account(base + len(text)) if account is None else account
        self.in_slope = False
        """Whether this is the numerator or denominator of a fraction that has a d in both."""
        self.at = 0
        self.found: list[Token] = []
        self.open: list[tuple[str, int]] = []

    def all(self) -> list[Token]:
        """Every token."""
        raise NotImplementedError

    def trial(self, start: int) -> Self:
        """Another pass over the same text, at `start`."""
        other = type(self)(self.symbols, self.text, self.letters, self.base, self.depth)
        other.at, other.in_slope = start, self.in_slope
        return other

    def skipped(self, sign: str) -> bool:
        """Whether a sign stands here; moves behind it, and the spaces around it."""
        self.skip_spaces()
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) * found
        self.skip_spaces()
        return found

    def put(
        self,
        kind: str,
        start: int,
        formula: Formula | None = None,
        alias: bool = False,
        foreign: bool = False,
        key: str = "",
    ) -> None:
        """Add a token that ends where the pass is now."""
        text, begin, end = self.text[start : self.at], self.base + start, self.base + self.at
        self.found.append(Token(kind, text, begin, end, formula, alias, foreign, key))

    def fail(self, message: str, start: int, code: str = "") -> Unreadable:
        """An error at a place in this text."""
        return Unreadable(message, self.base + start, self.base + max(self.at, start + 1), code)

    def skip_spaces(self) -> None:
        """Move behind spaces, and behind what only sizes, moves or separates."""
        while True:
            space = signs.SPACES.match(self.text, self.at)
            use = Use.SPACE
            if space is None:
                space, use = signs.WIDE.match(self.text, self.at), Use.GAP
            if space is None:
                return
            inside = self.depth or any(kind == "LBRACE" for kind, _ in self.open)
            if use is Use.GAP and inside and "quad" not in space[0]:
                self.at = space.end()
                raise self.fail("a cell or a row ends inside of braces", space.start())
            if (
                self.open
                and space[0] == "&"
                and not _ROW_BEFORE.search(self.text, 0, space.start())
            ):
                self.at = space.end()
                raise self.fail("a cell ends inside of brackets", space.start())
            self.at = space.end()
            self.passed(space.start(), use)

    def skip_blanks(self) -> None:
        """Move behind spaces, but not behind empty braces, which may be an argument."""
        blank = _BLANKS.match(self.text, self.at)
        if blank:
            self.at = blank.end()
            self.passed(blank.start(), Use.SPACE)

    def passed(self, start: int, use: Use) -> None:
        """Say what the characters from `start` to here were taken for, which make no token."""
        self.account.mark(self.base + start, self.base + self.at, use)

    def next_is(self, characters: str) -> bool:
        """Whether one of these characters stands here."""
        return self.at < len(self.text) and self.text[self.at] in characters

    def digit(self, at: int) -> bool:
        """Whether one of the digits 0 to 9 stands at a place."""
        return at < len(self.text) and self.text[at] in "0123456789"

    def sign(self, kind: str, start: int) -> None:
        """Put the token of an operator or a bracket; brackets have to fit each other.

        An '=' at the end of a row that begins the next one, too, is one.
        """
        if kind == "EQUALS" and _AGAIN.search(self.text, 0, start):
            self.passed(start, Use.LAYOUT)
            return
        if kind in ("LPAR", "LBRACE"):
            if len(self.open) + self.depth >= DEEPEST:
                raise self.fail(f"brackets are nested more than {DEEPEST} deep", start)
            self.open.append((kind, start))
        elif kind in ("RPAR", "RBRACE"):
            if not self.open:
                raise self.fail(f"{signs.SHOWN[kind]} closes nothing", start)
            opened, place = self.open[-1]
            if opened != signs.PARTNER[kind]:
                still, shown = signs.SHOWN[opened], signs.SHOWN[kind]
                raise self.fail(f"{shown} closes nothing; {still} is still open", start)
            pair = self.text[place : place + 2].lstrip("\\")[:1] + self.text[start : self.at][-1:]
            if pair in _MIXED:
                raise self.fail(f"{pair[0]} is closed by {pair[1]}", start)
            self.open.pop()
        elif kind == "D" and (immediate := _IMMEDIATE.match(self.text, self.at)):
            self.at = immediate.end()
        self.put(kind, start)

    def argument(self) -> str:
        """The next argument of a command, without its braces; moves behind it."""
        self.skip_blanks()
        start = self.at
        if start >= len(self.text):
            raise self.fail("an argument in braces is missing here", max(0, start - 1))
        if self.text[start] in "}&":
            raise self.fail("an argument in braces is missing here", start)
        if self.text[start] != "{":
            found = COMMAND.match(self.text, start)
            self.at = found.end() if found else start + 1
            return self.text[start : self.at]
        depth = 0
        for brace in _BRACES.finditer(self.text, start):
            depth += (brace[0] == "{") - (brace[0] == "}")
            if not depth:
                self.at = brace.end()
                return self.text[start + 1 : brace.start()]
        raise self.fail("the bracket { is never closed", start)
