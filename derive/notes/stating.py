"""The sections that state a layered network: its neurons, its forward pass, its error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive import functions
from derive.calculus.chain import by
from derive.calculus.proof import prove_equations
from derive.formula import (
    Call,
    Equation,
    Formula,
    Name,
    Neuron,
    Power,
    Quotient,
    SumOver,
    equation,
    number,
    total,
)
from derive.model import Quantity, Role
from derive.model.numbers import Numbers
from derive.networks.layered import DECAY
from derive.networks.own import loss_of
from derive.notations.table import LAYER
from derive.notes.blocks import Block, Picture, Section, Table, Words
from derive.notes.drawing import draw
from derive.notes.functions import function_blocks, function_equations, unfamiliar
from derive.notes.graph import MOST_LAYERS, layer_graph
from derive.notes.page import MOST_NEURONS, Page

_ROWS = functions.ACTIVATIONS.keys()
MOST_SUMMED = 5
"""Exponentials of a softmax that are written one by one in a denominator."""


# The network.


def network_section(page: Page) -> Section:
    """How many neurons, how they are connected, and what the weights are called."""
    network, last = page.network, page.last
    rows: list[list[Formula | str]] = [
        [
            page.layer_name(layer),
            str(size),
            "" if layer == 0 else network.activations[layer - 1],
            "" if layer == 0 else _weights_into(page, layer),
        ]
        for layer, size in enumerate(network.layers)
    ]
    facts = {
        "spec": network.spec,
        "about": network.description.rstrip("."),
        "hidden": last - 1,
        "row": max(network.layers) == 1,
        "inputs": network.layers[0],
        "outputs": network.layers[-1],
        "bias": network.bias,
        "loss": network.loss,
        "weights": sum(network.weight_counts),
        "layers": len(network.layers),
        "biases": sum(network.bias_counts),
        "missing": _missing(page),
        "drawn": len(network.layers) <= MOST_LAYERS,
        "skips": [
            (page.layer_name(source), page.layer_name(target), target - source > 1)
            for source, target in network.skip
        ],
    }
    table = network.naming.table
    pattern = table.written["weight"]
    examples = {
        "examples": _weight_examples(page),
        "running": table.running and ("network" if "N" in pattern.marks else "layer"),
        "layer": table.by_layer and ("above" if LAYER in pattern.above else "below"),
        "out_of": table.weights == "out of",
        "source_first": table.source_first,
    }
    blocks: list[Block] = [
        Words("network_intro", facts),
        *_picture(page),
        Table("layers", rows),
        Words("weight_names", examples),
    ]
    if network.bias != "none":
        biases = [Name(q.name) for q in page.model.having(Role.BIAS)]
        bias_facts = {
            "bias": network.bias,
            "first": biases[0],
            "count": len(biases),
            "layer": page.layer_name(1),
            "neuron": page.neuron(1, 1),
        }
        blocks.append(Words("bias_names", bias_facts))
    return Section("network", facts, tuple(blocks))


def _picture(page: Page) -> Iterator[Picture]:
    """The neurons and their connections; the weights that are derived carry their names."""
    weights = [q.name for q in page.derived if q.role is Role.WEIGHT]
    graph = layer_graph(page.chain, weights)
    if graph is not None:
        drawn = draw("network", graph.overview(list(map(Name, weights))), page.model)
        yield replace(drawn, caption=Words("caption_network", {"marked": len(weights)}))


def _weights_into(page: Page, layer: int) -> str:
    before, size = page.network.layers[layer - 1 : layer + 1]
    count = page.network.weight_counts[layer - 1]
    left_out = before * size - count
    fewer = f" − {left_out:,}" if left_out else ""
    return f"{before:,} × {size:,}{fewer} = {count:,}"


def _missing(page: Page) -> list[tuple[Neuron, Neuron]]:
    """The pairs of neurons between which a connection is missing."""
    indices, sizes = page.indices, page.network.layers
    return [
        (page.neuron(layer - 1, i), page.neuron(layer, j))
        for layer in range(1, len(sizes))
        if page.rules.is_masked(layer)
        for j in range(1, sizes[layer] + 1)
        for i in range(1, sizes[layer - 1] + 1)
        if indices.is_missing("weight", layer, j, i)
    ]


def _weight_examples(page: Page) -> list[tuple[Name, Neuron, Neuron]]:
    """The weights into the first neuron of the last layer, and the first into the second."""
    names = page.model.in_layer(page.last, Role.WEIGHT)
    into = [page.model.quantities[name] for name in names[: page.network.layers[-2] + 1]]
    first = [q for q in into if q.index == 1][:3]
    second = [q for q in into if q.index == 2][:1]
    return [
        (
            Name(q.name),
            page.neuron(q.layer - 1, q.source or 0),
            page.neuron(q.layer, q.index),
        )
        for q in (*first, *second)
    ]


# The forward pass.


def forward_section(page: Page) -> Section:
    """Net inputs and outputs, layer by layer, and the functions with their derivatives."""
    model, network = page.model, page.network
    intro = {
        "biases": network.bias != "none",
        "input": Name(next(model.having(Role.INPUT)).name),
        "inputs": network.layers[0],
        "layer": page.layer_name(0),
    }
    blocks: list[Block] = [Words("forward_intro", intro)]
    waiting: list[Equation] = []
    run = 0
    for layer in range(1, page.last + 1):
        nets = [q for q in model.having(Role.NET) if q.layer == layer]
        outs = [q for q in model.having(Role.OUTPUT) if q.layer == layer]
        shown = len(nets) if len(nets) <= MOST_NEURONS else 2
        activation = network.activations[layer - 1]
        run += 1
        facts = {
            "layer": page.layer_name(layer),
            "count": len(nets),
            "before": network.layers[layer - 1],
            "left": len(nets) - shown,
            "function": activation != "identity",
            "softmax": activation == functions.SOFTMAX,
            "again": activation in network.activations[: layer - 1],
            "own": activation if activation in dict(network.functions) else "",
            "n": page.used["forward_layer"],
            "run": run,
        }
        page.used["forward_layer"] += 1
        stated = (equation(Name(q.name), model.definitions[q.name]) for q in nets[:shown])
        blocks += page.said("forward_layer", facts, f"net-{layer}", *stated)
        waiting += [equation(Name(q.name), _output(page, q)) for q in outs[:shown]]
        # What the same function does in several layers running is said once.
        if activation not in _ROWS or [activation] != list(network.activations[layer : layer + 1]):
            blocks += page.said("forward_out", facts, f"out-{layer}", *waiting)
            waiting, run = [], 0
    for name in dict.fromkeys(network.activations):
        blocks += _function(page, name)
    return Section("forward", {}, tuple(blocks))


def _output(page: Page, output: Quantity) -> Formula:
    """An output's definition; the sum over a large softmax layer with an index letter."""
    definition = page.model.definitions[output.name]
    size = page.network.layers[output.layer]
    if not page.rules.is_softmax(output.layer) or size <= MOST_SUMMED:
        return definition
    assert isinstance(definition, Quotient)
    letter = page.rules.names.letters[2]
    term = Call("exp", Neuron("net", output.layer, letter))
    return Quotient(definition.top, SumOver(letter, size, term))


