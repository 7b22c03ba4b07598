"""Networks stated as equations: a text file of definitions → a model.

    # one LSTM unit, one step
    f = sig(w_f*x + u_f*h0 + b_f)
    c = f*c0 + i*g
    E = 1/2*(target - h)^2

A quantity that is not defined is an input, unless it is a weight: ``weights: w, u`` says which
names or families are; by default those that begin with w, u, v, b or theta. Families of
equations carry index letters: ``net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2``. The quantity that no
other uses is the error. ``inputs: x[1..3], h[0]`` may list all that is given, and then nothing
else is; ``condition: sum(target[k], k=1..3) = 1`` says what the inputs satisfy; and
``numbers: x = [0.05, 0.1], w = 0.5``, ``rate: 0.1``, ``title: …``, ``about: …``, and ``author: …``,
``institute: …`` and ``date: …`` for the head of documents, are optional.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Self

from derive.files import MISSING_NETWORK, read_text
from derive.formula import Equation
from derive.model import Model, Role
from derive.model.arrays import Arrays
from derive.model.facts import Facts, Front
from derive.model.families import Family, Key, array_of, members
from derive.model.instances import Instances
from derive.networks.equations.conditions import Condition, value_of
from derive.networks.equations.lines import Source, comments, remarks
from derive.networks.equations.names import FreeNames
from derive.networks.equations.reading import Reading

FRONT = ("author", "institute", "date")
"""What of the title block the lines of a file may say; ``title:`` is the name of the network."""
WIDE = 16
"""Products of a sum from which on the weights in it are drawn smaller."""


@dataclass(frozen=True)
class System(Facts):
    """A network stated as equations, in the order in which they are written.

    `instances` are its quantities as families; `numbers` values for all that is not defined;
    `conditions` what the inputs satisfy; `arrays` which quantities form vectors and matrices, if
    that is known.
    """

    instances: Instances = field(default_factory=lambda: Instances((), FreeNames()))
    title: str = ""
    numbers: Mapping[str, float] | None = None
    conditions: tuple[Condition, ...] = ()
    arrays: Arrays | None = None

    @property
    def inputs(self) -> Sequence[str]:
        """The names of what is given and no weight."""
        return self.instances.named(Role.INPUT)

    @property
    def weights(self) -> Sequence[str]:
        """The names of the quantities to differentiate by."""
        return self.instances.named(Role.WEIGHT)

    def remade(self, change: Callable[[Family], Family], name: Callable[[str], str]) -> Self:
        """The same equations with a change of each family; `name` says what quantities are called.

        Its index letters stay those of its file, and its arrays are those of its families.
        """
        made = {family: change(family) for family in self.instances.families}
        order = [(made[family], chosen) for family, chosen in self.instances.steps]
        return replace(
            self,
            instances=Instances(list(made.values()), FreeNames(), order),
            numbers=self.numbers and {name(key): value for key, value in self.numbers.items()},
            arrays=None,
        )

    @property
    def summary(self) -> str:
        """What it is, in a line."""
        count = len(self.instances.definitions)
        return f"{self.spec} ({count} equation{'s' if count != 1 else ''})"

    @property
    def spec(self) -> str:
        """What it is called in a heading."""
        return self.title or self.description or self.name

    @property
    def stages(self) -> list[Sequence[str]]:
        """The defined quantities by the lines of the file that define them."""
        return self.instances.by_line()

    @property
    def satisfied(self) -> list[tuple[Equation, dict[str, tuple[int, int]]]]:
        """The conditions as they are stated, each line once, with the ranges of its letters."""
        lines = dict.fromkeys((c.left, c.right, c.ranges) for c in self.conditions)
        return [
            (Equation((left, right)), {letter: (low, high) for letter, low, high in ranges})
            for left, right, ranges in lines
        ]

    def numbered(self, seed: int) -> Self:
        """The same system with numbers for everything; those that are missing come from `seed`."""
        missing = len(self.numbers or {}) < len(self.inputs) + len(self.weights)
        return self.with_random_numbers(seed) if missing else self

    def with_random_numbers(self, seed: int) -> Self:
        """The same system with numbers drawn from `seed` for its inputs and weights."""
        draw = random.Random(seed)
        given = dict(self.numbers or {})
        for name in self.inputs:
            given.setdefault(name, round(draw.uniform(0.05, 1.0), 2))
        wide = self._fans
        for name in self.weights:
            number, fan = draw.uniform(-1.0, 1.0), wide.get(self.instances.placed(name)[0].array, 0)
            drawn = round(number / fan**0.5, 4) if fan else round(number, 2)
            given.setdefault(name, drawn or 0.01)
        for condition in self.conditions:
            given[condition.name] = value_of(condition, given)
        return replace(self, numbers=given)

    @property
    def _fans(self) -> dict[Key, int]:
        """How many products with weights of an array a sum has, where they are very many.

        The sum keeps its size if the weights are small, and a state that goes through many steps
        does not grow from one to the next.
        """
        found: dict[Key, int] = {}
        for family in self.instances.families:
            for used, ranges in members(family.definition, {}) if family.definition else ():
                terms = prod(len(ranges[x]) for x in {*used.letters} if x in ranges)
                if terms > WIDE:
                    found[array_of(used)] = max(terms, found.get(array_of(used), 0))
        return found

    @classmethod
    def from_file(cls, path: Path) -> System:
        """The system that the file at `path` states. Raises :class:`InputError` with the line."""
        text = read_text(path, MISSING_NETWORK)
        return cls.from_text(text, path.stem, str(path))

    @classmethod
    def from_text(cls, text: str, name: str = "equations", source: str = "") -> System:
        """The system that a text states; `source` names it in messages."""
        file = Source(text, source or name)
        read = Reading(file).all()
        return cls(
            name=name,
            front=Front(**{key: read.directives.text(key) for key in FRONT}),
            description=read.directives.text("about") or next(comments(file), ""),
            learning_rate=read.directives.rate,
            numbers=read.numbers,
            instances=read.instances,
            title=read.directives.text("title"),
            letters=read.letters,
            written=read.written,
            runs=read.runs,
            conditions=read.conditions,
            remarks=remarks(file),
        )


def build_system(system: System) -> Model:
    """The model of a system of equations."""
    conditions = {condition.name: condition.meaning for condition in system.conditions}
    return Model(system.instances, system, lambda _: conditions)
