"""What the way back costs, and where it makes learning slow, in the document's own numbers."""

from __future__ import annotations

from derive.formula import Name, names_in
from derive.model import Role
from derive.notes.blocks import Block, Section, Words
from derive.notes.page import Page
from derive.notes.slow import layer_slopes


def cost_section(page: Page) -> list[Section]:
    """Multiplications forward and back against a pass for each weight, and the slopes on the way.

    Only of networks of layers: the count is that of products of weights.
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
    blocks: list[Block] = [Words("cost", facts)]
    blocks += layer_slopes(page)
    return [Section("cost", facts, tuple(blocks))]
