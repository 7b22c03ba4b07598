"""A large model in small: rules for its families show there as they do in the large one.

Indices that go together, as those of time in net[t,j] and h[t-1,k], are one axis. What is said of
an axis are some numbers, the ends of ranges and h[0], h[200]; between two of them that are far
apart so many are left out that a few remain. A formula about the small model is one about the large
model when its numbers are put back. Whether it is right there has to be proved there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from derive.formula import Formula, Member, Name, SumOver, names_in, transform, walk
from derive.model import Model
from derive.model.families import Family, array_of

FEWEST = 3
"""Steps between two numbers that are said, where there are more of them."""
Node = tuple[object, object]


class NotWidenedError(ValueError):
    """A formula about the small model says nothing about the large one."""


class Axis:
    """The numbers along an axis of the large model, and which they are in the small one."""

    def __init__(self, said: Iterable[int], most: int | None) -> None:
        self._large = sorted(said)
        self._small = self._large[:1]
        for before, after in pairwise(self._large):
            gap = after - before
            self._small.append(self._small[-1] + (gap if most is None else min(gap, most)))
        kept = range(self._small[0], self._small[-1] + 1)
        self.small = {self.large(number): number for number in kept}
        """The numbers that are kept, and what each becomes; those that are said are among them."""

    def large(self, number: int) -> int:
        """What a number of the small model is in the large one, from the nearer end of its gap."""
        place = min(range(len(self._small)), key=lambda n: abs(self._small[n] - number))
        return self._large[place] + number - self._small[place]


class Shrunk:
    """The small model of a large one, and the way back."""

    def __init__(self, model: Model) -> None:
        self._large = model
        self._parents: dict[Node, Node] = {}
        self._said: dict[Node, set[int]] = {}
        self._fixed: set[Node] = set()
        families = model.instances.families
        for number, family in enumerate(families):
            self._state(number, family)
        for condition in model.conditions.values():
            for name in names_in(condition):
                array = model.instances.placed(name)[0].array
                self._fixed.update((array, place) for place in range(array[1]))
        self._axes = dict(self._made())
        small = {f: self._small(number, f) for number, f in enumerate(families)}
        order = [
            (small[f], {x: self._of_letter(number, f, x).small[n] for x, n in chosen.items()})
            for number, f, chosen in self._steps(families)
        ]
        instances = model.instances.like([*small.values()], order)
        self.model = Model(instances, model.network, lambda _: model.conditions)

    # Which indices go together.

    def _steps(self, families: Iterable[Family]) -> Iterator[tuple[int, Family, Mapping[str, int]]]:
        """The steps of the large model whose numbers are said: others have nothing new in them."""
        numbers = {family: number for number, family in enumerate(families)}
        for family, chosen in self._large.instances.steps:
            number = numbers[family]
            if all(n in self._of_letter(number, family, x).small for x, n in chosen.items()):
                yield number, family, chosen

    def _root(self, node: Node) -> Node:
        while node in self._parents:
            node = self._parents[node]
        return node

    def _join(self, one: Node, other: Node) -> None:
        one, other = self._root(one), self._root(other)
        if one != other:
            self._parents[one] = other

    def _say(self, node: Node, *numbers: int) -> None:
        self._said.setdefault(node, set()).update(numbers)

    def _node(self, number: int, family: Family, letter: str) -> Node:
        """An index of a family, or a letter that a Σ binds in its definition."""
        if letter in family.letters:
            return family.array, family.letters.index(letter)
        return number, letter

    def _state(self, number: int, family: Family) -> None:
        for place, run in enumerate(family.ranges):
            self._say((family.array, place), run.start, run.stop - 1)
        for used, ranges in family.used:
            for place, (letters, offset) in enumerate(used.indices):
                node: Node = (array_of(used), place)
                if not letters:
                    self._say(node, offset)
                if len(letters) > 1:
                    self._fixed.update([node, *(self._node(number, family, x) for x in letters)])
                elif letters:
                    own, run = self._node(number, family, letters[0]), ranges[letters[0]]
                    self._join(node, own)
                    self._say(own, run.start, run.stop - 1)
                    self._say(node, run.start + offset, run.stop - 1 + offset)

    def _made(self) -> Iterator[tuple[Node, Axis]]:
        said: dict[Node, set[int]] = {}
        for node, numbers in self._said.items():
            said.setdefault(self._root(node), set()).update(numbers)
        fixed = {self._root(node) for node in self._fixed}
        for place, (node, numbers) in enumerate(said.items()):
            # Axes of different lengths: what goes along one of them is not taken for the other.
            yield node, Axis(numbers, None if node in fixed else FEWEST + place)

    def _axis(self, node: Node) -> Axis:
        return self._axes[self._root(node)]

    def _of_letter(self, number: int, family: Family, letter: str) -> Axis:
        return self._axis(self._node(number, family, letter))

    def _renumbered(self, node: Member, number: Callable[[Axis, int], int]) -> Member:
        """A member with other numbers in the place of its own."""
        axes = (self._axis((array_of(node), place)) for place, _ in enumerate(node.indices))
        pairs = zip(node.indices, axes, strict=True)
        indices = ((own, n if own else number(axis, n)) for (own, n), axis in pairs)
        return Member(node.stem, tuple(indices))

    # The small model.

    def _small(self, number: int, family: Family) -> Family:
        ranges = tuple(
            self._run(run, self._axis((family.array, place)))
            for place, run in enumerate(family.ranges)
        )

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, Member):
                return self._renumbered(node, lambda axis, n: axis.small[n])
            if isinstance(node, SumOver):
                axis = self._of_letter(number, family, node.index)
                run = self._run(range(node.lower, node.upper + 1), axis)
                body = transform(node.body, rule)
                return SumOver(node.index, run.stop - 1, body, run.start, node.bare)
            return None

        definition = family.definition and transform(family.definition, rule)
        return replace(family, ranges=ranges, definition=definition)

    @staticmethod
    def _run(run: range, axis: Axis) -> range:
        return range(axis.small[run.start], axis.small[run.stop - 1] + 1)

    # The way back.

    def widened(self, formula: Formula) -> Formula:
        """A formula about the small model as one about the large one.

        Raises :class:`NotWidenedError` where its numbers are put back in more than one way.
        """

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, Name):
                return Name(self.name(node.name))
            if isinstance(node, Member):
                return self._renumbered(node, Axis.large)
            if isinstance(node, SumOver):
                low, high = self.ends(node.index, (node.lower, node.upper), node.body)
                return SumOver(node.index, high, self.widened(node.body), low, node.bare)
            return None

        return transform(formula, rule)

    def name(self, name: str) -> str:
        """A quantity of the large model by its name in the small one."""
        family, at = self.model.instances.placed(name)
        pairs = enumerate(at)
        there = tuple(self._axis((family.array, place)).large(n) for place, n in pairs)
        found = self._large.member(family.key, there)
        if found is None:
            raise NotWidenedError(name)
        return found

    def ends(self, letter: str, ends: tuple[int, int], formula: Formula) -> tuple[int, int]:
        """The first and the last number of a letter that stands in a formula."""
        found = {
            tuple(self._axis((array_of(node), place)).large(n + offset) - offset for n in ends)
            for node in walk(formula)
            if isinstance(node, Member)
            for place, (letters, offset) in enumerate(node.indices)
            if letters == (letter,)
        }
        if len(found) != 1:
            raise NotWidenedError(letter)
        low, high = found.pop()
        return low, high
