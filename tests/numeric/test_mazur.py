"""The published 2-2-2 example, digit for digit."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from derive.networks.network import Network
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.found import Gradcheck
from derive.numeric.gradcheck import gradcheck

PUBLISHED = tomllib.loads((Path(__file__).parents[1] / "data/mazur_published.toml").read_text())


@pytest.fixture(scope="module")
def found() -> Gradcheck:
    """The check of the shipped network."""
    return gradcheck(Network.read("mazur"))


def printed(value: float, like: str) -> str:
    """`value` with as many decimals as the published number."""
    return f"{value:.{len(like.partition('.')[2])}f}"


@pytest.mark.parametrize(("name", "published"), PUBLISHED["quantities"].items())
def test_forward(found: Gradcheck, name: str, published: str) -> None:
    """The forward pass gives every published quantity."""
    assert printed(found.values[name][0], published) == published


@pytest.mark.parametrize(("name", "published"), PUBLISHED["gradients"].items())
def test_gradients(found: Gradcheck, name: str, published: str) -> None:
    """All three gradients are the published one."""
    for gradient in found.gradients[name]:
        assert gradient is not None
        assert printed(gradient, published) == published


@pytest.mark.parametrize(("name", "published"), PUBLISHED["updated"].items())
def test_updated_weights(found: Gradcheck, name: str, published: str) -> None:
    """One step at η = 0.5 gives the published weights."""
    assert printed(found.updated[name], published) == published


def test_biases_are_held(found: Gradcheck) -> None:
    """The example does not update its biases, so they are not among the updated parameters."""
    assert set(found.updated) == {f"w{n}" for n in range(1, 9)}
    assert {"b1", "b2"} < set(found.gradients)


def test_both_errors_after_the_step(found: Gradcheck) -> None:
    """The published error after the step is wrong: it takes δ back through updated weights.

    The hidden weights printed on the page are right; the error printed below them is not theirs.
    """
    network = found.network
    start = Parameters.of(network)
    rate = network.learning_rate

    def stepped(gradient: Parameters) -> Parameters:
        pairs = zip(start.weights, gradient.weights, strict=True)
        weights = tuple(w - rate * g for w, g in pairs)
        return replace(start, weights=weights)

    right = stepped(backprop(network, start).gradient)
    wrong = stepped(backprop(network, start, through=right.weights).gradient)
    published = PUBLISHED["error_after"]
    for parameters, said in ((right, published["right"]), (wrong, published["published"])):
        assert printed(backprop(network, parameters).error, said) == said
    assert printed(found.error_after, published["right"]) == published["right"]
    assert (right.weights[1] == wrong.weights[1]).all()
    assert (right.weights[0] != wrong.weights[0]).all()


def test_passes(found: Gradcheck) -> None:
    """The check passes with room to spare and sees the four-fold fall."""
    assert found.passed
    assert found.max_relative_error < 1e-9
    assert found.symbolic_error < 1e-14
    assert found.convergence == pytest.approx(4, abs=1e-3)
