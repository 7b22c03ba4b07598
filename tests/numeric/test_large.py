"""The numeric check of large networks, whose families are arrays of floating point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive.calculus import family_slopes
from derive.calculus.chain import Chain
from derive.exact import large
from derive.formula import Formula
from derive.networks.network import Network
from derive.networks.sources import build
from derive.numeric import large as checked
from derive.numeric.gradcheck import gradcheck

NETWORKS: dict[str, dict[str, Any]] = {
    "plain": {"layers": [2, 4, 3, 2]},
    "kinks": {"layers": [3, 4, 2], "activation": ["relu", "tanh"], "bias": "neuron"},
    "coupled": {
        "layers": [2, 3, 3, 2],
        "activation": ["leaky-relu", "tanh", "softmax"],
        "loss": "categorical-cross-entropy",
        "bias": "layer",
        "l2": 0.1,
        "missing": ["w12", "w25"],
        "skip": [[1, 2]],
    },
    "a batch": {
        "layers": [2, 2, 1],
        "loss": "huber",
        "bias": "layer",
        "reduction": "mean",
        "training": {"update_biases": False},
        "numbers": {
            "inputs": [[0.0, 1.0], [0.5, 0.25], [1.0, 1.0]],
            "targets": [[1.0], [0.0], [-2.0]],
            "weights": [[0.1, 0.2, 0.3, -0.4], [0.5, 0.6]],
            "biases": [[0.1], [0.2]],
        },
    },
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_arrays_find_what_scalars_find(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quantity, the three gradients, the step and both errors."""
    network = Network.from_table(NETWORKS[kind], kind, {})
    theirs = gradcheck(network)
    monkeypatch.setattr(large, "SMALLEST", 0)
    ours = gradcheck(network)
    assert ours.passed
    assert list(ours.values) == list(theirs.values)
    for name, column in theirs.values.items():
        assert ours.values[name] == pytest.approx(column, abs=1e-14)
    assert list(ours.gradients) == list(theirs.gradients)
    for name, row in theirs.gradients.items():
        found = ours.gradients[name]
        assert found[:2] == pytest.approx(row[:2], rel=1e-12, abs=1e-14)
        if found.finite_difference is not None and row.finite_difference is not None:
            assert found.finite_difference == pytest.approx(row.finite_difference, abs=1e-9)
    assert ours.updated == pytest.approx(dict(theirs.updated))
    assert (ours.error, ours.error_after) == pytest.approx((theirs.error, theirs.error_after))


def test_few_differences_of_very_many_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones, which a document shows, and others spread over all layers."""
    monkeypatch.setattr(large, "SMALLEST", 0)
    monkeypatch.setattr(checked, "MOST_WORK", 200_000)
    found = gradcheck(Network.read("20-30-30-5"))
    assert found.passed
    assert 40 < found.tried < len(found.gradients)
    rows = list(found.gradients.values())
    assert all(row.finite_difference is not None for row in rows[:40])
    there = np.flatnonzero([row.finite_difference is not None for row in rows])
    assert {np.searchsorted([600, 1500, 1650], n, "right") for n in there} == {0, 1, 2}
    assert found.skipped == ()


def test_a_wrong_template_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A local derivative that is off by 1e-9 in the templates fails the check."""
    right = family_slopes.local_derivatives

    def wrong(definition: Formula, own: str) -> dict[str, Formula]:
        return {name: slope * _more() for name, slope in right(definition, own).items()}

    monkeypatch.setattr(large, "SMALLEST", 0)
    network = Network.read("2-4-3-2")
    chain = Chain(build(network))
    monkeypatch.setattr(family_slopes, "local_derivatives", wrong)
    found = gradcheck(network, chain=chain)
    assert not found.passed
    assert found.suspects


def _more() -> Formula:
    from fractions import Fraction

    from derive.formula import number

    return number(1 + Fraction(1, 10**9))
