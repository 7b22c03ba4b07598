"""Definitions as a family of networks states them: arrays of quantities with index letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product as combinations
from math import prod

from derive import functions
from derive.formula import Call, Formula, Member, Name, Negative, Product, Quotient, Sum, total
from derive.functions.written import WRITTEN
from derive.model.arrays import Arrays
from derive.model.families import Family, Role, member, summed
from derive.model.instances import Instances
from derive.networks.equations.names import FreeNames
from derive.networks.equations.reading import MOST_EQUATIONS

MOST_GIVEN = 100_000
MOST_PRODUCTS = 4_000_000

Ranges = Mapping[str, range]
"""The letters of the indices of an array, and the numbers that each runs through."""
OWN = "m"
"""A second letter for the neurons of a layer."""


class TooManyError(ValueError):
    """There are more equations, quantities or products than a derivation can hold."""


class Draft:
    """The families of one network so far, and the ways to add to them.

    A name is its stem and its indices: ``net_2_1``. What is added comes behind what is there, so
    the error is the last. Raises :class:`TooManyError`.
    """

    def __init__(self) -> None:
        self.arrays: Callable[[Name, Instances], Arrays] | None = None
        """Which quantities form vectors and matrices, if the family says so."""
        self.remark = ""
        """What a reader has to be told about the equations, in a few words."""
        self._steps: dict[Role, list[tuple[Family, Mapping[str, int]]]] = {
            Role.INPUT: [],
            Role.WEIGHT: [],
            Role.INTERMEDIATE: [],
            Role.TOTAL: [],
        }
        self._counts = dict.fromkeys(self._steps, 0)
        self._products = 0
        # What is defined in one go stands together, as if one line of a file said it.
        self._lines: dict[str, int] = {}

    def given(self, stem: str, ranges: Ranges) -> Family:
        """Inputs, or targets."""
        return self._counted(Family(stem, Role.INPUT, (*ranges.values(),), 0, (*ranges,)))

    def weights(self, stem: str, ranges: Ranges) -> Family:
        """Weights, or biases."""
        return self._counted(Family(stem, Role.WEIGHT, (*ranges.values(),), 0, (*ranges,)))

    def defined(
        self, definition: Formula, stem: str, ranges: Ranges, role: Role = Role.INTERMEDIATE
    ) -> Family:
        """New quantities with their definition."""
        line = self._lines.setdefault(stem, len(self._lines))
        runs, letters = (*ranges.values(),), (*ranges,)
        made = Family(stem, role, runs, 0, letters, definition, line=line)
        return self._counted(made)

    def put(self, families: Iterable[Family], along: Ranges | None = None) -> None:
        """Add families, together number by number of some letters, or one after the other."""
        families, along = list(families), along or {}
        for numbers in combinations(*along.values()):
            chosen = dict(zip(along, numbers, strict=True))
            for family in families:
                own = {letter: n for letter, n in chosen.items() if letter in family.letters}
                self._steps[family.role].append((family, own))

    def layer(
        self,
        terms: Sequence[Formula],
        activation: str,
        names: tuple[str, str],
        place: Ranges,
        own: Ranges,
    ) -> list[Family]:
        """``net`` = the sum of the terms for every neuron, then ``out`` = f(net), by their `names`.

        With the identity there is ``out`` alone. `own` is the letter of the neurons of a layer, and
        `place` are those before it. Nothing is put yet.
        """
        whole = activation == functions.SOFTMAX
        symbol = "" if whole else functions.activation(activation).symbol
        stem = names[0] if symbol or whole else names[1]
        ranges = {**place, **own}
        net = self.defined(total(terms), stem, ranges)
        argument = member(stem, *ranges)
        if symbol:
            return [net, self.defined(Call(symbol, argument), names[1], ranges)]
        if not whole:
            return [net]
        power = Call("exp", member(stem, *place, *([OWN] if own else [])))
        powers = summed(power, **dict(zip(OWN, own.values(), strict=False)))
        return [net, self.defined(Quotient(Call("exp", argument), powers), names[1], ranges)]

    def weighted(
        self,
        products: Iterable[tuple[str, Formula, Ranges]],
        bias: str,
        of: Ranges,
        neurons: int,
    ) -> list[Formula]:
        """The terms of weighted sums: Σ w·x for each stem of weights and what they multiply, and b.

        Each Σ is over the letters that stand with its weights; `of` are those before. So many
        neurons have such sums. The weights are put.
        """
        weights: list[Family] = []
        terms: list[Formula] = []
        for stem, source, over in products:
            self._products += neurons * prod(map(_size, over.values()))
            if self._products > MOST_PRODUCTS:
                raise TooManyError(f"{MOST_PRODUCTS:,} products")
            weights.append(self.weights(stem, {**of, **over}))
            terms.append(summed(Product((member(stem, *of, *over), source)), **over))
        if bias:
            weights.append(self.weights(bias, of))
            terms.append(member(bias, *of))
        self.put(weights, of)
        return terms

    def errors(self, loss: str, target: str, outs: Family, own: Ranges) -> tuple[Formula, Family]:
        """The loss of outputs, summed over the letters `own`, and the targets they have."""
        targets = self.given(target, outs.runs)
        count = prod(map(len, own.values()))
        compared = member(target, *outs.letters), member(outs.key, *outs.letters)
        error = functions.loss(loss).error(*compared, count, WRITTEN)
        return summed(error, **own), targets

    def instances(self) -> Instances:
        """All that was put in; the last is the error."""
        order = [step for steps in self._steps.values() for step in steps]
        return Instances(list(dict.fromkeys(family for family, _ in order)), FreeNames(), order)

    def _counted(self, family: Family) -> Family:
        """A new family. Raises :class:`TooManyError` if there are too many quantities with it."""
        self._counts[family.role] += prod(map(_size, family.ranges))
        if self._counts[Role.INTERMEDIATE] + self._counts[Role.TOTAL] > MOST_EQUATIONS:
            raise TooManyError(f"{MOST_EQUATIONS:,} equations")
        if family.definition is None and self._counts[family.role] > MOST_GIVEN:
            raise TooManyError(f"{MOST_GIVEN:,} inputs or weights")
        return family


def _size(run: range) -> int:
    """How many numbers it has, which may be more than a list can have."""
    return run.stop - run.start


def larger(a: Formula, b: Formula) -> Formula:
    """Max(a, b) as a + relu(b − a): where both are equal it is a, and its slope that of a."""
    return Sum((a, Call("relu", Sum((b, Negative(a))))))


def own(letter: str, size: int) -> dict[str, range]:
    """The indices from 1 to `size`; of a single one none, for it needs no index."""
    return {letter: range(1, size + 1)} if size > 1 else {}


def moved(stem: str, *indices: tuple[tuple[str, ...], int] | str) -> Member:
    """A member some of whose indices are letters and a number."""
    return Member(stem, tuple(((i,), 0) if isinstance(i, str) else i for i in indices))
