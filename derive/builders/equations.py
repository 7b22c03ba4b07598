"""Networks stated as equations: a text file of definitions → a model.

    # one LSTM unit, one step
    f = sig(w_f*x + u_f*h0 + b_f)
    c = f*c0 + i*g
    E = 1/2*(target - h)^2

A quantity that is not defined is an input, unless it is a weight: ``weights: w, u`` says which
names or families are; by default those that begin with w, u, v, b or theta. Families of
equations carry index letters: ``net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2``. The quantity that no
other uses is the error.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from pathlib import Path
from typing import ClassVar

from derive.errors import InputError
from derive.formula import Formula, Name, names_in
from derive.model import Model, Quantity, Role
from derive.notation.free import free_latex

DEFAULT_WEIGHTS = re.compile(r"w|u|v|b|theta", re.IGNORECASE)
MOST_EQUATIONS = 5_000
_DIRECTIVE = re.compile(r"(weights|title|about|numbers|rate)\s*:\s*(.*)")
_RANGE = re.compile(r"\s*([a-z])\s*=\s*(-?[0-9]+)\s*\.\.\s*(-?[0-9]+)\s*")
_FAMILY = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*\[([^\[\]]*)\]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Stated:
    """One equation of the file: the quantity, its definition, and the line it stands on."""

    name: str
    formula: Formula
    line: int


@dataclass(frozen=True)
class System:
    """A network stated as equations, in the order in which they are written.

    `weights` are the quantities to differentiate by; `numbers` values for all that is not defined.
    """

    name: str
    equations: tuple[Stated, ...]
    weights: tuple[str, ...]
    inputs: tuple[str, ...]
    title: str = ""
    description: str = ""
    learning_rate: float = 0.5
    numbers: Mapping[str, float] | None = None

    # What a layered network has, and equations have not.
    layers: ClassVar[tuple[int, ...]] = ()
    activations: ClassVar[tuple[str, ...]] = ()
    bias: ClassVar[str] = "none"
    notation: ClassVar[str] = "letters"
    reduction: ClassVar[str] = "sum"
    names: ClassVar[tuple[tuple[str, str], ...]] = ()
    update_biases: ClassVar[bool] = True
    is_plain: ClassVar[bool] = False

    @property
    def summary(self) -> str:
        """What it is, in a line."""
        count = len(self.equations)
        return f"{self.spec} ({count} equation{'s' if count != 1 else ''})"

    @property
    def spec(self) -> str:
        """What it is called in a heading."""
        return self.title or self.description or self.name

    def with_random_numbers(self, seed: int) -> System:
        """The same system with numbers drawn from `seed` for its inputs and weights."""
        draw = random.Random(seed)
        given = dict(self.numbers or {})
        for name in (*self.inputs, *self.weights):
            low = 0.05 if name in self.inputs else -1.0
            given.setdefault(name, round(draw.uniform(low, 1.0), 2) or 0.01)
        return replace(self, numbers=given)

    @classmethod
    def from_file(cls, path: Path) -> System:
        """The system that the file at `path` states. Raises :class:`InputError` with the line."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: not a text file: {error}") from error
        return cls.from_text(text, path.stem, str(path))

    @classmethod
    def from_text(cls, text: str, name: str = "equations", source: str = "") -> System:
        """The system that a text states; `source` names it in messages."""
        return _Reading(text, name, source or name).system()