def _function(page: Page, name: str) -> list[Block]:
    """What an activation is, and its derivative; of a function of the user's own nothing more."""
    network = page.network
    if name in dict(network.functions):
        return []
    if name == functions.SOFTMAX:
        return _softmax(page, network.activations.index(name) + 1)
    row = functions.activation(name)
    layers = [layer for layer, own in enumerate(network.activations, 1) if own == name]
    everywhere = len(layers) == len(network.activations)
    blocks = function_blocks(
        page,
        row,
        {functions.ACTIVATIONS[n].symbol for n in network.activations if n in _ROWS},
        of=[] if everywhere else [page.layer_name(layer) for layer in layers],
        out=Name(page.model.in_layer(layers[-1], Role.OUTPUT)[0]),
        n=page.used["function_slope"],
    )
    page.used["function_slope"] += row.own
    page.prove(blocks)
    return blocks


def _softmax(page: Page, layer: int) -> list[Block]:
    """The two derivatives of a share by the quotient rule: p·(1 − p), and −p·p′."""
    model = page.model
    nets = [q.name for q in model.having(Role.NET) if q.layer == layer][:2]
    outs = [q.name for q in model.having(Role.OUTPUT) if q.layer == layer][:2]
    size = page.network.layers[layer]
    layers = [
        page.layer_name(place)
        for place, name in enumerate(page.network.activations, 1)
        if name == functions.SOFTMAX
    ]
    definition = model.definitions[outs[0]]
    assert isinstance(definition, Quotient)
    whole = definition.bottom
    own, other = (Call("exp", Name(net)) for net in nets)
    # Of a large layer the sum is not written twice.
    first: list[Formula] = []
    second: list[Formula] = []
    if size <= MOST_SUMMED:
        squared = Power(whole, number(2))
        first = [(own * whole - own * own) / squared]
        second = [-(own * other / squared)]
    slopes = page.chain.local(outs[0])
    blocks = page.said(
        "softmax_slope",
        {"layers": layers, "size": size},
        f"softmax-{layer}",
        equation(by(outs[0], nets[0]), *first, slopes[nets[0]]),
        equation(by(outs[0], nets[1]), *second, slopes[nets[1]]),
    )
    page.prove(blocks)
    return [*blocks]


