"""Indices with letters in them, t − 1 or i' + m, and conditions on what the letters are."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product as combinations
from typing import NamedTuple

Index = tuple[tuple[str, ...], int]
"""A number and the letters that are added to it; one that is subtracted has a minus: "-m"."""

SIGNS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "≠": operator.ne,
    "<": operator.lt,
    "≤": operator.le,
    ">": operator.gt,
    "≥": operator.ge,
}
"""What may relate two indices."""

OPPOSITE = {"=": "≠", "≠": "=", "<": "≥", "≥": "<", ">": "≤", "≤": ">"}


def letters_of(index: Index) -> Iterator[str]:
    """The letters of an index, without their signs."""
    return (letter.removeprefix("-") for letter in index[0])


def placed(index: Index, chosen: Mapping[str, int]) -> Index:
    """An index with the letters that are chosen replaced by their numbers."""
    left: list[str] = []
    number = index[1]
    for letter in index[0]:
        name = letter.removeprefix("-")
        if name in chosen:
            number += chosen[name] if name == letter else -chosen[name]
        else:
            left.append(letter)
    return tuple(left), number


def written(index: Index) -> str:
    """An index as a person writes it: t - 1, 2i + k."""
    letters, number = index
    found = ""
    for letter in dict.fromkeys(letters):
        sign = " - " if letter.startswith("-") else " + " if found else ""
        count = letters.count(letter)
        found += f"{sign}{count if count > 1 else ''}{letter.removeprefix('-')}"
    if number or not found:
        sign = "" if not found else " - " if number < 0 else " + "
        found += f"{sign}{abs(number) if found else number}"
    return found


class Test(NamedTuple):
    """A condition on two indices: k ≠ j, i ≤ t."""

    left: Index
    sign: str
    right: Index

    def at(self, chosen: Mapping[str, int]) -> Test:
        """The same with numbers for the letters that are chosen."""
        return Test(placed(self.left, chosen), self.sign, placed(self.right, chosen))

    @property
    def opposite(self) -> Test:
        """What holds where this does not."""
        return Test(self.left, OPPOSITE[self.sign], self.right)

    @property
    def letters(self) -> set[str]:
        """The letters in it."""
        return {*letters_of(self.left), *letters_of(self.right)}

    @property
    def holds(self) -> bool | None:
        """Whether it holds; nothing while letters are left."""
        if self.left == self.right:
            return SIGNS[self.sign](0, 0)
        if self.left[0] or self.right[0]:
            return None
        return SIGNS[self.sign](self.left[1], self.right[1])

    def __str__(self) -> str:
        return f"{written(self.left)} {self.sign} {written(self.right)}"


def all_hold(tests: Iterable[Test]) -> bool | None:
    """Whether all conditions hold; nothing where that is open."""
    found = [test.holds for test in tests]
    return False if False in found else None if None in found else True


def values_of(letters: Mapping[str, Sequence[int]]) -> Iterator[dict[str, int]]:
    """Every choice of numbers for some letters, the last of them changing fastest."""
    for values in combinations(*letters.values()):
        yield dict(zip(letters, values, strict=True))
