"""What points of large models have in common, whatever numbers the arrays of their families hold.

Values are computed part by part, slopes of E_total by one sweep backward, node by node, and slopes
by other quantities forward.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from derive.exact.array_boxes import Runs, Sent
from derive.exact.array_rings import Array, Ring
from derive.exact.arrays import Templates
from derive.exact.consistent import Consistent
from derive.formula import Call, Cases, Formula, Name, evaluate, total
from derive.model.families import Family, Indices, Key
from derive.model.instances import Instances
from derive.model.made import Made


class Numbers(Ring, Protocol):
    """A ring of arrays, and the numbers that have an entry in each of their rows."""

    def joined(self, entries: Sequence[Any]) -> Any: ...
    def parted(self, number: Any) -> list[Any]: ...


def by_nodes(own: Family, adjoint: Array, here: Templates) -> Sent:
    """What arrays get of a part that uses them by the rules of differentiation, node by node."""
    return here.backward(own.stated, own.runs, adjoint)


class ArrayConsistent(Consistent):
    """A consistent point whose values are arrays, one for each array of families."""

    families: Instances
    ring_of_arrays: Numbers
    rows: int
    """The length of the first axis of all arrays."""
    _arrays: dict[Key, Array]
    _tangents: dict[str, Mapping[str, Any]]
    _elements: dict[tuple[Formula, tuple[tuple[str, range], ...]], list[Array]]

    @abstractmethod
    def all_templates(self) -> Templates:
        """Templates over the arrays of all families."""

    @abstractmethod
    def _computed(self, node: Call | Cases, runs: Runs, argument: Array) -> list[Array]:
        """A function and its slope, or the unit step of cases, at each entry of its argument."""

    def _element(self, node: Call | Cases, runs: Runs) -> list[Array]:
        """The same, computed once."""
        key = node, tuple(runs.items())
        if key not in self._elements:
            inside = node.argument if isinstance(node, Call) else node.test
            argument = self.all_templates().value(inside, runs)
            self._elements[key] = self._computed(node, runs, argument)
        return self._elements[key]

    def _begin_arrays(self) -> None:
        self._arrays = {
            key: np.zeros(self._shape(family), dtype=self._dtype)
            for key, family in self.families.arrays.items()
        }
        self._tangents = {}
        self._elements = {}
        self.values = Made(self.families.names, self._value)

    _dtype: Any = np.int64

    def _fill_parts(self) -> None:
        """Put in what conditions say, and all that is defined."""
        for name, condition in () if self.free else self.model.conditions.items():
            self._put(name, evaluate(condition, self._ring).value)
        for part in self.families.parts:
            if part.definition is not None:
                self._within(part)[:] = self.all_templates().value(part.definition, part.runs)

    def _put(self, name: str, value: Any) -> None:
        own, indices = self.families.placed(name)
        self._arrays[own.array][self._at(own, indices)] = self.ring_of_arrays.parted(value)

    def _within(self, part: Family) -> Array:
        """The numbers of a part of a family."""
        found: Array = self._arrays[part.array][self.families.where(part)]
        return found

    def _shape(self, family: Family) -> tuple[int, ...]:
        return (self.rows, *map(len, family.ranges))

    def _at(self, family: Family, indices: Indices) -> Any:
        """Where the numbers of one member stand in its array."""
        return (slice(None), *self.families.arrays[family.array].offsets(indices))

    def entry(self, array: Array, name: str) -> Any:
        """The number of one quantity in its array."""
        family, indices = self.families.placed(name)
        return self.ring_of_arrays.joined(array[self._at(family, indices)].tolist())

    def _value(self, name: str) -> Any:
        return self.entry(self._arrays[self.families.placed(name)[0].array], name)

    # Slopes.

    @abstractmethod
    def _adjoint_of(self, by: str) -> Any:
        """∂E_total/∂by."""

    def slope(self, of: Formula, by: str) -> Any:
        if isinstance(of, Name) and of.name == self.model.total:
            return self._adjoint_of(by)
        if by not in self._tangents:
            slopes = Made(self.families.names, Moving(self, by).slope)
            slopes.put(by, 1)
            self._tangents[by] = slopes
        return evaluate(of, self._arithmetic(self._tangents[by])).slope

    def move(self, part: Family, moved: dict[Key, Array], direct: Mapping[str, Any]) -> None:
        """Put the slopes of a part, where others move so, to those that are `moved`.

        `direct` are the members in whose definitions that by which all is moved stands itself.
        """
        slope = None
        if moved:
            slope = self.all_templates().slope(part.stated, part.runs, moved)
        if slope is None and not direct:
            return
        if part.array not in moved:
            shape = self._shape(self.families.arrays[part.array])
            moved[part.array] = np.zeros(shape, dtype=self._dtype)
        found = moved[part.array]
        if slope is not None:
            found[self.families.where(part)] = slope
        for name, value in direct.items():
            at = self._at(part, self.families.placed(name)[1])
            found[at] += self.ring_of_arrays.parted(value)
        self.ring_of_arrays.reduced(found)

    def local(self, of: str, by: str) -> Any:
        """∂of/∂by of neighbours, by dual numbers."""
        terms = self.families.terms_with(of, by)
        if not terms:
            return 0
        return evaluate(total(terms), self._arithmetic({by: 1})).slope


class Moving:
    """The slopes of all quantities by one, part after part, as far as somebody asks."""

    def __init__(self, point: ArrayConsistent, by: str) -> None:
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
