"""What a document is made of, before any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from derive.emit.layout import MOST_COLUMNS, Columns
from derive.formula import Equation, Formula
from derive.model import Model
from derive.model.facts import Facts


@dataclass(frozen=True)
class Words:
    """A paragraph: the sentence called `key` in the template of words, with its facts.

    `runs_on` says that the display after it belongs to the same sentence; `boxed`, that there is a
    frame around it.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    runs_on: bool = False
    kind: str = "words"
    boxed: bool = False


@dataclass(frozen=True)
class Display:
    """Equations under one number, to be referred to by `label`; a `boxed` one is a result."""

    label: str
    number: int
    equations: tuple[Equation, ...]
    tints: Mapping[str, str] = field(default_factory=dict)
    """The quantities that lie on ways of one style, whose factors have its colour."""
    kind: str = "display"
    boxed: bool = False
    columns: Columns = MOST_COLUMNS


@dataclass(frozen=True)
class Table:
    """A table; `key` names its headings and its caption in the template of words.

    A `picture` stands beside it where a page has room for that.
    """

    key: str
    rows: Sequence[Sequence[Formula | str]]
    facts: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "table"
    picture: Picture | None = None


@dataclass(frozen=True)
class Listing:
    """A numbered list of instructions, each a sentence of the template of words."""

    items: tuple[Words, ...]
    kind: str = "listing"


Point = tuple[float, float]
"""A place in a picture, in cm from its upper left corner to the right and downward."""


@dataclass(frozen=True)
class Row:
    """What stands in a node below its label, smaller: a value, a slope, a factor or a remark.

    Of a slope `says` is the function whose derivative it is, of a remark plain words. A δ and an
    adjoint, the derivative of the error by a quantity, have a sign before them.
    """

    kind: Literal["value", "delta", "adjoint", "slope", "factor", "remark"]
    says: Formula | Equation | str


@dataclass(frozen=True)
class Box:
    """A node or a label of a picture: what stands in it, its middle, and how large it is, in cm.

    A label that is a text is plain words. Without one it is the dots for nodes that are left out.
    `style` is that of its lines; a `square` one is a cell of an array.
    """

    label: Formula | Equation | str | None
    x: float
    y: float
    width: float
    height: float
    style: str
    rows: tuple[Row, ...] = ()
    square: bool = False


@dataclass(frozen=True)
class Line:
    """A line of a picture from point to point."""

    points: tuple[Point, ...]
    style: str


@dataclass(frozen=True)
class Picture:
    """A drawing, every place in cm: what all formats draw.

    `key` tells it from others of the document; below it stands its `caption`. No line runs through
    a label or a node. `bands` lie behind everything; what they are stands among the labels.
    """

    key: str
    nodes: tuple[Box, ...]
    lines: tuple[Line, ...]
    labels: tuple[Box, ...]
    width: float
    height: float
    scale: float = 1.0
    """What it is made smaller by to fit the page."""
    bands: tuple[Box, ...] = ()
    kind: str = "picture"
    caption: Words | None = None


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
