"""What the way back costs, and where it makes learning slow, in the document's own numbers."""

from __future__ import annotations

from itertools import pairwise

from derive.formula import Name
from derive.model import Role
from derive.notes.blocks import Block, Section, Words
from derive.notes.numbers import number
from derive.notes.page import Page


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
    blocks += _slopes(page)
    return [Section("cost", facts, tuple(blocks))]


def _slopes(page: Page) -> list[Block]:
    """What the slopes do to δ, where the document has numbers for them."""
    figures, model = page.figures, page.model
    if figures is None or page.last < 2:
        return []
    slopes = {
        out.name: abs(figures.value(page.chain.local(out.name)[page.net_of(out)]))
        for out in model.having(Role.OUTPUT)
        if out.layer < page.last
    }
    sizes = [_largest(page, layer) for layer in range(page.last, 0, -1)]
    falling = all(after < before for before, after in pairwise(sizes))
    facts = {
        "count": len(slopes),
        "least": number(min(slopes.values())),
        "most": number(max(slopes.values())),
        "below": max(slopes.values()) < 1,
        "falling": falling,
        "sizes": list(map(number, sizes)),
        "dead": [Name(name) for name, slope in slopes.items() if not slope],
    }
    return [Words("slopes", facts)]


def _largest(page: Page, layer: int) -> float:
    """The size of the largest δ of a layer."""
    assert page.figures is not None
    names = [n for n in page.chain.deltas if page.model.quantities[n].layer == layer]
    return max((abs(page.figures.adjoint(name)) for name in names), default=0.0)
