"""Names and chains as authors of derivations write them, over networks of equations.

Each row is a right formula with a wrong one like it: the first is proved, the second refuted.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check
from derive.checking.claims import Judged, Verdict
from derive.model import Model
from derive.networks.build import build
from derive.networks.equations.system import System

BATCH = r"""
weights: gamma, beta
mu = 1/3*sum(x[i], i=1..3)
var = 1/3*sum((x[i] - mu)^2, i=1..3)
x_hat[i] = (x[i] - mu)/sqrt(var + eps), i=1..3
y[i] = gamma*x_hat[i] + beta, i=1..3
E = sum(1/2*(y[i] - t[i])^2, i=1..3)
"""


def model(text: str) -> Model:
    """The model of a network of equations."""
    return build(System.from_text(text, "net"))


def judged(text: str, formula: str) -> Judged:
    """What is said of one formula about a network of equations."""
    (claim,) = check(model(text), formula).claims
    return claim


def verdict(text: str, formula: str) -> Verdict:
    """The verdict on one formula about a network of equations."""
    return judged(text, formula).verdict


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\sigma^2 = \frac13 \sum_i (x_i - \mu)^2", r"\sigma^2 = \frac13 \sum_i (x_i - \mu)"),
        (r"s_B^2 = \frac13 \sum_i (x_i - \mu)^2", r"s_B^2 = \frac12 \sum_i (x_i - \mu)^2"),
        (
            r"\sigma_{\mathcal{B}}^2 = \frac13 \sum_i (x_i - \mu_{\mathcal{B}})^2",
            r"\sigma_{\mathcal{B}}^2 = \frac13 \sum_i (x_i + \mu_{\mathcal{B}})^2",
        ),
        (
            r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}",
            r"\hat{x}_i = \frac{x_i - \mu}{\sigma^2 + \epsilon}",
        ),
        (
            r"\frac{\partial \sigma^2}{\partial x_i} = \frac{2}{3} (x_i - \mu)",
            r"\frac{\partial \sigma^2}{\partial x_i} = \frac{1}{3} (x_i - \mu)",
        ),
    ],
)
def test_statistics_are_read_by_their_letters(right: str, wrong: str) -> None:
    """What a file calls var, eps and x_hat is σ², ε and x̂ in print."""
    assert verdict(BATCH, right) is Verdict.PROVED
    assert verdict(BATCH, wrong) is Verdict.REFUTED


def test_a_letter_that_the_network_has_is_its_own() -> None:
    """Where something is called sigma, σ² is its square, and never the variance."""
    text = "sigma = w*x\nvar = 3*x\ny = sigma + var\nE = y^2"
    assert verdict(text, r"\sigma^2 = w^2 x^2") is Verdict.PROVED
    assert verdict(text, r"\sigma^2 = 3 x") is Verdict.REFUTED


def test_a_letter_that_may_be_two_quantities_is_none() -> None:
    """Of var and variance nobody can tell which is σ²."""
    text = "var = w*x\nvariance = 3*x\ny = var + variance\nE = y^2"
    assert verdict(text, r"y = \sigma^2 + 3 x") is Verdict.UNREADABLE


def test_rows_with_two_cells_around_the_relation_go_on() -> None:
    """The && of eqnarray, with blanks at the end of a row and a Σ with limits behind it."""
    display = (
        r"\begin{eqnarray} \frac{\partial E}{\partial \gamma} &=& \sum_{i=1}^{3}"
        r" \frac{\partial E}{\partial y_i} \frac{\partial y_i}{\partial \gamma} \qquad \\"
        r" &=& {\sum_{i=1}^{3} \frac{\partial E}{\partial y_i} \cdot %s} \end{eqnarray}"
    )
    assert verdict(BATCH, display % r"\hat{x}_i") is Verdict.PROVED
    assert verdict(BATCH, display % r"\beta") is Verdict.REFUTED


def test_a_sum_takes_the_minus_behind_it() -> None:
    """Σ −x is −Σ x."""
    assert verdict(BATCH, r"\mu = -\frac13 \sum_i -x_i") is Verdict.PROVED
    assert verdict(BATCH, r"\mu = \frac13 \sum_i -x_i") is Verdict.REFUTED


CHAIN = r"\frac{\partial E}{\partial y_i} \cdot \frac{\partial y_i}{\partial \gamma}"


def test_a_repeated_index_may_be_summed() -> None:
    """Without its Σ the chain rule is neither right nor wrong; a wrong one is wrong both ways."""
    claim = judged(BATCH, r"\frac{\partial E}{\partial \gamma} = " + CHAIN)
    assert claim.verdict is Verdict.UNDECIDED
    assert any("Σ over i is missing" in finding.message for finding in claim.findings)
    assert verdict(BATCH, r"\frac{\partial E}{\partial \gamma} = 2 " + CHAIN) is Verdict.REFUTED
    other = r"\frac{\partial E}{\partial \gamma} = \frac{\partial E}{\partial y_i} \hat{x}_i"
    assert verdict(BATCH, other) is Verdict.REFUTED


def _by_ways(*signs_and_ways: str) -> str:
    return r"\frac{\partial E}{\partial x_i} = " + " ".join(signs_and_ways)


def _way(middle: str) -> str:
    return rf"\frac{{\partial E}}{{\partial {middle}}} \frac{{\partial {middle}}}{{\partial x_i}}"


def test_the_chain_rule_means_direct_derivatives() -> None:
    """A summand for each quantity that x is in: neither one too few nor one with another sign."""
    hat, mean, variance = _way(r"\hat{x}_i"), _way(r"\mu"), _way(r"\sigma^2")
    assert verdict(BATCH, _by_ways(hat, "+", mean, "+", variance)) is Verdict.PROVED
    assert verdict(BATCH, _by_ways(hat, "+", mean)) is Verdict.REFUTED
    assert verdict(BATCH, _by_ways(hat, "+", mean, "-", variance)) is Verdict.REFUTED
    assert verdict(BATCH, _by_ways(hat, "+", mean, "+ 2", variance)) is Verdict.REFUTED


def test_a_direct_derivative_by_itself_is_not_decided() -> None:
    """∂x̂/∂x with μ and σ² kept fixed may be meant, or not; nothing else is right."""
    left = r"\frac{\partial \hat{x}_i}{\partial x_i} = "
    claim = judged(BATCH, left + r"\frac{1}{\sqrt{\sigma^2 + \epsilon}}")
    assert claim.verdict is Verdict.UNDECIDED
    assert verdict(BATCH, left + r"\frac{-1}{\sqrt{\sigma^2 + \epsilon}}") is Verdict.REFUTED
