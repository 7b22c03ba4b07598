"""The document of networks of any sizes and depth: every rule derived with letters for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.layer_steps import LayerSteps
from derive.formula import (
    Equation,
    Everywhere,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Product,
    SumOver,
    equation,
    product,
)
from derive.networks.general import General
from derive.networks.layered import DECAY
from derive.networks.own import activation_of, loss_of
from derive.networks.sources import build
from derive.notes.blocks import Block, Notes, Section, Words
from derive.notes.by_layer import of_any
from derive.notes.drawing import draw
from derive.notes.functions import function_blocks
from derive.notes.general_example import layers_example
from derive.notes.graph import any_graph
from derive.notes.page import Page
from derive.notes.rule import algorithm_section, batch_blocks

ANY, LAST = "l", "L"
"""How the letters of any layer and of the last one are written, whatever the notation has."""


class GeneralPage(Page):
    """The document in the making; the network in it stands in for all others."""

    def __init__(self, general: General) -> None:
        self.general = general
        super().__init__(general.template, Chain(build(general.template)))
        self.hidden = self.last - 1
        """The layer that stands in for every hidden one."""

    @cached_property
    def rules(self) -> LayerSteps:
        """The rules for whole layers and the steps that lead to them."""
        found = self.general
        return LayerSteps(self.model, activation_is_open=found.activation, loss_is_open=found.loss)

    def any_layer(self, *rules: Equation) -> list[Equation]:
        """What rules of the hidden layer say of any layer."""
        return [of_any(rule, self.hidden, ANY) for rule in rules]

    def last_layer(self, *rules: Equation) -> list[Equation]:
        """What rules of the last layer say of it by its letter."""
        return [of_any(rule, self.last, LAST) for rule in rules]

    def of_any(self, key: str, label: str, *rules: Equation, boxed: bool = False) -> list[Block]:
        """A sentence with the display it runs on into: what these rules say of any layer."""
        shown = self.any_layer(*rules)
        return [*self.said(key, self.facts, label, *shown, boxed=boxed)]

    def of_last(self, key: str, label: str, *rules: Equation, boxed: bool = False) -> list[Block]:
        """The same of the last layer."""
        shown = self.last_layer(*rules)
        return [*self.said(key, self.facts, label, *shown, boxed=boxed)]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What most sentences speak of."""
        j, i, k = self.rules.names.letters
        found = self.general
        return {
            "j": j,
            "i": i,
            "k": k,
            "bias": self.network.bias,
            "activation": found.activation and not found.given,
            "given": found.given,
            "loss": found.loss,
            "shares": found.has_shares,
            "decay": Name(DECAY) if self.network.l2 else None,
            "units": self.rules.names.table.units == "network",
            "function": self.network.naming.symbols["sig"].latex if found.activation else "",
            "net": self.name("net", ANY, j),
            "out": self.name("out", ANY, j),
            "delta": self.name("delta", ANY, j),
            "weight": self.name("weight", ANY, j, i),
            "source": self.name("out", f"{ANY}-1", i),
            "next_net": self.name("net", f"{ANY}+1", k),
            "next_delta": self.name("delta", f"{ANY}+1", k),
            "last_net": self.name("net", LAST, j),
            "last_out": self.name("out", LAST, j),
            "error": Neuron("error", self.last, j),
            "target": Neuron("target", self.last, j),
            "taken": Negative(Neuron("target", self.last, j)),
            "total": self.total,
        }

    def name(self, kind: str, layer: str, *indices: str | int) -> Formula:
        """A quantity of a layer that is named by a letter: a^{l-1}_k."""
        found = Neuron(kind, 0, *indices)
        return Everywhere(found, layer)


def _in_short(rule: Equation) -> Equation:
    """A rule for δ without what δ is: δ_j = … ."""
    delta, _, *values = rule.sides
    return equation(delta, *values)


def compose_general(general: General, seed: int = 0) -> Notes:
    """The document of all networks that are like a template, but for their sizes and depth.

    At its end one of them is carried through the rules, with numbers that `seed` draws.

    Its equations are found, and not proved here; :func:`derive.render.readback.prove_general` reads
    them in the finished text and proves them on networks of many sizes.
    """
    page = GeneralPage(general)
    sections = [
        _network(page),
        _forward(page),
        _error(page),
        _delta(page),
        _output(page),
        _hidden(page),
        _parameters(page),
        _together(page),
        algorithm_section(page),
        _cost(page),
    ]
    example = layers_example(page, general, seed)
    sections += [_proved(page, bool(example)), *example]
    own = "" if general.activation else general.template.activations[0]
    facts = {"general": True, "name": general.name, "of": own}
    # The letters are the same for all; the names of neurons are those of the example.
    named = build(replace(general.smallest, names=general.template.names))
    return Notes(general.template, named, facts, tuple(sections))


