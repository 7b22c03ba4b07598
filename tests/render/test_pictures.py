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
from derive.formula import Equation, Name
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notes.blocks import Box, Display, Line, Notes, Picture, Row, Table
from derive.notes.compose import compose, representatives
from derive.notes.drawing import WIDEST, draw
from derive.notes.graph import MOST_LAYERS, PLAIN, SKIPS, WAY, Arc, Graph, Vertex, layer_graph
from derive.notes.grids import array_graph
from derive.notes.quantities import MOST_DRAWN, equation_graph
from derive.notes.ways import ways_of
from derive.render.pictures import Pictures
from derive.render.render import render
from derive.render.writing import document, write_notes

LAYERED = ("1-1", "2-2-2", "4-8-8-4", "6-8-8-6", "16-32-16-8", "784-30-10")
FAMILIES = {
    "recurrent": 'family = "recurrent"\nsteps = 3\ninputs = 2\nhidden = 2\noutputs = 1',
    "deep": 'family = "recurrent"\nsteps = 3\ninputs = 1\nhidden = [2, 1]\noutputs = 1',
    "many steps": 'family = "recurrent"\nsteps = 9\ninputs = 1\nhidden = 2\noutputs = 1\nerrors = "every"',
    "many units": 'family = "recurrent"\nsteps = 30\ninputs = 9\nhidden = 20\noutputs = 5',
    "convolution": 'family = "convolution"\ninput = 6\nkernel = 2\noutputs = 1',
    "pixels": 'family = "convolution"\ninput = [12, 9]\nkernel = 3\nkernels = 2\npool = [2, 7]',
    "strides": 'family = "convolution"\ninput = 13\nkernel = 4\nstride = 3\noutputs = 2',
    "dilated": 'family = "dilated-convolution"\ninput = 9\nkernel = 3\ndilation = 2\noutputs = 1',
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
    told = [number.text for node in picture.nodes for row in node.rows for number in [row.says]]
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


# Families.


def picture_of(text: str, name: str = "mine") -> Picture:
    """The picture of a network of equations."""
    model = Model.of(System.from_text(text, name))
    graph = overview(Chain(model))
    assert graph is not None
    found = draw("x", graph.overview(), model)
    assert not collisions(found)
    return found


def named(picture: Picture) -> dict[str, Box]:
    """The nodes by the names of their quantities."""
    return {node.label.name: node for node in picture.nodes if isinstance(node.label, Name)}


STATES = """
a[n] = w*p[n] + u*s[n-1], n=1..{0}
s[n] = tanh(a[n]), n=1..{0}
E = 1/2*(target - s[{0}])^2
"""
"""A recurrence whose author calls time n."""


def test_each_step_of_time_has_a_band_with_its_number() -> None:
    """Its index is found from s[n-1]; what is of a step stands in its band, and nothing else."""
    picture = picture_of(STATES.format(3))
    bands = sorted(picture.bands, key=lambda band: band.x)
    told = [str(label.label) for label in picture.labels]
    assert len(bands) == len(told) == 3
    nodes = named(picture)
    for step, band in enumerate(bands, 1):
        inside = {x for x, node in nodes.items() if abs(node.x - band.x) < band.width / 2}
        assert inside == {f"p_{step}", f"s_{step}"}
    assert nodes["s_0"].x < bands[0].x
    assert nodes["E"].x > bands[-1].x


def test_of_many_steps_the_first_two_and_the_last_are_drawn() -> None:
    """Dots stand for the others, and lines lead to them and on."""
    picture = picture_of(STATES.format(50))
    assert len(picture.bands) == 3
    assert {"s_1", "s_2", "s_50"} <= named(picture).keys()
    assert "s_3" not in named(picture)
    dots = [label for label in picture.labels if type(label.label).__name__ == "Dots"]
    assert len(dots) == 1
    ends = [line.points[-1][0] for line in picture.lines]
    assert any(abs(x - (dots[0].x - dots[0].width / 2)) < 0.01 for x in ends)


def test_of_many_units_the_first_two_and_the_last_are_drawn() -> None:
    """With dots between them, in every step."""
    picture = picture_of(
        "net[t,j] = sum(u[j,k]*h[t-1,k], k=1..30) + w[j]*x[t], t=1..3, j=1..30\n"
        "h[t,j] = tanh(net[t,j]), t=1..3, j=1..30\n"
        "E = sum(1/2*(y[j] - h[3,j])^2, j=1..30)\n"
        "inputs: x[1..3], h[0,1..30], y[1..30]"
    )
    assert len(picture.nodes) <= MOST_DRAWN
    assert {"h_2_1", "h_2_2", "h_2_30"} <= named(picture).keys()
    assert sum(node.label is None for node in picture.nodes) == 5


GATES = {"f": "sig", "i": "sig", "o": "sig", "g": "tanh"}
EQUATIONS = {
    "a cell of two units": "\n".join(
        f"{gate}[t,j] = {name}(w_{gate}[j]*x[t] + sum(u_{gate}[j,k]*h[t-1,k], k=1..2)), t=1..3, j=1..2"
        for gate, name in GATES.items()
    )
    + "\nc[t,j] = f[t,j]*c[t-1,j] + i[t,j]*g[t,j], t=1..3, j=1..2"
    "\nh[t,j] = o[t,j]*tanh(c[t,j]), t=1..3, j=1..2\nE = sum(h[3,j]^2, j=1..2)",
    "shares of all steps": "h[t] = tanh(w*x[t] + u*h[t-1]), t=1..7\n"
    "a[t] = exp(h[t])/sum(exp(h[m]), m=1..7), t=1..7\nE = sum(a[t]*h[t], t=1..7)^2",
    "both directions": "a[t] = tanh(w*x[t] + u*a[t-1]), t=1..7\nr[t] = tanh(w_r*x[t] + u_r*r[t+1]), t=1..7"
    "\nE = sum((a[t] + r[t])^2, t=1..7)\ninputs: x[1..7], a[0], r[8]",
    "two recurrences": "h[l,t] = tanh(w*h[l-1,t] + u*h[l,t-1]), l=1..2, t=1..4\nE = h[2,4]^2\n"
    "inputs: h[0,1..4], h[1..2,0]",
    "a constant beside": "c = tanh(w_c*z)\nh[t] = tanh(w*c + u*h[t-1]), t=1..3\nE = (h[2]*v + h[3] - c)^2",
    "two steps back": "a[i] = w*x[i] + a[i-2], i=3..8\nE = sum(a[i], i=3..8)\ninputs: x[3..8], a[1..2]",
    "high columns": "z[j] = sum(v[j,k]*h[k], k=1..8), j=1..9\nE = sum(z[j]*y[j], j=1..9)",
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_nothing_collides_in_equations(name: str) -> None:
    """Also where a step uses more than the one before it; the ways of each weight besides."""
    system = System.from_text(EQUATIONS[name], "mine")
    pictures = pictures_of(system)
    assert pictures
    for picture in pictures:
        assert not collisions(picture)
        assert all(line.points[0][0] <= line.points[-1][0] for line in picture.lines)


def test_what_uses_all_steps_belongs_to_none() -> None:
    """A share of the sum over all steps stands behind their bands, though it has their letter."""
    picture = picture_of(EQUATIONS["shares of all steps"])
    last = max(band.x + band.width / 2 for band in picture.bands)
    nodes = named(picture)
    assert all(nodes[f"a_{t}"].x > last for t in (1, 2, 7))


def test_an_author_s_names_of_gates_stand_in_their_nodes() -> None:
    """What is said behind a definition in a few letters; whole sentences are not."""
    picture = picture_of(
        "g = sig(w*x)  # a gate\ny = g*x  # what goes through this gate and on\nE = y^2"
    )
    nodes = named(picture)
    assert nodes["g"].rows == (Row("remark", "a gate"),)
    assert nodes["y"].rows == ()


def test_a_net_input_stands_where_its_function_does() -> None:
    """As in layers; a quantity that is also used otherwise keeps a node of its own."""
    picture = picture_of("n = w*x\na = tanh(n)\nm = v*a\nb = tanh(m)\nE = (b + m)^2")
    assert named(picture).keys() == {"x", "a", "m", "b", "E"}


def test_a_kernel_lies_on_its_window_with_its_weights() -> None:
    """The second output in both directions: its four pixels, each with the weight that it meets."""
    picture = picture_of(
        "c[i,j] = sum(w[m,n]*p[i+m-1,j+n-1], m=1..2, n=1..2), i=1..3, j=1..3\n"
        "E = sum(c[i,j]^2, i=1..3, j=1..3)"
    )
    marked = {name: node for name, node in named(picture).items() if node.style == WAY}
    assert marked.keys() == {"p_2_2", "p_2_3", "p_3_2", "p_3_3", "c_2_2"}
    met = {name: [row.says for row in node.rows] for name, node in marked.items()}
    assert met["p_2_3"] == [Name("w_1_2")]
    assert met["p_3_2"] == [Name("w_2_1")]
    assert met["c_2_2"] == []
    assert all(node.square for node in marked.values())


def test_of_a_large_input_the_window_is_drawn_with_dots_around_it() -> None:
    """Of 40 inputs the first ones, those in the window, and the last."""
    picture = picture_of(
        "c[i] = sum(w[k]*p[4*i+k-4], k=1..5), i=1..9\nE = sum(c[i]^2, i=1..9)\ninputs: p[1..37]"
    )
    nodes = named(picture)
    window = [name for name, node in nodes.items() if name[0] == "p" and node.style == WAY]
    assert window == [f"p_{n}" for n in (5, 6, 7, 8, 9)]
    assert "p_37" in nodes
    assert "p_20" not in nodes
    assert any(node.label is None for node in picture.nodes)


def test_attention_is_drawn_as_arrays_with_what_they_are() -> None:
    """Below each what it is as a whole, as the law has it, and what its author says of it."""
    text = """
        m[i,j] = sum(q[i,n]*k[j,n], n=1..3)/sqrt(3), i=1..2, j=1..2  # how well they fit
        q[i,n] = sum(w_q[n,l]*x[i,l], l=1..2), i=1..2, n=1..3
        k[i,n] = sum(w_k[n,l]*x[i,l], l=1..2), i=1..2, n=1..3
        p[i,j] = exp(m[i,j])/sum(exp(m[i,s]), s=1..2), i=1..2, j=1..2
        o[i] = sum(p[i,j]*y[j], j=1..2), i=1..2
        E = sum(1/2*(t[i] - o[i])^2, i=1..2)
    """
    notes = compose(System.from_text(text, "mine"))
    (picture,) = (found for found in in_document(notes) if found.key == "equations")
    assert not collisions(picture)
    said = [str(box.label) for box in picture.labels if isinstance(box.label, Equation)]
    law = next(b for s in notes.sections for b in s.blocks if isinstance(b, Display))
    assert sorted(said) == sorted(map(str, law.equations[:-1]))
    assert "how well they fit" in [box.label for box in picture.labels]
    marked = {name for name, node in named(picture).items() if node.style == WAY}
    assert {"o_1", "p_1_1", "p_1_2", "m_1_2", "q_1_3", "k_2_1"} <= marked
    assert not {"o_2", "p_2_1", "q_2_1"} & marked


def test_no_two_neighbours_cross_for_nothing() -> None:
    """Stated in an order in which lines cross, quantities change places."""
    keys = ("a", "b", "c", "d")
    vertices = {key: Vertex(key, Name(key), n // 2) for n, key in enumerate(keys)}
    graph = Graph(vertices, [Arc("a", "d"), Arc("b", "c")], ordered=False)
    model = Model.of(System.from_text("a = w*c\nb = a*d\nE = b^2", "x"))
    nodes = named(draw("x", graph, model))
    assert (nodes["a"].y < nodes["b"].y) == (nodes["d"].y < nodes["c"].y)
    assert all(node.style == PLAIN for node in nodes.values())


# Collisions.


def pictures_of(source: Network | System) -> list[Picture]:
    """The picture of a network, and those of the ways of one weight of each kind."""
    model = Model.of(source)
    chain = Chain(model)
    chosen = representatives(model)
    graph = layer_graph(chain, chosen) if model.has_neurons else overview(chain)
    found = [] if graph is None else [draw("all", graph.overview(list(map(Name, chosen))), model)]
    return found + [ways.picture for ways in (ways_of(chain, w) for w in chosen) if ways]


def overview(chain: Chain) -> Graph | None:
    """The picture of equations."""
    return array_graph(chain) or equation_graph(chain)


def in_document(notes: Notes) -> list[Picture]:
    """All pictures of a document, those beside tables, too."""
    blocks = [block for section in notes.sections for block in section.blocks]
    beside = [block.picture for block in blocks if isinstance(block, Table) and block.picture]
    return beside + [block for block in blocks if isinstance(block, Picture)]


def collisions(picture: Picture) -> list[str]:
    """Boxes that overlap, lines through boxes, and what stands outside of the picture."""
    boxes = [*picture.nodes, *picture.labels]
    found = [f"{a} on {b}" for a, b in combinations(boxes, 2) if apart(a, b) < -2e-3]
    found += [f"{a} on {b}" for a, b in combinations(picture.bands, 2) if apart(a, b) < 0]
    found += [
        f"{line} through {box}" for line in picture.lines for box in boxes if crosses(line, box)
    ]
    for box in (*boxes, *picture.bands):
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


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_collides_in_a_family(name: str, tmp_path: Path) -> None:
    """Time steps unrolled, a kernel at its places."""
    (tmp_path / "family.toml").write_text(FAMILIES[name], encoding="utf-8")
    pictures = pictures_of(read(tmp_path / "family.toml"))
    assert pictures
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
