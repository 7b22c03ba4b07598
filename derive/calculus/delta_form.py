"""The delta form of a gradient, and that it is the same as the sum of paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.calculus.derivation import Step
from derive.calculus.descent import MOST_PATHS, Descent, by
from derive.formula import Delta, Formula, Name, equation, transform, walk
from derive.model import Model

MOST_SIDES = 6
"""Of a chain that opens δ after δ so many sides are written: the first ones and the last."""


def delta_steps(d: Descent) -> list[Step]:
    """The deltas on the way to w, the gradient in terms of them, and the way back."""
    chain = d.chain
    needed = [name for name in reversed(chain.deltas) if name in d.relevant]
    groups: dict[int, list[str]] = {}
    for name in reversed(needed):
        groups.setdefault(d.model.quantities[name].layer, []).append(name)
    shown: list[str] = []
    for layer in sorted(groups, reverse=True):
        shown += groups[layer] if len(groups[layer]) <= 6 else groups[layer][:1]
    equations = [
        equation(Delta(name), by(d.total, name), *chain.collapse(name))
        if len(shown) == 1 or layer_first
        else equation(Delta(name), *chain.collapse(name))
        for name, layer_first in _first_of_layer(shown, d.model)
    ]
    facts = {"weight": Name(d.w), "shown": len(shown), "needed": len(needed), "levels": len(groups)}
    gradient = chain.gradients[d.w]
    collapse = _collapse(d, shown)
    steps = [
        Step("deltas", "deltas", tuple(equations), facts),
        *collapse,
        Step(
            "delta-gradient",
            "delta_gradient",
            (equation(by(d.total, d.w), gradient),),
            {
                "weight": Name(d.w),
                "shared_deltas": len(_deltas_in(gradient)),
                "after_words": bool(collapse),
            },
        ),
    ]
    if d.count <= MOST_PATHS:
        written = {name: chain.collapse(name)[0] for name in needed}
        sides = [gradient]
        for layer in sorted(groups):
            opened = _open(sides[-1], written, groups[layer])
            if opened != sides[-1]:
                sides.append(opened)
        if len(sides) > MOST_SIDES:
            sides = [*sides[: MOST_SIDES - 1], sides[-1]]
        steps.append(
            Step(
                "same",
                "same_form",
                (equation(*sides),),
                {"other": "product" if d.feeds_one_output() else "total"},
            )
        )
    else:
        steps.append(
            Step("same", "same_many", (), {"paths": d.count, "inner": groups[min(groups)][0]})
        )
    return steps


def _collapse(d: Descent, shown: Sequence[str]) -> list[Step]:
    """What cancels where the error meets the activation, if anything does."""
    if all(len(d.chain.collapse(name)) == 1 for name in shown):
        return []
    return [Step("collapse", "collapse", (), {"shares": False})]


def _first_of_layer(names: Sequence[str], model: Model) -> list[tuple[str, bool]]:
    seen: set[int] = set()
    out = []
    for name in names:
        layer = model.quantities[name].layer
        out.append((name, layer not in seen))
        seen.add(layer)
    return out


def _deltas_in(formula: Formula) -> list[Formula]:
    return [node for node in walk(formula) if isinstance(node, Delta)]


def _open(formula: Formula, deltas: Mapping[str, Formula], names: Sequence[str]) -> Formula:
    """`formula` with the δ of `names` written out once."""

    def rule(node: Formula) -> Formula | None:
        return deltas[node.of] if isinstance(node, Delta) and node.of in names else None

    return transform(formula, rule)
