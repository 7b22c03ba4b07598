"""Nothing is derived twice: what comes back in a document refers to the display it stands in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from derive.formula import (
    Array,
    Batch,
    Delta,
    Everywhere,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    Product,
    walk,
)
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notes.blocks import Display, Notes
from tests.render.test_figures import LSTM
from tests.render.test_sentences import NETWORKS
from tests.shelf import composed, written

OUTPUT = Path(__file__).parents[2] / "output"
OTHERS = ("3-1-3", "1-1-1", "1-1-1-1-1", "4-1", "recurrent", "relu-softmax")
ATOMS = (Name, Partial, Delta, Member, Neuron, Layer, Everywhere, Array, Batch)
BIG = 3
"""Names and derivatives from which on a product is one that a reader remembers."""


def network_of(name: str) -> Network | System:
    """A network of this test, of those of output/, or of the program."""
    own = OUTPUT / f"{name}.toml"
    return NETWORKS[name] if name in NETWORKS else read(own if own.exists() else name)


def size(formula: Formula) -> int:
    """How many names and derivatives stand in a formula."""
    if isinstance(formula, Partial):
        return 1
    inside = sum(isinstance(node, ATOMS) for node in walk(formula))
    return inside - 2 * sum(isinstance(node, Partial) for node in walk(formula))


def displays(notes: Notes) -> Iterator[Display]:
    """The displays behind the numbers of the example, which are put into the definitions there."""
    sections = list(notes.sections)
    keys = [section.key for section in sections]
    last = max((place for place, key in enumerate(keys) if key == "example"), default=-1)
    for section in sections[last + 1 :]:
        yield from (block for block in section.blocks if isinstance(block, Display))


def repeated(notes: Notes) -> list[str]:
    """What stands twice: an equation, or a product of some length on the right of two."""
    places: dict[object, list[str]] = defaultdict(list)
    for display in displays(notes):
        # What a proof has shown is said at its end, as it was announced.
        for e in () if display.label.endswith("-proven") else display.equations:
            for side in dict.fromkeys(e.sides[1:]):
                if size(side):
                    places[e.left, side].append(display.label)
                if isinstance(side, Product) and size(side) >= BIG:
                    places[side].append(display.label)
    return [f"{labels}: {what}" for what, labels in places.items() if len(labels) > 1]


@pytest.mark.parametrize("name", [*shipped(), *NETWORKS, *OTHERS])
def test_nothing_is_derived_twice(name: str) -> None:
    """No equation stands in two displays, and no product is worked out a second time."""
    assert repeated(composed(network_of(name))) == []


@pytest.mark.parametrize("name", ["2-4-3-2", "xor", "classifier", "mazur", "rnn", "relu-softmax"])
def test_nothing_is_derived_twice_where_every_weight_is_derived(name: str) -> None:
    """The same with `--all`."""
    assert repeated(composed(network_of(name), every=True)) == []


@pytest.mark.parametrize("name", ["2-4-3-2", "lstm", "mazur"])
def test_what_stands_twice_is_found(name: str) -> None:
    """Any display that is repeated is found, and any long product under another name."""
    notes = composed(network_of(name))
    shown = [one for one in displays(notes) if not one.label.endswith("-proven")]
    for place, display in enumerate(shown):
        again = replace(notes.sections[-1], blocks=(replace(display, label="again"),))
        planted = replace(notes, sections=(*notes.sections, again))
        assert repeated(planted), f"{place}: {display.label}"
    products = [
        (display, e)
        for display in shown
        for e in display.equations
        if isinstance(e.sides[1], Product) and size(e.sides[1]) >= BIG
    ]
    assert products
    for display, e in products:
        other = replace(e, sides=(Name("other"), e.sides[1]), about=frozenset())
        again = replace(display, label="again", equations=(other,))
        last = replace(notes.sections[-1], blocks=(again,))
        assert repeated(replace(notes, sections=(*notes.sections, last)))


def test_references_stand_in_order_and_are_joined_where_they_run_on() -> None:
    """The derivatives in (13), (14), (18) and (19), or in (19) to (21), however these were made."""
    text = " ".join(written(read("attention"), "markdown").split())
    assert (
        "Besides the derivatives in [(13)](#eq-13), [(14)](#eq-14), [(18)](#eq-18) and [(19)](#eq-19)"
    ) in text
    text = written(System.from_text(LSTM), "markdown")
    assert "Besides the derivatives in [(19)](#eq-19) to [(21)](#eq-21)" in text


def test_references_are_those_of_what_a_derivative_is_made_of() -> None:
    """∂E/∂w32 = δ_d1·out_c2 refers to the display of δ_d1, however many δ are known by then."""
    text = written(read("2-4-3-2"), "markdown", every=True)
    one = r"With the \$\\delta\$ in \[\([0-9]+\)\]\(#eq-[0-9]+\) the derivative is"
    assert len(re.findall(one, text)) == text.count("With the $\\delta$ in") == 17
    assert text.count("They could be followed one by one") == 1
    assert text.count("Nothing new is needed for it") == 1


def test_the_chain_of_an_only_output_stands_once() -> None:
    """What holds of the total error holds of the only one, and is not derived again for that."""
    text = " ".join(written(read("xor"), "markdown").split())
    assert "With a single output the two are the same:" in text
    assert "The chain rule, used twice" not in text
    assert "Plugging the factors into [(12)](#eq-12) gives the derivative:" in text
