"""Layers as vectors: their definitions with index letters, and what they are as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from math import prod

from derive import functions
from derive.formula import Array, Call, Formula, Member, Name, Partial, Product, total
from derive.model.arrays import Arrays, Entries
from derive.model.families import Family, numbers_of
from derive.model.instances import Instances
from derive.networks.families.draft import Draft, Ranges, moved, own
from derive.notations.free import joined_name, split_name

TIME = "t"


@dataclass(frozen=True)
class Vector:
    """Column vectors of a draft, one for each number of the letters of `place`.

    `before` is by how many steps of time each is before its user.
    """

    stem: str
    place: Ranges
    size: int
    before: int = 0

    def entry(self, letter: str) -> Member:
        """The entry in the row of this letter."""
        indices = []
        for x, run in self.place.items():
            offset = -self.before if x == TIME else 0
            indices.append(((x,), offset) if run.stop - run.start > 1 else ((), run.start + offset))
        return moved(self.stem, *indices, *own(letter, self.size))

    def name(self, chosen: Mapping[str, int]) -> str:
        """What one of the vectors is called."""
        numbers = numbers_of(replace(self, size=1).entry(""), chosen)
        return joined_name(self.stem, numbers)

    @property
    def last(self) -> Vector:
        """The vector of the last step."""
        run = self.place[TIME]
        return replace(self, place={**self.place, TIME: range(run.stop - 1, run.stop)})

    def names(self, chosen: Mapping[str, int]) -> Entries:
        """The entries of one of the vectors."""
        stem = self.name(chosen)
        return tuple(
            (Name(joined_name(stem, i)),) for i in combinations(*own("j", self.size).values())
        )

    def array(self, chosen: Mapping[str, int]) -> Array:
        """One of the vectors."""
        return Array(Name(self.name(chosen)))


class Vectors:
    """Puts layers into a draft, and keeps the equations between their vectors and matrices.

    A `place` are the indices of a vector, before that of an entry: ``h_2_1`` is in the vector h_2.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._entries: dict[str, Entries] = {}
        self._equations: dict[str, Formula] = {}
        self._deltas: dict[str, str] = {}

    def given(self, stem: str, size: int, place: Ranges) -> tuple[Vector, Family]:
        """Vectors of inputs."""
        family = self._draft.given(stem, {**place, **own("j", size)})
        found = Vector(stem, place, size)
        self._keep(found)
        return found, family

    def layer(
        self,
        products: Sequence[tuple[str, Vector]],
        bias: str,
        of: Ranges,
        place: Ranges,
        size: int,
        activation: str,
        names: tuple[str, str],
    ) -> tuple[Vector, list[Family]]:
        """The layers out = f(net), net = the sum of weights times vectors, and of the bias if any.

        `products` has the stem of each matrix of weights; `of` are the indices of the weights
        before those of neurons. With the identity there is no net. The weights are put, the
        definitions not yet.
        """
        draft, neurons = self._draft, own("j", size)
        count = size * prod(run.stop - run.start for run in place.values())
        sums = ((stem, source.entry("k"), own("k", source.size)) for stem, source in products)
        terms = draft.weighted(sums, bias, {**of, **neurons}, count)
        layer = draft.layer(terms, activation, names, place, neurons)
        summed, *outs = (Vector(family.key, place, size) for family in layer)
        whole = activation == functions.SOFTMAX
        symbol = activation if whole else functions.activation(activation).symbol
        for chosen in _choices(place):
            self._stated(products, bias, of, names[0], summed, chosen)
            for out in outs:
                self._equations[out.name(chosen)] = Call(symbol, summed.array(chosen))
        for vector in (summed, *outs):
            self._keep(vector)
        return (outs or [summed])[0], layer

    def _stated(
        self,
        products: Sequence[tuple[str, Vector]],
        bias: str,
        of: Ranges,
        net: str,
        summed: Vector,
        chosen: Mapping[str, int],
    ) -> None:
        """One weighted sum as an equation of vectors and matrices."""
        terms: list[Formula] = []
        for stem, source in products:
            matrix = self._matrix(stem, of, chosen, summed.size, source.size)
            terms.append(Product((matrix, source.array(chosen))))
        if bias:
            shifts = Vector(bias, of, summed.size)
            self._entries.setdefault(shifts.name(chosen), shifts.names(chosen))
            terms.append(shifts.array(chosen))
        self._equations[summed.name(chosen)] = total(terms)
        delta = replace(summed, stem=net.replace("net", "delta"))
        self._deltas[summed.name(chosen)] = delta.name(chosen)

    def arrays(self, error: Name, instances: Instances) -> Arrays:
        """All that was put in, in the order of computing; `error` is the error of the network."""

        def first(array: str) -> int:
            entry = self._entries[array][0][0]
            assert isinstance(entry, Name)
            return instances.order[entry.name]

        equations = {name: self._equations[name] for name in sorted(self._equations, key=first)}
        deltas = {name: self._deltas[name] for name in equations if name in self._deltas}
        entries = {name: self._entries[name] for name in sorted(self._entries, key=first)}
        for of, delta in deltas.items():
            entries[delta] = tuple((Partial(error, entry),) for (entry,) in entries[of])
        return Arrays(entries, {name: split_name(name) for name in entries}, equations, deltas)

    def _keep(self, vector: Vector) -> None:
        for chosen in _choices(vector.place):
            self._entries[vector.name(chosen)] = vector.names(chosen)

    def _matrix(
        self, stem: str, of: Ranges, chosen: Mapping[str, int], rows: int, columns: int
    ) -> Array:
        array = joined_name(stem.upper(), (chosen[x] for x in of))
        if array not in self._entries:
            entry = joined_name(stem, (chosen[x] for x in of))
            row, column = own("j", rows).values(), own("k", columns).values()
            self._entries[array] = tuple(
                tuple(Name(joined_name(entry, (*j, *k))) for k in combinations(*column))
                for j in combinations(*row)
            )
        return Array(Name(array))


def _choices(place: Ranges) -> Iterator[dict[str, int]]:
    for numbers in combinations(*place.values()):
        yield dict(zip(place, numbers, strict=True))
