"""Where everything in a picture stands: one geometry, from which all formats draw.

Columns from left to right; what leads over a column has a place of its own in it. Lines begin and
end at the sides of nodes, so that they meet no other; a label stands where no way leads through it,
and a connection that would run through one has a gap there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from derive.emit.latex import Latex
from derive.emit.measure import em_width
from derive.formula import Cases, Formula, Number, Power, Quotient, walk
from derive.model import Model
from derive.notes.blocks import Box, Line, Picture, Point
from derive.notes.graph import PLAIN, SKIPS, Arc, Graph

WIDEST = 16.0
"""In cm, the width of a page's text."""
EM, SMALL = 0.37, 0.31
"""In cm, of the text in nodes and beside lines."""
NODE, SLOPED, LABEL = 0.78, 0.94, 0.37
"""In cm, the heights of a node, of one with a slope, and of a label."""
LEAST_GAP, GAP = 1.3, 2.2
"""In cm, between columns."""
APART = (0.24, 0.5, 0.75)
"""In cm, between nodes: more where labels have no place otherwise."""
PASSING = 0.3
"""In cm, the room of a line that passes between nodes."""
WIDEST_LABEL = 1.7
MOST_LABELS = 12
"""Between two columns."""
WORTH_IT = 0.7
"""Vertices stay in their own order unless another order has only so many of the crossings."""
_SWEEPS = 6
_PLACES = tuple(place / 40 for place in range(6, 35))
"""Where along a line its label may stand."""
_MARGIN = 0.05
_DOTS = 0.4
_BENT = 0.3
"""In cm, how far a connection bends that skips to the next column."""


@dataclass
class _Item:
    """A vertex in its column, or a place where an arc leads over the column."""

    key: str
    column: int
    height: float
    vertex: bool
    y: float = 0.0


def draw(key: str, graph: Graph, model: Model) -> Picture:
    """The picture of a graph."""
    emitter = Latex(model)

    def wide(label: Formula, em: float) -> float:
        return em_width(emitter.inline(label)) * em

    arcs = _labelled(graph, wide)
    columns, chains = _with_passages(graph, arcs)
    if not graph.ordered:
        columns = _untangled(columns, chains)
    found: list[tuple[list[Box], list[Line], list[Box]]] = []
    for apart in APART:
        _set_heights(columns, chains, apart)
        boxes, edges = _placed(graph, columns, wide)
        lines = [_line(chain, arc, boxes, edges) for chain, arc in zip(chains, arcs, strict=True)]
        nodes = list(boxes.values())
        found.append((nodes, lines, _labels(arcs, lines, nodes, wide)))
        if len(found[-1][2]) == sum(arc.label is not None for arc in arcs):
            break
    nodes, lines, labels = max(found, key=lambda drawn: len(drawn[2]))
    cut = [piece for line in lines for piece in _cut(line, labels)]
    return _framed(key, nodes, cut, labels)


def _labelled(graph: Graph, wide: Callable[[Formula, float], float]) -> list[Arc]:
    """The arcs, without labels where these are too large or too many to be read."""
    arcs = [_sized(arc, wide) for arc in graph.arcs]
    gaps = [graph.vertices[arc.start].column for arc in arcs]
    crowd = Counter(gap for arc, gap in zip(arcs, gaps, strict=True) if arc.label is not None)
    return [
        arc if crowd[gap] <= MOST_LABELS else replace(arc, label=None)
        for arc, gap in zip(arcs, gaps, strict=True)
    ]


def _sized(arc: Arc, wide: Callable[[Formula, float], float]) -> Arc:
    """The arc without a label that is too large to stand beside a line."""
    if arc.label is None:
        return arc
    flat = not any(isinstance(node, Quotient | Power | Cases | Number) for node in walk(arc.label))
    return arc if flat and wide(arc.label, SMALL) <= WIDEST_LABEL else replace(arc, label=None)


# Columns.

Columns = list[list[_Item]]
Chain = list[_Item]


def _with_passages(graph: Graph, arcs: Sequence[Arc]) -> tuple[Columns, list[Chain]]:
    """The items of each column, and those that each arc leads along from its start to its end."""
    vertices = graph.vertices
    columns: Columns = [[] for _ in range(1 + max(v.column for v in vertices.values()))]
    items: dict[str, _Item] = {}
    for key, vertex in vertices.items():
        height = _DOTS if vertex.label is None else SLOPED if vertex.slope else NODE
        items[key] = _Item(key, vertex.column, height, vertex=True)
        columns[vertex.column].append(items[key])
    rank = {
        item.key: (place + 0.5) / len(column)
        for column in columns
        for place, item in enumerate(column)
    }
    chains: list[Chain] = []
    for number, arc in enumerate(arcs):
        start, end = items[arc.start], items[arc.end]
        chain = [start]
        for column in range(start.column + 1, end.column):
            part = (column - start.column) / (end.column - start.column)
            passage = _Item(f"{number} {column}", column, PASSING, vertex=False)
            rank[passage.key] = rank[start.key] * (1 - part) + rank[end.key] * part - 0.01
            columns[column].append(passage)
            chain.append(passage)
        chains.append([*chain, end])
    for items_there in columns:
        items_there.sort(key=lambda item: rank[item.key])
    return columns, chains


