"""Finite differences of a large model: a row of every array for each parameter that is moved.

They come from the definitions alone. Where one parameter moves, a definition in which it stands
changes by those of its terms that hold it; what follows is evaluated again, once for all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.exact.array_boxes import Runs
from derive.exact.array_rings import Array
from derive.formula import (
    Formula,
    Member,
    Sum,
    SumOver,
    walk,
)
from derive.functions.written import choices
from derive.model.families import Family, Key, array_of, members, opened
from derive.numeric.differences import MOVES, STEP, Differences, bent, quotients
from derive.numeric.float_arrays import Arrays, FloatModel, FloatTemplates, there

MOST_WORK = 500_000_000
"""Multiplications that all finite differences together may take."""
FIRST = 40
"""Of the parameters so many, from the first on, have differences in any case: they are shown."""
MOST_FLOATS = 9_000_000
"""Entries of all arrays together that are computed at once."""
TRIAL = 1e-6


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

    def by(self, steps: Array) -> _Moved:
        """The same parameters, each in a row for each of its steps: parameters × steps."""
        count = steps.shape[1]
        places = tuple(np.repeat(index, count) for index in self.places)
        return _Moved(self.key, places, (self.moves[:, None] * steps).ravel())


class _RowTemplates(FloatTemplates):
    """Templates in which some letters have a number of its own in each row.

    With `moving` the parameters have moved.
    """

    def __init__(
        self,
        model: FloatModel,
        arrays: Arrays,
        chosen: Mapping[str, NDArray[np.intp]],
        moved: _Moved,
        *,
        moving: bool,
    ) -> None:
        super().__init__(model.instances.arrays, arrays)
        self._chosen, self._moved, self._has_moved = chosen, moved, moving

    def gathered(self, member: Member, runs: Runs, array: Array) -> Array:
        found = self._own(member, runs, array)
        if self._has_moved and array_of(member) == self._moved.key:
            found = found + self._moved.moves.reshape(-1, *(1,) * len(runs))
        return found

    def _own(self, member: Member, runs: Runs, array: Array) -> Array:
        if self._chosen.keys().isdisjoint(member.letters):
            return super().gathered(member, runs, array)
        count = len(self._moved.moves)
        rows = np.arange(count) if len(array) > 1 else np.zeros(count, dtype=np.intp)
        places = rows.reshape(-1, *(1,) * len(runs)), *self._places(member, runs)
        return np.asarray(array[places])

    def _numbers(self, letter: str, runs: Runs) -> NDArray[np.intp]:
        if letter not in self._chosen:
            return super()._numbers(letter, runs)
        return self._chosen[letter].reshape(-1, *(1,) * len(runs))


class LargeDifferences:
    """The differences of one model at its examples; `noises` bound the rounding of the error."""

    def __init__(
        self, model: FloatModel, points: Sequence[Arrays], share: float, noise: float
    ) -> None:
        self._model, self._points = model, points
        self._share, self._noise = share, noise
        nodes = (node for part in bent(model.model.stated) for node in walk(part))
        self._bent = {array_of(node) for node in nodes if isinstance(node, Member)}
        self._terms: dict[tuple[int, Key], list[_Term] | None] = {}
        self._arrays_in: dict[int, frozenset[Key]] = {}

    def differences(self) -> tuple[NDArray[np.intp], Differences]:
        """The places of some parameters, as many as are quickly done, and their differences."""
        parts = self._model.parameters
        starts = np.cumsum([0, *map(len, parts)])
        work = self._work()
        whole = sum(work[part.array] * len(part) for part in parts)
        every = max(1, -(-4 * len(self._points) * whole // MOST_WORK))
        chosen = np.arange(starts[-1])
        chosen = chosen[(chosen % every == 0) | (chosen < FIRST)]
        keys: list[Key] = []
        places: list[NDArray[np.intp]] = []
        for part, start, end in zip(parts, starts, starts[1:], strict=False):
            own = chosen[(chosen >= start) & (chosen < end)] - start
            box = self._model.instances.arrays[part.array].ranges
            begin = [run.start - all_.start for run, all_ in zip(part.ranges, box, strict=True)]
            places += list(np.argwhere(there(part))[own] + np.array(begin, dtype=np.intp))
            keys += [part.array] * len(own)
        made: list[Array] = []
        rows = self._at_once({*keys})
        for begin_ in range(0, len(keys), rows):
            some = slice(begin_, begin_ + rows)
            made.append(self._differences(_moves(keys[some], places[some])))
        found = np.concatenate(made, axis=1)
        clear = np.isfinite(found).all(axis=0)
        return chosen[clear], Differences.of(*found[:, clear])

    def _work(self) -> dict[Key, int]:
        """How many multiplications it takes to move a parameter of each family."""
        found: dict[Key, int] = {}
        behind = 0
        for part in reversed(self._model.parts):
            if part.definition is not None:
                for used, _ in members(part.definition, part.runs):
                    found[array_of(used)] = behind + len(part)
                behind += len(part) * _size(part.definition)
        return found

    def _at_once(self, keys: set[Key]) -> int:
        """How many parameters of these families are moved together."""
        model = self._model
        entries = sum(len(part) for part in model.parts if part.definition is not None)
        for key in keys:
            if not self._is_linear(key):
                entries += prod(map(len, model.instances.arrays[key].ranges))
        return max(1, MOST_FLOATS // (4 * entries))

    def _differences(self, moved: Sequence[_Moved]) -> Array:
        """D(h), D(h/2), h and the noise for the parameters that move."""
        count = len(moved[0].moves)
        h = STEP / np.maximum(self._sensitivity(moved), STEP)
        four = [each.by(h[:, None] * MOVES) for each in moved]
        errors = np.zeros((count, 4))
        straddles = np.zeros(count, dtype=np.bool_)
        for point in self._points:
            arrays, parts = self._through(point, four)
            whole = np.broadcast_to(self._model.total(arrays), (4 * count,)).reshape(-1, 4)
            errors += self._share * whole
            straddles |= self._straddles(arrays, parts, count)
        return np.where(straddles, np.nan, quotients(errors, h, self._noise / h))

    def _sensitivity(self, moved: Sequence[_Moved]) -> Array:
        """By how much a unit of each parameter moves what the others depend on most."""
        count = len(moved[0].moves)
        trial = [each.by(np.full((count, 1), TRIAL)) for each in moved]
        most = np.zeros(count)
        for each in moved:
            most = np.maximum(most, each.moves * (each.key in self._bent))
        for point in self._points:
            arrays, parts = self._through(point, trial)
            for of in self._bent & {part.array for part in parts}:
                change = np.abs(arrays[of] - point[of]).reshape(len(arrays[of]), -1)
                most = np.maximum(most, change.max(axis=1, initial=0) / TRIAL)
        return np.where(most > 0, most, 1.0)

    # Moving.

    def _through(self, point: Arrays, moved: Sequence[_Moved]) -> tuple[Arrays, list[Family]]:
        """The arrays where parameters have moved, and the parts that are other than before."""
        model = self._model
        arrays, own, after = dict(point), set[Key](), set[Key]()
        for each in moved:
            if not self._is_linear(each.key):
                copies = np.repeat(point[each.key], len(each.moves), axis=0)
                copies[(np.arange(len(copies)), *each.places)] += each.moves
                arrays[each.key] = copies
                after.add(each.key)
        parts: list[Family] = []
        templates = model.templates(arrays)
        for part in model.parts:
            if part.definition is None:
                continue
            used = self._used(part.definition)
            direct = [each for each in moved if each.key in used and each.key not in after]
            if not direct and used.isdisjoint(after):
                continue
            if used.isdisjoint(after):
                made = point[part.array][model.instances.where(part)]
            else:
                made = templates.value(part.definition, part.runs)
            for each in direct:
                made = self._changed(part, made, arrays, each)
            model.put(arrays, own, part, made)
            after.add(part.array)
            parts.append(part)
        return arrays, parts

    def _changed(self, part: Family, made: Array, arrays: Arrays, moved: _Moved) -> Array:
        """The values of a part, with what its terms that hold the moved parameters are more."""
        sizes, count = tuple(map(len, part.ranges)), len(moved.moves)
        found = np.array(np.broadcast_to(made, (count, *sizes)))
        boxes = self._model.instances.arrays[moved.key].ranges
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
            body = term.body
            for letter, run in reversed([*term.bound.items()]):
                if letter not in chosen:
                    body = SumOver(letter, run.stop - 1, body, run.start)
            after, before = (
                _RowTemplates(self._model, arrays, chosen, moved, moving=moving).value(body, runs)
                for moving in (True, False)
            )
            change = np.where(holds.reshape(-1, *(1,) * len(runs)), after - before, 0)
            index: list[Any] = [np.arange(count).reshape(-1, *(1,) * len(runs))]
            for axis, (letter, run) in enumerate(part.runs.items(), 1):
                shape = [1] * (1 + len(runs))
                if letter in chosen:
                    index.append((chosen[letter] - run.start).reshape(-1, *shape[1:]))
                else:
                    shape[axis] = len(run)
                    index.append(np.arange(len(run)).reshape(shape))
            found[tuple(index)] += change
        return found

    def _straddles(self, arrays: Arrays, parts: Sequence[Family], rows: int) -> Any:
        """For which rows a function goes over to another piece between the moves."""
        templates = self._model.templates(arrays)
        found = np.zeros(rows, dtype=np.bool_)
        for part in parts:
            for test in choices([part.definition] if part.definition is not None else []):
                signs = templates.value(test, part.runs) > 0
                if len(signs) == 4 * rows:
                    signs = signs.reshape(rows, 4, -1)
                    found |= (signs != signs[:, :1]).any(axis=(1, 2))
        return found

    # What stands where.

    def _used(self, definition: Formula) -> frozenset[Key]:
        if id(definition) not in self._arrays_in:
            nodes = (node for node in walk(definition) if isinstance(node, Member))
            self._arrays_in[id(definition)] = frozenset(map(array_of, nodes))
        return self._arrays_in[id(definition)]

    def _is_linear(self, key: Key) -> bool:
        """Whether the terms that hold a parameter of a family can be told from the others."""
        definitions = {id(f.definition): f.definition for f in self._model.instances.families}
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


def _moves(keys: Sequence[Key], places: Sequence[NDArray[np.intp]]) -> list[_Moved]:
    """Parameters by their families: each moves by itself, in a row of its own."""
    found: list[_Moved] = []
    for key in dict.fromkeys(keys):
        own = np.array([each == key for each in keys])
        at = np.zeros((len(keys), key[1]), dtype=np.intp)
        at[own] = [place for each, place in zip(keys, places, strict=True) if each == key]
        found.append(_Moved(key, tuple(at.T), own.astype(np.float64)))
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


def _size(template: Formula) -> int:
    """About how many multiplications an instance of a template takes."""
    if isinstance(template, SumOver):
        return (template.upper + 1 - template.lower) * _size(template.body)
    return max(1, sum(map(_size, template.parts())))
