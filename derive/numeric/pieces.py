"""Which piece of every piecewise function a point lies on.

Between two points on the same pieces no kink is crossed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.formula import Arithmetic, Call, Cases, Formula, evaluate, walk
from derive.functions import BY_SYMBOL
from derive.model import Model
from derive.numeric.forward import Floats, arithmetic


class Pieces:
    """The piecewise functions in the definitions of a model."""

    def __init__(self, model: Model) -> None:
        self._nodes = tuple(
            dict.fromkeys(
                node
                for definition in model.definitions.values()
                for node in walk(definition)
                if isinstance(node, Cases)
                or (isinstance(node, Call) and BY_SYMBOL[node.function].kinked)
            )
        )

    def at(self, values: Mapping[str, float]) -> tuple[bool, ...]:
        """Where these values lie: one entry for each choice that is made."""
        ring = arithmetic(values, {})
        return tuple(made for node in self._nodes for made in _choices(node, ring))


def _choices(node: Formula, ring: Arithmetic) -> list[bool]:
    if isinstance(node, Cases):
        return [evaluate(node.test, ring) > 0]
    assert isinstance(node, Call)
    world = _Choosing()
    BY_SYMBOL[node.function].value(float(evaluate(node.argument, ring)), world)
    return world.choices


class _Choosing(Floats):
    """Floating point that keeps which pieces were chosen."""

    def __init__(self) -> None:
        self.choices: list[bool] = []

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        self.choices.append(x > 0)
        return super().choose(x, positive, otherwise)
