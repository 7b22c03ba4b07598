"""The general rule in the network's own symbols: with indices, and in matrix form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derive.calculus.general import prove_matrix, prove_rules
from derive.calculus.indices import KINDS
from derive.formula import (
    ONE,
    Call,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Name,
    Negative,
    Neuron,
    Partial,
    Product,
    Sum,
    SumOver,
    Transposed,
    equation,
    product,
    transform,
)
from derive.model import Role
from derive.notes.blocks import Block, Listing, Section, Words

if TYPE_CHECKING:
    from derive.notes.compose import Composer

MOST_LAYERS = 6


def rule_sections(composer: Composer) -> list[Section]:
    """The rule neuron by neuron, layer by layer, and as an algorithm."""
    return [_index_section(composer), _matrix_section(composer), _algorithm_section(composer)]


# With indices.


def _general(composer: Composer, formula: Formula, index: str) -> Formula:
    """`formula` with every quantity of one neuron turned into that of neuron `index`."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Name):
            return None
        quantity = composer.model.quantities[node.name]
        return Neuron(KINDS[quantity.role], quantity.layer, index)

    return transform(formula, rule)


def _slope(composer: Composer, layer: int) -> Formula:
    """∂out/∂net of the first neuron of a layer."""
    out = next(q.name for q in composer.model.having(Role.OUTPUT) if q.layer == layer)
    return next(iter(composer.chain.local(out).values()))


def _delta_rule(composer: Composer, layer: int) -> Equation:
    own = Neuron("delta", layer, "j")
    by_net = Partial(Name(composer.model.total), Neuron("net", layer, "j"))
    if layer == composer.last:
        first = next(
            n for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
        )
        return equation(own, by_net, _general(composer, composer.chain.deltas[first], "j"))
    upper = composer.network.layers[layer + 1]
    arriving: Formula = SumOver(
        "k",
        upper,
        Product((Neuron("delta", layer + 1, "k"), Neuron("weight", layer + 1, "k", "j"))),
    )
    if upper == 1:
        arriving = Product((Neuron("delta", layer + 1, 1), Neuron("weight", layer + 1, 1, "j")))
    slope = _general(composer, _slope(composer, layer), "j")
    return equation(own, by_net, product([arriving, slope]))


def _gradient_rule(composer: Composer, layer: int) -> Equation:
    weight = Neuron("weight", layer, "j", "i")
    return equation(
        Partial(Name(composer.model.total), weight),
        Product((Neuron("delta", layer, "j"), Neuron("out", layer - 1, "i"))),
    )


def _bias_rule(composer: Composer, layer: int) -> Equation:
    total_ = Name(composer.model.total)
    delta: Formula = Neuron("delta", layer, "j")
    if composer.network.bias == "layer":
        size = composer.network.layers[layer]
        shared = Partial(total_, Neuron("bias", layer, 0))
        return equation(
            shared, SumOver("j", size, delta) if size > 1 else Neuron("delta", layer, 1)
        )
    return equation(Partial(total_, Neuron("bias", layer, "j")), delta)


def _layers(composer: Composer) -> list[int]:
    """The layers after the inputs, last first; of very many the ends."""
    return ends(range(composer.last, 0, -1))


def ends(layers: Sequence[int]) -> list[int]:
    """All of some layers; of very many the first three and the last two."""
    return list(layers) if len(layers) <= MOST_LAYERS else [*layers[:3], *layers[-2:]]


def _index_section(composer: Composer) -> Section:
    layers = _layers(composer)
    facts: dict[str, Any] = {
        "weight": Neuron("weight", composer.last, "j", "i"),
        "source": Neuron("neuron", composer.last - 1, "i"),
        "target": Neuron("neuron", composer.last, "j"),
        "number": Neuron("weight_rule", composer.last, 0),
        "layer": composer.layer_name(composer.last),
        "hidden": composer.last - 1,
        "bias": composer.network.bias,
        "left": composer.last - len(layers),
        "size": composer.network.layers[composer.last],
        "names": [composer.layer_name(layer) for layer in reversed(layers[1:])],
    }
    deltas = [_delta_rule(composer, layer) for layer in layers]
    gradients = [_gradient_rule(composer, layer) for layer in layers]
    biases = [] if composer.network.bias == "none" else [_bias_rule(composer, x) for x in layers]
    prove_rules(composer.chain, [*deltas, *gradients, *biases])
    blocks: list[Block] = [
        Words("rule_intro", facts),
        Words("rule_output", facts, runs_on=True),
        composer.display("rule-output", deltas[0]),
    ]
    if deltas[1:]:
        blocks += [
            Words("rule_hidden", facts, runs_on=True),
            composer.display("rule-hidden", *deltas[1:]),
        ]
    blocks += [
        Words("rule_gradient", facts, runs_on=True),
        composer.display("rule-gradient", *gradients),
    ]
    if biases:
        blocks += [Words("rule_bias", facts, runs_on=True), composer.display("rule-bias", *biases)]
    return Section("rule", facts, tuple(blocks))


