"""What the way back costs, and where it makes learning slow, in the document's own numbers."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.graph_rules import TIME
from derive.formula import ZERO, Delta, Name, Sum, names_in, total
from derive.model import Role
from derive.notes.blocks import Block, Section, Words
from derive.notes.page import Page
from derive.notes.slow import layer_slopes


def cost_section(page: Page) -> list[Section]:
    """Multiplications forward and back against a pass for each weight, and the slopes on the way.

    The count is that of products of weights.
    """
    model, network = page.model, page.network
    counts = network.weight_counts
    weights = sum(counts)
    if not weights:
        return []
    outputs = [model.in_layer(layer, Role.OUTPUT)[0] for layer in range(1, page.last + 1)]
    nets = any(
        model.quantities[name].role is Role.NET
        for out in outputs
        for slope in page.chain.local(out).values()
        for name in names_in(slope)
    )
    farthest = next(iter(model.names(Role.WEIGHT)))
    facts = {
        "forward": weights,
        "backward": 2 * weights - counts[0],
        "each": weights * (weights + 1),
        "passes": weights + 1,
        "kept": len(model.names(Role.OUTPUT)) * (1 + nets),
        "nets": nets,
        "farthest": Name(farthest),
        "paths": page.chain.count_paths(model.total, farthest),
        "hidden": page.last > 1,
    }
    slow = [*layer_slopes(page), *_output(page)]
    facts["slow"] = bool(slow)
    return [Section("cost", facts, (Words("cost", facts), *slow))]


def _output(page: Page) -> Iterator[Block]:
    """That the slope of the last layer has cancelled, where of the δ only o − t is left."""
    out = page.model.in_layer(page.last, Role.OUTPUT)[0]
    first = page.net_of(page.model.quantities[out])
    left = page.chain.collapse(first)
    target = left[-1].terms[-1] if isinstance(left[-1], Sum) else None
    if len(left) > 1 and left[-1] == total([Name(out), target or ZERO]):
        yield Words("slow_output", {"delta": Delta(first), "left": left[-1]})


def graph_cost(page: Page) -> Block:
    """Passes forward and back against a pass for each weight, in a network of equations."""
    model = page.model
    farthest = page.derived[-1].name if page.derived else model.parameters[-1]
    return Words(
        "graph_cost",
        {
            "forward": len(model.definitions),
            "backward": len(page.chain.deltas),
            "weights": len(model.parameters),
            "farthest": Name(farthest),
            "paths": page.chain.count_paths(model.total, farthest),
            "timed": any(TIME in family.letters for family in model.instances.families),
        },
    )
