"""Families as arrays of residues: a whole model at one consistent point, by NumPy.

A template is evaluated over all numbers of its letters at once, each letter an axis, modulo several
primes of 31 bits, the first axis: w[j,k]·out[k] is one product of a matrix and a row, and Σ_k a sum
along an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from derive.exact.array_boxes import Boxes, Runs, Sent
from derive.exact.array_rings import Array, Entries, Ring
from derive.exact.residues import NoValueError
from derive.formula import (
    Arithmetic,
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
    contains,
    evaluate,
    way,
)
from derive.functions.dual import Dual
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
        found: Array = self._evaluated(template, runs, {}).array
        return found

    def slope(self, template: Formula, runs: Runs, moved: Mapping[Key, Array]) -> Array | None:
        """The slopes when the families in `moved` move so; nothing where none does."""
        return _slope(self._evaluated(template, runs, moved))

    def _evaluated(self, template: Formula, runs: Runs, moved: Mapping[Key, Array]) -> Any:
        """The entries of a template; where something moves, as dual numbers."""
        m = self.ring

        def made(array: Array, slope: Array | None = None) -> Any:
            found = Entries(m, array)
            return Dual(found, 0 if slope is None else Entries(m, slope)) if moved else found

        def resolve(node: Formula, inner: Callable[[Formula], Any]) -> Any:
            if isinstance(node, Member):
                key = array_of(node)
                moving = self.gathered(node, runs, moved[key]) if key in moved else None
                return made(self.gathered(node, runs, self._arrays(key)), moving)
            if isinstance(node, SumOver):
                return made(*self._sum_over(node, runs, moved))
            if isinstance(node, Call):
                value, steep = self._elements(node, runs)
                if not moved:
                    return made(value)
                return inner(node.argument).lifted(Entries(m, value), Entries(m, steep))
            if isinstance(node, Cases):
                (step,) = map(made, self._elements(node, runs))
                return self.chosen(step, inner(node.positive), inner(node.otherwise))
            if isinstance(node, Power):
                base, exponent = (self.value(part, runs) for part in (node.base, node.exponent))
                return made(self.raised(base, exponent))
            raise NoValueError(f"no array for {type(node).__name__}")

        return evaluate(
            template, Arithmetic(lambda value: made(m.number(value, len(runs))), resolve, _divided)
        )

    def chosen(self, step: Any, positive: Any, otherwise: Any) -> Any:
        """The entries of the case that holds, by its unit step."""
        return positive * step + otherwise * (1 - step)

    def raised(self, base: Array, exponent: Array) -> Array:
        """Powers whose exponents are no whole numbers. Raises :class:`NoValueError`."""
        raise NoValueError("no array for Power")

    def _sum_over(
        self, node: SumOver, runs: Runs, moved: Mapping[Key, Array]
    ) -> tuple[Array, Array | None]:
        inner = {**runs, node.index: range(node.lower, node.upper + 1)}
        factors = node.body.factors if isinstance(node.body, Product) else (node.body,)
        parts = [self._evaluated(factor, inner, moved) for factor in factors]
        values = [(part.value if moved else part).array for part in parts]
        along = {1 + [*inner].index(node.index): node.upper + 1 - node.lower}
        # A letter that is bound again inside keeps its axis, of length 1.
        rest: Any = (..., 0) if len(inner) > len(runs) else ...
        slopes = [
            self._total([*values[:n], slope, *values[n + 1 :]], along)[rest]
            for n, slope in enumerate(map(_slope, parts))
            if slope is not None
        ]
        return self._total(values, along)[rest], self._sum(slopes) if slopes else None

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
            if contains(factor, Member):
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
        if contains(node.bottom, Member):
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
        if not contains(node, Member):
            return
        exponent = node.exponent
        assert isinstance(exponent, Number), "other powers have no value"
        lower = self.value(Power(node.base, Number(exponent.value - 1)), runs)
        steep = self.ring.times(lower, self.ring.number(exponent.value, len(runs)))
        yield from self.backward(node.base, runs, *adjoint, steep)


def _divided(a: Any, b: Any) -> Any:
    """a/b, for which entries are inverted once."""
    if isinstance(b, Entries):
        return a / b
    inverse = b.value.inverse()
    return a * b.lifted(inverse, -(inverse * inverse))


def _slope(found: Any) -> Array | None:
    """The slopes of what may be dual numbers, and may be constant ones."""
    moves = isinstance(found, Dual) and not found.is_constant
    return found.slope.array if moves else None
