"""From the formula of one neuron to that of its layer: W·x for Σ_k w_jk·x_k."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from derive.formula import (
    Formula,
    Hadamard,
    Layer,
    Negative,
    Neuron,
    Number,
    Product,
    Sum,
    SumOver,
    Transposed,
    product,
    total,
)


def lifted(formula: Formula, column: str = "") -> Formula:
    """A formula of single quantities for all numbers of its index letters: vectors and matrices.

        Σ_k w_jk·x_k: W·x    Σ_k w_kj·x_k: Wᵀ·x    Σ_m x_m·y_m: xᵀ·y
        x_j·y_i: x·yᵀ        x_j·y_j: x ⊙ y

    `column` is the letter i, where that of the rows is another one. The product with a number
    stays ·.
    """
    if isinstance(formula, Neuron):
        return Layer(formula.kind, formula.layer)
    if isinstance(formula, SumOver):
        return _lifted_sum(formula)
    if isinstance(formula, Product):
        return _lifted_product(formula.factors, column)
    parts = tuple(lifted(part, column) for part in formula.parts())
    return formula.rebuilt(parts) if parts else formula


def _is_weight(factor: Formula) -> bool:
    return isinstance(factor, Neuron) and factor.source is not None


def _lifted_sum(formula: SumOver) -> Formula:
    """A row times a column, or a matrix times one."""
    assert isinstance(formula.body, Product)
    factors = formula.body.factors
    first = next(filter(_is_weight, factors), factors[0])
    others = product(factor for factor in factors if factor is not first)
    along = isinstance(first, Neuron) and first.source == formula.index
    return Product((lifted(first) if along else Transposed(lifted(first)), lifted(others)))


def _lifted_product(factors: Sequence[Formula], column: str) -> Formula:
    """A column times a row; or entry by entry, with numbers before it."""
    if any(map(_is_weight, factors)):
        return product(map(lifted, factors))
    across = [f for f in factors if isinstance(f, Neuron) and f.index == column]
    if across:
        down = [factor for factor in factors if factor not in across]
        return Product((lifted(product(down)), Transposed(lifted(product(across)))))
    for bracket in factors:
        numbers = [t for t in bracket.parts() if _is_row_by_column(t)]
        if isinstance(bracket, Sum) and numbers:
            # A number for the whole layer is multiplied with the vector, and not entry by entry.
            others = product(factor for factor in factors if factor is not bracket)
            rest = total(term for term in bracket.terms if term not in numbers)
            scaled = (
                n.rebuilt((Product((lifted(others), lifted(n.term))),))
                if isinstance(n, Negative)
                else Product((lifted(others), lifted(n)))
                for n in numbers
            )
            return total([lifted(product([others, rest])), *scaled])
    plain = [f for f in factors if isinstance(f, Number)]
    value = prod((f.value for f in plain if not f.text), start=Fraction(1))
    columns = [lifted(factor) for factor in factors if factor not in plain]
    multiplied = Hadamard(tuple(columns)) if len(columns) > 1 else product(columns)
    return product([Number(value), *(f for f in plain if f.text), multiplied])


def _is_row_by_column(term: Formula) -> bool:
    """Whether a term is a sum over vectors, and so a number for the whole layer."""
    term = term.term if isinstance(term, Negative) else term
    if not isinstance(term, SumOver):
        return False
    return not any(map(_is_weight, term.body.parts()))
