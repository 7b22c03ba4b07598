"""Exercises of a network, each with its answer behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.calculus.chain import Chain
from derive.calculus.features import gates, through_softmax, through_time
from derive.formula import Delta, Name, product, signs_out
from derive.model import Quantity, Role
from derive.model.numbers import Numbers
from derive.networks.general import General
from derive.networks.sources import build
from derive.notes.blocks import Listing, Section, Words
from derive.notes.derived import NUDGE
from derive.notes.figures import Figures, after
from derive.notes.numbers import number
from derive.notes.page import Page


def exercise_sections(page: Page) -> list[Section]:
    """What a reader can try now: by hand, with numbers where there are any, for another error."""
    if not page.derived:
        return []
    figures = page.figures
    items = [*(_with_numbers(page, figures) if figures else _in_formulas(page))]
    if page.model.has_neurons:
        items += [*_of_the_end(page), *_of_hidden(page)]
    elif figures:
        items += _of_equations(page)
    return [Section("exercises", {}, (Listing(tuple(items)),))] if items else []


def general_exercises(general: General) -> list[Section]:
    """What can be asked of networks of any size."""
    items: list[Words] = []
    if general.activation and general.loss:
        items.append(Words("exercise_any_loss", {"rule": "rule-output"}))
    if general.activation:
        items.append(Words("exercise_any_linear"))
    items.append(
        Words("exercise_twins", {"layer": None, "biases": general.smallest.bias != "none"})
    )
    items.append(Words("exercise_any_wider"))
    return [Section("exercises", {}, (Listing(tuple(items)),))]


def _in_formulas(page: Page) -> Iterator[Words]:
    """A derivation like one that was shown, and a layer that has twice as many neurons."""
    if not page.model.has_neurons:
        return
    if other := _another(page):
        value = page.chain.gradients[other.name]
        facts = {"by": page.by_total(other.name), "value": value, "batch": False, "numbers": False}
        yield Words("exercise_derive", facts)
    network = page.network
    layers = list(network.layers)
    if len(layers) > 2 and not network.missing and not network.skip:
        layers[-2] *= 2
        counts = [before * size for before, size in pairwise(layers)]
        wide = {"layer": page.layer_name(len(layers) - 2), "forward": sum(counts)}
        yield Words("exercise_wider", {**wide, "backward": 2 * sum(counts) - counts[0]})


def _with_numbers(page: Page, figures: Figures) -> Iterator[Words]:
    """A derivation like one that was shown, and a parameter that is moved."""
    numbers = page.network.numbers
    batch = isinstance(numbers, Numbers) and len(numbers.inputs) > 1
    if other := (_another(page) if page.model.has_neurons else _alike(page, figures)):
        value = number(figures.value(page.chain.gradients[other.name]))
        asked = {"by": page.by_total(other.name), "value": value, "batch": batch, "numbers": True}
        yield Words("exercise_derive", asked)
    first = page.derived[0].name
    moved = {
        "w": Name(first),
        "nudge": number(NUDGE),
        "total": page.total,
        "product": product([number(NUDGE), page.by_total(first)]),
        "found": number(after(page.model, figures.values, first, NUDGE)),
        "batch": batch,
    }
    yield Words("exercise_nudge", moved)


def _another(page: Page) -> Quantity | None:
    """A weight that was not derived, like the one farthest back that was.

    It leads from the same source to another neuron.
    """
    model = page.model
    derived = {q.name for q in page.derived}
    weights = [q for q in page.derived if q.role is Role.WEIGHT]
    for like in weights[::-1]:
        for name in model.in_layer(like.layer, Role.WEIGHT):
            other = model.quantities[name]
            alike = other.source == like.source and other.index != like.index
            if alike and other.name not in derived:
                return other
    return None


def _alike(page: Page, figures: Figures) -> Quantity | None:
    """A parameter at work that was not derived, if possible of an array of which another was."""
    derived = [q.name for q in page.derived]
    arrays = [q.family for q in page.derived[::-1]]
    left = [
        q
        for q in map(page.model.quantities.__getitem__, page.model.parameters)
        if q.name not in derived and figures.value(page.chain.gradients[q.name])
    ]
    of_array = (q for family in arrays for q in left if q.family == family)
    return next(of_array, next(iter(left), None))


def _of_equations(page: Page) -> Iterator[Words]:
    """What copies of a shared weight have, what one more step changes, and a row of shares."""
    adjoints, _ = page.backward
    for q in page.derived[::-1]:
        uses = page.model.used_in[q.name]
        made = f"{q.name}-delta-gradient"
        if len(uses) > 1 and made in page.labels:
            yield Words("exercise_untied", {"w": Name(q.name), "uses": len(uses), "made": made})
            break
    if through_time(page.model, adjoints) is not None:
        yield Words("exercise_step")
    found = gates(page.model)
    once = (g for g in found if not g.closing and [x.of for x in found].count(g.of) == 1)
    if gate := next(once, None):
        yield Words("exercise_gate", {"gate": gate.of, "passes": gate.passes})
    rows = through_softmax(adjoints)
    if rows:
        yield Words("exercise_rows", {"into": rows[0][0]})


def _of_the_end(page: Page) -> Iterator[Words]:
    """What δ is at the output for another error, or what all of them come to."""
    network = page.network
    out = page.model.quantities[page.model.in_layer(page.last, Role.OUTPUT)[0]]
    net = page.net_of(out)
    if network.has_shares:
        yield Words("exercise_shares", {"layer": page.layer_name(page.last)})
    elif network.activations[-1] == "sigmoid" and "squared" in network.loss:
        other = Chain(build(replace(network, loss="binary-cross-entropy", numbers=None)))
        answer = signs_out(other.collapse(net)[-1])
        yield Words("exercise_loss", {"delta": Delta(net), "answer": answer})


def _of_hidden(page: Page) -> Iterator[Words]:
    """What neurons have in common that begin alike, and what one does not learn that rests."""
    network = page.network
    hidden = [x for x in range(page.last - 1, 0, -1) if network.layers[x] > 1]
    if hidden and not network.missing and not network.skip:
        facts = {"layer": page.layer_name(hidden[0]), "biases": network.bias == "neuron"}
        yield Words("exercise_twins", facts)
    if "relu" in network.activations[:-1] and not network.l2:
        layer = network.activations.index("relu") + 1
        unit = page.neuron(layer, 1)
        yield Words("exercise_rest", {"unit": unit, "biases": network.bias == "neuron"})
