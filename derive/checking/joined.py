"""Joined vectors, W_f [h_{t−1}, x_t], whose matrix is that of several in the network, side by side.

Most authors of LSTMs write so. Which matrices are joined says what the network multiplies: U_f
stands before h and W_f before x in one definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from derive.calculus.indices import Indices
from derive.formula import (
    Array,
    Dot,
    Formula,
    Gradient,
    Grid,
    Letter,
    Member,
    Name,
    Partial,
    Product,
    Transposed,
    names_in,
    product,
    total,
    transform,
    walk,
)
from derive.grammar.tokens import Unreadable
from derive.grammar.written import Joined, Unknown

Sides = tuple[Formula, ...]


class JoinedVectors:
    """The joined vectors of formulas about one model."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        self._model = indices.model
        self._orders: dict[str, list[set[str]]] = {}
        """By a joined matrix what stood behind it, in its order."""

    def parted(self, sides: Sides, letters: Mapping[str, Formula]) -> Sides:
        """The sides with U h + W x in the place of W [h, x], by the network's own matrices.

        Raises :class:`Unreadable` where nobody knows which those are.
        """
        if len(sides) == 2 and isinstance(sides[1], Joined) and isinstance(sides[0], Unknown):
            # A name for one: z_t = [h_{t-1}, x_t].
            return sides
        sides = tuple(transform(side, lambda node: _meant(node, letters)) for side in sides)
        found = list(dict.fromkeys(n for s in sides for n in walk(s) if isinstance(n, Joined)))
        if not found:
            return sides
        sides = tuple(transform(side, self._product) for side in sides)
        if len(found) == 1:
            before, sides = sides, tuple(transform(s, self._slope(found[0])) for s in sides)
            if sides != before or self._has_whole_slope(sides, found[0]):
                sides = tuple(transform(side, _turned) for side in sides)
        left = next((n for s in sides for n in walk(s) if isinstance(n, Joined)), None)
        if left is not None:
            raise _error(left, "a joined vector is read behind its matrix, W [h, x]")
        return sides

    def _product(self, node: Formula) -> Formula | None:
        """W [h, x] as U h + W x; nothing for all else."""
        factors = node.parts() if isinstance(node, Product | Dot) else ()
        place = next((n for n, f in enumerate(factors) if n and isinstance(f, Joined)), None)
        if place is None:
            return None
        before, vector = factors[place - 1], factors[place]
        assert isinstance(vector, Joined)
        *others, matrix = before.parts() if isinstance(before, Product) else (before,)
        if isinstance(matrix, Array) and self._is_whole(matrix, vector):
            made: Formula = product([matrix, Grid(vector.of, 1)])
        else:
            blocks = self._blocks(matrix, vector)
            made = total(product(pair) for pair in zip(blocks, vector.of, strict=True))
        rest = [transform(factor, self._product) for factor in factors[place + 1 :]]
        return product([*factors[: place - 1], *others, made, *rest])

    def _is_whole(self, matrix: Array, vector: Joined) -> bool:
        """Whether the network has the joined matrix itself: as many columns as there are rows."""
        arrays = self._indices.arrays
        sizes = [self._size(of) for of in vector.of]
        if not isinstance(matrix.of, Name) or None in sizes:
            return False
        return len(arrays.entries[matrix.of.name][0]) == sum(n for n in sizes if n)

    def _size(self, of: Formula) -> int | None:
        """The number of entries of a vector."""
        arrays = self._indices.arrays
        for node in walk(of):
            if isinstance(node, Array) and isinstance(node.of, Member):
                alike = arrays.alike(node.of.stem, len(node.of.indices))
                return next((len(rows) for rows in alike.values()), None)
            if isinstance(node, Array) and isinstance(node.of, Name):
                return len(arrays.entries[node.of.name])
        return None

    def _slope(self, vector: Joined) -> Callable[[Formula], Formula | None]:
        """What makes of a derivative by the joined matrix those by its parts, side by side."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Partial | Gradient) or isinstance(node.by, Joined):
                return None
            by = node.by
            if not isinstance(by, Array | Name | Unknown):
                return None
            try:
                blocks = self._blocks(by, vector)
            except Unreadable:
                return None
            if not isinstance(by, Unknown) and by not in blocks:
                return None
            return Grid(tuple(type(node)(node.of, block) for block in blocks), len(blocks))

        return rule

    def _has_whole_slope(self, sides: Sides, vector: Joined) -> bool:
        """Whether a derivative by a joined matrix of the network itself stands here."""
        by = [n.by for s in sides for n in walk(s) if isinstance(n, Partial | Gradient)]
        return any(isinstance(of, Array) and self._is_whole(of, vector) for of in by)

    # Which matrices are joined.

    def _blocks(self, matrix: Formula, vector: Joined) -> list[Formula]:
        """The matrices before the parts of a joined vector; in one definition they stand so."""
        written = _written(matrix)
        index = written.partition("_")[2]
        wanted = [self._families(of) for of in vector.of]
        found: set[tuple[str, ...]] = set()
        for pairs in self._multiplied.values():
            way: list[str] = []
            for families in wanted:
                there = {w for w, x in pairs if x in families and _fits(index, w)}
                way += there if len(there) == 1 else []
            if len(way) == len(wanted) == len(set(way)):
                found.add(tuple(way))
        if not written or len(found) != 1:
            raise _error(vector, f"which matrices of the network are joined in {written or 'it'}?")
        if self._orders.setdefault(written, wanted) != wanted:
            raise _error(vector, f"behind {written} these vectors stood in another order before")
        arrays = self._indices.arrays.entries
        return [Array(Name(n)) if n in arrays else Name(n) for n in found.pop()]

    def _families(self, of: Formula) -> set[str]:
        """The families of the quantities in a part of a joined vector."""
        found: set[str] = set()
        for node in walk(of):
            inside = node.of if isinstance(node, Array) else node
            if isinstance(inside, Member):
                found.add(inside.stem)
            elif isinstance(inside, Name):
                quantity = self._model.quantities.get(inside.name)
                found.add(inside.name if quantity is None else quantity.family)
        return found

    @cached_property
    def _multiplied(self) -> dict[str, set[tuple[str, str]]]:
        """By the family that is defined, which parameters stand before what."""
        quantities, parameters = self._model.quantities, self._model.parameters
        found: dict[str, set[tuple[str, str]]] = {}
        for name, definition in self._model.first_definitions():
            pairs = found.setdefault(quantities[name].family, set())
            for node in walk(definition):
                names = list(_factors(node)) if isinstance(node, Product) else []
                for w in (n for n in names if n in parameters):
                    pairs |= {(quantities[w].family, quantities[x].family) for x in names if x != w}
        return found


def _factors(formula: Product) -> Iterator[str]:
    for factor in formula.factors:
        yield from names_in(factor)


def _fits(index: str, name: str) -> bool:
    """Whether a matrix has the index of the joined one, and at most a letter for its source."""
    own = name.partition("_")[2].lower()
    return not index or own == index.lower() or (len(own) == 2 and index.lower() in own)


def _written(matrix: Formula) -> str:
    of = matrix.of if isinstance(matrix, Array) else matrix
    if isinstance(of, Unknown):
        return of.stem if "_" in of.stem or not of.familiar else _plain(of.text)
    return of.name if isinstance(of, Name) else ""


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum() or sign == "_")


def _meant(node: Formula, letters: Mapping[str, Formula]) -> Formula | None:
    """A joined vector for the author's name for it."""
    meaning = letters.get(node.name) if isinstance(node, Letter) else None
    return meaning if isinstance(meaning, Joined) else None


def _turned(node: Formula) -> Formula | None:
    """The joined vector that stands transposed behind a gradient."""
    vector = node.of if isinstance(node, Transposed) else None
    return Transposed(Grid(vector.of, 1)) if isinstance(vector, Joined) else None


def _error(vector: Joined, message: str) -> Unreadable:
    return Unreadable(message, vector.place, vector.place + 1)
