"""Pictures of families show what they are: steps of time, gates, kernels, attention."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.formula import Equation, Name
from derive.networks.equations.system import System
from derive.networks.sources import read
from derive.notes.blocks import Display, Picture, Row
from derive.notes.compose import compose
from derive.notes.drawing import draw
from derive.notes.graph import PLAIN, WAY, Arc, Graph, Vertex
from derive.notes.quantities import MOST_DRAWN
from tests.render.geometry import collisions, in_document, named, overview, pictures_of


def picture_of(text: str, name: str = "mine") -> Picture:
    """The picture of a network of equations."""
    model = Model.of(System.from_text(text, name))
    graph = overview(Chain(model))
    assert graph is not None
    found = draw("x", graph.overview(), model)
    assert not collisions(found)
    return found


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
    "functions of what is given": "y[i,j] = tanh(x[i,j])*sig(w[i,j]), i=1..2, j=1..2\n"
    "z[i,j] = sig(x[i,j]), i=1..2, j=1..2\ns[i,j] = sig(w[i,j]), i=1..2, j=1..2\n"
    "E = sum(y[i,j]*z[i,j]*s[i,j], i=1..2, j=1..2)",
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


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_collides_in_a_family(name: str, tmp_path: Path) -> None:
    """Time steps unrolled, a kernel at its places."""
    (tmp_path / "family.toml").write_text(FAMILIES[name], encoding="utf-8")
    pictures = pictures_of(read(tmp_path / "family.toml"))
    assert pictures
    for picture in pictures:
        assert not collisions(picture)
