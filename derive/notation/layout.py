"""Breaking long equations: one routine for every format.

A chain is broken at its equals signs first; a side that is still too wide at the + of its
outermost level, as many terms to a line as fit; a term that is still too wide at its ·, then
inside its brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.formula import Equation
from derive.notation.emitter import Emitter, Measure, Piece

LINE = 36.0
"""The width of a line of mathematics beside its number, in em."""
_INDENT = 2.0
_WIDE_LEFT = 0.36


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an equation, to be aligned at the boundary between `left` and `right`.

    `indent` counts the steps by which a continued line is moved to the right.
    """

    left: str
    right: str
    indent: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int


def wrapped(pieces: Sequence[Piece], limit: float, measure: Measure, indent: int = 0) -> list[_Line]:
    """`pieces` as lines no wider than `limit`, as far as the pieces themselves allow."""
    text = "".join(piece.text for piece in pieces)
    room = limit - indent * _INDENT
    levels = sorted({piece.level for piece in pieces[1:] if piece.level >= 0})
    if measure(text) <= room or not levels:
        return [_Line(text, indent)]
    segments: list[list[Piece]] = [[pieces[0]]]
    for piece in pieces[1:]:
        if piece.level == levels[0]:
            segments.append([piece])
        else:
            segments[-1].append(piece)
    done: list[_Line] = []
    current = ""
    at = indent
    for number, segment in enumerate(segments):
        deeper = indent if number == 0 else indent + 1
        part = "".join(piece.text for piece in segment)
        if current and measure(current + part) <= limit - at * _INDENT:
            current += part
            continue
        if current:
            done.append(_Line(current, at))
        lines = wrapped(segment, limit, measure, deeper)
        done += lines[:-1]
        current, at = lines[-1].text, lines[-1].indent
    done.append(_Line(current, at))
    return done


def rows(equation: Equation, emitter: Emitter, measure: Measure, limit: float = LINE) -> list[Row]:
    """The rows of one equation, aligned at its equals signs.

    A wide left side stands on a line of its own, so that the right side has room.
    """
    left = emitter.inline(equation.left)
    if len(equation.sides) == 1:
        lines = wrapped(emitter.pieces(equation.left), limit, measure)
        return [Row("", line.text, line.indent) for line in lines]
    sides = [emitter.pieces(side) for side in equation.sides[1:]]
    equals = f"{emitter.equals} "
    whole = sum(measure(equals + "".join(p.text for p in side)) for side in sides)
    if measure(left) + whole <= limit:
        return [Row(left, " ".join(equals + "".join(p.text for p in side) for side in sides))]
    alone = (
        measure(left) > _WIDE_LEFT * limit
        and max(measure(equals + "".join(p.text for p in side)) for side in sides)
        > limit - measure(left)
    )
    out: list[Row] = []
    if alone:
        heads = wrapped(emitter.pieces(equation.left), limit, measure)
        out += [Row("", head.text, head.indent) for head in heads]
        left = ""
    room = limit - (_INDENT if alone else measure(left)) - measure(equals)
    for side in sides:
        for number, line in enumerate(wrapped(side, room, measure)):
            text = equals + line.text if number == 0 else line.text
            base = 1 if alone else 0
            out.append(Row(left, text, base + line.indent + (number > 0)))
            left = ""
    return out


def block(
    equations: Sequence[Equation], emitter: Emitter, measure: Measure, limit: float = LINE
) -> list[list[Row]]:
    """Several equations under one number: lines of cells, all aligned at their equals signs.

    Short equations share a line, in columns.
    """
    widths = [measure(emitter.chain(equation)) for equation in equations]
    columns = 1
    if len(equations) > 3 and all(len(equation.sides) == 2 for equation in equations):
        columns = max(1, min(3, int((limit + 2) // (max(widths) + 2))))
    if columns > 1:
        cells = [rows(equation, emitter, measure)[0] for equation in equations]
        return [cells[start : start + columns] for start in range(0, len(cells), columns)]
    widest = max(measure(emitter.inline(e.left)) for e in equations)
    spare = min(widest, _WIDE_LEFT * limit)
    return [
        [row]
        for equation in equations
        for row in rows(
            equation, emitter, measure,
            limit - max(0.0, spare - measure(emitter.inline(equation.left))),
        )
    ]
