r"""The right class as a number, f_{y_i} and \mathbb 1(y_i = k), over networks with vectors for it.

Of each right formula wrong ones stand beside it: the first is proved, the others never are.
"""

from __future__ import annotations

import pytest

from derive import check
from derive.checking.claims import Verdict
from tests.formulas.test_joined_vectors import verdicts

ONE = """
weights: s
q[k] = exp(s[k])/sum(exp(s[j]), j=1..4), k=1..4
J = -sum(c[k]*ln(q[k]), k=1..4)
"""
STEPS = """
weights: G
s[n,k] = sum(G[k,j]*u[n,j], j=1..2), n=1..3, k=1..2
q[n,k] = exp(s[n,k])/sum(exp(s[n,j]), j=1..2), n=1..3, k=1..2
J[n] = -sum(c[n,k]*ln(q[n,k]), k=1..2), n=1..3
J = sum(J[n], n=1..3)
"""


@pytest.mark.parametrize(
    ("network", "right", "others"),
    [
        (
            ONE,
            r"J_i = -\log\left(\frac{e^{s_{c_i}}}{\sum_j e^{s_j}}\right)",
            [
                r"J_i = \log\left(\frac{e^{s_{c_i}}}{\sum_j e^{s_j}}\right)",
                r"J_i = -\log\left(\frac{e^{q_{c_i}}}{\sum_j e^{s_j}}\right)",
                r"J_i = -\log\left(\frac{e^{s_{c_i}}}{\sum_j e^{q_j}}\right)",
                r"J_i = -\frac{e^{s_{c_i}}}{\sum_j e^{s_j}}",
            ],
        ),
        (
            ONE,
            r"J_i = -\log(q_{c_i})",
            [r"J_i = -\log(s_{c_i})", r"J_i = -\log(q_1)", r"J_i = \log(q_{c_i})"],
        ),
        (
            ONE,
            r"\frac{\partial J_i}{\partial s_k} = q_k - \mathbb{1}(c_i = k)",
            [
                r"\frac{\partial J_i}{\partial s_k} = q_k + \mathbb{1}(c_i = k)",
                r"\frac{\partial J_i}{\partial s_k} = \mathbb{1}(c_i = k) - q_k",
                r"\frac{\partial J_i}{\partial s_k} = q_k - \mathbb{1}(c_i = j)",
                r"\frac{\partial J_i}{\partial s_k} = q_{c_i} - \mathbb{1}(c_i = k)",
                r"\frac{\partial J_i}{\partial q_k} = q_k - \mathbb{1}(c_i = k)",
            ],
        ),
        (
            ONE,
            r"\frac{\partial J}{\partial s_k} = q_k - \mathbf{1}\{c = k\}",
            [r"\frac{\partial J}{\partial s_k} = q_k - 2 \cdot \mathbf{1}\{c = k\}"],
        ),
        (
            STEPS,
            r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} - \mathbf{1}_{k,c^{(n)}}",
            [
                r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} - \mathbf{1}_{k,c^{(n-1)}}",
                r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} - \mathbf{1}_{j,c^{(n)}}",
                r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} + \mathbf{1}_{k,c^{(n)}}",
                r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} - \mathbf{1}_{k,c^{(1)}}",
                r"\frac{\partial J}{\partial s_k^{(n)}} = q_k^{(n)} - \mathbf{1}_{k,c^{(3)}}",
            ],
        ),
    ],
)
def test_the_number_of_the_right_class_is_read(network: str, right: str, others: list[str]) -> None:
    assert verdicts(network, right) == [Verdict.PROVED]
    for wrong in others:
        assert Verdict.PROVED not in verdicts(network, wrong), wrong


def test_a_letter_that_is_no_target_is_no_class() -> None:
    assert verdicts(ONE, r"J = -\log(q_{s})") != [Verdict.PROVED]
    assert verdicts(STEPS, r"J_n = -\log(q_{c_n})") != [Verdict.REFUTED]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"E = -\ln p_c", "undecided"),
        (r"\frac{\partial E}{\partial z_c} = p_c - 1", "undecided"),
        (r"\frac{\partial E}{\partial z_j} = p_j - \delta_{jc}", "undecided"),
        (r"\frac{\partial E}{\partial z_j} = p_j - \delta_{jy}", "undecided"),
        (r"E = \ln p_c", "refuted"),
        (r"\frac{\partial E}{\partial z_c} = p_c", "refuted"),
        (r"\frac{\partial E}{\partial z_c} = 1 - p_c", "refuted"),
        (r"\frac{\partial E}{\partial z_j} = p_j + \delta_{jc}", "refuted"),
        (r"\frac{\partial E}{\partial z_j} = p_c - \delta_{jc}", "refuted"),
        (r"\frac{\partial E}{\partial z_j} = p_j - 1", "refuted"),
    ],
)
def test_an_index_may_be_the_right_class(claim: str, said: str) -> None:
    """E = −ln p_c is right where c is the class whose target is 1, and no other index is.

    Words say so, "let c be the correct class", and no formula; so it is neither proved nor refuted.
    """
    assert check("softmax", claim).claims[0].verdict.value == said
