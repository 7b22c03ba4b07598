"""Dilated convolutions, against a direct computation."""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import InputError
from tests.builders.families import array, prove_all, stated, values

FILE = """
family = "dilated-convolution"
input = 7
kernel = 3
dilation = 2
activation = "tanh"
bias = "kernel"
outputs = 1
"""


def test_the_taps_lie_apart() -> None:
    """net_i is w₁·x_i + w₂·x_{i+2} + w₃·x_{i+4} + b, as a loop over the taps computes it."""
    given, found = values(stated(FILE), 3)
    x, w = array(given, "x"), array(given, "w")
    nets = [sum(w[p] * x[i + 2 * p] for p in range(3)) + given["b"] for i in range(3)]
    assert array(found, "net") == pytest.approx(np.array(nets), rel=1e-14)


def test_in_two_dimensions() -> None:
    """The taps lie apart along both, and the window is that of a larger kernel."""
    text = FILE.replace("input = 7", "input = [4, 5]").replace("kernel = 3", "kernel = 2")
    given, found = values(stated(text), 3)
    x, w = array(given, "x"), array(given, "w")
    nets = [
        [sum((w * x[i : i + 3 : 2, j : j + 3 : 2]).ravel()) + given["b"] for j in range(3)]
        for i in range(2)
    ]
    assert array(found, "net") == pytest.approx(np.array(nets), rel=1e-14)


@pytest.mark.parametrize("format_", ["markdown", "latex"])
def test_its_document_is_proved(format_: str) -> None:
    """Gradients, the numeric check, and every equation of the document."""
    prove_all(stated(FILE), format_)


def test_taps_that_reach_too_far() -> None:
    """The message says how far they reach, and over what."""
    with pytest.raises(InputError, match=r"dilation: 3 taps 4 apart reach over 9 inputs"):
        stated(FILE.replace("dilation = 2", "dilation = 4"))
