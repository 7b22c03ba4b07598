"""What the given quantities of an equation file satisfy: ``condition: sum(t[k], k=1..3) = 1``.

One with letters, ``condition: sum(t[i,k], k=1..3) = 1, i=1..4``, is one for each of their numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.formula import Formula, Name, Number, names_in, product, total
from derive.formula.index import values_of
from derive.formula.tidy import like_terms
from derive.functions import World
from derive.model.families import Indices, instance
from derive.networks.equations.indexing import (
    FamilyError,
    Runs,
    read_template,
    shown,
    stated,
    trailing_ranges,
)
from derive.networks.equations.lines import split
from derive.notations.free import joined_name

if TYPE_CHECKING:
    from derive.grammar.free import FreeReader

CLOSE = 1e-9


@dataclass(frozen=True)
class Condition:
    """A linear equation between given quantities, solved for one of them.

    `left` and `right` are its sides as they are written, with letters that have these `ranges`:
    each with its least and its greatest number.
    """

    left: Formula
    right: Formula
    name: str
    meaning: Formula
    ranges: tuple[tuple[str, int, int], ...] = ()


def read_conditions(reader: FreeReader, text: str, given: Collection[str]) -> list[Condition]:
    """What `text` states about `given` quantities, for every number of its letters.

    Raises :class:`~derive.networks.equations.indexing.FamilyError` where it is none, and what the
    reader raises.
    """
    first, *after = split(text, "=")
    second = "=".join(after)
    if not second.strip():
        raise FamilyError("write a condition as sum(target[k], k=1..3) = 1")
    second, runs = trailing_ranges(second)
    sides = [read_template(reader, side, runs, []) for side in (first, second)]
    return [_solved(sides, chosen, runs, given) for chosen in values_of(runs)]


def _solved(
    sides: Sequence[Formula], chosen: Mapping[str, int], runs: Runs, given: Collection[str]
) -> Condition:
    """The condition between two sides when their letters have these values."""
    left, right = (instance(stated(side, chosen), {}, _named) for side in sides)
    terms = {product(factors): times for factors, times in like_terms(left - right).items()}
    names = [rest for rest in terms if isinstance(rest, Name)]
    said = {name.name for name in names}
    nonlinear = any(names_in(rest) and rest not in names for rest in terms)
    if not names or nonlinear or said != {*names_in(left - right)}:
        raise FamilyError("a condition has to be a linear equation between given quantities")
    for name in names:
        if name.name not in given:
            raise FamilyError(f"condition: {shown(name.name)} is not among what is given")
    last = names[-1]
    others = [(-t / terms[last], rest) for rest, t in terms.items() if rest != last]
    # The number first: 1 − a − b.
    others.sort(key=lambda term: not isinstance(term[1], Number))
    meaning = total(-(-t * rest) if t < 0 else t * rest for t, rest in others)
    if runs:
        left, right = sides
    ranges = tuple((letter, run[0], run[-1]) for letter, run in runs.items())
    return Condition(left, right, last.name, meaning, ranges)


def _named(stem: str, indices: Indices) -> Name:
    return Name(joined_name(stem, indices))


def value_of(condition: Condition, numbers: Mapping[str, float]) -> float:
    """The number that a condition gives to the quantity for which it is solved."""
    return float(World().of(condition.meaning, numbers))
