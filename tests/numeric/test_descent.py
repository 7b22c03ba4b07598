"""Many steps of gradient descent: how they are computed, and which of them can be told."""

from __future__ import annotations

import pytest

from derive.calculus.chain import Chain
from derive.networks.network import Network
from derive.networks.sources import build, read
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.compiled import Machine
from derive.numeric.descent import STEPS, Descent, descend
from derive.numeric.forward import adjoints, examples, gradients, quantities

NAMES = ("mazur", "classifier", "maxpool", "lstm", "attention", "layernorm", "softmax", "conv2d")


def descended(name: str) -> Descent:
    """The steps of a shipped network, with its numbers."""
    network = read(name)
    return descend(network.numbered(0), Chain(build(network)))


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_computes_what_the_formulas_say(name: str) -> None:
    """To the last bit: the error, its gradient and the outputs."""
    network = read(name).numbered(0)
    model = build(network)
    chain = Chain(model)
    moving = list(model.parameters)
    given = examples(model, network)[0]
    values = quantities(model, given)
    shown = [*model.definitions][-3:]
    machine = Machine(chain, moving, shown)
    error, gradient, outputs = machine.run(machine.row(given), [given[name] for name in moving])
    assert error == values[model.total]
    assert outputs == [values[name] for name in shown]
    assert dict(zip(moving, gradient, strict=True)) == gradients(chain, values)
    assert adjoints(chain, values)


def test_the_published_example_ends_where_it_was_published() -> None:
    """Mazur's network after 10,000 steps, to the digits that do not depend on how δ went back.

    There it went back through updated weights; that leads to 0.0159122 and 0.9840657.
    """
    found = descended("mazur").found
    assert [after.steps for after in found] == list(STEPS)
    assert found[-1].error == pytest.approx(0.0000351, rel=1e-3)
    assert found[-1].outputs == pytest.approx((0.0159, 0.9841), abs=1e-4)


def test_the_steps_are_those_of_backpropagation_in_numpy() -> None:
    """A hundred of them, by matrices and by the formulas."""
    network = Network((2, 3, 2), ("tanh", "sigmoid"), bias="neuron").numbered(0)
    found = descend(network, Chain(build(network))).found
    here = Parameters.of(network)
    for _ in range(100):
        slope = backprop(network, here).gradient
        pairs = [(here.weights, slope.weights), (here.biases, slope.biases)]
        weights, biases = (
            tuple(own - network.learning_rate * by for own, by in zip(*pair, strict=True))
            for pair in pairs
        )
        here = Parameters(weights, biases, here.present)
    assert found[2].steps == 100
    assert found[2].error == pytest.approx(backprop(network, here).error, rel=1e-9)


def test_what_has_come_to_rest_is_told_no_further() -> None:
    """The error of a batch normalization cannot fall below what its statistics leave."""
    taken = descended("batchnorm")
    assert [after.steps for after in taken.found] == [1, 10, 100]
    assert taken.still == 100
    assert not taken.spent


def test_steps_that_overshoot_end_there() -> None:
    """At a high rate the first step leads down and the next ones far up."""
    network = Network((2, 4, 2), ("tanh", "identity"), "squared-error", learning_rate=2.0)
    taken = descend(network.numbered(2), Chain(build(network)))
    assert [after.steps for after in taken.found] == [1, 10]
    assert taken.found[1].error > 1e6
    assert not taken.halved
