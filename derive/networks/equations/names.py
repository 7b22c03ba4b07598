"""Quantities by their names, ``h_1_2`` being h with 1 and 2, and the families that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from derive.model.families import Family, Indices, Role
from derive.notations.free import AS_THEY_ARE, Stems, free_name, joined_name, split_name


class FreeNames:
    """The names of the members of families: their stem, and their indices behind it.

    `stems` says how some stems are typeset.
    """

    def __init__(self, stems: Stems = AS_THEY_ARE) -> None:
        self._stems = stems

    def plain(self, family: Family, indices: Indices) -> str:
        return joined_name(family.key, indices)

    def latex(self, family: Family, indices: Indices) -> str:
        return free_name(self.plain(family, indices), stems=self._stems)

    def find(self, name: str) -> tuple[str, Indices] | None:
        return split_name(name)


def with_error(families: Iterable[Family], error: str) -> list[Family]:
    """The families, the error in one of its own."""
    found: list[Family] = []
    stem, at = split_name(error)
    for family in families:
        if family.array != (stem, len(at)) or at not in family:
            found.append(family)
            continue
        own = tuple(range(n, n + 1) for n in at)
        for axis, run in enumerate(family.ranges):
            for part in (range(run.start, at[axis]), range(at[axis] + 1, run.stop)):
                if part:
                    ranges = (*own[:axis], part, *family.ranges[axis + 1 :])
                    found.append(replace(family, ranges=ranges))
        found.append(replace(family, ranges=own, role=Role.TOTAL))
    return found


def boxes(names: Iterable[str], role: Role) -> Iterator[Family]:
    """What is given as families: each as many members as fill its ranges, one after the other."""
    for (stem, _), there in by_family(names).items():
        for ranges in _filled(there):
            yield Family(stem, role, ranges)


def by_family(names: Iterable[str]) -> dict[tuple[str, int], list[Indices]]:
    """The indices of names, by their stems and how many there are."""
    found: dict[tuple[str, int], list[Indices]] = {}
    for name in names:
        stem, indices = split_name(name)
        found.setdefault((stem, len(indices)), []).append(indices)
    return found


def _filled(there: Sequence[tuple[int, ...]]) -> list[tuple[range, ...]]:
    """The boxes of indices, in order, that make up these, which are sorted."""
    if not there[0]:
        return [()]
    found: list[tuple[range, ...]] = []
    alike: list[tuple[range, ...]] = []
    for first, group in groupby(there, key=lambda indices: indices[0]):
        rest = _filled([indices[1:] for indices in group])
        if found and len(alike) == len(rest) == 1 and alike == rest and found[-1][0].stop == first:
            found[-1] = (range(found[-1][0].start, first + 1), *rest[0])
        else:
            found += [(range(first, first + 1), *boxes) for boxes in rest]
        alike = rest
    return found
