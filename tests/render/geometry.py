"""Pictures of networks, and what collides in one: measured from its geometry."""

from __future__ import annotations

from itertools import combinations, pairwise

from derive import Model
from derive.calculus.chain import Chain
from derive.formula import Name
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.notes.blocks import Box, Line, Notes, Picture, Table
from derive.notes.compose import representatives
from derive.notes.drawing import draw
from derive.notes.graph import Graph, layer_graph
from derive.notes.grids import array_graph
from derive.notes.quantities import equation_graph
from derive.notes.ways import ways_of


def pictures_of(source: Network | System) -> list[Picture]:
    """The picture of a network, and those of the ways of one weight of each kind."""
    model = Model.of(source)
    chain = Chain(model)
    chosen = representatives(model)
    graph = layer_graph(chain, chosen) if model.has_neurons else overview(chain)
    found = [] if graph is None else [draw("all", graph.overview(list(map(Name, chosen))), model)]
    return found + [ways.picture for ways in (ways_of(chain, w) for w in chosen) if ways]


def overview(chain: Chain) -> Graph | None:
    """The picture of equations."""
    return array_graph(chain) or equation_graph(chain)


def in_document(notes: Notes) -> list[Picture]:
    """All pictures of a document, those beside tables, too."""
    blocks = [block for section in notes.sections for block in section.blocks]
    beside = [block.picture for block in blocks if isinstance(block, Table) and block.picture]
    return beside + [block for block in blocks if isinstance(block, Picture)]


def collisions(picture: Picture) -> list[str]:
    """Boxes that overlap, lines through boxes, and what stands outside of the picture."""
    boxes = [*picture.nodes, *picture.labels]
    found = [f"{a} on {b}" for a, b in combinations(boxes, 2) if apart(a, b) < -2e-3]
    found += [f"{a} on {b}" for a, b in combinations(picture.bands, 2) if apart(a, b) < 0]
    found += [
        f"{line} through {box}" for line in picture.lines for box in boxes if crosses(line, box)
    ]
    for box in (*boxes, *picture.bands):
        if box.x < box.width / 2 - 1e-3 or box.x + box.width / 2 > picture.width + 1e-3:
            found.append(f"{box} outside")
        if box.y < box.height / 2 - 1e-3 or box.y + box.height / 2 > picture.height + 1e-3:
            found.append(f"{box} outside")
    return found


def apart(a: Box, b: Box) -> float:
    """How far two boxes are apart in the direction in which they are further apart."""
    return max(abs(a.x - b.x) - (a.width + b.width) / 2, abs(a.y - b.y) - (a.height + b.height) / 2)


def crosses(line: Line, box: Box) -> bool:
    """Whether a point of a line lies well inside of a box; at its edge it may end."""
    for (x, y), (to_x, to_y) in pairwise(line.points):
        for part in range(101):
            at_x, at_y = x + (to_x - x) * part / 100, y + (to_y - y) * part / 100
            deep = min(box.width / 2 - abs(at_x - box.x), box.height / 2 - abs(at_y - box.y))
            if deep > 0.02:
                return True
    return False


def named(picture: Picture) -> dict[str, Box]:
    """The nodes by the names of their quantities."""
    return {node.label.name: node for node in picture.nodes if isinstance(node.label, Name)}
