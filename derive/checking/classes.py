r"""The right class as a number: f_{y_i}, \mathbb 1(y_i = k), where the network has a vector y.

Its y is 1 for the right class and 0 for the others then: f_y is Σ_k y_k f_k, and 1(y = k) is y_k.
What is said so is judged for one class after the other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product as choices_of
from random import Random

from derive.calculus.indices import Indices
from derive.checking.member_keys import index_of
from derive.checking.statements import Values
from derive.formula import (
    RATIONALS,
    Formula,
    Member,
    Name,
    Negative,
    Number,
    Partial,
    Product,
    Sum,
    SumOver,
    evaluate,
    names_in,
    number,
    substitute,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.grammar.written import Unknown
from derive.model import GIVEN, Model
from derive.notations.free import joined_name

MOST_DRAWN = 4
"""Choices of right classes beside those in which every class is right once in every step."""
MOST_CLASSES = 12
MOST_VALUES = 16
"""Choices of the values of targets, for each of which cases are judged."""
_FONT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|textbf|mathrm|text|mathbb|mathds|mathbbm)(?![A-Za-z])"
)
_BLANKS = re.compile(r"[\s{}]")
_CLASS = (
    r"(?P<letter>[A-Za-z])(?:_(?P<below>[a-z0-9])|\^\((?P<above>[a-z0-9])\)|\^(?P<power>[a-z]))?"
)
_OF_CLASS = re.compile(rf"([A-Za-z]+)_{_CLASS}")
_IS_CLASS = [
    re.compile(rf"(?:1|𝟙|δ|\\delta)_{sides}")
    for sides in (
        rf"(?P<index>[a-z])[,=]?{_CLASS}",
        rf"{_CLASS}[,=](?P<index>[a-z])",
    )
]
Sides = tuple[Formula, ...]


class Classes:
    """The numbers of classes in formulas about one network of equations."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        model = indices.model
        families = () if model.has_neurons else model.instances.families
        self._targets = {
            family.key: len(family.ranges)
            for family in families
            if family.role in GIVEN and 1 <= len(family.ranges) <= 2
        }

    def read(self, sides: Sides) -> tuple[Sides, str]:
        """The sides with the vector of the targets for the number of a class, and its letter."""
        unknown = {n for side in sides for n in walk(side) if isinstance(n, Unknown)}
        found = {node: meant for node in unknown if (meant := self._meant(node)) is not None}
        letters = {letter for letter, _, _ in found.values()}
        if len(letters) != 1:
            return sides, ""
        # Of example i, of which there is one, is the error L_i of the class y_i.
        total = self._indices.model.total
        examples = {f"{total}_{example}" for _, _, example in found.values() if example}

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, Unknown) and _plain(node) in examples:
                return Name(total)
            return found[node][1] if isinstance(node, Unknown) and node in found else None

        return tuple(transform(side, rule) for side in sides), letters.pop()

    def _meant(self, node: Unknown) -> tuple[str, Formula, str] | None:
        """The letter of the targets, what a name with the number of a class means, and the example.

        That is the index of the class itself, where the network's targets have no steps.
        """
        text = _plain(node)
        for test in filter(None, (pattern.fullmatch(text) for pattern in _IS_CLASS)):
            letter, *places = test["letter"], test["below"], test["above"], test["power"]
            right = self._right(letter, places, index_of(test["index"]))
            if right is not None:
                return letter, right, self._example(letter, places)
        found = _OF_CLASS.fullmatch(text)
        counted: Index = (("c'",), 0)
        if found is None:
            return None
        places = [found["below"], found["above"], found["power"]]
        right = self._right(found["letter"], places, counted)
        if right is None:
            return None
        own = self._indices.families.get(found[1], set())
        classes = {at[-1] for at in self._indices.families[found["letter"]]}
        if {len(at) for at in own} != {1} or {at[0] for at in own} != classes:
            return None
        entry = Product((right, Member(found[1], (counted,))))
        whole = SumOver("c'", max(classes), entry, min(classes))
        return found["letter"], whole, self._example(found["letter"], places)

    def _example(self, letter: str, places: Sequence[str | None]) -> str:
        """The letter of the example, the i of y_i or y^{(i)}."""
        return next(filter(None, places), "") if self._targets[letter] == 1 else ""

    def _right(
        self, letter: str, places: Sequence[str | None], index: Index | None
    ) -> Formula | None:
        """1 where the class with an index is the right one: y_k, or y_{t,k} of step t."""
        count = self._targets.get(letter)
        step = next((index_of(place) for place in places if place), None)
        if count is None or index is None or (count == 2 and step is None):
            return None
        return Member(letter, (index,) if count == 1 or step is None else (step, index))

    def unfit(self, values: Values, sides: Sides) -> str:
        """Why cases cannot be judged for these values, which have to be those of given names."""
        by = {node.by for side in sides for node in walk(side) if isinstance(node, Partial)}
        count = 1
        for subject, numbers in values:
            names = self._names(subject)
            known = names and all(self._indices.model.quantities[n].role in GIVEN for n in names)
            if not known or subject in by:
                return "cases are chosen by the value of what is given, as of a target"
            count *= len(numbers) ** len(names)
        if count > MOST_VALUES:
            return f"more than {MOST_VALUES} ways to choose the cases"
        return "" if any(self._of_values(values)) else "nothing that is given has these values"

    def _names(self, subject: Formula) -> list[str]:
        """The single quantities that one with index letters stands for."""
        try:
            choices = self._indices.choices(self._indices.ranges(subject))
            found = [self._indices.instance(subject, chosen) for chosen in choices]
        except KeyError:
            return []
        return [of.name for of in found if isinstance(of, Name)] if found else []

    def _of_values(self, values: Values) -> Iterator[Model]:
        """The model with all choices of these values, as far as what is given satisfies them."""
        model = self._indices.model
        several = [(name, own) for subject, own in values for name in self._names(subject)]
        for chosen in choices_of(*(own for _, own in several)):
            known: dict[str, Formula] = {
                name: Number(value) for (name, _), value in zip(several, chosen, strict=True)
            }
            if all(_may_be(name, of, known) for name, of in model.conditions.items()):
                yield _with(model, known)

    def each_right(self) -> Iterator[list[tuple[int, Model]]]:
        """For each vector of targets that sum to 1, every class and the model where it is right."""
        model = self._indices.model
        tied = {name for one, of in model.conditions.items() for name in (one, *names_in(of))}
        for letter, count in self._targets.items():
            places = sorted(self._indices.families[letter]) if count == 1 else []
            if places and all(joined_name(letter, at) in tied for at in places):
                yield [
                    (right[0], _with(model, _shares(letter, places, {right}))) for right in places
                ]

    def models(self, letter: str, values: Values = ()) -> Iterator[Model]:
        """The model with one class after the other for the right one, in every step.

        With `values` it is with one of them after the other for what they are of.
        """
        if values:
            yield from self._of_values(values)
        if not letter:
            return
        model = self._indices.model
        places = sorted(self._indices.families[letter])
        classes = sorted({at[-1] for at in places})
        steps = sorted({at[:-1] for at in places})
        many = len(classes)
        draw = Random(many)
        ways = [[(r + s) % many for s in range(len(steps))] for r in range(many)]
        ways += [[(r + s // many) % many for s in range(len(steps))] for r in range(many)]
        ways += [[draw.randrange(many) for _ in steps] for _ in range(MOST_DRAWN)]
        for way in dict.fromkeys(map(tuple, ways[:MOST_CLASSES])):
            right = {(*step, classes[chosen]) for step, chosen in zip(steps, way, strict=True)}
            yield _with(model, _shares(letter, places, right))


def _shares(
    letter: str, places: Iterable[tuple[int, ...]], right: Collection[tuple[int, ...]]
) -> dict[str, Formula]:
    """Targets that are 1 for the right classes, and 0 for the others."""
    return {joined_name(letter, at): number(int(at in right)) for at in places}


def _may_be(name: str, of: Formula, known: Mapping[str, Formula]) -> bool:
    """Whether a condition on what is given holds with these numbers, or may."""
    if name not in known or not {*names_in(of)} <= known.keys():
        return True
    return bool(evaluate(Sum((substitute(of, known), Negative(known[name]))), RATIONALS) == 0)


def _plain(node: Unknown) -> str:
    return _BLANKS.sub("", _FONT.sub("", node.text))


def _with(model: Model, known: Mapping[str, Formula]) -> Model:
    """The model in which some of what is given is known."""
    kept = {name: of for name, of in model.conditions.items() if name not in known}
    conditions = {**kept, **known}
    return Model(model.instances, model.network, lambda _: conditions)