class _Reading:
    """One file being read."""

    def __init__(self, text: str, name: str, source: str) -> None:
        self.text, self.name, self.source = text, name, source
        self.said: dict[str, str] = {}
        self.comments: list[str] = []
        self.equations: list[tuple[int, str, str]] = []

    def fail(self, line: int, message: str) -> InputError:
        """An error at a line of the file."""
        return InputError(f"{self.source}:{line}: {message}")

    def system(self) -> System:
        """The whole file."""
        for number, line in self._lines():
            self._line(number, line)
        if not self.equations:
            raise InputError(
                f"{self.source}: there is no equation in it; write for example y = w*x"
            )
        stated = self._stated()
        defined = {equation.name: equation for equation in stated}
        if len(defined) < len(stated):
            self._defined_twice(stated)
        used = [name for equation in stated for name in names_in(equation.formula)]
        free = list(dict.fromkeys(name for name in used if name not in defined))
        weights = [name for name in free if self._is_weight(name)]
        if not weights:
            raise InputError(
                f"{self.source}: none of {', '.join(free[:8])} is a weight; say which are, in a"
                f" line like 'weights: {free[0] if free else 'w'}'"
            )
        self._check_errors(stated, set(used))
        ordered = self._sorted(stated, defined)
        return System(
            self.name,
            tuple(ordered),
            tuple(weights),
            tuple(name for name in free if name not in weights),
            self.said.get("title", ""),
            self.said.get("about", self.comments[0] if self.comments else ""),
            self._rate(),
            self._numbers(free),
        )

    # Lines.

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers; one with an open bracket goes on in the next."""
        begun, start = "", 0
        for number, raw in enumerate(self.text.splitlines(), 1):
            comment = raw.partition("#")[2].strip()
            if comment and not self.equations and not begun:
                self.comments.append(comment)
            line = raw.partition("#")[0].strip()
            if not line:
                continue
            start = start or number
            begun = f"{begun} {line}".strip()
            if sum(begun.count(c) for c in "([") > sum(begun.count(c) for c in ")]"):
                continue
            yield start, begun
            begun, start = "", 0
        if begun:
            raise self.fail(start, "a bracket is never closed")

    def _line(self, number: int, line: str) -> None:
        directive = _DIRECTIVE.fullmatch(line)
        if directive:
            self.said[directive[1]] = directive[2]
            return
        left, sign, right = line.partition("=")
        if not sign or not right.strip():
            raise self.fail(number, f"an equation 'name = …' is expected: {line!r}")
        ranges, body = self._trailing_ranges(number, right)
        letters = [letter for letter, _, _ in ranges]
        for values in combinations(*(range(low, high + 1) for _, low, high in ranges)):
            chosen = dict(zip(letters, values, strict=True))
            if len(self.equations) >= MOST_EQUATIONS:
                raise self.fail(number, f"more than {MOST_EQUATIONS:,} equations")
            self.equations.append(
                (number, self._left(number, left, chosen), self._expanded(number, body, chosen))
            )

    def _trailing_ranges(self, number: int, right: str) -> tuple[list[tuple[str, int, int]], str]:
        """The ranges j=1..2 behind the last comma outside of brackets, and what is before them."""
        parts = _split(right)
        ranges: list[tuple[str, int, int]] = []
        while len(parts) > 1 and (found := _RANGE.fullmatch(parts[-1])):
            ranges.insert(0, (found[1], int(found[2]), int(found[3])))
            parts.pop()
        if len(parts) > 1:
            raise self.fail(
                number, f"a range like j=1..3 is expected behind the comma: {parts[-1]!r}"
            )
        return ranges, parts[0]

    def _left(self, number: int, left: str, chosen: Mapping[str, int]) -> str:
        text = self._indexed(number, left.strip(), chosen)
        if not _NAME.fullmatch(text):
            raise self.fail(number, f"a name is expected left of '=': {left.strip()!r}")
        return canonical(text)

    def _expanded(self, number: int, body: str, chosen: Mapping[str, int]) -> str:
        """The right side with index letters replaced and sums written out."""
        place = re.search(r"(?<![A-Za-z0-9_])sum\s*\(", body)
        if place is None:
            return self._indexed(number, body, chosen)
        end = _closing(body, place.end() - 1)
        if end is None:
            raise self.fail(number, "the bracket of sum( is never closed")
        parts = _split(body[place.end() : end])
        ranges: list[tuple[str, int, int]] = []
        while len(parts) > 1 and (found := _RANGE.fullmatch(parts[-1])):
            ranges.insert(0, (found[1], int(found[2]), int(found[3])))
            parts.pop()
        if len(parts) != 1 or not ranges:
            raise self.fail(number, "write a sum as sum(w[i]*x[i], i=1..3)")
        terms = []
        for values in combinations(*(range(low, high + 1) for _, low, high in ranges)):
            inner = {**chosen, **dict(zip((r[0] for r in ranges), values, strict=True))}
            terms.append(self._expanded(number, parts[0], inner))
            if len(terms) > MOST_EQUATIONS:
                raise self.fail(number, f"a sum of more than {MOST_EQUATIONS:,} terms")
        before = self._indexed(number, body[: place.start()], chosen)
        after = self._expanded(number, body[end + 1 :], chosen)
        written = " + ".join(terms) if terms else "0"
        return f"{before}({written}){after}"

    def _indexed(self, number: int, text: str, chosen: Mapping[str, int]) -> str:
        """``w[j,i+1]`` with the letters' numbers put in: ``w_1_3``."""

        def one(found: re.Match[str]) -> str:
            indices = [self._index(number, part, chosen) for part in found[2].split(",")]
            return "_".join([found[1], *map(str, indices)])

        return _FAMILY.sub(one, text)

    def _index(self, number: int, text: str, chosen: Mapping[str, int]) -> int:
        found = re.fullmatch(r"\s*(?:([a-z])|([0-9]+))\s*(?:([+-])\s*([0-9]+)\s*)?", text)
        if found is None:
            raise self.fail(number, f"an index like j, j+1 or 3 is expected: {text.strip()!r}")
        if found[1] and found[1] not in chosen:
            raise self.fail(number, f"the index {found[1]} has no range; add {found[1]}=1..3")
        value = chosen[found[1]] if found[1] else int(found[2])
        return value + int(found[4] or 0) * (-1 if found[3] == "-" else 1)

    # Equations.

    def _stated(self) -> list[Stated]:
        from derive.formulas.free import FreeReader, FreeUnreadable

        reader = FreeReader()
        stated = []
        for line, name, body in self.equations:
            try:
                stated.append(Stated(name, reader.formula(body), line))
            except FreeUnreadable as error:
                raise self.fail(line, f"{error}: {body.strip()}") from None
        return stated

    def _defined_twice(self, stated: Sequence[Stated]) -> None:
        seen: dict[str, int] = {}
        for equation in stated:
            if equation.name in seen:
                first = seen[equation.name]
                raise self.fail(
                    equation.line, f"{equation.name} is defined twice; first in line {first}"
                )
            seen[equation.name] = equation.line

    def _is_weight(self, name: str) -> bool:
        if "weights" not in self.said:
            return DEFAULT_WEIGHTS.match(name) is not None
        wanted = [canonical(part.strip()) for part in self.said["weights"].split(",")]
        return any(name == w or re.fullmatch(rf"{re.escape(w)}(_[0-9]+)+", name) for w in wanted)

    def _check_errors(self, stated: Sequence[Stated], used: set[str]) -> None:
        """Exactly one quantity is used by no other: the error, the last of them."""
        unused = [equation for equation in stated if equation.name not in used]
        if len(unused) > 1:
            idle = unused[0] if unused[-1] is stated[-1] else unused[-1]
            raise self.fail(
                idle.line,
                f"{idle.name} is never used; only the error, {stated[-1].name}, may be the end",
            )

    def _sorted(self, stated: Sequence[Stated], defined: Mapping[str, Stated]) -> list[Stated]:
        """The equations so that each uses only what stands before it."""
        waiting = {e.name: {n for n in names_in(e.formula) if n in defined} for e in stated}
        users: dict[str, list[str]] = {}
        for name, needs in waiting.items():
            for need in needs:
                users.setdefault(need, []).append(name)
        ready = [e.name for e in stated if not waiting[e.name]]
        order: list[Stated] = []
        while ready:
            name = ready.pop(0)
            order.append(defined[name])
            for user in users.get(name, ()):
                waiting[user].discard(name)
                if not waiting[user]:
                    ready.append(user)
        if len(order) < len(stated):
            left = [name for name, needs in waiting.items() if needs]
            cycle = _cycle(left, waiting)
            raise self.fail(
                defined[cycle[0]].line, f"the definitions go round in a circle: {' ← '.join(cycle)}"
            )
        return order

    def _rate(self) -> float:
        text = self.said.get("rate", "0.5")
        try:
            return float(text)
        except ValueError:
            raise InputError(f"{self.source}: rate: expected a number: {text!r}") from None

    def _numbers(self, free: Sequence[str]) -> dict[str, float] | None:
        if "numbers" not in self.said:
            return None
        found: dict[str, float] = {}
        for part in self.said["numbers"].split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            name = canonical(self._indexed(0, name, {}))
            if name not in free:
                raise InputError(
                    f"{self.source}: numbers: {name!r} is no input or weight of these equations"
                )
            try:
                found[name] = float(value)
            except ValueError:
                raise InputError(
                    f"{self.source}: numbers: expected 'name = number': {part.strip()!r}"
                ) from None
        return found


