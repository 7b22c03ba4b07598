"""The network as a graph: where its neurons stand and which connections are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from derive.calculus.indices import Indices
from derive.formula import Everywhere, Formula, Name, Neuron
from derive.model import Model, Quantity, Role
from derive.model.facts import Facts
from derive.notations.names import Naming
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


def any_picture(names: Naming, letter: str) -> Picture:
    """Three layers of a network of any size, the middle one by its `letter`.

    Of each a neuron is named by its index letter, and the weights between these carry their names.
    """
    j, i, k = names.letters
    layers = (f"{letter}-1", letter, f"{letter}+1")
    columns: list[dict[int, Node]] = []
    for x, (layer, index) in enumerate(zip(layers, (i, j, k), strict=True)):
        labels: list[Formula | None] = [
            Everywhere(Neuron("neuron", 0, 1), layer),
            None,
            Everywhere(Neuron("neuron", 0, index), layer),
            None,
        ]
        if names.table.units == "network":
            labels[:1] = []
        middle = (len(labels) - 1) / 2
        columns.append(
            {
                place: Node(f"n{x}x{place}", label, float(x), middle - place)
                for place, label in enumerate(labels)
            }
        )
    weights = (
        Everywhere(Neuron("weight", 0, j, i), letter),
        Everywhere(Neuron("weight", 0, k, j), layers[2]),
    )
    edges = [
        Edge(start, end, weight if _has_letter(start) and _has_letter(end) else None)
        for weight, (before, after) in zip(weights, pairwise(columns), strict=True)
        for end in after.values()
        for start in before.values()
        if start.label and end.label
    ]
    nodes = [node for column in columns for node in column.values()]
    return Picture(tuple(nodes), tuple(edges), len(columns), named=True)


def _has_letter(node: Node) -> bool:
    label = node.label
    return (
        isinstance(label, Everywhere)
        and isinstance(label.of, Neuron)
        and isinstance(label.of.index, str)
    )
