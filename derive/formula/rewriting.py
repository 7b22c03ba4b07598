"""Walking through a formula, putting others in, and reading it in a ring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import truediv
from typing import Any

from derive.formula.arrays import Batch, Composite, Dot, Gradient, Grid, Outer, Unit
from derive.formula.tree import (
    Array,
    Call,
    Everywhere,
    Formula,
    Hadamard,
    Layer,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Transposed,
    product,
)


def signs_out(formula: Formula) -> Formula:
    """`formula` with the minus signs of factors before their product: a·(−b) as −(a·b)."""
    parts = tuple(signs_out(part) for part in formula.parts())
    if not parts:
        return formula
    formula = formula.rebuilt(parts)
    if isinstance(formula, Negative) and isinstance(formula.term, Negative):
        return formula.term.term
    if not isinstance(formula, Product):
        return formula
    minus = sum(isinstance(factor, Negative) for factor in formula.factors)
    if not minus:
        return formula
    bare = product(f.term if isinstance(f, Negative) else f for f in formula.factors)
    return Negative(bare) if minus % 2 else bare


def transform(formula: Formula, rule: Callable[[Formula], Formula | None]) -> Formula:
    """`formula` with every outermost node for which `rule` gives something replaced by that."""
    found = rule(formula)
    if found is not None:
        return found
    parts = formula.parts()
    if not parts:
        return formula
    changed = tuple(transform(part, rule) for part in parts)
    return formula if changed == parts else formula.rebuilt(changed)


def substitute(formula: Formula, names: Mapping[str, Formula]) -> Formula:
    """`formula` with each quantity in `names` replaced."""
    return transform(formula, lambda f: names.get(f.name) if isinstance(f, Name) else None)


def walk(formula: Formula) -> Iterator[Formula]:
    """`formula` and every node inside it, in written order."""
    stack = [formula]
    while stack:
        node = stack.pop()
        yield node
        parts = node.parts()
        if parts:
            stack += parts[::-1]


def names_in(formula: Formula) -> list[str]:
    """The quantities that stand in `formula`, each once, in written order."""
    return list(dict.fromkeys(node.name for node in walk(formula) if isinstance(node, Name)))


def is_zero(formula: Formula) -> bool:
    """Whether a formula is the number 0, with or without digits behind the point."""
    return isinstance(formula, Number) and not formula.value


def is_number(formula: Formula) -> bool:
    """Whether nothing but numbers stands in `formula`, joined by + − · / and powers."""
    joined = (Number, Sum, Product, Negative, Quotient, Power)
    return all(isinstance(node, joined) for node in walk(formula))


def way(who: object, node: Formula, prefix: str = "of") -> Callable[..., Any] | None:
    """The method of an object for this kind of formula, ``of_sum_over`` for a Σ, if it has one."""
    owner: Any = type(who)
    kind: Any = type(node)
    name = _method(owner, kind, prefix)
    found: Callable[..., Any] | None = getattr(who, name) if name else None
    return found


@cache
def _method(owner: Any, kind: Any, prefix: str) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    name = f"{prefix}_{words}"
    return name if hasattr(owner, name) else ""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How to read a formula in some commutative ring: floats, residues, polynomials, counts.

    `resolve` gives the value of every leaf that is not a number, and of the nodes that are not
    ring operations (:class:`Call`, :class:`Partial`); it receives the node and this evaluation.
    """

    number: Callable[[Fraction], Any]
    resolve: Callable[[Formula, Callable[[Formula], Any]], Any]
    divide: Callable[[Any, Any], Any] = truediv
    power: Callable[[Any, Any], Any] = pow


RATIONALS = Arithmetic(Fraction, lambda node, _: node)
"""Exact numbers; what is no sum, product, quotient or power of numbers has no value in it."""


def evaluate(formula: Formula, ring: Arithmetic) -> Any:
    """The value of `formula` in `ring`."""
    kind = type(formula)
    if kind is Product:
        value = evaluate(formula.factors[0], ring)  # type: ignore[attr-defined]
        for factor in formula.factors[1:]:  # type: ignore[attr-defined]
            value = value * evaluate(factor, ring)
        return value
    if kind is Sum:
        value = evaluate(formula.terms[0], ring)  # type: ignore[attr-defined]
        for term in formula.terms[1:]:  # type: ignore[attr-defined]
            value = value + evaluate(term, ring)
        return value
    if isinstance(formula, Number):
        return ring.number(formula.value)
    if isinstance(formula, Negative):
        return -evaluate(formula.term, ring)
    if isinstance(formula, Quotient):
        return ring.divide(evaluate(formula.top, ring), evaluate(formula.bottom, ring))
    if (
        isinstance(formula, Power)
        and isinstance(formula.exponent, Number)
        and formula.exponent.value.denominator == 1
    ):
        return ring.power(evaluate(formula.base, ring), int(formula.exponent.value))
    return ring.resolve(formula, lambda inner: evaluate(inner, ring))


DIAGONAL, NORM = "diag", "norm"
"""Functions of vectors and matrices: diag(v), and the root of the sum of all squares."""
_OF_MATRICES = (
    Layer,
    Array,
    Grid,
    Composite,
    Dot,
    Gradient,
    Hadamard,
    Outer,
    Transposed,
    Unit,
)


def contains(formula: Formula, *kinds: type[Formula]) -> bool:
    """Whether a node of one of these kinds stands in a formula."""
    return any(isinstance(node, kinds) for node in walk(formula))


def has_slopes(formula: Formula) -> bool:
    """Whether there is a derivative in a formula."""
    return contains(formula, Partial)


def is_matrix(formula: Formula) -> bool:
    """Whether vectors or matrices, or what is made of them only, stand in `formula`."""
    return any(
        isinstance(node, _OF_MATRICES)
        or (isinstance(node, Call) and node.function in (DIAGONAL, NORM))
        for node in walk(formula)
    )


def stands_as_matrix(formula: Formula) -> bool:
    """Whether a formula is a vector or matrix by its name, beside which no sign stands."""
    if isinstance(formula, Everywhere):
        formula = formula.of
    if isinstance(formula, Sum):
        return any(map(stands_as_matrix, formula.terms))
    kinds = Layer | Array | Batch | Transposed | Grid | Unit
    by = walk(formula.by) if isinstance(formula, Partial | Gradient) else ()
    return isinstance(formula, kinds) or any(isinstance(node, Array) for node in by)
