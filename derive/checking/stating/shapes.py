r"""What the names of a document are, numbers, vectors or matrices, and what formulas make of them.

What a name is follows from its face: bold small letters are vectors, bold capitals matrices; where
nothing is bold, capitals are matrices and what is defined is what its right side is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from derive.checking.stating.faces import COLUMN, MATRIX, ROW, SCALAR, Faces
from derive.checking.stating.letters import letters_in
from derive.checking.stating.ranges import covering, pattern
from derive.checking.stating.said import ERROR_STEMS, Definition
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    is_norm,
    is_number,
    nodes,
    unsigned,
)
from derive.notations.greek import GREEK

_PRODUCTS = {
    (MATRIX, COLUMN): COLUMN,
    (MATRIX, MATRIX): MATRIX,
    (ROW, COLUMN): SCALAR,
    (ROW, MATRIX): ROW,
    (COLUMN, ROW): MATRIX,
    (COLUMN, MATRIX): COLUMN,
}
"""What two factors beside each other make; x W is a row, whichever way x is written."""


@dataclass
class Shapes:
    """Which names of a document are vectors and matrices.

    `moved` are the index letters of steps and layers, which stand at whole vectors; a name with
    another index letter is an entry.
    """

    definitions: Sequence[Definition]
    indices: Collection[str]
    moved: Collection[str]
    pairs: Sequence[tuple[Quantity, Quantity]] = ()
    """What a loss compares, which has one shape: outputs and targets."""
    ranks: dict[tuple[str, ...], int | None] = field(default_factory=dict)
    guessed: set[tuple[str, ...]] = field(default_factory=set)
    """Families that are vectors by their small letter only."""
    assumed: set[tuple[str, ...]] = field(default_factory=set)
    """Families that are numbers by their Greek letter only."""
    orders: set[tuple[int, int]] = field(default_factory=set)
    """In which order vectors and matrices are multiplied."""

    @cached_property
    def _defining(self) -> dict[tuple[str, ...], list[Definition]]:
        found: dict[tuple[str, ...], list[Definition]] = {}
        for definition in self.definitions:
            found.setdefault(pattern(definition.left, self.indices), []).append(definition)
        return found

    @cached_property
    def _faces(self) -> Faces:
        return Faces(self.definitions, self.indices)

    def _is_number(self, family: tuple[str, ...]) -> bool:
        """Whether it is a number up to which a Σ counts, or the entry p_c beside a vector p."""
        if len(family) == 1:
            return any(family[0] == n.high for d in self.definitions for n in nodes(d.right))
        return len(family) == 2 and family not in self._defining and family[:1] in self._defining

    @cached_property
    def _masks(self) -> set[tuple[str, ...]]:
        """The families that ⊙ joins with others, as the m of m ⊙ h and the ε of σ ⊙ ε."""
        joined = (n for d in self.definitions for n in nodes(d.right) if n.kind == "entrywise")
        found = (part for node in joined for part in node.parts if isinstance(part, Quantity))
        return {pattern(quantity, self.indices) for quantity in found}

    # What is what.

    def rank(self, quantity: Quantity) -> int | None:
        """What a name is; nothing while that is being found out."""
        if letters_in([quantity]) & set(self.indices) - set(self.moved):
            return SCALAR
        family = pattern(quantity, self.indices)
        if family not in self.ranks:
            self.ranks[family] = None
            self.ranks[family] = self._ranked(quantity, family)
        return self.ranks[family]

    def _ranked(self, quantity: Quantity, family: tuple[str, ...]) -> int | None:
        by_case = MATRIX if quantity.stem[0].isupper() else COLUMN
        compared = self._compared_with(family)
        by_face = self._faces.rank(quantity)
        if quantity.bold:
            return by_face
        if compared is not None:
            return self.rank(compared)
        if self._is_number(family):
            return SCALAR
        if by_face is not None:
            return by_face
        guessed = True
        for one in covering(family):
            for definition in self._defining.get(one, ()):
                try:
                    return abs(self.shape(definition.right))
                except UnwrittenError as error:
                    guessed = guessed and not isinstance(error, RecursionOfNamesError)
        if quantity.stem in (*GREEK, *ERROR_STEMS, "n", "m", "N") and family not in self._masks:
            self.assumed.add(family)
            return SCALAR
        if by_case == COLUMN and guessed:
            self.guessed.add(family)
        return by_case

    def _compared_with(self, family: tuple[str, ...]) -> Quantity | None:
        """The output with which a loss compares what is in this family."""
        for output, target in self.pairs:
            if output != target and pattern(target, self.indices) == family:
                return output
        return None

    def shape(self, written: Written) -> int:
        """What a formula is. Raises :class:`UnwrittenError` where its shapes do not fit."""
        if isinstance(written, Quantity):
            rank = self.rank(written)
            if rank is None:
                raise RecursionOfNamesError(f"{written.stem} depends on itself")
            return rank
        parts = written.parts
        if written.kind in ("sum", "entrywise"):
            return self._same(parts)
        if written.kind in ("number", "entries", "norm"):
            return SCALAR
        if written.kind == "transposed":
            shape = self.shape(parts[0])
            return -shape if shape in (COLUMN, ROW) else shape
        if written.kind == "product":
            return self._of_product(parts, written.text)
        if written.kind == "power" and is_norm(parts[0]):
            return SCALAR
        of_numbers = parts if written.kind == "power" else parts[1:]
        self._as_numbers(of_numbers)
        if any(map(self.shape, of_numbers)):
            raise UnwrittenError("a division by a vector, or a power of one")
        return self.shape(parts[0])

    def _as_numbers(self, parts: Sequence[Written]) -> None:
        """What is only guessed to be a vector is a number where only a number can stand."""
        for part in parts:
            inner = unsigned(part)
            if isinstance(inner, Node) and inner.kind == "power":
                self._as_numbers(inner.parts[:1])
            if isinstance(inner, Quantity):
                self.rank(inner)
                family = pattern(inner, self.indices)
                if family in self.guessed:
                    self.ranks[family] = SCALAR

    def _as_vectors(self, parts: Sequence[Written]) -> None:
        """The β of γ ⊙ x + β is a vector, though it is Greek, and so is the θ of X θ."""
        found = (unsigned(part) for part in parts)
        families = {pattern(q, self.indices) for q in found if isinstance(q, Quantity)}
        self.ranks |= dict.fromkeys(families & self.assumed, COLUMN)

    def _same(self, parts: Sequence[Written]) -> int:
        """The one shape that all parts have, those of which it is not known yet aside."""
        found = self._shapes(parts)
        if found == {SCALAR, COLUMN}:
            self._as_numbers(parts)
            found = self._shapes(parts)
        if found == {SCALAR, COLUMN}:
            self._as_vectors(parts)
            found = self._shapes(parts)
        if len(found) > 1 and any(map(is_number, parts)):
            # The 1 of (1 − z) ⊙ h is a 1 in every entry.
            found = self._shapes([part for part in parts if not is_number(part)])
        if found == {MATRIX, COLUMN} and all(map(self._may_be_bias, parts)):
            return MATRIX
        if len(found) > 1:
            raise UnwrittenError("a vector and something else are added, or multiplied entrywise")
        if not found:
            raise RecursionOfNamesError("nothing but itself")
        return found.pop()

    def _may_be_bias(self, part: Written) -> bool:
        """Whether a summand beside a matrix is one, or a vector that is added to each example."""
        shape = self.shape(part)
        return shape == MATRIX or (shape == COLUMN and isinstance(part, Quantity))

    def _shapes(self, parts: Sequence[Written]) -> set[int]:
        found = set()
        for part in parts:
            if not (isinstance(part, Quantity) and self.rank(part) is None):
                with suppress(RecursionOfNamesError):
                    found.add(self.shape(part))
        return found

    def _of_product(self, parts: Sequence[Written], sign: str) -> int:
        """What a product is. A number stands before a matrix, and what does behind it is none."""
        shape = self.shape(parts[0])
        for part in parts[1:]:
            if shape == MATRIX and part is parts[-1] and not self.shape(part):
                self._as_vectors([part])
            shape = self._product(shape, self.shape(part), sign)
        return shape

    def _product(self, left: int, right: int, sign: str) -> int:
        if SCALAR in (left, right):
            return left + right
        if (left, right) == (COLUMN, COLUMN) and sign == "dot":
            return SCALAR
        if (left, right) not in _PRODUCTS:
            raise UnwrittenError("two vectors beside each other make no product")
        self.orders.add((left, right))
        return _PRODUCTS[left, right]


class RecursionOfNamesError(UnwrittenError):
    """What a name is depends on what it is itself."""
