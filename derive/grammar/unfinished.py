"""What stands in a formula while it is being read, and how large it may become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod

from derive.formula import (
    Array,
    Count,
    Dots,
    Formula,
    Member,
    Negative,
    Neuron,
    Number,
    Product,
    Quotient,
    Sum,
    SumOver,
    Updated,
    transform,
    walk,
)
from derive.formula.index import Index, letters_of
from derive.grammar.findings import Finding
from derive.grammar.tokens import SumSign, Token
from derive.grammar.written import Copy

MOST_WRITTEN_OUT = 50_000
"""Names, numbers and signs of an equation when every Σ in it is written out."""
TOO_LONG_SUM = f"written out, this has more than {MOST_WRITTEN_OUT:,} names, numbers and signs"


@dataclass(frozen=True, slots=True)
class Group(Formula):
    """A formula in brackets, while its surroundings are still being read."""

    inside: Formula


@dataclass(frozen=True, slots=True)
class Braced(Formula):
    """A formula in braces, which do not show in print: {a + b} c is set as a + bc."""

    inside: Formula
    place: int


@dataclass(frozen=True, slots=True)
class Unbracketed(Formula):
    """A function of what stands behind it without brackets: ln x. `place` is where it begins.

    Nobody can tell what a power or a further factor behind it belongs to: ln x², ln x y.
    """

    call: Formula
    place: int
    ends: bool = False
    """Whether a further factor cannot be meant to belong to it: √2 x."""


@dataclass(frozen=True, slots=True)
class Arguments(Formula):
    """A list in brackets, (w, b): what the quantity before it depends on."""

    of: tuple[Formula, ...]
    place: int

    def parts(self) -> tuple[Formula, ...]:
        return self.of


@dataclass(frozen=True, slots=True)
class Subscript(Formula):
    """The index behind brackets, (W x)_i: that of a row, and perhaps of a column."""

    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Operator(Formula):
    """∂/∂x, which takes what follows it."""

    by: Formula
    place: int


@dataclass(frozen=True, slots=True)
class Differential(Formula):
    """∂x, which waits for its '/∂y'."""

    of: Formula
    place: int


LONELY: dict[type[Formula], str] = {
    Arguments: (
        "a list in brackets is read behind what depends on it, E(w, b); decimals have a point"
    ),
    Operator: "∂/∂ with nothing behind it to differentiate",
    Differential: "∂ without its '/∂…'; write ∂a/∂b",
    SumSign: "Σ with nothing behind it",
    Copy: "W^{(t)} is a copy of W in step t, and stands below ∂h^{(t)} only",
    Dots: "dots are read in a sum only, with terms around them",
}
"""What is said of each kind of node that is left over, for it lacks what it has to stand beside."""


STEPS = frozenset({"GROWS", "FALLS"})
"""The kinds of += and -=, by which a value changes."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it was read: its sides, the signs between them, and where each side stands."""

    sides: tuple[Formula, ...]
    signs: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass
