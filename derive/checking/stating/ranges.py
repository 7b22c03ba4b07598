"""The numbers through which index letters run: the same slot of a family is the same range."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from derive.checking.stating.letters import bound, letter_of, letters_in
from derive.checking.stating.said import Definition
from derive.checking.stating.written import Quantity, UnwrittenError, names, nodes

Slot = tuple[str, ...]
MOST_SCRIPTS = 6
MOST_STEPS = 6
"""So many are taken at most because a document has a name with their number."""
SIZES = ((2, 3, 4), (3, 2, 2))
"""The sizes that letters take, different ones, so that no shapes fit by chance."""


def pattern(quantity: Quantity, indices: Collection[str]) -> tuple[str, ...]:
    """A family: its stem and scripts, with a star for each index."""
    return (quantity.stem, *("*" if letter_of(s) in indices else s for s in quantity.scripts))


def covering(family: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The families with a member that has these scripts: of W_1 itself, and W_*."""
    stem, *scripts = family
    yield from product((stem,), *((script, "*") for script in scripts[:MOST_SCRIPTS]))


@dataclass
class Ranges:
    """Which letters of which definitions have the same range, and what is known of each.

    `said` holds the sizes and letters for sizes that Σ and the author give.
    """

    indices: Collection[str]
    parents: dict[Slot, Slot] = field(default_factory=dict)
    limits: dict[Slot, tuple[str, str]] = field(default_factory=dict)
    shifted: set[Slot] = field(default_factory=set)
    least: dict[Slot, int] = field(default_factory=dict)
    """The largest number that is written at a place of a family: 3, where there is an h_3."""

    def root(self, slot: Slot) -> Slot:
        """What stands for all slots with the same range."""
        while self.parents.setdefault(slot, slot) != slot:
            slot = self.parents[slot]
        return slot

    def join(self, one: Slot, other: Slot) -> None:
        """Two slots have one range. What was said first of either counts for both."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return
        self.parents[second] = first
        said = self.limits.pop(second, None)
        if said is not None:
            self.say(first, *said)

    def say(self, slot: Slot, low: str, high: str) -> None:
        """A Σ says where a range begins and ends. Raises where another says something else."""
        slot = self.root(slot)
        before = self.limits.setdefault(slot, (low, high))
        if before != (low, high):
            if before[1].isdigit() and high.isdigit():
                raise UnwrittenError(f"two limits for one range: {before[1]} and {high}")
            self.limits[slot] = before if before[1].isdigit() or not high.isdigit() else (low, high)

    def take(self, definition: Definition, number: int) -> None:
        """All that one definition says of ranges; its letters are its own."""
        for quantity in (definition.left, *names(definition.right)):
            family = pattern(quantity, self.indices)
            for place, script in enumerate(quantity.scripts):
                letter = letter_of(script)
                if letter in self.indices:
                    if letter != script:
                        self.shifted.add(("letter", str(number), letter))
                    self.join(("letter", str(number), letter), (*family, str(place)))
        for node in nodes(definition.right):
            if node.kind == "total" and node.high:
                low = node.low or "1"
                if letter_of(node.high) in self.indices:
                    raise UnwrittenError(f"the limit {node.high} of a sum is an index")
                self.say(("letter", str(number), node.text), low, node.high)
                if not node.high.isdigit():
                    self.join(("size", low, node.high), ("letter", str(number), node.text))

    def hear(
        self, definition: Definition, number: int, spans: Collection[tuple[int, str, str]]
    ) -> None:
        """What stands beside a definition of the numbers of its letters, if no Σ says more."""
        letters = letters_in([definition.left]) & set(self.indices)
        for formula, letter, last in spans:
            if formula != definition.formula or letter not in letters or last in self.indices:
                continue
            slot = self.root(("letter", str(number), letter))
            if slot not in self.limits:
                self.say(slot, "1", last)
                if not last.isdigit():
                    self.join(("size", "1", last), slot)

    def join_members(self) -> None:
        """The entries of h_T are counted as those of h_t, of which it is one."""
        families = {slot[:-1] for slot in self.parents if slot[-1].isdigit()}
        for one in sorted(families):
            for other in {*covering(one)} & families - {one}:
                for place, script in enumerate(one[1:]):
                    if script == "*":
                        self.join((*other, str(place)), (*one, str(place)))

    def mention(self, quantity: Quantity) -> None:
        """A name with numbers for its indices tells that they run so far at least."""
        for family in {slot[:-1] for slot in self.parents if slot[0] == quantity.stem}:
            scripts = quantity.scripts
            labels = zip(family[1:], scripts, strict=False)
            if len(family) == len(scripts) + 1 and all(a in ("*", b) for a, b in labels):
                for place, script in enumerate(scripts):
                    if script.isdigit() and family[place + 1] == "*":
                        slot = (*family, str(place))
                        self.least[slot] = max(self.least.get(slot, 0), int(script))

    def of(
        self, definition: Definition, number: int, sizes: Mapping[Slot, tuple[int, int]]
    ) -> dict[str, tuple[int, int]]:
        """The ranges of the letters of a definition."""
        letters = letters_in([definition.left, *names(definition.right)]) | bound(definition)
        return {
            letter: sizes[self.root(("letter", str(number), letter))]
            for letter in letters & set(self.indices)
        }

    def classes(self) -> list[Slot]:
        """One slot of every range, in the order of the document."""
        return list(dict.fromkeys(self.root(slot) for slot in self.parents))

    def sizes(self, single_step: bool = False) -> list[dict[Slot, tuple[int, int]]]:
        """The ways in which the ranges get numbers: one where all are given, else several.

        With a `single_step`, letters that are moved, like the t of h_{t-1}, take a single number in
        one of them.
        """
        classes = self.classes()
        free = [c for c in classes if not self.limits.get(c, ("", ""))[1].isdigit()]
        ways: list[Mapping[Slot, int]] = [
            {slot: way[place % len(way)] for place, slot in enumerate(free)}
            for way in (SIZES if free else SIZES[:1])
        ]
        if single_step and self.moved & set(free):
            ways.append({**ways[0], **dict.fromkeys(self.moved, 1)})
        return [{slot: self._numbers(slot, way) for slot in classes} for way in ways]

    def _numbers(self, slot: Slot, way: Mapping[Slot, int]) -> tuple[int, int]:
        low, high = self.limits.get(slot, ("1", ""))
        least = max((n for one, n in self.least.items() if self.root(one) == slot), default=0)
        last = int(high) if high.isdigit() else int(low) + way[slot] - 1
        return int(low), last if high.isdigit() else max(last, min(least, MOST_STEPS))

    @property
    def moved(self) -> set[Slot]:
        """The ranges of letters to which a number is added."""
        return {self.root(slot) for slot in self.shifted}

    def label(self, slot: Slot) -> str:
        """What the size of a range is called: n of Σ_{i=1}^n, else a family that it belongs to.

        A vector comes before a matrix: the x of W x says more than its W.
        """
        said = self.limits.get(slot, ("", ""))[1]
        if said:
            return said
        slots = [one for one in self.parents if self.root(one) == slot]
        if slot in self.moved:
            return next(one[2] for one in slots if one[0] == "letter")
        return min((one for one in slots if one[0] not in ("letter", "size")), key=len)[0]


def is_circular(
    definitions: Sequence[Definition], family: Callable[[Quantity], tuple[str, ...]]
) -> bool:
    """Whether a family depends on itself in the same step: a on z, and z on a."""
    waiting = {
        family(d.left): {family(q) for q in names(d.right) if not any("-" in s for s in q.scripts)}
        for d in definitions
    }
    while free := {one for one, needs in waiting.items() if not needs & waiting.keys()}:
        for one in free:
            del waiting[one]
    return bool(waiting)
