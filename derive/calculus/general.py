"""The proof of the general rule: every instance of its indices, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Iterable

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices, pairs
from derive.calculus.points import Point
from derive.errors import ProofError
from derive.formula import Equation

LARGEST_LAYER = 8
"""Of a larger layer the rule is checked for the first two neurons and the last."""
MOST_ENTRIES = 4_000
"""Entries of a matrix up to which all of them are checked."""


def prove_rules(chain: Chain, rules: Iterable[Equation]) -> None:
    """Every rule holds for all values of its indices (in large layers: for the ends)."""
    point = Point(chain.model, 2)
    indices = Indices(chain.model)
    for rule in rules:
        ranges = {
            letter: range(1, size + 1) if size <= LARGEST_LAYER else (1, 2, size)
            for letter, size in indices.letters(*rule.sides).items()
        }
        for chosen in indices.choices(ranges):
            if len({point.value(indices.instance(side, chosen)) for side in rule.sides}) > 1:
                raise ProofError(f"the general rule does not hold for {chosen}")


def prove_matrix(chain: Chain, layer: int, rules: Iterable[Equation]) -> None:
    """Every entry of the layer's equations is the scalar derivative of that entry."""
    sizes = chain.model.network.layers
    if sizes[layer] * sizes[layer - 1] > MOST_ENTRIES:
        return
    point = Point(chain.model, 3)
    matrices = Matrices(Indices(chain.model))
    for rule in rules:
        left, right = (matrices.entries(side) for side in (rule.left, rule.right))
        if any(point.value(a) != point.value(b) for a, b in pairs(left, right)):
            raise ProofError(f"the matrix form does not hold in layer {layer}")
