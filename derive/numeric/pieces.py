"""Which piece of every piecewise function a point lies on.

Between two points on the same pieces no kink is crossed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from derive.formula import evaluate, names_in
from derive.functions.floats import arithmetic
from derive.functions.written import choices
from derive.model import Model


class Pieces:
    """The piecewise functions in the definitions of a model."""

    def __init__(self, model: Model) -> None:
        self._tests = choices(model.definitions.values())
        self._with: dict[str, list[int]] = {}
        for place, test in enumerate(self._tests):
            for name in names_in(test):
                self._with.setdefault(name, []).append(place)

    def at(self, values: Mapping[str, float]) -> tuple[bool, ...]:
        """Where these values lie: one entry for each choice that is made."""
        ring = arithmetic(values, {})
        return tuple(evaluate(test, ring) > 0 for test in self._tests)

    def same(self, values: Mapping[str, float], here: Sequence[bool], moved: Iterable[str]) -> bool:
        """Whether these values lie where `here` says, if only the quantities `moved` differ."""
        ring = arithmetic(values, {})
        places = {place for name in moved for place in self._with.get(name, ())}
        return all((evaluate(self._tests[place], ring) > 0) == here[place] for place in places)
