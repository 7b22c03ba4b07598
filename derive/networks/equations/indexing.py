"""Families of equations: index letters, their ranges, and sums over them.

A line is read once, with its index letters in it: ``net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2`` is
one family of two quantities, and its definition a template. Letters that a template cannot have,
such as that of x[4-k], are written out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as combinations
from typing import TYPE_CHECKING

from derive.formula import (
    Formula,
    Member,
    Name,
    Power,
    Product,
    Sum,
    SumOver,
    number,
    total,
    transform,
)
from derive.model.families import Family, Indices, Role, member
from derive.networks.equations.lines import closing, shortened, split
from derive.notations.free import split_name

if TYPE_CHECKING:
    from derive.grammar.free import FreeReader

MOST_TERMS = 4_000_000
"""Quantities that may stand in all right sides together."""

_FAMILY = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9_]*)\s*\[([^\[\]]*)\]")
_INDEX_TERM = re.compile(r"\s*([+-]?)\s*(?:([0-9]{1,5})(?:\s*\*?\s*([a-z]))?|([a-z]))\s*")
_RANGE = re.compile(r"\s*([a-z])\s*=\s*([0-9]{1,12})\s*\.\.\s*([0-9]{1,12})\s*")
_CALLED = re.compile(r"(?<![A-Za-z0-9_])(sum|sqrt)\s*\(")
_STEM_AND_NUMBER = re.compile(r"([A-Za-z]+)([0-9].*)")


class FamilyError(ValueError):
    """A family or sum cannot be written out; the message says why."""


@dataclass(frozen=True)
class Range:
    """An index letter and the numbers it runs through: ``j=1..3``."""

    letter: str
    low: int
    high: int

    @classmethod
    def read(cls, text: str) -> Range | None:
        """The range that `text` is, if it is one."""
        found = _RANGE.fullmatch(text)
        if found is None:
            return None
        low, high = int(found[2]), int(found[3])
        if low > high:
            raise FamilyError(
                f"the range {text.strip()} is empty; the larger number stands behind the dots"
            )
        return cls(found[1], low, high)


@dataclass(frozen=True)
class Index:
    """An index: letters, each times a whole number, and a number: ``2*i - 1``."""

    letters: tuple[tuple[str, int], ...]
    offset: int

    @classmethod
    def read(cls, text: str, letters: Sequence[str]) -> Index:
        """The index that `text` is, where these letters have ranges."""
        found: list[tuple[str, int]] = []
        offset, place = 0, 0
        while place < len(text) or not place:
            term = _INDEX_TERM.match(text, place)
            if term is None or (place and not term[1]):
                raise FamilyError(f"an index like j, j+1 or 3 is expected: {shortened(text)!r}")
            value = int(term[2] or 1) * (-1 if term[1] == "-" else 1)
            letter = term[3] or term[4]
            if letter and letter not in letters:
                raise FamilyError(f"the index {letter} has no range; add {letter}=1..3")
            if letter:
                found.append((letter, value))
            else:
                offset += value
            place = term.end()
        return cls(tuple(found), offset)

    def at(self, chosen: Mapping[str, int]) -> int:
        """Its value when the letters have these."""
        return self.offset + sum(chosen[letter] * times for letter, times in self.letters)


@dataclass(frozen=True)
class Element:
    """A member of a family: ``w[j,i+1]``."""

    stem: str
    indices: tuple[Index, ...]
    text: str

    @classmethod
    def read(cls, stem: str, inside: str, letters: Sequence[str]) -> Element:
        """The element ``stem[inside]`` where these index letters have ranges."""
        indices = (Index.read(part, letters) for part in inside.split(","))
        return cls(stem, tuple(indices), f"{stem}[{inside}]")

    def member(self, fixed: Mapping[str, int]) -> Member:
        """The member of a family that it is, when these letters have these values."""
        stem, before = split_name(canonical(self.stem))
        indices: list[tuple[tuple[str, ...], int]] = [((), number) for number in before]
        for index in self.indices:
            open_ = [(x, times) for x, times in index.letters if x not in fixed]
            offset = index.offset + sum(fixed.get(x, 0) * times for x, times in index.letters)
            indices.append((tuple(x for x, times in open_ for _ in range(times)), offset))
        return Member(stem, tuple(indices))

    def check(self, ranges: Sequence[Range]) -> None:
        """Raise :class:`FamilyError` where an index is less than 0 for a choice of its letters."""
        least = {r.letter: (r.low, r.high) for r in ranges}
        for index in self.indices:
            ends = (times * least[x][times < 0] for x, times in index.letters)
            if index.offset + sum(ends) < 0:
                for chosen in values_of(ranges):
                    self.at(chosen)

    @property
    def letters(self) -> tuple[str, ...]:
        """Its indices where all of them are letters alone."""
        alone = [index.letters[0][0] for index in self.indices if index.letters]
        plain = all(index.offset == 0 and len(index.letters) == 1 for index in self.indices)
        return tuple(alone) if plain else ()

    def at(self, chosen: Mapping[str, int]) -> Indices:
        """Its indices when the letters have these values."""
        values = tuple(index.at(chosen) for index in self.indices)
        if min(values, default=0) < 0:
            where = ", ".join(f"{k} = {v}" for k, v in chosen.items())
            raise FamilyError(
                f"{self.text} has the index {min(values)}{' for ' + where if where else ''};"
                " indices count from 0"
            )
        return values


@dataclass(frozen=True)
class Summed:
    """``sum(body, i=1..3)``."""

    body: Template
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class Root:
    """``sqrt(body)``."""

    body: Template


Part = Element | Summed | Root


@dataclass(frozen=True)
class Template:
    """A formula of members of families; names in it stand for parts that have index letters."""

    formula: Formula
    parts: Mapping[str, Part]

    def stated(self, fixed: Mapping[str, int]) -> Formula:
        """The formula of members of families, when these letters have these values."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Name):
                return None
            part = self.parts[node.name]
            if isinstance(part, Element):
                return part.member(fixed)
            if isinstance(part, Root):
                return Power(part.body.stated(fixed), number(Fraction(1, 2)))
            return _sum(part.body, part.ranges, fixed)

        return transform(self.formula, rule)

    def elements(self, ranges: Sequence[Range]) -> Iterator[tuple[Element, Sequence[Range]]]:
        """The members of families in it, those inside of sums too, with the ranges of letters."""
        for part in self.parts.values():
            if isinstance(part, Element):
                yield part, ranges
            else:
                inner = part.ranges if isinstance(part, Summed) else ()
                yield from part.body.elements([*ranges, *inner])

    @property
    def awkward(self) -> set[str]:
        """The letters that are subtracted in an index."""
        indices = (index for element, _ in self.elements(()) for index in element.indices)
        return {letter for index in indices for letter, times in index.letters if times < 0}

    @property
    def size(self) -> int:
        """The number of names in it when all sums are written out, roughly."""
        found = 1
        for part in self.parts.values():
            if isinstance(part, Element):
                found += 1
            elif isinstance(part, Root):
                found += part.body.size
            else:
                found += part.body.size * count(part.ranges)
        return found


