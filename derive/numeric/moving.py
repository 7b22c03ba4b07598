"""A model at a point, some of whose parameters are moved: a row of every array for each move.

Where one parameter moves, a definition in which it stands changes by those of its terms that hold
it; what follows is evaluated again, once for all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.exact.array_boxes import Runs
from derive.exact.array_rings import Array
from derive.formula import (
    Call,
    Cases,
    Formula,
    Member,
    Number,
    Power,
    Quotient,
    Sum,
    SumOver,
    walk,
)
from derive.functions.written import choices
from derive.model.families import Family, Key, array_of, opened, summed
from derive.numeric.float_arrays import Arrays, FloatModel, Floats, FloatTemplates, repeated

Places = Sequence[NDArray[np.intp]]
"""Where parameters stand in their arrays."""


@dataclass(frozen=True)
class _Term:
    """A term of a definition in which a parameter stands: its letters that a Σ binds, and it."""

    bound: Mapping[str, range]
    body: Formula
    member: Member


@dataclass(frozen=True)
class _Moved:
    """The parameters of a family that move: the place of one in each row, and by how much.

    In the rows in which one of another family moves it is by nothing.
    """

    key: Key
    places: tuple[NDArray[np.intp], ...]
    moves: Array


@dataclass(frozen=True)
class After:
    """The arrays where parameters have moved, and the parts that are other than before."""

    arrays: Arrays
    parts: Sequence[Family]
    rows: int


class _RowTemplates(FloatTemplates):
    """Templates over arrays some of which have a row for each move, at each example.

    The others have one for each example, or a single one. Of the letters in `chosen` each row has a
    number of its own. With `moved` the parameters have moved.
    """

    def __init__(
        self,
        model: FloatModel,
        arrays: Mapping[Key, Array],
        rows: int,
        ring: Floats,
        chosen: Mapping[str, NDArray[np.intp]] | None = None,
        moved: _Moved | None = None,
    ) -> None:
        super().__init__(model.instances.arrays, arrays, ring)
        self._count, self._chosen, self._moved = rows, chosen or {}, moved

    def gathered(self, member: Member, runs: Runs, array: Array) -> Array:
        found = self._own(member, runs, array)
        if self._moved is not None and array_of(member) == self._moved.key:
            found = found + self._moved.moves.reshape(-1, *(1,) * len(runs))
        return found

    def _own(self, member: Member, runs: Runs, array: Array) -> Array:
        if self._chosen.keys().isdisjoint(member.letters):
            return repeated(super().gathered(member, runs, array), self._count)
        rows = np.arange(self._count) % len(array)
        places = rows.reshape(-1, *(1,) * len(runs)), *self._places(member, runs)
        return np.asarray(array[places])

    def _numbers(self, letter: str, runs: Runs) -> NDArray[np.intp]:
        if letter not in self._chosen:
            return super()._numbers(letter, runs)
        return self._chosen[letter].reshape(-1, *(1,) * len(runs))


class Moving:
    """One model at all of its examples.

    `bent` are the arrays on which it depends neither in a linear way nor quadratically.
    """

    def __init__(self, model: FloatModel) -> None:
        self.model = model
        self._point = model.forward(model.given)
        nodes = (node for part in _bent(model.model.stated) for node in walk(part))
        self.bent = {array_of(node) for node in nodes if isinstance(node, Member)}
        self._terms: dict[tuple[int, Key], list[_Term] | None] = {}
        self._arrays_in: dict[int, frozenset[Key]] = {}
        self._tests: dict[int, Sequence[tuple[Formula, Runs]]] = {}

    def entries(self, keys: Iterable[Key]) -> int:
        """How many entries all arrays together have in a row where such parameters move."""
        model = self.model
        entries = sum(len(part) for part in model.parts if part.definition is not None)
        for key in {*keys}:
            if not self._is_linear(key):
                entries += prod(map(len, model.instances.arrays[key].ranges))
        return entries

    def through(
        self,
        keys: Sequence[Key],
        places: Places,
        steps: Array,
        ring: Floats,
        *,
        direct: bool = False,
    ) -> After:
        """Move each parameter by each of its steps, in a row of its own: parameters × steps.

        With `direct` only those quantities follow in whose definitions a parameter stands. The
        point itself counts as exact: its rounding is the same for all moves.
        """
        model, point, rows = self.model, self._point, steps.size * self.model.count
        moved = _moves(keys, places, steps, self.model.count)
        arrays, own, after = dict(point), set[Key](), set[Key]()
        for each in moved:
            if not self._is_linear(each.key):
                copies = np.repeat(point[each.key], rows, axis=0)
                copies[(np.arange(rows), *each.places)] += each.moves
                arrays[each.key] = copies
                after.add(each.key)
        copied, parts = frozenset(after), list[Family]()
        templates = _RowTemplates(model, arrays, rows, ring)
        for part in model.parts:
            if part.definition is None:
                continue
            used = self._used(part.definition)
            mine = [each for each in moved if each.key in used]
            if not mine and (direct or used.isdisjoint(after)):
                continue
            if used.isdisjoint(after):
                made = point[part.array][model.instances.where(part)]
            else:
                made = templates.value(part.definition, part.runs)
            for each in mine:
                if each.key not in copied:
                    made = self._changed(part, made, templates, each)
            model.put(arrays, own, part, made)
            after.add(part.array)
            parts.append(part)
        return After(arrays, parts, rows)

    def total(self, after: After) -> Array:
        """E_total in each row."""
        found = repeated(self.model.total(after.arrays), after.rows)
        return np.broadcast_to(found, (after.rows,))

    def changes(self, after: After, *, every: bool) -> Array:
        """The largest change in each row, of every quantity or of those of bent dependence.

        Where none of these changes it is of every quantity, too.
        """
        keys = {part.array for part in after.parts}
        keys = keys if every else self.bent & keys or keys
        found = np.zeros(after.rows)
        for key in keys:
            change = np.abs(after.arrays[key] - repeated(self._point[key], after.rows))
            most = change.reshape(len(change), -1).max(axis=1, initial=0)
            found = np.maximum(found, most)
        return found

    def straddles(self, after: After) -> NDArray[np.bool_]:
        """In which rows a function goes over to another piece than it has at the point."""
        here, there = (
            _RowTemplates(self.model, arrays, after.rows, Floats())
            for arrays in (self._point, {key: x.real for key, x in after.arrays.items()})
        )
        found = np.zeros(after.rows, dtype=np.bool_)
        for part in after.parts:
            for test, runs in self._tests_in(part):
                turned = (there.value(test, runs) > 0) != (here.value(test, runs) > 0)
                found |= turned.reshape(len(turned), -1).any(axis=1)
        return found

    def _changed(self, part: Family, made: Array, here: _RowTemplates, moved: _Moved) -> Array:
        """The values of a part, with what its terms that hold the moved parameters are more."""
        sizes, rows = tuple(map(len, part.ranges)), len(moved.moves)
        ring = here.floats
        found = np.array(np.broadcast_to(repeated(made, rows), (rows, *sizes)), ring.dtype)
        boxes = self.model.instances.arrays[moved.key].ranges
        for term in self._holding(part.definition, moved.key) or ():
            chosen: dict[str, NDArray[np.intp]] = {}
            holds = moved.moves != 0
            all_runs = {**part.runs, **term.bound}
            for (letters, offset), at, run in zip(
                term.member.indices, moved.places, boxes, strict=True
            ):
                number = at + run.start - offset
                if not letters:
                    holds &= number == 0
                    continue
                there_ = all_runs[letters[0]]
                holds &= (number >= there_.start) & (number < there_.stop)
                chosen[letters[0]] = np.clip(number, there_.start, there_.stop - 1)
            if not holds.any():
                continue
            runs = {x: range(1) if x in chosen else run for x, run in part.runs.items()}
            summed_over = {x: run for x, run in term.bound.items() if x not in chosen}
            body = summed(term.body, **summed_over)
            after, before = (
                _RowTemplates(self.model, here.numbers, rows, ring, chosen, each).value(body, runs)
                for each in (moved, None)
            )
            more = ring.reduced(after + ring.reduced(-before))
            change = np.where(holds.reshape(-1, *(1,) * len(runs)), more, 0)
            index: list[Any] = [np.arange(rows).reshape(-1, *(1,) * len(runs))]
            for axis, (letter, run) in enumerate(part.runs.items(), 1):
                shape = [1] * (1 + len(runs))
                if letter in chosen:
                    index.append((chosen[letter] - run.start).reshape(-1, *shape[1:]))
                else:
                    shape[axis] = len(run)
                    index.append(np.arange(len(run)).reshape(shape))
            found[tuple(index)] += change
        return ring.reduced(found)

    def _used(self, definition: Formula) -> frozenset[Key]:
        if id(definition) not in self._arrays_in:
            nodes = (node for node in walk(definition) if isinstance(node, Member))
            self._arrays_in[id(definition)] = frozenset(map(array_of, nodes))
        return self._arrays_in[id(definition)]

    def _is_linear(self, key: Key) -> bool:
        """Whether the terms that hold a parameter of a family can be told from the others."""
        definitions = {id(f.definition): f.definition for f in self.model.instances.families}
        return all(
            self._holding(definition, key) is not None
            for definition in definitions.values()
            if definition is not None and key in self._used(definition)
        )

    def _holding(self, definition: Formula | None, key: Key) -> list[_Term] | None:
        """The terms of a definition that hold a family; nothing where they cannot be told."""
        if definition is None:
            return []
        if (id(definition), key) not in self._terms:
            found = None if choices([definition]) else list(_terms(definition, key))
            self._terms[id(definition), key] = None if found is None or None in found else found
        return self._terms[id(definition), key]

    def _tests_in(self, part: Family) -> Iterable[tuple[Formula, Runs]]:
        """At the signs of which formulas a part goes over to another piece, and their letters."""
        definition = part.stated
        if id(definition) not in self._tests:
            bound = {node.index for node in walk(definition) if isinstance(node, SumOver)}
            found = list(_tests(definition, {}, bound))
            self._tests[id(definition)] = [
                one for n, one in enumerate(found) if one not in found[:n]
            ]
        return ((test, {**part.runs, **sums}) for test, sums in self._tests[id(definition)])


def _tests(
    formula: Formula, around: Runs, bound: AbstractSet[str]
) -> Iterator[tuple[Formula, Runs]]:
    """At the signs of which formulas something goes over, with the letters of the Σ `around` it.

    `bound` are the letters of all Σ in the definition.
    """
    for test in choices([formula]):
        own = {node.index for node in walk(test) if isinstance(node, SumOver)}
        used = {x for node in walk(test) if isinstance(node, Member) for x in node.letters}
        if (used - own) & bound <= around.keys():
            yield test, {letter: run for letter, run in around.items() if letter in used}
    for node in walk(formula):
        if isinstance(node, SumOver):
            inside = {**around, node.index: range(node.lower, node.upper + 1)}
            yield from _tests(node.body, inside, bound)


def _moves(keys: Sequence[Key], places: Places, steps: Array, examples: int) -> list[_Moved]:
    """Parameters by their families: each moves by itself, in rows of its own."""
    found: list[_Moved] = []
    each_row = steps.shape[1] * examples
    for key in dict.fromkeys(keys):
        own = np.array([each == key for each in keys])
        at = np.zeros((len(keys), key[1]), dtype=np.intp)
        at[own] = [place for each, place in zip(keys, places, strict=True) if each == key]
        rows = tuple(np.repeat(index, each_row) for index in at.T)
        found.append(_Moved(key, rows, np.repeat(own[:, None] * steps, examples)))
    return found


def _terms(definition: Formula, key: Key) -> Iterator[Any]:
    """The terms that hold a family; nothing for one in which several of its members stand."""
    for term in definition.terms if isinstance(definition, Sum) else (definition,):
        bound, body = opened(term)
        inside = {n for n in walk(body) if isinstance(n, Member) and array_of(n) == key}
        if not inside:
            continue
        member = inside.pop()
        letters = member.letters
        within = {node.index for node in walk(body) if isinstance(node, SumOver)}
        plain = all(len(own) < 2 for own, _ in member.indices) and len({*letters}) == len(letters)
        told = plain and not inside and within.isdisjoint(letters)
        yield _Term(bound, body, member) if told else None


def _bent(definitions: Iterable[Formula]) -> Iterator[Formula]:
    """The parts of definitions on which these depend neither in a linear way nor quadratically."""
    for definition in definitions:
        for node in walk(definition):
            if isinstance(node, Call | Cases):
                yield node
            elif isinstance(node, Quotient):
                yield node.bottom
            elif isinstance(node, Power):
                exponent = node.exponent
                if not (isinstance(exponent, Number) and exponent.value in (1, 2)):
                    yield node
