"""The proof of the general rule: every instance of its indices, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from math import prod

from derive.calculus.chain import Chain
from derive.calculus.entries import ShapeError, pairs
from derive.calculus.indices import Indices, MissingError
from derive.calculus.matrices import Matrices
from derive.errors import ProofError
from derive.exact.checking import Checking
from derive.formula import Equation, Formula, Layer, Partial

LARGEST_LAYER = 8
"""Of a larger layer the rule is checked for the first two neurons and the last."""
REGIONS = 4
"""Points, in regions chosen at random, at which rules with kinks are checked."""
MOST_ENTRIES = 4_000
"""Weights of a layer up to which all entries of its equations are checked one by one."""


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
        chosen = failing(checking, indices, rule, ranges)
        if chosen is not None:
            raise ProofError(f"the general rule does not hold for {chosen}")


def failing(
    checking: Checking, indices: Indices, rule: Equation, ranges: Mapping[str, Sequence[int]]
) -> dict[str, int] | None:
    """The first numbers of the letters of a rule for which its sides are not the same.

    Where it would be about a weight that is missing it says nothing.
    """
    for chosen in indices.choices(ranges):
        try:
            sides = [indices.instance(side, chosen) for side in rule.sides]
        except MissingError:
            continue
        if not checking.agree(*sides):
            return chosen
    return None


def prove_matrices(chain: Chain, rules: Iterable[Equation]) -> None:
    """Every entry of the equations between vectors and matrices, for every number of their letters.

    Raises :class:`ProofError` that names the entry.
    """
    checking = Checking(chain.model, 5, REGIONS)
    indices, rules = Indices(chain.model), list(rules)
    if checking.arrays is not None:
        from derive.calculus.family_rules import prove_layers
        from derive.calculus.templates import NoTemplateError

        # What is no template is proved entry by entry.
        with suppress(NoTemplateError):
            if checking.by_arrays(lambda: prove_layers(checking, indices, rules, matrices=True)):
                return
    matrices = Matrices(indices)
    for rule in rules:
        if _weights(matrices, rule.left) > MOST_ENTRIES:
            continue
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


def _weights(matrices: Matrices, left: Formula) -> int:
    """How many weights lead to the layer that an equation is about."""
    about = left.by if isinstance(left, Partial) else left
    return prod(matrices.shape(Layer("weight", about.layer))) if isinstance(about, Layer) else 0
