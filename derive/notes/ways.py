"""The ways of one parameter to the error, each in a style of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from derive.calculus.chain import Chain
from derive.formula import Formula, Name, names_in
from derive.notes.blocks import Picture
from derive.notes.drawing import draw
from derive.notes.graph import WAY, Graph
from derive.notes.quantities import way_graph

STYLES = ("first", "second", "third", "fourth")
"""The styles of ways from where they part, solid or dashed in colours of their own."""
FEWEST = 2
SMALLEST = 0.5
"""What a picture is made smaller by at most; smaller than that nobody could read it."""


@dataclass(frozen=True)
class Ways:
    """The picture of the ways of one parameter, and what is said of it.

    `branches` are the labels of the vertices at which ways begin to differ, with their styles;
    `more` counts those that have none of their own. `tints` are the quantities that lie on ways of
    one style only, with that style. `fork` tells where they part: ways that part to the same
    vertices show nothing new.
    """

    picture: Picture
    branches: tuple[tuple[Formula, str], ...]
    more: int
    tints: Mapping[str, str]
    fork: tuple[object, ...]
    parted: Formula | None
    """The label of the last vertex that all ways go through; none where they part at once."""
    sloped: bool


def ways_of(chain: Chain, parameter: str) -> Ways | None:
    """The ways of a parameter to the error; nothing of a single one, or of too many."""
    graph = way_graph(chain, parameter)
    if graph is None:
        return None
    ahead: dict[str, list[str]] = {}
    for arc in graph.arcs:
        ahead.setdefault(arc.start, []).append(arc.end)
    ahead = {key: list(dict.fromkeys(ends)) for key, ends in ahead.items()}
    starts = {
        (arc.start, arc.end)
        for arc in graph.arcs
        if arc.label == Name(parameter) or arc.start == parameter
    }
    # The order from top to bottom is that of the picture.
    heads = [key for key in graph.vertices if key in {end for _, end in starts}]
    fork, trunk = _fork(heads, ahead)
    if len(fork) < FEWEST:
        return None
    reached = [_reached(key, ahead) for key in fork]
    own = STYLES if len(fork) <= len(STYLES) else STYLES[: len(STYLES) - 1]
    styles = dict(zip(fork, own, strict=False))
    on_way = {*trunk, *(key for found in reached for key in found)}

    def style_of(key: str) -> str:
        branches = [head for head, found in zip(fork, reached, strict=True) if key in found]
        return styles.get(branches[0], WAY) if len(branches) == 1 else WAY

    vertices = {key: style_of(key) for key in on_way}
    arcs: dict[tuple[str, str], str] = {}
    for arc in graph.arcs:
        pair = arc.start, arc.end
        if pair in starts and pair[1] in vertices:
            arcs[pair] = styles.get(pair[1], WAY) if len(heads) > 1 else WAY
            same = vertices.get(pair[0], arcs[pair]) == arcs[pair]
            vertices[pair[0]] = arcs[pair] if same else WAY
        elif pair[0] in trunk and pair[1] in on_way:
            arcs[pair] = styles.get(pair[1], WAY) if pair[1] in styles else WAY
        elif pair[0] in on_way and pair[1] in on_way and pair not in arcs:
            arcs[pair] = vertices[pair[0]]
    shown = graph.styled(vertices, arcs)
    picture = draw(parameter, shown, chain.model)
    if picture.scale < SMALLEST:
        return None
    branches = [(graph.vertices[key].label, style) for key, style in styles.items()]
    return Ways(
        picture,
        tuple((label, style) for label, style in branches if label is not None),
        len(fork) - len(styles),
        _tints(chain, graph, vertices, arcs),
        (len(heads) > 1, *fork),
        graph.vertices[trunk[-1]].label if trunk else None,
        any(shown.vertices[key].slope for key in on_way),
    )


def _fork(heads: list[str], ahead: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """The vertices at which the ways begin to differ, and those before, which all go through."""
    trunk: list[str] = []
    while len(heads) == 1:
        trunk.append(heads[0])
        heads = ahead.get(heads[0], [])
    return heads, trunk


def _reached(key: str, ahead: Mapping[str, list[str]]) -> set[str]:
    """A vertex and all behind it."""
    found, todo = {key}, [key]
    while todo:
        new = [end for end in ahead.get(todo.pop(), ()) if end not in found]
        found.update(new)
        todo += new
    return found


def _tints(
    chain: Chain,
    graph: Graph,
    vertices: Mapping[str, str],
    arcs: Mapping[tuple[str, str], str],
) -> dict[str, str]:
    """The quantities that only ways of one style have to do with, and those styles."""
    model = chain.model
    found: dict[str, set[str]] = {}

    def note(names: Iterable[str], style: str) -> None:
        for name in names:
            found.setdefault(name, set()).add(style)

    for name, key in graph.at.items():
        if key not in vertices:
            continue
        note([name], vertices[key])
        for x in model.inputs_of.get(name, ()):
            start = graph.at.get(x)
            if start == key:
                style = vertices[key]
            elif start is not None and (start, key) in arcs:
                style = arcs[start, key]
            else:
                continue
            slope = chain.slope(name, x)
            note(names_in(slope) if slope is not None else (), style)
    return {
        name: next(iter(styles))
        for name, styles in found.items()
        if len(styles) == 1 and not styles & {WAY}
    }
