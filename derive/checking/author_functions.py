"""Functions that authors introduce for what the network computes: h_t = f(x_t, h_{t−1}, w).

What f is made of has to determine the quantity, and nothing else may. A letter among it that the
network does not have, w or θ, stands for all parameters in the definition; what is said of it is
judged for each of them. In ∂f(x, h)/∂x the other arguments are held fixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from derive.calculus.entries import flat
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.calculus.reindexing import reindexed
from derive.checking.families import index_of
from derive.formula import (
    Array,
    Formula,
    Held,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.grammar.tokens import Unreadable
from derive.grammar.written import Applied, Unknown
from derive.suggest import listed

Sides = tuple[Formula, ...]
MOST_INSTANCES = 30
"""Instances of a definition that are looked at."""
MOST_PARAMETERS = 40
"""Parameters for each of which an equation is judged."""
_QUANTITIES = (Name, Member, Array, Neuron, Layer)
_PARAMETER = re.compile(r"\\?[wWuUvVbBθΘ]|\\(?:theta|Theta)")
_LAYOUT = re.compile(r"\\(?:mathbf|boldsymbol|bm|textbf|mathrm|text)(?![A-Za-z])|[\s{}]")


@dataclass(frozen=True)
class Function:
    """What a function of the author's makes, and of what."""

    subject: Formula
    arguments: tuple[Formula, ...]


