"""Rules for a layer by its number, stated once for all layers: δ^3 and δ^4 as δ^l and δ^{l+1}."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.formula import Equation, Everywhere, Formula, Layer, Neuron, SumOver, transform, walk


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


def of_each_layer(equation: Equation, last: int) -> Iterator[Equation]:
    """What an equation says of each layer; itself where it names no layer by a letter.

    One with a Σ over a layer is left out: how far it runs the layer decides.
    """
    nodes = [node for side in equation.sides for node in walk(side)]
    written = [node.layer for node in nodes if isinstance(node, Everywhere)]
    if not written:
        yield equation
        return
    if any(isinstance(node, SumOver) for node in nodes):
        return
    for layer in [last] if "L" in "".join(written) else range(1, last + 1):

        def rule(node: Formula, layer: int = layer) -> Formula | None:
            if not isinstance(node, Everywhere):
                return None
            return replace(node.of, layer=layer + int(node.layer[1:] or 0))

        yield Equation(tuple(transform(side, rule) for side in equation.sides))


def of_any(rule: Equation, layer: int, letter: str) -> Equation:
    """What a rule of `layer` says of the one that `letter` stands for."""
    return Equation(tuple(everywhere(side, layer, letter) for side in rule.sides))


def stated_once(rules: Mapping[int, Equation], letter: str) -> list[Equation]:
    """The one rule that all of these are, or nothing where the layers differ."""
    found = {of_any(rule, layer, letter) for layer, rule in rules.items()}
    return list(found) if len(found) == 1 else []
