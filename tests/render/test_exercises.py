"""The exercises of a network: which there are, and that their answers are right."""

from __future__ import annotations

import pytest

from derive.model.numbers import Numbers
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read
from derive.notes.blocks import Listing
from derive.numeric.gradcheck import gradcheck
from tests.shelf import composed, written

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
    "lstm": [],
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_have_exercises_too(name: str) -> None:
    """Copies of a weight that is used several times, a step more, a row of softmax."""
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


def test_there_are_none_where_no_numbers_are_printed_or_nothing_is_left_to_derive() -> None:
    """The answers are compared with numbers; with `--all` every weight is derived already."""
    assert exercises(Network((16, 32, 16, 8))) == []
    assert "exercise_derive" not in exercises(Network((2, 4, 3, 2)), every=True)


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
