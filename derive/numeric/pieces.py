"""Which piece of every piecewise function a point lies on.

Between two points on the same pieces no kink is crossed.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.formula import evaluate
from derive.model import Model
from derive.numeric.forward import arithmetic
from derive.written import choices


class Pieces:
    """The piecewise functions in the definitions of a model."""

    def __init__(self, model: Model) -> None:
        self._tests = choices(model.definitions.values())

    def at(self, values: Mapping[str, float]) -> tuple[bool, ...]:
        """Where these values lie: one entry for each choice that is made."""
        ring = arithmetic(values, {})
        return tuple(evaluate(test, ring) > 0 for test in self._tests)
