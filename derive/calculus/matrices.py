"""Formulas of vectors and matrices, entry by entry: W₃ᵀδ_d ⊙ out_c as sums of products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.calculus.array_slopes import MORE_THAN_TWO, WHICH_WAYS, Slopes, chained
from derive.calculus.entries import (
    Entries,
    Shape,
    ShapeError,
    UnreadArrayError,
    along,
    column,
    crossed,
    diagonal,
    dotted,
    each,
    flat,
    is_scalar,
    is_vector,
    may_be_spread,
    multiplied,
    norm,
    raised,
    shape,
    shares,
    spread,
    times,
    transposed,
    unit,
)
from derive.calculus.indices import Indices
from derive.calculus.readings import FLAT, SHARES, SPREAD, TRANSPOSED, VECTORS, WAYS, Reading
from derive.formula import (
    DIAGONAL,
    IDENTITY,
    NORM,
    ONE,
    ONES,
    ROW_OF_ONES,
    ZERO,
    Array,
    Call,
    Cases,
    Composite,
    Dot,
    Formula,
    Gradient,
    Grid,
    Hadamard,
    Held,
    Layer,
    Name,
    Negative,
    Neuron,
    Outer,
    Partial,
    Power,
    Product,
    Quotient,
    Renewed,
    Sum,
    Transposed,
    Unit,
    Updated,
    contains,
    is_matrix,
    number,
    product,
    way,
)
from derive.functions import SOFTMAX

_MATRICES = ("weight", "mask")
SIGNS: dict[type[Formula], str] = {Sum: "+", Hadamard: "⊙", Quotient: "/"}
"""What stands between entries that are put together entry by entry."""
_BY_ENTRIES = (Negative, Sum, Hadamard, Call, Quotient, Cases)
_OF_ALL = {DIAGONAL: diagonal, NORM: norm}
"""Functions of a vector or matrix as a whole."""
_WHOSE_I = "I may be the identity, or a name of your own; it is not right of the identity"


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
        return self._two(self._value(formula))

    def _two(self, value: Entries | Slopes | Unit) -> Entries:
        """What has rows and columns. Raises :class:`UnreadArrayError` for anything else."""
        if isinstance(value, Slopes):
            raise UnreadArrayError(MORE_THAN_TWO)
        if isinstance(value, Unit):
            raise UnreadArrayError("how many rows and columns I or 1 has here is not known")
        return value

    def sides(self, left: Formula, right: Formula) -> tuple[Entries, Entries]:
        """The entries of both sides of an equation."""
        if isinstance(left, Unit) or isinstance(right, Unit):
            left, right = (right, left) if isinstance(left, Unit) else (left, right)
            like = self.entries(left)
            return like, self._sized(right, like)
        one, other = self._beside(left, right), self._beside(right, left)
        return self._as_column(one, other, right), self._as_column(other, one, left)

    def _beside(self, formula: Formula, other: Formula) -> Entries:
        """The entries of one side; of ∂Z/∂X beside a written matrix Z and X are columns."""
        if isinstance(formula, Partial) and contains(other, Grid):
            slopes = self._slopes(formula)
            both = (slopes.of, slopes.by)
            if not any(map(is_scalar, both)) and not all(map(is_vector, both)):
                of, by = (column(self._flat(part)) for part in both)
                return self._two(Slopes(of, by).laid_out(self._reading, self._indices.model))
        return self.entries(formula)

    def _as_column(self, entries: Entries, other: Entries, written: Formula) -> Entries:
        """A matrix as the column that the other side is, if that is written out."""
        fits = len(other[0]) == 1 and len(other) == len(entries) * len(entries[0])
        if is_vector(entries) or not fits or not contains(written, Grid):
            return entries
        return column(self._flat(entries))

    def _flat(self, entries: Entries) -> list[Formula]:
        """The entries of a matrix one after the other, row by row or column by column."""
        turned = not is_vector(entries) and self._reading(FLAT)
        return flat(transposed(entries) if turned else entries)

    def _sized(self, formula: Formula, like: Entries) -> Entries:
        value = self._value(formula)
        return unit(value, like) if isinstance(value, Unit) else self.entries(formula)

    def _value(self, formula: Formula) -> Entries | Slopes | Unit:
        if isinstance(formula, Unit):
            if formula == IDENTITY:
                self._reading.loose = _WHOSE_I
            return formula
        if not is_matrix(formula):
            return [[formula]]
        found = way(self, formula)
        if found is not None:
            return found(formula)  # type: ignore[no-any-return]
        if isinstance(formula, Call) and formula.function == SOFTMAX:
            return self._shares(self.entries(formula.argument))
        if isinstance(formula, Call) and formula.function in _OF_ALL:
            return _OF_ALL[formula.function](self.entries(formula.argument))
        if not isinstance(formula, _BY_ENTRIES):
            raise UnreadArrayError("this is not read of vectors or matrices; write its entries")
        combine = product if isinstance(formula, Hadamard) else formula.rebuilt
        parts = self._alike(formula.parts())
        if isinstance(formula, Sum):
            parts = self._spread(formula.terms, parts)
        if isinstance(formula, Hadamard):
            parts = along(formula.factors, parts, self._reading)
        return each(parts, combine, SIGNS.get(type(formula), ""))

    def _shares(self, of: Entries) -> Entries:
        """The softmax of a vector; of a matrix that of each of its rows, as is usual."""
        if is_vector(of) or len(of) == 1:
            return shares(of)
        if self._reading(SHARES):
            return transposed([shares([row])[0] for row in transposed(of)])
        return [shares([row])[0] for row in of]

    def of_renewed(self, formula: Renewed) -> Entries:
        """The values after a step of gradient descent."""
        return [
            [Updated(entry.name) if isinstance(entry, Name) else entry for entry in row]
            for row in self.entries(formula.of)
        ]

    def _alike(self, formulas: Sequence[Formula]) -> list[Entries]:
        """The entries of parts that are put together entry by entry, I and 1 like the others."""
        known = [self.entries(part) for part in formulas if not isinstance(_core(part), Unit)]
        like = next((part for part in known if not is_scalar(part)), None)
        if len(known) == len(formulas) or like is None:
            return [self.entries(part) for part in formulas]
        return [self._unit_like(part, like) for part in formulas]

    def _spread(self, terms: Sequence[Formula], parts: list[Entries]) -> list[Entries]:
        """The parts of a sum; the bias of X W + b is added to each row, or to each column."""
        whole = next((shape(part) for part in parts if not is_vector(part)), None)
        if whole is None:
            return parts
        return [
            self._spread_over(whole, part) if isinstance(_core(term), Array | Layer) else part
            for term, part in zip(terms, parts, strict=True)
        ]

    def _spread_over(self, whole: Shape, part: Entries) -> Entries:
        by_columns, by_rows = may_be_spread(shape(part), whole)
        if not by_columns and not by_rows:
            return part
        on_rows = bool(self._reading(SPREAD)) if by_columns and by_rows else by_rows
        return spread(part, whole, on_rows=on_rows)

    def _unit_like(self, formula: Formula, like: Entries) -> Entries:
        """A part, in the shape of the others if it is I, 1 or −I."""
        if isinstance(formula, Negative) and isinstance(_core(formula), Unit):
            return each([self._unit_like(formula.term, like)], formula.rebuilt)
        return self._sized(formula, like)

    def of_transposed(self, formula: Transposed) -> Entries | Unit:
        if isinstance(formula.of, Unit):
            return formula.of if formula.of == IDENTITY else ROW_OF_ONES
        if isinstance(formula.of, Partial):
            model = self._indices.model
            # Who transposes a derivative of a vector means a matrix, if the shapes fit so.
            found = self._slopes(formula.of).laid_out(self._reading, model, TRANSPOSED)
            if isinstance(found, Slopes):
                raise UnreadArrayError(MORE_THAN_TWO)
            return transposed(found)
        return transposed(self.entries(formula.of))

    # What has a name.

    def of_layer(self, layer: Layer) -> Entries:
        rows, columns = self.shape(layer)
        sources = range(1, columns + 1) if layer.kind in _MATRICES else (None,)
        return [[self._entry(layer, j, i) for i in sources] for j in range(1, rows + 1)]

    def of_array(self, array: Array) -> Entries:
        assert isinstance(array.of, Name), "index letters are replaced before"
        found = [list(row) for row in self._indices.arrays.entries[array.of.name]]
        question = self._indices.arrays.turned(array.of.name)
        if question is VECTORS and self._indices.model.network.rows:
            return transposed(found)
        return transposed(found) if question and self._reading(question) else found

    def _entry(self, layer: Layer, j: int, i: int | None) -> Formula:
        """A neuron's quantity; a weight is 0 where it is missing, and the mask 1 or 0."""
        if layer.kind == "mask":
            return ZERO if self._indices.is_missing("weight", layer.layer, j, i) else ONE
        return self._indices.instance(Neuron(layer.kind, layer.layer, j, i), {})

    def of_grid(self, grid: Grid) -> Entries:
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

    def of_product(self, formula: Product) -> Entries | Slopes | Unit:
        value: Entries | Slopes | Unit | None = None
        for factor in self._chains(formula.factors):
            right = self._value(factor)
            if value is None or value == IDENTITY:
                value = right
            elif isinstance(value, Unit) or isinstance(right, Unit):
                value = self._with_unit(value, right)
            elif isinstance(value, Slopes) or isinstance(right, Slopes):
                value = self._through(value, right)
            else:
                value = times(value, right, is_matrix(factor))
        assert value is not None
        return value

    def _chains(self, factors: Sequence[Formula]) -> Iterator[Formula]:
        """The factors; ∂c/∂b ∂b/∂a as one, which is the chain rule in whichever layout."""
        runs: list[list[Formula]] = []
        for factor in factors:
            links = factor.factors if isinstance(factor, Composite) else (factor,)
            before = runs[-1][-1] if runs else None
            if isinstance(before, Partial) and self._leads_on(before, links[0]):
                runs[-1] += links
            else:
                runs.append([*links])
        for run in runs:
            yield run[0] if len(run) == 1 else Composite(tuple(run))

    def _leads_on(self, before: Partial, link: Formula) -> bool:
        """Whether a derivative of a vector by a vector begins with what one before it ends with."""
        if not isinstance(link, Partial) or _core(link.of) != before.by:
            return False
        ends = [self.entries(_core(of)) for of in (before.of, before.by, link.by)]
        return all(is_vector(of) and not is_scalar(of) for of in ends)

    def _with_unit(
        self, value: Entries | Slopes | Unit, right: Entries | Slopes | Unit
    ) -> Entries | Slopes:
        """A product with I, 1 behind a matrix, or 1ᵀ before one: sums of rows or columns."""
        if right == IDENTITY and not isinstance(value, Unit):
            return value
        if value == ROW_OF_ONES and isinstance(right, list):
            return multiplied([[ONE] * len(right)], right)
        if right == ONES and isinstance(value, list):
            return multiplied(value, column([ONE] * len(value[0])))
        raise UnreadArrayError("how many rows and columns I or 1 has here is not known")

    def _through(self, one: Entries | Slopes, other: Entries | Slopes) -> Entries | Slopes:
        """A product with the derivatives of a vector or matrix by a matrix: the chain rule."""
        slopes, weights = (one, other) if isinstance(one, Slopes) else (other, one)
        assert isinstance(slopes, Slopes)
        if isinstance(weights, Slopes):
            raise UnreadArrayError(MORE_THAN_TWO)
        if is_scalar(weights):
            return slopes.times(weights[0][0])
        made = self._settled(slopes).contracted(weights)
        if not slopes.is_diagonal(self._indices.model):
            self._reading.loose = WHICH_WAYS
        return made

    def _settled(self, slopes: Slopes) -> Slopes:
        """Derivatives of h_t by W as they are meant: through h_{t−1}, too, or the direct ones."""
        model = self._indices.model
        if slopes.direct is not None or not slopes.is_repeated(model):
            return slopes
        if self._reading(WAYS):
            return replace(slopes, direct=self._indices.chain)
        self._reading.loose = WHICH_WAYS
        return slopes

    def of_dot(self, dot: Dot) -> Entries | Slopes:
        """X · y; a derivative with more than two indices is one factor of the chain rule."""
        left, right = self._value(dot.left), self._value(dot.right)
        if isinstance(left, Unit) or isinstance(right, Unit):
            raise UnreadArrayError("a point beside I or 1 is not read; write none")
        if isinstance(left, Slopes) or isinstance(right, Slopes):
            return self._through(left, right)
        return dotted(left, right, is_matrix(dot.right), self._reading)

    def of_outer(self, outer: Outer) -> Entries:
        return crossed(self.entries(outer.left), self.entries(outer.right), self._reading)

    def of_power(self, power: Power) -> Entries:
        """A power; the square of a norm is the sum under its root."""
        base = self.entries(power.base)
        of_norm = isinstance(power.base, Call) and power.base.function == NORM
        if of_norm and power.exponent == number(2):
            ((root,),) = base
            return [[root.parts()[0]]]
        if isinstance(power.base, Call) and power.base.function not in _OF_ALL:
            # tanh²(Z) is a function of each entry, as tanh is.
            return each([base], lambda parts: Power(parts[0], power.exponent))
        return raised(base, power.exponent, self._reading)

    # Derivatives.

    def of_partial(self, formula: Partial) -> Entries | Slopes:
        return self._slopes(formula).laid_out(self._reading, self._indices.model)

    def of_gradient(self, formula: Gradient) -> Entries:
        slopes = self._slopes(formula)
        if not is_scalar(slopes.of):
            raise UnreadArrayError("∇ is read of numbers only; write ∂a/∂b")
        return slopes.by_number()

    def of_composite(self, formula: Composite) -> Entries:
        first, *links = formula.factors
        begin = self._slopes(first) if isinstance(first, Partial) else self.entries(first)
        slopes = [self._slopes(link) for link in links if isinstance(link, Partial)]
        if len(slopes) < len(links):
            raise UnreadArrayError("prod is read of derivatives ∂a/∂b")
        return chained(begin, list(map(self._settled, slopes)), self._reading)

    def _slopes(self, formula: Gradient | Partial) -> Slopes:
        of, by = formula.of, self.entries(formula.by)
        if not isinstance(of, Held):
            return Slopes(self.entries(of), by)
        held = {
            e.name for one in of.arguments for e in flat(self.entries(one)) if isinstance(e, Name)
        }
        return Slopes(self.entries(of.of), by, self._indices.chain, frozenset(held) or None)


def _core(formula: Formula) -> Formula:
    """What a formula is out of its sign, its transposition and what it is a function of."""
    while isinstance(formula, Negative | Transposed | Held):
        formula = formula.parts()[0]
    return formula
