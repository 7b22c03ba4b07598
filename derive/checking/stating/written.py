"""What a definition is written of: names with their scripts, numbers, and what joins them.

Nothing is known of a network yet, so a name keeps its scripts as they stand; later steps decide
what is an index letter, a layer or a label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace


class UnwrittenError(ValueError):
    """A text is no definition that can be read."""


@dataclass(frozen=True)
class Quantity:
    r"""A name: ``\hat{\mathbf y}^{(i)}_j`` has the stem yhat, i above, j below, and is bold.

    The parts of `lower` and `upper` are as they stand between commas: ``jk``, ``t-1``, ``rec``.
    """

    stem: str
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    bold: bool = False

    @property
    def scripts(self) -> tuple[str, ...]:
        """All scripts, those above first, as they become the indices of a family."""
        return (*self.upper, *self.lower)

    def __str__(self) -> str:
        """The name in plain text."""
        scripts = ",".join(self.scripts)
        return f"{self.stem}_{scripts}" if scripts else self.stem


@dataclass(frozen=True)
class Node:
    """A number, or what is made of parts.

    `kind` is number, sum, product, entrywise, negative, quotient, power, call, norm, transposed or
    total; `text` the number, the function, or the letter of a total, which runs from `low` to
    `high`. A function has the `label` that its scripts give it.
    """

    kind: str
    parts: tuple[Written, ...] = ()
    text: str = ""
    low: str = ""
    high: str = ""
    label: str = ""


Written = Quantity | Node


def number(text: str) -> Node:
    """A number as it is written."""
    return Node("number", text=text)


def unsigned(written: Written) -> Written:
    """What is written, without a minus before it."""
    return written.parts[0] if isinstance(written, Node) and written.kind == "negative" else written


def is_number(written: Written) -> bool:
    """Whether a number is written, with or without a minus."""
    inner = unsigned(written)
    return isinstance(inner, Node) and inner.kind == "number"


def names(written: Written) -> Iterator[Quantity]:
    """Every name in what is written, from left to right."""
    if isinstance(written, Quantity):
        yield written
    else:
        for part in written.parts:
            yield from names(part)


def nodes(written: Written) -> Iterator[Node]:
    """Every part that is no name, from the outside in."""
    if isinstance(written, Node):
        yield written
        for part in written.parts:
            yield from nodes(part)


def changed(written: Written, rule: Callable[[Written], Written | None]) -> Written:
    """What is written with every part replaced for which the rule gives another, outside first."""
    found = rule(written)
    if found is not None:
        return found
    if isinstance(written, Quantity):
        return written
    return replace(written, parts=tuple(changed(part, rule) for part in written.parts))


HALF = Node("quotient", (number("1"), number("2")))


def squared(written: Written) -> Node:
    """The sum of the squares of all entries."""
    return Node("entries", (Node("entrywise", (written, written)),))


def is_norm(written: Written) -> bool:
    """Whether a norm is written."""
    return isinstance(written, Node) and written.kind == "norm"
