"""Right and wrong identities between vectors and matrices, against NumPy and differences."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.formulas.arrays.authors import NETS, Author, spoiled
from tests.formulas.arrays.networks import judge, verdict
from tests.formulas.arrays.oracle import agreements, transpose
from tests.sample import sampled

EXAMPLES = 40


@pytest.mark.parametrize("network", sampled(NETS, list(NETS)[::2]))
@given(draw=st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.slow
def test_nothing_wrong_is_proved_and_nothing_right_is_refuted(
    network: str, draw: random.Random
) -> None:
    """Identities and what mistakes make of them get the verdict that their values call for."""
    net = NETS[network]
    net.values["1"] = np.ones((1, 1))
    judge(network)
    left, right = Author(network, draw).identity()
    if draw.random() < 0.75:
        right = spoiled(right, draw)
    found = list(agreements(net, left, right))
    assume(None not in found)
    text = f"{left.written()} = {right.written()}"
    got = verdict(network, text)
    assert got, text
    if found and all(found):
        assert got == "proved", text
    elif any(found):
        assert got == "undecided", text
    else:
        # A gradient that lies one way on the way and the other way at its end is a habit of some.
        lies = any(agreements(net, left, transpose(right)))
        assert got in ("refuted", "unreadable", *(["undecided"] if lies else [])), text


def test_a_transposed_derivative_is_a_matrix_unless_only_entries_fit() -> None:
    """With gradients as rows, the row of slopes times the row of the gradient is right, too."""
    slope = r"(\frac{\partial \mathbf{h}}{\partial \mathbf{z}})^\top"
    left = r"\frac{\partial L}{\partial \mathbf{z}}"
    right = r"\frac{\partial L}{\partial \mathbf{h}}"
    assert verdict("one hidden layer", rf"{left} = {slope} \odot {right}") == "proved"
    assert verdict("one hidden layer", rf"{left} = {slope} {right}") == "proved"
    assert verdict("one hidden layer", rf"{left} = -{slope} \odot {right}") != "proved"
