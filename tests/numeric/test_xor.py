"""The XOR network of many lecture notes: one pass forward and back with (1, 1), target 0."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive import gradcheck
from derive.networks.network import Network


def test_one_example_gives_the_printed_numbers() -> None:
    """The outputs 0.5250, 0.8808, 0.5097, and every weight after a step with η = 0.1.

    Negnevitsky, Artificial Intelligence, chapter 6; its thresholds are our biases with the other
    sign.
    """
    found = gradcheck(Network.read("xor"))
    out = {name: values[0] for name, values in found.values.items()}
    assert out["out_b1"] == pytest.approx(0.5250, abs=5e-5)
    assert out["out_b2"] == pytest.approx(0.8808, abs=5e-5)
    assert out["out_c1"] == pytest.approx(0.5097, abs=5e-5)
    printed = {
        "w11": 0.5038,
        "w12": 0.4038,
        "w13": 0.8985,
        "w14": 0.9985,
        "w21": -1.2067,
        "w22": 1.0888,
        "bias_b1": -0.7962,
        "bias_b2": 0.0985,
        "bias_c1": -0.3127,
    }
    for name, value in printed.items():
        assert found.updated[name] == pytest.approx(value, abs=5e-5), name


def test_the_whole_table_is_a_batch() -> None:
    """With all four cases the check passes too, and a step makes their error smaller."""
    network = Network.read("xor")
    assert network.numbers is not None
    cases = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
    targets = tuple((float(a != b),) for a, b in cases)
    found = gradcheck(
        replace(network, numbers=replace(network.numbers, inputs=cases, targets=targets))
    )
    assert found.passed
    assert found.error_after < found.error