# In matrix form.


def _vector(composer: Composer, formula: Formula) -> Formula:
    """A formula of one neuron as that of its whole layer: names to vectors, · to ⊙."""
    if isinstance(formula, Name):
        quantity = composer.model.quantities[formula.name]
        return Layer(KINDS[quantity.role], quantity.layer)
    parts = tuple(_vector(composer, part) for part in formula.parts())
    if isinstance(formula, Product):
        return Hadamard(parts)
    return formula.rebuilt(parts) if parts else formula


def _matrix_rules(composer: Composer, layer: int) -> list[Equation]:
    delta = Layer("delta", layer)
    if layer == composer.last:
        first = next(
            n for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
        )
        written = _vector(composer, composer.chain.deltas[first])
    else:
        arriving = Product((Transposed(Layer("weight", layer + 1)), Layer("delta", layer + 1)))
        slope = _vector(composer, _slope(composer, layer))
        factors = slope.factors if isinstance(slope, Hadamard) else (slope,)
        written = arriving if slope == ONE else Hadamard((arriving, *factors))
    total_ = Name(composer.model.total)
    rules = [
        equation(delta, written),
        equation(
            Partial(total_, Layer("weight", layer)),
            Product((delta, Transposed(Layer("out", layer - 1)))),
        ),
    ]
    if composer.network.bias == "neuron":
        rules.append(equation(Partial(total_, Layer("bias", layer)), delta))
    return rules


def _matrix_section(composer: Composer) -> Section:
    layers = _layers(composer)
    sizes = composer.network.layers
    rules = [_matrix_rules(composer, layer) for layer in layers]
    for layer, found in zip(layers, rules, strict=True):
        prove_matrix(composer.chain, layer, found)
    facts = {
        "weight": Layer("weight", composer.last),
        "rows": sizes[composer.last],
        "columns": sizes[composer.last - 1],
        "out": Layer("out", composer.last - 1),
        "delta": Layer("delta", composer.last),
        "layer": composer.layer_name(composer.last),
        "bias": composer.network.bias,
        "hidden": composer.last - 1,
        "entry": Neuron("weight", composer.last, "j", "i"),
    }
    shapes: list[list[Formula | str]] = [
        [
            Layer("weight", layer),
            f"{sizes[layer]} × {sizes[layer - 1]}",
            Layer("delta", layer),
            f"{sizes[layer]} × 1",
            Transposed(Layer("out", layer - 1)),
            f"1 × {sizes[layer - 1]}",
        ]
        for layer in layers
    ]
    from derive.notes.blocks import Table

    blocks: list[Block] = [
        Words("matrix_intro", facts),
        Words("matrix_deltas", facts, runs_on=True),
        composer.display("matrix-delta", *(r[0] for r in rules)),
        Words("matrix_gradients", facts, runs_on=True),
        composer.display("matrix-gradient", *(e for r in rules for e in r[1:])),
        Words("matrix_shapes", facts),
        Table("shapes", shapes),
    ]
    return Section("matrix", facts, tuple(blocks))


# The algorithm.


def _algorithm_section(composer: Composer) -> Section:
    network = composer.network
    forward, matrix = [], {x: _matrix_rules(composer, x) for x in _layers(composer)}
    for layer in sorted(matrix):
        net: Formula = Product((Layer("weight", layer), Layer("out", layer - 1)))
        if network.bias != "none":
            net = Sum((net, Layer("bias", layer)))
        symbol = composer._symbol(layer)  # noqa: SLF001
        vector = Layer("net", layer)
        forward.append(
            (
                equation(vector, net),
                equation(Layer("out", layer), Call(symbol, vector) if symbol else vector),
            )
        )
    eta = Letter("eta")
    last = composer.last
    updates = [
        (
            Layer("weight", layer),
            Sum(
                (
                    Layer("weight", layer),
                    Negative(
                        Product((eta, Partial(Name(composer.model.total), Layer("weight", layer))))
                    ),
                )
            ),
        )
        for layer in sorted(matrix)
    ]
    facts: dict[str, Any] = {
        "eta": eta,
        "input": Layer("out", 0),
        "target": Layer("target", last),
        "forward": forward,
        "left": last - len(matrix),
        "output": matrix[last][0],
        "hidden": [matrix[x][0] for x in sorted(matrix, reverse=True) if x != last],
        "gradients": [matrix[x][1] for x in sorted(matrix, reverse=True)],
        "biases": network.bias,
        "update_biases": network.update_biases,
        "updates": updates,
        "total": Name(composer.model.total),
    }
    keys = ["algorithm_start", "algorithm_forward", "algorithm_output"]
    keys += ["algorithm_hidden"] if last > 1 else []
    keys += ["algorithm_gradients", "algorithm_update", "algorithm_repeat"]
    return Section(
        "algorithm",
        facts,
        (Words("algorithm_intro", facts), Listing(tuple(Words(key, facts) for key in keys))),
    )
