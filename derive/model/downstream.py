"""What depends on a quantity, in boxes: parts of families, whole along some of their indices.

w[1,1] moves net[t,1] for all t; net[1,1] moves h[1,1], and h[1,1] moves net[2,j] for all j. Each of
these is one box, found from the definitions as they are stated: of a recurrence over 200 steps with
64 units there are 800 boxes of 25,000 quantities, and no quantity has to be named for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product as combinations
from math import prod

from derive.formula import Member, Sum, SumOver, contains
from derive.model.families import Family, Indices, array_of, fitting_within, members, reach
from derive.model.instances import Instances

Pattern = tuple[int | None, ...]
"""The indices of the members of a box; nothing for an index that is any number of its range."""
Box = tuple[Family, Pattern]


class Downstream(AbstractSet[str]):
    """Some quantities and all that depend on them, by name."""

    def __init__(self, instances: Instances, names: Iterable[str]) -> None:
        self._instances = instances
        self._patterns: dict[Family, set[Pattern]] = {}
        self._masks: dict[Family, set[tuple[bool, ...]]] = {}
        todo: list[Box] = list(map(instances.placed, names))
        while todo:
            family, pattern = todo.pop()
            if not self._covers(family, pattern):
                self._patterns.setdefault(family, set()).add(pattern)
                masks = self._masks.setdefault(family, set())
                masks.add(tuple(index is None for index in pattern))
                todo += self._users(family, pattern)

    @classmethod
    def _from_iterable(cls, names: object) -> AbstractSet[str]:  # type: ignore[override]
        return frozenset(names)  # type: ignore[call-overload, no-any-return]

    def __contains__(self, name: object) -> bool:
        found = self._instances.place(name) if isinstance(name, str) else None
        return found is not None and self._covers(*found)

    def __iter__(self) -> Iterator[str]:
        for family, patterns in self._patterns.items():
            met: set[Indices] = set()
            for pattern in patterns:
                met.update(at for at in combinations(*_runs(family, pattern)) if at in family)
            for at in sorted(met):
                yield self._instances.name(family, at)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _covers(self, family: Family, pattern: Pattern) -> bool:
        patterns = self._patterns.get(family)
        return patterns is not None and any(
            tuple(None if whole else index for whole, index in zip(mask, pattern, strict=True))
            in patterns
            for mask in self._masks[family]
        )

    def parts(self) -> Iterator[tuple[Family, Collection[Indices]]]:
        """The families in which they are, part by part in the model's order, each with its own."""
        instances = self._instances
        for number, (family, _) in enumerate(instances.steps):
            part = instances.parts[number]
            whole = tuple(run.start if len(run) == 1 else None for run in part.ranges)
            own: Collection[Indices] = part
            if not self._covers(family, whole):
                own = self._members(family, part.ranges)
            if own:
                yield family, own

    def inside(self, name: str) -> list[str]:
        """Those that stand in the definition of a quantity, in written order.

        What else stands there is not looked at; it is written out only where members of several
        families stand in one Σ.
        """
        instances = self._instances
        family, at = instances.placed(name)
        if family.definition is None:
            return []
        if instances.has_absent:
            return [x for x in instances.inputs_of[name] if x in self]
        chosen = {letter: range(n, n + 1) for letter, n in zip(family.letters, at, strict=True)}
        found: dict[str, None] = {}
        whole = family.definition
        for term in whole.terms if isinstance(whole, Sum) else (whole,):
            met = 0
            for used, ranges in members(term, chosen):
                names = [instances.name(*place) for place in self._met(used, ranges)]
                found.update(dict.fromkeys(names))
                met += bool(names)
            if met > 1 and contains(term, SumOver):
                return [x for x in instances.inputs_of[name] if x in self]
        return list(found)

    def _met(self, used: Member, ranges: Mapping[str, range]) -> Iterator[tuple[Family, Indices]]:
        """Those that a member is for some numbers of its letters."""
        if len({*used.letters}) < len(used.letters):
            for own in self._instances.of_array(array_of(used)):
                for at in own if own in self._patterns else ():
                    if self._covers(own, at) and any(
                        True for _ in fitting_within(used, at, ranges)
                    ):
                        yield own, at
            return
        box = reach(used, ranges)
        if all(len(run) == 1 for run in box):
            numbers = tuple(run.start for run in box)
            alone = self._instances.at(used.stem, numbers)
            if alone is not None and self._covers(alone, numbers):
                yield alone, numbers
            return
        for own in self._instances.of_array(array_of(used)):
            if own in self._patterns:
                pairs = zip(box, own.ranges, strict=True)
                runs = [range(max(a.start, b.start), min(a.stop, b.stop)) for a, b in pairs]
                yield from ((own, at) for at in self._within(own, runs))

    def _within(self, own: Family, runs: Sequence[range]) -> Iterable[Indices]:
        """Those of a family that have indices in these ranges."""
        whole = tuple(run.start if len(run) == 1 else None for run in runs)
        if self._covers(own, whole):
            return combinations(*runs)
        if len(self._patterns[own]) < prod(map(len, runs)):
            return self._members(own, runs)
        return (at for at in combinations(*runs) if self._covers(own, at))

    def _members(self, family: Family, runs: Sequence[range]) -> list[Indices]:
        """The same, box by box."""
        found: set[Indices] = set()
        for pattern in self._patterns.get(family, ()):
            pairs = [*zip(pattern, runs, strict=True)]
            if all(index is None or index in run for index, run in pairs):
                box = (run if index is None else (index,) for index, run in pairs)
                found.update(at for at in combinations(*box) if at in family)
        return sorted(found)

    def _users(self, own: Family, pattern: Pattern) -> Iterator[Box]:
        """The boxes of what is defined by members of a box."""
        instances = self._instances
        if instances.has_absent:
            # Terms with a member that is missing fall away, and what else stands in them.
            for user in instances.used_in[instances.name(own, pattern)]:  # type: ignore[arg-type]
                yield instances.placed(user)
            return
        for family, used, ranges in instances.uses.of(own.key, pattern):
            for chosen in _chosen(used, ranges, own, pattern, family.letters):
                box = tuple(chosen.get(letter) for letter in family.letters)
                yield family, box


