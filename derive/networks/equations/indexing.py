"""Families of equations: index letters, their ranges, and sums over them.

A line is read once, with its index letters in it: ``net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2`` is
one family of two quantities, and its definition a template. Letters that a template cannot have,
such as that of x[4-k], are written out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
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
    substitute,
    total,
    transform,
    walk,
)
from derive.formula.index import Index, letters_of, placed, values_of
from derive.formula.letters import reindexed
from derive.model.families import Family, Role, member, summed
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


Runs = Mapping[str, range]
"""Index letters in their order, each with the numbers that it runs through: ``j=1..3``."""


def _range(text: str) -> tuple[str, range] | None:
    """The letter and the range that `text` is, if it is one."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = int(found[2]), int(found[3])
    if low > high:
        raise FamilyError(
            f"the range {text.strip()} is empty; the larger number stands behind the dots"
        )
    return found[1], range(low, high + 1)


def _index(text: str, letters: Container[str]) -> Index:
    """The index that `text` is, where these letters have ranges: ``2*i - 1``."""
    found: list[str] = []
    offset, place = 0, 0
    while place < len(text) or not place:
        term = _INDEX_TERM.match(text, place)
        if term is None or (place and not term[1]):
            raise FamilyError(f"an index like j, j+1 or 3 is expected: {shortened(text)!r}")
        minus, value, letter = term[1] == "-", int(term[2] or 1), term[3] or term[4]
        if letter and letter not in letters:
            raise FamilyError(f"the index {letter} has no range; add {letter}=1..3")
        if letter:
            found += [f"-{letter}" if minus else letter] * value
        else:
            offset += -value if minus else value
        place = term.end()
    return tuple(found), offset


@dataclass(frozen=True)
class Element:
    """A member of a family as it is written, ``w[j,i+1]``, within the `ranges` around it."""

    stem: str
    indices: tuple[Index, ...]
    text: str
    ranges: Runs

    @classmethod
    def read(cls, stem: str, inside: str, ranges: Runs) -> Element:
        """The element ``stem[inside]`` where these index letters have ranges."""
        indices = tuple(_index(part, ranges) for part in inside.split(","))
        return cls(stem, indices, f"{stem}[{inside}]", ranges)

    @property
    def member(self) -> Member:
        """The member of a family that it is: h0[t] is one of h with 0 before the t."""
        stem, before = split_name(canonical(self.stem))
        return Member(stem, (*(((), number) for number in before), *self.indices))

    @property
    def letters(self) -> tuple[str, ...]:
        """Its indices where all of them are letters alone."""
        alone = [set(letters_of(index)) for index in self.indices]
        plain = all(len(own) == 1 for own in alone) and not any(n for _, n in self.indices)
        return tuple(letter for own in alone for letter in own) if plain else ()

    def check(self) -> None:
        """Raise :class:`FamilyError` where an index is less than 0 for a choice of its letters."""
        if all(_least(index, self.ranges) >= 0 for index in self.indices):
            return
        for chosen in values_of(self.ranges):
            least = min(placed(index, chosen)[1] for index in self.indices)
            if least < 0:
                where = ", ".join(f"{k} = {v}" for k, v in chosen.items())
                raise FamilyError(
                    f"{self.text} has the index {least}{' for ' + where if where else ''};"
                    " indices count from 0"
                )


def _least(index: Index, ranges: Runs) -> int:
    """The least number that an index may be."""
    ends = (-ranges[x[1:]][-1] if x.startswith("-") else ranges[x][0] for x in index[0])
    return index[1] + sum(ends)


def stated(template: Formula, fixed: Mapping[str, int]) -> Formula:
    """A template in which these letters have these numbers.

    A Σ over a letter that is subtracted in an index is written out.
    """

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Member):
            return Member(node.stem, tuple(placed(index, fixed) for index in node.indices))
        if isinstance(node, SumOver) and node.index in _subtracted(node.body):
            numbers = range(node.lower, node.upper + 1)
            return total(stated(node.body, {**fixed, node.index: n}) for n in numbers)
        return None

    return transform(template, rule)


def _subtracted(template: Formula) -> set[str]:
    """The letters that are subtracted in an index."""
    members = (node for node in walk(template) if isinstance(node, Member))
    letters = (letter for node in members for letter in node.letters)
    return {letter[1:] for letter in letters if letter.startswith("-")}


def families(left: Element, right: Formula, line: int) -> Iterator[Family]:
    """The families that a line defines: one, or as many as the letters make that are written out.

    Left of the sign the letters stand alone, each in an index of its own, in the order of their
    ranges; so the members are in the order in which the line counts them.
    """
    awkward, fixed, own = _subtracted(right), dict[str, range](), dict(left.ranges)
    while not _is_plain(left, own, awkward):
        letter = next(iter(own))
        fixed[letter] = own.pop(letter)
    for chosen in values_of(fixed):
        yield _family(left, stated(right, chosen), own, chosen, line)


