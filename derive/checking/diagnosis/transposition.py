"""transpose: a product of matrices with a transposition, an order or a ⊙ that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.checking.diagnosis.sites import at, occurrences, replaced
from derive.formula import Array, Formula, Hadamard, Layer, Product, Transposed


def transposed(
    left: Formula, right: Formula, holds: Callable[[Formula, Formula], bool]
) -> Formula | None:
    """A right side with one such edit that makes the equation right."""
    for repaired in _edits(right):
        if holds(left, repaired):
            return repaired
    return None


def _edits(right: Formula) -> Iterator[Formula]:
    kinds = (Layer, Array, Transposed, Product, Hadamard)
    for trail in occurrences(right, lambda node: isinstance(node, kinds)):
        node = at(right, trail)
        inside = bool(trail) and isinstance(at(right, trail[:-1]), Transposed)
        for new in () if inside else _turned(node):
            yield replaced(right, trail, new)


def _turned(node: Formula) -> Iterator[Formula]:
    """What may be meant for one matrix, or one product of two neighbours."""
    if isinstance(node, Layer | Array):
        yield Transposed(node)
    elif isinstance(node, Transposed):
        yield node.of
    elif isinstance(node, Product | Hadamard):
        factors = node.factors
        kind, other = (Product, Hadamard) if isinstance(node, Product) else (Hadamard, Product)
        if len(factors) == 2:
            a, b = factors
            yield from (other(factors), other((a, _flip(b))), other((_flip(a), b)))
        for place in range(len(factors) - 1):
            before, after = factors[:place], factors[place + 2 :]
            a, b = factors[place : place + 2]
            for pair in _pairs(a, b):
                yield kind((*before, *pair, *after))
            if len(factors) > 2:
                yield kind((*before, other((a, b)), *after))


def _pairs(a: Formula, b: Formula) -> tuple[tuple[Formula, Formula], ...]:
    """Two neighbours in the other order, and with their transpositions changed."""
    return (b, a), (_flip(a), _flip(b)), (_flip(b), _flip(a)), (b, _flip(a)), (_flip(b), a)


def _flip(formula: Formula) -> Formula:
    return formula.of if isinstance(formula, Transposed) else Transposed(formula)


__all__ = ["transposed"]
