"""What a model says of the formulas that are read about it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from derive.calculus.entries import ShapeError
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.checking.applied import Applied
from derive.checking.dots import filled
from derive.checking.lettered_units import LetteredUnits
from derive.exact.conditions import may_rest
from derive.formula import (
    Array,
    Formula,
    Gradient,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    SumOver,
    walk,
)
from derive.formula.index import Index
from derive.functions import SOFTMAX
from derive.grammar.protocols import Meaning
from derive.grammar.written import Unknown
from derive.model import GIVEN, PARAMETERS, Role
from derive.notations.free import joined_name, split_name

_OF_PARAMETERS = ("W", "w", "b", "θ", "Θ")
_OF_GIVEN = ("x", "X", "y", "Y", "t", "d", "o", "p", "a", "z", "h", "s", "yhat", "xhat")
"""Letters for all parameters, and for what else an error is said to depend on: J(W, b; x, y)."""
MOST_APPLIED = 100
"""Instances of an argument that are looked at."""


class Surroundings(Meaning):
    """A model as :class:`derive.grammar.protocols.Meaning` asks for it."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        self._model = indices.model
        self._units = LetteredUnits(indices.model)

    @property
    def activations(self) -> Sequence[str]:
        return self._model.network.activations

    def net_layer(self, name: str) -> int | None:
        quantity = self._model.quantities[name]
        return quantity.layer if quantity.role is Role.NET else None

    def influenced(self, name: str) -> Collection[str]:
        return self._model.downstream(name) - {name}

    def names(self, formula: Formula) -> Collection[str]:
        if isinstance(formula, Name):
            return (formula.name,)
        if isinstance(formula, Unknown):
            begins = re.compile(rf"{re.escape(formula.stem)}(?:[0-9_]|\Z)")
            found = [*islice(filter(begins.match, self._model.quantities), MOST_APPLIED)]
            letter = formula.stem.partition("_")[0]
            of_some = self._usual.get(letter, ()) if letter in _OF_PARAMETERS else ()
            return found or self._usual.get(formula.stem, of_some)
        entries = self._instances(formula)
        return [entry.name for entry in entries if isinstance(entry, Name)]

    @cached_property
    def _usual(self) -> Mapping[str, Collection[str]]:
        """What letters usually stand for of which nothing in the network is called."""
        parameters = [q.name for q in islice(self._model.having(*PARAMETERS), MOST_APPLIED)]
        given = [q.name for q in islice(self._model.having(*GIVEN), MOST_APPLIED)]
        return {**dict.fromkeys(_OF_PARAMETERS, parameters), **dict.fromkeys(_OF_GIVEN, given)}

    def _instances(self, formula: Formula) -> Iterator[Formula]:
        """Some of the single formulas that one with index letters, or a matrix, stands for."""
        choices = self._indices.choices(self._indices.ranges(formula))
        for chosen in islice(choices, MOST_APPLIED):
            try:
                rows = self._matrices.entries(self._indices.instance(formula, chosen))
            except (ShapeError, KeyError):
                continue
            yield from (entry for row in rows for entry in row)

    def member_of(self, stem: str, arguments: Sequence[Formula]) -> Formula | None:
        first = {self._first_index(of.of if isinstance(of, Array) else of) for of in arguments}
        alone = {len(at) for at in self._indices.families.get(stem, ())} == {1}
        index = first.pop() if len(first) == 1 else None
        if not alone or index is None or not self._each_has_its_own(stem, arguments):
            return None
        name = joined_name(stem, (index[1],))
        if index[0]:
            return Member(stem, (index,))
        return Name(name) if name in self._model.quantities else None

    def _each_has_its_own(self, stem: str, arguments: Sequence[Formula]) -> bool:
        """Whether members depend only on what has their number first: h_2 on x_2, and not on x_1.

        So it is of examples. It is asked where one argument stands alone, which may be a factor.
        """
        if len(arguments) > 1:
            return True
        by_number: dict[int, set[str]] = {}
        for name in self.names(arguments[0]):
            by_number.setdefault(split_name(name)[1][0], set()).add(name)
        below = {n: {y for x in own for y in self.influenced(x)} for n, own in by_number.items()}
        members = {at[0]: joined_name(stem, at) for at in self._indices.families[stem]}
        return all(
            (members[a] in below[b]) == (a == b) for a in members for b in by_number
        ) and bool(below)

    def _first_index(self, of: Formula) -> Index | None:
        """The first index of a member of a family, with letters or as a number."""
        if isinstance(of, Member):
            return of.indices[0]
        numbers = split_name(of.name)[1] if isinstance(of, Name) else ()
        return ((), numbers[0]) if numbers else None

    def entry(self, of: Array | Layer, at: Sequence[Index]) -> Formula | None:
        indices = tuple(at)
        if isinstance(of, Layer):
            places = [_place(index) for index in indices]
            two = of.kind == "weight"
            fits = len(places) == 1 + two and None not in places
            return Neuron(of.kind, of.layer, *places) if fits else None  # type: ignore[arg-type]
        arrays, member = self._indices.arrays, of.of
        alike = arrays.alike(member.stem, len(member.indices)) if isinstance(member, Member) else {}
        name = member.name if isinstance(member, Name) else next(iter(alike), None)
        rows = [] if name is None else arrays.entries[name]
        if name is None or (len(rows) > 1) + (len(rows[0]) > 1) != len(indices):
            return None
        first = rows[0][0]
        if not isinstance(first, Name) or (len(indices) == 2 and arrays.turned(name)):
            return None
        stem, numbers = split_name(first.name)
        written = tuple(((), n) for n in numbers[: len(numbers) - len(indices)])
        outer = member.indices if isinstance(member, Member) else written
        return Member(stem, (*outer, *indices)) if len(outer) == len(written) else None

    def goes_back_alone(self, formula: Formula) -> bool:
        """Whether a quantity depends on what was before it through its own family only."""
        return all(self._is_step(name) for name in self.names(formula))

    def _is_step(self, name: str) -> bool:
        """Whether none of what a quantity is made of follows another member of its own family.

        What is made of members of the family of `name` is not gone through.
        """
        quantities, seen = self._model.quantities, dict[str, set[str]]()
        pending = [*self._model.inputs_of.get(name, ())]
        while pending:
            of = pending.pop()
            family = quantities[of].family
            if family != quantities[name].family and of not in seen.setdefault(family, set()):
                seen[family].add(of)
                pending += self._model.inputs_of.get(of, ())
        below = self._model.downstream
        pairs = ((members, of) for members in seen.values() for of in members)
        return not any(members & (below(of) - {of}) for members, of in pairs)

    def inputs(self, name: str) -> Collection[str]:
        return self._model.inputs_of[name]

    def is_defined(self, stem: str) -> bool:
        return any(name.startswith(stem) for name in self._model.definitions)

    def ranges(self, formula: Formula) -> Mapping[str, Sequence[int]]:
        return self._indices.ranges(formula)

    def counted(self, formula: Formula, letter: str) -> Sequence[int]:
        numbers = self._indices.ranges(formula).get(letter, ())
        subjects = [node.by for node in walk(formula) if isinstance(node, Partial | Gradient)]
        members = [of.of if isinstance(of, Array) else of for of in subjects]
        given = {
            number - offset
            for of in members
            if isinstance(of, Member)
            for place, (letters, offset) in enumerate(of.indices)
            if letters == (letter,)
            for number in self._given(of.stem, place)
        }
        return [number for number in numbers if number not in given] or numbers

    def _given(self, stem: str, place: int) -> set[int]:
        """The numbers at a place of a family with which its members are given: 0 for h_0.

        Nothing where no other member is defined.
        """
        given, defined = set[int](), set[int]()
        for at in self._indices.families.get(stem, ()):
            if place < len(at):
                is_defined = joined_name(stem, at) in self._model.definitions
                (defined if is_defined else given).add(at[place])
        return given - defined if defined else set()

    def is_unit(self, formula: Formula, letter: str) -> bool:
        return self._units.has(formula, letter)

    def summed(self, letter: str) -> tuple[int, int] | None:
        return self._summed.get(letter)

    def counts_with(self, letter: str) -> bool:
        return letter in self._counting

    @cached_property
    def _counting(self) -> frozenset[str]:
        """The letters for units and members in the network's notation, or in its own equations."""
        if self._model.has_neurons:
            return frozenset(self._model.network.naming.letters)
        families = self._model.instances.families
        return frozenset(letter for family in families for letter in family.letters)

    @cached_property
    def _summed(self) -> Mapping[str, tuple[int, int]]:
        """The limits of every Σ in the network's own equations, by its letter."""
        found: dict[str, set[tuple[int, int]]] = {}
        for family in self._model.instances.families if not self._model.has_neurons else ():
            for node in walk(family.definition) if family.definition is not None else ():
                if isinstance(node, SumOver):
                    found.setdefault(node.index, set()).add((node.lower, node.upper))
        return {letter: limits.pop() for letter, limits in found.items() if len(limits) == 1}

    @property
    def span(self) -> tuple[int, int]:
        return self._indices.span

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        free = self._indices.ranges(formula)
        if not all(free.values()):
            return None
        first = {letter: numbers[0] for letter, numbers in free.items()}
        try:
            entries = self._matrices.entries(self._indices.instance(formula, first))
        except (ShapeError, KeyError):
            return None
        return len(entries), len(entries[0])

    def applied(self, argument: Formula, letter: str) -> Collection[str]:
        if isinstance(argument, Array) and self._shares(argument):
            return {SOFTMAX}
        instances = self._instances(argument)
        return {f for one in instances for f in self._functions.functions(one, letter)}

    def made_of(self, argument: Formula, primes: int) -> Formula | None:
        letters = [*self._indices.ranges(argument)]
        found = set[Formula]()
        for chosen in islice(self._indices.choices(self._indices.ranges(argument)), MOST_APPLIED):
            single = self._indices.instance(argument, chosen)
            made = self._made_of(single.name) if isinstance(single, Name) else []
            if len(made) != 1:
                return None
            (name,) = made
            stem, numbers = split_name(name)
            indices = argument.indices if isinstance(argument, Member) else ()
            whole = letters and len(numbers) == len(indices)
            found.add(Member(stem, indices) if whole else Name(name))
        if len(found) != 1 or primes > 1:
            return None
        of = found.pop()
        return Partial(of, argument) if primes else of

    def _made_of(self, name: str) -> list[str]:
        model = self._model
        below = [n for n in model.used_in.get(name, ()) if {*model.inputs_of[n]} == {name}]
        return [n for n in below if model.quantities[n].role not in (Role.ERROR, Role.TOTAL)]

    def _shares(self, argument: Array) -> bool:
        """Whether softmax is applied to the entries of a vector, and to nothing beside them."""
        free, chain = self._indices.ranges(argument), self._indices.chain
        groups = defaultdict[Formula, set[str]](set)
        for share, net in chain.shares.items():
            groups[self._model.definitions[share].parts()[1]].add(net)
        for chosen in islice(self._indices.choices(free), MOST_APPLIED):
            entries = self._matrices.entries(self._indices.instance(argument, chosen))
            names = {entry.name for row in entries for entry in row if isinstance(entry, Name)}
            if names not in groups.values():
                return False
        return bool(groups)

    @cached_property
    def _matrices(self) -> Matrices:
        return Matrices(self._indices)

    @cached_property
    def _functions(self) -> Applied:
        return Applied(self._model)

    def may_rest(self, test: Formula) -> bool:
        return may_rest(self._model, test)

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        return filled(terms, self._indices)


def _place(index: Index) -> int | str | None:
    """An index of a neuron: a number or a single letter; nothing for any other."""
    letters, number = index
    if not letters:
        return number
    return letters[0] if len(letters) == 1 and not number else None
