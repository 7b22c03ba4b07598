"""From sums and means over examples to one example: what is linear in the errors of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce

from derive.checking.of_examples import has_examples, is_count, is_parameter
from derive.formula import (
    ETA,
    ONE,
    ONES,
    Array,
    Delta,
    Dot,
    Formula,
    Gradient,
    Hadamard,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Outer,
    Partial,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Unit,
    product,
    transform,
)
from derive.grammar.written import Change, Examples, Unknown
from derive.model import Model


class OfExamplesError(ValueError):
    """A formula of several examples is not the same for one."""


class Of(Enum):
    """What a formula is of: all examples alike, one of them, or all of them together."""

    ANY = "any"
    ONE = "one"
    ALL = "all"


class Term(Enum):
    """What is added up in a formula of all examples together."""

    SUM = "a Σ over examples"
    ERROR = "the error itself, or a derivative of it"
    SAME = "what is the same for all examples"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a part of a formula is of.

    `power` is that of the number of examples in it. Of all examples `added` says which terms there
    are in it, each with this power. `turned` is a matrix of which every row is an example, and no
    column.
    """

    of: Of
    power: int = 0
    added: frozenset[tuple[Term, int]] = frozenset()
    turned: bool = False

    def times(self, power: int) -> Kind:
        """The same, multiplied with this power of the number of examples."""
        added = frozenset((term, own + power) for term, own in self.added)
        return Kind(self.of, self.power + power, added, self.turned)


_ANY, _OF_ONE = Kind(Of.ANY), Kind(Of.ONE)
_OF_ERROR, _OF_SUM = (Kind(Of.ALL, 0, frozenset({(t, 0)})) for t in (Term.ERROR, Term.SUM))
_MIXED = "what is of one example and what is of all of them stand side by side"