def _sum(body: Template, ranges: Sequence[Range], fixed: Mapping[str, int]) -> Formula:
    """Σ over some letters; one that is subtracted in an index is written out."""
    if not ranges:
        return body.stated(fixed)
    first, *rest = ranges
    if first.letter in body.awkward:
        return total(_sum(body, rest, {**fixed, **values}) for values in values_of([first]))
    return SumOver(first.letter, first.high, _sum(body, rest, fixed), first.low)


def families(
    left: Element, right: Template, ranges: Sequence[Range], line: int
) -> Iterator[Family]:
    """The families that a line defines: one, or as many as the letters make that are written out.

    Left of the sign the letters stand alone, each in an index of its own, in the order of their
    ranges; so the members are in the order in which the line counts them.
    """
    awkward, begin = right.awkward, 0
    while not _is_plain(left, ranges[begin:], awkward):
        begin += 1
    for fixed in values_of(ranges[:begin]):
        yield _family(left, right.stated(fixed), ranges[begin:], fixed, line)


def _is_plain(left: Element, ranges: Sequence[Range], awkward: Container[str]) -> bool:
    own = [r.letter for r in ranges]
    stand = [(x, n) for index in left.indices for x, n in index.letters if x in own]
    alone = all(sum(x in own for x, _ in index.letters) <= 1 for index in left.indices)
    return alone and stand == [(x, 1) for x in own] and not any(x in awkward for x in own)


def _family(
    left: Element, right: Formula, ranges: Sequence[Range], fixed: Mapping[str, int], line: int
) -> Family:
    own = {r.letter: r for r in ranges}
    defined = left.member(fixed)
    letters, runs, shifts = [], [], {}
    for place, (open_, offset) in enumerate(defined.indices):
        letter = open_[0] if open_ else f"#{place}"
        low, high = (own[letter].low, own[letter].high) if open_ else (0, 0)
        letters.append(letter)
        runs.append(range(low + offset, high + offset + 1))
        shifts[letter] = offset
    definition = transform(right, lambda node: _shifted(node, shifts))
    role = Role.INTERMEDIATE
    return Family(defined.stem, role, tuple(runs), 0, tuple(letters), definition, line=line)