def _beside(chains: Iterable[Chain]) -> dict[str, tuple[list[_Item], list[_Item]]]:
    """What lines lead to each item from, and from it to."""
    found: dict[str, tuple[list[_Item], list[_Item]]] = {}
    for chain in chains:
        for left, right in pairwise(chain):
            found.setdefault(left.key, ([], []))[1].append(right)
            found.setdefault(right.key, ([], []))[0].append(left)
    return found


def _untangled(columns: Columns, chains: Sequence[Chain]) -> Columns:
    """Each column in the order of what leads to it or from it, if that has far fewer crossings."""
    beside = _beside(chains)
    found = [list(column) for column in columns]
    height: dict[str, float] = {}
    for column in found:
        height.update(_ranks(column))
    for sweep in range(_SWEEPS):
        backward = sweep % 2 == 1
        for column in reversed(found) if backward else found:
            middle = {}
            for item in column:
                others = beside.get(item.key, ([], []))[backward]
                heights = [height[other.key] for other in others] or [height[item.key]]
                middle[item.key] = round(sum(heights) / len(heights), 6)
            column.sort(key=lambda item: middle[item.key])
            height.update(_ranks(column))
    better = _crossings(found, chains) < WORTH_IT * _crossings(columns, chains)
    return found if better else columns


def _ranks(column: Sequence[_Item]) -> dict[str, float]:
    return {item.key: place - (len(column) - 1) / 2 for place, item in enumerate(column)}


def _crossings(columns: Columns, chains: Iterable[Chain]) -> int:
    """How many pairs of lines between neighbouring columns cross."""
    place = {item.key: n for column in columns for n, item in enumerate(column)}
    lines: dict[int, list[tuple[int, int]]] = {}
    for chain in chains:
        for left, right in pairwise(chain):
            lines.setdefault(left.column, []).append((place[left.key], place[right.key]))
    return sum(
        (a - c) * (b - d) < 0
        for between in lines.values()
        for (a, b), (c, d) in combinations(between, 2)
    )


def _set_heights(columns: Columns, chains: Sequence[Chain], apart: float) -> None:
    """Every item as near to the height of what it is joined with as its column allows."""
    beside = _beside(chains)
    for column in columns:
        _spread(column, [0.0] * len(column), apart)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            wanted = []
            for item in column:
                others = [x for side in beside.get(item.key, ([], [])) for x in side]
                heights = [x.y for x in others] or [item.y]
                wanted.append(sum(heights) / len(heights))
            _spread(column, wanted, apart)


def _spread(column: Sequence[_Item], wanted: Sequence[float], apart: float) -> None:
    """Heights with the least squares of what they differ from those `wanted`, so far `apart`.

    With the room that each needs taken off, the heights must not fall: what would is pooled.
    """
    offsets = [0.0]
    for above, below in pairwise(column):
        offsets.append(offsets[-1] + (above.height + below.height) / 2 + apart)
    pools: list[list[float]] = []
    for y, offset in zip(wanted, offsets, strict=False):
        pools.append([y - offset])
        while len(pools) > 1 and _mean(pools[-2]) >= _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    means = [_mean(pool) for pool in pools for _ in pool]
    for item, mean, offset in zip(column, means, offsets, strict=False):
        item.y = mean + offset


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


# Nodes and lines.


def _placed(
    graph: Graph, columns: Columns, wide: Callable[[Formula, float], float]
) -> tuple[dict[str, Box], list[tuple[float, float]]]:
    """The box of every vertex, and the left and right edge of every column."""
    widths: dict[str, float] = {}
    for key, vertex in graph.vertices.items():
        inside = 0.0 if vertex.label is None else wide(vertex.label, EM) + 0.3
        widths[key] = max(SLOPED if vertex.slope else NODE, inside)
    broad = [max((widths[i.key] for i in column if i.vertex), default=0.0) for column in columns]
    between = max(1, len(columns) - 1)
    gap = min(GAP, max(LEAST_GAP, (WIDEST - sum(broad)) / between))
    edges: list[tuple[float, float]] = []
    boxes: dict[str, Box] = {}
    left = 0.0
    for column, width in zip(columns, broad, strict=True):
        edges.append((left, left + width))
        for item in column:
            if item.vertex:
                v = graph.vertices[item.key]
                middle = left + width / 2
                boxes[item.key] = Box(
                    v.label, middle, item.y, widths[item.key], item.height, v.style, v.slope
                )
        left += width + gap
    return boxes, edges


