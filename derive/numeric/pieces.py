"""Which piece of every piecewise function a point lies on.

Between two points on the same pieces no kink is crossed.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.formula import Call, Formula, evaluate, walk
from derive.functions import BY_SYMBOL
from derive.model import Model
from derive.numeric.forward import arithmetic


class Pieces:
    """The piecewise functions in the definitions of a model."""

    def __init__(self, model: Model) -> None:
        self.arguments: tuple[Formula, ...] = tuple(
            dict.fromkeys(
                node.argument
                for definition in model.definitions.values()
                for node in walk(definition)
                if isinstance(node, Call)
                and node.function in BY_SYMBOL
                and BY_SYMBOL[node.function].kinked
            )
        )

    def at(self, values: Mapping[str, float]) -> tuple[bool, ...]:
        """Where these values lie: one entry for each choice that a function makes."""
        ring = arithmetic(values, {})
        return tuple(evaluate(argument, ring) > 0 for argument in self.arguments)