def _size(page: GeneralPage, offset: int = 0) -> Member:
    """The number of neurons of a layer: n_l."""
    return Member("n", (((page.rules.names.table.layer,), offset),))


# What is given.


def _network(page: GeneralPage) -> Section:
    facts = {**page.facts, "size": _size(page)}
    facts["first"] = page.name("out", ANY, page.rules.names.letters[0])
    facts["bias_name"] = page.name(
        "bias", ANY, *([0] if page.network.bias == "layer" else page.rules.names.letters[:1])
    )
    blocks: list[Block] = [
        Words("general_intro", facts),
        Words("general_names", facts),
        replace(
            draw("any", any_graph(page.rules.names, ANY), page.model),
            caption=Words("caption_any"),
        ),
    ]
    return Section("network", facts, tuple(blocks))


def _forward(page: GeneralPage) -> Section:
    net, out = page.any_layer(*(page.rules.stated(kind, page.hidden) for kind in ("net", "out")))
    facts = {**page.facts, "applied": out.right}
    # What is not so in the last layer is no equation for any layer l.
    stated = [net] if page.general.has_shares else [net, out]
    blocks: list[Block] = [
        *page.said("general_forward", facts, "forward", *stated),
        Words("general_forward_order", facts),
    ]
    if not page.general.activation:
        row = activation_of(page.network, page.hidden)
        blocks += function_blocks(page, row)
    if page.general.has_shares:
        shares = page.last_layer(page.rules.stated("out", page.last))
        blocks += page.said("general_shares", facts, "forward-shares", *shares)
    return Section("forward", facts, tuple(blocks))


def _error(page: GeneralPage) -> Section:
    facts = dict(page.facts)
    # A sum over the weights of all layers has no form with a letter for the layer.
    errors = [] if page.network.l2 else [page.rules.sum_of_errors()]
    if not page.general.loss:
        errors.insert(0, page.rules.stated("error", page.last))
        facts["words"] = (loss_of(page.network).words or "the loss").split("$")
    blocks: list[Block] = [*page.said("general_error", facts, "error", *page.last_layer(*errors))]
    if page.network.l2:
        blocks.append(Words("general_decay", facts))
    if page.general.has_shares:
        shares = page.last_layer(page.rules.sum_of_targets())
        blocks += page.said("error_shares", facts, "shares", *shares)
    blocks.append(Words("general_aim", facts))
    return Section("error", facts, tuple(blocks))


# The four rules.


def _delta(page: GeneralPage) -> Section:
    blocks: list[Block] = [
        *page.of_any("general_delta", "meaning", page.rules.meaning(page.hidden)),
        Words("general_delta_meaning", page.facts),
    ]
    return Section("general_delta", page.facts, tuple(blocks))


def _output(page: GeneralPage) -> Section:
    rules, last = page.rules, page.last
    rule = _in_short(rules.delta(last))
    if page.general.has_shares:
        # Each output depends on all net inputs, and what that comes to collapses.
        blocks = [
            *page.of_last("general_output_shares", "through-output", rules.links("net", last)),
            *page.of_last(
                "general_share_factors",
                "output-factors",
                rules.by_own_output(),
                rules.by_net_of_shares(),
            ),
            *page.of_last("general_shares_together", "put-in-shares", rules.of_shares()),
            *page.of_last("general_shares_rule", "rule-output", rule, boxed=True),
        ]
    else:
        blocks = [
            *page.of_last("general_output", "through-output", rules.links("net", last)),
            *page.of_last(
                "general_output_factors", "output-factors", rules.by_own_output(), rules.slope(last)
            ),
            *page.of_last("general_output_rule", "rule-output", rule, boxed=True),
        ]
    return Section("general_output", page.facts, tuple(blocks))