def _is_plain(left: Element, own: Runs, awkward: Container[str]) -> bool:
    stand = [[x for x in index[0] if x.removeprefix("-") in own] for index in left.indices]
    alone = [letters for letters in stand if letters] == [[x] for x in own]
    return alone and not any(x in awkward for x in own)


def _family(
    left: Element, right: Formula, ranges: Runs, fixed: Mapping[str, int], line: int
) -> Family:
    letters, runs, shifts = [], [], dict[str, Index]()
    for place, index in enumerate(left.member.indices):
        open_, offset = placed(index, fixed)
        letter = open_[0] if open_ else f"#{place}"
        run = ranges[letter] if open_ else range(1)
        letters.append(letter)
        runs.append(range(run.start + offset, run.stop + offset))
        # A member in which letters count from elsewhere: h[t] = g[t-1] for h[t+1] = g[t].
        shifts[letter] = ((letter,), -offset)
    definition = reindexed(right, shifts)
    key, role = left.member.stem, Role.INTERMEDIATE
    return Family(key, role, tuple(runs), 0, tuple(letters), definition, line=line)


def _with_members(formula: Formula, parts: Container[str]) -> Formula:
    """A formula as it is written, with members of families for its quantities."""
    if isinstance(formula, Name):
        if formula.name in parts:
            return formula
        stem, indices = split_name(formula.name)
        return member(stem, *indices)
    made = tuple(_with_members(part, parts) for part in formula.parts())
    return type(formula)(made) if isinstance(formula, Sum | Product) else formula.rebuilt(made)


def count(ranges: Runs) -> int:
    """In how many ways the letters can be chosen."""
    return math.prod(map(len, ranges.values()))


def trailing_ranges(text: str) -> tuple[str, Runs]:
    """What stands before the ranges at the end of `text`, and the ranges.

    Raises :class:`FamilyError` for anything else behind a comma.
    """
    first, *rest = split(text)
    ranges: dict[str, range] = {}
    for part in rest:
        found = _range(part)
        if found is None:
            raise FamilyError(
                f"a range like j=1..3 is expected behind the comma: {shortened(part)!r}"
            )
        if found[0] in ranges:
            raise FamilyError(f"the index {found[0]} has two ranges")
        ranges[found[0]] = found[1]
    return first, ranges


def read_template(reader: FreeReader, text: str, ranges: Runs, elements: list[Element]) -> Formula:
    """The right side `text`, in which these index letters have ranges, as a template.

    The members that are written with indices are put to the `elements`. Raises
    :class:`FamilyError`, and what the reader raises.
    """
    stand_in = "part"
    while stand_in in text:
        stand_in += "s"
    parts: dict[str, Formula] = {}

    def put(part: Formula) -> str:
        name = f"{stand_in}_{len(parts) + 1}"
        parts[name] = part
        return f" {name} "

    def element(found: re.Match[str]) -> str:
        elements.append(Element.read(found[1], found[2], ranges))
        return put(elements[-1].member)

    while called := _CALLED.search(text):
        end = closing(text, called.end() - 1)
        inside = text[called.end() : end]
        if called[1] == "sqrt":
            part: Formula = Power(
                read_template(reader, inside, ranges, elements), number(Fraction(1, 2))
            )
        else:
            part = _summed(reader, inside, ranges, elements)
        text = text[: called.start()] + put(part) + text[end + 1 :]
    whole = _with_members(reader.formula(_FAMILY.sub(element, text)), parts)
    return substitute(whole, parts)


def _summed(reader: FreeReader, inside: str, ranges: Runs, elements: list[Element]) -> Formula:
    body, *rest = split(inside)
    found = [_range(part) for part in rest]
    if not rest or None in found or not body.strip():
        raise FamilyError("write a sum as sum(w[i]*x[i], i=1..3)")
    around, own = dict(ranges), [each for each in found if each is not None]
    for letter, run in own:
        if letter in around:
            raise FamilyError(
                f"the index {letter} of the sum already has a range; take another letter"
            )
        around[letter] = run
    return summed(read_template(reader, body, around, elements), **dict(own))


def note_runs(runs: dict[tuple[str, int], dict[str, frozenset[int]]], element: Element) -> None:
    """Keep which numbers the letters are that stand at the places of a family."""
    for place, letter in enumerate(element.letters):
        there = runs.setdefault((element.stem, place), {})
        within = frozenset(element.ranges[letter])
        there[letter] = there.get(letter, within) & within or there[letter]


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