def _runs(family: Family, pattern: Pattern) -> list[Sequence[int]]:
    pairs = zip(family.ranges, pattern, strict=True)
    return [run if index is None else (index,) for run, index in pairs]


def _chosen(
    used: Member,
    ranges: Mapping[str, range],
    own: Family,
    pattern: Pattern,
    kept: Sequence[str],
) -> Iterator[Mapping[str, int]]:
    """The numbers of the letters for which a member is in a box; those that may be any are open.

    Of a letter that is not among those `kept`, as a Σ binds it, it is enough that there is one.
    """
    if len({*used.letters}) < len(used.letters) or any(len(x) > 1 for x, _ in used.indices):
        yield from _one_by_one(used, ranges, own, pattern)
        return
    choices: dict[str, Sequence[int]] = {}
    for (own_letters, offset), run in zip(used.indices, _runs(own, pattern), strict=True):
        if not own_letters:
            if offset not in run:
                return
            continue
        (letter,) = own_letters
        there = ranges[letter]
        low, high = max(run[0] - offset, there.start), min(run[-1] - offset, there.stop - 1)
        if low > high:
            return
        if letter in kept and (low, high) != (there.start, there.stop - 1):
            choices[letter] = range(low, high + 1)
    for numbers in combinations(*choices.values()):
        yield dict(zip(choices, numbers, strict=True))


def _one_by_one(
    used: Member, ranges: Mapping[str, range], own: Family, pattern: Pattern
) -> Iterator[Mapping[str, int]]:
    """The same for each member of the box, where letters are added up or stand twice."""
    for at in combinations(*_runs(own, pattern)):
        yield from fitting_within(used, at, ranges)