@dataclass
class AuthorFunctions:
    """The functions that a document has introduced so far, over one model."""

    indices: Indices
    known: dict[str, Function] = field(default_factory=dict)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    """What a letter stands for that is no quantity: all parameters of a definition."""

    def read(self, sides: Sides) -> Iterator[tuple[Sides, str]]:
        """The sides with quantities for these functions, once for each parameter they speak of.

        With each goes what is to be said of it. Raises :class:`Unreadable` for a function of which
        nobody knows what it makes.
        """
        applied = [one for side in sides for one in walk(side) if isinstance(one, Applied)]
        subject = next((side for side in sides if isinstance(side, _QUANTITIES)), None)
        for one in dict.fromkeys(applied):
            name = _key(one.function)
            if name in self.known:
                continue
            if one not in sides or subject is None:
                raise _error(one, f"what is {one.function}? write first what it makes: h = f(x, w)")
            self._introduce(name, one, subject)
        if applied:
            sides = tuple(transform(side, self._resolved) for side in sides)
        yield from self._for_each_parameter(sides)

    def _for_each_parameter(self, sides: Sides) -> Iterator[tuple[Sides, str]]:
        """The sides with each parameter for a letter that stands for all of them."""
        letters = dict.fromkeys(
            _key(node.text)
            for side in sides
            for node in walk(side)
            if isinstance(node, Unknown) and _key(node.text) in self.parameters
        )
        letter = next(iter(letters), None)
        if letter is None or len(letters) > 1:
            yield sides, ""
            return
        for name in self.parameters[letter]:

            def rule(node: Formula, name: str = name) -> Formula | None:
                meant = isinstance(node, Unknown) and _key(node.text) == letter
                return Name(name) if meant else None

            said = f"{letter} is any of {listed(self.parameters[letter], 'or')}"
            yield tuple(transform(side, rule) for side in sides), said

    # What a function is.

    def _introduce(self, name: str, one: Applied, subject: Formula) -> None:
        """Keep what a function makes, if what it is made of determines it."""
        letters = [a for a in one.of if isinstance(a, Unknown)]
        strange = next((a for a in letters if not _PARAMETER.match(_key(a.text))), None)
        if strange is not None or len(letters) > 1:
            shown = (strange or letters[-1]).text
            raise _error(one, f"{shown} is not in the network {self.indices.model.network.name}")
        given = [a for a in one.of if not isinstance(a, Unknown)]
        instances = [*islice(self._instances(subject, given), MOST_INSTANCES)]
        found = {n for of, held in instances for n in self._left_open(of, held, one)}
        parameters = self.indices.model.parameters
        stated = any(n in parameters for _, held in instances for names in held for n in names)
        if not instances:
            raise _error(one, "there is nothing in the network for which all of its names exist")
        others = {name for name in found if name not in parameters}
        if others or (stated and found and not letters):
            open_ = min(others or found)
            raise _error(one, f"it also depends on {open_}, which is not among these arguments")
        if letters:
            key = _key(letters[0].text)
            names = sorted(found)
            if not 0 < len(names) <= MOST_PARAMETERS or self.parameters.get(key, names) != names:
                raise _error(one, f"which parameters are {letters[0].text}?")
            self.parameters[key] = names
        self.known[name] = Function(subject, one.of)

    def _instances(
        self, subject: Formula, arguments: Sequence[Formula]
    ) -> Iterator[tuple[list[str], list[list[str]]]]:
        """The names of what is made and of its arguments, for all numbers of their letters."""
        letters = self.indices.ranges(subject, *arguments)
        for chosen in self.indices.choices(letters):
            try:
                names = [self._names(one, chosen) for one in (subject, *arguments)]
            except (KeyError, ValueError):
                continue
            if all(n in self.indices.model.definitions for n in names[0]):
                yield names[0], names[1:]

    def _names(self, formula: Formula, chosen: Mapping[str, int]) -> list[str]:
        entries = Matrices(self.indices).entries(self.indices.instance(formula, chosen))
        return [entry.name for entry in flat(entries) if isinstance(entry, Name)]

    def _left_open(self, of: list[str], arguments: list[list[str]], one: Applied) -> set[str]:
        """What is given that a quantity is made of besides its arguments."""
        model, held = self.indices.model, {name for names in arguments for name in names}
        todo, seen, used, found = list(of), set(of), set[str](), set[str]()
        while todo:
            for name in model.inputs_of.get(todo.pop(), ()):
                if name in held:
                    used.add(name)
                elif name not in seen:
                    seen.add(name)
                    (todo.append if name in model.definitions else found.add)(name)
        idle = next((n for n, names in enumerate(arguments) if not used & set(names)), None)
        if idle is not None or held & set(of):
            raise _error(one, "what stands on the other side does not depend on all of these")
        return found

    # What stands for it.

    def _resolved(self, node: Formula) -> Formula | None:
        if isinstance(node, Partial) and isinstance(node.of, Applied):
            made, arguments = self._made(node.of)
            given = tuple(a for a in arguments if not isinstance(a, Unknown))
            written = [*map(_bare, node.of.of)]
            if _bare(node.by) not in written:
                raise _error(node.of, "what stands below ∂ is not among these arguments")
            return Partial(Held(made, given), arguments[written.index(_bare(node.by))])
        return self._made(node)[0] if isinstance(node, Applied) else None

    def _made(self, one: Applied) -> tuple[Formula, Sequence[Formula]]:
        """What a function makes of these arguments, and the arguments."""
        function = self.known[_key(one.function)]
        new: dict[str, Index] = {}
        given = [_alike(*pair) for pair in zip(function.arguments, one.of, strict=False)]
        for before, now in zip(function.arguments, given, strict=False):
            pairs = zip(_indices(before), _indices(now), strict=False)
            for (letters, offset), (other, number) in pairs:
                if len(letters) == 1:
                    new.setdefault(letters[0], (other, number - offset))
        try:
            expected = [reindexed(argument, new) for argument in function.arguments]
            made = reindexed(function.subject, new)
        except ValueError:
            expected, made = [], function.subject
        if list(map(_bare, expected)) != list(map(_bare, given)) or len(given) < len(one.of):
            raise _error(one, f"{one.function} was introduced with other arguments")
        return made, given


def _alike(before: Formula, now: Formula) -> Formula:
    """An argument x_j that is no name by itself as what stood there was: the x_t of f(x_t, w)."""
    of = before.of if isinstance(before, Array) else before
    if not isinstance(now, Unknown) or not isinstance(of, Member) or len(of.indices) > 1:
        return now
    stem, _, sub = _key(now.text).partition("_")
    index = index_of(sub) if stem == of.stem else None
    if index is None:
        return now
    member = Member(of.stem, (index,))
    return Array(member) if isinstance(before, Array) else member


def _indices(formula: Formula) -> Sequence[Index]:
    of = formula.of if isinstance(formula, Array) else formula
    return of.indices if isinstance(of, Member) else ()


def _bare(formula: Formula) -> object:
    return _key(formula.text) if isinstance(formula, Unknown) else formula


def _key(text: str) -> str:
    return _LAYOUT.sub("", text)


def _error(one: Applied, message: str) -> Unreadable:
    return Unreadable(message, one.place, one.place + len(one.function))
