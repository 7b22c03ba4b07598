"""What an author says to sum to 1, as the targets of a classifier do: Σ_k y_k = 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from derive.checking.stating.parser import read
from derive.checking.stating.pieces import sides_of
from derive.checking.stating.spelling import Known
from derive.checking.stating.written import Node, Quantity, UnwrittenError, Written, names


def shares_in(piece: str, known: Known) -> Iterator[tuple[Quantity, Written, tuple[str, ...]]]:
    """The name that a statement says to sum to 1, if nothing defines it, the sum, and the sides."""
    sides = tuple(side.strip(" &\n").rstrip(".,;") for side in sides_of(piece))
    if len(sides) != 2 or sides[1].strip() != "1":
        return
    with suppress(UnwrittenError):
        total = read(sides[0], known)
        body = total.parts[0] if isinstance(total, Node) and total.kind == "total" else None
        if isinstance(body, Quantity) and body.stem not in known.defined and _counts(total, body):
            yield body, total, sides
        if is_written_out(total):
            yield next(names(total)), total, sides


def is_written_out(total: Written) -> bool:
    """Whether it is a sum of members of one family: y_1 + y_2 + y_3."""
    parts = total.parts if isinstance(total, Node) and total.kind == "sum" else ()
    members = [part for part in parts if isinstance(part, Quantity) and part.scripts]
    return len({q.stem for q in members}) == 1 and len(set(members)) == len(parts)


def _counts(total: Written, body: Quantity) -> bool:
    """Whether the letter of a sum is an index of what it adds."""
    return isinstance(total, Node) and total.text in body.scripts
