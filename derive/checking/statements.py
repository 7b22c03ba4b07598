"""What a display states: sides that are compared, or the reason why it could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula import Formula
from derive.grammar.connectives import Range
from derive.grammar.findings import Finding
from derive.grammar.tokens import Unreadable


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equation: what it says, as it is written, and where."""

    formula: Formula
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a display.

    `sides` are compared one after the other; a single one is a bare expression. `defines` is the
    name that the statement gives a meaning to, and `error` why it could not be read.
    `about_network` is false where no quantity of the network is spoken of. A formula about layer l
    is one statement for each layer that has its names; `layer` says which. `ranges` are the limits
    that stand beside it: for k = 1, 2. `doubt` says what keeps a bare expression from being a
    claim, should it be the gradient of something.
    """

    sides: tuple[Side, ...]
    start: int
    end: int
    findings: tuple[Finding, ...] = ()
    defines: str | None = None
    error: Unreadable | None = None
    about_network: bool = True
    plain_text: bool = False
    layer: int | None = None
    ranges: tuple[Range, ...] = ()
    doubt: Unreadable | None = None
