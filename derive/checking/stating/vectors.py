r"""Definitions of vectors and matrices, entry by entry: ``z = W x`` is z[i] = Σ_j W[i,j] x[j]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from derive.checking.stating.faces import COLUMN, MATRIX, ROW, SCALAR
from derive.checking.stating.letters import Sorted, bound, letters_in
from derive.checking.stating.ranges import pattern
from derive.checking.stating.said import ERROR_STEMS, Definition
from derive.checking.stating.shapes import Shapes
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    is_norm,
    names,
    nodes,
    number,
    squared,
)
from derive.functions import SOFTMAX

_LETTERS = "ijkmnpqrabcd"


class Arrays(Shapes):
    """The definitions of vectors and matrices by their entries."""

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
            other = _letter(fresh)
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
        letter = _letter(fresh)
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
        letters = tuple(_letter(fresh) for _ in range(abs(self.shape(written))))
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
            except UnwrittenError:
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
            return replace(definition, right=self._summed(definition.right, _letter(iter(pool))))
        if definition.left.bold and rank != shape:
            raise UnwrittenError(f"{definition.left} is bold, and is no vector")
        at = tuple(_letter(fresh) for _ in range(shape))
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


def _product(left: Written, right: Written) -> Node:
    before = left.parts if isinstance(left, Node) and left.kind == "product" else (left,)
    return Node("product", (*before, right))


def _letter(fresh: Iterator[str]) -> str:
    """The next index letter. Raises :class:`UnwrittenError` where all are taken."""
    found = next(fresh, "")
    if not found:
        raise UnwrittenError("more indices than letters")
    return found
