"""What an author assumes of given quantities: x_0 = 1, h_0 = 0, W = W^T, t + x = 1.

Formulas of the document are right if they are so wherever that holds. It becomes a condition of the
network where it can be one; where it cannot, no formula of the document is refuted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from derive.checking.stating.parser import read
from derive.checking.stating.pieces import sides_of
from derive.checking.stating.said import Definition
from derive.checking.stating.spelling import Known
from derive.checking.stating.written import Node, Quantity, UnwrittenError, Written, names, nodes

IDENTITY = Quantity("I")
"""What is no name of a network where nothing else is said of it."""
FIRST = "0"
"""The index of what is there before the first: of the input x_0 of a bias, of the state h_0."""


def assumption_in(
    piece: str, known: Known, definitions: Sequence[Definition]
) -> Iterator[tuple[Quantity, Node, tuple[str, ...], bool]]:
    """What a statement assumes of quantities that no definition makes.

    It comes with the first of its names, its sides as they are read and as they are written, and
    whether it is a number of an example.
    """
    sides = tuple(side.strip(" &\n").rstrip(".,;") for side in sides_of(piece))
    if len(sides) != 2:
        return
    with suppress(UnwrittenError):
        left, right = (read(side, known) for side in sides)
        used = {q.stem for d in definitions for q in names(d.right)}
        made = {d.left for d in definitions}
        own = [*names(left), *names(right)]
        own = [q for q in own if q.stem in used or q != IDENTITY]
        if not own or _is_step(left, right) or _is_step(right, left):
            return
        if all(_is_given(q, used, made) for q in own):
            yield own[0], Node("sum", (left, right)), sides, _is_data(left, right)


def _is_step(of: Written, by: Written) -> bool:
    """Whether this is a name and what comes of it by a step: w = w + x."""
    return isinstance(by, Node) and by.kind == "sum" and of in list(names(by))


def _is_given(quantity: Quantity, used: Collection[str], made: Collection[Quantity]) -> bool:
    """Whether no definition makes a name that the network uses, or it comes before the first."""
    before = FIRST in quantity.scripts and quantity not in made
    return quantity.stem in used and (before or all(quantity.stem != q.stem for q in made))


def _is_data(left: Written, right: Written) -> bool:
    """Whether this gives a number to a name, as an example does, and says nothing of all numbers.

    What comes before the first is 0 or 1 everywhere, and so is w_{ii} for every i.
    """
    name, value = (left, right) if isinstance(left, Quantity) else (right, left)
    if not isinstance(name, Quantity) or any(True for _ in names(value)):
        return False
    scripts = "".join(name.scripts)
    everywhere = scripts.isalpha() and len(scripts) > 1
    return not (everywhere or (FIRST in name.scripts and _is_number(value, ("0", "1"))))


def _is_number(value: Written, some: Collection[str]) -> bool:
    return any(node.kind == "number" and node.text in some for node in nodes(value))
