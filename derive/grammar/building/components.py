"""Entries of what is written of vectors and matrices: (∇_o L)_i, (W x)_i, softmax(z)_i.

An index behind brackets goes to the names inside: (W x + b)_i is Σ_j W_ij x_j + b_i.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from typing import NoReturn

from derive.formula import (
    DIAGONAL,
    NORM,
    Array,
    Call,
    Formula,
    Gradient,
    Hadamard,
    Layer,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    is_matrix,
    product,
)
from derive.formula.index import Index
from derive.functions import SOFTMAX
from derive.grammar.protocols import Meaning
from derive.grammar.unfinished import plain

At = tuple[Index, ...]
"""One index of a vector, or that of a row and of a column."""
_BY_ENTRIES = (Negative, Sum, Hadamard, Quotient)


class ComponentError(ValueError):
    """An index stands behind something that has no entry of this number of indices."""


class Components:
    """Entries of the formulas of one text; it counts with letters that are not `taken`."""

    def __init__(self, meaning: Meaning, taken: Collection[str]) -> None:
        self._meaning = meaning
        names = (letter + "'" * strokes for strokes in count() for letter in "jklmnpqr")
        self._letters = (name for name in names if name not in taken)

    def of(self, formula: Formula, at: At) -> Formula:
        """The entry of `formula` with these indices. Raises :class:`ComponentError`."""
        formula = plain(formula)
        if not is_matrix(formula):
            return self._nothing()
        if isinstance(formula, Array | Layer):
            return self._named(formula, at)
        if isinstance(formula, Transposed):
            return self.of(formula.of, at[::-1])
        if isinstance(formula, Gradient | Partial):
            return self._slope(formula, at)
        if isinstance(formula, Product):
            return self._product(formula, at)
        if isinstance(formula, Power) and len(at) == 1 and isinstance(formula.exponent, Number):
            return Power(self.of(formula.base, at), formula.exponent)
        if isinstance(formula, Call):
            return self._call(formula, at)
        if isinstance(formula, _BY_ENTRIES):
            return formula.rebuilt(tuple(self._part(part, at) for part in formula.parts()))
        return self._nothing()

    def _part(self, part: Formula, at: At) -> Formula:
        return self.of(part, at) if is_matrix(part) else part

    def _named(self, formula: Array | Layer, at: At) -> Formula:
        found = self._meaning.entry(formula, at)
        if found is None:
            raise ComponentError("what is in these brackets has no entry with such an index")
        return found

    def _slope(self, formula: Gradient | Partial, at: At) -> Formula:
        """(∇_o L)_i is ∂L/∂o_i, (∂h/∂w)_i is ∂h_i/∂w."""
        of, by = formula.of, formula.by
        if is_matrix(of) and is_matrix(by):
            raise ComponentError("which index is that of what is below ∂? write ∂a_i/∂b_j")
        return Partial(self._part(of, at), self._part(by, at))

    def _call(self, formula: Call, at: At) -> Formula:
        argument = formula.argument
        if formula.function in (DIAGONAL, NORM) or not is_matrix(argument):
            return self._nothing()
        if formula.function != SOFTMAX:
            return Call(formula.function, self.of(argument, at), formula.primes)
        letter, (rows, columns) = next(self._letters), self._shape(argument)
        if min(rows, columns) > 1 or len(at) > 1:
            return self._nothing()
        other = Call("exp", self.of(argument, (((letter,), 0),)))
        whole = SumOver(letter, max(rows, columns), other)
        return Quotient(Call("exp", self.of(argument, at)), whole)

    def _product(self, formula: Product, at: At) -> Formula:
        """(c A B x)_i is c Σ_j A_ij (B x)_j."""
        scale = [factor for factor in formula.factors if not is_matrix(factor)]
        arrays = [factor for factor in formula.factors if is_matrix(factor)]
        return product([*scale, *self._chain(arrays, at)])

    def _chain(self, arrays: list[Formula], at: At) -> Iterator[Formula]:
        if len(arrays) == 1:
            yield self.of(arrays[0], at)
            return
        first, rest = arrays[0], product(arrays[1:])
        (rows, across), (down, columns) = self._shape(first), self._shape(rest)
        if across != down or (columns > 1) != (len(at) == 2) or rows == 1:
            raise ComponentError("the shapes of what is in these brackets do not fit this index")
        if across == 1:
            yield self.of(first, at[:1])
            yield self.of(rest, at[1:])
            return
        letter = next(self._letters)
        inner: At = (((letter,), 0),)
        terms = product([self.of(first, at[:1] + inner), self.of(rest, inner + at[1:])])
        yield SumOver(letter, across, terms)

    def _shape(self, formula: Formula) -> tuple[int, int]:
        found = self._meaning.shape(formula)
        return self._nothing() if found is None else found

    def _nothing(self) -> NoReturn:
        raise ComponentError("'_' has no name before it; an index stands behind a name")
