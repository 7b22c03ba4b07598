"""Layers as vectors: their definitions with index letters, and what they are as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from math import prod

from derive.formula import Member, Name, Partial, Sum, walk
from derive.model.arrays import Arrays, Entries, Place
from derive.model.families import Family, Role, array_of
from derive.model.instances import Instances
from derive.networks.families.draft import Draft, Ranges, moved, own
from derive.notations.free import joined_name

TIME = "t"
ROW, COLUMN = "j", "k"
"""The letters of the entries of vectors and matrices; those before them say which one it is."""
DELTAS = {"net": "delta", "h": "delta", "net_out": "delta_out", "out": "delta_out"}
"""What the derivatives by weighted sums are called; with the identity these are the outputs."""


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

    @property
    def last(self) -> Vector:
        """The vector of the last step."""
        run = self.place[TIME]
        return replace(self, place={**self.place, TIME: range(run.stop - 1, run.stop)})


def layer(
    draft: Draft,
    products: Sequence[tuple[str, Vector]],
    bias: str,
    of: Ranges,
    place: Ranges,
    size: int,
    activation: str,
    names: tuple[str, str],
) -> tuple[Vector, list[Family]]:
    """The layers out = f(net), net = the sum of weights times vectors, and of the bias if any.

    `products` has the stem of each matrix of weights; `of` are the indices of the weights before
    those of neurons. With the identity there is no net. The weights are put, the definitions not
    yet.
    """
    neurons = own(ROW, size)
    count = size * prod(run.stop - run.start for run in place.values())
    sums = ((stem, source.entry(COLUMN), own(COLUMN, source.size)) for stem, source in products)
    terms = draft.weighted(sums, bias, {**of, **neurons}, count)
    found = draft.layer(terms, activation, names, place, neurons)
    return Vector(found[-1].key, place, size), found


def arrays(error: Name, instances: Instances) -> Arrays:
    """The vectors and matrices of a network whose error is `error`; those of δ come last."""
    weights = {f.array for f in instances.families if f.role is Role.WEIGHT}
    definitions = [f.definition for f in instances.families if isinstance(f.definition, Sum)]
    added = {term.stem for f in definitions for term in f.terms if isinstance(term, Member)}
    """Biases: what weights are multiplied by stands in a product."""
    entries: dict[str, Entries] = {}
    places: dict[str, Place] = {}
    deltas: dict[str, Entries] = {}
    for family in instances.families:
        if family.key == error.name:
            continue
        is_matrix = family.array in weights and family.key not in added
        used = walk(family.definition) if family.definition is not None else ()
        is_sum = any(array_of(node) in weights for node in used if isinstance(node, Member))
        for numbers, found in _arrays(family):
            stem = family.key.upper() if is_matrix else family.key
            name = joined_name(stem, numbers)
            entries[name], places[name] = found, (stem, numbers)
            if is_sum:
                delta = DELTAS[family.key]
                name = joined_name(delta, numbers)
                deltas[name] = tuple((Partial(error, entry),) for (entry,) in found)
                places[name] = delta, numbers
    return Arrays({**entries, **deltas}, places)


def _arrays(family: Family) -> Iterator[tuple[tuple[int, ...], Entries]]:
    """The vectors or matrices of a family, each with the numbers before those of its entries."""
    before = [run for letter, run in family.runs.items() if letter not in (ROW, COLUMN)]
    rows, columns = (
        [*combinations(*([family.runs[x]] if x in family.runs else []))] for x in (ROW, COLUMN)
    )
    for numbers in combinations(*before):
        yield (
            numbers,
            tuple(
                tuple(Name(joined_name(family.key, (*numbers, *j, *k))) for k in columns)
                for j in rows
            ),
        )
