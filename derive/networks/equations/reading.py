"""From the lines of an equation file to definitions in order, and what is said of a bad file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from derive.errors import InputError
from derive.model.families import Family, Role, count_members, members, places, taken
from derive.model.instances import Instances, Step
from derive.networks.equations.conditions import CLOSE, Condition, read_conditions, value_of
from derive.networks.equations.directives import DEFAULT_WEIGHTS, Directives
from derive.networks.equations.indexing import (
    MOST_TERMS,
    Element,
    FamilyError,
    Runs,
    canonical,
    count,
    families,
    note_runs,
    read_template,
    shown,
    together,
    trailing_ranges,
)
from derive.networks.equations.lines import Line, Source, lines, shortened
from derive.networks.equations.names import FreeNames, boxes, by_family, with_error
from derive.networks.equations.ordering import CircleError, ordered
from derive.notations.free import free_stem, joined_name, split_name
from derive.notations.table import Pattern
from derive.suggest import did_you_mean

MOST_EQUATIONS = 50_000

_LEFT = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)\s*(?:\[([^\[\]]*)\])?")
_NAMES = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9_]*)(\(?)")


@dataclass(frozen=True)
class Read:
    """What a file states: its quantities as families, and what is said of them."""

    instances: Instances
    numbers: Mapping[str, float] | None
    directives: Directives
    letters: Mapping[tuple[str, int], tuple[str, ...]]
    runs: Mapping[tuple[str, int], Mapping[str, frozenset[int]]]
    conditions: tuple[Condition, ...]
    written: tuple[tuple[str, Pattern], ...]


class Reading:
    """One file being read."""

    def __init__(self, source: Source) -> None:
        from derive.grammar.free import FreeReader

        self.source = source
        self.reader = FreeReader()
        self.directives = Directives(source)
        self.stated: list[Family] = []
        self.count = self.terms = 0
        self.letters: dict[tuple[str, int], tuple[str, ...]] = {}
        """Families by stem and number of indices, with the letters they are first written with."""
        self.runs: dict[tuple[str, int], dict[str, frozenset[int]]] = {}
        """The numbers that each letter stands for at each place of a family, wherever it does."""
        self.called: dict[str, int] = {}
        """Names with a bracket right behind them, and where they first stand."""
        self.bare: set[str] = set()
        """Names that also stand without one."""

    def all(self) -> Read:
        """The whole file. Raises :class:`InputError` with the line."""
        for line in lines(self.source):
            if not self.directives.take(line):
                self.line(line)
        if not self.stated:
            raise InputError(
                f"{self.source.name}: there is no equation in it; write for example y = w*x"
            )
        defined, used = self.defined(), self.used()
        self.check_calls(defined)
        unused = self.ends([name for name in defined if name not in used], defined)
        families = with_error(self.stated, unused[0]) if len(unused) == 1 else self.stated
        order = self.ordered(families)
        free = together(name for name in used if name not in defined)
        weights = self.weights(free, defined)
        inputs = [name for name in free if name not in weights]
        self.check_inputs(inputs, used, defined)
        self.check_ranges(free, used, defined)
        self.check_ends(unused, defined)
        conditions = self.conditions(inputs)
        numbers = self.directives.numbers([*inputs, *weights])
        self.check_numbers(conditions, numbers)
        given = [*boxes(inputs, Role.INPUT), *boxes(weights, Role.WEIGHT)]
        order = [*((family, {}) for family in given), *order]
        written = self.directives.stems([*free, *defined])
        instances = Instances([*given, *families], FreeNames(dict(written)), order)
        solved = tuple(condition for _, condition in conditions)
        return Read(instances, numbers, self.directives, self.letters, self.runs, solved, written)

    # Equations.

    def line(self, line: Line) -> None:
        """One line of the file: an equation, or a family of them."""
        from derive.grammar.free import FreeUnreadable

        try:
            self.equation(line)
        except FamilyError as error:
            raise self.source.fail(line.number, str(error)) from None
        except FreeUnreadable as error:
            right = shortened(line.text.partition("=")[2])
            raise self.source.fail(line.number, f"{error}: {right}") from None

    def equation(self, line: Line) -> None:
        """The definitions that a line states."""
        left, sign, right = line.text.replace(":=", "=").partition("=")
        if not sign:
            raise FamilyError(f"an equation 'name = …' is expected: {shortened(line.text)!r}")
        if right.startswith("="):
            raise FamilyError("write a single '=', as in y = w*x")
        body, ranges = trailing_ranges(right)
        if not body.strip():
            raise FamilyError(f"nothing stands behind '=': {shortened(line.text)!r}")
        element = self.left(left.strip(), ranges)
        elements = [element]
        template = read_template(self.reader, body, ranges, elements)
        for name, bracket in _NAMES.findall(body):
            if bracket:
                self.called.setdefault(name, line.number)
            else:
                self.bare.add(name)
        self.guard(count(ranges), count_members(template))
        for found in elements:
            found.check()
        self.stated += families(element, template, line.number)
        for found in elements:
            if len(set(found.letters)) == len(found.indices) > 0:
                self.letters.setdefault((found.stem, len(found.indices)), found.letters)
            note_runs(self.runs, found)

    def left(self, text: str, ranges: Runs) -> Element:
        """The quantity or family that a line defines."""
        from derive.grammar.free_names import reserved

        found = _LEFT.fullmatch(text)
        if found is None:
            raise FamilyError(
                "a name is expected left of '=', of letters, digits and '_' like net, h_0 or"
                f" net[j]: {shortened(text)!r}"
            )
        why = reserved(found[1], indexed=found[2] is not None)
        if why:
            raise FamilyError(f"{why}; take another name")
        if found[2] is None:
            element = Element(canonical(found[1]), (), text, ranges)
        else:
            element = Element.read(found[1], found[2], ranges)
        for letter in ranges:
            if all(letters.count(letter) != 1 for letters, _ in element.indices):
                raise FamilyError(
                    f"the index {letter} has a range, but does not stand left of '=';"
                    f" write {found[1]}[{letter}] = …"
                )
        return element

    def guard(self, equations: int, size: int) -> None:
        """Stop before more is written out than anyone could read."""
        self.count += equations
        if self.count > MOST_EQUATIONS:
            raise FamilyError(f"{self.count:,} equations; at most {MOST_EQUATIONS:,}")
        self.terms += equations * size
        if self.terms > MOST_TERMS:
            raise FamilyError(
                f"written out, the equations have {self.terms:,} terms; at most {MOST_TERMS:,}"
            )

    def defined(self) -> dict[str, int]:
        """The names that are defined, in the order of the file, and the line where each is."""
        found: dict[str, int] = {}
        for family in self.stated:
            for indices in family:
                name = joined_name(family.key, indices)
                if name in found:
                    raise self.source.fail(
                        family.line,
                        f"{shown(name)} is defined twice; first in line {found[name]}",
                    )
                found[name] = family.line
        return found

    def used(self) -> dict[str, int]:
        """The names that stand in right sides, and the line where each does so first."""
        used: dict[str, int] = {}
        met: set[object] = set()
        for family in self.stated:
            # What stands in the first of its equations stands there first.
            first = {letter: run[:1] for letter, run in family.runs.items()}
            for member, ranges in chain.from_iterable(
                members(family.stated, own) for own in (first, family.runs)
            ):
                runs = taken(member, ranges)
                box = member.stem, None if runs is None else tuple(map(tuple, runs))
                if runs is None or box not in met:
                    met.add(box)
                    for indices in places(member, ranges):
                        used.setdefault(joined_name(member.stem, indices), family.line)
        return used

    def ordered(self, families: Sequence[Family]) -> list[Step]:
        """The steps in which families can be computed: no definition may lead to itself."""
        try:
            return ordered(families)
        except CircleError as error:
            written = [shown(joined_name(family.key, at)) for family, at in error.circle]
            if len(written) > 8:
                written = [*written[:4], "…", *written[-3:]]
            raise self.source.fail(
                min(family.line for family, _ in error.circle),
                f"the definitions go round in a circle: {' ← '.join(written)}",
            ) from None

    # What the names mean.

    def check_calls(self, defined: Mapping[str, int]) -> None:
        """A name with a bracket right behind it is a function, or a factor known elsewhere."""
        from derive.grammar.free_names import functions, is_function

        for name, line in self.called.items():
            plain = canonical(name)
            known = plain in defined or name in self.bare or self.is_weight(plain)
            if known or is_function(name) or name in ("sum", "sqrt"):
                continue
            names = functions()
            raise self.source.fail(
                line,
                f"there is no function {name}{did_you_mean(name, names)}; known are"
                f" {', '.join(names)} and sqrt, and a product is written {name}*(…)",
            )

    def conditions(self, inputs: Sequence[str]) -> list[tuple[Line, Condition]]:
        """What the lines ``condition: …`` say about the inputs."""
        from derive.grammar.free import FreeUnreadable

        found: list[tuple[Line, Condition]] = []
        for line in self.directives.conditions:
            try:
                stated = read_conditions(self.reader, line.text, inputs)
            except FamilyError as error:
                raise self.source.fail(line.number, str(error)) from None
            except FreeUnreadable as error:
                raise self.source.fail(line.number, f"condition: {error}") from None
            for condition in stated:
                if condition.name in [c.name for _, c in found]:
                    raise self.source.fail(
                        line.number, f"condition: {shown(condition.name)} has a condition already"
                    )
                found.append((line, condition))
        return found

    def check_numbers(
        self, conditions: Sequence[tuple[Line, Condition]], numbers: Mapping[str, float] | None
    ) -> None:
        """The numbers of the file satisfy its conditions."""
        for line, condition in conditions:
            if numbers is None:
                continue
            value = value_of(condition, numbers)
            if abs(value - numbers[condition.name]) > CLOSE * (1 + abs(value)):
                raise self.source.fail(
                    line.number,
                    f"condition: the numbers do not satisfy it; {shown(condition.name)} would"
                    f" have to be {value:.9g}",
                )

    def ends(self, unused: Sequence[str], defined: Mapping[str, int]) -> Sequence[str]:
        """What no other uses: the error alone where a line says which it is."""
        named = self.directives.items("error")
        if named is None:
            return unused
        found = [name for name in unused if any(item.covers(name) for item in named)]
        if len(found) != 1:
            raise self.source.fail(
                self.directives.said["error"].number,
                "error: the name of one quantity is expected that is defined, and used by no other"
                + did_you_mean(named[0].text, defined),
            )
        return found

    def check_ends(self, unused: Sequence[str], defined: Mapping[str, int]) -> None:
        """Exactly one quantity is used by no other: the error, the last of them."""
        if len(unused) > 1:
            last = [*defined][-1]
            idle = unused[0] if unused[-1] == last else unused[-1]
            error = last if unused[-1] == last else unused[0]
            raise self.source.fail(
                defined[idle],
                f"{shown(idle)} is never used; only the error, {shown(error)}, may be the end",
            )

    def is_weight(self, name: str) -> bool:
        """Whether a quantity of this name, if not defined, is a weight."""
        items = self.directives.items("weights")
        if items is None:
            return DEFAULT_WEIGHTS.match(name) is not None
        return any(item.covers(name) for item in items)

    def weights(self, free: Sequence[str], defined: Mapping[str, int]) -> tuple[str, ...]:
        """The quantities to differentiate by."""
        self.check_items("weights", free, defined)
        weights = tuple(name for name in free if self.is_weight(name))
        if not weights:
            shown_free = ", ".join(map(shown, free[:8]))
            raise InputError(
                f"{self.source.name}: none of {shown_free} is a weight; say which are, in a line"
                f" like 'weights: {shown(free[0])}'"
                if free
                else f"{self.source.name}: no weight stands in these equations; what is given"
                " and begins with w, u, v, b or theta is one"
            )
        return weights

    def check_inputs(
        self, inputs: Sequence[str], used: Mapping[str, int], defined: Mapping[str, int]
    ) -> None:
        """Where a file says what is given, nothing else may be."""
        items = self.directives.items("inputs")
        if items is None:
            return
        self.check_items("inputs", inputs, defined)
        for name in inputs:
            if not any(item.covers(name) for item in items):
                stem = [item.text for item in items if item.ranges and item.stem == free_stem(name)]
                why = f"out of the range {stem[0]} of" if stem else "neither defined nor among"
                raise self.source.fail(
                    used[name],
                    f"{shown(name)} is {why} the inputs in line"
                    f" {self.directives.said['inputs'].number}"
                    f"{did_you_mean(name, [*inputs, *defined]) if not stem else ''}",
                )

    def check_items(self, key: str, found: Sequence[str], defined: Mapping[str, int]) -> None:
        """What a line of weights or inputs names has to occur, and to be given."""
        for item in self.directives.items(key) or ():
            if any(item.covers(name) for name in found):
                continue
            where = self.directives.said[key].number
            stated = next((line for name, line in defined.items() if item.covers(name)), None)
            if stated is not None:
                raise self.source.fail(
                    where,
                    f"{key}: {item.text} is defined in line {stated}; what is defined is not given",
                )
            raise self.source.fail(
                where, f"{key}: {item.text} is never used{did_you_mean(item.stem, found)}"
            )

    def check_ranges(
        self, free: Sequence[str], used: Mapping[str, int], defined: Mapping[str, int]
    ) -> None:
        """A member of a family that equations define for other indices only.

        One before the first of them is an initial value, like h[0]; any other is out of range,
        unless a line ``inputs:`` lists it.
        """
        if self.directives.items("inputs") is not None:
            return
        families = by_family(defined)
        for name in free:
            stem, here = split_name(name)
            there = families.get((stem, len(here)))
            if not here or there is None:
                continue
            if any(h < min(t) for h, t in zip(here, zip(*there, strict=True), strict=True)):
                continue
            first, last = min(there), max(there)
            raise self.source.fail(
                used[name],
                f"{shown(name)} is out of range: {stem} is defined from"
                f" {_shown_as(stem, first)} to {_shown_as(stem, last)}; if it is given, list the"
                " inputs in a line 'inputs: …'",
            )


def _shown_as(stem: str, indices: tuple[int, ...]) -> str:
    return f"{stem}[{','.join(map(str, indices))}]"
