"""What a loss or an error is taken for of which a document says nothing but its letter."""

from __future__ import annotations

from dataclasses import replace

from derive.checking.stating.definitions import ERROR_STEMS, Definition
from derive.checking.stating.vectors import HALF, squared
from derive.checking.stating.written import Node, Written, changed, number


def is_loss(node: Node) -> bool:
    """Whether a call is a loss that compares two things: l(o, y)."""
    return node.kind == "call" and len(node.parts) == 2 and node.text in (*ERROR_STEMS, "H", "D")


def with_loss(definition: Definition, variant: int) -> Definition:
    """A definition with some loss in the place of each of which nothing is said."""

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node) and is_loss(written):
            return LOSSES[variant](*written.parts)
        return None

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


LOSSES = (_half_squares, _logistic, _mixed)
"""What a loss without a definition is taken for, one after the other."""
ERRORS = ("", "softplus", "exp")
"""The functions whose sum is an error of which nothing is said; squares first."""
