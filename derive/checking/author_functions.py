"""Functions that authors introduce for what the network computes: h_t = f(x_t, h_{t−1}, w).

What f is made of has to determine the quantity, and nothing else may. A letter among it that the
network does not have, w or θ, stands for all parameters in the definition; what is said of it is
judged for each of them. In ∂f(x, h)/∂x the other arguments are held fixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from derive.calculus.entries import flat
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.checking.adjoints import differentiated
from derive.checking.member_keys import index_of
from derive.formula import (
    Array,
    Dot,
    Formula,
    Gradient,
    Held,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Partial,
    Product,
    Sum,
    SumOver,
    Transposed,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.formula.letters import reindexed
from derive.grammar.tokens import Unreadable
from derive.grammar.written import Applied, Unknown
from derive.model import PARAMETERS

Sides = tuple[Formula, ...]
MOST_INSTANCES = 30
"""Instances of a definition that are looked at."""
MOST_PARAMETERS = 40
"""Parameters for each of which an equation is judged."""
MOST_QUANTITIES = 5_000
"""Quantities of a network whose parameters are looked through for those of one letter."""
_QUANTITIES = (Name, Member, Array, Neuron, Layer)
_PARAMETER = re.compile(r"\\?[wWuUvVbBθΘ]|\\(?:theta|Theta)")
_TURNED = re.compile(r"\^(?:\\top|\\intercal|T)\Z")
_LAYOUT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|textbf|mathrm|text|mathcal|mathscr)(?![A-Za-z])|[\s{}]"
)


@dataclass(frozen=True)
class Function:
    """What a function of the author's makes, and of what."""

    subject: Formula
    arguments: tuple[Formula, ...]


class Instead(NamedTuple):
    """What a letter stands for in one of the readings of a statement.

    A letter that was given for several parameters has to be right of every one of them; that of
    others may mean any. What is `linear` in derivatives by it is right of all of them together only
    if it is right of each.
    """

    letter: str
    meant: str
    every: bool
    all: tuple[str, ...]
    linear: bool = False


