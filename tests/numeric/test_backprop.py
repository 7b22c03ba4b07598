"""The plain NumPy side, by itself."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from derive import functions
from derive.model.numbers import Numbers
from derive.networks.network import Network
from derive.numeric import backprop as module
from derive.numeric.backprop import (
    ACTIVATIONS,
    LOSSES,
    Parameters,
    activation,
    backprop,
    error,
)

POINTS = np.array([-30.0, -1.7, -0.2, 0.3, 2.9, 30.0])


@pytest.mark.parametrize("file", ["backprop", "differences", "rounding"])
def test_independent_of_the_symbolic_side(file: str) -> None:
    """Nothing is imported from the rooms whose results are checked."""
    path = Path(module.__file__).with_name(f"{file}.py")
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("derive")
    }
    # The table of functions only serves where this side has no row of its own.
    table = {"derive.functions", "derive.functions.floats", "derive"}
    assert imported - table <= {
        "derive.errors",
        "derive.networks.network",
        "derive.numeric.backprop",
    }


def test_tables_are_complete() -> None:
    """Every loss that a network may name has its own row here, and the usual activations too."""
    assert set(ACTIVATIONS) <= set(functions.ACTIVATIONS)
    assert len(ACTIVATIONS) >= 9
    assert set(LOSSES) == set(functions.LOSSES)


def test_a_function_without_a_row_comes_from_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that this side does not know is taken from the table, with its derivative."""
    own = ACTIVATIONS["silu"]
    monkeypatch.delitem(ACTIVATIONS, "silu")
    table = activation("silu")
    assert table.value(POINTS) == pytest.approx(own.value(POINTS), rel=1e-14)
    assert table.slope(POINTS, POINTS) == pytest.approx(own.slope(POINTS, POINTS), rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes(name: str) -> None:
    """The slope of each activation is the difference quotient of its value."""
    row, h = ACTIVATIONS[name], 1e-5
    quotient = (row.value(POINTS + h) - row.value(POINTS - h)) / (2 * h)
    assert row.slope(POINTS, row.value(POINTS)) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", LOSSES)
def test_loss_slopes(name: str) -> None:
    """The slope of each loss is the difference quotient of its value."""
    row, h = LOSSES[name], 1e-5
    target, out = np.array([0.2, 0.8, 0.5]), np.array([0.7, 0.3, 0.5])
    quotient = (row.value(target, out + h) - row.value(target, out - h)) / (2 * h)
    assert row.slope(target, out) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("bias", ["none", "neuron", "layer"])
def test_flat_is_reversible(bias: str) -> None:
    """Parameters survive being flattened and unflattened."""
    net = Network.read("2-4-3-2", bias=bias).with_random_numbers(1)
    parameters = Parameters.of(net)
    again = Parameters.from_flat(net, parameters.flat)
    assert len(parameters.flat) == sum(net.weight_counts) + sum(net.bias_counts)
    assert (again.flat == parameters.flat).all()
    assert [w.shape for w in again.weights] == [(4, 2), (3, 4), (2, 3)]


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
    assert found.error == error(whole, Parameters.of(whole))


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
