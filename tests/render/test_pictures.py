"""Pictures show what there is, and nothing in them collides: measured from their geometry."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.emit.runs import runs
from derive.errors import InputError
from derive.formula import Name, Number
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notes.blocks import Box, Line, Picture, Row
from derive.notes.compose import compose
from derive.notes.drawing import WIDEST, draw
from derive.notes.graph import MOST_LAYERS, SKIPS, Graph, layer_graph
from derive.notes.ways import ways_of
from derive.render.pictures import Pictures
from derive.render.render import render
from derive.render.writing import document, write_notes
from tests.render.geometry import collisions, in_document, pictures_of

LAYERED = ("1-1", "2-2-2", "4-8-8-4", "6-8-8-6", "16-32-16-8", "784-30-10")


# What is drawn.


def graph_of(source: Network | str, *wanted: str) -> Graph:
    """The graph of a layered network."""
    found = layer_graph(Chain(Model.of(source)), wanted)
    assert found is not None
    return found


def drawn(**more: object) -> list[tuple[str, str, bool]]:
    """The arcs in the picture of a 2-2-2 network, by their ends, and whether they skip layers."""
    network = Network((2, 2, 2), **more)  # type: ignore[arg-type]
    arcs = graph_of(network).arcs
    return [(arc.start, arc.end, arc.style == SKIPS) for arc in arcs]


def test_a_missing_connection_is_not_drawn() -> None:
    """w12 would lead from a2 to b1; the other seven weights have a line each."""
    lines = drawn(missing=("w12",))
    assert len(lines) == 7
    assert ("out_a2", "out_b1", False) not in lines
    assert ("out_a1", "out_b1", False) in lines


@pytest.mark.parametrize("source", [0, 1])
def test_a_skip_connection_is_drawn_as_one(source: int) -> None:
    """A layer is added to layer c one to one: two lines besides those of the eight weights."""
    lines = drawn(skip=((source, 2),))
    assert len(lines) == 10
    letter = "ab"[source]
    found = [line for line in lines if line[2]]
    assert found == [(f"out_{letter}{i}", f"out_c{i}", True) for i in (1, 2)]


def test_of_a_large_layer_the_skips_of_the_drawn_neurons_are_drawn() -> None:
    """Where dots stand for neurons no line ends at the dots."""
    network = Network((20, 20, 20), skip=((0, 2),))
    arcs = [a for a in graph_of(network).arcs if a.style == SKIPS]
    assert [(a.start, a.end) for a in arcs] == [(f"out_a{i}", f"out_c{i}") for i in (1, 2, 3, 20)]


def test_the_neurons_of_a_weight_that_is_derived_are_drawn() -> None:
    """Among the dots of a large layer stand those that the weight joins."""
    graph = graph_of("20-20-2", "w1_111")
    assert {"out_a11", "out_b6"} <= graph.vertices.keys()
    assert "out_a10" not in graph.vertices


def test_a_network_of_very_many_layers_is_not_drawn() -> None:
    """Its columns could not be told apart; one layer fewer, and it is."""
    for layers in (MOST_LAYERS, MOST_LAYERS + 1):
        found = layer_graph(Chain(Model.of("-".join(["1"] * layers))))
        assert (found is None) == (layers > MOST_LAYERS)


def test_the_ways_of_a_weight_are_told_apart() -> None:
    """w21 of 2-4-3-2: by d1 and by d2, each in a style with the quantities that it alone has."""
    found = ways_of(Chain(Model.of("2-4-3-2")), "w21")
    assert found is not None
    assert [style for _, style in found.branches] == ["first", "second"]
    first = {name for name, style in found.tints.items() if style == "first"}
    assert first == {"net_d1", "out_d1", "target_d1", "E_d1", "w31"}
    labels = {box.label: box.style for box in found.picture.labels}
    weights = {Name("w21"): "way", Name("w31"): "first", Name("w34"): "second"}
    assert weights.items() <= labels.items()
    rest = {str(label): style for label, style in labels.items() if label not in weights}
    assert list(rest.values()) == ["first", "second"]
    assert all("target_d" in label for label in rest)
    sloped = [node for node in found.picture.nodes if Row("slope", "sig") in node.rows]
    assert [str(node.style) for node in sloped].count("way") == 2
    assert len(sloped) == 4


def test_a_shared_weight_has_a_way_for_each_step() -> None:
    """Unrolled over three steps: w stands beside each line from x_t to net_t."""
    found = ways_of(Chain(Model.of("rnn")), "w")
    assert found is not None
    assert found.parted is None
    styles = {box.style for box in found.picture.labels if box.label == Name("w")}
    assert styles == {"first", "second", "third"}
    assert {found.tints[x] for x in ("x_1", "x_2", "x_3")} == {"first", "second", "third"}


def test_a_weight_with_one_way_has_no_picture() -> None:
    """There is nothing to tell apart."""
    assert ways_of(Chain(Model.of("2-4-3-2")), "w31") is None


@pytest.mark.slow
def test_what_shows_nothing_new_is_not_drawn_again() -> None:
    """With all 26 weights derived 2-4-3-2 has the network and the ways from layers b and a."""
    pictures = Pictures("x")
    render(compose(read("2-4-3-2"), every=True), "markdown", pictures=pictures)
    ways = ["x-w21.svg", "x-w11.svg"]
    assert list(pictures.files) == ["x-network.svg", "x-numbers.svg", *ways]


def test_the_numbers_of_the_example_stand_in_the_network() -> None:
    """In each neuron its output, below it its δ; the inputs have their values alone."""
    notes = compose(read("xor"))
    (picture,) = (p for p in in_document(notes) if p.key == "numbers")
    rows = {str(node.label): [row.kind for row in node.rows] for node in picture.nodes}
    assert list(rows.values()) == [["value"]] * 2 + [["value", "delta"]] * 3
    said = [row.says for node in picture.nodes for row in node.rows]
    told = [number.text for number in said if isinstance(number, Number)]
    assert told == [
        "1",
        "1",
        "0.524979",
        "-0.0381195",
        "0.880797",
        "0.0147118",
        "0.509724",
        "0.127383",
    ]


def test_a_picture_that_does_not_fit_beside_the_table_is_not_there() -> None:
    """Five layers with their numbers are wider than half a page."""
    notes = compose(read("2-2-2-2-2-2"))
    assert "numbers" not in [picture.key for picture in in_document(notes)]


# Collisions.


@pytest.mark.parametrize("name", LAYERED)
def test_nothing_collides(name: str) -> None:
    """No line through a label or a node, no two of these on each other."""
    for picture in pictures_of(read(name)):
        assert not collisions(picture)
        assert picture.width * picture.scale <= WIDEST + 0.01


@pytest.mark.parametrize("name", shipped())
def test_nothing_collides_in_a_document(name: str) -> None:
    """In none of its pictures, those with numbers among them."""
    pictures = in_document(compose(read(name)))
    assert pictures
    for picture in pictures:
        assert not collisions(picture)
        assert picture.width * picture.scale <= WIDEST + 0.01


def test_a_collision_is_found() -> None:
    """Planted faults: a label moved onto a node, and a line that nothing was cut out of."""
    chain = Chain(Model.of("2-2-2"))
    graph = graph_of("2-2-2").overview([Name("w11")])
    fine = draw("x", graph, chain.model)
    assert not collisions(fine)
    node, label = fine.nodes[0], fine.labels[0]
    moved = Box(label.label, node.x, node.y, label.width, label.height, label.style)
    assert collisions(Picture("x", fine.nodes, (), (moved,), fine.width, fine.height))
    through = Line(((0.0, label.y), (fine.width, label.y)), "plain")
    assert collisions(Picture("x", fine.nodes, (through,), (label,), fine.width, fine.height))


def test_every_way_of_a_small_network_has_its_weights() -> None:
    """Of 2-4-3-2 no label is left out: w11, three behind b1, six behind layer c, and two errors."""
    found = ways_of(Chain(Model.of("2-4-3-2")), "w11")
    assert found is not None
    assert len(found.picture.labels) == 12


# Files.


def test_the_pictures_of_a_markdown_document_are_files_beside_it(tmp_path: Path) -> None:
    """Each link leads to a file; one that derive did not write is not replaced, nor the document."""
    path = write_notes("2-2-2", tmp_path / "my notes.md")
    links = re.findall(r"!\[.*\]\((.*)\)", path.read_text(encoding="utf-8"))
    assert links == [f"my%20notes-{key}.svg" for key in ("network", "numbers", "w11")]
    for link in links:
        ET.parse(tmp_path / unquote(link))  # noqa: S314  written by the program
    before = path.read_bytes()
    (tmp_path / "my notes-w11.svg").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"w11\.svg: is there already"):
        write_notes("2-2-2", path, full=True)
    assert path.read_bytes() == before
    write_notes("2-2-2", path, force=True)
    assert "mine" not in (tmp_path / "my notes-w11.svg").read_text(encoding="utf-8")


def test_a_document_that_is_no_file_has_its_pictures_in_its_text() -> None:
    """On standard output there is no place beside it."""
    text = document(read("2-2-2"), "markdown")
    found = re.findall(r"!\[.*\]\(data:image/svg\+xml;base64,(.*)\)", text)
    assert len(found) == 3
    assert all(b"</svg>" in b64decode(data) for data in found)


def test_names_that_differ_in_capitals_only_have_files_of_their_own() -> None:
    """W and w are one name to some machines."""
    pictures = Pictures("x")
    assert pictures.link("w", "1") != pictures.link("W", "2")
    assert len({name.lower() for name in pictures.files}) == 2


def test_an_upper_index_stands_above_the_lower_one() -> None:
    """In an SVG file, too: both begin behind the letter, whichever is written first."""
    letter, low, *high = runs("a_{12}^{l-1}")
    assert (letter.text, low.text, "".join(run.text for run in high)) == ("a", "12", "l−1")
    assert [run.shift for run in (letter, low, *high)] == [0, 0, pytest.approx(-0.72), 0, 0]
    assert low.rise < 0 < high[0].rise
    assert [run.shift for run in runs("a^3_{12}")] == [0, 0, pytest.approx(-0.36)]
