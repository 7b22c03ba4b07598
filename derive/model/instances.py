"""Scalars are instances of families, made when they are asked for."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import accumulate, groupby
from itertools import product as combinations
from typing import Protocol, overload

from derive.formula import Formula, Member, Name, Sum, names_in, transform, walk
from derive.model.families import (
    AbsentError,
    Family,
    Indices,
    Key,
    Quantity,
    Role,
    array_of,
    box_around,
    fitting,
    fitting_within,
    instance,
    member,
    opened,
    terms,
)
from derive.model.made import Made
from derive.model.uses import Uses

Step = tuple[Family, Mapping[str, int]]
"""A family, or the part of it in which these letters have these numbers."""


class Spelling(Protocol):
    """How the members of the families of one model are called."""

    def plain(self, family: Family, indices: Indices) -> str:
        """The plain name: ``w31``."""
        ...

    def latex(self, family: Family, indices: Indices) -> str:
        """The same in LaTeX."""
        ...

    def find(self, name: str) -> tuple[str, Indices] | None:
        """The key of the family and the indices of a quantity that may be called so.

        Where only weights are found, the others are listed.
        """
        ...


class Names(Sequence[str]):
    """The names of all members of some parts of families, in order, each made when asked for."""

    def __init__(self, instances: Instances, parts: Sequence[int]) -> None:
        self._instances = instances
        self._parts = parts
        self._places = {number: n for n, number in enumerate(parts)}
        self._starts = [0, *accumulate(len(instances.parts[number]) for number in parts)]

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[str]:
        name, parts = self._instances.name_in, self._instances.parts
        return (name(n, indices) for n in self._parts for indices in parts[n])

    def __reversed__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self) - 1, -1, -1))

    def __contains__(self, name: object) -> bool:
        found = self._instances.place(name) if isinstance(name, str) else None
        return found is not None and self._instances.part(*found) in self._places

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        if isinstance(place, slice):
            return tuple(self[n] for n in range(*place.indices(len(self))))
        place = place + len(self) if place < 0 else place
        if not 0 <= place < len(self):
            raise IndexError(place)
        which = bisect_right(self._starts, place) - 1
        number = self._parts[which]
        indices = self._instances.parts[number].at(place - self._starts[which])
        return self._instances.name_in(number, indices)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str) or len(self) != len(other):
            return False
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def position(self, name: str) -> int:
        """The place of a name among all of them."""
        family, indices = self._instances.placed(name)
        number = self._instances.part(family, indices)
        return self._starts[self._places[number]] + self._instances.parts[number].place(indices)


class Instances:
    """The scalars of some families, in an order in which each uses only those before it.

    `order` are the families with the letters that go number by number, as the steps of time do:
    h[1] comes before net[2], and net[2] before h[2]. By default one family comes after another, as
    a whole. `complete` says that a way leads from each quantity to the last one.
    """

    def __init__(
        self,
        families: Sequence[Family],
        spelling: Spelling,
        order: Iterable[Step] | None = None,
        *,
        complete: bool = True,
    ) -> None:
        self.families = tuple(families)
        self._spelling = spelling
        self._names: dict[tuple[Family, Indices], str] = {}
        self._places: dict[str, tuple[Family, Indices]] = {}
        self.named = cache(self._of_roles)
        """The names of all quantities of these roles."""
        self.has_absent = any(family.absent for family in families)
        """Whether some families lack members."""
        self.complete = complete and not self.has_absent
        self._has_layers = any(family.layer for family in families)
        self.steps: list[Step] = [(f, {}) for f in families] if order is None else list(order)
        self._make_parts()
        self._make_arrays()
        self.names = names = Names(self, range(len(self.parts)))
        self.defined = defined = self.of(f for f in families if f.definition is not None)
        self.quantities: Mapping[str, Quantity] = Made(names, self._quantity)
        self._definitions = Made(defined, self._definition)
        self.definitions: Mapping[str, Formula] = self._definitions
        self.inputs_of: Mapping[str, list[str]] = Made(
            defined, lambda name: names_in(self.definitions[name])
        )
        self.used_in: Mapping[str, list[str]] = Made(names, self._users)
        self.order: Mapping[str, int] = Made(names, names.position)

    def __reduce__(self) -> tuple[Callable[..., Instances], tuple[object, ...]]:
        """What is stated is kept, and what has been made of it left behind."""
        made = partial(Instances, complete=self.complete)
        return made, (self.families, self._spelling, self.steps)

    def _make_parts(self) -> None:
        """Cut the families into pieces that can be computed one after the other."""
        self.parts: list[Family] = []
        self._numbers: dict[Family, tuple[list[int], dict[Indices, int]]] = {}
        for family, chosen in self.steps:
            axes, numbers = self._numbers.setdefault(
                family, ([n for n, letter in enumerate(family.letters) if letter in chosen], {})
            )
            numbers[tuple(chosen[family.letters[n]] for n in axes)] = len(self.parts)
            self.parts.append(family.narrowed(chosen) if axes else family)

    def _make_arrays(self) -> None:
        """Put the families of each array together; a box around them is the array as a whole."""
        self._of_array: dict[Key, list[Family]] = {}
        self._single: dict[tuple[str, Indices], Family] = {}
        self._groups: dict[Key, list[Family]] = {}
        for family in self.families:
            self._groups.setdefault(family.array, []).append(family)
            if math.prod(map(len, family.ranges)) == 1:
                self._single[family.key, tuple(run.start for run in family.ranges)] = family
            else:
                self._of_array.setdefault(family.array, []).append(family)
        self.arrays: dict[Key, Family] = {}
        """The families by their arrays; of several in one the box around them."""
        for key, group in self._groups.items():
            whole = group[0]
            boxed = Family(key[0], whole.role, box_around(group), whole.layer)
            self.arrays[key] = whole if len(group) == 1 else boxed

    def changed(self, definitions: Mapping[str, Formula]) -> Instances:
        """The same scalars, of which these are defined so; their families are taken apart."""
        placed = {name: self.placed(name) for name in definitions}
        apart = {family for family, _ in placed.values()}
        own = {at: self.stated(definitions[name]) for name, at in placed.items()}
        order: list[Step] = []
        for family, chosen in self.steps:
            if family not in apart:
                order.append((family, chosen))
                continue
            axes, numbers = self._numbers[family]
            for at in self.parts[numbers[tuple(chosen[family.letters[n]] for n in axes)]]:
                definition = own.get((family, at), family.definition)
                ranges = tuple(range(n, n + 1) for n in at)
                letters = family.letters or tuple(f"#{n}" for n, _ in enumerate(at))
                single = replace(family, ranges=ranges, letters=letters, definition=definition)
                order.append((single, {}))
        families = list(dict.fromkeys(family for family, _ in order))
        return Instances(families, self._spelling, order, complete=False)

    def like(self, families: Sequence[Family], order: Iterable[Step]) -> Instances:
        """The scalars of other families, which are called as these are."""
        return Instances(families, self._spelling, order, complete=self.complete)

    def stated(self, formula: Formula) -> Formula:
        """A formula of quantities as a definition: with members in the place of names."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Name):
                return None
            family, indices = self.placed(node.name)
            return member(family.key, *indices)

        return transform(formula, rule)

    def at(self, key: str, indices: Indices) -> Family | None:
        """The family that has the member of an array with these indices, if there is one."""
        found = self._single.get((key, indices))
        if found is not None:
            return found if indices not in found.absent else None
        of_array = self._of_array.get((key, len(indices)), ())
        return next((family for family in of_array if indices in family), None)

    def where(self, part: Family) -> tuple[slice, ...]:
        """Where a part of a family stands in the array of all; the first axis is another."""
        return part.within(self.arrays[part.array])

    def of_array(self, key: Key) -> Sequence[Family]:
        """The families that are parts of an array."""
        return self._groups.get(key, ())

    def part(self, family: Family, indices: Indices) -> int:
        """The number of the part of a family in which a member stands."""
        axes, numbers = self._numbers[family]
        return numbers[tuple(indices[n] for n in axes)]

    @property
    def written(self) -> Collection[str]:
        """The names of the quantities whose definitions have been written out so far."""
        return self._definitions.made.keys()

    def _of_roles(self, *roles: Role) -> Names:
        return self.of(f for f in self.families if f.role in roles)

    def of(self, families: Iterable[Family]) -> Names:
        """The names of all members of some families, in the order of all."""
        numbers = [n for family in families for n in self._numbers[family][1].values()]
        return Names(self, sorted(numbers))

    def by_line(self) -> list[Sequence[str]]:
        """The names of what is defined, those together that a line states one after the other."""
        defined = [n for n, part in enumerate(self.parts) if part.definition is not None]
        lines = groupby(defined, key=lambda n: self.parts[n].line)
        return [Names(self, list(numbers)) for _, numbers in lines]

    # Names.

    def name(self, family: Family, indices: Indices) -> str:
        """The plain name of a member."""
        place = family, indices
        found = self._names.get(place)
        if found is None:
            found = self._names[place] = self._spelling.plain(family, indices)
            self._places[found] = place
        return found

    def name_in(self, number: int, indices: Indices) -> str:
        """The plain name of a member of the part with this number."""
        return self.name(self.steps[number][0], indices)

    def place(self, name: str) -> tuple[Family, Indices] | None:
        """The family of a quantity and its indices in it; nothing where there is no such name."""
        known = self._places.get(name)
        if known is None:
            known = self._found(name) or self._listed.get(name)
            if known is not None:
                self._places[name] = known
        return known

    @cached_property
    def _listed(self) -> dict[str, tuple[Family, Indices]]:
        """The places of all quantities that are not weights, of which there are not many."""
        plain = self._spelling.plain
        few = (family for family in self.families if family.role is not Role.WEIGHT)
        return {plain(family, at): (family, at) for family in few for at in family}

    def _found(self, name: str) -> tuple[Family, Indices] | None:
        found = self._spelling.find(name)
        family = None if found is None else self.at(*found)
        if found is None or family is None:
            return None
        return (family, found[1]) if self._spelling.plain(family, found[1]) == name else None

    def placed(self, name: str) -> tuple[Family, Indices]:
        """The same of a quantity that there is. Raises :class:`KeyError`."""
        found = self.place(name)
        if found is None:
            raise KeyError(name)
        return found

    def _quantity(self, name: str) -> Quantity:
        family, indices = self.placed(name)
        index, source = (*indices, None, None)[:2]
        if not self._has_layers:
            index, source = self.names.position(name) + 1, None
        latex = self._spelling.latex(family, indices)
        return Quantity(
            name, latex, family.role, family.layer, index or 0, source, family.key, indices
        )

    # Definitions.

    def _definition(self, name: str) -> Formula:
        family, indices = self.placed(name)
        return self.instance(family.stated, dict(zip(family.letters, indices, strict=True)))

    def instance(self, template: Formula, chosen: Mapping[str, int]) -> Formula:
        """`template` for these numbers of its letters; terms with absent members are left out."""
        return instance(template, chosen, self._member)

    def _member(self, key: str, indices: Indices) -> Name:
        family = self.at(key, indices)
        if family is None:
            raise AbsentError(key, indices)
        return Name(self.name(family, indices))

    # Who uses whom.

    @cached_property
    def uses(self) -> Uses:
        """Where members stand in definitions."""
        return Uses(self.families)

    def _users(self, name: str) -> list[str]:
        """The quantities in whose definitions a quantity stands, in their order."""
        own, indices = self.placed(name)
        users: set[tuple[int, Indices]] = set()
        for family, used, ranges in self.uses.of(own.key, indices):
            for chosen in fitting_within(used, indices, ranges):
                runs = [
                    (chosen[letter],) if letter in chosen else run
                    for letter, run in family.runs.items()
                ]
                there = (at for at in combinations(*runs) if at in family)
                users.update((self.part(family, at), at) for at in there)
        found = [self.name_in(number, at) for number, at in sorted(users)]
        if self.has_absent:
            found = [user for user in found if name in self.inputs_of[user]]
        return found

    def terms_with(self, of: str, name: str) -> list[Formula]:
        """The terms of the definition of `of` in which `name` stands, in written order."""
        family, at = self.placed(of)
        used, indices = self.placed(name)
        chosen = dict(zip(family.letters, at, strict=True))
        found: list[Formula] = []
        whole = family.stated
        for term in whole.terms if isinstance(whole, Sum) else [whole]:
            found += self._terms_with(term, chosen, used.array, indices)
        return [term for term in found if name in names_in(term)]

    def _terms_with(
        self, term: Formula, chosen: Mapping[str, int], key: Key, indices: Indices
    ) -> Iterator[Formula]:
        bound, body = opened(term)
        if not bound:
            yield from terms(term, chosen, self._member)
            return
        fits: set[Indices] = set()
        for used in walk(body):
            if isinstance(used, Member) and array_of(used) == key:
                for found in fitting(used, indices, chosen):
                    choice = [
                        [found[letter]] if letter in found else run for letter, run in bound.items()
                    ]
                    fits.update(combinations(*choice))
        for numbers in sorted(fits):
            if all(number in run for number, run in zip(numbers, bound.values(), strict=True)):
                own = {**chosen, **dict(zip(bound, numbers, strict=True))}
                yield from terms(body, own, self._member)
