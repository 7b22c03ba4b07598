"""Definitions of any layer are a network of layers, whose depth and sizes are left open."""

from __future__ import annotations

import tomllib
from itertools import pairwise

import pytest

from derive.checking.claims import Verdict
from derive.checking.stating.layers import WIDTHS
from derive.errors import InputError
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


OUT_OF = (
    r"z^{l+1}_j = \sum_k w^l_{jk} a^l_k + b^l_j",
    r"a^{l+1}_j = \sigma(z^{l+1}_j)",
    ENTRIES[2],
)
SOURCE_FIRST = (r"z^l_j = \sum_k w^l_{kj} a^{l-1}_k + b^l_j", *ENTRIES[1:])
OTHER_LETTERS = (
    r"\mathbf{a}^{(k)} = \mathbf{W}^{(k)} \mathbf{h}^{(k-1)} + \mathbf{b}^{(k)}",
    r"\mathbf{h}^{(k)} = \sigma(\mathbf{a}^{(k)})",
    r"J = \|\mathbf{h}^{(N)} - \mathbf{y}\|^2",
)


@pytest.mark.parametrize(
    ("formulas", "claim", "verdict"),
    [
        (OUT_OF, r"\frac{\partial C}{\partial w^l_{jk}} = \delta^{l+1}_j a^l_k", Verdict.PROVED),
        (OUT_OF, r"\frac{\partial C}{\partial b^l_j} = \delta^{l+1}_j", Verdict.PROVED),
        (
            OUT_OF,
            r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k",
            Verdict.REFUTED,
        ),
        (
            SOURCE_FIRST,
            r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k",
            Verdict.PROVED,
        ),
        (
            SOURCE_FIRST,
            r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
            Verdict.REFUTED,
        ),
        (
            SOURCE_FIRST,
            r"\delta^l_j = \sum_k w^{l+1}_{jk} \delta^{l+1}_k \sigma'(z^l_j)",
            Verdict.PROVED,
        ),
        (
            SOURCE_FIRST,
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
            Verdict.REFUTED,
        ),
        (
            OTHER_LETTERS,
            r"\nabla_{\mathbf{W}^{(k)}} J = (\nabla_{\mathbf{a}^{(k)}} J) \mathbf{h}^{(k-1)\top}",
            Verdict.PROVED,
        ),
        (
            OTHER_LETTERS,
            r"\nabla_{\mathbf{h}^{(N)}} J = 2 (\mathbf{h}^{(N)} - \mathbf{y})",
            Verdict.PROVED,
        ),
        (
            OTHER_LETTERS,
            r"\nabla_{\mathbf{h}^{(N)}} J = 2 (\mathbf{h}^{(N-1)} - \mathbf{y})",
            Verdict.REFUTED,
        ),
    ],
)
def test_the_notation_is_the_one_that_is_stated(
    formulas: tuple[str, ...], claim: str, verdict: Verdict
) -> None:
    """Weights out of layer l, the source's index first, k and N for layers: as it is defined."""
    assert last(*formulas, claim).verdict is verdict


NUMBERED = (
    r"z^{(2)} = W^{(1)} x + b^{(1)}",
    r"z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}",
    r"a^{(l+1)} = f(z^{(l+1)})",
    r"h_{W,b}(x) = a^{(3)}",
    r"J(W, b; x, y) = \frac12 \|h_{W,b}(x) - y\|^2",
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\delta^{(n_l)} = (h_{W,b}(x) - y) \odot f'(z^{(3)})", Verdict.PROVED),
        (r"\delta^{(3)} = (a^{(n_l)} - y) \odot f'(z^{(2)})", Verdict.REFUTED),
        (r"\nabla_{W^{(1)}} J(W, b; x, y) = \delta^{(2)} x^T", Verdict.PROVED),
        (r"\nabla_{W^{(l)}} J(W, b; x, y) = \delta^{(l+1)} (a^{(l)})^T", Verdict.PROVED),
        (r"\nabla_{W^{(l)}} J(W, b; x, y) = \delta^{(l)} (a^{(l)})^T", Verdict.REFUTED),
    ],
)
def test_numbers_of_layers_say_how_deep_a_network_is(claim: str, verdict: Verdict) -> None:
    """Where z^{(2)} is made of x and the outputs are a^{(3)}, there are three layers."""
    found = network(*NUMBERED).readings
    assert {len(reading.network.layers) for reading in found} == {3}
    assert last(*NUMBERED, claim).verdict is verdict


