"""Scalars are instances of families, made when they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product as combinations
from typing import Protocol, TypeVar, overload

from derive.formula import Formula, Member, Name, Sum, SumOver, names_in, total, walk
from derive.model.families import (
    Family,
    Indices,
    Quantity,
    Role,
    fitting,
    members,
    numbers_of,
)

Value = TypeVar("Value")


class Spelling(Protocol):
    """How the members of the families of one model are called."""

    def plain(self, family: Family, indices: Indices) -> str:
        """The plain name: ``w31``."""
        ...

    def latex(self, family: Family, indices: Indices) -> str:
        """The same in LaTeX."""
        ...

    def find(self, name: str) -> tuple[str, Indices] | None:
        """The key of the family and the indices of a weight that may be called so."""
        ...


class Names(Sequence[str]):
    """The names of all members of some families, in order, each made when it is asked for."""

    def __init__(self, instances: Instances, families: Iterable[Family]) -> None:
        self._instances = instances
        self._families = list(families)
        self._places = {family.key: n for n, family in enumerate(self._families)}
        self._starts = [0]
        for family in self._families:
            self._starts.append(self._starts[-1] + len(family))

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[str]:
        name = self._instances.name
        return (name(family, indices) for family in self._families for indices in family)

    def __reversed__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self) - 1, -1, -1))

    def __contains__(self, name: object) -> bool:
        found = self._instances.place(name) if isinstance(name, str) else None
        return found is not None and found[0].key in self._places

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
        family = self._families[which]
        return self._instances.name(family, family.at(place - self._starts[which]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str) or len(self) != len(other):
            return False
        return all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def position(self, name: str) -> int:
        """The place of a name among all of them."""
        family, indices = self._instances.placed(name)
        return self._starts[self._places[family.key]] + family.place(indices)


class Made(Mapping[str, Value]):
    """What belongs to each of some names, made when it is asked for, and kept."""

    def __init__(self, names: Sequence[str], make: Callable[[str], Value]) -> None:
        self._names = names
        self._make = make
        self._made: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def made(self) -> list[tuple[str, Value]]:
        """What has been made so far."""
        return list(self._made.items())

    def put(self, name: str, value: Value) -> None:
        """Keep something for a name, instead of what would be made."""
        self._made[name] = value

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._made or name in self._names


class _AbsentError(LookupError):
    """A member that does not exist."""


class Instances:
    """The scalars of some families, in topological order: each family uses only those before it."""

    def __init__(self, families: Sequence[Family], spelling: Spelling) -> None:
        self.families = {family.key: family for family in families}
        self._spelling = spelling
        self._places: dict[str, tuple[Family, Indices]] = {}
        self._named: dict[tuple[Role, ...], Names] = {}
        self.has_absent = any(family.absent for family in families)
        """Whether some families lack members."""
        self.names = names = Names(self, families)
        defined = Names(self, [f for f in families if f.definition is not None])
        self.quantities: Mapping[str, Quantity] = Made(names, self._quantity)
        self.definitions: Mapping[str, Formula] = Made(defined, self._definition)
        self.inputs_of: Mapping[str, list[str]] = Made(
            defined, lambda name: names_in(self.definitions[name])
        )
        self.used_in: Mapping[str, list[str]] = Made(names, self._users)
        self.order: Mapping[str, int] = Made(names, names.position)

    def named(self, *roles: Role) -> Names:
        """The names of all quantities of these roles."""
        if roles not in self._named:
            self._named[roles] = self.of(f for f in self.families.values() if f.role in roles)
        return self._named[roles]

    def of(self, families: Iterable[Family]) -> Names:
        """The names of all members of some families."""
        return Names(self, families)

    # Names.

    def name(self, family: Family, indices: Indices) -> str:
        """The plain name of a member."""
        found = self._spelling.plain(family, indices)
        self._places[found] = family, indices
        return found

    def place(self, name: str) -> tuple[Family, Indices] | None:
        """The family of a quantity and its indices in it; nothing where there is no such name."""
        known = self._places.get(name)
        if known is None:
            known = self._listed.get(name) or self._weight(name)
            if known is not None:
                self._places[name] = known
        return known

    @cached_property
    def _listed(self) -> dict[str, tuple[Family, Indices]]:
        """The places of all quantities that are not weights, of which there are not many."""
        plain = self._spelling.plain
        few = (family for family in self.families.values() if family.role is not Role.WEIGHT)
        return {plain(family, at): (family, at) for family in few for at in family}

    def _weight(self, name: str) -> tuple[Family, Indices] | None:
        found = self._spelling.find(name)
        family = None if found is None else self.families.get(found[0])
        if found is None or family is None or found[1] not in family:
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
        latex = self._spelling.latex(family, indices)
        return Quantity(
            name, latex, family.role, family.layer, index or 0, source, family.key, indices
        )

    # Definitions.

    def _definition(self, name: str) -> Formula:
        family, indices = self.placed(name)
        assert family.definition is not None
        return self.instance(family.definition, dict(zip(family.letters, indices, strict=True)))

    def instance(self, template: Formula, chosen: Mapping[str, int]) -> Formula:
        """`template` for these numbers of its letters, every Σ written out.

        Terms in which an absent member stands are left out.
        """
        return total(self._terms(template, chosen))

    def _terms(self, template: Formula, chosen: Mapping[str, int]) -> Iterator[Formula]:
        if isinstance(template, Sum):
            for term in template.terms:
                yield from self._terms(term, chosen)
        elif isinstance(template, SumOver):
            for number in range(template.lower, template.upper + 1):
                yield from self._terms(template.body, {**chosen, template.index: number})
        else:
            try:
                yield self._whole(template, chosen)
            except _AbsentError:
                return

    def _whole(self, template: Formula, chosen: Mapping[str, int]) -> Formula:
        if isinstance(template, Member):
            family, indices = self.families[template.stem], numbers_of(template, chosen)
            if indices not in family:
                raise _AbsentError(template.stem, indices)
            return Name(self.name(family, indices))
        if isinstance(template, Sum | SumOver):
            return self.instance(template, chosen)
        parts = template.parts()
        if not parts:
            return template
        return template.rebuilt(tuple(self._whole(part, chosen) for part in parts))

    # Who uses whom.

    @cached_property
    def _uses(self) -> dict[str, list[tuple[Family, Member, Mapping[str, range]]]]:
        """The members of each family that stand in definitions, with the families defined.

        Last come the ranges of all letters there, of those that a Σ binds too.
        """
        found: dict[str, list[tuple[Family, Member, Mapping[str, range]]]] = {}
        for family in self.families.values():
            if family.definition is not None:
                own = dict(zip(family.letters, family.ranges, strict=True))
                for used, ranges in members(family.definition, own):
                    found.setdefault(used.stem, []).append((family, used, ranges))
        return found

    def _users(self, name: str) -> list[str]:
        """The quantities in whose definitions a quantity stands, in their order."""
        own, indices = self.placed(name)
        users: dict[str, set[Indices]] = {}
        for family, used, ranges in self._uses.get(own.key, ()):
            for chosen in fitting(used, indices, {}):
                if all(number in ranges[letter] for letter, number in chosen.items()):
                    runs = [
                        (chosen[letter],) if letter in chosen else ranges[letter]
                        for letter in family.letters
                    ]
                    users.setdefault(family.key, set()).update(combinations(*runs))
        # Families that use another are met in their own order.
        found = [
            self.name(self.families[key], at)
            for key, places in users.items()
            for at in sorted(places)
            if at in self.families[key]
        ]
        if self.has_absent:
            found = [user for user in found if name in self.inputs_of[user]]
        return found

    def terms_with(self, of: str, name: str) -> list[Formula]:
        """The terms of the definition of `of` in which `name` stands, in written order."""
        family, at = self.placed(of)
        used, indices = self.placed(name)
        assert family.definition is not None
        chosen = dict(zip(family.letters, at, strict=True))
        found: list[Formula] = []
        whole = family.definition
        for term in whole.terms if isinstance(whole, Sum) else [whole]:
            found += self._terms_with(term, chosen, used.key, indices)
        return [term for term in found if name in names_in(term)]

    def _terms_with(
        self, term: Formula, chosen: Mapping[str, int], key: str, indices: Indices
    ) -> Iterator[Formula]:
        bound: dict[str, range] = {}
        body = term
        while isinstance(body, SumOver):
            bound[body.index] = range(body.lower, body.upper + 1)
            body = body.body
        if not bound:
            yield from self._terms(term, chosen)
            return
        fits: set[Indices] = set()
        for member in walk(body):
            if isinstance(member, Member) and member.stem == key:
                for found in fitting(member, indices, chosen):
                    choice = [
                        [found[letter]] if letter in found else run for letter, run in bound.items()
                    ]
                    fits.update(combinations(*choice))
        for numbers in sorted(fits):
            if all(number in run for number, run in zip(numbers, bound.values(), strict=True)):
                yield from self._terms(body, {**chosen, **dict(zip(bound, numbers, strict=True))})
