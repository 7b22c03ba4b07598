"""A step of gradient descent that is said of any parameter: w := w − η ∂E/∂w, θ ← θ − η ∇_θ J.

What w is nobody says, and it is no matter: where nothing else is spoken of, the rule is the same
for each of them, and is judged for one.
"""

from __future__ import annotations

from derive.formula import (
    ETA,
    Formula,
    Gradient,
    Name,
    Number,
    Partial,
    is_matrix,
    transform,
    walk,
)
from derive.grammar.written import Change, Unknown
from derive.model import PARAMETERS, Model, Role

_WEIGHTS = ("w", "W")
_BIASES = ("b",)
_ANY = ("θ", "Θ")


def of_one_parameter(sides: tuple[Formula, ...], model: Model) -> tuple[Formula, ...]:
    """The sides of a step of any parameter, as that of one; all others as they are."""
    leaves = {node for side in sides for node in walk(side) if not node.parts()}
    unknown = [leaf for leaf in leaves if isinstance(leaf, Unknown)]
    stems = {leaf.stem for leaf in unknown if not leaf.familiar and "_" not in leaf.text}
    if len(stems) != 1 or len(sides) < 2 or len(unknown) != sum(u.stem in stems for u in unknown):
        return sides
    (stem,) = stems
    rest = leaves - set(unknown) - {ETA, Name(model.total)}
    nodes = [node for side in sides for node in walk(side)]
    slopes = [node for node in nodes if isinstance(node, Partial | Gradient)]
    first = sides[0].of if isinstance(sides[0], Change) else sides[0]
    a_step = isinstance(first, Unknown) and slopes and all(_is_of(s, stem, model) for s in slopes)
    parameter = _one(stem, model)
    if parameter is None or not a_step or not all(isinstance(leaf, Number) for leaf in rest):
        return sides

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Gradient):
            return Partial(node.of, parameter)
        return parameter if isinstance(node, Unknown) else None

    return tuple(transform(side, rule) for side in sides)


def _is_of(slope: Partial | Gradient, stem: str, model: Model) -> bool:
    """Whether this is ∂E/∂w."""
    by = slope.by
    total = slope.of == Name(model.total) and not is_matrix(slope.of)
    return total and isinstance(by, Unknown) and by.stem == stem


def _one(stem: str, model: Model) -> Name | None:
    """A parameter that such a letter may mean: one that every step moves."""
    if stem in _WEIGHTS:
        roles: tuple[Role, ...] = (Role.WEIGHT,)
    elif stem in _BIASES:
        roles = (Role.BIAS,)
    elif stem in _ANY:
        roles = PARAMETERS
    else:
        return None
    found = [Name(quantity.name) for quantity in model.having(*roles)]
    return found[0] if found and all(model.moves(name.name) for name in found) else None
