"""Formulas as they are written: trees that keep the order in which a person puts things.

SymPy sorts the terms of every sum and the factors of every product. A derivation needs them in
the order of the path, so what is to be *shown* is kept in these trees, and SymPy gets a copy of
it (:mod:`derive.exact.symbolic`) when something is to be computed.

The nodes support Python's operators, and sums and products stay flat and ordered::

    >>> y = Name("out_d1")
    >>> y * (1 - y)
    Product(factors=(Name(name='out_d1'), Sum(terms=(Number(value=Fraction(1, 1)), ...
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from derive.formula.index import Index, Test


class Formula:
    """Base of all nodes; gives them arithmetic that never reorders."""

    __slots__ = ()

    def __add__(self, other: Formula | int | Fraction) -> Formula:
        return total([self, number(other)])

    def __radd__(self, other: int | Fraction) -> Formula:
        return total([number(other), self])

    def __sub__(self, other: Formula | int | Fraction) -> Formula:
        return total([self, -number(other)])

    def __rsub__(self, other: int | Fraction) -> Formula:
        return total([number(other), -self])

    def __mul__(self, other: Formula | int) -> Formula:
        return product([self, number(other)])

    def __rmul__(self, other: int | Fraction) -> Formula:
        return product([number(other), self])

    def __truediv__(self, other: Formula | int) -> Formula:
        return Quotient(self, number(other))

    def __rtruediv__(self, other: int) -> Formula:
        return Quotient(number(other), self)

    def __pow__(self, exponent: Formula | int) -> Formula:
        return Power(self, number(exponent))

    def __neg__(self) -> Formula:
        return Negative(self)

    def parts(self) -> tuple[Formula, ...]:
        """The formulas directly inside this one, in written order."""
        return ()

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        """The same node around other parts; nested sums and products are kept flat."""
        return self


class Composed(Formula):
    """A node of which every field is a formula."""

    __slots__ = ()

    def parts(self) -> tuple[Formula, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])  # type: ignore[attr-defined]

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return type(self)(*parts)


@dataclass(frozen=True, slots=True)
class Number(Formula):
    """An exact number; `text` is how it is written where that matters (``0.50``)."""

    value: Fraction
    text: str = ""


@dataclass(frozen=True, slots=True)
class Name(Formula):
    """A quantity of the model by its plain name (``out_d1``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Delta(Formula):
    """δ of the neuron whose net input is `of`: ∂E_total/∂net."""

    of: str


@dataclass(frozen=True, slots=True)
class Updated(Formula):
    """A parameter after the gradient-descent step: w⁺."""

    of: str


@dataclass(frozen=True, slots=True)
class Renewed(Composed):
    """Parameters after the step, of which an index or an entry is still open: w_{ij}⁺, W⁺."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Letter(Formula):
    """A symbol that is no quantity of the model: a function's argument x, the rate η, `inner`."""

    name: str


@dataclass(frozen=True, slots=True)
class Dots(Formula):
    """An ellipsis in a sum whose omitted terms follow the pattern of their neighbours."""


@dataclass(frozen=True, slots=True)
class Sum(Formula):
    """A sum in written order; a subtracted term is a :class:`Negative`."""

    terms: tuple[Formula, ...]

    def parts(self) -> tuple[Formula, ...]:
        return self.terms

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return total(parts)


@dataclass(frozen=True, slots=True)
class Factored(Formula):
    """A product of some kind, in written order."""

    factors: tuple[Formula, ...]

    def parts(self) -> tuple[Formula, ...]:
        return self.factors

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return type(self)(parts)


@dataclass(frozen=True, slots=True)
class Product(Factored):
    """A product in written order."""

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return product(parts)


@dataclass(frozen=True, slots=True)
class Negative(Composed):
    """A minus sign before its term."""

    term: Formula


@dataclass(frozen=True, slots=True)
class Quotient(Composed):
    """A quotient of two formulas. ∂a/∂b is never one: see :class:`Partial`."""

    top: Formula
    bottom: Formula


@dataclass(frozen=True, slots=True)
class Power(Composed):
    """A power."""

    base: Formula
    exponent: Formula


@dataclass(frozen=True, slots=True)
class Call(Formula):
    """A function of the table in :mod:`derive.functions`, or its derivative: sig(x), sig'(x)."""

    function: str
    argument: Formula
    primes: int = 0

    def parts(self) -> tuple[Formula, ...]:
        return (self.argument,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Call(self.function, parts[0], self.primes)


@dataclass(frozen=True, slots=True)
class Cases(Composed):
    """`positive` where `test` > 0, and `otherwise` elsewhere."""

    test: Formula
    positive: Formula
    otherwise: Formula


@dataclass(frozen=True, slots=True)
class Partial(Composed):
    """∂of/∂by: `by` varies, all that lies downstream of it follows, the rest is held fixed."""

    of: Formula
    by: Formula


@dataclass(frozen=True, slots=True)
class Neuron(Formula):
    """A quantity named by its place, where an index may still be a letter: out_{c_j}, δ_{d_k}.

    `kind` is ``out``, ``net``, ``target``, ``delta``, ``weight`` or ``bias``; `layer` counts from
    0, the inputs; a weight leads from neuron `source` of the layer before to neuron `index`.
    """

    kind: str
    layer: int
    index: int | str
    source: int | str | None = None


@dataclass(frozen=True, slots=True)
class Everywhere(Formula):
    """A neuron's quantity, a vector or a matrix of a layer named by a letter: δ^l_j, W^{l + 1}.

    `layer` is how the layer is written. What is true of it is proved for every layer.
    """

    of: Neuron | Layer
    layer: str


@dataclass(frozen=True, slots=True)
class Member(Formula):
    """A member of a family of quantities, w_{k,i} or h_{t-1}, where an index may have letters.

    Each index is a number and the letters that are added to it: ``((), 2)``, ``(("t",), -1)``.
    """

    stem: str
    indices: tuple[Index, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of its indices in written order, each as often as it stands there."""
        return tuple([letter for letters, _ in self.indices for letter in letters])


@dataclass(frozen=True, slots=True)
class Count(Formula):
    """The number that an index is, where it stands as one: the t − k of w^{t−k}."""

    index: Index


@dataclass(frozen=True, slots=True)
class SumOver(Formula):
    """Σ of `body` with the index letter running from `lower` to `upper`.

    0 for `upper` is the size of a layer that is not named by its number. A `bare` one was written
    without limits: it runs over the numbers for which every name in its body exists, which lie
    between the two. Where it `multiplies`, it is a Π.
    """

    index: str
    upper: int
    body: Formula
    lower: int = 1
    bare: bool = False
    multiplies: bool = False

    def parts(self) -> tuple[Formula, ...]:
        return (self.body,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return replace(self, body=parts[0])


@dataclass(frozen=True, slots=True)
class Where(Formula):
    """`then` for the index letters for which all `tests` hold, and `otherwise` for the others.

    It is Kronecker's δ_{ij}, the condition of a Σ, and a choice of cases by indices. What is not
    chosen need not exist.
    """

    tests: tuple[Test, ...]
    then: Formula
    otherwise: Formula

    def parts(self) -> tuple[Formula, ...]:
        return (self.then, self.otherwise)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Where(self.tests, *parts)

    def placed(self, chosen: Mapping[str, int]) -> tuple[Test, ...]:
        """The tests with numbers for the letters that are chosen."""
        return tuple(test.at(chosen) for test in self.tests)


@dataclass(frozen=True, slots=True)
class Layer(Formula):
    """All of one kind of quantity of a layer: a column vector, or the weight matrix W."""

    kind: str
    layer: int


@dataclass(frozen=True, slots=True)
class Array(Formula):
    """A column vector or a matrix of a network of equations: **h**_{t−1}, W.

    `of` is its own name, or with index letters the member of a family of arrays; it is no quantity.
    `text` is how an author writes it.
    """

    of: Name | Member
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Transposed(Composed):
    """The transpose of a vector or matrix."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Hadamard(Factored):
    """The product entry by entry, ⊙."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A chain a = b ≈ c; one side alone is a bare expression.

    `about` are the places of the sides that are rounded: before them stands ≈ in the place of =.
    """

    sides: tuple[Formula, ...]
    about: frozenset[int] = frozenset()

    @property
    def left(self) -> Formula:
        return self.sides[0]

    @property
    def right(self) -> Formula:
        return self.sides[-1]


ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
ETA = Letter("eta")
MINUS_ONE = Number(Fraction(-1))


def number(value: Formula | int | Fraction) -> Formula:
    """`value` as a formula; formulas pass through."""
    return value if isinstance(value, Formula) else Number(Fraction(value))


def total(terms: Iterable[Formula]) -> Formula:
    """The sum of `terms` in order, flat; of one term that term, of none 0."""
    flat: list[Formula] = []
    for term in terms:
        flat.extend(term.terms) if isinstance(term, Sum) else flat.append(term)
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def product(factors: Iterable[Formula]) -> Formula:
    """The product of `factors` in order, flat, without factors 1; of none it is 1."""
    flat: list[Formula] = []
    for factor in factors:
        if isinstance(factor, Product):
            flat.extend(factor.factors)
        elif not (isinstance(factor, Number) and factor.value == ONE.value):
            flat.append(factor)
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def equation(*sides: Formula) -> Equation:
    """The chain of `sides`, leaving out a side that repeats the one before it."""
    kept = [sides[0]]
    kept.extend(side for before, side in pairwise(sides) if side != before)
    return Equation(tuple(kept))
