"""Over what index letters run: the numbers for which all that is named exists."""

from __future__ import annotations

import pytest

from derive import Model, check
from derive.networks.equations.system import System
from derive.networks.network import Network

MISSING = {"layers": [3, 2, 2], "notation": "indexed", "missing": ["w2_1_2", "w3_1_2"]}
SKIPPED = {
    "layers": [2, 2, 2],
    "notation": "indexed",
    "missing": ["w2_1_1", "w2_1_2", "w2_2_1", "w2_2_2"],
    "skip": [[0, 1]],
}
CAUSAL = """
s[1,1] = w*x[1]*x[1]
s[2,j] = w*x[2]*x[j], j=1..2
s[3,j] = w*x[3]*x[j], j=1..3
y[i] = v*x[i], i=1..3
E = y[1]^2 + y[2]^2 + y[3]^2 + s[1,1] + s[2,1]*s[2,2] + s[3,1] + s[3,2]*s[3,3]
"""


def layered(table: dict[str, object]) -> Model:
    return Model.of(Network.from_table(table, "missing", {}))


def verdict(network: str | Model, claim: str) -> str:
    return check(network, claim).claims[0].verdict.value


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial E}{\partial w^2_{jk}} = \delta^2_j a^1_k", "proved"),
        (r"\frac{\partial E}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k", "proved"),
        (r"\sum_k \frac{\partial E}{\partial w^2_{jk}} a^1_k = 42", "refuted"),
        (r"\frac{\partial E}{\partial w^2_{jk}} = 42", "refuted"),
        (r"\sum_k \frac{\partial E}{\partial w^2_{jk}} = \sum_k \delta^2_j a^1_k", "refuted"),
        (r"z^2_j = \sum_k w^2_{jk} a^1_k", "proved"),
        (r"z^2_j = \sum_{k=1}^{3} w^2_{jk} a^1_k", "proved"),
        (r"z^2_j = \sum_{k=1}^{2} w^2_{jk} a^1_k", "refuted"),
        (r"\delta^2_j = \sum_k w^3_{kj} \delta^3_k a^2_j (1 - a^2_j)", "proved"),
        (r"\frac{\partial E}{\partial w^2_{12}} = 0", "unreadable"),
    ],
)
def test_weights_that_are_missing(claim: str, expected: str) -> None:
    """There is no derivative by one; a Σ leaves it out, and the rest of the equation is judged."""
    assert verdict(layered(MISSING), claim) == expected


@pytest.mark.parametrize("right", ["42", r"\delta^2_j a^1_k"])
def test_an_equation_about_nothing_is_not_proved(right: str) -> None:
    """No weight leads into this layer, so that nothing is said of any."""
    claim = rf"\frac{{\partial E}}{{\partial w^2_{{jk}}}} = {right}"
    found = check(layered(SKIPPED), claim).claims[0]
    assert found.verdict.value == "unreadable"
    assert [finding.code for finding in found.findings] == ["no-instance"]
    summed = (
        rf"\sum_k \frac{{\partial E}}{{\partial w^2_{{jk}}}} = {right.replace('a^1_k', 'a^1_1')}"
    )
    assert verdict(layered(SKIPPED), summed) == "unreadable"
    assert (
        verdict(layered(SKIPPED), r"\sum_k \frac{\partial E}{\partial w^2_{jk}} = 0")
        == "unreadable"
    )
    assert verdict(layered(SKIPPED), r"z^2_j = \sum_k w^2_{jk} a^1_k + a^1_j") == "proved"
    general = r"\frac{\partial E}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k"
    assert verdict(layered(SKIPPED), general) == "proved"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("dE/du = Σ_t dE/dnet_{t+1} h_t", "proved"),
        ("dE/du = Σ_t dE/dnet_t h_{t-1}", "proved"),
        (r"\frac{\partial E}{\partial u} = \sum_{t=0}^{2} \frac{\partial E}{\partial net_{t+1}} h_t", "proved"),
        (r"\frac{\partial E}{\partial u} = \sum_{t=1}^{2} \frac{\partial E}{\partial net_{t+1}} h_t", "refuted"),
        (r"\frac{\partial E}{\partial u} = \sum_{t=0}^{3} \frac{\partial E}{\partial net_{t+1}} h_t", "unreadable"),
        ("dE/du = Σ_t dE/dnet_{t+1} h_t + dE/dnet_1*h_0", "refuted"),
        # Where t stands nowhere alone, it may count from 1 or from the first that exists.
        ("dE/du = dE/dnet_1*h_0 + Σ_t dE/dnet_{t+2} h_{t+1}", "unreadable"),
        ("dE/du = dE/dnet_1*h_0 + Σ_{t=0}^1 dE/dnet_{t+2} h_{t+1}", "proved"),
        ("h_t = tanh(net_t)", "proved"),
        ("h_t = tanh(w*x_t + u*h_{t-1} + b)", "proved"),
        ("dE/dh_t = dE/dnet_{t+1} u", "proved"),
        ("h_t = h_0", "refuted"),
        ("Σ_t x_t = x_1 + x_2 + x_3", "proved"),
        ("Σ_t h_t = h_1 + h_2 + h_3", "refuted"),
        ("Σ_t h_t = h_0 + h_1 + h_2 + h_3", "proved"),
    ],
)  # fmt: skip
def test_a_sum_without_limits_runs_over_all_that_exists(claim: str, expected: str) -> None:
    """From h_0, which is given; limits that are written are taken as they stand."""
    assert verdict("rnn", claim) == expected


