"""Definitions of any layer are a network of layers, whose depth and sizes are left open."""

from __future__ import annotations

import tomllib
from itertools import pairwise

import pytest

from derive.checking.claims import Verdict
from derive.checking.stating.layers import WIDTHS
from derive.networks.network import Network
from tests.formulas.stating.test_judging import last
from tests.formulas.stating.test_networks import network

ENTRIES = (
    r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j",
    r"a^l_j = \sigma(z^l_j)",
    r"C = \frac{1}{2} \sum_j (y_j - a^L_j)^2",
)
VECTORS = (
    r"\mathbf{z}^{(l)} = \mathbf{W}^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}",
    r"\mathbf{a}^{(l)} = g(\mathbf{z}^{(l)})",
    r"J = \|\mathbf{a}^{(L)} - \mathbf{y}\|^2",
)
AT_ONCE = (
    r"\mathbf{a}^{[l]} = \tanh(\mathbf{W}^{[l]} \mathbf{a}^{[l-1]})",
    r"L = \ell(\mathbf{a}^{[L]}, \mathbf{y})",
)


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        (ENTRIES, {"loss": "half-squared-error", "bias": "neuron", "activation": "sigmoid"}),
        (VECTORS, {"loss": "squared-error", "bias": "neuron", "activation": "sigmoid"}),
        (AT_ONCE, {"loss": "half-squared-error", "bias": "none", "activation": "tanh"}),
    ],
)
def test_definitions_of_any_layer_make_a_layered_network(
    formulas: tuple[str, ...], expected: dict[str, str]
) -> None:
    """With indices or with vectors, with a net input or without."""
    readings = network(*formulas).readings
    table = tomllib.loads(readings[0].text)
    assert expected.items() <= table.items()
    assert table["notation"] == "indexed"
    assert tuple(tuple(r.network.layers) for r in readings)[:2] == WIDTHS
    for reading in readings:
        kept = Network.from_table(tomllib.loads(reading.text), "article", {})
        assert kept.layers == reading.network.layers


def test_the_names_are_those_of_the_document() -> None:
    """The error is J, the weights are W; a letter that is not used keeps its name."""
    names = tomllib.loads(network(*VECTORS).readings[0].text)["names"]
    assert names == {
        "out": "a", "net": "z", "weight": "W", "bias": "b", "target": "y", "E_total": "J"
    }  # fmt: skip


def test_the_error_may_be_called_like_the_last_layer() -> None:
    """L is the error, and above a name the last layer."""
    slope = r"\frac{\partial L}{\partial z^L_j} = (a^L_j - y_j) \sigma'(z^L_j)"
    error = ENTRIES[2].replace("C =", "L =")
    assert last(*ENTRIES[:2], error, slope).verdict is Verdict.PROVED
    assert last(*ENTRIES[:2], error, slope.replace("a^L_j -", "-")).verdict is Verdict.REFUTED


def test_what_is_left_open_is_tried_with_several() -> None:
    """The function g, and a loss ℓ of which nothing is said."""
    assert {r.functions["g"] for r in network(*VECTORS).readings} == {"sig", "tanh", "softplus"}
    assert len({r.network.loss for r in network(*AT_ONCE).readings}) == 3


def test_a_function_of_each_layer_is_another_in_each() -> None:
    """With f^{(l)}, what holds for one function in all layers need not hold."""
    own = (VECTORS[0], r"\mathbf{a}^{(l)} = f^{(l)}(\mathbf{z}^{(l)})", VECTORS[2])
    for reading in network(*own).readings:
        activations = reading.network.activations
        assert all(a != b for a, b in pairwise(activations))


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j", Verdict.PROVED),
        (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k", Verdict.REFUTED),
        (r"\frac{\partial C}{\partial b^l_j} = \delta^l_j", Verdict.PROVED),
        (r"\delta^L_j = (a^L_j - y_j) a^L_j (1 - a^L_j)", Verdict.PROVED),
        (r"\delta^L_j = (a^L_j - y_j) a^L_j", Verdict.REFUTED),
    ],
)
def test_claims_about_any_layer_are_judged(claim: str, verdict: Verdict) -> None:
    """In every layer of each of the networks that are tried."""
    assert last(*ENTRIES, claim).verdict is verdict


@pytest.mark.parametrize(
    "wrong",
    [
        r"z^l_j = \sum_k w^{l-1}_{jk} a^{l-1}_k + b^l_j",
        r"z^l_j = \sum_k w^l_{kj} a^{l-1}_k + b^l_j",
        r"z^l_j = \sum_k w^l_{jk} a^l_k + b^l_j",
    ],
)
def test_another_convention_is_not_taken_for_this_one(wrong: str) -> None:
    """Weights out of layer l, or the source's index first, are no network of our notation."""
    from derive.errors import InputError

    with pytest.raises(InputError, match="article: "):
        network(wrong, *ENTRIES[1:])
