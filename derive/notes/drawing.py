"""Where everything in a picture stands: one geometry, from which all formats draw.

Columns from left to right; what leads over a column has a place of its own in it. Lines begin and
end at the sides of nodes, so that they meet no other; a label stands where no way leads through it,
and a connection that would run through one has a gap there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from derive.formula import Cases, Equation, Formula, Number, Power, Quotient, contains
from derive.model import Model
from derive.notes.blocks import Box, Line, Picture
from derive.notes.cells import Size, Wide, cells, measured, size
from derive.notes.graph import PLAIN, SKIPS, Arc, Graph
from derive.notes.labels import LABEL, MARGIN, SMALL, cut, placed_labels

WIDEST = 16.0
"""In cm, the width of a page's text."""
NARROW, LABELLED, GAP = 0.8, 1.3, 2.2
"""In cm, between columns: at least, at least where labels are, and at most."""
APART = (0.24, 0.5, 0.75)
"""In cm, between nodes: more where labels have no place otherwise."""
PASSING = 0.3
"""In cm, the room of a line that passes between nodes."""
WIDEST_LABEL = 2.5
MOST_LABELS = 12
"""Between two columns."""
_SWEEPS = 6
_AROUND = 0.22
"""In cm, how far a band reaches beyond what is in it."""
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


def draw(key: str, graph: Graph, model: Model, widest: float = WIDEST) -> Picture:
    """The picture of a graph, made smaller where it is wider than `widest`, in cm."""
    wide = measured(model)
    arcs = _labelled(graph, wide)
    sizes = {key: size(vertex, wide) for key, vertex in graph.vertices.items()}
    columns, chains = _with_passages(graph, arcs, sizes)
    if not graph.ordered:
        columns = _untangled(columns, chains)
    across = _across(graph, columns, arcs, sizes, widest, wide)
    found: list[tuple[dict[str, Box], list[Line], list[Box]]] = []
    for apart in APART:
        _set_heights(columns, chains, apart)
        boxes = _placed(graph, columns, sizes, across)
        lines = [_line(chain, arc, boxes, across) for chain, arc in zip(chains, arcs, strict=True)]
        found.append((boxes, lines, placed_labels(arcs, lines, list(boxes.values()), wide)))
        if len(found[-1][2]) == sum(arc.label is not None for arc in arcs):
            break
    boxes, lines, labels = max(found, key=lambda drawn: len(drawn[2]))
    pieces = [piece for line in lines for piece in cut(line, labels)]
    shown = [cells(graph.vertices[key], place, wide) for key, place in boxes.items()]
    return _framed(
        Picture(
            key,
            tuple(box for nodes, _ in shown for box in nodes),
            tuple(sorted(pieces, key=lambda line: line.style != PLAIN)),
            (*labels, *(box for _, beside in shown for box in beside)),
            0.0,
            0.0,
        ),
        [(band.label, across[band.first][0], across[band.last][1]) for band in graph.bands],
        wide,
        widest,
    )


def _labelled(graph: Graph, wide: Wide) -> list[Arc]:
    """The arcs; between two columns where some label would be too large, or all too many, none."""
    gaps = [graph.vertices[arc.start].column for arc in graph.arcs]
    pairs = [(gap, arc.label) for gap, arc in zip(gaps, graph.arcs, strict=True) if arc.label]
    crowd = Counter(gap for gap, _ in pairs)
    bare = {gap for gap, label in pairs if crowd[gap] > MOST_LABELS or _is_large(label, wide)}
    return [
        replace(arc, label=None) if gap in bare else arc
        for arc, gap in zip(graph.arcs, gaps, strict=True)
    ]


def _is_large(label: Formula, wide: Wide) -> bool:
    """Whether a label is too large to stand beside a line."""
    tall = contains(label, Quotient, Power, Cases, Number)
    return tall or wide(label, SMALL) > WIDEST_LABEL


# Columns.

Columns = list[list[_Item]]
Chain = list[_Item]


def _with_passages(
    graph: Graph, arcs: Sequence[Arc], sizes: Mapping[str, Size]
) -> tuple[Columns, list[Chain]]:
    """The items of each column, and those that each arc leads along from its start to its end."""
    vertices = graph.vertices
    columns: Columns = [[] for _ in range(1 + max(v.column for v in vertices.values()))]
    items: dict[str, _Item] = {}
    for key, vertex in vertices.items():
        items[key] = _Item(key, vertex.column, sizes[key].height, vertex=True)
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


Beside = Mapping[str, tuple[list[_Item], list[_Item]]]


def _beside(chains: Iterable[Chain]) -> Beside:
    """What lines lead to each item from, and from it to."""
    found: dict[str, tuple[list[_Item], list[_Item]]] = {}
    for chain in chains:
        for left, right in pairwise(chain):
            found.setdefault(left.key, ([], []))[1].append(right)
            found.setdefault(right.key, ([], []))[0].append(left)
    return found


