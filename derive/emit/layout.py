"""Breaking long equations: one routine for every format.

A chain is broken at its equals signs first; a side that is still too wide at the + of its
outermost level, as many terms to a line as fit; a term that is still too wide at its ·, then
inside its brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, zip_longest

from derive.emit.emitter import Emitter, Measure
from derive.emit.pieces import Piece, one_line
from derive.formula import Equation, Name, Number, Partial

LINE = 38.4
"""The width of a line of mathematics beside its number, in em."""
MOST_COLUMNS = 5
"""Short equations that share a line."""
Columns = int | tuple[int, ...]
"""The most columns of a display, or how many of its equations are a group that shares a line."""
_INDENT = 2.0
_WIDE_LEFT = 0.36
_SHORT = 0.25
"""A last line of less, in parts of a whole one, is filled up with what stands before it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an equation, to be aligned at the boundary between `left` and `right`.

    `indent` counts the steps by which a line is moved to the right; one that is `continued` begins
    with a sign or a factor in the middle of a side.
    """

    left: str
    right: str
    indent: int = 0
    continued: bool = False


@dataclass(slots=True)
class Line:
    """A line that is being filled."""

    text: str
    indent: int
    width: float


def wrapped(
    pieces: Sequence[Piece], limit: float, measure: Measure, step: float = _INDENT
) -> list[Line]:
    """`pieces` as lines no wider than `limit`, as far as the pieces themselves allow.

    What does not fit is broken at its outermost signs. It begins a line of its own and goes on
    indented by a `step`; without a step it begins in the line that is being filled.
    """
    lines: list[Line] = []

    def add(pieces: Sequence[Piece], indent: int, *, begins: bool) -> None:
        width = _width(pieces, measure)
        if not begins and lines[-1].width + width <= limit - lines[-1].indent * step:
            lines[-1].text += one_line(pieces)
            lines[-1].width += width
            return
        level = min((piece.level for piece in pieces[1:] if piece.level >= 0), default=None)
        if level is None or width <= limit - indent * step:
            lines.append(Line(one_line(pieces), indent, width))
            return
        starts = [0, *(n for n, piece in enumerate(pieces) if n and piece.level == level)]
        for start, end in pairwise([*starts, len(pieces)]):
            begun = not start and (begins or step > 0)
            add(pieces[start:end], indent + (start > 0), begins=begun)

    add(pieces, 0, begins=True)
    return lines


def _balanced(pieces: Sequence[Piece], limit: float, measure: Measure) -> list[Line]:
    """`pieces` as lines of which the last is not very short, in as few as there have to be."""
    found = lines = wrapped(pieces, limit, measure)
    narrower = limit
    while len(found) == len(lines) > 1 and found[-1].width < _SHORT * limit < narrower:
        lines, narrower = found, narrower - _SHORT * limit / 2
        found = wrapped(pieces, narrower, measure)
    return found if len(found) == len(lines) else lines


def _width(pieces: Sequence[Piece], measure: Measure) -> float:
    """The width of pieces beside each other; the pieces recur, and are measured once."""
    return sum(measure(piece.text) for piece in pieces)


def rows(equation: Equation, emitter: Emitter, measure: Measure, limit: float = LINE) -> list[Row]:
    """The rows of one equation, aligned at its equals signs.

    A wide left side stands on a line of its own, so that the right side has room. Where there
    is room, what a side comes to, a number, stands behind that side, and so does any side behind
    one that is only another name.
    """
    return _rows(equation, _sides(equation, emitter), emitter, measure, limit)


def _sides(equation: Equation, emitter: Emitter) -> list[Sequence[Piece]]:
    """The sides of an equation as they are written."""
    return [emitter.pieces(side) for side in equation.sides]


def _rows(
    equation: Equation,
    written: Sequence[Sequence[Piece]],
    emitter: Emitter,
    measure: Measure,
    limit: float = LINE,
) -> list[Row]:
    """The rows of an equation whose sides are written so."""
    heads, *sides = written
    if not sides:
        return _alone(wrapped(heads, limit, measure))
    signs = [f"{sign} " for sign in emitter.signs(equation)]
    equals = f"{emitter.equals} "
    left, left_width = one_line(heads), _width(heads, measure)
    widths = [measure(equals) + _width(side, measure) for side in sides]
    if left_width + sum(widths) <= limit:
        shown = [sign + one_line(side) for sign, side in zip(signs, sides, strict=True)]
        return [Row(left, " ".join(shown))]
    alone = left_width > _WIDE_LEFT * limit and max(widths) > limit - left_width
    out: list[Row] = []
    if alone:
        out += _alone(wrapped(heads, limit, measure))
        left = ""
    room = limit - (_INDENT if alone else left_width) - measure(equals)
    called = False
    for sign, side, formula in zip(signs, sides, equation.sides[1:], strict=True):
        joined, called = called or isinstance(formula, Number), isinstance(formula, Name | Partial)
        if out and joined:
            before = out[-1]
            longer = f"{before.right} {sign}{one_line(side)}"
            if measure(longer) <= room - (before.indent - alone) * _INDENT:
                out[-1] = replace(before, right=longer)
                continue
        for number, line in enumerate(_balanced(side, room, measure)):
            text = sign + line.text if number == 0 else line.text
            indent = alone + max(line.indent, int(number > 0))
            out.append(Row(left, text, indent, continued=number > 0))
            left = ""
    return out


def _alone(lines: Sequence[Line]) -> list[Row]:
    """The rows of a side that has no equals sign before it."""
    return [Row("", line.text, line.indent, continued=line.indent > 0) for line in lines]


def block(
    equations: Sequence[Equation],
    emitter: Emitter,
    measure: Measure,
    limit: float = LINE,
    most: Columns = MOST_COLUMNS,
) -> list[list[Row]]:
    """Several equations under one number: lines of cells, all aligned at their equals signs.

    Short equations share a line, in at most so many columns, or in groups.
    """
    written = [_sides(equation, emitter) for equation in equations]
    lefts = [_width(heads, measure) for heads, *_ in written]
    equals = measure(emitter.equals)
    rights = [
        sum(_width(side, measure) for side in sides) + len(sides) * equals for _, *sides in written
    ]
    counts = _shared(list(zip(lefts, rights, strict=True)), limit, emitter.gutter, most)
    if max(counts) > 1:
        cells = iter(
            _rows(equation, sides, emitter, measure)[0]
            for equation, sides in zip(equations, written, strict=True)
        )
        return [list(islice(cells, count)) for count in counts]
    # All equations are aligned at their equals signs, so the widest left side takes room from all.
    spare = min(max(lefts), _WIDE_LEFT * limit)
    return [
        [row]
        for equation, sides, left in zip(equations, written, lefts, strict=True)
        for row in _rows(equation, sides, emitter, measure, limit - max(0.0, spare - left))
    ]


def _shared(
    widths: Sequence[tuple[float, float]], limit: float, gutter: float, most: Columns
) -> list[int]:
    """How many equations share each line; `widths` are theirs, left and right of the sign.

    Where the groups do not fit, each equation has a line of its own.
    """
    number = len(widths)
    if isinstance(most, int):
        # As many lines with fewer columns have no nearly empty line at the end.
        columns = {-(-number // -(-number // count)) for count in range(min(most, number), 0, -1)}
        choices = [_filled(number, count) for count in sorted(columns, reverse=True)]
    else:
        choices = [list(most)]
    return next((c for c in choices if _across(widths, c, gutter) <= limit), [1] * number)


def _filled(number: int, columns: int) -> list[int]:
    """Lines of so many columns, the last of what is left."""
    return [min(columns, number - start) for start in range(0, number, columns)]


def _across(widths: Sequence[tuple[float, float]], counts: Sequence[int], gutter: float) -> float:
    """The width of lines of so many equations each, in columns aligned at their signs."""
    cells = iter(widths)
    lines = [list(islice(cells, count)) for count in counts]
    columns = list(zip_longest(*lines, fillvalue=(0.0, 0.0)))
    sides: float = sum(max(side) for column in columns for side in zip(*column, strict=True))
    return sides + gutter * (len(columns) - 1)


def column(
    equations: Sequence[Equation], emitter: Emitter, measure: Measure, limit: float, most: Columns
) -> list[list[Row]]:
    """Several equations under one number, each in lines of its own, however many columns fit."""
    return [[row] for equation in equations for row in rows(equation, emitter, measure, limit)]
