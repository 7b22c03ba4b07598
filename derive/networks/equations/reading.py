"""From the lines of an equation file to definitions in order, and what is said of a bad file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from derive.errors import InputError
from derive.formula import names_in
from derive.networks.equations.conditions import CLOSE, Condition, read_condition, value_of
from derive.networks.equations.directives import DEFAULT_WEIGHTS, Directives
from derive.networks.equations.indexing import (
    MOST_TERMS,
    Element,
    FamilyError,
    Range,
    canonical,
    count,
    note_runs,
    read_template,
    shown,
    together,
    trailing_ranges,
    values_of,
)
from derive.networks.equations.lines import Line, Source, lines, shortened
from derive.networks.equations.stated import Stated
from derive.notations.free import free_stem, split_name
from derive.suggest import did_you_mean

MOST_EQUATIONS = 5_000

_LEFT = re.compile(r"([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)\s*(?:\[([^\[\]]*)\])?")
_NAMES = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9_]*)(\(?)")


@dataclass(frozen=True)
class Read:
    """What a file states, its equations in an order in which each uses only earlier ones."""

    equations: tuple[Stated, ...]
    weights: tuple[str, ...]
    inputs: tuple[str, ...]
    numbers: Mapping[str, float] | None
    directives: Directives
    letters: Mapping[tuple[str, int], tuple[str, ...]]
    runs: Mapping[tuple[str, int], Mapping[str, frozenset[int]]]
    conditions: tuple[Condition, ...]


class Reading:
    """One file being read."""

    def __init__(self, source: Source) -> None:
        from derive.grammar.free import FreeReader

        self.source = source
        self.reader = FreeReader()
        self.directives = Directives(source)
        self.stated: list[Stated] = []
        self.terms = 0
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
        ordered = self.ordered(defined)
        free = together(name for name in used if name not in defined)
        weights = self.weights(free, defined)
        inputs = tuple(name for name in free if name not in weights)
        self.check_inputs(inputs, used, defined)
        self.check_ranges(free, used, defined)
        self.check_ends(used)
        conditions = self.conditions(inputs)
        numbers = self.directives.numbers([*inputs, *weights])
        self.check_numbers(conditions, numbers)
        return Read(
            tuple(ordered),
            weights,
            inputs,
            numbers,
            self.directives,
            self.letters,
            self.runs,
            conditions,
        )

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
        template = read_template(self.reader, body, [r.letter for r in ranges])
        for name, bracket in _NAMES.findall(body):
            if bracket:
                self.called.setdefault(name, line.number)
            else:
                self.bare.add(name)
        self.guard(count(ranges), template.size)
        for chosen in values_of(ranges):
            self.stated.append(Stated(element.at(chosen), template.at(chosen), line.number))
        for found, within in ((element, ranges), *template.elements(ranges)):
            if len(set(found.letters)) == len(found.indices) > 0:
                self.letters.setdefault((found.stem, len(found.indices)), found.letters)
            note_runs(self.runs, found, within)

    def left(self, text: str, ranges: Sequence[Range]) -> Element:
        """The quantity or family that a line defines."""
        from derive.grammar.free_names import reserved

        found = _LEFT.fullmatch(text)
        if found is None:
            raise FamilyError(
                "a name is expected left of '=', of letters, digits and '_' like net, h_0 or"
                f" net[j]: {shortened(text)!r}"
            )
        why = reserved(found[1])
        if why:
            raise FamilyError(f"{why}; take another name")
        letters = [r.letter for r in ranges]
        if found[2] is None:
            element = Element(canonical(found[1]), (), text)
        else:
            element = Element.read(found[1], found[2], letters)
        for letter in letters:
            if all((letter, 1) not in index.letters for index in element.indices):
                raise FamilyError(
                    f"the index {letter} has a range, but does not stand left of '=';"
                    f" write {found[1]}[{letter}] = …"
                )
        return element

    def guard(self, equations: int, size: int) -> None:
        """Stop before more is written out than anyone could read."""
        if len(self.stated) + equations > MOST_EQUATIONS:
            raise FamilyError(
                f"{len(self.stated) + equations:,} equations; at most {MOST_EQUATIONS:,}"
            )
        self.terms += equations * size
        if self.terms > MOST_TERMS:
            raise FamilyError(
                f"written out, the equations have {self.terms:,} terms; at most {MOST_TERMS:,}"
            )

    def defined(self) -> dict[str, Stated]:
        """The equations by the names that they define."""
        found: dict[str, Stated] = {}
        for stated in self.stated:
            first = found.setdefault(stated.name, stated)
            if first is not stated:
                raise self.source.fail(
                    stated.line,
                    f"{shown(stated.name)} is defined twice; first in line {first.line}",
                )
        return found

    def used(self) -> dict[str, int]:
        """The names that stand in right sides, and the line where each does so first."""
        used: dict[str, int] = {}
        for stated in self.stated:
            for name in names_in(stated.formula):
                used.setdefault(name, stated.line)
        return used

    def ordered(self, defined: Mapping[str, Stated]) -> list[Stated]:
        """The equations so that each uses only what stands before it, else as in the file."""
        waiting = {
            stated.name: {name for name in names_in(stated.formula) if name in defined}
            for stated in defined.values()
        }
        users: dict[str, list[str]] = {}
        for name, needs in waiting.items():
            for need in needs:
                users.setdefault(need, []).append(name)
        place = {name: place for place, name in enumerate(defined)}
        ready = [place[name] for name, needs in waiting.items() if not needs]
        names = list(defined)
        order: list[Stated] = []
        while ready:
            name = names[heappop(ready)]
            order.append(defined[name])
            for user in users.get(name, ()):
                waiting[user].discard(name)
                if not waiting[user]:
                    heappush(ready, place[user])
        if len(order) < len(defined):
            cycle = _cycle(waiting)
            line = min(defined[name].line for name in cycle)
            written = [shown(name) for name in cycle]
            if len(written) > 8:
                written = [*written[:4], "…", *written[-3:]]
            raise self.source.fail(
                line, f"the definitions go round in a circle: {' ← '.join(written)}"
            )
        return order

    # What the names mean.

    def check_calls(self, defined: Mapping[str, Stated]) -> None:
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

    def conditions(self, inputs: Sequence[str]) -> tuple[Condition, ...]:
        """What the lines ``condition: …`` say about the inputs."""
        from derive.grammar.free import FreeUnreadable

        found: list[Condition] = []
        for line in self.directives.conditions:
            try:
                found.append(read_condition(self.reader, line.text, inputs))
            except FamilyError as error:
                raise self.source.fail(line.number, str(error)) from None
            except FreeUnreadable as error:
                raise self.source.fail(line.number, f"condition: {error}") from None
            if found[-1].name in [c.name for c in found[:-1]]:
                raise self.source.fail(
                    line.number, f"condition: {shown(found[-1].name)} has a condition already"
                )
        return tuple(found)

    def check_numbers(
        self, conditions: Sequence[Condition], numbers: Mapping[str, float] | None
    ) -> None:
        """The numbers of the file satisfy its conditions."""
        for line, condition in zip(self.directives.conditions, conditions, strict=True):
            if numbers is None:
                continue
            value = value_of(condition, numbers)
            if abs(value - numbers[condition.name]) > CLOSE * (1 + abs(value)):
                raise self.source.fail(
                    line.number,
                    f"condition: the numbers do not satisfy it; {shown(condition.name)} would"
                    f" have to be {value:.9g}",
                )

    def check_ends(self, used: Mapping[str, int]) -> None:
        """Exactly one quantity is used by no other: the error, the last of them."""
        unused = [stated for stated in self.stated if stated.name not in used]
        if len(unused) > 1:
            last = self.stated[-1]
            idle = unused[0] if unused[-1] is last else unused[-1]
            error = last if unused[-1] is last else unused[0]
            raise self.source.fail(
                idle.line,
                f"{shown(idle.name)} is never used; only the error, {shown(error.name)}, may be"
                " the end",
            )

    def is_weight(self, name: str) -> bool:
        """Whether a quantity of this name, if not defined, is a weight."""
        items = self.directives.items("weights")
        if items is None:
            return DEFAULT_WEIGHTS.match(name) is not None
        return any(item.covers(name) for item in items)

    def weights(self, free: Sequence[str], defined: Mapping[str, Stated]) -> tuple[str, ...]:
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
        self, inputs: Sequence[str], used: Mapping[str, int], defined: Mapping[str, Stated]
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

    def check_items(self, key: str, found: Sequence[str], defined: Mapping[str, Stated]) -> None:
        """What a line of weights or inputs names has to occur, and to be given."""
        for item in self.directives.items(key) or ():
            if any(item.covers(name) for name in found):
                continue
            where = self.directives.said[key].number
            stated = next((s for s in defined.values() if item.covers(s.name)), None)
            if stated is not None:
                raise self.source.fail(
                    where,
                    f"{key}: {item.text} is defined in line {stated.line}; what is defined is not"
                    " given",
                )
            raise self.source.fail(
                where, f"{key}: {item.text} is never used{did_you_mean(item.stem, found)}"
            )

    def check_ranges(
        self, free: Sequence[str], used: Mapping[str, int], defined: Mapping[str, Stated]
    ) -> None:
        """A member of a family that equations define for other indices only.

        One before the first of them is an initial value, like h[0]; any other is out of range,
        unless a line ``inputs:`` lists it.
        """
        if self.directives.items("inputs") is not None:
            return
        families: dict[tuple[str, int], list[tuple[int, ...]]] = {}
        for name in defined:
            stem, here = split_name(name)
            families.setdefault((stem, len(here)), []).append(here)
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


def _cycle(waiting: Mapping[str, set[str]]) -> list[str]:
    """One round of a circle of definitions."""
    name = next(name for name, needs in waiting.items() if needs)
    place: dict[str, int] = {}
    path: list[str] = []
    while name not in place:
        place[name] = len(path)
        path.append(name)
        name = min(waiting[name])
    return [*path[place[name] :], name]
