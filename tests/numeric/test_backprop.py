"""The plain NumPy side, by itself."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive import Model, functions
from derive.functions.floats import function_value
from derive.model.numbers import Numbers
from derive.networks.network import Network
from derive.numeric import backprop as module
from derive.numeric.arrays import ARRAYS, exact, plain, slope, value
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.forward import examples

POINTS = np.array([-30.0, -1.7, -0.2, 0.3, 2.9, 30.0])


def test_independent_of_the_symbolic_side() -> None:
    """Nothing is imported from the rooms whose results are checked."""
    path = Path(module.__file__)
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("derive")
    }
    values = {"derive.functions", "derive.networks.own", "derive.numeric.arrays"}
    assert imported - values <= {
        "derive.errors",
        "derive.model.facts",
        "derive.networks.network",
        "derive.notations",
    }


@pytest.mark.parametrize("name", functions.ACTIVATIONS)
def test_slopes(name: str) -> None:
    """The slope of each activation is the difference quotient of its value."""
    row, h = functions.ACTIVATIONS[name], 1e-5
    quotient = (value(row, POINTS + h) - value(row, POINTS - h)) / (2 * h)
    assert slope(row.at, POINTS) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", functions.LOSSES)
def test_loss_slopes(name: str) -> None:
    """The slope of each loss is the difference quotient of its value."""
    row, h = functions.LOSSES[name], 1e-5
    target, out = np.array([0.2, 0.8, 0.5]), np.array([0.7, 0.3, 0.5])

    def error(o: Any, f: Any) -> Any:
        return row.error(exact(target), o, 3, f)

    up, down = (plain(error(exact(out + move), ARRAYS)) for move in (h, -h))
    assert slope(error, out) == pytest.approx((up - down) / (2 * h), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", sorted(functions.BY_SYMBOL))
def test_values_are_those_of_the_other_side(name: str) -> None:
    """Every row computes the same over arrays as with single floats."""
    points = POINTS[POINTS > 0] if name == "ln" else POINTS
    expected = [function_value(name, 0, float(x)) for x in points]
    assert value(functions.BY_SYMBOL[name], points) == pytest.approx(expected, rel=1e-14)


def test_flat_is_in_the_order_of_the_model() -> None:
    """The entries are those of the model's parameters, without the missing ones."""
    net = Network.read("2-4-3-2", bias="neuron").with_random_numbers(1)
    net = replace(net, missing=("w12", "w25"), numbers=None).with_random_numbers(1)
    parameters, model = Parameters.of(net), Model.of(net)
    (given,) = examples(model, net)
    assert parameters.flat.tolist() == [given[name] for name in model.parameters]
    assert [w.shape for w in parameters.weights] == [(4, 2), (3, 4), (2, 3)]


def batched(reduction: str) -> tuple[Network, list[Network]]:
    """A batch of three examples, and the three networks of one example each."""
    net = Network.read("3-4-2", bias="layer", activation="tanh,sigmoid").with_random_numbers(3)
    assert net.numbers is not None
    inputs = ((0.1, 0.2, 0.3), (-0.5, 0.4, 0.9), (1.0, -1.0, 0.0))
    targets = ((0.1, 0.9), (0.5, 0.5), (0.0, 1.0))

    def having(rows: slice) -> Network:
        assert net.numbers is not None
        numbers = replace(net.numbers, inputs=inputs[rows], targets=targets[rows])
        return replace(net, numbers=numbers, reduction=reduction)

    return having(slice(None)), [having(slice(k, k + 1)) for k in range(3)]


@pytest.mark.parametrize(("reduction", "combine"), [("sum", np.sum), ("mean", np.mean)])
def test_batches(reduction: str, combine: np.ufunc) -> None:
    """Error and gradient of a batch are the sum, or the mean, of those of its examples."""
    whole, examples = batched(reduction)
    parts = [backprop(net, Parameters.of(net)) for net in examples]
    found = backprop(whole, Parameters.of(whole))
    assert found.error == pytest.approx(combine([part.error for part in parts]), rel=1e-14)
    gradients = np.array([part.gradient.flat for part in parts])
    assert found.gradient.flat == pytest.approx(combine(gradients, axis=0), rel=1e-13)


def test_one_bias_for_a_layer_adds_up_its_neurons() -> None:
    """The gradient of a shared bias is the sum of those that the neurons' own would have."""
    shared = Network.read("mazur")
    assert shared.numbers is not None
    own = replace(
        shared, bias="neuron", numbers=replace(shared.numbers, biases=((0.35,) * 2, (0.6,) * 2))
    )
    one = backprop(shared, Parameters.of(shared)).gradient.biases
    each = backprop(own, Parameters.of(own)).gradient.biases
    assert [float(b[0]) for b in one] == pytest.approx([float(b.sum()) for b in each], rel=1e-15)


def test_saturated_sigmoids_are_quiet() -> None:
    """Net inputs of ±1000 give 1 and 0 without a warning."""
    net = Network(
        (2, 2), numbers=Numbers(((1000.0, 0.0),), ((0.0, 0.0),), ((1.0, 0.0, -1.0, 0.0),))
    )
    assert backprop(net, Parameters.of(net)).error == 0.5