def _hidden(page: GeneralPage) -> Section:
    rules, hidden = page.rules, page.hidden
    rule = _in_short(rules.delta(hidden, True))
    slope = rules.slope(hidden)
    if page.general.has_shares:
        # The slope is another one in the last layer, which has no next one.
        path = rules.one_path(hidden).left
        slope = equation(path, product([rules.by_source(hidden).right, slope.right]))
    blocks: list[Block] = [
        Words("general_hidden", page.facts),
        *page.of_any("general_paths", "over-next", rules.over_next(hidden)),
        *page.of_any("general_one_path", "one-path", rules.one_path(hidden)),
        *page.of_any("general_factors", "factors", rules.by_source(hidden), slope),
        *page.of_any("general_put_in", "put-in", rules.put_in(hidden)),
        *page.of_any("general_hidden_rule", "rule-hidden", rule, boxed=True),
        Words("general_back", page.facts),
    ]
    return Section("general_hidden", page.facts, tuple(blocks))


def _parameters(page: GeneralPage) -> Section:
    rules, hidden = page.rules, page.hidden
    chain = rules.links("weight", hidden), rules.by_weight(hidden)
    blocks = [
        *page.of_any("general_weight", "through-net", *chain),
        *page.of_any("general_weight_rule", "rule-gradient", rules.gradient(hidden), boxed=True),
    ]
    if page.network.bias != "none":
        chain = rules.links("bias", hidden), rules.by_bias(hidden)
        blocks += [
            *page.of_any("general_bias", "through-nets", *chain),
            *page.of_any("general_bias_rule", "rule-bias", rules.bias(hidden, True), boxed=True),
        ]
    return Section("general_parameters", page.facts, tuple(blocks))


def _together(page: GeneralPage) -> Section:
    """The four rules once more, for whole layers."""
    rules, hidden = page.rules, page.hidden
    forward = page.any_layer(*rules.forward(hidden))
    if page.general.has_shares:
        forward[1:] = page.last_layer(rules.forward(page.last)[1])
    deltas = page.last_layer(rules.matrix(page.last)[0])
    deltas += page.any_layer(*rules.matrix(hidden))
    in_rows = rules.names.table.matrices == "rows"
    j, i, _ = rules.names.letters
    facts = {
        **page.facts,
        "in_rows": in_rows,
        "matrix": Everywhere(Layer("weight", 0), ANY),
        "row": i if in_rows else j,
        "column": j if in_rows else i,
        "delta_vector": Everywhere(Layer("delta", 0), ANY),
        "out_vector": Everywhere(Layer("out", 0), f"{ANY}-1"),
        "size": _size(page),
        "before": _size(page, -1),
        "refs": [f"rule-{name}" for name in ("output", "hidden", "gradient")],
    }
    if page.network.bias == "neuron":
        facts["refs"].append("rule-bias")
    blocks: list[Block] = [
        *page.said("general_vectors", facts, "forward-vectors", *forward),
        *page.said("general_together", facts, "rules-vectors", *deltas, boxed=True),
        Words("general_shapes", facts),
        *batch_blocks(page, [hidden], {**facts, "l2": bool(page.network.l2)}),
    ]
    return Section("matrix", facts, tuple(blocks))


# What it costs, and what was proved.


def _cost(page: GeneralPage) -> Section:
    size, before = _size(page), _size(page, -1)
    letter = page.rules.names.table.layer
    example = (784, 30, 10)
    weights = [a * b for a, b in pairwise(example)]
    whole = sum(weights)
    facts = {
        **page.facts,
        "count": SumOver(letter, 0, Product((size, before))),
        "weights": Letter("P"),
        "slope": page.any_layer(page.rules.slope(page.hidden))[0].sides[1],
        "example": "-".join(map(str, example)),
        "forward": whole,
        "backward": 2 * whole - weights[0],
        "each": whole * (whole + 1),
    }
    blocks: list[Block] = [
        Words("general_cost", facts),
        Words("general_slopes", facts),
        Words("general_slow", facts),
    ]
    return Section("cost", {**facts, "slow": True}, tuple(blocks))


def _proved(page: GeneralPage, worked: bool) -> Section:
    networks = list(page.general.networks)
    depths = [len(network.layers) - 1 for network in networks]
    facts = {
        **page.facts,
        "worked": worked,
        "networks": len(networks),
        "shallow": min(depths),
        "deep": max(depths),
        "wide": max(max(network.layers) for network in networks),
        "activations": _used(name for network in networks for name in network.activations),
        "losses": _used(network.loss for network in networks),
    }
    return Section("proof", facts, (Words("general_proof", facts, boxed=True),))


def _used(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
