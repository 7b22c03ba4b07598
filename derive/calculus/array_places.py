"""The vectors and matrices of one network of equations: what they consist of, and their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from derive.calculus.readings import EXAMPLES, VECTORS, WEIGHTS, Question
from derive.formula import Name, Sum
from derive.model import Model
from derive.model.arrays import Entries, Place, Slices, leads_from_first
from derive.model.families import Indices
from derive.model.made import Made
from derive.notations.free import joined_name

MOST_QUANTITIES = 200_000
"""Quantities of a network whose families are looked through for vectors and matrices."""


def by_family(
    places: Iterable[Place],
) -> dict[str, set[Indices]]:
    """The indices that there are, by families."""
    found: dict[str, set[Indices]] = {}
    for stem, indices in places:
        if indices:
            found.setdefault(stem, set()).add(indices)
    return found


class ArrayPlaces:
    """Those that the network declares, and those that its families are by themselves."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._declared = model.network.arrays
        self.turned = cache(self._turns)
        """What may turn a vector or matrix: by which of its indices authors count the rows."""

    @cached_property
    def _slices(self) -> Mapping[Place, Entries]:
        model = self._model
        if model.network.layers or len(model.quantities) > MOST_QUANTITIES:
            return {}
        return Slices(model.instances)

    @cached_property
    def entries(self) -> Mapping[str, Entries]:
        """The entries of each, by its name."""
        declared = {} if self._declared is None else self._declared.entries
        places = {joined_name(*place): place for place in self._slices}
        names = dict.fromkeys([*places, *declared])
        return Made(names, lambda name: declared.get(name) or self._slices[places[name]])

    @cached_property
    def _names(self) -> dict[Place, str]:
        found = {place: joined_name(*place) for place in self._slices}
        if self._declared is not None:
            found |= {place: name for name, place in self._declared.places.items()}
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        """The family of each vector or matrix, and the indices that are written, by its name."""
        return {name: place for place, name in self._names.items()}

    @cached_property
    def families(self) -> dict[str, set[Indices]]:
        """The indices that are written, by families: **h**_0 to **h**_3 are **h**'s."""
        return by_family(self._names)

    def name(self, family: str, indices: Indices) -> str | None:
        """The name of the member of a family of vectors or matrices; nothing if there is none."""
        return self._names.get((family, indices))

    def alike(self, family: str, count: int) -> dict[str, Entries]:
        """The members of a family of vectors or matrices that have so many indices written."""
        places = self.families.get(family, ())
        names = [self._names[family, at] for at in places if len(at) == count]
        return {name: self.entries[name] for name in names}

    @cached_property
    def _leads_from_first(self) -> bool:
        places = {q.name: (q.family, q.indices) for q in self._model.quantities.values()}
        return leads_from_first(self._model.definitions, places)

    def _turns(self, name: str) -> Question | None:
        declared = self._declared is not None and name in self._declared.entries
        if declared or name in self._model.network.laid:
            return None
        rows = self.entries[name]
        first = rows[0][0]
        assert isinstance(first, Name)
        given = first.name in self._model.parameters
        if len(rows[0]) > 1:
            return None if given else EXAMPLES
        if self._leads_from_first:
            return VECTORS
        # A bias is added to columns, and is one.
        users = [self._model.definitions[user] for user in self._model.used_in[first.name]]
        added = any(isinstance(f, Sum) and first in f.terms for f in users)
        return WEIGHTS if given and not added else None
