"""The vectors and matrices that the families of a network of equations are by themselves.

A family with one index is a column vector, one with two a matrix whose first index counts the rows.
With the leading indices written, the members that are left are a slice: h_t of h[t,i], W_1 of the
W[l,j,i] to which the names W_1[j,i], W_2[j,i] and so on belong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import permutations

from derive.formula import Formula, Name, Product, Sum
from derive.model.arrays import Entries
from derive.model.families import Indices

Place = tuple[str, Indices]
Families = Mapping[str, Mapping[Indices, str]]
"""The members of each family by their indices."""


def slices(families: Families, follow: Collection[str]) -> dict[Place, Entries]:
    """Every vector and matrix, by its family and the indices that are written.

    The members of a family in `follow` are defined one by the other, h_t by h_{t−1}: along its
    first index it is no array. What is not a full rectangle is none, either.
    """
    found: dict[Place, Entries] = {}
    twice: set[Place] = set()
    for stem, members in families.items():
        groups: dict[tuple[int, Indices], list[Indices]] = {}
        for indices in members:
            for ahead in range(max(len(indices) - 2, 0), len(indices)):
                if ahead or stem not in follow:
                    groups.setdefault((len(indices), indices[:ahead]), []).append(indices)
        for (count, written), inside in groups.items():
            entries = _rectangle(members, written, inside, count - len(written))
            if entries is not None:
                place = (stem, written)
                twice |= {place} & found.keys()
                found[place] = entries
    return {place: entries for place, entries in found.items() if place not in twice}


def _rectangle(
    members: Mapping[Indices, str], written: Indices, inside: list[Indices], free: int
) -> Entries | None:
    """The members as rows, if there is one for each of the numbers from the first to the last."""
    runs = []
    for place in range(len(written), len(written) + free):
        numbers = [indices[place] for indices in inside]
        runs.append(range(min(numbers), max(numbers) + 1))
    rows, columns = runs[0], runs[1] if free > 1 else None
    if len(inside) != len(rows) * (len(columns) if columns else 1) or len(inside) < 2:
        return None
    if columns is None:
        return tuple((Name(members[*written, i]),) for i in rows)
    return tuple(tuple(Name(members[*written, i, j]) for j in columns) for i in rows)


def leads_from_first(definitions: Mapping[str, Formula], places: Mapping[str, Place]) -> bool:
    """Whether weights are multiplied by what their first index counts: Σ_i w[i,j]·x[i].

    Then authors write vectors as rows, x W, or the matrix transposed.
    """
    for name, definition in definitions.items():
        terms = definition.terms if isinstance(definition, Sum) else (definition,)
        for term in terms:
            factors = term.factors if isinstance(term, Product) else ()
            names = [factor.name for factor in factors if isinstance(factor, Name)]
            for weight, source in permutations(names, 2):
                counted = [indices[-1:] for _, indices in (places[source], places[name])]
                if counted[0] != counted[1] and all(counted):
                    if places[weight][1][-2:] == counted[0] + counted[1]:
                        return True
                    if places[weight][1][-2:] == counted[1] + counted[0]:
                        return False
    return False
