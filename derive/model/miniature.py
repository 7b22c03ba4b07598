"""The miniature of a model: the same families with two members along each index.

A rule for a whole family shows in it already, as what its few instances have in common.
"""

from __future__ import annotations

from dataclasses import replace

from derive.formula import Formula, SumOver, transform
from derive.model.families import Family, Indices
from derive.model.instances import Instances

SIZE = 2


def miniature(instances: Instances) -> Instances:
    """The instances of the same families with every range shrunk, or widened, to two numbers.

    What is missing in a family is there. A member is called by the key of its family and its
    indices, a single quantity by its key.
    """
    return Instances([_shrunk(family) for family in instances.families], Keys())


def _shrunk(family: Family) -> Family:
    ranges = tuple(range(run.start, run.start + SIZE) for run in family.ranges)
    definition = family.definition and transform(family.definition, _short)
    return replace(family, ranges=ranges, definition=definition, absent=frozenset())


def _short(node: Formula) -> Formula | None:
    """A Σ over two numbers in the place of one over all."""
    if not isinstance(node, SumOver):
        return None
    body = transform(node.body, _short)
    return SumOver(node.index, node.lower + SIZE - 1, body, node.lower, node.bare)


class Keys:
    """How the members are called: ``net:2[1]``."""

    def plain(self, family: Family, indices: Indices) -> str:
        return family.key + "".join(f"[{index}]" for index in indices)

    latex = plain

    def find(self, name: str) -> tuple[str, Indices] | None:
        key, *indices = name.replace("]", "").split("[")
        return key, tuple(map(int, indices))
