"""What a document says of its network: its definitions, functions, derivatives and the like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.checking.stating.written import Quantity, Written

ERROR_STEMS = (
    "E",
    "J",
    "L",
    "C",
    "ell",
    "l",
    "xi",
    "loss",
    "Loss",
    "cost",
    "Cost",
    "Error",
    "error",
)
"""Stems of errors, those that are taken first."""


@dataclass(frozen=True)
class Definition:
    """One definition, and where it stands: from `start` to `end` in the formula with this number.

    `relations` are the sides as they are written, first the one that is defined, then each that was
    read as what it equals.
    """

    left: Quantity
    right: Written
    formula: int
    start: int
    end: int
    sides: tuple[str, ...]
    line: int = 0
    is_whole: bool = True
    """Whether it is all that its statement says: a chain goes on."""


@dataclass(frozen=True)
class Function:
    r"""A function that the document defines: ``\sigma(x) = 1/(1+e^{-x})``."""

    stem: str
    variable: Quantity
    value: Written


@dataclass(frozen=True)
class Said:
    """All that a document says of its network, in its order.

    `derivatives` are pairs: what derivatives are taken of, and by.
    """

    definitions: tuple[Definition, ...]
    functions: tuple[Function, ...]
    derivatives: tuple[tuple[Quantity, Quantity], ...]
    vectors: bool | None
    """Whether its names are vectors and matrices; nothing where it does not say it."""
    totals: bool
    """Whether anything is summed or multiplied over steps: Σ_t, Π_t."""
    numbers: bool
    """Whether any name gets a number, or a list of them: x = 2, W = a matrix of numbers."""
    unread: tuple[Quantity, ...] = ()
    """The names whose definition by others cannot be read."""
    adjoints: tuple[tuple[Quantity, Quantity], ...] = ()
    """What derivatives of an error are called, and by what they are."""
    shares: tuple[Definition, ...] = ()
    """What an author says to sum to 1: Σ_k y_k = 1."""
    assumed: tuple[Definition, ...] = ()
    """What an author assumes of quantities that no definition makes: x_0 = 1, W = W^T."""
    cases: tuple[Definition, ...] = ()
    """The cases of which an author speaks, which claim nothing: a = y of an output and a target."""
    renaming: tuple[Definition, ...] = ()
    """What gives to a name that has a definition that of another, as a = z does behind a = σ(z)."""
    data: tuple[Definition, ...] = ()
    """The numbers that an author gives to single quantities that no definition makes."""
    spans: tuple[tuple[int, str, str], ...] = ()
    """The letters of definitions with the numbers that stand beside them; see :mod:`.spans`."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """The letters that words say to be a function of the table, each with its symbol."""

    @property
    def aliases(self) -> list[tuple[Quantity, Quantity]]:
        """Names that are said to be others: a^{(0)} = x, h(x) = a^{(3)}."""
        pairs = ((d.left, d.right) for d in self.definitions)
        return [(one, other) for one, other in pairs if isinstance(other, Quantity)]

    @property
    def derived(self) -> Counter[str]:
        """The stems of what derivatives are taken of, with how often."""
        return Counter(of.stem for of, _ in self.derivatives)

    @property
    def by(self) -> Counter[str]:
        """The stems of what derivatives are taken by, with how often."""
        return Counter(by.stem for _, by in self.derivatives)
