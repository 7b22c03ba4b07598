r"""An error with λ/2 Σ_l ‖W^{(l)}‖² beside its loss: the ``l2`` of the network a document states."""

from __future__ import annotations

import tomllib

import pytest

from derive.checking.claims import Verdict
from derive.errors import InputError
from tests.formulas.stating.test_judging import last
from tests.formulas.stating.test_networks import network

LAYER = (r"z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}", r"a^{(l)} = \sigma(z^{(l)})")
LOSS = r"J = \frac12 \|a^{(L)} - y\|^2 + "
ALL = r"\frac{\lambda}{2} \sum_l \|W^{(l)}\|^2"
SLOPE = r"\frac{\partial J}{\partial W^{(l)}} = \delta^{(l)} (a^{(l-1)})^T + \lambda W^{(l)}"


@pytest.mark.parametrize(
    "penalty",
    [
        ALL,
        r"\frac{\lambda}{2} \sum_{l=1}^{L} \|W^{(l)}\|_F^2",
        r"\frac12 \lambda \sum_l \sum_j \sum_k (W_{jk}^{(l)})^2",
        r"\lambda \frac12 \sum_l \|W^{(l)}\|^2",
    ],
)
@pytest.mark.slow
def test_the_term_for_the_weights_is_read(penalty: str) -> None:
    """Gradients by weights have λW in them then, those by biases have not."""
    formulas = (*LAYER, LOSS + penalty)
    assert "l2" in tomllib.loads(network(*formulas).readings[0].text)
    assert last(*formulas, SLOPE).verdict is Verdict.PROVED
    for wrong in ("", r" + 2 \lambda W^{(l)}", r" - \lambda W^{(l)}", r" + \lambda W^{(l-1)}"):
        slip = SLOPE.replace(r" + \lambda W^{(l)}", wrong)
        assert last(*formulas, slip).verdict is not Verdict.PROVED, wrong
    bias = r"\frac{\partial J}{\partial b^{(l)}} = \delta^{(l)}"
    assert last(*formulas, bias).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    "penalty",
    [
        r"\lambda \sum_l \|W^{(l)}\|^2",
        r"\frac{\lambda}{2} \|W^{(L)}\|^2",
        r"\frac{\lambda}{2} \sum_{l=2}^{L} \|W^{(l)}\|^2",
        r"\frac{\lambda}{2} \sum_{l=1}^{L-1} \|W^{(l)}\|^2",
        r"\frac{\lambda}{2} \sum_l \|b^{(l)}\|^2",
        r"\frac{\lambda}{2} \sum_l \|a^{(l)}\|^2",
    ],
)
def test_another_term_is_none_of_the_networks_that_there_are(penalty: str) -> None:
    """What is added for other quantities, or without ½, is never taken for it."""
    try:
        text = "".join(reading.text for reading in network(*LAYER, LOSS + penalty).readings)
    except InputError:
        text = ""
    assert "l2 =" not in text