def canonical(name: str) -> str:
    """A name as the grammar reads it: ``h0`` is h with the index 0, ``h_0``."""
    return re.sub(r"^([A-Za-z]+)([0-9])", r"\1_\2", name)


def _cycle(names: Sequence[str], waiting: Mapping[str, set[str]]) -> list[str]:
    """One round of a circle of definitions."""
    path = [names[0]]
    while True:
        following = next(n for n in sorted(waiting[path[-1]]))
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)


def _split(text: str) -> list[str]:
    """The parts between commas outside of brackets."""
    parts, depth, begin = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place
    return None


def build_system(system: System) -> Model:
    """The model of a system of equations."""
    quantities: list[Quantity] = []

    def add(name: str, role: Role) -> None:
        quantities.append(Quantity(name, free_latex(name), role, 0, len(quantities) + 1))

    for name in system.inputs:
        add(name, Role.INPUT)
    for name in system.weights:
        add(name, Role.WEIGHT)
    last = len(system.equations) - 1
    for place, equation in enumerate(system.equations):
        add(equation.name, Role.TOTAL if place == last else Role.INTERMEDIATE)
    definitions = {equation.name: equation.formula for equation in system.equations}
    return Model(quantities, definitions, system)


__all__ = ["Name", "Stated", "System", "build_system"]