def test_a_refusal_says_how_far_a_sum_was_taken_to_run() -> None:
    """Where no suggestion shows the sum with its limits, a note does."""
    findings = check("rnn", "dE/du = 3*Σ_t dE/dnet_{t+1}*x_t*h_t").claims[0].findings
    assert any("t = 1 to 2" in finding.message or finding.repaired for finding in findings)
    (note,) = [
        f.message
        for f in check("rnn", "h_3 + x_1 = Σ_t h_t").claims[0].findings
        if f.code == "range"
    ]
    assert "t = 0 to 3" in note


def test_families_that_are_no_rectangle() -> None:
    """s_{ij} exists for j up to i: letters, and sums without limits, keep to that."""
    model = Model.of(System.from_text(CAUSAL, "causal"))
    assert verdict(model, "s_{ij} = w*x_i*x_j") == "proved"
    assert verdict(model, "s_{ij} = w*x_i*x_i") == "refuted"
    assert verdict(model, r"\sum_j s_{3j} = s_{31} + s_{32} + s_{33}") == "proved"
    assert verdict(model, r"\sum_j s_{2j} = s_{21} + s_{22}") == "proved"
    assert verdict(model, r"\sum_{j=1}^{3} s_{2j} = s_{21} + s_{22}") == "unreadable"


def test_a_sum_over_nothing_is_no_zero() -> None:
    """Where not one of the names behind Σ exists, an index is wrong, and nothing is proved."""
    assert verdict("softmax", r"\sum_k w_{k9} = 0") == "unreadable"
    assert verdict("softmax", r"\sum_k \sum_m w_{k9} x_m = 0") == "unreadable"
    assert verdict("softmax", r"\sum_k w_{k2} = w_{12} + w_{22} + w_{32}") == "proved"
    model = Model.of(System.from_text(CAUSAL, "causal"))
    assert verdict(model, r"\sum_j s_{j,j+1} = 0") == "unreadable"


def test_a_doubled_letter_has_to_count() -> None:
    """In a family of two by two, a_2o can only be a slip: no letter o counts there."""
    claims = check("attention", "a_2o_2 = a_2_2").claims
    assert [claim.verdict.value for claim in claims] == ["unreadable"]


NEXT = r"\frac{\partial E}{\partial h_t} = u \frac{\partial E}{\partial net_{t+1}}"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (r"1 \le t \le 2", "proved"),
        (r"1 \le t < 3", "proved"),
        (r"0 < t \le 2", "proved"),
        (r"t < 3", "proved"),
        (r"t \ge 1", "proved"),
        (r"1 \le t \le 3", "unreadable"),
        (r"1 \le t < 4", "unreadable"),
        (r"0 < t \le 3", "unreadable"),
        (r"t \le 3", "unreadable"),
        (r"t = 1, \dots, 3", "unreadable"),
        (r"t = 1, 2, 3", "unreadable"),
        (r"t \ge -1", "unreadable"),
    ],
)
def test_a_limit_names_no_number_for_which_there_is_nothing(limit: str, expected: str) -> None:
    """What holds for t = 1, 2 is not proved "for 1 ≤ t ≤ 3", where t + 1 is beyond the end.

    However that is written, it is told like what is claimed for t = 1, 2, 3.
    """
    assert verdict("rnn", rf"{NEXT}, {limit}") == expected
    assert verdict("rnn", rf"{NEXT} \text{{ for all }} {limit}") == expected


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (r"\sum_{t \le T} \frac{\partial E}{\partial net_t}", "proved"),
        (r"\sum_{1 \le t \le T} \frac{\partial E}{\partial net_t}", "proved"),
        (
            r"\sum_{t < T} \frac{\partial E}{\partial net_t} + \frac{\partial E}{\partial net_3}",
            "proved",
        ),
        (
            r"\sum_{t \ne T} \frac{\partial E}{\partial net_t} + \frac{\partial E}{\partial net_T}",
            "proved",
        ),
        (r"\sum_{t < T} \frac{\partial E}{\partial net_t}", "refuted"),
        (r"\sum_{t \ne T} \frac{\partial E}{\partial net_t}", "refuted"),
        (r"\sum_{t > T} \frac{\partial E}{\partial net_t}", "refuted"),
    ],
)
def test_a_size_in_the_condition_of_a_sum_is_that_above_one(right: str, expected: str) -> None:
    """Σ_{t ≤ T} goes to the same T as Σ_{t=1}^T; T is no index that may be any number."""
    assert verdict("rnn", rf"\frac{{\partial E}}{{\partial b}} = {right}") == expected


@pytest.mark.parametrize(
    ("network", "claim"),
    [
        (
            "rnn",
            r"\frac{\partial E}{\partial b} = \sum_{s=1}^{t} \frac{\partial E}{\partial net_s}",
        ),
        (
            "rnn",
            r"\frac{\partial E}{\partial b} = \sum_{s \le t} \frac{\partial E}{\partial net_s}",
        ),
        ("2-3-2", r"E_{total} = \sum_{k=1}^{j} E_{c_k}"),
    ],
)
def test_a_letter_that_the_network_counts_with_is_no_size(network: str, claim: str) -> None:
    """Σ_{s=1}^t of a network with h_t ends at any step: t is not taken for the last."""
    assert verdict(network, claim) == "unreadable"
