r"""Definitions of vectors and matrices, entry by entry: ``z = W x`` is z[i] = Σ_j W[i,j] x[j].

What a name is follows from its face: bold small letters are vectors, bold capitals matrices; where
nothing is bold, capitals are matrices and what is defined is what its right side is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.checking.stating.faces import COLUMN, MATRIX, ROW, SCALAR, Faces
from derive.checking.stating.letters import Sorted, bound, letters_in
from derive.checking.stating.ranges import covering, pattern
from derive.checking.stating.said import ERROR_STEMS, Definition
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    is_norm,
    is_number,
    names,
    nodes,
    number,
    squared,
    unsigned,
)
from derive.functions import SOFTMAX
from derive.notations.greek import GREEK

_LETTERS = "ijkmnpqrabcd"
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
class Arrays:
    """Which names of a document are vectors and matrices, and their definitions by entries.

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
                    guessed = guessed and not isinstance(error, _Recursion)
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
                raise _Recursion(f"{written.stem} depends on itself")
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
            shape = self.shape(parts[0])
            for part in parts[1:]:
                shape = self._product(shape, self.shape(part), written.text)
            return shape
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
        """The β of γ ⊙ x + β is a vector, though it is Greek."""
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
            raise _Recursion("nothing but itself")
        return found.pop()

    def _may_be_bias(self, part: Written) -> bool:
        """Whether a summand beside a matrix is one, or a vector that is added to each example."""
        shape = self.shape(part)
        return shape == MATRIX or (shape == COLUMN and isinstance(part, Quantity))

    def _shapes(self, parts: Sequence[Written]) -> set[int]:
        found = set()
        for part in parts:
            if not (isinstance(part, Quantity) and self.rank(part) is None):
                with suppress(_Recursion):
                    found.add(self.shape(part))
        return found

    def _product(self, left: int, right: int, sign: str) -> int:
        if SCALAR in (left, right):
            return left + right
        if (left, right) == (COLUMN, COLUMN) and sign == "dot":
            return SCALAR
        if (left, right) not in _PRODUCTS:
            raise UnwrittenError("two vectors beside each other make no product")
        self.orders.add((left, right))
        return _PRODUCTS[left, right]

    # By entries.

    def entry(self, written: Written, at: tuple[str, ...], fresh: Iterator[str]) -> Written:
        """The entry of a formula with these index letters."""
        if isinstance(written, Quantity):
            return replace(written, lower=(*written.lower, *at))
        parts = written.parts
        if written.kind == "norm":
            raise UnwrittenError("a norm that is not squared")
        if written.kind == "entries":
            return self._entries(parts[0], fresh)
        if written.kind == "power" and is_norm(parts[0]):
            return self._squared(written, fresh)
        if written.kind == "transposed":
            return self.entry(parts[0], at[::-1], fresh)
        if written.kind == "product":
            return self._multiplied(written, at, fresh)
        if written.kind == "call" and written.text == SOFTMAX:
            other = next(fresh)
            top = Node("call", (self.entry(parts[0], at, fresh),), "exp")
            place = self._along(parts[0]) if len(at) == 2 else 0
            others = tuple(other if n == place else letter for n, letter in enumerate(at))
            below = Node("call", (self.entry(parts[0], others, fresh),), "exp")
            return Node("quotient", (top, Node("total", (below,), other)))
        bias = at
        if len(at) == 2 and any(self.shape(part) == COLUMN for part in parts):
            bias = (at[self._along(written)],)
        places = {SCALAR: (), MATRIX: at}
        entries = tuple(
            self.entry(part, places.get(self.shape(part), bias), fresh) for part in parts
        )
        kind = "product" if written.kind == "entrywise" else written.kind
        return replace(written, kind=kind, parts=entries)

    def _along(self, written: Written) -> int:
        """Which index of a matrix counts features: the last where examples are its rows.

        They are where its weights stand behind what they weigh, as in X W, and in Q Kᵀ; in W X the
        columns are examples. Raises :class:`UnwrittenError` where the definition does not tell.
        """
        if isinstance(written, Quantity):
            found = self._defining.get(pattern(written, self.indices), ())
            if len(found) != 1:
                raise UnwrittenError("rows or columns of this matrix may be the examples")
            return self._along(found[0].right)
        if written.kind in ("sum", "quotient", "call", "entrywise"):
            return self._along(next(p for p in written.parts if self.shape(p) == MATRIX))
        if written.kind == "product":
            first, last = written.parts[0], written.parts[-1]
            if isinstance(last, Node) and last.kind == "transposed":
                return 1
            of_weights = [isinstance(p, Quantity) and p.stem[0] in "WUV" for p in (first, last)]
            if of_weights in ([True, False], [False, True]):
                return 1 if of_weights[1] else 0
        raise UnwrittenError("rows or columns of this matrix may be the examples")

    def _multiplied(self, written: Node, at: tuple[str, ...], fresh: Iterator[str]) -> Written:
        *first, last = written.parts
        left: Written = first[0] if len(first) == 1 else replace(written, parts=tuple(first))
        shapes = self.shape(left), self.shape(last)
        if SCALAR in shapes:
            sides = (at if shapes[0] else (), at if shapes[1] else ())
            return _product(self.entry(left, sides[0], fresh), self.entry(last, sides[1], fresh))
        if shapes == (COLUMN, ROW):
            return _product(self.entry(left, at[:1], fresh), self.entry(last, at[1:], fresh))
        letter = next(fresh)
        before = at[:1] if shapes[0] == MATRIX else ()
        behind = at[len(before) :]
        body = _product(
            self.entry(left, (*before, letter), fresh), self.entry(last, (letter, *behind), fresh)
        )
        return Node("total", (body,), letter)

    def _squared(self, power: Node, fresh: Iterator[str]) -> Written:
        norm = power.parts[0]
        assert isinstance(norm, Node)
        if power.parts[1] != number("2"):
            raise UnwrittenError("a norm that is not squared")
        return self.entry(squared(norm.parts[0]), (), fresh)

    def _entries(self, written: Written, fresh: Iterator[str]) -> Written:
        """The sum over all entries."""
        letters = tuple(next(fresh) for _ in range(abs(self.shape(written))))
        found = self.entry(written, letters, fresh)
        for letter in letters[::-1]:
            found = Node("total", (found,), letter)
        return found

    def by_entries(self) -> Sorted:
        """All definitions that can be written by entries, with the letters of the entries."""
        used = {s for d in self.definitions for q in (d.left, *names(d.right)) for s in q.scripts}
        used |= {letter for d in self.definitions for letter in bound(d)}
        used |= {node.high for d in self.definitions for node in nodes(d.right)}
        pool = [letter for letter in _LETTERS if letter not in used]
        found, dropped = [], []
        for definition in self.definitions:
            # What one definition shows of a name counts in those that are written before it.
            with suppress(UnwrittenError):
                self.shape(definition.right)
        for definition in self.definitions:
            try:
                found.append(self._written_out(definition, pool))
            except (UnwrittenError, StopIteration):
                dropped.append(definition.left)
        letters = {letter for d in found for letter in letters_in([d.left, *names(d.right)])}
        indices = frozenset({*self.indices, *(letters & set(pool))})
        rows = self.orders & {(COLUMN, MATRIX), (MATRIX, COLUMN)} == {(COLUMN, MATRIX)}
        whole = (f for f, rank in self.ranks.items() if rank == MATRIX and "*" not in f)
        return Sorted(tuple(found), indices, tuple(dropped), rows, frozenset(map("_".join, whole)))

    def _written_out(self, definition: Definition, pool: Sequence[str]) -> Definition:
        """One definition by entries."""
        rank = self.rank(definition.left)
        fresh = iter(pool)
        is_error = definition.left.stem in ERROR_STEMS
        try:
            shape = abs(self.shape(definition.right))
            if is_error and shape and not self._is_of_numbers(definition):
                raise UnwrittenError("an error that is a vector")
            shape = 0 if is_error else shape
        except UnwrittenError:
            if not is_error:
                raise
            return replace(definition, right=self._summed(definition.right, pool[0]))
        if definition.left.bold and rank != shape:
            raise UnwrittenError(f"{definition.left} is bold, and is no vector")
        at = tuple(next(fresh) for _ in range(shape))
        right = self.entry(definition.right, at, fresh)
        left = replace(definition.left, lower=(*definition.left.lower, *at))
        return replace(definition, left=left, right=right)

    def _is_of_numbers(self, error: Definition) -> bool:
        """Whether an error is one if what is only guessed to be vectors in it are numbers.

        That is the y of max(0, 1 − y s) with a score s; a vector that other definitions use is one.
        """
        used = {pattern(q, self.indices) for d in self.definitions if d.left.stem not in ERROR_STEMS
                for q in names(d.right)}  # fmt: skip
        inside = {pattern(q, self.indices) for q in names(error.right)}
        found = (inside & self.guessed) - used
        self.ranks |= dict.fromkeys(found, SCALAR)
        with suppress(UnwrittenError):
            if not self.shape(error.right):
                return True
        self.ranks |= dict.fromkeys(found, COLUMN)
        return False

    def _summed(self, written: Written, letter: str) -> Written:
        """An error that is written as for one output, −y ln a: the sum of that over all outputs."""
        if isinstance(written, Node) and written.kind in ("sum", "negative"):
            return replace(written, parts=tuple(self._summed(p, letter) for p in written.parts))
        ranks = {self.rank(name) for name in names(written)}
        if not ranks & {COLUMN}:
            return self.entry(written, (), iter(()))
        if ranks - {COLUMN, SCALAR}:
            raise UnwrittenError("a matrix in an error")

        def rule(part: Written) -> Written | None:
            if isinstance(part, Quantity) and self.rank(part) == COLUMN:
                return replace(part, lower=(*part.lower, letter))
            return None

        return Node("total", (changed(written, rule),), letter)


class _Recursion(UnwrittenError):
    """What a name is depends on what it is itself."""


def _product(left: Written, right: Written) -> Node:
    before = left.parts if isinstance(left, Node) and left.kind == "product" else (left,)
    return Node("product", (*before, right))
