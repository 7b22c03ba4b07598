"""The entries of vectors and matrices, what is made of them row by row, and their products."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.calculus.readings import ALONG, DOTS, GRADIENT, OUTER, POWERS, SQUARES, Reading
from derive.formula import (
    IDENTITY,
    ONE,
    ZERO,
    Call,
    Formula,
    Number,
    Power,
    Quotient,
    Unit,
    has_slopes,
    number,
    product,
    total,
    walk,
)

Entries = list[list[Formula]]
Shape = tuple[int, int]
"""Rows and columns; of a number 1 and 1."""
HALF = number(1) / 2
MOST_WRITTEN = 1_500_000
"""Names, numbers and signs in all entries of a product of matrices."""


MOST_POWER = 20
"""The highest power of a matrix that is multiplied out."""


class ShapeError(ValueError):
    """The shapes of a matrix formula do not fit; the message says which.

    `of_rows` says it of the formula of rows, xW for Wx, that was turned into this one of columns.
    """

    def __init__(self, message: str = "", of_rows: str = "") -> None:
        super().__init__(message)
        self._of_rows = of_rows

    def for_rows(self) -> ShapeError:
        """The same, as it is said of a formula of rows."""
        return ShapeError(self._of_rows) if self._of_rows else self


class UnreadArrayError(ShapeError):
    """A formula of vectors or matrices that is not read, whatever its shapes are."""


class TooManyError(ValueError):
    """An equation stands for more single equations, or longer ones, than are looked at."""


def _size(formula: Formula) -> int:
    return sum(1 for _ in walk(formula))


def is_scalar(entries: Entries) -> bool:
    """Whether there is a single entry."""
    return len(entries) == 1 and len(entries[0]) == 1


def is_vector(entries: Entries) -> bool:
    """Whether the entries stand in a single row or column."""
    return len(entries) == 1 or len(entries[0]) == 1


def shape(entries: Sequence[Sequence[Formula]]) -> Shape:
    """Rows and columns."""
    return len(entries), len(entries[0])


def shape_of(entries: Entries) -> str:
    """Rows and columns, as they are said: 3×2."""
    return said(shape(entries))


def said(shape: Shape) -> str:
    """The same of a shape."""
    return f"{shape[0]}×{shape[1]}"


def misfit(first: Shape, second: Shape) -> ShapeError:
    """What is said of a product of matrices whose shapes do not fit."""
    return ShapeError(_product(first, second), _product(second[::-1], first[::-1]))


def _product(first: Shape, second: Shape) -> str:
    across, down = first[1], second[0]
    return (
        f"shapes {said(first)} · {said(second)} do not fit: the first has"
        f" {across} column{'s' if across != 1 else ''}, the second"
        f" {down} row{'s' if down != 1 else ''}"
    )


def misfit_of_parts(first: Shape, sign: str, second: Shape) -> ShapeError:
    """What is said of parts that are put together entry by entry."""
    message = "shapes {} {} {} do not fit".format
    return ShapeError(
        message(said(first), sign, said(second)),
        message(said(first[::-1]), sign, said(second[::-1])),
    )


def misfit_of_sides(left: Shape, right: Shape) -> ShapeError:
    """What is said of two sides of different shapes."""
    message = "the left side is {}, the right side {}".format
    return ShapeError(
        message(said(left), said(right)), message(said(left[::-1]), said(right[::-1]))
    )


def flat(entries: Entries) -> list[Formula]:
    """All entries, row by row."""
    return [entry for row in entries for entry in row]


def column(entries: Sequence[Formula]) -> Entries:
    """A column vector."""
    return [[entry] for entry in entries]


def transposed(entries: Entries) -> Entries:
    """The transpose."""
    return [list(row) for row in zip(*entries, strict=True)]


def multiplied(left: Entries, right: Entries) -> Entries:
    """The product of two matrices whose shapes fit; what is known to be 0 is left out.

    Raises :class:`TooManyError` where writing out its entries would take too much.
    """
    columns = transposed(right)
    each_entry = len(right) * (_size(left[0][0]) + _size(right[0][0]))
    if len(left) * len(columns) * each_entry > MOST_WRITTEN:
        raise TooManyError(
            f"the entries of a product of {shape_of(left)} · {shape_of(right)} are too long to be"
            " compared one by one"
        )
    return [
        [
            total(product([a, b]) for a, b in zip(row, column, strict=True) if ZERO not in (a, b))
            for column in columns
        ]
        for row in left
    ]


def each(
    parts: list[Entries], combine: Callable[[tuple[Formula, ...]], Formula], sign: str = "·"
) -> Entries:
    """Entry by entry; a number is taken for a matrix full of it."""
    full = next((p for p in parts if not is_scalar(p)), parts[0])
    rows, columns = len(full), len(full[0])
    wide = []
    for part in parts:
        if is_scalar(part):
            wide.append([[part[0][0]] * columns] * rows)
        elif (len(part), len(part[0])) != (rows, columns):
            raise misfit_of_parts((rows, columns), sign, shape(part))
        else:
            wide.append(part)
    return [
        [combine(tuple(part[r][c] for part in wide)) for c in range(columns)] for r in range(rows)
    ]


def along(factors: Sequence[Formula], parts: list[Entries], reading: Reading) -> list[Entries]:
    """The factors of δ U ⊙ f'(z): where gradients are rows a column is turned beside one."""
    shapes = {shape(part) for part in parts if not is_scalar(part)}
    if len(shapes) != 2 or not reading.answers.get(GRADIENT):
        return parts
    row, other = sorted(shapes)
    gradients = [has_slopes(f) for f, p in zip(factors, parts, strict=True) if shape(p) == row]
    if row[0] != 1 or other != row[::-1] or not any(gradients) or not reading(ALONG):
        return parts
    return [transposed(part) if shape(part) == other else part for part in parts]