class Reading:
    """The text being read, its tokens with a meaning by place, and the findings made on the way."""

    text: str
    base: int
    tokens: dict[int, Token]
    findings: list[Finding] = field(default_factory=list)
    open: list[SumOver] = field(default_factory=list)
    """Every Σ that no brackets enclose: where it ends is to be seen by its letter."""
    reaching: dict[Formula, Formula] = field(default_factory=dict)
    """Sums in brackets, with a Σ in them that takes the terms behind it: [Σ_i a_i + b_i]."""
    behind: set[str] = field(default_factory=set)
    """The letters of a Σ in brackets that stand behind it there, too."""
    applied: dict[Formula, tuple[str, ...]] = field(default_factory=dict)
    """What quantities are said to depend on in names of the author's own: E(w), J(θ)."""
    sizes: dict[str, int] = field(default_factory=dict)
    """The numbers that letters stand for which count nothing: the T above a Σ."""
    before: Mapping[str, int] = field(default_factory=dict)
    """What letters were taken for that stood above a Σ before this text."""
    taken: list[str] = field(default_factory=list)
    """Those of them whose number is the last that exists, for lack of another."""
    examples: frozenset[str] = frozenset()
    """The letters that stand for examples: the i of x^{(i)}."""
    single: str = ""
    """A letter that a Σ counts of which the network has one unit."""
    values: dict[Formula, tuple[Fraction, ...]] = field(default_factory=dict)
    """The values of what chooses among cases: 1 and 0 of a target."""
    near: bool = False
    """Whether Π ends before the first factor in which its letter does not stand.

    So is a number with a fraction behind it the mixed number, and no product.
    """
    is_wide: bool = False
    """Whether a Π was read to reach behind such a factor, or a mixed number as a product."""

    @classmethod
    def of(
        cls,
        text: str,
        base: int,
        tokens: Iterable[Token],
        sizes: Mapping[str, int] | None = None,
        before: Mapping[str, int] | None = None,
    ) -> Reading:
        """The reading of a text that begins at `base`, before it is read."""
        placed = {token.start: token for token in tokens if token.formula is not None}
        return cls(text, base, placed, sizes=dict(sizes or {}), before=before or {})

    @cached_property
    def indices(self) -> frozenset[str]:
        """The letters that stand in an index of any name of the text."""
        formulas = [token.formula for token in self.tokens.values() if token.formula is not None]
        return frozenset(letter for formula in formulas for letter in index_letters(formula))

    @cached_property
    def limits(self) -> frozenset[str]:
        """The letters that are limits of a Σ or Π of the text: the T above one."""
        signs = [t.formula for t in self.tokens.values() if isinstance(t.formula, SumSign)]
        found = (limit for sign in signs for limit in (sign.lower, sign.upper) if limit)
        return frozenset(letter for limit in found for letter in letters_of(limit))

    def slice(self, start: int, end: int) -> str:
        """What stands between two places."""
        return self.text[start - self.base : end - self.base]


def index_letters(formula: Formula) -> Iterator[str]:
    """The letters in the indices of a formula's names."""
    for node in walk(formula):
        if isinstance(node, Neuron):
            yield from (i for i in (node.index, node.source) if isinstance(i, str))
        indices = node.indices if isinstance(node, Member | Subscript) else ()
        indices = (node.index,) if isinstance(node, Count) else indices
        for index in indices:
            yield from letters_of(index)
        if isinstance(node, Array | Updated) and isinstance(node.of, Formula):
            yield from index_letters(node.of)


def plain(formula: Formula) -> Formula:
    """`formula` out of its brackets."""
    while isinstance(formula, Group | Braced | Unbracketed):
        formula = formula.call if isinstance(formula, Unbracketed) else formula.inside
    return formula


def written_out(formula: Formula) -> int:
    """The number of nodes of `formula` when every Σ is written out."""
    size = 1 + sum(written_out(part) for part in formula.parts())
    return size * (formula.upper - formula.lower + 1) if isinstance(formula, SumOver) else size


def magnitude(exponent: Formula) -> Fraction | None:
    """A bound of an exponent made of numbers with + − · /; nothing for any other."""
    if isinstance(exponent, Number):
        return abs(exponent.value)
    if not isinstance(exponent, Sum | Product | Negative | Quotient):
        return None
    sizes = [magnitude(part) for part in exponent.parts()]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return None
    if isinstance(exponent, Product):
        return prod(known, start=Fraction(1))
    if isinstance(exponent, Quotient):
        bottom = exponent.bottom
        if not isinstance(bottom, Number) or not bottom.value:
            return None
        return known[0] / known[1]
    return sum(known, Fraction(0))


def ungrouped(formula: Formula) -> Formula:
    """`formula` without the marks of its brackets."""
    return transform(
        formula, lambda node: ungrouped(plain(node)) if isinstance(node, Group) else None
    )
