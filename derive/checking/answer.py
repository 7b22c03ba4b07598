"""The right formula for what a claim is about, to put beside a wrong one."""

from __future__ import annotations

from derive.calculus.chain import Chain, collected
from derive.formula import Delta, Formula, Name, Partial
from derive.formula.tidy import shortest
from derive.model import Model

MOST_PATHS = 8


def right_formula(model: Model, subject: Formula) -> Formula | None:
    """∂of/∂by or δ as the collected sum over its paths, or a quantity's definition.

    Nothing where that is too long.
    """
    if isinstance(subject, Name):
        return model.definitions.get(subject.name)
    if isinstance(subject, Delta):
        of, by = model.total, subject.of
    elif (
        isinstance(subject, Partial)
        and isinstance(subject.of, Name)
        and isinstance(subject.by, Name)
    ):
        of, by = subject.of.name, subject.by.name
    else:
        return None
    chain = Chain(model)
    if of == by or not 0 < chain.count_paths(of, by) <= MOST_PATHS:
        return None
    return shortest(collected(list(chain.paths(of, by))))
