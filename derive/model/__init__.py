"""The model: all quantities of a network and their definitions, an acyclic graph.

The calculus knows nothing but models. A definition is kept as it is written
(:class:`~derive.formula.Formula`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TypeVar, cast

from derive.errors import InputError
from derive.formula import Formula, Name, Sum, names_in, substitute
from derive.model.downstream import Downstream
from derive.model.facts import Facts
from derive.model.families import Family, Indices, Quantity, Role, array_of, places
from derive.model.instances import Instances
from derive.model.miniature import miniature
from derive.suggest import did_you_mean

PARAMETERS = (Role.WEIGHT, Role.BIAS)
GIVEN = (Role.INPUT, Role.TARGET)
KINDS = {
    Role.INPUT: "out",
    Role.OUTPUT: "out",
    Role.TARGET: "target",
    Role.NET: "net",
    Role.WEIGHT: "weight",
    Role.BIAS: "bias",
    Role.ERROR: "error",
}
"""What :class:`~derive.formula.Neuron` and :class:`~derive.formula.Layer` call these roles."""


Known = TypeVar("Known")
MOST_KEPT = 1_000
"""Quantities of which it is kept what depends on them."""
MOST_LOOKED_THROUGH = 2_000
"""Definitions that are looked through for what a name may mean."""


class Model:
    """The instances of some families in topological order, and what is defined by them.

    `definitions` maps a quantity's name to what it equals. `conditions` say what given quantities
    satisfy, solved for one of them: the targets of a softmax sum to 1. A consistent point satisfies
    them; derivatives do not follow them.
    """

    def __init__(
        self,
        instances: Instances,
        network: Facts,
        conditions: Callable[[Instances], dict[str, Formula]] = lambda _: {},
    ) -> None:
        self.network = network
        self.instances = instances
        self._conditions = conditions
        self.conditions = conditions(instances)
        self.kept: dict[object, object] = {}
        """What others have worked out about this model, once for all, by what makes it."""
        self.quantities = instances.quantities
        self.definitions = instances.definitions
        self.inputs_of, self.used_in = instances.inputs_of, instances.used_in
        self.order = instances.order
        """The place of each quantity in the model's order."""

    def known(self, make: Callable[[Model], Known]) -> Known:
        """What `make` works out about this model, once for all."""
        if make not in self.kept:
            self.kept[make] = make(self)
        return cast("Known", self.kept[make])

    def miniature(self) -> Model:
        """The same model with two members along each index: rules for whole families show there."""
        return Model(miniature(self.instances), self.network, self._conditions)

    def with_definitions(self, changed: Mapping[str, Formula]) -> Model:
        """The same model in which these quantities are defined so."""
        return Model(self.instances.changed(changed), self.network, self._conditions)

    def __repr__(self) -> str:
        return f"<Model {self.network.name}: {len(self.quantities)} quantities>"

    def names(self, *roles: Role) -> Sequence[str]:
        """The names of the quantities of these roles, in the model's order."""
        return self.instances.named(*roles)

    def in_layer(self, layer: int, *roles: Role) -> Sequence[str]:
        """The names of the quantities of these roles in one layer."""
        families = self.instances.families
        return self.instances.of(f for f in families if f.layer == layer and f.role in roles)

    def firsts(self, *roles: Role) -> Iterable[str]:
        """The first of these roles for each place where such quantities stand in a definition."""
        found: dict[str, None] = {}
        for family in self.instances.families:
            for used, ranges in family.used:
                if self.instances.arrays[array_of(used)].role in roles:
                    names = (self.member(used.stem, at) for at in places(used, ranges))
                    found.update(dict.fromkeys(islice(filter(None, names), 1)))
        return sorted(found, key=self.order.__getitem__)

    def first_definitions(self) -> Iterator[tuple[str, Formula]]:
        """The first of its definitions, as many as are looked through for what a name may mean."""
        return islice(self.definitions.items(), MOST_LOOKED_THROUGH)

    def having(self, *roles: Role) -> Iterator[Quantity]:
        """The quantities of these roles, in the model's order."""
        return map(self.quantities.__getitem__, self.names(*roles))

    @cached_property
    def has_neurons(self) -> bool:
        """Whether it consists of neurons, each with a net input and an output."""
        return any(True for _ in self.having(Role.NET))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons of each layer, from the inputs on; none where there are none."""
        outs = (f for f in self.instances.families if f.role in (Role.INPUT, Role.OUTPUT))
        sizes = {family.layer: len(family) for family in outs}
        return tuple(sizes[layer] for layer in sorted(sizes)) if self.has_neurons else ()

    @cached_property
    def total(self) -> str:
        """The name of E_total."""
        return next(self.having(Role.TOTAL)).name

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The names of the errors of which E_total is the sum."""
        names = names_in(self.definitions[self.total])
        errors = [name for name in names if self.quantities[name].role is Role.ERROR]
        return tuple(errors or names)

    @cached_property
    def parameters(self) -> Sequence[str]:
        """The names of all weights and biases, in the model's order."""
        return self.names(*PARAMETERS)

    def moves(self, name: str) -> bool:
        """Whether the step of gradient descent changes a parameter: biases may be left alone."""
        return self.network.update_biases or self.quantities[name].role is not Role.BIAS

    def parameter(self, name: str) -> Quantity:
        """The weight or bias called `name`; :class:`InputError` says which there are."""
        quantity = self.quantities.get(name)
        if quantity is None or quantity.role not in PARAMETERS:
            raise InputError(
                f"weight {name!r}: {self.network.name} has no such weight or bias"
                f"{did_you_mean(name, self.parameters)}; it has {self._parameter_ranges()}"
            )
        return quantity

    def _parameter_ranges(self) -> str:
        groups: dict[tuple[Role, int], list[str]] = {}
        for quantity in self.having(*PARAMETERS):
            groups.setdefault((quantity.role, quantity.layer), []).append(quantity.name)
        ranges = [
            names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            for (_, _), names in sorted(
                groups.items(), key=lambda item: item[0][0].value != "weight"
            )
        ]
        shown = ranges if len(ranges) <= 8 else [*ranges[:4], "…", *ranges[-3:]]
        return ", ".join(shown)

    def downstream(self, *names: str) -> Downstream:
        """These quantities and every one that depends on them."""
        found = self._downstream.get(names)
        if found is None:
            if len(self._downstream) >= MOST_KEPT:
                self._downstream.clear()
            found = self._downstream[names] = Downstream(self.instances, names)
        return found

    @cached_property
    def _downstream(self) -> dict[tuple[str, ...], Downstream]:
        """What was asked for lately of what depends on quantities."""
        return {}

    def dependents(self, name: str, last: int | None = None) -> list[str]:
        """What depends on a quantity, in the model's order, up to the place `last` of it."""
        found, todo = {name}, [name]
        while todo:
            for user in self.used_in[todo.pop()]:
                if user not in found and (last is None or self.order[user] <= last):
                    found.add(user)
                    todo.append(user)
        return sorted(found - {name}, key=self.order.__getitem__)

    def between(self, tops: Iterable[str], bottom: str, known: Collection[str] = ()) -> list[str]:
        """The quantities by which those in `tops` depend on `bottom`, in the model's order.

        Those in `known`, which depend on it, are left out, with what lies below them.
        """
        wanted = set(tops)
        last = max((self.order[name] for name in wanted), default=-1)
        found: list[str] = []
        for name in reversed(self.dependents(bottom, last)):
            if name not in known and (name in wanted or not wanted.isdisjoint(self.used_in[name])):
                found.append(name)
                wanted.add(name)
        return found[::-1]

    @property
    def stated(self) -> Iterable[Formula]:
        """The definitions as they are stated, those of a family once."""
        return [f.definition for f in self.instances.families if f.definition is not None]

    def written(self, wanted: Callable[[Formula], bool]) -> Iterator[Formula]:
        """The definitions of all members of the families whose definition, as it is stated, is so.

        The others are not written out.
        """
        return (self.definitions[name] for name in self.whose(wanted))

    def whose(self, wanted: Callable[[Formula], bool]) -> Sequence[str]:
        """The members of these families."""
        families = self.instances.families
        return self.instances.of(f for f in families if f.definition and wanted(f.definition))

    def member(self, family: str, indices: Indices) -> str | None:
        """The name of the member of a family with these indices, if there is one."""
        found = self.instances.at(family, indices)
        return None if found is None else self.instances.name(found, indices)

    @cached_property
    def of_kind(self) -> dict[tuple[str, int], Family]:
        """The arrays of neurons' quantities, by what they are called and their layer."""
        arrays = self.instances.arrays.values()
        return {
            (KINDS[family.role], family.layer): family for family in arrays if family.role in KINDS
        }

    def neuron(self, kind: str, layer: int, index: int, source: int | None = None) -> str | None:
        """The name of a neuron's quantity by its place; nothing where there is none.

        A bias that a layer shares has index 0.
        """
        family = self.of_kind.get((kind, layer))
        if family is None:
            return None
        return self.member(family.key, tuple(n for n in (index, source) if n))

    def summands(self, name: str) -> tuple[Formula, ...]:
        """The terms of a quantity's definition."""
        definition = self.definitions[name]
        return definition.terms if isinstance(definition, Sum) else (definition,)

    def unfolded(self, name: str, keep: Iterable[str] = ()) -> Formula:
        """`name` written out through the definitions of everything but the quantities in `keep`.

        ``unfolded("E_d1", ["out_c1", "out_c2", "out_c3"])`` is equation (2) of the notes.
        """
        kept = set(keep) - {name}
        needed: set[str] = set()
        todo = [name]
        while todo:
            current = todo.pop()
            if current in needed or current in kept or current not in self.definitions:
                continue
            needed.add(current)
            todo.extend(self.inputs_of[current])
        written: dict[str, Formula] = {}
        for current in sorted(needed, key=self.order.__getitem__):
            written[current] = substitute(self.definitions[current], written)
        return written.get(name, Name(name))


__all__ = ["GIVEN", "PARAMETERS", "Model", "Quantity", "Role"]