@dataclass
class AuthorFunctions:
    """The functions that a document has introduced so far, over one model."""

    indices: Indices
    known: dict[str, Function] = field(default_factory=dict)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    """What a letter stands for that is no quantity: all parameters of a definition."""

    def read(self, sides: Sides) -> Iterator[tuple[Sides, Instead | None]]:
        """The sides with quantities for these functions, once for all that a letter stands for.

        With each goes what that is. Raises :class:`Unreadable` for a function of which nobody knows
        what it makes.
        """
        applied = [one for side in sides for one in walk(side) if isinstance(one, Applied)]
        errors = self._as_error(sides, applied) if applied else {}
        if errors:
            total = self.indices.model.total
            said = Instead(_key(applied[0].function), total, every=False, all=(total,))
            yield tuple(transform(side, errors.get) for side in sides), said
            return
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
        unknown = {n for side in sides for n in walk(side) if isinstance(n, Unknown)}
        letters = {letter for one in unknown if (letter := self._letter(one))}
        if (
            self._is_definition(sides)
            or self._steps(sides)
            or len(letters) != 1
            or (len(sides) == 1 and not letters & self.parameters.keys())
        ):
            yield sides, None
            return
        (letter,) = letters
        linear = all(self._is_linear(side, letter) for side in sides)
        for meant in self._meanings(letter):

            def rule(node: Formula, meant: Formula = meant) -> Formula | None:
                return self._put(node, meant) if isinstance(node, Unknown) else None

            every = letter in self.parameters
            all_ = tuple(map(_shown, self._meanings(letter)))
            said = Instead(letter, _shown(meant), every, all_, linear)
            yield tuple(transform(side, rule) for side in sides), said

    def _steps(self, sides: Sides) -> bool:
        """Whether θ = … is a step, which is judged for any parameter."""
        first = sides[0]
        every = isinstance(first, Unknown) and _key(first.text) in _EVERY
        return every and not self.parameters

    def _is_definition(self, sides: Sides) -> bool:
        """Whether W = … gives the letter a meaning of the author's own."""
        first = sides[0]
        if len(sides) != 2 or not isinstance(first, Unknown) or _key(first.text) in self.parameters:
            return False
        inside = any(isinstance(n, Unknown) and n.text == first.text for n in walk(sides[1]))
        return not inside and differentiated(first.stem, self._gradient) is None

    def _as_error(self, sides: Sides, applied: Sequence[Applied]) -> dict[Formula, Formula]:
        """What the author's letter for the error means: H(y, p) = …, or L(y, t) = Σ_n L(y_n, t_n).

        Of what it is made has to determine the error, and that of one step. Nothing where it may be
        another function.
        """
        first = sides[0]
        names = {_key(one.function) for one in applied}
        alone = isinstance(first, Applied) and len(sides) > 1
        if not alone or len(names) > 1 or names & self.known.keys():
            return {}
        model, found = self.indices.model, dict[Formula, Formula]()
        for one in dict.fromkeys(applied):
            letters = [*self.indices.ranges(*one.of)]
            subjects: list[Formula] = [Name(model.total)]
            if len(letters) == 1:
                stems = {model.quantities[name].family for name in model.errors}
                subjects = [Member(stem, (((letters[0],), 0),)) for stem in sorted(stems)]
            fitting = [of for of in subjects if self._makes(one, of)]
            if len(fitting) == 1:
                found[one] = fitting[0]
        return found if first in found and len(found) == len(set(applied)) else {}

    def _makes(self, one: Applied, subject: Formula) -> bool:
        """Whether a quantity is made of these arguments and of nothing else."""
        instances = [*islice(self._instances(subject, one.of), MOST_INSTANCES)]
        try:
            return bool(instances) and not any(self._left_open(*i, one) for i in instances)
        except Unreadable:
            return False

    # Letters that stand for parameters.

    def _letter(self, one: Unknown) -> str:
        """The letter in a name that stands for parameters: w, W^⊤, or dW for a derivative."""
        key = _TURNED.sub("", _key(one.text))
        if key in self.parameters:
            return key
        slope = differentiated(one.stem, self._gradient)
        letter = slope if slope is not None else key
        return letter if self._meanings(letter) else ""

    def _is_linear(self, formula: Formula, letter: str) -> bool:
        """Whether each term of a formula has one derivative by a letter, and no letter besides."""
        if isinstance(formula, Partial | Gradient) and isinstance(formula.by, Unknown):
            return self._letter(formula.by) == letter and not self._has(formula.of, letter)
        parts = [part for part in formula.parts() if self._has(part, letter)]
        alone = len(parts) == (len(formula.parts()) if isinstance(formula, Sum) else 1)
        added = isinstance(formula, Sum | SumOver | Negative | Product | Dot | Transposed)
        added = added and not getattr(formula, "multiplies", False)
        return added and alone and all(self._is_linear(part, letter) for part in parts)

    def _has(self, formula: Formula, letter: str) -> bool:
        return any(isinstance(n, Unknown) and self._letter(n) == letter for n in walk(formula))

    def _put(self, node: Unknown, meant: Formula) -> Formula | None:
        """What an unknown name means, if its letter has this meaning."""
        if not self._letter(node):
            return None
        if _TURNED.search(_key(node.text)):
            return Transposed(meant)
        total = Name(self.indices.model.total)
        slope = differentiated(node.stem, self._gradient)
        return meant if slope is None else Partial(total, meant)

    @property
    def _gradient(self) -> str:
        return self.indices.model.network.naming.table.gradient

    def _meanings(self, letter: str) -> Sequence[Formula]:
        """The parameters for which a letter stands: those it was given for, or all W_… for a W.

        A W_x stands for W_{xi}, W_{xf} and all others of several gates that have its index.
        """
        if letter in self.parameters:
            return [Name(name) for name in self.parameters[letter]]
        stem, _, index = letter.partition("_")
        if not index:
            return self._families.get(stem, ())
        either = [f for s in {stem, stem.swapcase()} for f in self._families.get(s, ())]
        pairs = [(of, own) for of in either if len(own := _shown(of).partition("_")[2]) == 2]
        found = [[of for of, own in pairs if own[place] == index] for place in (0, 1)]
        (several,) = [of for of in found if of] if any(found) != all(found) else [[]]
        return several if len(several) > 1 else ()

    @cached_property
    def _families(self) -> dict[str, list[Formula]]:
        """The parameters of networks of equations by the letter before their index: W_1 and W_2.

        All of them are θ, if nothing is called so.
        """
        model, found = self.indices.model, dict[str, dict[Formula, None]]()
        if model.has_neurons or len(model.quantities) > MOST_QUANTITIES:
            return {}
        arrays = self.indices.arrays.entries
        for name, rows in arrays.items():
            first, (whole, _, number) = rows[0][0], name.rpartition("_")
            is_part = whole in arrays and number.isdigit()
            if isinstance(first, Name) and first.name in model.parameters and not is_part:
                found.setdefault(name.partition("_")[0], {})[Array(Name(name))] = None
        for quantity in model.having(*PARAMETERS):
            if not quantity.indices:
                found.setdefault(quantity.name.partition("_")[0], {})[Name(quantity.name)] = None
        letters = {letter: [*of] for letter, of in found.items() if len(letter) == 1}
        every = [*dict.fromkeys(one for of in found.values() for one in of)]
        return letters if "theta" in found else {**dict.fromkeys(_EVERY, every), **letters}

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


def _shown(formula: Formula) -> str:
    of = formula.of if isinstance(formula, Array) else formula
    return of.name if isinstance(of, Name) else ""


_EVERY = ("θ", r"\theta")
"""What all parameters are called together."""


def _key(text: str) -> str:
    return _LAYOUT.sub("", text)


def _error(one: Applied, message: str) -> Unreadable:
    return Unreadable(message, one.place, one.place + len(one.function))
