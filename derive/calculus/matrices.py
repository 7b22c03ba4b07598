"""Formulas of vectors and matrices, entry by entry: W₃ᵀδ_d ⊙ out_c as sums of products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod

from derive.calculus.indices import Indices
from derive.formula import (
    ONE,
    ZERO,
    Array,
    Call,
    Delta,
    Formula,
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
    product,
    total,
)
from derive.functions import SOFTMAX

Entries = list[list[Formula]]
_MATRICES = ("weight", "mask")
_SIGNS: dict[type[Formula], str] = {Sum: "+", Hadamard: "⊙", Quotient: "/"}
"""What stands between entries that are put together entry by entry."""


class ShapeError(ValueError):
    """The shapes of a matrix formula do not fit; the message says which."""


class UnreadArrayError(ShapeError):
    """A formula of vectors or matrices that is not read, whatever its shapes are."""


class Matrices:
    """Matrix formulas over one model."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices

    def shape(self, layer: Layer) -> tuple[int, int]:
        """Rows and columns of a vector or matrix."""
        rows = self._indices.size(layer.layer)
        return rows, self._indices.size(layer.layer - 1) if layer.kind in _MATRICES else 1

    def entries(self, formula: Formula) -> Entries:
        """The entries of `formula`, row by row; a scalar is 1 × 1. Raises :class:`ShapeError`."""
        if not is_matrix(formula):
            return [[formula]]
        match formula:
            case Layer() | Array():
                return self._layer(formula) if isinstance(formula, Layer) else self._array(formula)
            case Renewed(of):
                entries = self.entries(of)
                return [[Updated(e.name) if isinstance(e, Name) else e for e in r] for r in entries]
            case Transposed(of):
                return [list(row) for row in zip(*self.entries(of), strict=True)]
            case Product():
                return self._product(formula)
            case Call(function=name, argument=argument) if name == SOFTMAX:
                return _shares(self.entries(argument))
            case Power(base, exponent):
                return _each([self.entries(base)], lambda parts: Power(parts[0], exponent))
            case Partial(of, by) if not is_matrix(of):
                # By a weight that is missing there is nothing to differentiate.
                return _each(
                    [self.entries(by)],
                    lambda parts: ZERO if parts[0] == ZERO else Partial(of, parts[0]),
                )
            case Negative() | Sum() | Hadamard() | Call() | Quotient():
                combine = product if isinstance(formula, Hadamard) else formula.rebuilt
                parts = [self.entries(part) for part in formula.parts()]
                return _each(parts, combine, _SIGNS.get(type(formula), ""))
        raise UnreadArrayError("a derivative of vectors or matrices is not read; write its entries")

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
        return [list(row) for row in self._indices.arrays[array.of.name]]

    def _weight(self, layer: Layer, j: int, i: int) -> Formula:
        """A weight, 0 where it is missing; of the mask 1 and 0."""
        missing = self._indices.is_missing("weight", layer.layer, j, i)
        if layer.kind == "mask" or missing:
            return ZERO if missing else ONE
        return Name(self._indices.places["weight", layer.layer, j, i])

    def _product(self, formula: Product) -> Entries:
        value: Entries | None = None
        for factor in formula.factors:
            right = self.entries(factor)
            if value is None:
                value = right
            elif _is_scalar(value) or (_is_scalar(right) and not is_matrix(factor)):
                value = _each([value, right], product)
            elif len(value[0]) != len(right):
                across, down = len(value[0]), len(right)
                raise ShapeError(
                    f"shapes {_shape(value)} · {_shape(right)} do not fit: the first has"
                    f" {across} column{'s' if across != 1 else ''}, the second"
                    f" {down} row{'s' if down != 1 else ''}"
                )
            else:
                columns = list(zip(*right, strict=True))
                value = [
                    [
                        total(product([a, b]) for a, b in zip(row, column, strict=True))
                        for column in columns
                    ]
                    for row in value
                ]
        assert value is not None
        return value


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


def _is_scalar(entries: Entries) -> bool:
    return len(entries) == 1 and len(entries[0]) == 1


def _shape(entries: Entries) -> str:
    return f"{len(entries)}×{len(entries[0])}"


def _shares(nets: Entries) -> Entries:
    """The softmax of all entries."""
    powers = [[Call("exp", net) for net in row] for row in nets]
    whole = total(power for row in powers for power in row)
    return [[Quotient(power, whole) for power in row] for row in powers]


def _each(
    parts: list[Entries], combine: Callable[[tuple[Formula, ...]], Formula], sign: str = "·"
) -> Entries:
    """Entry by entry; a number is taken for a matrix full of it."""
    full = next((p for p in parts if not _is_scalar(p)), parts[0])
    rows, columns = len(full), len(full[0])
    wide = []
    for part in parts:
        if _is_scalar(part):
            wide.append([[part[0][0]] * columns] * rows)
        elif (len(part), len(part[0])) != (rows, columns):
            raise ShapeError(f"shapes {_shape(full)} {sign} {_shape(part)} do not fit")
        else:
            wide.append(part)
    return [
        [combine(tuple(part[r][c] for part in wide)) for c in range(columns)] for r in range(rows)
    ]


def pairs(left: Entries, right: Entries) -> list[tuple[Formula, Formula]]:
    """The entries of both sides that should be equal. Raises :class:`ShapeError`."""
    if (len(left), len(left[0])) != (len(right), len(right[0])):
        for full, single in ((left, right), (right, left)):
            if _is_scalar(single) and isinstance(single[0][0], Number):
                return [(entry, single[0][0]) for row in full for entry in row]
        raise ShapeError(f"the left side is {_shape(left)}, the right side {_shape(right)}")
    return [(a, b) for r, s in zip(left, right, strict=True) for a, b in zip(r, s, strict=True)]
