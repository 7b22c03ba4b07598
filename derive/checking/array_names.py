r"""Names of vectors and matrices in networks of equations: \mathbf h_t, W_1, x^{(t)}.

The families of a network say what they are (:mod:`derive.model.arrays`); here is how authors write
them. What is not bold is an array only where no quantity is called so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from derive.calculus.array_places import ArrayPlaces
from derive.calculus.indices import Indices
from derive.checking.keys import with_character
from derive.formula import (
    IDENTITY,
    ONES,
    Array,
    Formula,
    Member,
    Name,
    Unit,
    is_matrix,
    transform,
)
from derive.formula.index import Index, letters_of
from derive.grammar.written import Unknown
from derive.notations.free import joined_name

IndexOf = Callable[[str], Index | None]
"""Reads an index: its letters, and the number that is added to them."""


_UNITS = {"bold:I": IDENTITY, "bold:1": ONES}


class ArrayNames:
    """The vectors and matrices of one model by their names."""

    def __init__(self, indices: Indices, index_of: IndexOf) -> None:
        self._arrays: ArrayPlaces = indices.arrays
        self._letters = indices.model.network.letters
        self._index_of = index_of
        self.steps: frozenset[str] = frozenset()
        """Letters of a text that count vectors, and no entries of them."""

    def find(self, key: str) -> Array | Unit | None:
        """The vector or matrix that a key means: ``bold:h_t-1``, ``W_hx``, ``W^1``; or nothing.

        A bold I that nothing is called is the identity, a bold 1 a vector of ones.
        """
        return self._find(key) or _UNITS.get(key) or self._find(self._with_index(key))

    def _with_index(self, key: str) -> str:
        """The name W_c for W_C, where there is no other whose index differs by capitals only."""
        stem, _, index = key.removeprefix("bold:").partition("_")
        alike = (n.partition("_") for n in self._arrays.entries)
        found = [own for head, _, own in alike if head == stem and own.lower() == index.lower()]
        return f"{stem}_{found[0]}" if index.isalpha() and len(found) == 1 else ""

    def _find(self, key: str) -> Array | None:
        base, _, upper = key.removeprefix("bold:").partition("^")
        stem, *parts = base.replace(",", "_").split("_")
        bold = key.startswith("bold:")
        for head, written in _cuts(stem, parts, upper):
            for family in self._families_called(head):
                found = self._member(family, written, bold)
                if found is not None:
                    return found
        return None

    def _families_called(self, head: str) -> list[str]:
        """The family of this name; a capital letter may stand for a matrix of a small one."""
        exact = self._by_name.get(head)
        if exact is not None or not head[:1].isupper():
            return [] if exact is None else [exact]
        small = self._by_name.get(head[0].lower() + head[1:])
        return [] if small is None or not self._has_matrices(small) else [small]

    def _has_matrices(self, family: str) -> bool:
        places = self._arrays.families.get(family, set())
        whole = {(), *places}
        names = (joined_name(family, indices) for indices in whole)
        return any(len(self._arrays.entries[n][0]) > 1 for n in names if n in self._arrays.entries)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """The families that have vectors or matrices, by how their names begin."""
        stems = {*self._arrays.families, *self._arrays.entries}
        return {with_character(stem): stem for stem in stems}

    def _member(self, family: str, written: Sequence[str], bold: bool) -> Array | None:
        indices = [self._index_of(part) for part in written]
        read = tuple(index for index in indices if index is not None)
        if len(read) < len(indices):
            return None
        if not any(letters for letters, _ in read):
            name = joined_name(family, tuple(number for _, number in read))
            return Array(Name(name)) if name in self._arrays.entries else None
        counts = {len(place) for place in self._arrays.families.get(family, ())}
        if len(read) not in counts or (not bold and self._counts_entries(family, read)):
            return None
        return Array(Member(family, read))

    def _counts_entries(self, family: str, read: Sequence[Index]) -> bool:
        """Whether a letter counts, in the network's file, the entries of this family's vectors.

        In x_i of x[t,i] the t may be left out, and nobody knows it for the i-th of the vectors.
        """
        used = {letter for index in read for letter in letters_of(index)} - self.steps
        return any(
            used & set(letters[len(read) :])
            for (stem, _), letters in self._letters.items()
            if stem == family and len(letters) > len(read)
        )


def _cuts(stem: str, parts: Sequence[str], upper: str) -> Iterator[tuple[str, list[str]]]:
    """What a name may be made of: the name of a family, and the indices behind it."""
    for cut in range(len(parts), -1, -1):
        head = "_".join([stem, *parts[:cut]])
        behind = [part for part in parts[cut:] if part]
        yield head, [*([upper] if upper else []), *behind]


def with_identity(sides: Sequence[Formula]) -> list[Formula]:
    """The sides with an I that nobody has named as the identity, beside other matrices."""
    if isinstance(sides[0], Unknown) or not any(map(is_matrix, sides)):
        return list(sides)

    def rule(node: Formula) -> Formula | None:
        return IDENTITY if isinstance(node, Unknown) and node.text.strip() == "I" else None

    return [transform(side, rule) for side in sides]
