"""The places in a formula where one edit could put it right, and the value that would be needed.

With g the author's side and t the right value, a part x of g on which g depends linearly must have
the value x + (t − g)/(∂g/∂x) for g to become t. What is looked up in tables of known values is that
number, so one pass over the formula finds every single edit at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from derive.exact.points import NoValueError, Point
from derive.formula import (
    ONE,
    Formula,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    names_in,
)

Trail = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A part of the author's formula.

    `trail` leads to it through :meth:`~derive.formula.Formula.parts`; `value` is its residue and
    `needed` the residue it should have, modulo the `prime`. `term` says that it is the whole side
    or a summand.
    """

    formula: Formula
    trail: Trail
    value: int
    needed: int
    term: bool
    prime: int


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula with its residue; ∂… and functions have no parts here."""

    formula: Formula
    value: int
    parts: tuple[Node, ...]
    names: frozenset[str]


class Tree:
    """A formula's residues at a point, part by part. Raises :class:`NoValueError`."""

    def __init__(self, formula: Formula, point: Point) -> None:
        self._point = point
        self.prime = point.prime
        self._known: dict[Formula, Node] = {}
        self.root = self._node(formula)

    def _node(self, formula: Formula) -> Node:
        inner = isinstance(formula, Sum | Product | Negative | Quotient | Power)
        if not inner or _is_root(formula):
            if formula not in self._known:
                value = self._point.value(formula)
                self._known[formula] = Node(formula, value, (), frozenset(names_in(formula)))
            return self._known[formula]
        parts = tuple(self._node(part) for part in formula.parts())
        value = _combined(formula, [part.value for part in parts], self.prime)
        return Node(formula, value, parts, frozenset().union(*(part.names for part in parts)))

    def changed(self, rule: Callable[[Node], int | None]) -> int:
        """The value when every outermost part for which `rule` gives something has that value."""

        def visit(node: Node) -> int:
            found = rule(node)
            if found is not None:
                return found
            if not node.parts:
                return node.value
            return _combined(node.formula, [visit(part) for part in node.parts], self.prime)

        return visit(self.root)

    def sites(self, right: int) -> Iterator[Site]:
        """All parts, outermost first, with what each has to be for the whole to be `right`."""
        prime = self.prime
        gap = (right - self.root.value) % prime
        stack: list[tuple[Node, Trail, int, bool]] = [(self.root, (), 1, True)]
        while stack:
            node, trail, adjoint, term = stack.pop()
            if not adjoint:
                continue
            needed = (node.value + gap * inverse(adjoint, prime)) % prime
            yield Site(node.formula, trail, node.value, needed, term, prime)
            summands = isinstance(node.formula, Sum)
            weights = _weights(node, prime)
            below = [
                (part, (*trail, place), adjoint * weight % prime, summands)
                for place, (part, weight) in enumerate(zip(node.parts, weights, strict=True))
                if weight
            ]
            stack.extend(reversed(below))


def _is_root(formula: Formula) -> bool:
    """Whether a formula is a power that is not whole; it is looked at from outside only."""
    if not isinstance(formula, Power):
        return False
    return not isinstance(formula.exponent, Number) or formula.exponent.value.denominator != 1


def _combined(formula: Formula, values: list[int], prime: int) -> int:
    """The residue of a node from those of its parts."""
    if isinstance(formula, Sum):
        return sum(values) % prime
    if isinstance(formula, Product):
        return multiplied(values, prime)
    if isinstance(formula, Negative):
        return -values[0] % prime
    if isinstance(formula, Quotient):
        if not values[1] % prime:
            raise NoValueError("a division by 0")
        return values[0] * inverse(values[1], prime) % prime
    if not isinstance(formula, Power) or not isinstance(formula.exponent, Number):
        raise TypeError(f"a {type(formula).__name__} has no parts here")
    if formula.exponent.value < 0 and not values[0] % prime:
        raise NoValueError("a division by 0")
    return pow(values[0], int(formula.exponent.value), prime)


def _weights(node: Node, prime: int) -> list[int]:
    """∂node/∂part where node is linear in the part, else 0."""
    if isinstance(node.formula, Sum):
        return [1] * len(node.parts)
    if isinstance(node.formula, Negative):
        return [prime - 1]
    if isinstance(node.formula, Product):
        values = [part.value for part in node.parts]
        before, after = [1], [1]
        for value in values[:-1]:
            before.append(before[-1] * value % prime)
        for value in reversed(values[1:]):
            after.append(after[-1] * value % prime)
        return [a * b % prime for a, b in zip(before, reversed(after), strict=True)]
    if isinstance(node.formula, Quotient):
        return [inverse(node.parts[1].value, prime), 0]
    return [0] * len(node.parts)


def inverse(value: int, prime: int) -> int:
    """1/value modulo the prime."""
    return pow(value, -1, prime)


def multiplied(values: Sequence[int], prime: int) -> int:
    """The product of residues modulo the prime."""
    made = 1
    for value in values:
        made = made * value % prime
    return made


def replaced(formula: Formula, trail: Trail, new: Formula) -> Formula:
    """`formula` with the part at `trail` replaced."""
    if not trail:
        return new
    parts = list(formula.parts())
    parts[trail[0]] = replaced(parts[trail[0]], trail[1:], new)
    if isinstance(formula, Product):
        return Product(tuple(factor for part in parts for factor in _flat(part)))
    return formula.rebuilt(tuple(parts))


def _flat(part: Formula) -> tuple[Formula, ...]:
    return part.factors if isinstance(part, Product) else (part,)


def occurrences(formula: Formula) -> Iterator[tuple[Trail, Formula]]:
    """Every part with the trail to it, those inside of ∂ and functions too."""
    stack: list[tuple[Trail, Formula]] = [((), formula)]
    while stack:
        trail, node = stack.pop()
        yield trail, node
        stack.extend(
            ((*trail, place), part) for place, part in reversed(list(enumerate(node.parts())))
        )


def factors_of(formula: Formula) -> tuple[Formula, ...]:
    """The factors of a product, also of one with a minus sign before it; else the formula."""
    if isinstance(formula, Negative):
        return factors_of(formula.term)
    return formula.factors if isinstance(formula, Product) else (formula,)


def product_of(factors: Sequence[Formula]) -> Formula:
    """The product of `factors`; of none 1. Unlike :func:`~derive.formula.product` it keeps a 1."""
    if not factors:
        return ONE
    return Product(tuple(factors)) if len(factors) > 1 else factors[0]


def with_sign_of(formula: Formula, made: Formula) -> Formula:
    """`made`, with a minus sign before it if `formula` has one."""
    return Negative(made) if isinstance(formula, Negative) else made
