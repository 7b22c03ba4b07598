r"""How the documents of networks of equations tell what is particular to them.

The law once, factors that paths share taken out wherever they stand, steps of time by name, gates by
name, and an example in which something happens.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.checking.claims import Judged, Verdict
from derive.grammar.findings import Finding, Severity
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import build, read
from derive.notes.blocks import Display, Picture
from derive.notes.compose import compose, representatives, telling
from derive.render.readback import _stands
from derive.render.render import render
from tests.render.test_figures import LSTM
from tests.shelf import composed, written

OUTPUT = Path(__file__).parents[2] / "output"


def network_of(name: str) -> Network | System:
    """A network of this test, of those of output/, or of the program."""
    if name == "lstm-2-2":
        return System.from_text(LSTM)
    own = OUTPUT / f"{name}.toml"
    return read(own if own.exists() else name)


def words(name: str) -> str:
    """The document in Markdown, each run of blanks a single one."""
    return " ".join(written(network_of(name), "markdown").split())


def in_full(name: str) -> str:
    """The same in which everything is told, however often."""
    return " ".join(render(compose(network_of(name), full=True), "markdown").split())


@pytest.mark.parametrize("name", ["recurrent", "lstm-2-2", "attention"])
def test_the_way_back_is_written_in_vectors_or_with_letters(name: str) -> None:
    """Where it is told in full in both; what else there is to say of it stands in either."""
    for text, both in ((words(name), False), (in_full(name), True)):
        assert ("The same in matrix form" in text) is both
        assert text.count("called backpropagation through time.") == (name != "attention")
        assert text.count("differs from the mean of its row") == (name == "attention")
    law, back, slopes = re.findall(
        r"compute \[\((\d+)\)\].*? Back,[^:]*: (.*?)\. 5\. Then the derivatives [^:]*: (.*?)\. 6\.",
        words(name),
    )[0]
    assert law == "1"
    assert [*map(int, re.findall(r"\((\d+)\)", back + slopes))] == [
        b.number
        for section in composed(network_of(name)).sections
        for b in section.blocks
        if isinstance(b, Display) and re.match("array-(deltas|gradients)", b.label)
    ]


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("rnn", r"(out - target) \cdot v \cdot \bigl(1 - h_3^2\bigr)"),
        ("conv2d", "y - target"),
        ("recurrent", "out - target"),
    ],
)
def test_what_all_paths_begin_with_is_taken_out(name: str, shared: str) -> None:
    """Paths that end apart, in the uses of a shared weight, begin alike at the single output."""
    text = words(name)
    assert f"paths begin alike, and ${shared}$ stands before the bracket" in text
    assert "no factor in common" not in text


def test_each_quantity_is_said_to_depend_on_a_weight_as_it_does() -> None:
    """w_1 stands in net_{t,1} and not in net_{t,2}, which depends on it by way of others alone."""
    assert (
        "$net_{3,1}$ depends on $w_1$ directly and through $h_{2,1}$ and $h_{2,2}$, and"
        " $net_{3,2}$ through $h_{2,1}$ and $h_{2,2}$:"
    ) in words("recurrent")


GRAPH = """# a graph convolution of three nodes, with a softmax for each
inputs: a[1..3,1..3], x[1..3], target[1..3,1..2]
z[i,k] = sum(a[i,m]*w[k]*x[m], m=1..3), i=1..3, k=1..2
p[i,k] = exp(z[i,k])/sum(exp(z[i,m]), m=1..2), i=1..3, k=1..2
condition: sum(target[i,k], k=1..2) = 1, i=1..3
E = -sum(target[i,k]*ln(p[i,k]), i=1..3, k=1..2)
"""


def stated(text: str) -> str:
    """The document of these equations in Markdown, each run of blanks a single one."""
    return " ".join(written(System.from_text(text), "markdown").split())


def test_equations_with_letters_are_stated_once() -> None:
    """25 equations of an LSTM are seven with letters; without any, all are written out."""
    notes = composed(network_of("lstm-2-2"))
    stated = next(section for section in notes.sections if section.key == "graph")
    labels = [block.label for block in stated.blocks if isinstance(block, Display)]
    assert labels[:2] == ["law-arrays", "law"]
    assert "definitions" not in labels
    assert "These are the seven equations:" in words("lstm")


def test_a_sign_is_explained_where_it_first_stands() -> None:
    """⊙ in the law of an LSTM, on the way back of a recurrent network, and not at all in attention."""
    said = r"$\odot$ multiplies entry by entry"
    for name, used in (("lstm-2-2", 3), ("recurrent", 0)):
        before, found, behind = words(name).partition(said)
        assert found
        assert before.count(r"\odot") == used
        assert said not in behind
    assert "odot" not in words("attention")


def test_units_that_would_hide_the_steps_are_drawn_as_vectors() -> None:
    """Eight gates in each step make a tangle; four vectors are the cell that books show."""
    notes = composed(network_of("lstm-2-2"))
    picture = next(b for s in notes.sections for b in s.blocks if isinstance(b, Picture))
    labels = {str(node.label) for node in picture.nodes}
    assert len(labels) == 18
    assert "each vector of units is computed from those that lead to it" in words("lstm-2-2")
    assert "each quantity is computed from those that lead to it" in words("recurrent")


def test_a_long_way_back_is_parted_between_families() -> None:
    """Each display says by what its derivatives are, and none begins with the last of a family."""
    text = words("attention")
    assert "then those with respect to $score_{1,1}$ to $score_{2,2}$:" in text
    assert "and those with respect to $key_{1,1}$ to $key_{2,1}$:" in text
    # A list of factors is no list of derivatives of the error, though some may stand in it.
    assert "those with respect to" not in words("batchnorm")


def test_a_condition_on_what_is_given_is_stated_with_its_letters() -> None:
    """Not once for each node."""
    text = stated(GRAPH)
    assert r"\sum_{k = 1}^{2} target_{i,k} = 1" in text
    assert text.count("What is given is known to satisfy") == 1
    assert "and also" not in text


def test_only_the_first_of_a_family_shows_how_it_gets_shorter() -> None:
    """The targets of each node sum to 1, and it is used once; the others have the same form."""
    lines = written(System.from_text(GRAPH), "markdown").splitlines()
    first, second = [x for x in lines if x.startswith(r"\frac{\partial E}{\partial z_{")][:2]
    assert r"\frac{\partial E}{\partial p_{1,1}}" in first
    assert r"\partial p_" not in second
    assert r"target_{2,1}} \approx" in second


def test_the_way_back_through_time_is_told_step_by_step() -> None:
    """What belongs to one step of time stands together, the last step first."""
    text = words("recurrent")
    begun = text.index("Instead of following each path")
    said = ("at step 2, these make", "at step 1,", "last step")
    places = [text.index(each, begun) for each in said]
    assert places == sorted(places)
    assert text[begun : places[0]].count(r"\frac{\partial E}{\partial h_{2,1}} & =") == 0
    assert text[places[0] : places[1]].count(r"\frac{\partial E}{\partial h_{2,1}} & =") == 1


GRU = """z[t] = sig(w_z*x[t] + u_z*h[t-1]), t=1..2
r[t] = sig(w_r*x[t] + u_r*h[t-1]), t=1..2
n[t] = tanh(w_n*x[t] + r[t]*(u_n*h[t-1])), t=1..2
h[t] = (1 - z[t])*n[t] + z[t]*h[t-1], t=1..2
E = (y - h[2])^2
"""


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (LSTM, r"the forget gate $f_{t,j}$ stands before $c_{t-1,j}$, the input gate $i_{t,j}$"),
        (LSTM, r"and the output gate $o_{t,j}$ before $\tanh(c_{t,j})$."),
        (GRU, r"$z_t$ before $h_{t-1}$ and the reset gate $r_t$ before $u_n \cdot h_{t-1}$."),
    ],
)
def test_gates_have_the_names_of_books(file: str, said: str) -> None:
    """By what they let through: nobody has to say that a network is an LSTM or a GRU."""
    assert said in stated(file)


def test_what_a_state_keeps_over_all_steps_is_the_product_of_its_gates() -> None:
    """Of the first unit: f of the last step times f of the first."""
    said = r"Along all steps of time it is multiplied by $f_{2,1} \cdot f_{1,1} \approx 0.554486"
    assert said in words("lstm-2-2")


def test_a_weight_at_work_is_derived() -> None:
    """Behind a unit at rest all derivatives are 0; one that is not has something to show."""
    system = System.from_text(
        "h[j] = relu(w[j]*x), j=1..3\no = sum(v[j]*h[j], j=1..3)\nE = (t - o)^2\n"
        "numbers: x = 1, t = 1, w = [-1, -2, 0.5], v = [0.3, 0.4, 0.5]"
    )
    model = build(system)
    assert representatives(model) == ["v_1", "w_1"]
    assert telling(model, representatives(model), 0) == ["v_3", "w_3"]


def test_where_further_steps_change_nothing_the_text_says_so() -> None:
    """Not that they take the error further down; and one row makes no table."""
    resting = words("conv2d")
    assert "after ten of them it is 0, up to rounding." in resting
    assert "The error after more and more steps" not in resting
    found = stated("h = relu(w*x)\nE = (t - h)^2\nrate: 10\nnumbers: x = 1, w = 1, t = -0.5")
    assert ", where further steps leave it." in found


def test_of_steps_that_overshoot_the_text_says_so() -> None:
    """The first one leads downward, so that the rate is not halved."""
    network = Network((2, 4, 2), ("tanh", "identity"), "squared-error", learning_rate=2.0)
    found = " ".join(written(network.numbered(2), "markdown").split())
    assert ", but more steps of this length overshoot, and it rises again:" in found
    assert "| 10 | $" in found
    assert "| 100 | $" not in found


def test_the_published_example_is_followed_to_its_end() -> None:
    """To 10,000 steps, as is its first step with its numbers."""
    text = words("mazur")
    assert "| 10,000 | $0.0000351019$ | $0.0159136$ | $0.984064$ |" in text
    assert r"\approx 0.4 - 0.5 \cdot 0.138499 \cdot 0.593270 \approx 0.358916" in text


def test_factors_are_listed_path_by_path() -> None:
    """A list that is too long for one display ends where a path does, and says which it is of."""
    text = words("conv2d")
    assert "the new ones of the first path are" in text
    assert text.index("The second path adds") < text.index("The third path adds")
    assert text.count("The last path adds") == 1
    assert "Those of the first two paths are" in words("attention")
    assert "The other two paths add" in words("attention")


def test_the_outputs_after_the_steps_stand_beside_the_error() -> None:
    """In a network of equations, too: what the error compares with its targets."""
    assert r"| steps | $E$ | $h_{2,1}$ | $h_{2,2}$ |" in words("lstm-2-2")


def test_what_the_way_back_saves_is_counted() -> None:
    """A pass forward and a pass back against a pass for every weight, and one path for another."""
    text = words("rnn")
    assert "The way forward computes eight quantities, each once." in text
    assert "would take five passes forward; to follow the paths one by one, three products" in text
    assert "have to be kept, those of every step of time." in text


def test_a_slope_that_has_cancelled_slows_nothing() -> None:
    """With its cross-entropy an output that is far off has a large δ, however flat its function."""
    said = r"$\delta_{b_1}$ is $out_{b_1} - target_{b_1}$, as large as the mistake itself"
    assert said in words("classifier")
    assert "as large as the mistake itself" not in words("2-4-3-2")


def test_the_other_outputs_of_a_single_layer_come_from_no_layer_after_them() -> None:
    """The last layer is the only one there is."""
    text = words("classifier")
    assert r"The $\delta$ of the other output neurons are made in the same way:" in text
    assert "from those of the layer after them" not in text


def test_a_note_beside_what_is_undecided_is_no_objection() -> None:
    """With many units at rest or not, and a condition on the targets, a display may be printed."""
    seems = Finding("numerically-equal", "too large to prove", Severity.WARNING)
    uses = Finding("side-condition", "this uses that the targets sum to 1", Severity.NOTE)
    other = Finding("index", "judged where its names exist", Severity.WARNING)
    assert _stands(Judged("", Verdict.UNDECIDED, findings=(seems, uses)))
    assert not _stands(Judged("", Verdict.UNDECIDED, findings=(seems, other)))
    assert not _stands(Judged("", Verdict.REFUTED, findings=(uses,)))


def test_of_two_steps_the_first_is_told_with_the_letter_of_time() -> None:
    """∂E/∂c_t by way of c_{t+1}, as over any number of steps; here t is 1."""
    text = in_full("lstm-2-2")
    assert (
        r"\frac{\partial E}{\partial c_{t,j}} & = \frac{\partial E}{\partial h_{t,j}} \cdot o_{t,j}"
        r" \cdot \bigl(1 - \tanh(c_{t,j})^2\bigr) + \frac{\partial E}{\partial c_{t+1,j}} \cdot"
        r" f_{t+1,j}"
    ) in text
    assert "$t$ is 1 in the lines for $h_{t,j}$ and $c_{t,j}$" in text


def test_what_a_derivative_means_is_said_of_equations_too() -> None:
    """A nudge of what stands nearest to the error, with the numbers of the example."""
    text = words("rnn")
    assert text.count(" mean? It says what the error does when") == 1
    assert "Raise $h_3$ by $0.01$, and $E$ changes by about" in text
    assert "strongly it responds. The last step leads to $w$" in text


def test_a_step_that_is_written_with_its_value_is_explained() -> None:
    """∂c_2/∂c_1 of an LSTM would go by way of its gates as well, of however many paths there are."""
    text = words("lstm-2-2")
    assert (
        r"$\frac{\partial c_{2,1}}{\partial c_{1,1}}$ would stand for all these paths together"
        in text
    )


def test_equations_have_an_algorithm_with_its_loops() -> None:
    """Forward and back through the steps of time, by the numbers of the displays; then epochs."""
    text = words("rnn")
    assert "Three loops lie inside one another: over the steps of time, over the examples" in text
    assert (
        "Forward: compute [(1)](#eq-1), each equation when all that stands in it is known" in text
    )
    assert "Back, from the last step to the first: [(14)](#eq-14)" in text
    assert "Two loops lie inside one another" in words("attention")


def test_two_minus_signs_are_said_to_cancel() -> None:
    """−target/out of the other error times −out·out of softmax."""
    said = "and with the values plugged in, where the two minus signs cancel,"
    assert said in words("classifier")
    assert "minus signs cancel" not in words("2-4-3-2")


def test_the_meaning_of_a_delta_comes_after_how_it_was_made() -> None:
    """What cancels in it is said right below the display in which it does."""
    text = words("classifier")
    assert text.index("Here something remarkable happens") < text.index(
        "It says what the error does"
    )
