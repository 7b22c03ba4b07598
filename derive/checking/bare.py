"""Formulas without a left side: of what they are the gradient."""

from __future__ import annotations

from derive.checking.comparing import Comparing
from derive.formula import ONE, ZERO, Formula, Name, Partial, Sum, walk
from derive.model import Model

MOST_BARE = 60
"""Errors whose gradients are compared with a bare expression."""


def left_of_bare(formula: Formula, comparing: Comparing) -> Formula | None:
    """The gradient that an expression equals, by a parameter that stands in it; or nothing."""
    model = comparing.equality.model
    if isinstance(formula, Partial):
        # A derivative that is only named has no value yet.
        return None
    if comparing.holds(formula, ZERO) or comparing.holds(formula, ONE):
        # That is the gradient of whatever does not depend on it, or of a bias.
        return None
    slopes = [node.by for node in walk(formula) if isinstance(node, Partial)]
    parameters = [by for by in slopes if isinstance(by, Name) and by.name in model.parameters]
    for by in dict.fromkeys(parameters):
        for of in [*model.errors[:MOST_BARE], model.total]:
            left = Partial(Name(of), by)
            if left != formula and comparing.holds(left, formula):
                return left
    return None


def contains_gradient(formula: Formula, left: Formula, model: Model) -> bool:
    """Whether an expression contains an error's derivative by the weight of its own left side.

    A sum of such derivatives and of nothing else does not count: ∂E_1/∂w + ∂E_2/∂w is ∂E/∂w.
    """
    errors = {*model.errors, model.total}

    def is_gradient(node: Formula) -> bool:
        return (
            isinstance(node, Partial)
            and isinstance(left, Partial)
            and node.by == left.by
            and isinstance(node.of, Name)
            and node.of.name in errors
        )

    terms = formula.terms if isinstance(formula, Sum) else (formula,)
    return any(map(is_gradient, walk(formula))) and not all(map(is_gradient, terms))
