"""The spellings of names in networks stated as equations, and index letters for families."""

from __future__ import annotations

import pytest

from derive import Model
from derive.checking.claims import Judged, Verdict
from derive.checking.judge import Judge
from derive.networks.equations.system import System


def judged(network: str | Model, claim: str) -> Judged:
    model = Model.of(network) if isinstance(network, str) else network
    found = Judge(model).judge(claim)
    assert found is not None
    return found


RIGHT = {
    "rnn": [
        # One name in many spellings.
        "dE/dv = (out - target)*h3",
        "dE/dv = (out - target)*h_3",
        "dE/dv = (out - target)*h_{3}",
        "dE/dv = (out - target)*h[3]",
        "dE/dv = (out − target) · h₃",
        r"\frac{\partial E}{\partial v} = (\mathrm{out} - \text{target})\, h_3",
        r"\frac{\partial E}{\partial \mathrm{net}_3} = (out - target) v (1 - h_3^2)",
        r"\partial E/\partial net_{3} = (out - target) v \left[1 - h_{3}^{2}\right]",
        "dE/dnet3 = (out-target)*v*(1-h3²)",
        "∂E/∂V = (out-target)*h_3",
        "dE/dh_0 = dE/dnet_1*u",
        "dE/dh0 = dE/dnet1 u",
        # Index letters: for every number that fits everywhere.
        "dE/dnet_t = dE/dh_t*(1 - h_t^2)",
        "dE/dnet[t] = dE/dh[t]*(1 - h[t]^2)",
        r"\frac{\partial E}{\partial h_{t-1}} = \frac{\partial E}{\partial net_t} \cdot u",
        r"\frac{\partial E}{\partial h_t} = \frac{\partial E}{\partial net_{t+1}} u",
        r"\frac{\partial E}{\partial w} = \sum_{t=1}^{3} \frac{\partial E}{\partial net_t} x_t",
        r"\frac{\partial E}{\partial u} = \sum_t \frac{\partial E}{\partial net_t} h_{t-1}",
        "dE/db = Σ_t dE/dnet_t",
    ],
    "softmax": [
        "dE/dw_{k,i} = dE/dz_k x_i",
        "dE/dw_{ki} = dE/dz_k x_i",
        "dE/dw_ki = dE/dz_k x_i",
        "dE/dw[k,i] = dE/dz[k]*x[i]",
        "dE/dw_{12} = dE/dz_1 x_2",
        "dE/dw12 = dE/dz1 x2",
        "dE/dw_1_2 = dE/dz_1 x_2",
        "dE/dw_{k1} = dE/dz_k x_1",
        "dp_k/dz_k = p_k(1 - p_k)",
        r"p_k = \frac{e^{z_k}}{\sum_{m=1}^{3} e^{z_m}}",
        r"E = -\sum_{k=1}^{3} target_k \ln p_k",
        r"\frac{\partial E}{\partial p_k} = -\frac{target_k}{p_k}",
        r"\frac{\partial E}{\partial z_k} = p_k \sum_{m=1}^{3} target_m - target_k",
    ],
    "lstm": [
        "dE/dw_f = (h - target)*o*(1-tanh(c)^2)*c0*f*(1-f)*x",
        r"\frac{\partial E}{\partial W_f} = (h - target)\, o\, (1-\tanh^2(c))\, c_0\, f (1-f)\, x",
        r"\frac{\partial E}{\partial w_{f}} = \frac{\partial E}{\partial f} f (1-f) x",
        "df/dw_f = σ'(w_f*x + u_f*h0 + b_f)*x",
    ],
    "conv1d": [
        "dE/dw_k = Σ_i=1..4 dE/dnet_i x_{i+k-1}",
        r"\frac{\partial E}{\partial w_k} = \sum_i \frac{\partial E}{\partial net_i} x_{i+k-1}",
    ],
    "layernorm": [
        r"\frac{\partial E}{\partial w_i} = (y_i - target_i)\frac{x_i - mean}{\sqrt{var+0.00001}}",
        "dE/dw_1 = (y_1-target_1)*(x_1-mean)/sqrt(var+0.00001)",
        "dE/dw_1 = (y_1-target_1)*(x_1-mean)/√(var+10^{-5})",
        "dE/dw_1 = (y_1-target_1)*(x_1-mean)*(var+0.00001)^(-1/2)",
    ],
    "attention": [
        "dE/dw_q[k,m] = Σ_i=1..2 dE/dq[i,k] x[i,m]",
        r"\frac{\partial E}{\partial w_{q,k,m}} = \sum_i \frac{\partial E}{\partial q_{i,k}} x_{i,m}",
        r"\partial E/\partial q_{i,k} = \sum_j \partial E/\partial score_{i,j} key_{j,k}/\sqrt 2",
    ],
}

