"""The proof of the general rule: every instance of its indices, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Iterable

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices, MissingError
from derive.calculus.matrices import Matrices, ShapeError, pairs
from derive.errors import ProofError
from derive.exact.checking import Checking
from derive.formula import Equation

LARGEST_LAYER = 8
"""Of a larger layer the rule is checked for the first two neurons and the last."""
REGIONS = 4
"""Points, in regions chosen at random, at which rules with kinks are checked."""
MOST_ENTRIES = 4_000
"""Entries of a matrix up to which all of them are checked."""


def prove_rules(chain: Chain, rules: Iterable[Equation]) -> None:
    """Every rule holds for all values of its indices (in large layers: for the ends)."""
    checking = Checking(chain.model, 2, REGIONS)
    indices = Indices(chain.model)
    rules = list(rules)
    if checking.arrays is not None:
        from derive.calculus.family_rules import prove_layers

        if checking.by_arrays(lambda: prove_layers(checking, indices, rules)):
            return
    for rule in rules:
        ranges = {
            letter: range(1, size + 1) if size <= LARGEST_LAYER else (1, 2, size)
            for letter, size in indices.letters(*rule.sides).items()
        }
        for chosen in indices.choices(ranges):
            try:
                sides = [indices.instance(side, chosen) for side in rule.sides]
            except MissingError:
                continue
            if not checking.agree(*sides):
                raise ProofError(f"the general rule does not hold for {chosen}")


def prove_matrix(chain: Chain, layer: int, rules: Iterable[Equation]) -> None:
    """Every entry of the layer's equations is the scalar derivative of that entry."""
    sizes = chain.model.network.layers
    checking = Checking(chain.model, 3, REGIONS)
    indices, rules = Indices(chain.model), list(rules)
    if checking.arrays is not None:
        from derive.calculus.family_rules import prove_layers

        if checking.by_arrays(lambda: prove_layers(checking, indices, rules, matrices=True)):
            return
    if sizes[layer] * sizes[layer - 1] > MOST_ENTRIES:
        return
    matrices = Matrices(indices)
    for rule in rules:
        left = matrices.entries(rule.left)
        for side in rule.sides[1:]:
            for a, b in pairs(left, matrices.entries(side)):
                if not checking.agree(a, b):
                    raise ProofError(f"the matrix form does not hold in layer {layer}")


def prove_arrays(chain: Chain, rules: Iterable[Equation]) -> None:
    """Every entry of the equations between arrays, for every number of their index letters.

    Raises :class:`ProofError` that names the entry.
    """
    checking = Checking(chain.model, 5, REGIONS)
    indices = Indices(chain.model)
    matrices = Matrices(indices)
    for rule in rules:
        for chosen in indices.choices(indices.ranges(*rule.sides)):
            where = "".join(f" for {letter} = {number}" for letter, number in chosen.items())
            try:
                left, *others = (
                    matrices.entries(indices.instance(side, chosen)) for side in rule.sides
                )
                compared = [pair for right in others for pair in pairs(left, right)]
            except (ShapeError, KeyError) as error:
                raise ProofError(f"the matrix form of {rule.left} fails{where}: {error}") from None
            for a, b in compared:
                if not checking.agree(a, b):
                    raise ProofError(f"the matrix form does not hold{where}: {a} is not {b}")