def _untangled(columns: Columns, chains: Sequence[Chain]) -> Columns:
    """Each column in an order in which no two neighbours would cross less the other way round.

    It begins with its own order, or with that of what it is joined with if less is crossed then.
    """
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
    own = [list(column) for column in columns]
    for order in (own, found):
        while any(_exchanged(column, n, order, beside) for n, column in enumerate(order)):
            pass
    return found if _crossings(found, chains) < _crossings(own, chains) else own


def _exchanged(column: list[_Item], n: int, columns: Columns, beside: Beside) -> bool:
    """Whether two neighbours in a column have changed places, for fewer crossings."""
    place = {
        item.key: at
        for other in (columns[n - 1] if n else [], *columns[n + 1 : n + 2])
        for at, item in enumerate(other)
    }

    def crossed(upper: _Item, lower: _Item) -> int:
        sides = zip(beside.get(upper.key, ([], [])), beside.get(lower.key, ([], [])), strict=True)
        return sum(
            place[a.key] > place[b.key] for own, others in sides for a in own for b in others
        )

    changed = False
    for at in range(len(column) - 1):
        upper, lower = column[at : at + 2]
        if crossed(upper, lower) > crossed(lower, upper):
            column[at : at + 2] = lower, upper
            changed = True
    return changed


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


def _across(
    graph: Graph,
    columns: Columns,
    arcs: Sequence[Arc],
    sizes: Mapping[str, Size],
    widest: float,
    wide: Wide,
) -> list[tuple[float, float]]:
    """The left and right edge of every column; what room there is stands between them."""
    broad = [max((sizes[i.key].width for i in column if i.vertex), default=0) for column in columns]
    gaps = [NARROW] * (len(columns) - 1)
    for arc in arcs:
        if arc.label is not None:
            column = graph.vertices[arc.start].column
            gaps[column] = max(gaps[column], LABELLED, wide(arc.label, SMALL) + 0.6)
    spare = (widest - sum(broad) - sum(gaps)) / max(1, len(gaps))
    left, edges = 0.0, []
    for width, gap in zip(broad, [*gaps, 0.0], strict=True):
        edges.append((left, left + width))
        left += width + max(gap, min(GAP, gap + spare))
    return edges


def _placed(
    graph: Graph,
    columns: Columns,
    sizes: Mapping[str, Size],
    across: Sequence[tuple[float, float]],
) -> dict[str, Box]:
    """The box of every vertex; of an array that of its cells."""
    boxes: dict[str, Box] = {}
    for column, edges in zip(columns, across, strict=True):
        for item in column:
            if item.vertex:
                v, own = graph.vertices[item.key], sizes[item.key]
                width = own.cells if v.cells else own.width
                if len(v.rows) > 1 and not v.cells:
                    width = max(sizes[i.key].width for i in column if i.vertex)
                height = own.height - own.below
                y = item.y - own.below / 2
                boxes[item.key] = Box(v.label, sum(edges) / 2, y, width, height, v.style, v.lines)
    return boxes


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


def _framed(
    drawn: Picture,
    bands: Iterable[tuple[Equation, float, float]],
    wide: Wide,
    widest: float,
) -> Picture:
    """Everything moved so that the picture begins at its upper left corner, on its bands."""
    boxes = [*drawn.nodes, *drawn.labels]
    top, bottom = _upright(drawn.lines, boxes)
    behind: list[Box] = []
    labels = list(drawn.labels)
    for label, left, right in bands:
        middle, across = (left + right) / 2, right - left + 2 * _AROUND
        height = bottom - top + 2 * _AROUND + LABEL
        behind.append(Box(None, middle, bottom + _AROUND - height / 2, across, height, PLAIN))
        name = Box(label, middle, top - LABEL / 2, wide(label, SMALL), LABEL, PLAIN)
        labels.append(name)
    boxes += [*behind, *labels]
    left = min(b.x - b.width / 2 for b in boxes) - MARGIN
    top, bottom = _upright(drawn.lines, boxes)
    width = max(b.x + b.width / 2 for b in boxes) + MARGIN - left

    def moved(some: Iterable[Box]) -> tuple[Box, ...]:
        return tuple(replace(b, x=_round(b.x - left), y=_round(b.y - top)) for b in some)

    return replace(
        drawn,
        nodes=moved(drawn.nodes),
        lines=tuple(
            Line(tuple((_round(x - left), _round(y - top)) for x, y in line.points), line.style)
            for line in drawn.lines
        ),
        labels=moved(labels),
        bands=moved(behind),
        width=_round(width),
        height=_round(bottom - top),
        scale=_round(min(1.0, widest / width)),
    )


def _upright(lines: Iterable[Line], boxes: Iterable[Box]) -> tuple[float, float]:
    """The heights at which lines and boxes begin and end, with a margin around."""
    ends = [b.y + side * b.height / 2 for b in boxes for side in (-1, 1)]
    ys = [*ends, *(y for line in lines for _, y in line.points)]
    return min(ys) - MARGIN, max(ys) + MARGIN


def _round(value: float) -> float:
    return round(value, 3)
