"""The regions of a network of ReLUs, and whether an equation holds in each of them.

Which ReLUs are active divides the points into regions; within one, both sides of an equation are
analytic functions, so a single random point of it says whether they are the same there. This is the
truth that the checker is measured against, and it asks nothing of the program.
"""

from __future__ import annotations

from derive import Model
from derive.formula import Formula
from derive.model import Role
from tests.formulas.floating import APART, CLOSE, Floating

FROM_KINK = 1e-3
DRAWS = 3_000

Pattern = tuple[bool, ...]


class Regions:
    """One random point in each region, by the pattern of active ReLUs."""

    def __init__(self, model: Model) -> None:
        kinked = [
            quantity.name
            for quantity in model.having(Role.NET)
            if model.network.activations[quantity.layer - 1] == "relu"
        ]
        self.points: dict[Pattern, Floating] = {}
        for seed in range(DRAWS):
            if len(self.points) == 2 ** len(kinked):
                break
            point = Floating(model, seed)
            values = point.forward({})
            nets = [values[name].real for name in kinked]
            pattern = tuple(net > 0 for net in nets)
            # A layer that is all dead leaves nets of exactly 0 behind it, where nothing is computed.
            if pattern not in self.points and all(net == 0 or abs(net) > FROM_KINK for net in nets):
                self.points[pattern] = point

    def __len__(self) -> int:
        return len(self.points)

    def apart(self, left: Formula, right: Formula) -> int | None:
        """In how many regions the sides differ; nothing where the digits do not say."""
        gaps = [self._gap(point, left, right) for point in self.points.values()]
        if any(CLOSE <= gap <= APART for gap in gaps):
            return None
        return sum(gap > APART for gap in gaps)

    @staticmethod
    def _gap(point: Floating, left: Formula, right: Formula) -> float:
        try:
            a, b = point.value(left), point.value(right)
        except ZeroDivisionError:
            # out/net where a dead layer leaves a net of 0: there is nothing to compare.
            return 0.0
        return abs(a - b) / max(abs(a), abs(b), 1e-12)
