"""Rules for a layer by its number, stated once for all layers: δ^3 and δ^4 as δ^l and δ^{l+1}."""

from __future__ import annotations

from collections.abc import Mapping

from derive.formula import Equation, Everywhere, Formula, Layer, Neuron, SumOver, transform


def everywhere(formula: Formula, layer: int, letter: str) -> Formula:
    """What `formula` says of `layer`, with `letter` in the place of its number."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            return SumOver(node.index, 0, transform(node.body, rule))
        if isinstance(node, Neuron):
            return Everywhere(Neuron(node.kind, 0, node.index, node.source), written(node.layer))
        if isinstance(node, Layer):
            return Everywhere(Layer(node.kind, 0), written(node.layer))
        return None

    def written(number: int) -> str:
        offset = number - layer
        return letter if not offset else f"{letter}{offset:+d}"

    return transform(formula, rule)


def stated_once(rules: Mapping[int, Equation], letter: str) -> list[Equation]:
    """The one rule that all of these are, or nothing where the layers differ."""
    found = {
        Equation(tuple(everywhere(side, layer, letter) for side in rule.sides))
        for layer, rule in rules.items()
    }
    return list(found) if len(found) == 1 else []
