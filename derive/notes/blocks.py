"""What a document is made of, before any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from derive.formula import Equation, Formula
from derive.model import Model
from derive.model.facts import Facts


@dataclass(frozen=True)
class Words:
    """A paragraph: the sentence called `key` in the template of words, with its facts.

    `runs_on` says that the display after it belongs to the same sentence.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    runs_on: bool = False
    kind: str = "words"


@dataclass(frozen=True)
class Display:
    """Equations under one number, to be referred to by `label`; a `boxed` one is a result."""

    label: str
    number: int
    equations: tuple[Equation, ...]
    kind: str = "display"
    boxed: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `key` names its headings in the template of words."""

    key: str
    rows: Sequence[Sequence[Formula | str]]
    facts: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "table"


@dataclass(frozen=True)
class Listing:
    """A numbered list of instructions, each a sentence of the template of words."""

    items: tuple[Words, ...]
    kind: str = "listing"


@dataclass(frozen=True)
class Node:
    """A neuron of the picture, or dots for those left out (without a label).

    `x` and `y` place it, in layers from the left and neurons from the middle upward.
    """

    id: str
    label: Formula | None
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """A connection of the picture; the weights that are derived carry their name.

    One that `skips` adds an output as it is, without a weight.
    """

    start: Node
    end: Node
    weight: Formula | None = None
    skips: bool = False


@dataclass(frozen=True)
class Picture:
    """The network as a graph; `named` says that its nodes carry names of any length."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layers: int
    named: bool = False
    kind: str = "picture"

    @property
    def rows(self) -> float:
        """The height from the lowest node to the highest, in nodes."""
        heights = [node.y for node in self.nodes]
        return 1 + max(heights) - min(heights)


Block = Words | Display | Table | Listing | Picture


@dataclass(frozen=True)
class Section:
    """A heading, by its key in the template of words, and what stands under it."""

    key: str
    facts: Mapping[str, Any]
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True)
class Notes:
    """A finished document."""

    network: Facts
    model: Model
    facts: Mapping[str, Any]
    sections: tuple[Section, ...]
