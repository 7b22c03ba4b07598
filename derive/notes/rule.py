"""The general rule in the network's own symbols: with indices, and in matrix form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from derive.notes.by_layer import everywhere, stated_once

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


def _named_slope(composer: Composer, layer: int, net: Formula) -> Formula | None:
    """∂out/∂net of a layer by its function: sig'(net); nothing where it is no function of net."""
    out = next(q.name for q in composer.model.having(Role.OUTPUT) if q.layer == layer)
    definition = composer.model.definitions[out]
    if isinstance(definition, Call) and isinstance(definition.argument, Name):
        return Call(definition.function, net, 1)
    return None


def _delta_rule(composer: Composer, layer: int, summed: bool = False) -> Equation:
    """The rule for δ of a layer; `summed` keeps a Σ of a single summand."""
    names = composer.names
    j, _, k = names.letters
    own, net = Neuron("delta", layer, j), Neuron("net", layer, j)
    by_net = Partial(Name(composer.model.total), net)
    named = _named_slope(composer, layer, net) if names.by_layer else None
    if layer == composer.last:
        first = next(
            n for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
        )
        written = _general(composer, composer.chain.deltas[first], j)
        if named is None:
            return equation(own, by_net, written)
        by_out = Partial(Name(composer.model.total), Neuron("out", layer, j))
        return equation(own, by_net, Product((by_out, named)), written)
    upper = composer.network.layers[layer + 1]
    next_: int | str = k if upper > 1 or summed else 1
    factors = Neuron("delta", layer + 1, next_), Neuron("weight", layer + 1, next_, j)
    arriving: Formula = Product(factors[::-1] if names.by_layer else factors)
    if isinstance(next_, str):
        arriving = SumOver(next_, upper, arriving)
    slope = _general(composer, _slope(composer, layer), j)
    middle = [] if named is None else [product([arriving, named])]
    return equation(own, by_net, *middle, product([arriving, slope]))


def _gradient_rule(composer: Composer, layer: int) -> Equation:
    j, i, _ = composer.names.letters
    factors = Neuron("delta", layer, j), Neuron("out", layer - 1, i)
    return equation(
        Partial(Name(composer.model.total), Neuron("weight", layer, j, i)),
        Product(factors[::-1] if composer.names.by_layer else factors),
    )


def _bias_rule(composer: Composer, layer: int, summed: bool = False) -> Equation:
    total_ = Name(composer.model.total)
    j = composer.names.letters[0]
    delta: Formula = Neuron("delta", layer, j)
    if composer.network.bias == "layer":
        size = composer.network.layers[layer]
        shared = Partial(total_, Neuron("bias", layer, 0))
        return equation(
            shared, SumOver(j, size, delta) if size > 1 or summed else Neuron("delta", layer, 1)
        )
    return equation(Partial(total_, Neuron("bias", layer, j)), delta)


def _layers(composer: Composer) -> list[int]:
    """The layers after the inputs, last first; of very many the ends."""
    return ends(range(composer.last, 0, -1))


def ends(layers: Sequence[int]) -> list[int]:
    """All of some layers; of very many the first three and the last two."""
    return list(layers) if len(layers) <= MOST_LAYERS else [*layers[:3], *layers[-2:]]


def _index_section(composer: Composer) -> Section:
    layers = _layers(composer)
    j, i, _ = composer.names.letters
    weight = Neuron("weight", composer.last, j, i)
    facts: dict[str, Any] = {
        "weight": weight,
        "source": Neuron("neuron", composer.last - 1, i),
        "target": Neuron("neuron", composer.last, j),
        "number": Neuron("weight_rule", composer.last, 0),
        "layer": composer.layer_name(composer.last),
        "hidden": composer.last - 1,
        "bias": composer.network.bias,
        "left": composer.last - len(layers),
        "size": composer.network.layers[composer.last],
        "names": [composer.layer_name(layer) for layer in reversed(layers[1:])],
        "by_layer": composer.names.by_layer,
        "once": False,
    }
    deltas = [_delta_rule(composer, layer) for layer in layers]
    gradients = [_gradient_rule(composer, layer) for layer in layers]
    biases = [] if composer.network.bias == "none" else [_bias_rule(composer, x) for x in layers]
    prove_rules(composer.chain, [*deltas, *gradients, *biases])
    if composer.names.by_layer:
        facts["weight"] = everywhere(weight, composer.last, "l")
        deltas, gradients, biases = _by_layer(composer, deltas, biases)
        facts["once"] = len(deltas) == 2
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


def _by_layer(
    composer: Composer, deltas: list[Equation], biases: list[Equation]
) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """The rules with letters for the layers; those of δ one by one where the layers differ."""
    last = composer.last
    hidden = {layer: _delta_rule(composer, layer, True) for layer in range(1, last)}
    weights = {layer: _gradient_rule(composer, layer) for layer in range(1, last + 1)}
    shifts = {layer: _bias_rule(composer, layer, True) for layer in weights} if biases else {}
    prove_rules(composer.chain, [*hidden.values(), *weights.values(), *shifts.values()])
    return (
        [*stated_once({last: deltas[0]}, "L"), *(stated_once(hidden, "l") or deltas[1:])],
        stated_once(weights, "l"),
        stated_once(shifts, "l"),
    )


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
        arriving: Formula = Partial(Name(composer.model.total), Layer("out", layer))
    else:
        arriving = Product((Transposed(Layer("weight", layer + 1)), Layer("delta", layer + 1)))
        slope = _vector(composer, _slope(composer, layer))
        factors = slope.factors if isinstance(slope, Hadamard) else (slope,)
        written = arriving if slope == ONE else Hadamard((arriving, *factors))
    named = None
    if composer.names.by_layer:
        named = _named_slope(composer, layer, Layer("net", layer))
    total_ = Name(composer.model.total)
    rules = [
        equation(delta, *([] if named is None else [Hadamard((arriving, named))]), written),
        equation(
            Partial(total_, Layer("weight", layer)),
            Product((delta, Transposed(Layer("out", layer - 1)))),
        ),
    ]
    if composer.network.bias == "neuron":
        rules.append(equation(Partial(total_, Layer("bias", layer)), delta))
    return rules


