"""The networks as the oracle knows them: what is given, what is defined, and how names are spelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from tests.formulas.edges.meaning import Node, below

HALF: Node = ("num", Fraction(1, 2))
Spelled = tuple[str, str]
"""A word, and what stands below it, without blanks: ("out", "d_1")."""


@dataclass(frozen=True)
class Network:
    """One network; the definitions stand in an order in which they can be computed."""

    name: str
    given: Sequence[str]
    definitions: Mapping[str, Node]
    total: str
    spellings: Mapping[Spelled, str]
    nets: Mapping[str, str] = field(default_factory=dict)
    """For what may stand below δ: the net input that it is about."""
    weights: frozenset[str] = frozenset()
    """What a step of learning changes."""
    conditions: Mapping[str, Node] = field(default_factory=dict)
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    rate: Fraction | None = None
    levels: bool = False
    """Whether a raised number is a layer and no power: a^3_1."""

    @cached_property
    def names_of(self) -> Mapping[str, frozenset[str]]:
        """The names in each definition."""
        return {
            name: frozenset(node[1] for node in below(meaning) if node[0] == "name")
            for name, meaning in self.definitions.items()
        }

    @cached_property
    def joined(self) -> Mapping[str, str]:
        """The names without what joins their parts: netc1, x1. Nothing where two become the same."""
        made: dict[str, str] = {}
        for (word, lower), name in self.spellings.items():
            key = f"{word}{lower}".replace("_", "").replace(",", "")
            made[key] = "" if made.get(key, name) != name else name
        return {key: name for key, name in made.items() if name}

    @cached_property
    def kinked(self) -> bool:
        """Whether a function with a kink stands in it."""
        return any(
            node[:2] == ("call", "relu") for d in self.definitions.values() for node in below(d)
        )


def named(name: str) -> Node:
    """A quantity."""
    return ("name", name)


def squared_error(target: str, out: str) -> Node:
    """½·(target − out)²."""
    gap: Node = ("add", [named(target), ("neg", named(out))])
    return ("mul", [HALF, ("pow", gap, Fraction(2))])
