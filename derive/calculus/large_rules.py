"""The backward pass of a large network of equations, found in small and proved at its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from derive.calculus.chain import Chain
from derive.calculus.graph_rules import REGIONS, Rule, Rules
from derive.errors import InputError, ProofError
from derive.exact.checking import Checking
from derive.exact.large import MOST_SINGLE, SMALLEST, array_points
from derive.model.shrunk import NotWidenedError, Shrunk


def backward_rules(chain: Chain) -> tuple[list[Rule], list[Rule]]:
    """The rules of the derivatives by all that lies between, from the back, and of the gradients.

    Raises :class:`~derive.errors.InputError` where very many have no rule.
    """
    model = chain.model
    found = None if array_points(model) is None else _widened(chain)
    if found is None:
        if not model.network.layers and len(model.definitions) > MOST_SINGLE:
            raise InputError(
                f"{model.network.name}: the derivatives of its families are not found in a few"
                f" lines, and {len(model.definitions):,} are too many to be stated one by one; give"
                " smaller sizes"
            )
        rules = Rules(chain)
        return rules.adjoints(), rules.gradients()
    return found


def _widened(chain: Chain) -> tuple[list[Rule], list[Rule]] | None:
    """The rules of the small model at the size of the large one; nothing where they do not fit."""
    model = chain.model
    try:
        shrunk = Shrunk(model)
        if len(shrunk.model.quantities) >= SMALLEST:
            return None
        rules = Rules(Chain(shrunk.model), equal=True)
        adjoints, gradients = (
            [_large(shrunk, rule) for rule in found]
            for found in (rules.adjoints(), rules.gradients())
        )
    except (KeyError, NotWidenedError):
        return None
    all_are_there = _count(adjoints) == len(chain.deltas)
    if not (all_are_there and _count(gradients) == len(model.parameters)):
        return None
    checking = Checking(model, 7, REGIONS)
    try:
        if not checking.by_arrays(lambda: _prove(checking, [*adjoints, *gradients])):
            return None
    except ProofError:
        # What the families have in common in small need not be so in large.
        return None
    return adjoints, gradients


def _large(shrunk: Shrunk, rule: Rule) -> Rule:
    sides = tuple(map(shrunk.widened, rule.equation.sides))
    ranges = {letter: shrunk.ends(letter, ends, rule.of) for letter, ends in rule.ranges.items()}
    return Rule(replace(rule.equation, sides=sides), ranges, shrunk.widened(rule.of))


def _count(rules: Sequence[Rule]) -> int:
    """Of how many quantities the rules speak."""
    return sum(prod(high + 1 - low for low, high in rule.ranges.values()) for rule in rules)


def _prove(checking: Checking, rules: Sequence[Rule]) -> None:
    from derive.calculus.family_rules import prove_over

    def runs(rule: Rule) -> dict[str, range]:
        return {letter: range(low, high + 1) for letter, (low, high) in rule.ranges.items()}

    prove_over(checking, [(rule.equation, runs(rule)) for rule in rules])
