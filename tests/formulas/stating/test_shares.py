"""Targets that sum to 1: said by the author, or known of a softmax with the cross-entropy."""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from tests.formulas.stating.test_judging import last, report

SCORES = r"z_k = \sum_j w_{kj} x_j"
SHARES = r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}"
SUMMED = r"\sum_k y_k = 1"


@pytest.mark.parametrize(
    ("definitions", "right", "wrong"),
    [
        (
            (SCORES, SHARES, r"L = -\sum_k y_k R \log p_k"),
            "R (p_k - y_k)",
            "R (y_k - p_k)",
        ),
        (
            (SCORES, r"L = -\sum_k y_k \log \frac{e^{z_k}}{\sum_j e^{z_j}}"),
            r"\frac{e^{z_k}}{\sum_j e^{z_j}} - y_k",
            r"\frac{e^{z_k}}{\sum_j e^{z_j}} - 1",
        ),
        (
            (SCORES, r"L = -\sum_k y_k (z_k - \log \sum_j e^{z_j})"),
            r"\frac{e^{z_k}}{\sum_j e^{z_j}} - y_k",
            r"\frac{e^{z_k}}{\sum_j e^{z_j}} + y_k",
        ),
    ],
    ids=["with a factor", "in one formula", "by its logarithm"],
)
def test_the_cross_entropy_of_a_softmax_has_shares_for_targets(
    definitions: tuple[str, ...], right: str, wrong: str
) -> None:
    """Whichever way it is written, p − y is right of it, and that it uses Σ y = 1 is said."""
    left = r"\frac{\partial L}{\partial z_k}"
    found = last(*definitions, f"{left} = {right}")
    assert found.verdict is Verdict.PROVED
    assert any(finding.code == "side-condition" for finding in found.findings)
    assert last(*definitions, f"{left} = {wrong}").verdict is Verdict.REFUTED


def test_weights_of_classes_are_no_shares() -> None:
    """Where each class counts α_k, the sum that is left is that of α_k y_k."""
    net = (SCORES, SHARES, r"L = -\sum_k \alpha_k y_k \log p_k")
    left = r"\frac{\partial L}{\partial z_k}"
    assert last(*net, rf"{left} = \alpha_k (p_k - y_k)").verdict is Verdict.REFUTED
    right = rf"{left} = p_k \sum_j \alpha_j y_j - \alpha_k y_k"
    assert last(*net, right).verdict is Verdict.PROVED


def test_an_author_says_what_sums_to_1() -> None:
    """It is taken as said, and is no claim; without it, what needs it is refuted."""
    net = (r"s = \sum_j w_j x_j", r"E = \sum_k y_k s^2")
    claim = r"\frac{\partial E}{\partial s} = 2 s"
    assert last(*net, claim).verdict is Verdict.REFUTED
    found = report(*net, SUMMED, claim)
    assert [one.verdict for one in found.claims] == [Verdict.PROVED]


def test_that_what_is_defined_sums_to_1_is_a_claim() -> None:
    """It is proved of a softmax, and refuted of its scores."""
    net = (SCORES, SHARES, r"L = -\sum_k y_k \log p_k")
    assert last(*net, r"\sum_k p_k = 1").verdict is Verdict.PROVED
    assert last(*net, r"\sum_k z_k = 1").verdict is Verdict.REFUTED


STEPS = (
    r"h_t = \tanh(W h_{t-1} + U x_t)",
    r"p_t = \mathrm{softmax}(z_t)",
    r"z_t = V h_t",
    r"L = -\sum_t y_t \log p_t",
)
EXAMPLES = (
    r"z_{nk} = \sum_j w_{kj} x_{nj}",
    r"p_{nk} = \frac{e^{z_{nk}}}{\sum_j e^{z_{nj}}}",
)


def test_targets_of_every_step_are_shares_of_the_classes() -> None:
    """Σ_k y_{t,k} = 1 in each step t, and of one class over all steps nothing is known."""
    left = r"\frac{\partial L}{\partial z_t}"
    assert last(*STEPS, rf"{left} = -(y_t - p_t)").verdict is Verdict.PROVED
    assert last(*STEPS, rf"{left} = y_t - p_t").verdict is Verdict.REFUTED


@pytest.mark.parametrize("sums", [r"\sum_n \sum_k", r"\sum_k \sum_n"])
def test_targets_of_every_example_are_shares_of_the_classes(sums: str) -> None:
    """Σ_k y_{nk} = 1 for each example n, whichever sum stands first."""
    net = (*EXAMPLES, rf"E = -{sums} y_{{nk}} \ln p_{{nk}}")
    left = r"\frac{\partial E}{\partial z_{nk}}"
    assert last(*net, rf"{left} = p_{{nk}} - y_{{nk}}").verdict is Verdict.PROVED
    assert last(*net, rf"{left} = p_{{nk}} + y_{{nk}}").verdict is Verdict.REFUTED


@pytest.mark.parametrize("said", ["", r"\sum_k y^{(i)}_k = 1"], ids=["as is usual", "as is said"])
def test_what_sums_to_1_does_so_over_its_own_letter(said: str) -> None:
    """Σ_k of the targets of each example is 1, and nothing follows for their sum over examples."""
    net = (
        r"z^{(i)}_k = \sum_j w_{kj} x^{(i)}_j",
        r"p^{(i)}_k = \frac{\exp(z^{(i)}_k)}{\sum_l \exp(z^{(i)}_l)}",
        r"J = -\frac{1}{m} \sum_{i=1}^m \sum_k y^{(i)}_k \log p^{(i)}_k",
        *([said] if said else []),
    )
    left = r"\frac{\partial J}{\partial z^{(i)}_k}"
    assert last(*net, rf"{left} = \frac{{1}}{{m}} (p^{{(i)}}_k - y^{{(i)}}_k)").verdict is (
        Verdict.PROVED
    )
    assert last(*net, rf"{left} = p^{{(i)}}_k - y^{{(i)}}_k").verdict is Verdict.REFUTED


def test_words_of_a_vocabulary_are_counted_by_w() -> None:
    """A w below a name and a Σ is an index letter, and no weight."""
    net = (
        r"s_w = \sum_j u_{wj} v_j",
        r"p_w = \frac{\exp(s_w)}{\sum_k \exp(s_k)}",
        r"L = -\sum_w y_w \log p_w",
    )
    left = r"\frac{\partial L}{\partial v_j}"
    assert last(*net, rf"{left} = \sum_w (p_w - y_w) u_{{wj}}").verdict is Verdict.PROVED
    assert last(*net, rf"{left} = \sum_w (y_w - p_w) u_{{wj}}").verdict is Verdict.REFUTED
