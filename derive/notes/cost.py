"""What the way back costs, and where it makes learning slow, in the document's own numbers."""

from __future__ import annotations

from derive.formula import Name
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
    farthest = next(iter(model.names(Role.WEIGHT)))
    facts = {
        "forward": weights,
        "backward": 2 * weights - counts[0],
        "each": weights * (weights + 1),
        "passes": weights + 1,
        "kept": len(model.names(Role.OUTPUT)),
        "farthest": Name(farthest),
        "paths": page.chain.count_paths(model.total, farthest),
        "hidden": page.last > 1,
    }
    blocks: list[Block] = [Words("cost", facts)]
    blocks += layer_slopes(page)
    return [Section("cost", facts, tuple(blocks))]