def _shifted(node: Formula, shifts: Mapping[str, int]) -> Formula | None:
    """A member in which letters count from elsewhere: h[t] = g[t-1] for h[t+1] = g[t]."""
    if not isinstance(node, Member):
        return None
    indices = (
        (letters, offset - sum(shifts.get(letter, 0) for letter in letters))
        for letters, offset in node.indices
    )
    return Member(node.stem, tuple(indices))


def _with_members(formula: Formula, parts: Container[str]) -> Formula:
    """A formula as it is written, with members of families for its quantities."""
    if isinstance(formula, Name):
        if formula.name in parts:
            return formula
        stem, indices = split_name(formula.name)
        return member(stem, *indices)
    made = tuple(_with_members(part, parts) for part in formula.parts())
    return type(formula)(made) if isinstance(formula, Sum | Product) else formula.rebuilt(made)


def count(ranges: Sequence[Range]) -> int:
    """In how many ways the letters can be chosen."""
    return math.prod(r.high - r.low + 1 for r in ranges)


def values_of(ranges: Sequence[Range]) -> Iterator[dict[str, int]]:
    """Every choice of the letters, the last of them changing fastest."""
    for values in combinations(*(range(r.low, r.high + 1) for r in ranges)):
        yield dict(zip((r.letter for r in ranges), values, strict=True))


def trailing_ranges(text: str) -> tuple[str, tuple[Range, ...]]:
    """What stands before the ranges at the end of `text`, and the ranges.

    Raises :class:`FamilyError` for anything else behind a comma.
    """
    first, *rest = split(text)
    ranges: list[Range] = []
    for part in rest:
        found = Range.read(part)
        if found is None:
            raise FamilyError(
                f"a range like j=1..3 is expected behind the comma: {shortened(part)!r}"
            )
        if found.letter in (r.letter for r in ranges):
            raise FamilyError(f"the index {found.letter} has two ranges")
        ranges.append(found)
    return first, tuple(ranges)


def read_template(reader: FreeReader, text: str, letters: Sequence[str]) -> Template:
    """The right side `text`, in which these index letters have ranges.

    Raises :class:`FamilyError`, and what the reader raises.
    """
    stand_in = "part"
    while stand_in in text:
        stand_in += "s"
    parts: dict[str, Part] = {}

    def put(part: Part) -> str:
        name = f"{stand_in}_{len(parts) + 1}"
        parts[name] = part
        return f" {name} "

    while called := _CALLED.search(text):
        end = closing(text, called.end() - 1)
        inside = text[called.end() : end]
        if called[1] == "sqrt":
            part: Part = Root(read_template(reader, inside, letters))
        else:
            part = _summed(reader, inside, letters)
        text = text[: called.start()] + put(part) + text[end + 1 :]
    text = _FAMILY.sub(lambda found: put(Element.read(found[1], found[2], letters)), text)
    return Template(_with_members(reader.formula(text), parts), parts)


def _summed(reader: FreeReader, inside: str, letters: Sequence[str]) -> Summed:
    body, *rest = split(inside)
    found = [Range.read(part) for part in rest]
    ranges = tuple(r for r in found if r is not None)
    if not rest or len(ranges) < len(rest) or not body.strip():
        raise FamilyError("write a sum as sum(w[i]*x[i], i=1..3)")
    taken = list(letters)
    for r in ranges:
        if r.letter in taken:
            raise FamilyError(
                f"the index {r.letter} of the sum already has a range; take another letter"
            )
        taken.append(r.letter)
    return Summed(read_template(reader, body, taken), ranges)


def note_runs(
    runs: dict[tuple[str, int], dict[str, frozenset[int]]],
    element: Element,
    ranges: Sequence[Range],
) -> None:
    """Keep which numbers the letters are that stand at the places of a family."""
    within = {r.letter: frozenset(range(r.low, r.high + 1)) for r in ranges}
    for place, letter in enumerate(element.letters):
        there = runs.setdefault((element.stem, place), {})
        there[letter] = there.get(letter, within[letter]) & within[letter] or there[letter]


def together(names: Iterable[str]) -> list[str]:
    """The names with those of a family together, in the order of their indices."""
    families: dict[tuple[str, int], list[tuple[tuple[int, ...], str]]] = {}
    for name in names:
        stem, indices = split_name(name)
        families.setdefault((stem, len(indices)), []).append((indices, name))
    return [name for family in families.values() for _, name in sorted(family)]


def canonical(name: str) -> str:
    """A name as the grammar reads it: ``h0`` is h with the index 0, ``h_0``."""
    found = _STEM_AND_NUMBER.fullmatch(name)
    return f"{found[1]}_{found[2]}" if found else name


def shown(name: str) -> str:
    """A plain name as it is written in a file: ``h_1_2`` is ``h[1,2]``."""
    found = re.fullmatch(r"(.*?)((?:_[0-9]+)+)", name)
    return f"{found[1]}[{found[2][1:].replace('_', ',')}]" if found else name
