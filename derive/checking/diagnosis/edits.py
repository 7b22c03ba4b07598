"""Single edits of a formula that are tried one by one, where no value says which one is needed.

Beside a placeholder values are open, of index letters and matrices there are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from derive.calculus.entries import ShapeError, TooManyError
from derive.checking.diagnosis.sites import occurrences, replaced
from derive.checking.speller import Speller
from derive.exact.points import NoValueError
from derive.formula import (
    Array,
    Dot,
    Formula,
    Hadamard,
    Layer,
    Name,
    Product,
    Transposed,
    is_matrix,
)
from derive.grammar.findings import Finding
from derive.model import Model

MOST_TRIALS = 400


class Edit(NamedTuple):
    """One part of a formula, what stands for it, and the whole formula with that."""

    old: Formula
    new: Formula
    repaired: Formula

    def wrong_index(self, speller: Speller, *, whole: bool) -> Finding:
        """What is said of one name for another; to write is the `whole` side, or the name."""
        old, new, repaired = map(speller.inline, self)
        suggestion = repaired if whole else new
        message = f"{old} should be {new}"
        return Finding("wrong-index", message, suggestion=suggestion, repaired=repaired)


Alike = Callable[[Formula], Iterable[Formula]]
"""What a part of a formula may be confused with."""
Holds = Callable[[Formula, Formula], bool]


def right_edits(
    left: Formula, right: Formula, alike: Alike, holds: Holds, most: int = MOST_TRIALS
) -> Iterator[Edit]:
    """The edits of one part of `right` that make the equation right, of the first `most`.

    What repeats the left side is right and says nothing.
    """
    edits = (
        Edit(old, new, replaced(right, trail, new))
        for trail, old in occurrences(right)
        for new in alike(old)
    )
    for edit in islice(edits, most):
        if edit.repaired != left and tried(holds, left, edit.repaired):
            yield edit


def tried(holds: Holds, left: Formula, right: Formula) -> bool:
    """Whether an equation holds; one that says nothing does not."""
    try:
        return holds(left, right)
    except (NoValueError, TooManyError, ShapeError):
        return False


def of_the_same_layer(model: Model) -> Alike:
    """The other quantities of the layer and kind of one that is named."""

    def alike(node: Formula) -> Iterator[Formula]:
        if isinstance(node, Name):
            quantity = model.quantities[node.name]
            for other in model.having(quantity.role):
                if other.layer == quantity.layer and other.name != node.name:
                    yield Name(other.name)

    return alike


def turned(node: Formula) -> Iterator[Formula]:
    """What may be meant for one matrix, or one product of two neighbours."""
    if isinstance(node, Layer | Array | Transposed):
        yield _flip(node)
    elif isinstance(node, Dot):
        yield Hadamard(node.parts())
        for pair in _pairs(*node.parts()):
            yield Product(pair)
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
    """A part transposed, or no longer transposed; a number is neither."""
    if not is_matrix(formula):
        return formula
    return formula.of if isinstance(formula, Transposed) else Transposed(formula)
