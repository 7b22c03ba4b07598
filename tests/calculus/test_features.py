"""What in a network has a name of its own is seen from its definitions: gates, time, correlations."""

from __future__ import annotations

import pytest

from derive.calculus.chain import Chain
from derive.calculus.features import correlations, gates, through_softmax, through_time
from derive.calculus.graph_rules import Rule, backward_rules
from derive.formula import Member, Name, SumOver, total, walk
from derive.formula.tidy import centred
from derive.model import Model
from derive.networks.equations.system import System
from derive.networks.sources import build, read
from derive.notations.free import member_text
from tests.shelf import composed, written


def model(text: str) -> Model:
    """A model from the lines of an equation file, or of what is shipped."""
    return build(System.from_text(text) if "=" in text else read(text))


def found_rules(text: str) -> tuple[Model, list[Rule], list[Rule]]:
    """A model with its rules for what lies between, and for the weights."""
    of = model(text)
    return of, *backward_rules(Chain(of))


GATES = {
    "lstm": ["f", "i", "o"],
    "gru": ["z", "z", "r"],
    "rnn": [],
    "xor": [],
    "attention": [],
    # A sigmoid that is also used by itself is no gate, nor is one beside weights only.
    "g = sig(w*x)\ny = g*x + g\nE = (t - y)^2": [],
    "g = sig(w*x)\ny = g*v\nE = (t - y)^2": [],
    "g = sig(w*x)\ny = v*(g*x)\nE = (t - y)^2": ["g"],
    "g = tanh(w*x)\ny = g*x\nE = (t - y)^2": [],
    "g[t] = sig(w*x[t]), t=1..2\nc[t] = g[t]*c[t-1] + x[t], t=1..2\nE = (y - c[2])^2": ["g[t]"],
}


@pytest.mark.parametrize("text", GATES)
def test_a_gate_is_a_share_that_scales_something_wherever_it_stands(text: str) -> None:
    """Outputs of sigmoids are gates only where they are multiplied by what is no weight."""
    assert [member_text(gate.of) for gate in gates(model(text))] == GATES[text]


TIMES = {
    "rnn": (3, True),
    "output/recurrent.toml": (3, True),
    "conv1d": None,
    "attention": None,
    # An index that runs on is no time unless it is called so.
    "h[n] = tanh(u*h[n-1]), n=1..3\nE = (t - h[3])^2": None,
    "h[t] = tanh(u*h[t-1]), t=1..2\nE = (y - h[2])^2": (2, True),
}


@pytest.mark.parametrize("text", TIMES)
def test_derivatives_of_one_step_made_of_the_next_go_back_through_time(text: str) -> None:
    """Whatever family it is, and also where two steps leave no letter in the rules."""
    time = through_time(*found_rules(text)[:2])
    assert (time and (time.last, time.apart)) == TIMES[text]


def test_the_gradient_of_a_kernel_is_a_correlation() -> None:
    """A weight that is moved over the inputs has one; those of a layer or of time steps have not."""
    for text, count in {"conv1d": 1, "conv2d": 1, "maxpool": 1, "rnn": 0, "attention": 0}.items():
        assert len(correlations(found_rules(text)[2])) == count


def test_what_softmax_passes_back_is_one_line_for_all_rows() -> None:
    """∂E/∂z_j = p_j·(∂E/∂p_j − Σ ∂E/∂p_m·p_m), and no line for each number of j."""
    (line,) = through_softmax(found_rules("attention")[1])
    assert list(map(member_text, line)) == ["score[i,j]", "a[i,j]"]  # type: ignore[arg-type]


def test_only_terms_of_a_softmax_are_centred() -> None:
    """d·p·(1 − p) − b·q·p is; with a plus, another share, or two own terms it stays as it is."""
    b, d, p, q = map(Name, "bdpq")
    own, other = d * p * (1 - p), b * q * p
    assert centred(total([own, -other])) == p * total([d, -(d * p), -(b * q)])
    assert centred(total([-other, own])) == p * total([d, -(b * q), -(d * p)])
    for formula in (own + other, total([own, -(b * q)]), total([own, own]), own, p):
        assert centred(formula) == formula


def test_the_words_of_a_file_stand_beside_its_quantities() -> None:
    """A comment behind an equation is kept; what could mean something in a format is not."""
    notes = composed(
        System.from_text(
            "h = tanh(w*x)  # the *state*\no = v*h  # the output: what is seen\nE = (t - o)^2"
        )
    )
    tables = [
        block for section in notes.sections for block in section.blocks if block.kind == "table"
    ]
    said = ["the state", "the output: what is seen"]
    assert [row[1] for row in tables[0].rows] == said  # type: ignore[union-attr]


@pytest.mark.parametrize(("words", "told"), [("the state", False), ("the state: a memory", True)])
def test_what_the_picture_says_is_not_said_again(words: str, told: bool) -> None:
    """One comment needs no table, and none at all where it stands whole at its node."""
    text = written(System.from_text(f"h = tanh(w*x)  # {words}\nE = (t - h)^2"), "markdown")
    assert "in words" not in text.replace("In words, $h$ is this: the state: a memory.", "")
    assert ("In words, $h$ is this" in text) is told


def test_only_time_is_counted_by_t() -> None:
    """Σ over the units of a softmax has another letter, one over the steps has t."""
    text = (
        "h[t,j] = tanh(w[j]*x[t]), t=1..3, j=1..2\nz[j] = sum(v[j,k]*h[t,k], t=1..3, k=1..2), j=1..2\n"
        "p[j] = exp(z[j])/sum(exp(z[m]), m=1..2), j=1..2\nE = sum((y[j] - p[j])^2, j=1..2)"
    )
    _, adjoints, gradients = found_rules(text)
    for rule in [*adjoints, *gradients]:
        for node in walk(rule.equation.right):
            if isinstance(node, SumOver):
                over_time = any(
                    isinstance(n, Member) and n.stem in "xh" and n.indices[0][0] == (node.index,)
                    for n in walk(node.body)
                )
                assert (node.index == "t") is over_time