WRONG = {
    "rnn": [
        "dE/dv = (out - target)*h2",
        "dE/dnet_t = dE/dh_t*(1 - h_{t-1}^2)",
        "dE/dnet_t = dE/dh_{t+1}*(1 - h_t^2)",
        r"\frac{\partial E}{\partial u} = \sum_t \frac{\partial E}{\partial net_t} h_t",
        r"\frac{\partial E}{\partial w} = \sum_{t=1}^{2} \frac{\partial E}{\partial net_t} x_t",
    ],
    "softmax": [
        "dE/dw_{k,i} = dE/dz_i x_k",
        "dp_i/dz_j = -p_i p_j",
        "dE/dz_k = p_k*(1 - p_k)",
        "dE/dp_k = target_k/p_k",
    ],
    "conv1d": ["dE/dw_k = Σ_i=1..4 dE/dnet_i x_{i+k}", "dE/dw_k = Σ_i=1..4 dE/dnet_i x_i"],
    "layernorm": [r"\frac{\partial E}{\partial w_i} = (y_i - target_i)\frac{x_i - mean}{var}"],
}


@pytest.mark.parametrize(("network", "claim"), [(n, c) for n, cs in RIGHT.items() for c in cs])
def test_a_right_formula_is_proved_however_its_names_are_spelled(network: str, claim: str) -> None:
    """With and without braces, brackets, fonts; with letters for indices."""
    assert judged(network, claim).verdict is Verdict.PROVED


@pytest.mark.parametrize(("network", "claim"), [(n, c) for n, cs in WRONG.items() for c in cs])
def test_a_wrong_formula_is_never_proved(network: str, claim: str) -> None:
    """A neighbour of the family, a summand too few, one index for another; or no such index."""
    assert judged(network, claim).verdict in (Verdict.REFUTED, Verdict.UNREADABLE)


@pytest.mark.parametrize(
    ("network", "claim"),
    [
        ("rnn", "dE/dnet_4 = 0"),
        ("rnn", "dE/dq_t = 0"),
        ("lstm", "dE/dw_q = x"),
        ("lstm", "dE/dw_k = x"),
        ("softmax", "dE/dw_{k,4} = 0"),
    ],
)
def test_a_name_that_is_not_there_is_said_so(network: str, claim: str) -> None:
    """Also where the index runs past the end of the family for every value of its letter."""
    found = judged(network, claim)
    assert found.verdict is Verdict.UNREADABLE
    assert found.findings[-1].code == "unknown-name"


def test_capitals_are_overlooked_only_where_nothing_else_is_called_so() -> None:
    """W is w where there is no W; where both are there, each is itself."""
    model = Model.of(System.from_text("y = w*x + W*X\nE = 1/2*(t - y)^2"))
    assert judged(model, "dE/dW = (y - t)*X").verdict is Verdict.PROVED
    assert judged(model, "dE/dW = (y - t)*x").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "name", ["theta_1", "θ_1", r"\theta_1", "theta1", "theta[1]", r"\theta_{1}"]
)
def test_greek_letters_are_names_too(name: str) -> None:
    """By their character, their name and their command."""
    model = Model.of(System.from_text("y = theta[1]*x + theta[2]\nE = 1/2*(t - y)^2"))
    assert judged(model, f"dE/d{name} = (y - t) x").verdict is Verdict.PROVED
