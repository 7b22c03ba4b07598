"""A check that cannot fail checks nothing: wrong rules are planted, and it has to find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derive import Model, functions
from derive.calculus import chain
from derive.formula import Call, Formula, Name, Number
from derive.networks.network import Network
from derive.numeric import backprop, differences
from derive.numeric.arrays import value
from derive.numeric.found import Gradcheck
from derive.numeric.gradcheck import gradcheck

Patch = pytest.MonkeyPatch


def numpy_row(patch: Patch, name: str, slope: Callable[[Any, Any], Any]) -> None:
    """Plant the slope of an activation in the NumPy side."""
    row, right = functions.ACTIVATIONS[name], backprop.slope

    def planted(function: Callable[[Any, Any], Any], x: Any) -> Any:
        return slope(x, value(row, x)) if function == row.at else right(function, x)

    patch.setattr(backprop, "slope", planted)


def symbolic_row(patch: Patch, symbol: str, through: Callable[[Any], Any]) -> None:
    """Plant a derivative in the symbolic side's table."""
    row = replace(functions.BY_SYMBOL[symbol], slope=lambda x, y, f: through(y))
    patch.setitem(functions.BY_SYMBOL, symbol, row)


def check(activation: str) -> Gradcheck:
    """The check of 2-4-3-2 with biases and this activation."""
    return gradcheck(Network.read("2-4-3-2", bias="neuron", activation=activation))


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("sigmoid", lambda net, out: out * (1 + out)),
        ("sigmoid", lambda net, out: out * (1 - out) * 1.00001),
        ("tanh", lambda net, out: 1 - out),
        ("relu", lambda net, out: np.ones_like(net)),
        ("identity", lambda net, out: np.full_like(net, 1.00001)),
    ],
)
def test_wrong_slope_in_numpy(
    monkeypatch: Patch, name: str, slope: Callable[[Any, Any], Any]
) -> None:
    """A wrong slope on the NumPy side disagrees with both others, be it off by 1e-5 only."""
    assert check(name).passed
    numpy_row(monkeypatch, name, slope)
    found = check(name)
    assert not found.passed
    assert found.symbolic_error > 1e-6
    assert found.max_relative_error > 1e-6
    assert found.suspects


@pytest.mark.parametrize(
    ("symbol", "name", "through"),
    [
        ("sig", "sigmoid", lambda y: y * (1 + y)),
        ("sig", "sigmoid", lambda y: y),
        ("tanh", "tanh", lambda y: 1 - y),
    ],
)
def test_wrong_local_derivative(
    monkeypatch: Patch, symbol: str, name: str, through: Callable[[Any], Any]
) -> None:
    """A wrong ∂out/∂net on the symbolic side disagrees with both others."""
    symbolic_row(monkeypatch, symbol, through)
    found = check(name)
    assert not found.passed
    assert found.symbolic_error > 1e-3
    assert found.max_relative_error > 1e-3


def test_the_same_fault_on_both_sides(monkeypatch: Patch) -> None:
    """Finite differences know no derivative, so they find even a fault that both sides share."""
    symbolic_row(monkeypatch, "sig", lambda y: y * (1 + y))
    numpy_row(monkeypatch, "sigmoid", lambda net, out: out * (1 + out))
    found = check("sigmoid")
    assert found.symbolic_error < 1e-12
    assert found.max_relative_error > 1e-3
    assert not found.passed


def test_one_wrong_local_derivative_names_the_weight(monkeypatch: Patch) -> None:
    """A fault in ∂net_c1/∂w21 alone is found, and w21 alone is suspected."""
    right = chain.local_derivatives

    def wrong(definition: Formula, own: str) -> dict[str, Formula]:
        found = right(definition, own)
        if "w21" in found:
            found["w21"] = Number(functions.HALF)
        return found

    monkeypatch.setattr(chain, "local_derivatives", wrong)
    found = check("sigmoid")
    assert found.suspects == ("w21",)
    assert not found.passed


def test_wrong_definition() -> None:
    """A symbolic forward pass that differs from NumPy's does not pass."""
    network = Network.read("2-4-3-2")
    model = Model.of(network)
    wrong = Call("tanh", Name("net_d1"))
    planted = model.with_definitions({"out_d1": wrong})
    assert gradcheck(network, chain=chain.Chain(model)).passed
    found = gradcheck(network, chain=chain.Chain(planted))
    assert found.symbolic_error > 0.01
    assert not found.passed


def test_first_order_differences_do_not_pass(monkeypatch: Patch) -> None:
    """Differences whose error falls two-fold only are no central differences."""
    right = differences.finite_differences

    def crooked(*args: Any) -> tuple[Any, differences.Differences]:
        tried, found = right(*args)
        return tried, replace(
            found,
            coarse=found.value * (1 + found.step),
            fine=found.value * (1 + found.step / 2),
        )

    monkeypatch.setattr("derive.numeric.single.finite_differences", crooked)
    found = check("sigmoid")
    assert found.max_relative_error < 1e-7
    assert found.convergence == pytest.approx(2, abs=0.01)
    assert not found.passed


def test_nan_is_a_failure(monkeypatch: Patch) -> None:
    """A symbolic gradient that is not a number fails the check instead of slipping through it."""
    symbolic_row(monkeypatch, "sig", lambda y: 1 / (y - y))
    found = check("sigmoid")
    assert not found.passed
    assert found.to_json()["max_relative_error"] is None
