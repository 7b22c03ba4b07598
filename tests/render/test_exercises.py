"""The exercises of a network: which there are, and that their answers are right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.model.numbers import Numbers
from derive.networks.equations.system import System
from derive.networks.general import general
from derive.networks.network import Network
from derive.networks.sources import read
from derive.notes.blocks import Listing
from derive.notes.general import compose_general
from derive.numeric.gradcheck import gradcheck
from derive.render.render import render
from tests.shelf import composed, written


def of_any(**options: str) -> str:
    """The document of networks of any size."""
    return " ".join(render(compose_general(general(**options)), "markdown").split())


RELU = Network((2, 2, 2), ("relu", "softmax"), "categorical-cross-entropy", "neuron")


def exercises(network: Network | System, *, every: bool = False) -> list[str]:
    """The keys of the exercises in a document."""
    notes = composed(network, every=every)
    blocks = [b for s in notes.sections if s.key == "exercises" for b in s.blocks]
    return [item.key for b in blocks if isinstance(b, Listing) for item in b.items]


def test_a_network_has_the_exercises_that_its_functions_allow() -> None:
    """Another error where a sigmoid has a squared one, shares of softmax, units of ReLU that rest."""
    common = ["exercise_derive", "exercise_nudge"]
    assert exercises(Network((2, 4, 3, 2))) == [*common, "exercise_loss", "exercise_twins"]
    assert exercises(RELU) == [*common, "exercise_shares", "exercise_twins", "exercise_rest"]
    assert exercises(Network((2, 3, 1), ("tanh", "identity"))) == [*common, "exercise_twins"]
    assert exercises(Network((2, 1, 1), l2=0.1)) == ["exercise_nudge", "exercise_loss"]


EQUATIONS = {
    "rnn": ["exercise_untied", "exercise_step"],
    "attention": ["exercise_untied", "exercise_rows"],
    "conv2d": ["exercise_untied"],
    "lstm": ["exercise_gate"],
    "gru": ["exercise_gate"],
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_have_exercises_too(name: str) -> None:
    """Copies of a weight that is used several times, a step more, a gate, a row of softmax."""
    common = ["exercise_derive", "exercise_nudge"]
    assert exercises(read(name)) == [*common, *EQUATIONS[name]]


def test_copies_of_a_shared_weight_have_the_summands_of_its_derivative() -> None:
    """The w of a recurrent network is w1, w2 and w3, each in its own step; the sum is what w has."""
    numbers = "x = [1, 0.5], h[0] = 0.3, target = 0.5"
    law = "net[t] = {0}*x[t] + u*h[t-1], t=1..2\nh[t] = tanh(net[t]), t=1..2\n"
    law += "E = (target - h[2])^2\nnumbers: " + numbers + ", u = 0.9, {1}"
    tied = System.from_text(law.format("w", "w = 0.6"))
    copies = System.from_text(law.format("w[t]", "w = [0.6, 0.6]"))
    shared = gradcheck(tied).gradients["w"].symbolic
    apart = gradcheck(copies).gradients
    assert apart["w_1"].symbolic + apart["w_2"].symbolic == pytest.approx(shared)


def test_the_derivatives_by_a_row_of_softmax_add_up_to_nothing() -> None:
    """The same number added to all scores of a row leaves its shares as they are."""
    found = gradcheck(
        System.from_text(
            "z[k] = w[k]*x + b[k], k=1..3\np[k] = exp(z[k])/sum(exp(z[m]), m=1..3), k=1..3\n"
            "E = sum((t[k] - p[k])^2, k=1..3)\n"
            "numbers: x = 1, w = [0.1, 0.7, -0.4], b = [0, 0, 0], t = [1, 0, 0.5]"
        )
    ).gradients
    assert sum(found[f"b_{k}"].symbolic for k in (1, 2, 3)) == pytest.approx(0)


@pytest.mark.slow
def test_where_no_numbers_are_printed_the_answers_are_formulas() -> None:
    """Of a large network; how many multiplications a wider layer takes is counted here anew."""
    keys = ["exercise_derive", "exercise_wider", "exercise_loss", "exercise_twins"]
    network = Network((16, 32, 16, 8))
    assert exercises(network) == keys
    text = " ".join(written(network, "markdown").split())
    assert r"step by step. ($\delta_{b_2} \cdot out_{a_1}$.)" in text
    forward, behind = 16 * 32 + 32 * 32 + 32 * 8, 32 * 32 + 32 * 8
    assert f"({forward:,} forward and {forward + behind:,} back.)" in text


def test_none_asks_for_what_is_derived_already() -> None:
    """With `--all` that is every weight."""
    assert "exercise_derive" not in exercises(Network((2, 4, 3, 2)), every=True)


def test_a_gate_with_nothing_to_let_through_has_the_derivative_0() -> None:
    """The forget gate of an LSTM whose state begins with 0."""
    text = " ".join(written(read("lstm"), "markdown").split())
    assert "What becomes of the derivative with respect to $f$ where $c_0$ is 0?" in text
    numbers = {**read("lstm").numbers, "c_0": 0.0}
    found = gradcheck(replace(read("lstm"), numbers=numbers)).gradients
    assert [found[name].symbolic for name in ("w_f", "u_f", "b_f")] == [0, 0, 0]
    assert found["w_i"].symbolic


def test_networks_of_any_size_have_exercises_too() -> None:
    """Where functions are left open one may be chosen; where they are not, there is no choice."""
    text = of_any()
    assert "What does [(6)](#eq-6) become for a sigmoid with the binary cross-entropy" in text
    assert "Let all neurons of a hidden layer begin with the same weights" in text
    assert "as the error?" not in of_any(activation="tanh")


def test_the_answer_for_the_other_error_is_derived() -> None:
    """The slope of the sigmoid cancels against the binary cross-entropy."""
    text = written(read("mazur"), "markdown")
    assert "What is $\\delta_{o1}$ with the binary cross-entropy" in text
    assert "($out_{o1} - target_{o1}$: the slope cancels.)" in text


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_neurons_that_begin_alike_have_the_same_derivatives(activation: str) -> None:
    """Same weights into both hidden neurons and out of both, and the same biases: the same δ."""
    weights = ((0.3, 0.2, 0.3, 0.2), (0.4, 0.4, -0.1, -0.1))
    numbers = Numbers(((0.5, 0.6),), ((0.1, 0.9),), weights, ((0.1, 0.1), (0.2, 0.3)))
    network = Network((2, 2, 2), (activation, "sigmoid"), bias="neuron", numbers=numbers)
    found = {name: row.symbolic for name, row in gradcheck(network).gradients.items()}
    pairs = (("w11", "w13"), ("w12", "w14"), ("w21", "w22"), ("w23", "w24"))
    for one, other in (*pairs, ("bias_b1", "bias_b2")):
        assert found[one] == pytest.approx(found[other])
        assert found[one]


def test_a_neuron_at_rest_has_derivatives_of_zero_on_both_sides() -> None:
    """Of the weights into it, of those out of it, and of its bias; the other neuron learns."""
    weights = ((-0.3, -0.2, 0.3, 0.2), (0.4, 0.3, -0.1, 0.2))
    numbers = Numbers(((0.5, 0.6), (0.2, 0.9)), ((1, 0), (0, 1)), weights, ((0, 0), (0, 0)))
    network = Network(RELU.layers, RELU.activations, RELU.loss, "neuron", numbers=numbers)
    found = {name: row.symbolic for name, row in gradcheck(network).gradients.items()}
    zeros = {name for name, slope in found.items() if slope == 0}
    assert zeros == {"w11", "w12", "bias_b1", "w21", "w23"}
