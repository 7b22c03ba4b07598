"""Where the labels of lines stand in a picture, and what of the lines is left beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from derive.formula import Formula
from derive.notes.blocks import Box, Line, Point
from derive.notes.graph import PLAIN, SKIPS, Arc

SMALL, LABEL = 0.31, 0.37
"""In cm, the size of the text beside lines, and the height of a label."""
MARGIN = 0.05
_SHORT = 0.65
"""In cm, how far a part of a line goes at least on which a label stands."""
_DOT = 0.01
"""In cm, what is no line any more."""
_PLACES = tuple(place / 40 for place in range(6, 35))
"""Where along a line its label may stand."""


def placed_labels(
    arcs: Sequence[Arc],
    lines: Sequence[Line],
    nodes: Sequence[Box],
    wide: Callable[[Formula, float], float],
) -> list[Box]:
    """The labels of the arcs, each on its own line, where no other label, node or way is.

    Where there is no such place an arc has no label.
    """
    places: list[list[tuple[float, Box]]] = []
    ways = [(line, tuple(pairwise(line.points))) for line in lines]
    for arc, line in zip(arcs, lines, strict=True):
        if arc.label is None:
            continue
        width = wide(arc.label, SMALL) + 0.1
        possible: list[tuple[float, Box]] = []
        around = _around(arc.label, line, width)
        near = [(x.style, way) for x, way in ways if x is not line and _meets(way, around)]
        beside = [node for node in nodes if overlap(around, node)]
        for x, y, away in _along(line):
            box = Box(arc.label, x, y, width, LABEL, arc.style)
            met = [style for style, way in near if _meets(way, box)]
            if {*met} <= {PLAIN, SKIPS} and not any(overlap(box, node) for node in beside):
                possible.append((len(met) + away, box))
        places.append(sorted(possible, key=lambda each: each[0]))
    found: list[Box] = []
    for possible in sorted(places, key=len):
        free = (box for _, box in possible if not any(overlap(box, other) for other in found))
        found += [box for box in [next(free, None)] if box is not None]
    return found


def _around(label: Formula, line: Line, width: float) -> Box:
    """A box around all places of a label on a line."""
    (left, right), (low, high) = ((min(at), max(at)) for at in zip(*line.points, strict=True))
    middle = (left + right) / 2, (low + high) / 2
    return Box(label, *middle, right - left + width + MARGIN, high - low + LABEL + MARGIN, PLAIN)


def _along(line: Line) -> Iterator[tuple[float, float, float]]:
    """Places on a line between two columns, and how far each is from the middle."""
    for (x, y), (to_x, to_y) in pairwise(line.points):
        if to_x - x >= _SHORT:
            for t in _PLACES:
                yield x + (to_x - x) * t, y + (to_y - y) * t, abs(t - 0.5)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have a place in common, or hardly anything between them."""
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 + MARGIN
        and abs(one.y - other.y) < (one.height + other.height) / 2 + MARGIN
    )


def _meets(way: Sequence[tuple[Point, Point]], box: Box) -> bool:
    """Whether a part of a way lies in a box; most lie beside, above or below it."""
    left, right = box.x - box.width / 2, box.x + box.width / 2
    low, high = box.y - box.height / 2, box.y + box.height / 2
    for start, end in way:
        (x, y), (to_x, to_y) = start, end
        beside = x >= right or to_x <= left
        if beside or (y <= low and to_y <= low) or (y >= high and to_y >= high):
            continue
        if inside(start, end, box):
            return True
    return False


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


def cut(line: Line, labels: Sequence[Box]) -> Iterator[Line]:
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
    if max(abs(a - b) for p in kept for a, b in zip(p, kept[0], strict=True)) > _DOT:
        yield Line(tuple(kept), style)


def _at(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
