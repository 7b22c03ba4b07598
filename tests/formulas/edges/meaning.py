"""What the oracle's formulas are made of, and the three ways in which it gives up.

A node is a tuple whose first part is its kind:

====================  ===============================================================
``("num", q)``        an exact number, a Fraction
``("name", n)``       the quantity n
``("free", s)``       a letter with a value of its own: η, a placeholder
``("add", xs)``       a sum
``("mul", xs)``       a product
``("neg", x)``        −x
``("div", x, y)``     x/y
``("pow", x, q)``     x to the exact number q, the principal real root where q is a fraction
``("call", f, p, x)`` the p-th derivative of the function f at x
``("partial", x, n)`` ∂x/∂n
``("updated", n)``    w⁺, the weight n after a step
``("either", xs)``    a spelling with several readings, of which one is usual
``("split", xs)``     a spelling with several readings, none of which may be taken in silence
``("doubt", x)``      x, if that is what is meant
====================  ===============================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Node = tuple[Any, ...]


class UnreadError(Exception):
    """The oracle does not read this spelling."""


class UnsureError(Exception):
    """The oracle reads this spelling, but gives no answer."""


class UndefinedError(Exception):
    """A formula has no real value at a point."""


def parts(node: Node) -> Iterator[Node]:
    """The nodes directly below one."""
    for part in node[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield part
        elif isinstance(part, list):
            yield from part


def below(node: Node) -> Iterator[Node]:
    """A node and all nodes below it."""
    yield node
    for part in parts(node):
        yield from below(part)


def with_parts(node: Node, make: Any) -> Node:
    """A node whose parts are made anew."""
    made: list[Any] = [node[0]]
    for part in node[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            made.append(make(part))
        elif isinstance(part, list):
            made.append([make(one) for one in part])
        else:
            made.append(part)
    return tuple(made)


def constant(node: Node) -> Fraction | None:
    """The exact number that a formula without names is; nothing for all others."""
    kind = node[0]
    if kind == "num":
        return Fraction(node[1])
    if kind == "neg":
        inner = constant(node[1])
        return None if inner is None else -inner
    if kind in ("add", "mul"):
        values = [constant(part) for part in node[1]]
        made = Fraction(0 if kind == "add" else 1)
        for value in values:
            if value is None:
                return None
            made = made + value if kind == "add" else made * value
        return made
    if kind == "div":
        top, bottom = constant(node[1]), constant(node[2])
        return None if top is None or not bottom else top / bottom
    return None