# The error.


def error_section(page: Page) -> Section:
    """The error of each output, their sum, and what else belongs to E_total."""
    model, network = page.model, page.network
    errors = model.errors
    shown = errors if len(errors) <= MOST_NEURONS else errors[:2]
    row = loss_of(network)
    alone = row.of_one if len(errors) == 1 else ""
    facts = {
        "errors": len(errors),
        "words": (alone or row.words or f"the {row.name} loss").split("$"),
        "total": row.total,
        "functions": bool(_in_loss(page)),
        "left": len(errors) - len(shown),
        "decay": bool(network.l2),
    }
    each, whole = (
        [equation(Name(name), model.definitions[name]) for name in names]
        for names in (shown, [model.total])
    )
    blocks: list[Block] = [
        *page.said("error_each", facts, "error", *each),
        *_loss(page),
        *page.said("error_total", facts, "total", *whole),
    ]
    if network.l2:
        blocks.append(Words("error_decay", {"factor": Name(DECAY)}))
    blocks += _conditions(page)
    numbers = network.numbers
    examples = len(numbers.inputs) if isinstance(numbers, Numbers) else 1
    if examples > 1:
        batch = {
            "examples": examples,
            "reduction": network.reduction,
            "factor": Name(DECAY) if network.l2 else None,
        }
        blocks.append(Words("error_batch", batch))
    return Section("error", {}, tuple(blocks))


def _in_loss(page: Page) -> list[functions.Function]:
    """The functions that the loss is written with, if they are not explained already."""
    names = page.network.activations
    explained = {functions.ACTIVATIONS[name].symbol for name in names if name in _ROWS}
    error = page.model.definitions[page.model.errors[0]]
    return [row for row in unfamiliar([error]) if row.symbol not in explained]


def _loss(page: Page) -> Iterator[Block]:
    """The functions that the loss is written with, and their derivatives."""
    rows = _in_loss(page)
    if not rows:
        return
    shown = [each for row in rows for each in function_equations(row)]
    helpers = unfamiliar(side for each in shown for side in each.sides)
    shown += [function_equations(row)[0] for row in helpers if row not in rows]
    prove_equations(page.model, shown, {})
    facts = {"remark": loss_of(page.network).remark.split("$"), "count": len(rows)}
    yield from page.said("loss_function", facts, rows[0].symbol, *shown)


def _conditions(page: Page) -> Iterator[Block]:
    """That the targets are shares."""
    for name in page.model.conditions:
        targets = [Name(q.name) for q in page.model.having(Role.TARGET)]
        if Name(name) not in targets:
            raise ValueError(f"the condition on {name} is none on the targets")
        summed = equation(total(targets), number(1))
        yield from page.said("error_shares", {"count": len(targets)}, "shares", summed)