@pytest.mark.parametrize(
    ("error", "slope", "verdict"),
    [
        (r"\frac12 \|a^{(n_l)} - y\|^2", r"a^{(n_l)} - y", Verdict.PROVED),
        (r"\frac12 \sum_k (a^{(n_l)}_k - y_k)^2", r"a^{(n_{l})} - y", Verdict.PROVED),
        (r"\|a^{(n_l)} - y\|^2", r"2 (a^{(n_l)} - y)", Verdict.PROVED),
        (r"\|a^{(n_l)} - y\|^2", r"a^{(n_l)} - y", Verdict.REFUTED),
        (r"\|a^{(n_l)} - y\|^2", r"2 (a^{(n_l - 1)} - y)", Verdict.REFUTED),
    ],
)
def test_the_error_may_name_the_last_layer_by_the_number_of_layers(
    error: str, slope: str, verdict: Verdict
) -> None:
    """The outputs are a^{(n_l)}: an error of them is stated, and no other loss is tried."""
    stated = (*NUMBERED[1:3], rf"J(W, b; x, y) = {error}")
    assert len({reading.network.loss for reading in network(*stated).readings}) == 1
    assert last(*stated, rf"\nabla_{{a^{{(n_l)}}}} J(W, b; x, y) = {slope}").verdict is verdict


def test_a_factor_in_brackets_is_no_argument_of_a_definition() -> None:
    """The a(1 − a) of a derivative defines no a."""
    slope = r"\frac{\partial a^l_j}{\partial z^l_j} = a^l_j (1 - a^l_j) = \sigma(z^l_j) (1 - \sigma(z^l_j))"
    chained = r"a^l_j = f(z^l_j) = \frac{1}{1 + e^{-z^l_j}}"
    stated_later = (ENTRIES[0], slope, chained, ENTRIES[2])
    assert {reading.network.activations for reading in network(*stated_later).readings}
    assert last(*stated_later, slope.replace("1 - a", "1 + a")).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "wrong",
    [
        r"z^l_j = \sum_k w^{l-1}_{jk} a^{l-1}_k + b^l_j",
        r"z^l_j = \sum_k w^l_{jk} a^l_k + b^l_j",
    ],
)
def test_what_is_no_network_of_layers_is_not_taken_for_one(wrong: str) -> None:
    """Weights out of layer l beside biases into it, or a layer that is made of itself."""
    from derive.errors import InputError

    with pytest.raises(InputError, match="article: "):
        network(wrong, *ENTRIES[1:])