class Lifted:
    """The sides of an equation between sums over examples, for one example.

    `way` says whether the error is their sum or their mean, where it says so. With `shorthand` dZ
    is of the error of each example, as in courses. Raises :class:`OfExamplesError` where one
    example does not tell whether it holds.
    """

    def __init__(self, model: Model, sides: Sequence[Formula], *, shorthand: bool) -> None:
        self._model = model
        self._shorthand = shorthand
        self._rows = model.network.naming.table.matrices == "rows"
        self._sizes: set[str] = set()
        step = sides[0] if is_parameter(sides[0], model) else None
        added = frozenset[tuple[Term, int]]().union(*(self._side(side, step) for side in sides))
        if any(power not in ((0, -1) if term is Term.SUM else (0,)) for term, power in added):
            raise OfExamplesError("the number of the examples stands in it where it does not fit")
        if len(self._sizes) > 1:
            raise OfExamplesError("the number of the examples has two letters")
        ways = {"mean" if power else "sum" for term, power in added if term is Term.SUM}
        if len(ways) > 1:
            raise OfExamplesError("it has a sum over the examples and a mean over them")
        terms = {term for term, _ in added}
        self.way = ways.pop() if ways and Term.ERROR in terms else ""
        if (Term.SAME in terms or model.network.l2) and self.way != "mean":
            raise OfExamplesError("with a term of the weights the error is no sum over examples")
        self.sides = tuple(transform(side, self._one) for side in sides)

    def _one(self, node: Formula) -> Formula | None:
        if isinstance(node, Examples):
            return transform(node.body, self._one)
        if isinstance(node, Quotient) and self._is_size(node.bottom):
            return transform(node.top, self._one)
        if isinstance(node, Product) and ONE in (factors := [*map(self._without, node.factors)]):
            return product(factor for factor in factors if factor != ONE)
        return ONE if self._is_size(node) else None

    def _without(self, factor: Formula) -> Formula:
        return transform(factor, self._one)

    def _is_size(self, node: Formula) -> bool:
        return isinstance(node, Unknown) and node.stem in self._sizes

    def _side(self, side: Formula, step: Formula | None) -> frozenset[tuple[Term, int]]:
        """The terms of a side; a `step` from a parameter is made of derivatives of the error."""
        if side == step:
            return _OF_ERROR.added
        terms = [*side.terms] if isinstance(side, Sum) else [side]
        if step in terms:
            terms.remove(step)
        kind = self._together([self._kind(term) for term in terms])
        if kind.of is not Of.ALL:
            raise OfExamplesError(_MIXED)
        return kind.added

    def _kind(self, formula: Formula, inside: bool = False) -> Kind:
        """What a formula is of; `inside` of a Σ over examples the error is that of one."""
        if isinstance(formula, Examples):
            body = self._kind(formula.body, inside=True)
            self._sizes |= {formula.upper} - {""}
            if inside or body.of is not Of.ONE or body.power:
                raise OfExamplesError("what stands behind Σ is not of one example")
            return _OF_SUM
        if formula == Name(self._model.total):
            if inside and self._model.network.l2:
                raise OfExamplesError("the error of one example may have a term of the weights")
            return _OF_ONE if inside else _OF_ERROR
        if formula == ETA or isinstance(formula, Number | Unit):
            return _ANY
        if isinstance(formula, Unknown):
            return self._size(formula)
        if isinstance(formula, Name | Delta | Neuron | Layer | Member | Array):
            return _OF_ONE if has_examples(formula, self._model) else _ANY
        if not formula.parts():
            raise OfExamplesError("a name in it is not known to be of one example, or of all")
        kind: Kind = getattr(self, _WAYS.get(type(formula), "_alike"))(formula, inside)
        return kind

    def _same(self, formula: Formula, inside: bool) -> Kind:
        return self._kind(formula.parts()[0], inside)

    def _size(self, formula: Unknown) -> Kind:
        if not is_count(formula):
            raise OfExamplesError(
                f"{formula.text} is not in the network {self._model.network.name}"
            )
        self._sizes.add(formula.stem)
        return Kind(Of.ANY, 1)

    def _slope(self, formula: Formula, inside: bool) -> Kind:
        assert isinstance(formula, Partial | Gradient)
        of = self._kind(formula.of, inside)
        if self._shorthand and of == _OF_ERROR and not is_parameter(formula.by, self._model):
            return _OF_ONE
        if of.power or (of.of is Of.ALL and not is_parameter(formula.by, self._model)):
            raise OfExamplesError("the error of all examples is differentiated by what is of one")
        return of

    def _change(self, formula: Formula, inside: bool) -> Kind:
        assert isinstance(formula, Change)
        if inside or not is_parameter(formula.of, self._model):
            raise OfExamplesError(_MIXED)
        return _OF_ERROR

    def _turned(self, formula: Formula, inside: bool) -> Kind:
        assert isinstance(formula, Transposed)
        of = self._kind(formula.of, inside)
        turned = of.of is Of.ONE and not inside and not of.turned
        return Kind(of.of, of.power, of.added, turned)

    def _sum(self, formula: Formula, inside: bool) -> Kind:
        """Terms of one kind; what all examples have may be added to what is of one."""
        return self._together([self._kind(part, inside) for part in formula.parts()])

    def _together(self, kinds: Sequence[Kind]) -> Kind:
        """What the sum of terms is of; the mean of what is the same for all is that itself."""
        if any(kind.of is Of.ALL for kind in kinds):
            if any(kind.of is Of.ONE for kind in kinds):
                raise OfExamplesError(_MIXED)
            same = {(Term.SAME, kind.power) for kind in kinds if kind.of is Of.ANY}
            return Kind(Of.ALL, 0, frozenset(same).union(*(kind.added for kind in kinds)))
        if (
            any(kind.power for kind in kinds)
            or len({k.turned for k in kinds if k.of is Of.ONE}) > 1
        ):
            raise OfExamplesError(_MIXED)
        return next((kind for kind in kinds if kind.of is Of.ONE), _ANY)

    def _product(self, formula: Formula, inside: bool) -> Kind:
        """At most one factor is of all; of two matrices, one of which is turned, there is a Σ.

        A vector of ones that stands where the examples are numbered adds up, too.
        """
        found, ones = _ANY, False
        for part in formula.parts():
            if part == ONES and found.of is Of.ONE and not (inside or found.turned or self._rows):
                found = _OF_SUM.times(found.power)
                continue
            ones = ones or (part == ONES and found.of is Of.ANY and self._rows and not inside)
            kind = self._kind(part, inside)
            if ones and kind.of is Of.ONE and not kind.turned:
                kind, ones = _OF_SUM.times(kind.power), False
            found = self._times(found, kind, inside)
        return found

    def _times(self, one: Kind, other: Kind, inside: bool) -> Kind:
        if Of.ANY in (one.of, other.of):
            known, factor = (one, other) if other.of is Of.ANY else (other, one)
            return known.times(factor.power)
        alike = one.of is other.of is Of.ONE
        if alike and not inside and (one.turned, other.turned) == (self._rows, not self._rows):
            return _OF_SUM.times(one.power + other.power)
        if alike and (inside or not (one.turned or other.turned)):
            return Kind(Of.ONE, one.power + other.power)
        raise OfExamplesError(_MIXED)

    def _entrywise(self, formula: Formula, inside: bool) -> Kind:
        """Factors entry by entry: nothing is added up, and none is turned alone."""
        kinds = [self._kind(part, inside) for part in formula.parts()]
        if len({kind.turned for kind in kinds if kind.of is Of.ONE}) > 1:
            raise OfExamplesError(_MIXED)
        found = reduce(lambda a, b: self._times(a, b, inside=True), kinds)
        turned = any(kind.turned for kind in kinds)
        return replace(found, turned=turned)

    def _quotient(self, formula: Formula, inside: bool) -> Kind:
        assert isinstance(formula, Quotient)
        top, bottom = (self._kind(part, inside) for part in formula.parts())
        if bottom.of is Of.ANY:
            return top.times(-bottom.power)
        if Of.ALL in (top.of, bottom.of) or top.power or bottom.power:
            raise OfExamplesError(_MIXED)
        return _OF_ONE

    def _counted(self, formula: Formula, inside: bool) -> Kind:
        assert isinstance(formula, SumOver)
        body = self._kind(formula.body, inside)
        if formula.multiplies and (body.of is Of.ALL or body.power):
            raise OfExamplesError(_MIXED)
        return body

    def _alike(self, formula: Formula, inside: bool) -> Kind:
        """A function of what is of one example is of that one; of all together nothing is read."""
        kinds = [self._kind(part, inside) for part in formula.parts()]
        if any(kind.of is Of.ALL or kind.power or kind.turned for kind in kinds):
            raise OfExamplesError(_MIXED)
        return _OF_ONE if any(kind.of is Of.ONE for kind in kinds) else _ANY


_WAYS: dict[type[Formula], str] = {
    Partial: "_slope",
    Gradient: "_slope",
    Change: "_change",
    Transposed: "_turned",
    Sum: "_sum",
    Negative: "_same",
    Product: "_product",
    Dot: "_product",
    Hadamard: "_entrywise",
    Outer: "_entrywise",
    Quotient: "_quotient",
    SumOver: "_counted",
}
"""The method for each kind of formula that is no function of its parts one by one."""