def may_be_spread(part: Shape, whole: Shape) -> tuple[bool, bool]:
    """Whether a vector can be added to each column of a matrix, and whether to each row.

    One that lies as a row is added to rows; a column is often written for it, too: X W + b.
    """
    if 1 in whole or 1 not in part:
        return False, False
    length = max(part)
    return part == (whole[0], 1), length == whole[1]


def spread(entries: Entries, whole: Shape, *, on_rows: bool) -> Entries:
    """The matrix in which a vector stands in every row, or in every column."""
    rows, columns = whole
    values = flat(entries)
    return [list(values)] * rows if on_rows else [[value] * columns for value in values]


def times(value: Entries, right: Entries, is_array: bool) -> Entries:
    """X y: of a number and a matrix every entry times the number.

    `is_array` says that what is on the right is written as a matrix, even if it has one entry.
    Raises :class:`ShapeError` where the shapes do not fit.
    """
    if is_scalar(value) or (is_scalar(right) and not is_array):
        return each([value, right], product)
    if len(value[0]) == len(right):
        return multiplied(value, right)
    if is_scalar(right):
        return each([value, right], product)
    raise misfit(shape(value), shape(right))


def dotted(left: Entries, right: Entries, is_array: bool, reading: Reading) -> Entries:
    """X · y: of two vectors that stand alike the inner product, else as without the sign.

    So it is of two matrices of one shape that is not square, for which nothing else fits.
    """
    if is_scalar(left) or shape_of(left) != shape_of(right):
        return times(left, right, is_array)
    if reading(DOTS):
        return each([left, right], product)
    if is_vector(left) or len(left) != len(left[0]):
        return multiplied([flat(left)], column(flat(right)))
    return times(left, right, is_array=True)


def crossed(left: Entries, right: Entries, reading: Reading) -> Entries:
    """X ⊗ y: of two vectors every entry by every one, or entry by entry; of matrices that."""
    if is_scalar(left) or is_scalar(right):
        return each([left, right], product)
    alike = shape_of(left) == shape_of(right)
    if not (is_vector(left) and is_vector(right)):
        if not alike:
            raise UnreadArrayError("⊗ is read of two vectors, or of matrices of one shape")
        return each([left, right], product)
    if alike and reading(OUTER):
        return each([left, right], product)
    return multiplied(column(flat(left)), [flat(right)])


def raised(base: Entries, exponent: Formula, reading: Reading) -> Entries:
    """A power: of a square matrix the product with itself, of all else entry by entry.

    The square of a vector may be that of its length.
    """
    entrywise = each([base], lambda parts: Power(parts[0], exponent))
    if is_scalar(base):
        return entrywise
    if not isinstance(exponent, Number) or exponent.value < 0:
        raise UnreadArrayError("a vector or matrix is read with exponents from 0 on only")
    if is_vector(base):
        as_length = exponent.value == 2 and reading(SQUARES)
        return [[total(flat(entrywise))]] if as_length else entrywise
    if len(base) != len(base[0]):
        raise UnreadArrayError("a power of a matrix may be meant entry by entry; write W ⊙ W")
    if reading(POWERS):
        return entrywise
    if exponent.value.denominator != 1 or exponent.value > MOST_POWER:
        raise UnreadArrayError(f"powers of matrices are whole, and up to {MOST_POWER}, here")
    made = diagonal(column([ONE] * len(base)))
    for _ in range(int(exponent.value)):
        made = multiplied(made, base)
    return made


def shares(nets: Entries) -> Entries:
    """The softmax of all entries."""
    powers = [[Call("exp", net) for net in row] for row in nets]
    whole = total(power for row in powers for power in row)
    return [[Quotient(power, whole) for power in row] for row in powers]


def diagonal(entries: Entries) -> Entries:
    """The matrix with the entries of a vector along its diagonal."""
    if not is_vector(entries):
        raise UnreadArrayError("diag is read of a vector")
    values = flat(entries)
    return [
        [value if i == j else ZERO for j in range(len(values))] for i, value in enumerate(values)
    ]


def norm(entries: Entries) -> Entries:
    """The root of the sum of all squares."""
    return [[Power(total(Power(entry, number(2)) for entry in flat(entries)), HALF)]]


def unit(of: Unit, like: Entries) -> Entries:
    """The identity, or ones, in the shape of another matrix. Raises :class:`ShapeError`."""
    rows, columns = len(like), len(like[0])
    if of == IDENTITY and rows == columns:
        return diagonal(column([ONE] * rows))
    if of != IDENTITY and is_vector(like):
        return [[ONE] * columns for _ in range(rows)]
    raise ShapeError(f"{'I' if of == IDENTITY else '1'} would be {shape_of(like)} here")


def pairs(left: Entries, right: Entries) -> list[tuple[Formula, Formula]]:
    """The entries of both sides that should be equal. Raises :class:`ShapeError`."""
    if (len(left), len(left[0])) != (len(right), len(right[0])):
        for full, single in ((left, right), (right, left)):
            only = single[0][0] if is_scalar(single) else None
            if isinstance(only, Number) and only.value:
                raise UnreadArrayError("a vector or matrix is no number; write its entries")
            if isinstance(only, Number):
                return [(entry, only) for entry in flat(full)]
        raise misfit_of_sides(shape(left), shape(right))
    return list(zip(flat(left), flat(right), strict=True))
