"""The exercises of a network of layers: which there are, and that their answers are right."""

from __future__ import annotations

import pytest

from derive.model.numbers import Numbers
from derive.networks.network import Network
from derive.networks.sources import read
from derive.notes.blocks import Listing
from derive.numeric.gradcheck import gradcheck
from tests.shelf import composed, written

RELU = Network((2, 2, 2), ("relu", "softmax"), "categorical-cross-entropy", "neuron")


def exercises(network: Network, *, every: bool = False) -> list[str]:
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
