"""What a formula is cut into, and what is said of one that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula import DIAGONAL, Formula
from derive.formula.index import Index, Test
from derive.grammar.findings import Finding

LONGEST = 30_000
"""Characters of a formula, or of a display of several, that are read."""
DEEPEST = 60
"""Brackets inside brackets."""
MOST_DIGITS = 100
"""Digits of a number, and of the exponent of ten that it is written with."""
NO_LAYER = "no-layer"
"""The code of a name that is not there for one value of the letter l."""
OPERAND_ENDS = frozenset({
    "NUMBER", "NAME", "RAISED", "TRANSPOSE", "RPAR", "RBRACE", "FRACEND", "CASESEND", "GRIDEND",
    "NORMEND", "ENTRY",
})  # fmt: skip
OPERAND_BEGINS = frozenset({
    "NUMBER", "NAME", "FUNCTION", "EULER", "SQRT", "LPAR", "LBRACE", "FRAC", "SUM", "D", "CASES",
    "GRID", "NABLA", "NORM",
})  # fmt: skip
"""Kinds of tokens with which an operand may end, and begin."""
COMPOSITE = "prod"
"""The function that makes of ∂J/∂Y and ∂Y/∂X what the chain rule says."""
OF_ARRAYS = (DIAGONAL, COMPOSITE)
"""Functions of vectors and matrices alone."""
LONGEST_NAME = 120
"""Characters of a name with its index."""


class Unreadable(Exception):
    """A formula cannot be read: why, and where in its text."""

    def __init__(self, message: str, start: int, end: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = max(start + 1, end or 0)
        self.code = code or "unreadable"
        self.tokens: list[Token] = []

    def finding(self) -> Finding:
        """What to tell the author."""
        return Finding(self.code, self.message, start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula; `formula` is what a name or number stands for.

    `alias` says that a name is spelled in another way than its notation typesets it, `foreign` that
    only another notation has it; `key` is that of a name (:mod:`derive.checking.keys`).
    """

    kind: str
    text: str
    start: int
    end: int
    formula: Formula | None = None
    alias: bool = False
    foreign: bool = False
    key: str = ""

    def error(self, message: str, code: str = "") -> Unreadable:
        """Why this cannot be read."""
        return Unreadable(message, self.start, self.end, code)


@dataclass(frozen=True, slots=True)
class SumSign(Formula):
    """Σ or Π with the letters that it counts and its limits; without letters it is a bare Σ."""

    counted: tuple[str, ...]
    lower: Index | None
    upper: Index | None
    tests: tuple[Test, ...] = ()
    sign: str = "Σ"
    negated: bool = False
    """Whether a minus stands before what it takes: Σ −x."""
    width: str = ""
    """What its upper limit is, where it is the number of neurons in a layer: n^{[l]}."""

    @property
    def has_no_limits(self) -> bool:
        """Whether it counts all that there is: Σ_k."""
        return self.lower is None and self.upper is None