def _matrices_by_layer(
    composer: Composer, rules: dict[int, list[Equation]], deltas: list[Equation]
) -> tuple[list[Equation], list[Equation]]:
    """The matrix rules with letters for the layers; those of δ singly where the layers differ."""
    last = composer.last
    hidden = {layer: found[0] for layer, found in rules.items() if layer != last}
    gradients = [
        once
        for place in range(1, len(rules[last]))
        for once in stated_once({layer: found[place] for layer, found in rules.items()}, "l")
    ]
    first = stated_once({last: rules[last][0]}, "L")
    return [*first, *(stated_once(hidden, "l") or deltas[1:])], gradients


def _matrix_section(composer: Composer) -> Section:
    layers = _layers(composer)
    sizes = composer.network.layers
    rules = [_matrix_rules(composer, layer) for layer in layers]
    for layer, found in zip(layers, rules, strict=True):
        prove_matrix(composer.chain, layer, found)
    deltas = [found[0] for found in rules]
    gradients = [rule for found in rules for rule in found[1:]]
    if composer.names.by_layer:
        everywhere_ = {x: _matrix_rules(composer, x) for x in range(1, composer.last + 1)}
        for layer, found in everywhere_.items():
            prove_matrix(composer.chain, layer, found)
        deltas, gradients = _matrices_by_layer(composer, everywhere_, deltas)
    j, i, _ = composer.names.letters
    facts = {
        "weight": Layer("weight", composer.last),
        "row": j,
        "column": i,
        "rows": sizes[composer.last],
        "columns": sizes[composer.last - 1],
        "out": Layer("out", composer.last - 1),
        "delta": Layer("delta", composer.last),
        "layer": composer.layer_name(composer.last),
        "bias": composer.network.bias,
        "hidden": composer.last - 1,
        "entry": Neuron("weight", composer.last, j, i),
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
        composer.display("matrix-delta", *deltas),
        Words("matrix_gradients", facts, runs_on=True),
        composer.display("matrix-gradient", *gradients),
        Words("matrix_shapes", facts),
        Table("shapes", shapes),
    ]
    return Section("matrix", facts, tuple(blocks))


# The algorithm.


def _algorithm_section(composer: Composer) -> Section:
    network = composer.network
    last = composer.last
    by_layer = composer.names.by_layer
    shown = sorted(_layers(composer))
    layers = range(1, last + 1) if by_layer else shown
    matrix = {layer: _matrix_rules(composer, layer) for layer in layers}
    forward = {layer: _forward(composer, layer) for layer in layers}
    updates = {layer: _update(composer, layer) for layer in layers}
    steps = {layer: Equation((found[0].left, found[0].right)) for layer, found in matrix.items()}
    deltas = {layer: steps[layer] for layer in reversed(layers) if layer != last}
    gradients = {layer: matrix[layer][1] for layer in reversed(layers)}

    def stated(rules: Mapping[int, Equation]) -> list[Equation]:
        once = stated_once(rules, "l") if by_layer else []
        return once or [rule for layer, rule in rules.items() if layer in shown]

    nets = stated({layer: net for layer, (net, _) in forward.items()})
    outs = stated({layer: out for layer, (_, out) in forward.items()})
    if len(nets) != len(outs):
        nets = [net for layer, (net, _) in forward.items() if layer in shown]
    facts: dict[str, Any] = {
        "eta": Letter("eta"),
        "input": Layer("out", 0),
        "target": Layer("target", last),
        "forward": list(zip(nets, outs, strict=True)),
        "left": last - len(shown),
        "output": stated_once({last: steps[last]}, "L")[0] if by_layer else steps[last],
        "hidden": stated(deltas),
        "gradients": stated(gradients),
        "biases": network.bias,
        "update_biases": network.update_biases,
        "updates": [equation_.sides for equation_ in stated(updates)],
        "total": Name(composer.model.total),
        "by_layer": by_layer,
        "once": by_layer and len(outs) == 1,
    }
    keys = ["algorithm_start", "algorithm_forward", "algorithm_output"]
    keys += ["algorithm_hidden"] if last > 1 else []
    keys += ["algorithm_gradients", "algorithm_update", "algorithm_repeat"]
    return Section(
        "algorithm",
        facts,
        (Words("algorithm_intro", facts), Listing(tuple(Words(key, facts) for key in keys))),
    )


def _forward(composer: Composer, layer: int) -> tuple[Equation, Equation]:
    """Net inputs and outputs of a layer."""
    net: Formula = Product((Layer("weight", layer), Layer("out", layer - 1)))
    if composer.network.bias != "none":
        net = Sum((net, Layer("bias", layer)))
    symbol = composer._symbol(layer)  # noqa: SLF001
    vector = Layer("net", layer)
    out = Call(symbol, vector) if symbol else vector
    return equation(vector, net), equation(Layer("out", layer), out)


def _update(composer: Composer, layer: int) -> Equation:
    """A layer's weights, and what becomes of them."""
    weights = Layer("weight", layer)
    by_weights = Partial(Name(composer.model.total), weights)
    return equation(weights, Sum((weights, Negative(Product((Letter("eta"), by_weights))))))
