"""The picture of any graph of definitions, from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from derive.formula import Name
from derive.model import Model, Role
from derive.notes.blocks import Edge, Node, Picture

MOST_DRAWN = 40
TALLEST = 16
WORTH_IT = 0.7
"""Quantities stay in their own order unless another order has only so many of the crossings."""
_SWEEPS = 4


def graph_picture(model: Model) -> Picture | None:
    """Inputs and intermediate quantities, without the weights; nothing for very many of them."""
    drawn = model.names(*(role for role in Role if role not in (Role.WEIGHT, Role.BIAS)))
    if len(drawn) > MOST_DRAWN:
        return None
    depth = _depths(model, drawn)
    columns: list[list[str]] = [[] for _ in range(1 + max(depth.values()))]
    for name in drawn:
        columns[depth[name]].append(name)
    # What is given stands below what is computed, except in the first column.
    for names in columns[1:]:
        names.sort(key=lambda name: name not in model.definitions)
    if max(map(len, columns)) > TALLEST:
        return None
    untangled = _untangled(model, [list(names) for names in columns])
    if _crossings(model, untangled) < WORTH_IT * _crossings(model, columns):
        columns = untangled
    nodes: dict[str, Node] = {}
    for column, names in enumerate(columns):
        for place, name in enumerate(names):
            # A node alone in its column would stand on the lines that skip it.
            aside = 0.3 if column % 2 and len(names) == 1 else 0
            height = (len(names) - 1) / 2 - place + aside
            nodes[name] = Node(f"q{model.order[name]}", Name(name), float(column), height)
    edges = [
        Edge(nodes[x], nodes[name])
        for name in drawn
        for x in model.inputs_of.get(name, ())
        if x in nodes
    ]
    return Picture(tuple(nodes.values()), tuple(edges), len(columns), named=True)


def _depths(model: Model, drawn: Sequence[str]) -> dict[str, int]:
    """The column of each quantity; an input stands just before the first that uses it."""
    depth: dict[str, int] = {}
    for name in drawn:
        before = [depth[x] for x in model.inputs_of.get(name, ()) if x in depth]
        depth[name] = 1 + max(before) if before else 0
    for name in drawn:
        if name not in model.definitions and model.used_in[name]:
            depth[name] = max(0, min(depth[user] for user in model.used_in[name]) - 1)
    return depth


def _untangled(model: Model, columns: list[list[str]]) -> list[list[str]]:
    """Each column in the order of what leads to it or from it, so that few lines cross."""
    height: dict[str, float] = {}
    for names in columns:
        height.update(_heights(names))
    for sweep in range(_SWEEPS):
        backward = sweep % 2 == 1
        for names in reversed(columns) if backward else columns:
            ranks = {}
            for name in names:
                beside = model.used_in[name] if backward else model.inputs_of.get(name, ())
                heights = [height[x] for x in beside if x in height] or [height[name]]
                given = name not in model.definitions and names is not columns[0]
                middle = round(sum(heights) / len(heights), 6)
                ranks[name] = (given, middle, model.order[name])
            names.sort(key=ranks.__getitem__)
            height.update(_heights(names))
    return columns


def _crossings(model: Model, columns: Sequence[Sequence[str]]) -> int:
    """How many pairs of lines between neighbouring columns cross."""
    found = 0
    for left, right in pairwise(columns):
        place = {name: number for number, name in enumerate(left)}
        lines = [
            (place[x], number)
            for number, name in enumerate(right)
            for x in model.inputs_of.get(name, ())
            if x in place
        ]
        found += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
    return found


def _heights(names: Sequence[str]) -> dict[str, float]:
    """How far below the middle of their column these stand."""
    return {name: place - (len(names) - 1) / 2 for place, name in enumerate(names)}
