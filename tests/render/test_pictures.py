"""Pictures show what there is, and nothing in them collides: measured from their geometry."""

from __future__ import annotations

import re
from base64 import b64decode
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.formula import Name
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notes.blocks import Box, Line, Picture
from derive.notes.compose import compose, representatives
from derive.notes.drawing import WIDEST, draw
from derive.notes.graph import MOST_LAYERS, SKIPS, Graph, equation_graph, layer_graph
from derive.notes.ways import ways_of
from derive.render.pictures import Pictures
from derive.render.render import render
from derive.render.writing import document, write_notes

LAYERED = ("1-1", "2-2-2", "4-8-8-4", "6-8-8-6", "16-32-16-8", "784-30-10")
FAMILIES = {
    "recurrent": 'family = "recurrent"\nsteps = 3\ninputs = 2\nhidden = 2\noutputs = 1',
    "deep": 'family = "recurrent"\nsteps = 3\ninputs = 1\nhidden = [2, 1]\noutputs = 1',
    "convolution": 'family = "convolution"\ninput = 6\nkernel = 2\noutputs = 1',
}


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
    assert labels == {Name("w21"): "way", Name("w31"): "first", Name("w34"): "second"}
    sloped = {
        (str(node.label), node.slope, node.style) for node in found.picture.nodes if node.slope
    }
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


def test_what_shows_nothing_new_is_not_drawn_again() -> None:
    """With all 26 weights derived 2-4-3-2 has the network and the ways from layers b and a."""
    pictures = Pictures("x")
    render(compose(read("2-4-3-2"), every=True), "markdown", pictures=pictures)
    assert list(pictures.files) == ["x-network.svg", "x-w21.svg", "x-w11.svg"]


# Collisions.


def pictures_of(source: Network | System) -> list[Picture]:
    """The picture of a network, and those of the ways of one weight of each kind."""
    model = Model.of(source)
    chain = Chain(model)
    chosen = representatives(model)
    graph = layer_graph(chain, chosen) if model.has_neurons else equation_graph(chain)
    found = [] if graph is None else [draw("all", graph.overview(list(map(Name, chosen))), model)]
    return found + [ways.picture for ways in (ways_of(chain, w) for w in chosen) if ways]


def collisions(picture: Picture) -> list[str]:
    """Boxes that overlap, lines through boxes, and what stands outside of the picture."""
    boxes = [*picture.nodes, *picture.labels]
    found = [f"{a} on {b}" for a, b in combinations(boxes, 2) if apart(a, b) < -1e-3]
    found += [
        f"{line} through {box}" for line in picture.lines for box in boxes if crosses(line, box)
    ]
    for box in boxes:
        if box.x < box.width / 2 - 1e-3 or box.x + box.width / 2 > picture.width + 1e-3:
            found.append(f"{box} outside")
        if box.y < box.height / 2 - 1e-3 or box.y + box.height / 2 > picture.height + 1e-3:
            found.append(f"{box} outside")
    return found


def apart(a: Box, b: Box) -> float:
    """How far two boxes are apart in the direction in which they are further apart."""
    return max(abs(a.x - b.x) - (a.width + b.width) / 2, abs(a.y - b.y) - (a.height + b.height) / 2)


def crosses(line: Line, box: Box) -> bool:
    """Whether a point of a line lies well inside of a box; at its edge it may end."""
    for (x, y), (to_x, to_y) in pairwise(line.points):
        for part in range(101):
            at_x, at_y = x + (to_x - x) * part / 100, y + (to_y - y) * part / 100
            deep = min(box.width / 2 - abs(at_x - box.x), box.height / 2 - abs(at_y - box.y))
            if deep > 0.02:
                return True
    return False


@pytest.mark.parametrize("name", [*LAYERED, *shipped()])
def test_nothing_collides(name: str) -> None:
    """No line through a label or a node, no two of these on each other."""
    for picture in pictures_of(read(name)):
        assert not collisions(picture)
        assert picture.width * picture.scale <= WIDEST + 0.01


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_collides_in_a_family(name: str, tmp_path: Path) -> None:
    """Time steps unrolled, a kernel at its places."""
    (tmp_path / "family.toml").write_text(FAMILIES[name], encoding="utf-8")
    pictures = pictures_of(read(tmp_path / "family.toml"))
    assert len(pictures) > 1
    for picture in pictures:
        assert not collisions(picture)


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
    """Of 2-4-3-2 no label is left out: three behind b1, six behind layer c, and w11 itself."""
    found = ways_of(Chain(Model.of("2-4-3-2")), "w11")
    assert found is not None
    assert len(found.picture.labels) == 10


# Files.


def test_the_pictures_of_a_markdown_document_are_files_beside_it(tmp_path: Path) -> None:
    """Each link leads to a file; one that derive did not write is not replaced, nor the document."""
    path = write_notes("2-2-2", tmp_path / "my notes.md")
    links = re.findall(r"!\[.*\]\((.*)\)", path.read_text(encoding="utf-8"))
    assert links == ["my%20notes-network.svg", "my%20notes-w11.svg"]
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
    assert len(found) == 2
    assert all(b"</svg>" in b64decode(data) for data in found)


def test_names_that_differ_in_capitals_only_have_files_of_their_own() -> None:
    """W and w are one name to some machines."""
    pictures = Pictures("x")
    assert pictures.link("w", "1") != pictures.link("W", "2")
    assert len({name.lower() for name in pictures.files}) == 2
