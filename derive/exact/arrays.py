"""Families as arrays of residues: a whole model at one consistent point, by NumPy.

A template is evaluated over all numbers of its letters at once, each letter an axis, modulo several
primes of 31 bits, the first axis: w[j,k]·out[k] is one product of a matrix and a row, and Σ_k a sum
along an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from derive.exact.array_boxes import Boxes, Runs, Sent
from derive.exact.array_rings import Array, Ring
from derive.exact.residues import NoValueError
from derive.formula import (
    Call,
    Cases,
    Formula,
    Member,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    walk,
    way,
)
from derive.model.families import Family, Key, array_of


class Templates(Boxes):
    """Templates over arrays, their values and their slopes along a direction.

    `arrays` gives the array of each of the `families`, by what it is called. `elements` says what a
    function is at each entry of its argument: its value and its slope there, or the unit step of
    cases.
    """

    def __init__(
        self,
        ring: Ring,
        families: Mapping[Key, Family],
        arrays: Callable[[Key], Array],
        elements: Callable[[Call | Cases, Runs], Sequence[Array]],
        rows: int = 1,
        unasked: Collection[Key] = (),
    ) -> None:
        super().__init__(ring, families, rows, unasked)
        self._arrays = arrays
        self._elements = elements

    def value(self, template: Formula, runs: Runs) -> Array:
        """The values of a template: an axis for each letter, of length 1 where it has no part."""
        return self.dual(template, runs, {})[0]

    def dual(
        self, node: Formula, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        """The values, and the slopes when the families in `moved` move so; nothing for none."""
        m = self.ring
        if isinstance(node, Member):
            moving = moved.get(array_of(node))
            return self.gathered(node, runs, self._arrays(array_of(node))), (
                None if moving is None else self.gathered(node, runs, moving)
            )
        if isinstance(node, Number):
            return m.number(node.value, len(runs)), None
        if isinstance(node, Sum):
            parts = [self.dual(term, runs, moved) for term in node.terms]
            return self._sum([v for v, _ in parts]), self._moving([s for _, s in parts])
        if isinstance(node, Negative):
            value, slope = self.dual(node.term, runs, moved)
            return m.reduced(-value), None if slope is None else m.reduced(-slope)
        if isinstance(node, Product):
            return self._product([self.dual(f, runs, moved) for f in node.factors])
        if isinstance(node, Quotient):
            bottom, falling = self.dual(node.bottom, runs, moved)
            inverse = m.inverse(bottom)
            change = None
            if falling is not None:
                change = m.reduced(-m.times(falling, m.times(inverse, inverse)))
            return self._product([self.dual(node.top, runs, moved), (inverse, change)])
        if isinstance(node, SumOver):
            return self._sum_over(node, runs, moved)
        return self._other(node, runs, moved)

    def _other(
        self, node: Formula, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        """Functions, cases and powers."""
        m = self.ring
        if isinstance(node, Call):
            moving = self.dual(node.argument, runs, moved)[1] if moved else None
            value, steep = self._elements(node, runs)
            return value, None if moving is None else m.times(steep, moving)
        if isinstance(node, Cases):
            (step,) = self._elements(node, runs)
            other = m.reduced(1 - step)
            positive = self._product([(step, None), self.dual(node.positive, runs, moved)])
            otherwise = self._product([(other, None), self.dual(node.otherwise, runs, moved)])
            return self._sum([positive[0], otherwise[0]]), self._moving([positive[1], otherwise[1]])
        if isinstance(node, Power) and isinstance(node.exponent, Number):
            exponent = node.exponent.value
            if exponent.denominator == 1:
                return self._power(self.dual(node.base, runs, moved), int(exponent))
        raise NoValueError(f"no array for {type(node).__name__}")

    def _power(self, base: tuple[Array, Array | None], exponent: int) -> tuple[Array, Array | None]:
        m = self.ring
        value, moving = base
        if exponent < 0:
            inverse = m.inverse(value)
            square = m.times(inverse, inverse)
            change = None if moving is None else m.reduced(-m.times(moving, square))
            return self._power((inverse, change), -exponent)
        if moving is None or not exponent:
            return m.power(value, exponent), None
        steep = m.times(m.power(value, exponent - 1), m.number(Fraction(exponent), value.ndim - 1))
        return m.power(value, exponent), m.times(steep, moving)

    def _product(self, factors: Sequence[tuple[Array, Array | None]]) -> tuple[Array, Array | None]:
        value, slope = factors[0]
        for other, moving in factors[1:]:
            parts = [] if slope is None else [self.ring.times(slope, other)]
            parts += [] if moving is None else [self.ring.times(value, moving)]
            slope = self._moving(parts)
            value = self.ring.times(value, other)
        return value, slope

    def _moving(self, slopes: Sequence[Array | None]) -> Array | None:
        there = [slope for slope in slopes if slope is not None]
        return self._sum(there) if there else None

    def _sum_over(
        self, node: SumOver, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        factors = node.body.factors if isinstance(node.body, Product) else (node.body,)
        parts = [self.dual(factor, inner, moved) for factor in factors]
        values = [value for value, _ in parts]
        along = {1 + [*inner].index(node.index): node.upper + 1 - node.lower}
        # A letter that is bound again inside keeps its axis, of length 1.
        rest: Any = (..., 0) if len(inner) > len(runs) else ...
        slopes = [
            self._total([*values[:n], slope, *values[n + 1 :]], along)[rest]
            for n, (_, slope) in enumerate(parts)
            if slope is not None
        ]
        return self._total(values, along)[rest], self._moving(slopes)

    def backward(self, node: Formula, runs: Runs, *adjoint: Array) -> Sent:
        """What each family in a template gets when the template's own adjoint is this.

        The product rule and its like, a method for each kind of node; an adjoint is ∂E/∂ of every
        entry, as factors that are not multiplied until they have to be. A number sends nothing on.
        """
        found = way(self, node, "back")
        if found is not None:
            yield from found(node, runs, *adjoint)

    def back_member(self, node: Member, runs: Runs, *adjoint: Array) -> Sent:
        if array_of(node) not in self.unasked:
            yield array_of(node), *self.scattered(node, runs, *adjoint)

    def back_sum(self, node: Sum, runs: Runs, *adjoint: Array) -> Sent:
        for term in node.terms:
            yield from self.backward(term, runs, *adjoint)

    def back_negative(self, node: Negative, runs: Runs, *adjoint: Array) -> Sent:
        first, *others = adjoint
        yield from self.backward(node.term, runs, self.ring.reduced(-first), *others)

    def back_product(self, node: Product, runs: Runs, *adjoint: Array) -> Sent:
        for place, factor in enumerate(node.factors):
            if _has_members(factor):
                others = (*node.factors[:place], *node.factors[place + 1 :])
                values = [self.value(other, runs) for other in others]
                yield from self.backward(factor, runs, *adjoint, *values)

    def back_sum_over(self, node: SumOver, runs: Runs, *adjoint: Array) -> Sent:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        yield from self.backward(node.body, inner, *(factor[..., None] for factor in adjoint))

    def back_quotient(self, node: Quotient, runs: Runs, *adjoint: Array) -> Sent:
        m = self.ring
        inverse = m.inverse(self.value(node.bottom, runs))
        yield from self.backward(node.top, runs, *adjoint, inverse)
        if _has_members(node.bottom):
            falling = m.reduced(-m.times(m.times(inverse, inverse), self.value(node.top, runs)))
            yield from self.backward(node.bottom, runs, *adjoint, falling)

    def back_call(self, node: Call, runs: Runs, *adjoint: Array) -> Sent:
        _, steep = self._elements(node, runs)
        yield from self.backward(node.argument, runs, *adjoint, steep)

    def back_cases(self, node: Cases, runs: Runs, *adjoint: Array) -> Sent:
        (step,) = self._elements(node, runs)
        yield from self.backward(node.positive, runs, *adjoint, step)
        yield from self.backward(node.otherwise, runs, *adjoint, self.ring.reduced(1 - step))

    def back_power(self, node: Power, runs: Runs, *adjoint: Array) -> Sent:
        if not _has_members(node):
            return
        exponent = node.exponent
        assert isinstance(exponent, Number), "other powers have no value"
        lower = self.value(Power(node.base, Number(exponent.value - 1)), runs)
        steep = self.ring.times(lower, self.ring.number(exponent.value, len(runs)))
        yield from self.backward(node.base, runs, *adjoint, steep)


def _has_members(formula: Formula) -> bool:
    return any(isinstance(node, Member) for node in walk(formula))
