"""What sums to 1, as the targets of a classifier do: by what an author says, or a softmax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from derive.checking.stating.parser import read
from derive.checking.stating.pieces import sides_of
from derive.checking.stating.spelling import Known
from derive.checking.stating.written import Node, Quantity, UnwrittenError, Written, names, nodes


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


def totals_of_targets(definitions: Mapping[Quantity, Written]) -> Iterator[Node]:
    """t_3 + t_4 of −t_3 ln o_3 − t_4 ln o_4, where o_3 and o_4 are all shares of one softmax.

    `definitions` are the right sides by what they define. A sum that all shares are divided by may
    have a name of its own.
    """
    softmax: dict[frozenset[Written], dict[Quantity, Written]] = {}
    for share, right in definitions.items():
        if isinstance(right, Node) and right.kind == "quotient" and is_power(right.parts[0]):
            top, below = right.parts
            below = definitions.get(below, below) if isinstance(below, Quantity) else below
            powers = below.parts if isinstance(below, Node) and below.kind == "sum" else ()
            if powers and all(map(is_power, powers)):
                softmax.setdefault(frozenset(powers), {})[share] = top
    weights = _weights_of_logarithms(definitions) if softmax else {}
    for all_powers, shares in softmax.items():
        found = [weights.get(share, set()) for share in shares]
        targets = tuple(dict.fromkeys(target for some in found for target in some))
        if set(shares.values()) == all_powers and len(targets) == len(found) == sum(
            map(len, found)
        ):
            yield Node("sum", targets)


def is_power(written: Written) -> bool:
    """Whether it is an exponential."""
    return isinstance(written, Node) and (written.kind, written.text) == ("call", "exp")


def _weights_of_logarithms(
    definitions: Mapping[Quantity, Written],
) -> dict[Quantity, set[Quantity]]:
    """By what names their logarithms are multiplied."""
    found: dict[Quantity, set[Quantity]] = {}
    for right in definitions.values():
        for node in nodes(right):
            if node.kind != "product":
                continue
            weights = [part for part in node.parts if isinstance(part, Quantity)]
            for part in node.parts:
                of = part.parts[0] if isinstance(part, Node) and part.text == "ln" else None
                if isinstance(of, Quantity) and len(weights) == 1:
                    found.setdefault(of, set()).add(weights[0])
    return found
