"""The slopes of all quantities of a large model by one of them, carried forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from derive.exact.array_rings import Array
from derive.model import Model
from derive.model.families import Family, Key
from derive.model.instances import Instances


class Moved(Protocol):
    """A point at which slopes are carried forward."""

    model: Model
    families: Instances

    def local(self, of: str, by: str) -> int: ...
    def entry(self, array: Array, name: str) -> int: ...
    def move(self, part: Family, moved: dict[Key, Array], direct: Mapping[str, int]) -> None: ...


class Moving:
    """The slopes of all quantities by one, part after part, as far as somebody asks."""

    def __init__(self, point: Moved, by: str) -> None:
        self._point = point
        self._by = by
        self._users: dict[int, list[str]] = {}
        for user in point.model.used_in[by]:
            self._users.setdefault(point.families.part(*point.families.placed(user)), []).append(
                user
            )
        self._moved: dict[Key, Array] = {}
        self._first = self._reached = min(self._users, default=len(point.families.parts))

    def slope(self, name: str) -> int:
        """∂name/∂by."""
        point, (family, indices) = self._point, self._point.families.placed(name)
        number = point.families.part(family, indices)
        if number <= self._first:
            # Nothing lies between them.
            return point.local(name, self._by) if name in self._users.get(number, ()) else 0
        while self._reached <= number:
            self._go_on()
        return point.entry(self._moved[family.array], name) if family.array in self._moved else 0

    def _go_on(self) -> None:
        number = self._reached
        part, users = self._point.families.parts[number], self._users.get(number, ())
        self._reached += 1
        if part.definition is not None:
            direct = {user: self._point.local(user, self._by) for user in users}
            self._point.move(part, self._moved, direct)
