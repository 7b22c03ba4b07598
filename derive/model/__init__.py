"""The model: all quantities of a network and their definitions, an acyclic graph.

The calculus knows nothing but models. A definition is kept as it is written
(:class:`~derive.formula.Formula`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from derive.errors import InputError
from derive.formula import Formula, Name, Sum, names_in, substitute
from derive.model.facts import Facts
from derive.model.families import Indices, Quantity, Role
from derive.model.instances import Instances
from derive.model.miniature import miniature
from derive.suggest import did_you_mean

PARAMETERS = (Role.WEIGHT, Role.BIAS)
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


class Model:
    """Quantities in topological order, and the definitions of those that are not given.

    `definitions` maps a quantity's name to what it equals. `conditions`
    say what given quantities satisfy, solved for one of them: the targets of a softmax sum to 1.
    A consistent point satisfies them; derivatives do not follow them. Raises
    :class:`InputError` when a definition uses a quantity that does not come before it.
    """

    def __init__(
        self,
        quantities: Iterable[Quantity],
        definitions: Mapping[str, Formula],
        network: Facts,
        conditions: dict[str, Formula] | None = None,
        instances: Instances | None = None,
    ) -> None:
        self.network = network
        self.conditions = conditions or {}
        self.kept: dict[type, object] = {}
        """What others have worked out about this model, once for all, by what it is."""
        self.instances = instances
        """The families of which the quantities are instances, where they are stated as such."""
        self._small: Callable[[], Model] = lambda: self
        self.quantities: Mapping[str, Quantity]
        self.definitions = definitions
        self.inputs_of: Mapping[str, list[str]]
        self.used_in: Mapping[str, list[str]]
        if instances is not None:
            self.quantities = instances.quantities
            self.inputs_of, self.used_in = instances.inputs_of, instances.used_in
            return
        self.quantities = {quantity.name: quantity for quantity in quantities}
        inputs_of: dict[str, list[str]] = {}
        used_in: dict[str, list[str]] = {name: [] for name in self.quantities}
        seen: set[str] = set()
        for name in self.quantities:
            if name in definitions:
                inputs_of[name] = names_in(definitions[name])
                for used in inputs_of[name]:
                    if used not in seen:
                        raise InputError(f"{name}: its definition uses {used}, not defined before")
                    used_in[used].append(name)
            seen.add(name)
        self.inputs_of, self.used_in = inputs_of, used_in

    @classmethod
    def of_families(
        cls,
        instances: Instances,
        network: Facts,
        conditions: Callable[[Instances], dict[str, Formula]],
    ) -> Model:
        """The model whose quantities are the instances of some families."""
        made = cls((), instances.definitions, network, conditions(instances), instances)
        made._small = lambda: cls.of_families(miniature(instances), network, conditions)
        return made

    def miniature(self) -> Model:
        """The same model with two members along each index: rules for whole families show there.

        One that is not stated in families is its own.
        """
        return self._small()

    def __repr__(self) -> str:
        return f"<Model {self.network.name}: {len(self.quantities)} quantities>"

    def names(self, *roles: Role) -> Sequence[str]:
        """The names of the quantities of these roles, in the model's order."""
        if self.instances is not None:
            return self.instances.named(*roles)
        return tuple(q.name for q in self.quantities.values() if q.role in roles)

    def in_layer(self, layer: int, *roles: Role) -> Sequence[str]:
        """The names of the quantities of these roles in one layer."""
        if self.instances is not None:
            families = self.instances.families.values()
            return self.instances.of(f for f in families if f.layer == layer and f.role in roles)
        return tuple(q.name for q in self.having(*roles) if q.layer == layer)

    def firsts(self, *roles: Role) -> Iterable[str]:
        """The names of these roles; of a family that is stated as a whole the first alone."""
        if self.instances is None:
            return self.names(*roles)
        families = self.instances.families.values()
        return [self.instances.of([f])[0] for f in families if f.role in roles and len(f)]

    def stated_as(self, kind: type[Formula]) -> Iterable[str]:
        """The quantities whose definitions, as they are stated, are formulas of this kind."""
        if self.instances is None:
            return [name for name, f in self.definitions.items() if isinstance(f, kind)]
        return self.instances.of(
            f for f in self.instances.families.values() if isinstance(f.definition, kind)
        )

    def having(self, *roles: Role) -> Iterator[Quantity]:
        """The quantities of these roles, in the model's order."""
        return map(self.quantities.__getitem__, self.names(*roles))

    @cached_property
    def has_neurons(self) -> bool:
        """Whether it consists of neurons, each with a net input and an output."""
        return any(True for _ in self.having(Role.NET))

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

    @cached_property
    def parameters_set(self) -> Container[str]:
        """The same names, to be asked for."""
        return self.parameters if self.instances is not None else frozenset(self.parameters)

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

    def downstream(self, name: str) -> set[str]:
        """`name` and every quantity that depends on it."""
        found, todo = {name}, [name]
        while todo:
            for user in self.used_in[todo.pop()]:
                if user not in found:
                    found.add(user)
                    todo.append(user)
        return found

    def ahead(self, relevant: Iterable[str]) -> dict[str, list[str]]:
        """Which of some quantities stand in each definition, in no particular order.

        They are found from below, without a look at what else stands in the definitions.
        """
        found: dict[str, list[str]] = {}
        for name in relevant:
            for user in self.used_in[name]:
                found.setdefault(user, []).append(name)
        return found

    def dependents(self, name: str) -> list[str]:
        """What depends on a quantity, in the model's order."""
        found = self.downstream(name) - {name}
        return sorted(found, key=self.order.__getitem__)

    def between(self, tops: Iterable[str], bottom: str, known: Collection[str] = ()) -> list[str]:
        """The quantities by which those in `tops` depend on `bottom`, in the model's order.

        Those in `known`, which depend on it, are left out, with what lies below them.
        """
        tops = list(tops)
        if tops == [self.total]:
            # Everything leads to the total error.
            return [name for name in self.dependents(bottom) if name not in known]
        if self.instances is not None:
            return self._between_upward(set(tops), bottom, known)
        order = self.order
        first = order[bottom]
        # What comes before `bottom` does not depend on it.
        seen: set[str] = set()
        todo = [name for name in tops if order.get(name, -1) > first]
        while todo:
            name = todo.pop()
            if name not in seen and name not in known:
                seen.add(name)
                todo.extend(x for x in self.inputs_of.get(name, ()) if order[x] > first)
        found = {bottom: first}
        for name in sorted(seen, key=order.__getitem__):
            if any(x in found or x in known for x in self.inputs_of.get(name, ())):
                found[name] = order[name]
        return list(found)[1:]

    def _between_upward(self, wanted: set[str], bottom: str, known: Collection[str]) -> list[str]:
        """The same from `bottom` up: a neuron of a wide layer has more inputs than users."""
        found: list[str] = []
        for name in reversed(self.dependents(bottom)):
            if name not in known and (name in wanted or not wanted.isdisjoint(self.used_in[name])):
                found.append(name)
                wanted.add(name)
        return found[::-1]

    @property
    def stated(self) -> Iterable[Formula]:
        """The definitions as they are stated, those of a family once."""
        if self.instances is None:
            return self.definitions.values()
        families = self.instances.families.values()
        return [f.definition for f in families if f.definition is not None]

    def member(self, family: str, indices: Indices) -> str | None:
        """The name of the member of a family with these indices, if there is one."""
        if self.instances is None:
            return self._members.get((family, indices))
        found = self.instances.families.get(family)
        return self.instances.name(found, indices) if found and indices in found else None

    @cached_property
    def _members(self) -> dict[tuple[str, Indices], str]:
        return {(q.family, q.indices): q.name for q in self.quantities.values()}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each quantity in the model's order."""
        if self.instances is not None:
            return self.instances.order
        return {name: place for place, name in enumerate(self.quantities)}

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


__all__ = ["PARAMETERS", "Model", "Quantity", "Role"]
