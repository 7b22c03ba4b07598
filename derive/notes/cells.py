"""How large the nodes of a picture are, and the cells of those that are whole arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from derive.emit.latex import Latex
from derive.emit.measure import em_width
from derive.formula import Dots, Equation, Formula, Quotient, contains
from derive.model import Model
from derive.notes.blocks import Box, Row
from derive.notes.graph import PLAIN, Vertex
from derive.notes.labels import LABEL, SMALL

EM = 0.37
"""In cm, of the text in nodes."""
NODE, LINE, DOTS = 0.78, 0.36, 0.4
"""In cm, the height of a node, that of each line in it below its label, and that of dots."""
_FIRST = 0.12
"""In cm, how much of a node's height the first of these lines takes."""
_ABOVE = 0.08
"""In cm, between cells and the remarks below them."""
_LETTER = 0.5
"""In em, the width of a letter of words."""

Wide = Callable[[Formula | Equation | str, float], float]
"""The width in cm of what stands in text of this size."""


def measured(model: Model) -> Wide:
    """The widths of the formulas of a model, and of words."""
    return partial(_width, Latex(model))


def _width(emitter: Latex, label: Formula | Equation | str, em: float) -> float:
    if isinstance(label, str):
        return _LETTER * len(label) * em
    whole = emitter.chain(label) if isinstance(label, Equation) else emitter.inline(label)
    return em_width(whole) * em


@dataclass(frozen=True)
class Size:
    """How much room a vertex takes; how much of its width its cells, of its height its remarks."""

    width: float
    height: float
    cells: float = 0.0
    below: float = 0.0


def size(vertex: Vertex, wide: Wide) -> Size:
    """The size of a vertex, with all that stands in it."""
    if vertex.cells:
        widths, heights = _spans(vertex, wide)
        below = sum(map(_tall, vertex.rows)) + (_ABOVE if vertex.rows else 0)
        remarks = (wide(row.says, SMALL) for row in vertex.rows)
        return Size(max(sum(widths), *remarks, 0), sum(heights) + below, sum(widths), below)
    if vertex.label is None:
        return Size(NODE, DOTS)
    rows = vertex.lines
    inside = max([wide(vertex.label, EM), *(_row(row, wide) for row in rows)])
    return Size(max(NODE, inside + 0.3), NODE + LINE * len(rows) - (_FIRST if rows else 0))


def _row(row: Row, wide: Wide) -> float:
    """How wide a line of a node is; a slope is short, and some have a sign before them."""
    if row.kind == "slope":
        return 0.5
    return wide(row.says, SMALL) + (0.25 if row.kind in ("delta", "adjoint") else 0)


def cells(vertex: Vertex, box: Box, wide: Wide) -> tuple[list[Box], list[Box]]:
    """What a vertex is drawn with, `box` being its place: nodes, and words or dots beside them.

    Of an array the nodes are its cells, and below them stand its remarks.
    """
    if not vertex.cells:
        return ([], [box]) if isinstance(vertex.label, Dots) else ([box], [])
    nodes: list[Box] = []
    beside: list[Box] = []
    widths, heights = _spans(vertex, wide)
    y = box.y - box.height / 2
    for height, row in zip(heights, vertex.cells, strict=True):
        x = box.x - box.width / 2
        for width, cell in zip(widths, row, strict=True):
            place = Box(cell.label, x + width / 2, y + height / 2, width, height, cell.style)
            if isinstance(cell.label, Dots):
                beside.append(place)
            else:
                nodes.append(replace(place, rows=cell.lines, square=True))
            x += width
        y += height
    y += _ABOVE
    for said in vertex.rows:
        width, height = wide(said.says, SMALL), _tall(said)
        beside.append(Box(said.says, box.x, y + height / 2, width, height, vertex.style))
        y += height
    # Those that are marked come last, so that all of their border is seen.
    return sorted(nodes, key=lambda node: node.style != PLAIN), beside


def _tall(row: Row) -> float:
    """How high a remark below cells is."""
    says = row.says
    fraction = isinstance(says, Equation) and contains(says.right, Quotient)
    return LABEL * (1.4 if fraction else 1)


def _spans(vertex: Vertex, wide: Wide) -> tuple[Sequence[float], Sequence[float]]:
    """The widths of the columns of cells, and the heights of their rows."""
    columns = zip(*vertex.cells, strict=True)
    return [max(map(partial(_across, wide), column)) for column in columns], [
        max(size(cell, wide).height for cell in row) for row in vertex.cells
    ]


def _across(wide: Wide, cell: Vertex) -> float:
    return DOTS if cell.label is None or isinstance(cell.label, Dots) else size(cell, wide).width
