"""In which column of a picture each quantity stands, and the steps of time as bands of columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as combinations
from math import prod

from derive.model.families import Family, Key, array_of
from derive.model.instances import Instances

MOST_STEPS = 4
"""Of more steps some are left out."""
MOST_UNITS = 3
"""Of a longer index the first two numbers and the last are drawn, where there are many."""
Links = Mapping[str, Collection[str]]
"""What leads to each vertex."""


@dataclass(frozen=True)
class Time:
    """The index of a recurrence: its letter, and where it stands in each array that has it."""

    letter: str = ""
    places: Mapping[Key, int] = field(default_factory=dict)

    def step(self, array: str, indices: Sequence[int]) -> int | None:
        """The step of a quantity; none where it belongs to no step."""
        place = self.places.get((array, len(indices)))
        return None if place is None else indices[place]


def time_of(instances: Instances) -> Time:
    """The index along which quantities are computed from themselves one step before: h[t-1].

    Of several the one that has the most numbers. The arrays that are used with its letter, or
    defined by what has it, are those of a step, too.
    """
    uses = [use for family in instances.families for use in _uses(family)]
    found = {
        (use.letter, use.array, use.place): len(use.user.runs[use.letter])
        for use in uses
        if use.offset < 0
        and use.letter in use.user.runs
        and _leads(use.user.array, use.array, uses)
    }
    if not found or max(found.values()) == 1:
        return Time()
    letter, array, place = max(found, key=lambda key: found[key])
    apart: set[Key] = set()
    while True:
        places = _spread(uses, {array: place}, apart)
        wide = {use.user.array for use in uses if _is_beyond(use, places)}
        if array in wide:
            return Time()
        if not wide:
            return Time(letter, places)
        apart |= wide


def _spread(
    uses: Sequence[_Use], start: Mapping[Key, int], apart: Collection[Key]
) -> dict[Key, int]:
    """Where the index of time stands in all arrays that have it, but those `apart`."""
    places, size = dict(start), 0
    while len(places) > size:
        size = len(places)
        for use in uses:
            user, own = use.user, places.get(use.user.array)
            timed = places.get(use.array) == use.place and use.letter in user.letters
            if own is None and timed and user.array not in apart:
                places[user.array] = user.letters.index(use.letter)
            same = own is not None and user.letters[own : own + 1] == (use.letter,)
            if same and use.array not in apart:
                places.setdefault(use.array, use.place)
    return places


def _is_beyond(use: _Use, places: Mapping[Key, int]) -> bool:
    """Whether something of a step uses the next step, or all of them: it belongs to none."""
    own = places.get(use.user.array)
    if own is None or not use.letter or places.get(use.array) != use.place:
        return False
    return use.offset > 0 or use.user.letters[own : own + 1] != (use.letter,)


@dataclass(frozen=True)
class _Use:
    """An index of an array in the definition of a family: one letter, and what is added to it."""

    user: Family
    array: Key
    place: int
    letter: str
    offset: int


def _uses(family: Family) -> Iterator[_Use]:
    for used, _ in family.used:
        for place, (letters, offset) in enumerate(used.indices):
            yield _Use(
                family, array_of(used), place, letters[0] if len(letters) == 1 else "", offset
            )


def _leads(start: Key, end: Key, uses: Sequence[_Use]) -> bool:
    """Whether one array is computed from another, or is the same."""
    found, todo = {start}, [start]
    while todo:
        key = todo.pop()
        new = {use.user.array for use in uses if use.array == key} - found
        found |= new
        todo += new
    return end in found


@dataclass(frozen=True)
class Few:
    """Some of the quantities of a network, enough to see how it goes on.

    `behind` are those behind which others of their array are left out; `skipped` is a step of time
    that stands for all that are left out.
    """

    names: Sequence[str]
    behind: Collection[str] = ()
    skipped: int | None = None


def few(instances: Instances, time: Time, arrays: Mapping[Key, Family], most: int) -> Few:
    """The quantities of some arrays: of many steps the first two and the last.

    Where there are still more than `most`, of each other index the first two numbers and the last.
    """
    steps = [
        step
        for key, place in time.places.items()
        for family in instances.of_array(key)
        if family.definition is not None and key in arrays
        for step in family.ranges[place]
    ]
    low, high = min(steps, default=0), max(steps, default=0)
    cut = high - low >= MOST_STEPS

    def runs(key: Key, *, short: bool) -> list[Sequence[int]]:
        found: list[Sequence[int]] = []
        for place, run in enumerate(arrays[key].ranges):
            if place == time.places.get(key):
                found.append([n for n in run if not cut or n <= low + 1 or n == high])
            else:
                found.append([*run[:2], run[-1]] if short and len(run) > MOST_UNITS else run)
        return found

    short = sum(prod(map(len, runs(key, short=False))) for key in arrays) > most
    names: dict[str, int] = {}
    behind: set[str] = set()
    for key in arrays:
        kept = runs(key, short=short)
        if prod(map(len, kept)) > most:
            return Few([""] * (most + 1))
        for at in combinations(*kept):
            family = instances.at(key[0], at)
            if family is not None:
                name = instances.name(family, at)
                names[name] = instances.order[name]
                if at and len(kept[-1]) < len(arrays[key].ranges[-1]) and at[-1] == kept[-1][1]:
                    behind.add(name)
    shown = sorted(names, key=lambda name: names[name])
    return Few(shown, behind if short else (), low + 2 if cut else None)


def depths(before: Links, given: Collection[str]) -> dict[str, int]:
    """The column of each vertex; what is given stands just before the first that uses it.

    `before` has the vertices in an order in which each comes after those that lead to it.
    """
    depth: dict[str, int] = {}
    for key, others in before.items():
        depth[key] = 1 + max((depth[x] for x in others if x in depth), default=-1)
    for key in before:
        users = [depth[user] for user, others in before.items() if key in others]
        if key in given and users:
            depth[key] = max(0, min(users) - 1)
    return depth


def unrolled(
    before: Links, given: Collection[str], steps: Mapping[str, int]
) -> tuple[dict[str, int], list[tuple[int, int, int]]] | None:
    """The columns of vertices of which some belong to `steps`, and each step with its columns.

    What leads to the steps stands before all of them, what follows from them behind. Nothing where
    something would lead back from a step to one before it.
    """
    computed = sorted({step for key, step in steps.items() if key not in given})
    banded = {key: step for key, step in steps.items() if step in computed}
    after: set[str] = set()
    for key, others in before.items():
        if key not in banded and any(x in banded or x in after for x in others):
            after.add(key)
    for key in before:
        users = [user for user, others in before.items() if key in others]
        if key in given and key not in banded and users and after.issuperset(users):
            after.add(key)
    first = [key for key in before if key not in banded and key not in after]
    columns = depths(_within(before, first), given)
    start = 1 + max(columns.values(), default=-1)
    # What is given before the first step stands right before it.
    led = {x for key in first for x in before[key]}
    columns |= {key: start - 1 for key in first if key in given and key not in led}
    found: list[tuple[int, int, int]] = []
    for step in computed:
        own = depths(_within(before, [k for k in before if banded.get(k) == step]), given)
        columns |= {key: start + depth for key, depth in own.items()}
        found.append((step, start, start + max(own.values())))
        start = found[-1][2] + 1
    behind = depths(_within(before, [key for key in before if key in after]), given)
    shift = start - min(behind.values(), default=0)
    columns |= {key: shift + depth for key, depth in behind.items()}
    backward = any(columns[x] >= columns[key] for key, others in before.items() for x in others)
    return None if backward else (columns, found)


def _within(before: Links, keys: Sequence[str]) -> Links:
    return {key: [x for x in before[key] if x in keys] for key in keys}