COUNTED_BY_M = (
    r"\mathbf{n}^{m+1} = \mathbf{W}^{m+1} \mathbf{a}^m + \mathbf{b}^{m+1}",
    r"\mathbf{a}^{m+1} = \mathbf{f}^{m+1}(\mathbf{n}^{m+1})",
    r"F = (\mathbf{t} - \mathbf{a}^M)^T (\mathbf{t} - \mathbf{a}^M)",
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"s^m_i \equiv \frac{\partial F}{\partial n^m_i}", Verdict.PROVED),
        (r"\frac{\partial F}{\partial w^m_{i,j}} = s^m_i a^{m-1}_j", Verdict.PROVED),
        (r"\frac{\partial F}{\partial w^m_{i,j}} = s^m_j a^{m-1}_i", Verdict.REFUTED),
        (r"\frac{\partial F}{\partial W^m} = \mathbf{s}^m (\mathbf{a}^{m-1})^T", Verdict.PROVED),
        (r"\frac{\partial F}{\partial W^m} = \mathbf{s}^m (\mathbf{a}^m)^T", Verdict.REFUTED),
        (r"\mathbf{b}^m(k+1) = \mathbf{b}^m(k) - \alpha \mathbf{s}^m", None),
    ],
)
def test_any_letter_above_names_may_count_layers(claim: str, verdict: Verdict | None) -> None:
    """The m of a^{m+1} = f(W^{m+1} a^m) does, M is the last, and s is what ∂F/∂n is called."""
    own = r"s^m_i = \frac{\partial F}{\partial n^m_i}"
    found = last(*COUNTED_BY_M, own, claim)
    assert (found and found.verdict) == verdict or (verdict is None and found is not None)


@pytest.mark.parametrize(
    "formulas",
    [
        (r"x^{m+1} = 3 y", r"E = x^2"),
        (r"e^{m+1} = e^m e", r"E = 2"),
        (r"\hat{F}^{m} = (W x)^m", r"z = w x"),
    ],
)
def test_a_power_on_the_left_defines_nothing(formulas: tuple[str, ...]) -> None:
    """It is no name; the document is refused with what it does define."""
    with pytest.raises(InputError):
        network(*formulas)


BELOW = (
    r"\mathbf{z}_l = \mathbf{W}_l \mathbf{a}_{l-1} + \mathbf{b}_l",
    r"\mathbf{a}_l = \sigma(\mathbf{z}_l)",
    r"L = \frac12 \|\mathbf{a}_K - \mathbf{y}\|^2",
)
RAISED = (r"h^k = \tanh(b^k + W^k h^{k-1})", r"E = \|h^N - y\|^2")


@pytest.mark.parametrize(
    ("definitions", "claim", "verdict"),
    [
        (BELOW, r"\boldsymbol\delta_l = \mathbf{W}_{l+1}^\top \boldsymbol\delta_{l+1} \odot \sigma'(\mathbf{z}_l)", Verdict.PROVED),
        (BELOW, r"\boldsymbol\delta_l = \mathbf{W}_l^\top \boldsymbol\delta_{l+1} \odot \sigma'(\mathbf{z}_l)", Verdict.REFUTED),
        (BELOW, r"\frac{\partial L}{\partial \mathbf{W}_l} = \boldsymbol\delta_l \mathbf{a}_{l-1}^\top", Verdict.PROVED),
        (BELOW, r"\frac{\partial L}{\partial \mathbf{W}_l} = \boldsymbol\delta_l \mathbf{a}_l^\top", Verdict.REFUTED),
        (BELOW, r"\boldsymbol\delta_K = (\mathbf{a}_K - \mathbf{y}) \odot \sigma'(\mathbf{z}_K)", Verdict.PROVED),
        (RAISED, r"\frac{\partial E}{\partial b^k} = \frac{\partial E}{\partial h^k} \odot (1 - (h^k)^2)", Verdict.PROVED),
        (RAISED, r"\frac{\partial E}{\partial b^k} = \frac{\partial E}{\partial h^k} \odot (1 - h^k)", Verdict.REFUTED),
    ],
)  # fmt: skip
def test_the_letter_of_the_layer_may_stand_below_or_above(
    definitions: tuple[str, ...], claim: str, verdict: Verdict
) -> None:
    """z_l and W_l are read like z^l and W^{(l)}, with or without brackets."""
    assert last(*definitions, claim).verdict is verdict


def test_findings_call_the_layer_what_the_author_does() -> None:
    """It fails for k = 1, where k counts the layers."""
    found = last(*RAISED, r"\frac{\partial E}{\partial b^k} = \frac{\partial E}{\partial h^k}")
    assert any("k = " in f.message for f in found.findings)
    assert all("l = " not in f.message for f in found.findings)
