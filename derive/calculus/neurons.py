"""The names of neurons' quantities by their kind, layer and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.model import KINDS
from derive.model.instances import Instances

Place = tuple[str, int, int, int | None]


class Places(Mapping[Place, str]):
    """The names of the neurons' quantities in a model of families, each made when asked for."""

    def __init__(self, instances: Instances) -> None:
        self._instances = instances
        self._families = {
            (KINDS[f.role], f.layer): f for f in instances.arrays.values() if f.role in KINDS
        }

    def __getitem__(self, place: Place) -> str:
        kind, layer, index, source = place
        family = self._families.get((kind, layer))
        indices = tuple(n for n in (index, source) if n)
        own = None if family is None else self._instances.at(family.key, indices)
        if own is None or len(indices) != len(own.ranges):
            raise KeyError(place)
        return self._instances.name(own, indices)

    def __iter__(self) -> Iterator[Place]:
        for (kind, layer), family in self._families.items():
            for index, source in ((*at, None, None)[:2] for at in family):
                yield kind, layer, index or 0, source

    def __len__(self) -> int:
        return sum(map(len, self._families.values()))
