"""Units that a network's file calls by letters, net_k = w_k*o_j + b_k: there is one of each.

The w_{kj} of such a network is the weight that leads from j to k, and a Σ over k has one term.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from derive.checking.member_keys import LETTERS
from derive.formula import Formula, Name, Product, names_in, walk
from derive.model import Model


class LetteredUnits:
    """The units of one model that have letters for names."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def weight(self, key: str) -> Name | None:
        """The weight between the two units whose letters a key has: ``w_kj``, ``w_j,k``."""
        stem, _, units = key.partition("_")
        letters = [sign for sign in units if sign not in ",_"]
        found = self._between.get((stem, frozenset(letters)), set()) if len(letters) == 2 else set()
        return Name(next(iter(found))) if len(found) == 1 else None

    def has(self, formula: Formula, letter: str) -> bool:
        """Whether a formula speaks of what the unit with this letter has."""
        return any(self._unit(name) == letter for name in names_in(formula))

    def _unit(self, name: str) -> str:
        """The letter of the unit that a quantity belongs to; nothing of one with a number."""
        stem, _, letter = name.rpartition("_")
        single = len(letter) == 1 and letter in LETTERS and bool(stem)
        return letter if single and name in self._model.quantities else ""

    @cached_property
    def _between(self) -> dict[tuple[str, frozenset[str]], set[str]]:
        """The weights by what their names begin with and by the two units that they connect."""
        found: dict[tuple[str, frozenset[str]], set[str]] = {}
        parameters = frozenset(self._model.parameters)
        for name, definition in self._model.first_definitions():
            for weight, other in _weighted(definition, parameters) if self._unit(name) else ():
                units = frozenset({self._unit(name), self._unit(other)} - {""})
                found.setdefault((weight.partition("_")[0], units), set()).add(weight)
        return found


def _weighted(definition: Formula, parameters: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each parameter of a definition with what it is multiplied by."""
    for product in walk(definition):
        names = names_in(product) if isinstance(product, Product) else []
        for weight in (name for name in names if name in parameters):
            yield from ((weight, other) for other in names if other != weight)
