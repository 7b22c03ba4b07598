"""Formulas of vectors and matrices, entry by entry: W₃ᵀδ_d ⊙ out_c as sums of products."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from derive.calculus.array_slopes import MORE_THAN_TWO, Slopes, chained
from derive.calculus.entries import (
    Entries,
    ShapeError,
    UnreadArrayError,
    column,
    diagonal,
    each,
    flat,
    is_scalar,
    is_vector,
    multiplied,
    norm,
    shape_of,
    shares,
    transposed,
)
from derive.calculus.indices import Indices
from derive.calculus.readings import DOTS, POWERS, Reading
from derive.formula import (
    DIAGONAL,
    NORM,
    ONE,
    ZERO,
    Array,
    Call,
    Cases,
    Composite,
    Delta,
    Dot,
    Formula,
    Gradient,
    Grid,
    Hadamard,
    Layer,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Renewed,
    Sum,
    SumOver,
    Transposed,
    Updated,
    is_matrix,
    number,
    product,
    total,
)
from derive.functions import SOFTMAX

_MATRICES = ("weight", "mask")
_SIGNS: dict[type[Formula], str] = {Sum: "+", Hadamard: "⊙", Quotient: "/"}
"""What stands between entries that are put together entry by entry."""
_BY_ENTRIES = (Negative, Sum, Hadamard, Call, Quotient, Cases)
_OF_ALL = {SOFTMAX: shares, DIAGONAL: diagonal, NORM: norm}
"""Functions of a vector or matrix as a whole."""
MOST_POWER = 20
"""The highest power of a matrix that is multiplied out."""


class Matrices:
    """Matrix formulas over one model, in one reading."""

    def __init__(self, indices: Indices, reading: Reading | None = None) -> None:
        self._indices = indices
        self._reading = Reading() if reading is None else reading

    def shape(self, layer: Layer) -> tuple[int, int]:
        """Rows and columns of a vector or matrix."""
        rows = self._indices.size(layer.layer)
        return rows, self._indices.size(layer.layer - 1) if layer.kind in _MATRICES else 1

    def entries(self, formula: Formula) -> Entries:
        """The entries of `formula`, row by row; a scalar is 1 × 1. Raises :class:`ShapeError`."""
        value = self._value(formula)
        if isinstance(value, Slopes):
            raise UnreadArrayError(MORE_THAN_TWO)
        return value

    def _value(self, formula: Formula) -> Entries | Slopes:
        if not is_matrix(formula):
            return [[formula]]
        way = _WAYS.get(type(formula))
        if way is not None:
            found: Entries | Slopes = getattr(self, way)(formula)
            return found
        if isinstance(formula, Call) and formula.function in _OF_ALL:
            return _OF_ALL[formula.function](self.entries(formula.argument))
        if not isinstance(formula, _BY_ENTRIES):
            raise UnreadArrayError("this is not read of vectors or matrices; write its entries")
        combine = product if isinstance(formula, Hadamard) else formula.rebuilt
        parts = [self.entries(part) for part in formula.parts()]
        return each(parts, combine, _SIGNS.get(type(formula), ""))

    def _renewed(self, formula: Renewed) -> Entries:
        """The values after a step of gradient descent."""
        return [
            [Updated(entry.name) if isinstance(entry, Name) else entry for entry in row]
            for row in self.entries(formula.of)
        ]

    def _transposed(self, formula: Transposed) -> Entries:
        return transposed(self.entries(formula.of))

    # What has a name.

    def _layer(self, layer: Layer) -> Entries:
        rows, columns = self.shape(layer)
        places = self._indices.places
        if layer.kind == "delta":
            return [[Delta(places["net", layer.layer, j, None])] for j in range(1, rows + 1)]
        if layer.kind not in _MATRICES:
            return [[Name(places[layer.kind, layer.layer, j, None])] for j in range(1, rows + 1)]
        return [
            [self._weight(layer, j, i) for i in range(1, columns + 1)] for j in range(1, rows + 1)
        ]

    def _array(self, array: Array) -> Entries:
        assert isinstance(array.of, Name), "index letters are replaced before"
        found = [list(row) for row in self._indices.arrays.entries[array.of.name]]
        question = self._indices.arrays.turned(array.of.name)
        return transposed(found) if question and self._reading(question) else found

    def _weight(self, layer: Layer, j: int, i: int) -> Formula:
        """A weight, 0 where it is missing; of the mask 1 and 0."""
        missing = self._indices.is_missing("weight", layer.layer, j, i)
        if layer.kind == "mask" or missing:
            return ZERO if missing else ONE
        return Name(self._indices.places["weight", layer.layer, j, i])

    def _grid(self, grid: Grid) -> Entries:
        """What is written out: of numbers and formulas, or of vectors beside each other."""
        cells = [self.entries(cell) for cell in grid.cells]
        rows = [cells[at : at + grid.columns] for at in range(0, len(cells), grid.columns)]
        found: Entries = []
        for row in rows:
            if len({len(cell) for cell in row}) > 1:
                raise ShapeError("the cells of a row do not have the same height")
            found += [[x for part in line for x in part] for line in zip(*row, strict=True)]
        if len({len(line) for line in found}) > 1:
            raise ShapeError("the rows of a matrix do not have the same length")
        return found

    # Products and powers.

    def _product(self, formula: Product) -> Entries | Slopes:
        value: Entries | Slopes | None = None
        for factor in formula.factors:
            right = self._value(factor)
            if value is None:
                value = right
            elif isinstance(value, Slopes) or isinstance(right, Slopes):
                value = self._through(value, right)
            else:
                value = self._times(value, right, is_matrix(factor))
        assert value is not None
        return value

    def _through(self, one: Entries | Slopes, other: Entries | Slopes) -> Entries | Slopes:
        """A product with the derivatives of a vector or matrix by a matrix: the chain rule."""
        slopes, weights = (one, other) if isinstance(one, Slopes) else (other, one)
        assert isinstance(slopes, Slopes)
        if isinstance(weights, Slopes):
            raise UnreadArrayError(MORE_THAN_TWO)
        if is_scalar(weights):
            return slopes.times(weights[0][0])
        made = slopes.contracted(weights)
        model = self._indices.model
        self._reading.loose |= not slopes.is_diagonal(model) or slopes.is_repeated(model)
        return made

    def _times(self, value: Entries, right: Entries, is_array: bool) -> Entries:
        if is_scalar(value) or (is_scalar(right) and not is_array):
            return each([value, right], product)
        if len(value[0]) == len(right):
            return multiplied(value, right)
        if is_scalar(right):
            return each([value, right], product)
        across, down = len(value[0]), len(right)
        raise ShapeError(
            f"shapes {shape_of(value)} · {shape_of(right)} do not fit: the first has"
            f" {across} column{'s' if across != 1 else ''}, the second"
            f" {down} row{'s' if down != 1 else ''}"
        )

    def _dot(self, dot: Dot) -> Entries | Slopes:
        """X · y: of two vectors that stand alike the inner product, else as without the sign."""
        left, right = self._value(dot.left), self._value(dot.right)
        if isinstance(left, Slopes) or isinstance(right, Slopes):
            return self._through(left, right)
        if is_scalar(left) or shape_of(left) != shape_of(right):
            return self._times(left, right, is_matrix(dot.right))
        if self._reading(DOTS):
            return each([left, right], product)
        if is_vector(left):
            return multiplied([flat(left)], column(flat(right)))
        return self._times(left, right, is_array=True)

    def _power(self, power: Power) -> Entries:
        """A power: of a square matrix the product with itself, of all else entry by entry."""
        base, exponent = self.entries(power.base), power.exponent
        if isinstance(power.base, Call) and power.base.function == NORM and exponent == number(2):
            ((root,),) = base
            return [[root.parts()[0]]]
        entrywise = each([base], lambda parts: Power(parts[0], exponent))
        if is_scalar(base):
            return entrywise
        if not isinstance(exponent, Number) or exponent.value < 0:
            raise UnreadArrayError("a vector or matrix is read with exponents from 0 on only")
        if is_vector(base):
            return entrywise
        if len(base) != len(base[0]):
            raise UnreadArrayError("a power of a matrix may be meant entry by entry; write W ⊙ W")
        if self._reading(POWERS):
            return entrywise
        if exponent.value.denominator != 1 or exponent.value > MOST_POWER:
            raise UnreadArrayError(f"powers of matrices are whole, and up to {MOST_POWER}, here")
        made = diagonal(column([ONE] * len(base)))
        for _ in range(int(exponent.value)):
            made = multiplied(made, base)
        return made

    # Derivatives.

    def _partial(self, formula: Partial) -> Entries | Slopes:
        return self._slopes(formula).laid_out(self._reading, self._indices.model)

    def _gradient(self, formula: Gradient) -> Entries:
        slopes = self._slopes(formula)
        if not is_scalar(slopes.of):
            raise UnreadArrayError("∇ is read of numbers only; write ∂a/∂b")
        return slopes.by_number()

    def _composite(self, formula: Composite) -> Entries:
        factors = [
            self._slopes(f) if isinstance(f, Partial) else self.entries(f) for f in formula.factors
        ]
        slopes = [f for f in factors[1:] if isinstance(f, Slopes)]
        self._reading.loose |= any(f.is_repeated(self._indices.model) for f in slopes)
        return chained(iter(factors))

    def _slopes(self, formula: Gradient | Partial) -> Slopes:
        return Slopes(self.entries(formula.of), self.entries(formula.by))


_WAYS: dict[type[Formula], str] = {
    Layer: "_layer",
    Array: "_array",
    Grid: "_grid",
    Transposed: "_transposed",
    Renewed: "_renewed",
    Product: "_product",
    Dot: "_dot",
    Power: "_power",
    Partial: "_partial",
    Gradient: "_gradient",
    Composite: "_composite",
}
"""The method for each kind of formula that is no function of its parts entry by entry."""


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
