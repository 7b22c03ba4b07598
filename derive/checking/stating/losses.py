"""What a loss or an error is taken for of which a document says nothing but its letter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from derive.checking.stating.said import ERROR_STEMS, Definition
from derive.checking.stating.written import HALF, Node, Quantity, Written, changed, number, squared


def is_loss(node: Node) -> bool:
    """Whether a call is a loss that compares two things: l(o, y)."""
    known = (*ERROR_STEMS, *NAMED, "H", "D")
    return node.kind == "call" and len(node.parts) == 2 and node.text in known


def is_open(node: Node) -> bool:
    """Whether a call is a loss of which nothing is said."""
    return is_loss(node) and node.text not in NAMED


def with_loss(definition: Definition, variant: int, defined: Collection[str]) -> Definition:
    """A definition with some loss in the place of each of which nothing is said.

    One that is called by its name has what is `defined` for its output, in either order.
    """

    def rule(written: Written) -> Written | None:
        if not isinstance(written, Node) or not is_loss(written):
            return None
        first, second = written.parts
        if written.text not in NAMED:
            return LOSSES[variant](first, second)
        turned = isinstance(second, Quantity) and second.stem in defined
        return NAMED[written.text](*((second, first) if turned else (first, second)))

    return replace(definition, right=changed(definition.right, rule))


def _difference(output: Written, target: Written) -> Node:
    return Node("sum", (output, Node("negative", (target,))))


def _half_squares(output: Written, target: Written) -> Node:
    return Node("product", (HALF, squared(_difference(output, target))))


def _logistic(output: Written, target: Written) -> Node:
    plus = Node("call", (output,), "softplus")
    product = Node("entrywise", (target, output))
    return Node("entries", (_difference(plus, product),))


def _mixed(output: Written, target: Written) -> Node:
    sums = Node("entries", (_difference(output, target),))
    powers = Node("entries", (Node("call", (output,), "exp"),))
    return Node("sum", (Node("power", (sums, number("2"))), powers))


def _of_shares(output: Written, target: Written) -> Node:
    logarithm = Node("call", (output,), "ln")
    return Node("negative", (Node("entries", (Node("entrywise", (target, logarithm)),)),))


NAMED = {"CE": _of_shares}
"""The losses that authors write by their names."""
LOSSES = (_half_squares, _logistic, _mixed)
"""What a loss without a definition is taken for, one after the other."""
ERRORS = ("", "softplus", "exp")
"""The functions whose sum is an error of which nothing is said; squares first."""
