"""What a written document of layers says of how many there are, counted anew."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive import Model
from derive.formula import Name, walk
from derive.model import Role


def _weights(model: Model) -> int:
    return sum(q.role is Role.WEIGHT for q in model.quantities.values())


def _behind(model: Model) -> int:
    """The weights behind the first layer."""
    return sum(q.role is Role.WEIGHT and q.layer > 1 for q in model.quantities.values())


def _paths(model: Model) -> int:
    """The ways from the first weight to the error."""
    first = next(n for n, q in model.quantities.items() if q.role is Role.WEIGHT)
    ways = {first: 1}
    for name, definition in model.definitions.items():
        below = {node.name for node in walk(definition) if isinstance(node, Name)}
        ways[name] = sum(ways.get(source, 0) for source in below)
    return ways[model.total]


C = r"([0-9,]+)"
COUNTS: dict[str, Callable[[Model], int]] = {
    rf"That makes {C} weight": _weights,
    rf"every weight is multiplied once, which makes {C} multiplication": _weights,
    rf"one product for its derivative, which makes {C} more": lambda m: _weights(m) + _behind(m),
    rf"again would take {C} passes": lambda m: _weights(m) + 1,
    rf"passes and {C} multiplications": lambda m: _weights(m) * (_weights(m) + 1),
    rf"the paths one by one, {C} products": _paths,
    rf"the outputs of the neurons, {C} number": lambda m: len([*m.having(Role.OUTPUT)]),
    rf"for all {C} parameters": lambda m: len(m.parameters),
}


def wrong_counts(model: Model, text: str) -> list[str]:
    """What a document of layers says of how much there is."""
    found = [(p, c, counted(model)) for p, counted in COUNTS.items() for c in re.findall(p, text)]
    assert len(found) >= 3
    return [f"{p}: {c}, not {right}" for p, c, right in found if int(c.replace(",", "")) != right]