def _line(
    chain: Chain, arc: Arc, boxes: Mapping[str, Box], edges: Sequence[tuple[float, float]]
) -> Line:
    """The line of an arc: from the side of a node, over the columns between, to that of another."""
    first, last = boxes[chain[0].key], boxes[chain[-1].key]
    points = [(first.x + first.width / 2, first.y), (edges[chain[0].column][1], first.y)]
    for item in chain[1:-1]:
        points += [(x, item.y) for x in edges[item.column]]
    if len(chain) == 2 and arc.style == SKIPS:
        points.append((sum(edges[chain[0].column + k][1 - k] for k in (0, 1)) / 2, first.y - _BENT))
    points += [(edges[chain[-1].column][0], last.y), (last.x - last.width / 2, last.y)]
    points = [(_round(x), _round(y)) for x, y in points]
    kept = [p for p, q in pairwise(points) if p != q]
    return Line((*kept, points[-1]), arc.style)


# Labels.


def _labels(
    arcs: Sequence[Arc],
    lines: Sequence[Line],
    nodes: Sequence[Box],
    wide: Callable[[Formula, float], float],
) -> list[Box]:
    """The labels of the arcs, each on its own line, where no other label, node or way is.

    Where there is no such place an arc has no label.
    """
    places: list[list[tuple[float, Box]]] = []
    for arc, line in zip(arcs, lines, strict=True):
        if arc.label is None:
            continue
        width = wide(arc.label, SMALL) + 0.1
        possible: list[tuple[float, Box]] = []
        for x, y, away in _along(line):
            box = Box(arc.label, x, y, width, LABEL, arc.style)
            met = [other.style for other in lines if other is not line and _meets(other, box)]
            if {*met} <= {PLAIN, SKIPS} and not any(overlap(box, other) for other in nodes):
                possible.append((len(met) + away, box))
        places.append(sorted(possible, key=lambda each: each[0]))
    found: list[Box] = []
    for possible in sorted(places, key=len):
        free = (box for _, box in possible if not any(overlap(box, other) for other in found))
        found += [box for box in [next(free, None)] if box is not None]
    return found


def _along(line: Line) -> Iterator[tuple[float, float, float]]:
    """Places on a line between two columns, and how far each is from the middle."""
    for (x, y), (to_x, to_y) in pairwise(line.points):
        if to_x - x >= LEAST_GAP / 2:
            for t in _PLACES:
                yield x + (to_x - x) * t, y + (to_y - y) * t, abs(t - 0.5)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have a place in common, or hardly anything between them."""
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 + _MARGIN
        and abs(one.y - other.y) < (one.height + other.height) / 2 + _MARGIN
    )


def _meets(line: Line, box: Box) -> bool:
    left, right = box.x - box.width / 2, box.x + box.width / 2
    return any(
        start[0] < right and end[0] > left and inside(start, end, box)
        for start, end in pairwise(line.points)
    )


def inside(start: Point, end: Point, box: Box) -> tuple[float, float] | None:
    """Which part of the way from one point to another lies in a box, from 0 to 1; none if empty."""
    low, high = 0.0, 1.0
    sizes = ((box.x, box.width), (box.y, box.height))
    for (middle, size), a, b in zip(sizes, start, end, strict=True):
        near, far = middle - size / 2, middle + size / 2
        if a == b:
            if not near < a < far:
                return None
            continue
        ends = sorted(((near - a) / (b - a), (far - a) / (b - a)))
        low, high = max(low, ends[0]), min(high, ends[1])
    return (low, high) if low < high - 1e-9 else None


def _cut(line: Line, labels: Sequence[Box]) -> Iterator[Line]:
    """What is left of a line outside of all labels."""
    piece = [line.points[0]]
    for start, end in pairwise(line.points):
        gaps = sorted(gap for gap in (inside(start, end, box) for box in labels) if gap)
        for low, high in gaps:
            piece.append(_at(start, end, low))
            yield from _whole(piece, line.style)
            piece = [_at(start, end, high)]
        piece.append(end)
    yield from _whole(piece, line.style)


def _whole(points: Sequence[Point], style: str) -> Iterator[Line]:
    """A line through these points, if it is more than a dot."""
    kept = [points[0], *(q for p, q in pairwise(points) if p != q)]
    if len(kept) > 1:
        yield Line(tuple(kept), style)


def _at(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _framed(key: str, nodes: list[Box], lines: list[Line], labels: list[Box]) -> Picture:
    """Everything moved so that the picture begins at its upper left corner."""
    ys = [y for line in lines for _, y in line.points]
    boxes = [*nodes, *labels]
    top = min([*ys, *(b.y - b.height / 2 for b in boxes)]) - _MARGIN
    bottom = max([*ys, *(b.y + b.height / 2 for b in boxes)]) + _MARGIN
    width = max(b.x + b.width / 2 for b in boxes) + 2 * _MARGIN

    def moved(box: Box) -> Box:
        return replace(box, x=_round(box.x + _MARGIN), y=_round(box.y - top))

    return Picture(
        key,
        tuple(map(moved, nodes)),
        tuple(
            Line(tuple((_round(x + _MARGIN), _round(y - top)) for x, y in line.points), line.style)
            for line in sorted(lines, key=lambda line: line.style != PLAIN)
        ),
        tuple(map(moved, labels)),
        _round(width),
        _round(bottom - top),
        _round(min(1.0, WIDEST / width)),
    )


def _round(value: float) -> float:
    return round(value, 3)
