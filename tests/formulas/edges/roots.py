"""What random points can say of roots: √x² is x where x is never seen to be negative, but may be.

A formula with √x² is only called true when x has taken both signs at the points, or when it is one of
the things that are positive by nature: an output of a sigmoid, 1 less such an output, an exponential.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

from tests.formulas.edges.meaning import Node, UndefinedError, below
from tests.formulas.edges.networks import Network
from tests.formulas.edges.values import Point

_POSITIVE = ("sig", "exp", "softplus")


def has_root(side: Node) -> bool:
    """Whether a power that is no whole number stands in a formula."""
    return any(node[0] == "pow" and node[2].denominator != 1 for node in below(side))


def signs_are_seen(sides: Sequence[Node], network: Network, points: Sequence[Point]) -> bool:
    """Whether what is squared below a root has one sign by nature, or both signs at the points."""
    for inside in (one for side in sides for one in _squared(side)):
        if positive(inside, network) or positive(_turned(inside), network):
            continue
        signs = set()
        for point in points:
            with suppress(UndefinedError):
                signs.add(point.value(inside) > 0)
        if len(signs) < 2:
            return False
    return True


def _squared(side: Node) -> Iterator[Node]:
    """What stands squared, or to another even power, or times itself, below a root."""
    for node in below(side):
        if node[0] == "pow" and node[2].denominator != 1:
            for part in below(node[1]):
                if part[0] == "pow" and part[2].denominator == 1 and part[2].numerator % 2 == 0:
                    yield part[1]
                if part[0] == "mul" and len(part[1]) == 2 and part[1][0] == part[1][1]:
                    yield part[1][0]


def positive(node: Node, network: Network) -> bool:
    """Whether a formula is positive by what it is made of."""
    kind = node[0]
    if kind == "num":
        return bool(node[1] > 0)
    if kind == "name":
        meaning = network.definitions.get(node[1])
        return meaning is not None and positive(meaning, network)
    if kind == "call":
        return node[1] in _POSITIVE and node[2] == 0
    if kind in ("mul", "div"):
        parts = node[1] if kind == "mul" else node[1:]
        return all(positive(part, network) for part in parts)
    if kind == "add":
        return all(positive(part, network) for part in node[1]) or _rest_of_one(node, network)
    return kind == "pow" and (node[2] % 2 == 0 or positive(node[1], network))


def _turned(node: Node) -> Node:
    """−x, with the sign in the terms of a sum."""
    if node[0] == "neg":
        return tuple(node[1])
    return ("add", [_turned(part) for part in node[1]]) if node[0] == "add" else ("neg", node)


def _rest_of_one(node: Node, network: Network) -> bool:
    """1 − out, the output of a sigmoid."""
    if len(node[1]) != 2:
        return False
    for one, other in (node[1], node[1][::-1]):
        if one == ("num", Fraction(1)) and other[0] == "neg":
            meaning = network.definitions.get(other[1][1]) if other[1][0] == "name" else other[1]
            return meaning is not None and meaning[:3] == ("call", "sig", 0)
    return False
