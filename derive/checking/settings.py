"""Claims with numbers made of η and λ, compared with these settings of the network's file.

Where a claim does not name η or λ, a number in it may be made of their values in the network's
file: ½λ, 1 − ηλ, or w⁺ = 0.95·w − 0.5·δ·out. Then the equation is compared exactly, over a model in
which λ is that number, and a step has that rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from derive.checking.cases import MOST_CASES, Cases
from derive.checking.comparing import Comparing
from derive.checking.equality import Equality
from derive.formula import ETA, Formula, Name, Number, Partial, Updated, transform, walk
from derive.model import Model

Settings = Mapping[Formula, Fraction]


def unnamed(settings: Settings, *sides: Formula) -> Iterator[Settings]:
    """What of the settings a claim may have numbers for, the fewest first; at last all of them.

    That is λ where the claim does not name it, and η where steps stand in it that do not.
    """
    nodes = {node for side in sides for node in walk(side)}
    steps = any(isinstance(node, Updated) for node in nodes)
    open_ = [name for name in settings if name not in nodes and (steps or name != ETA)]
    for size in range(len(open_) + 1):
        for chosen in combinations(open_, size):
            yield {name: settings[name] for name in chosen}


def with_settings(model: Model, settings: Settings) -> Comparing:
    """A comparison over a model in which λ and η have these values."""
    fixed = {n.name: Number(value) for n, value in settings.items() if isinstance(n, Name)}
    known = model.with_definitions(fixed)
    comparing = Comparing(Equality(known))
    if ETA in settings:
        comparing.cases = _Steps(known, settings[ETA])
    return comparing


class _Steps(Cases):
    """Single equations in which w⁺ is written as the step of a known rate."""

    def __init__(self, model: Model, rate: Fraction) -> None:
        super().__init__(model)
        self.rate = rate

    def instances(
        self, left: Formula, right: Formula, most: int = MOST_CASES
    ) -> Iterator[tuple[Mapping[str, int], Formula, Formula]]:
        for chosen, a, b in super().instances(left, right, most):
            yield chosen, transform(a, self._step), transform(b, self._step)

    def _step(self, node: Formula) -> Formula | None:
        if not isinstance(node, Updated) or node.of not in self.model.parameters:
            return None
        old = Name(node.of)
        if not self.model.moves(node.of):
            return old
        return old - Number(self.rate) * Partial(Name(self.model.total), old)
