"""The general rule in the network's own symbols: with indices, and in matrix form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from derive import functions
from derive.calculus.general import prove_matrices, prove_rules
from derive.emit.layout import MOST_COLUMNS
from derive.errors import InputError
from derive.formula import (
    ONES,
    Delta,
    Equation,
    Formula,
    Layer,
    Letter,
    Name,
    Negative,
    Neuron,
    Partial,
    Product,
    Sum,
    Transposed,
    equation,
    walk,
)
from derive.notes.blocks import Block, Listing, Section, Table, Words
from derive.notes.by_layer import everywhere, of_any, stated_once
from derive.notes.page import MOST_NEURONS, Page

T = TypeVar("T")
MOST_LAYERS = 6


def rule_sections(page: Page) -> list[Section]:
    """The rule neuron by neuron, layer by layer, and as an algorithm."""
    return [_index_section(page), _matrix_section(page), algorithm_section(page)]


# With indices.


def _layers(page: Page) -> list[int]:
    """The layers after the inputs, last first; of very many the ends."""
    return ends(range(page.last, 0, -1))


def ends(layers: Sequence[T]) -> list[T]:
    """All of some layers; of very many the first three and the last two."""
    return list(layers) if len(layers) <= MOST_LAYERS else [*layers[:3], *layers[-2:]]


def _index_section(page: Page) -> Section:
    layers = _layers(page)
    j, i, _ = page.rules.names.letters
    weight = Neuron("weight", page.last, j, i)
    facts: dict[str, Any] = {
        "weight": weight,
        "source": Neuron("neuron", page.last - 1, i),
        "target": Neuron("neuron", page.last, j),
        "number": Neuron("weight_rule", page.last, 0),
        "j": j,
        "i": i,
        "layer": page.layer_name(page.last),
        "hidden": page.last - 1,
        "bias": page.network.bias,
        "alone": max(page.network.layers[2:], default=0) == 1,
        "left": page.last - len(layers),
        "size": page.network.layers[page.last],
        "from": page.rules.names.unit(page.last, 1),
        "to": page.rules.names.unit(page.last, page.network.layers[page.last]),
        "by_layer": page.rules.names.by_layer,
        "once": False,
        "missing": bool(page.network.missing),
        "softmax": page.rules.is_softmax(page.last),
        "shares": page.network.has_shares,
        "l2": bool(page.network.l2),
        "skips": bool(page.network.skip),
    }
    deltas, gradients, biases = _rules(page)
    if page.rules.names.by_layer:
        facts["weight"] = everywhere(weight, page.last, "l")
        facts["once"] = len(deltas) == 2
        _check_letters(page, deltas)
    blocks: list[Block] = [
        Words("rule_intro", facts),
        *page.said("rule_output", facts, "rule-output", deltas[0], boxed=True),
    ]
    if deltas[1:]:
        blocks += page.said("rule_hidden", facts, "rule-hidden", *deltas[1:], boxed=True)
    if gradients:
        blocks += page.said("rule_gradient", facts, "rule-gradient", *gradients, boxed=True)
    if biases:
        blocks += page.said("rule_bias", facts, "rule-bias", *biases, boxed=True)
    return Section("rule", facts, tuple(blocks))


def _check_letters(page: Page, deltas: Sequence[Equation]) -> None:
    """Raise :class:`InputError` where letters alone would have to say which layer a rule is of."""
    names = page.rules.names
    if names.table.units == "layer":
        return
    mixed = any(page.rules.is_softmax(layer) for layer in range(1, page.last))
    squares = page.rules.is_softmax(page.last) and not page.network.has_shares
    if len(deltas) > 2 or mixed or squares:
        raise InputError(
            f"notation: in {page.network.notation} letters alone say which layer a unit is in, and"
            " the layers of this network have rules of their own; take another notation, such as"
            " indexed"
        )


def _told(page: Page, rules: Mapping[int, Equation], letter: str = "l") -> list[Equation]:
    """A rule for each of some layers as it is told: once, with a letter, where all are the same.

    Else, and where the notation has no letters for layers, one by one; of very many the ends.
    """
    once = stated_once(rules, letter) if page.rules.names.by_layer else []
    shown = _layers(page)
    return once or [rule for layer, rule in rules.items() if layer in shown]


def _all_told(page: Page, rules: Mapping[int, Sequence[Equation]]) -> list[Equation]:
    """The same of several rules for each layer; one by one, those of a layer are together."""
    if not page.rules.names.by_layer:
        return [rule for found in rules.values() for rule in found]
    columns = zip(*rules.values(), strict=False)
    return [x for own in columns for x in _told(page, dict(zip(rules, own, strict=True)))]


def _needed(page: Page) -> list[int]:
    """The layers whose rules are looked for: all, if they may be told once for all of them."""
    return list(range(page.last, 0, -1)) if page.rules.names.by_layer else _layers(page)


def _rules(page: Page) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """The rules for δ, those of the last layer first, for weights and for biases; proved."""
    rules, last, needed = page.rules, page.last, _needed(page)
    once = rules.names.by_layer
    hidden = {layer: rules.delta(layer, once) for layer in needed[1:]}
    if once and not stated_once(hidden, "l"):
        hidden = {layer: rules.delta(layer) for layer in needed[1:]}
    deltas = {last: rules.delta(last)}
    counts, has_biases = page.network.weight_counts, page.network.bias != "none"
    weights = {layer: rules.gradient(layer) for layer in needed if counts[layer - 1]}
    biases = {layer: rules.bias(layer, once) for layer in needed if has_biases}
    groups = (deltas, hidden, weights, biases)
    prove_rules(page.chain, [rule for group in groups for rule in group.values()])
    first, others, gradients, shifts = (
        _told(page, group, "L" if group is deltas else "l") for group in groups
    )
    return [*first, *others], gradients, shifts


# In matrix form.


def _matrix_section(page: Page) -> Section:
    layers = _layers(page)
    sizes = page.network.layers
    rules = {layer: page.rules.matrix(layer) for layer in _needed(page)}
    prove_matrices(page.chain, (rule for found in rules.values() for rule in found))
    told, groups = _by_groups(page, rules)
    j, i, _ = page.rules.names.letters
    in_rows = page.rules.names.table.matrices == "rows"
    facts = {
        "weight": Layer("weight", page.last),
        "row": i if in_rows else j,
        "column": j if in_rows else i,
        "in_rows": in_rows,
        "rows": sizes[page.last],
        "columns": sizes[page.last - 1],
        "out": Layer("out", page.last - 1),
        "delta": Layer("delta", page.last),
        "layer": page.layer_name(page.last),
        "bias": page.network.bias,
        "hidden": page.last - 1,
        "entry": Neuron("weight", page.last, j, i),
        "softmax": functions.SOFTMAX in page.network.activations,
        "l2": bool(page.network.l2),
        "masks": [Layer("mask", x) for x in layers if page.rules.is_masked(x)],
    }

    def shape(targets: int, sources: int) -> str:
        return f"{sources} × {targets}" if in_rows else f"{targets} × {sources}"

    shapes: list[list[Formula | str]] = [
        [
            Layer("weight", layer),
            shape(sizes[layer], sizes[layer - 1]),
            Layer("delta", layer),
            shape(sizes[layer], 1),
            Transposed(Layer("out", layer - 1)),
            shape(1, sizes[layer - 1]),
        ]
        for layer in layers
    ]
    blocks: list[Block] = [
        Words("matrix_intro", facts),
        *page.said("matrix_rules", facts, "matrix-rules", *told, boxed=True, columns=groups),
        *([Words("matrix_masks", facts)] if facts["masks"] else []),
        *batch_blocks(page, _needed(page), facts),
        # Where all layers have one neuron nothing can be transposed the wrong way.
        *([Table("shapes", shapes)] if max(sizes) > 1 else []),
    ]
    return Section("matrix", facts, tuple(blocks))


def _by_groups(
    page: Page, rules: Mapping[int, Sequence[Equation]]
) -> tuple[list[Equation], tuple[int, ...]]:
    """The rules of all layers, δ and then the gradients made of it; how many are a group."""
    if not page.rules.names.by_layer:
        found = rules.values()
        return [rule for group in found for rule in group], tuple(map(len, found))
    hidden = {layer: found[0] for layer, found in rules.items() if layer != page.last}
    deltas = [*_told(page, {page.last: rules[page.last][0]}, "L"), *_told(page, hidden)]
    gradients = _all_told(page, {layer: found[1:] for layer, found in rules.items()})
    once = len(gradients) < len(rules[page.last])
    if once and len(deltas) == 2:
        return [*deltas, *gradients], (1, 1 + len(gradients))
    last = (len(gradients),) if once else (1,) * len(gradients)
    return [*deltas, *gradients], (1,) * len(deltas) + last


def batch_blocks(page: Page, layers: Sequence[int], facts: Mapping[str, Any]) -> list[Block]:
    """The gradients of all examples of a batch at once, where the notation has letters for them."""
    mean = page.network.averages
    rules = {layer: page.rules.batch(layer, mean=mean) for layer in layers}
    shown = _all_told(page, rules)
    facts = {
        **facts,
        "mean": mean,
        "shown": bool(shown),
        "count": page.rules.names.count,
        "ones": any(node == ONES for e in shown for node in walk(e.right)),
    }
    words = Words("matrix_batch", facts, runs_on=bool(shown))
    shown_rules = [page.display("matrix-batch", *shown, columns=_columns(page))] if shown else []
    return [words, *shown_rules]


def _columns(page: Page) -> int:
    """The most columns of gradients: one for weights and one for biases, if there are any."""
    return 2 if page.network.bias == "neuron" else MOST_COLUMNS


# The algorithm.


def algorithm_section(page: Page) -> Section:
    """Gradient descent with its loops: layers, examples, epochs."""
    network = page.network
    last = page.last
    by_layer = page.rules.names.by_layer
    shown = sorted(_layers(page))
    layers = sorted(_needed(page))
    matrix = {layer: page.rules.matrix(layer) for layer in layers}
    forward = {layer: page.rules.forward(layer) for layer in layers}
    updates = {layer: _update(page, layer) for layer in layers}
    steps = {layer: found[0] for layer, found in matrix.items()}
    if by_layer:
        # A sentence has no room for the form with the slope's name.
        steps = {layer: Equation((step.left, step.right)) for layer, step in steps.items()}
    deltas = {layer: steps[layer] for layer in reversed(layers) if layer != last}
    gradients = {layer: matrix[layer][1] for layer in reversed(layers)}

    nets, outs = (
        _told(page, {layer: pair[place] for layer, pair in forward.items()}) for place in (0, 1)
    )
    apart = by_layer and len(nets) == 1 < len(outs)
    if apart:
        # The last layer has a function of its own.
        before = stated_once({x: out for x, (_, out) in forward.items() if x < last}, "l")
        net, out = (of_any(e, last, "L") for e in forward[last])
        nets, outs = [*nets, net], [*before, out]
        apart = len(before) == 1
    if len(nets) != len(outs):
        pairs = [pair for layer, pair in forward.items() if layer in shown]
        nets, outs = ([pair[place] for pair in pairs] for place in (0, 1))
    facts: dict[str, Any] = {
        "eta": Letter("eta"),
        "input": Layer("out", 0),
        "target": Layer("target", last),
        "forward": list(zip(nets, outs, strict=True)),
        "left": last - len(shown),
        "output": _told(page, {last: steps[last]}, "L")[0],
        "hidden": _told(page, deltas),
        "gradients": _told(page, gradients),
        "biases": network.bias,
        "update_biases": network.update_biases,
        "updates": [update.sides for update in _told(page, updates)],
        "total": Name(page.model.total),
        "by_layer": by_layer,
        "once": by_layer and len(outs) == 1,
        "apart": apart,
        "alike": max(network.layers[1:]) > 1,
        "one_hidden": last == 2,
    }
    keys = ["algorithm_start", "algorithm_example", "algorithm_forward", "algorithm_output"]
    keys += ["algorithm_hidden"] if last > 1 else []
    keys += ["algorithm_gradients", "algorithm_update", "algorithm_epoch", "algorithm_repeat"]
    facts["reduction"] = "mean" if network.averages else "sum"
    facts["before_update"] = keys.index("algorithm_update")
    blocks: list[Block] = [
        Words("algorithm_intro", facts),
        Listing(tuple(Words(key, facts) for key in keys)),
        Words("algorithm_batch", facts),
    ]
    return Section("algorithm", facts, tuple(blocks))


def _update(page: Page, layer: int) -> Equation:
    """A layer's weights, and what becomes of them."""
    weights = Layer("weight", layer)
    by_weights = Partial(Name(page.model.total), weights)
    return equation(weights, Sum((weights, Negative(Product((Letter("eta"), by_weights))))))


# Every neuron.


def every_delta(page: Page) -> list[Block]:
    """The δ that no derivation has shown, layer by layer from the back; of large layers few."""
    chain, model = page.chain, page.model
    groups: list[list[Equation]] = []
    left = 0
    for layer in range(page.last, 0, -1):
        names = [n for n in chain.deltas if model.quantities[n].layer == layer]
        seen = [n for n in names if n in page.known]
        shown = names if len(names) <= MOST_NEURONS else names[: 0 if seen else 2]
        left += len(names) - len(shown)
        new = [n for n in shown if n not in page.known]
        groups += [[page.valued(equation(Delta(n), chain.deltas[n]))] for n in new]
    if not groups:
        return []
    facts = {
        "count": len(groups),
        "left": left,
        "known": bool(page.known),
        "outputs": page.last == 1 and bool(page.known),
    }
    return [Words("all_deltas", facts, runs_on=True), *page.displays("deltas", groups)]
