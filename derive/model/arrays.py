"""Which quantities of a network of equations form vectors and matrices.

A network may say it; and families are such by themselves.

A family with one index is a column vector, one with two a matrix whose first index counts the rows.
With the leading indices written, the members that are left are a slice: h_t of h[t,i], W_1 of the
W[l,j,i] to which the names W_1[j,i], W_2[j,i] and so on belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from itertools import product as combinations
from math import prod

from derive.formula import Formula, Name, Product, walk
from derive.model.families import Family, Indices, array_of, box_around, places
from derive.model.instances import Instances

Entries = tuple[tuple[Formula, ...], ...]
"""The entries of a matrix, row by row; of a column vector, each row has one."""
Place = tuple[str, Indices]


@dataclass(frozen=True)
class Arrays:
    """What the vectors and matrices of a network are called.

    `entries` are those of each array by its name; names with a capital letter are matrices.
    `places` say which family of arrays each belongs to, and with which indices.
    """

    entries: Mapping[str, Entries]
    places: Mapping[str, Place]


class Slices(Mapping[Place, Entries]):
    """Every vector and matrix, by its family and the indices that are written.

    The members of a family may be defined one by the other, h_t by h_{t−1}, or be stated one by
    one, as those of layers: along its first index it is no array then. What is not a full
    rectangle is none, either. The entries of those that are parts of one box of families are put
    together when they are asked for.
    """

    def __init__(self, instances: Instances) -> None:
        self._instances = instances
        self._runs: dict[Place, tuple[range, ...]] = {}
        """The numbers of the indices that are not written, by the place of each array."""
        stems: dict[str, list[Family]] = {}
        for family in instances.families:
            if family.ranges:
                stems.setdefault(family.key, []).append(family)
        apart: dict[Place, tuple[range, ...]] = {}
        for stem, families in stems.items():
            follows = any(map(_follows, families)) or _one_by_one(families)
            box = _box(families)
            if box is None:
                apart |= _slices(stem, [at for f in families for at in f], follows)
                continue
            for ahead in range(max(len(box) - 2, 0), len(box)):
                runs = box[ahead:]
                if prod(map(len, runs)) > 1 and (ahead or not follows):
                    written = combinations(*box[:ahead])
                    self._runs.update(dict.fromkeys(((stem, at) for at in written), runs))
        self._runs |= apart

    def __getitem__(self, place: Place) -> Entries:
        stem, written = place
        rows, *columns = self._runs[place]

        def entry(*rest: int) -> Name:
            family = self._instances.at(stem, (*written, *rest))
            assert family is not None
            return Name(self._instances.name(family, (*written, *rest)))

        if not columns:
            return tuple((entry(i),) for i in rows)
        return tuple(tuple(entry(i, j) for j in columns[0]) for i in rows)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)


def _box(families: Sequence[Family]) -> tuple[range, ...] | None:
    """The ranges of the indices of all members together, if they fill them."""
    if len({len(family.ranges) for family in families}) > 1:
        return None
    box = box_around(families)
    whole = prod(map(len, box)) == sum(map(len, families))
    return box if whole and not any(family.absent for family in families) else None


def _follows(family: Family) -> bool:
    """Whether a member stands in the definition of one with the same indices after the first."""
    own = [(used, runs) for used, runs in family.used if array_of(used) == family.array]
    for at in family if own else ():
        numbers = {letter: range(n, n + 1) for letter, n in zip(family.letters, at, strict=True)}
        for used, ranges in own:
            if any(there[1:] == at[1:] for there in places(used, {**ranges, **numbers})):
                return True
    return False


def _one_by_one(families: Sequence[Family]) -> bool:
    """Whether there are several families, each with one first index and several others."""
    return len(families) > 1 and all(
        len(family.ranges) > 1 and len(family.ranges[0]) == 1 < len(family.ranges[-1])
        for family in families
    )


def _slices(stem: str, members: Sequence[Indices], follows: bool) -> dict[Place, tuple[range, ...]]:
    """Those of a family that fills no box, or has members with more and with fewer indices.

    There has to be a member for each of the numbers from the first to the last.
    """
    groups: dict[tuple[int, Indices], list[Indices]] = {}
    for indices in members:
        for ahead in range(max(len(indices) - 2, 0), len(indices)):
            if ahead or not follows:
                groups.setdefault((len(indices), indices[:ahead]), []).append(indices)
    found: dict[Place, tuple[range, ...]] = {}
    twice: set[Place] = set()
    for (_, written), inside in groups.items():
        columns = [*zip(*inside, strict=True)][len(written) :]
        runs = tuple(range(min(numbers), max(numbers) + 1) for numbers in columns)
        if len(inside) == prod(map(len, runs)) > 1:
            twice |= {(stem, written)} & found.keys()
            found[stem, written] = runs
    return {place: runs for place, runs in found.items() if place not in twice}


def leads_from_first(definitions: Mapping[str, Formula], places: Mapping[str, Place]) -> bool:
    """Whether weights are multiplied by what their first index counts: Σ_i w[i,j]·x[i].

    Then authors write vectors as rows, x W, or the matrix transposed, be it in a net input by
    itself or in a function of it: tanh(x W + h U).
    """
    for name, definition in definitions.items():
        for product in (node for node in walk(definition) if isinstance(node, Product)):
            names = [factor.name for factor in product.factors if isinstance(factor, Name)]
            for weight, source in permutations(names, 2):
                counted = [indices[-1:] for _, indices in (places[source], places[name])]
                if counted[0] != counted[1] and all(counted):
                    if places[weight][1][-2:] == counted[0] + counted[1]:
                        return True
                    if places[weight][1][-2:] == counted[1] + counted[0]:
                        return False
    return False
