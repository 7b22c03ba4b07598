"""The network as a graph: where its neurons stand and which connections are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.indices import Indices
from derive.formula import Name, Neuron
from derive.model import Model, Quantity, Role
from derive.model.facts import Facts
from derive.notes.blocks import Edge, Node, Picture

MOST_DRAWN = 8


def picture(network: Facts, model: Model, derived: Sequence[Quantity]) -> Picture:
    """The graph of a network; the weights in `derived` carry their names.

    Of a layer of more than eight neurons the first three and the last are drawn, with dots. A
    connection that is missing is not drawn; those that skip layers are.
    """
    columns = [_column(layer, size) for layer, size in enumerate(network.layers)]
    labelled = {
        (q.layer, q.source, q.index): Name(q.name) for q in derived if q.role is Role.WEIGHT
    }
    places = Indices(model).places
    edges = [
        Edge(start, end, labelled.get((layer, i, j)))
        for layer in range(1, len(columns))
        for j, end in columns[layer]
        for i, start in columns[layer - 1]
        if i and j and ("weight", layer, j, i) in places
    ]
    edges += [
        Edge(start, end, skips=True)
        for source, target in network.skip
        for (i, start), (_, end) in zip(columns[source], columns[target], strict=True)
        if i
    ]
    nodes = [node for column in columns for _, node in column]
    return Picture(tuple(nodes), tuple(edges), len(columns))


def _column(layer: int, size: int) -> list[tuple[int, Node]]:
    """Neuron numbers with their nodes, from the top; number 0 for dots."""
    numbers = list(range(1, size + 1))
    if size > MOST_DRAWN:
        numbers = [1, 2, 3, 0, size]
    middle = (len(numbers) - 1) / 2
    return [
        (
            number,
            Node(
                f"n{layer}x{number}",
                Neuron("neuron", layer, number) if number else None,
                float(layer),
                middle - place,
            ),
        )
        for place, number in enumerate(numbers)
    ]
