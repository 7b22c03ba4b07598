"""Joined vectors, W_f [h_{t−1}, x_t], over networks that have the matrices apart, or joined.

Of each right formula wrong ones stand beside it: the first is proved, the others never are.
"""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from tests.formulas.judging import in_document
from tests.formulas.test_authors_names import model

APART = """
weights: V_r, U_r, e_r, V_k, U_k, e_k
r[n,i] = sig(sum(V_r[i,j]*u[n,j], j=1..3) + sum(U_r[i,j]*s[n-1,j], j=1..2) + e_r[i]), n=1..3, i=1..2
k[n,i] = tanh(sum(V_k[i,j]*u[n,j], j=1..3) + sum(U_k[i,j]*s[n-1,j], j=1..2) + e_k[i]), n=1..3, i=1..2
s[n,i] = r[n,i]*s[n-1,i] + (1 - r[n,i])*k[n,i], n=1..3, i=1..2
C = sum(1/2*(s[3,i] - y[i])^2, i=1..2)
"""
WHOLE = """
weights: M, e
a[n,i] = sum(M[i,j]*s[n-1,j], j=1..2) + sum(M[i,j+2]*u[n,j], j=1..3) + e[i], n=1..3, i=1..2
s[n,i] = tanh(a[n,i]), n=1..3, i=1..2
C = sum(1/2*(s[3,i] - y[i])^2, i=1..2)
"""
ONE_UNIT = """
r = sig(v_r*x + u_r*s0 + e_r)
k = tanh(v_k*x + u_k*s0 + e_k)
s = r*s0 + (1 - r)*k
C = 1/2*(s - y)^2
"""


def verdicts(network: str, *formulas: str) -> list[Verdict]:
    """The verdicts on the formulas of a document; a formula that claims nothing has none."""
    return in_document(model(network), *formulas)


@pytest.mark.parametrize(
    ("network", "right", "others"),
    [
        (
            APART,
            r"r_n = \sigma(W_r \cdot [s_{n-1}, u_n] + e_r)",
            [
                r"r_n = \sigma(W_k \cdot [s_{n-1}, u_n] + e_r)",
                r"r_n = \sigma(W_r \cdot [s_n, u_n] + e_r)",
                r"r_n = \sigma(W_r \cdot [s_{n-1}, u_{n-1}] + e_r)",
                r"r_n = \sigma(W_r \cdot [s_{n-1}, u_n])",
                r"r_n = \sigma(W_r \cdot [s_{n-1}, s_{n-1}] + e_r)",
                r"r_n = \sigma(W_r \cdot [s_{n-1}, k_n] + e_r)",
                r"r_n = \tanh(W_r \cdot [s_{n-1}, u_n] + e_r)",
            ],
        ),
        (
            APART,
            r"k_n = \tanh(V_K [u_n, s_{n-1}] + e_K)",
            [r"k_n = \tanh(V_R [u_n, s_{n-1}] + e_K)", r"k_n = -\tanh(V_K [u_n, s_{n-1}] + e_K)"],
        ),
        (
            WHOLE,
            "a_n = M [s_{n-1}, u_n] + e",
            [
                "a_n = M [u_n, s_{n-1}] + e",
                "a_n = M [s_n, u_n] + e",
                "a_n = M [s_{n-1}, u_n] - e",
                r"a_n = M^\top [s_{n-1}, u_n] + e",
            ],
        ),
        (
            WHOLE,
            r"\frac{\partial C}{\partial M} = \sum_n \frac{\partial C}{\partial a_n} [s_{n-1}, u_n]^\top",
            [
                r"\frac{\partial C}{\partial M} = \sum_n \frac{\partial C}{\partial a_n} [u_n, s_{n-1}]^\top",
                r"\frac{\partial C}{\partial M} = \sum_n \frac{\partial C}{\partial a_n} [s_n, u_n]^\top",
                r"\frac{\partial C}{\partial M} = \sum_n \frac{\partial C}{\partial s_n} [s_{n-1}, u_n]^\top",
            ],
        ),
        (
            ONE_UNIT,
            r"r = \sigma(W_r \cdot [s_0, x] + e_r)",
            [
                r"r = \sigma(W_r \cdot [s_0, x] + e_k)",
                r"r = \sigma(W_k \cdot [s_0, x] + e_r)",
                r"r = \sigma(W_r \cdot [s, x] + e_r)",
            ],
        ),
    ],
)
@pytest.mark.slow
def test_a_joined_vector_stands_behind_the_matrices_that_the_network_has(
    network: str, right: str, others: list[str]
) -> None:
    assert verdicts(network, right) == [Verdict.PROVED]
    for wrong in others:
        assert Verdict.PROVED not in verdicts(network, wrong), wrong


def test_a_name_for_a_joined_vector_means_it() -> None:
    named = r"\mathbf{z}_n = [\mathbf{s}_{n-1}, \mathbf{u}_n]"
    right, wrong = (rf"r_n = \sigma(W_r \mathbf{{z}}_{{{n}}} + e_r)" for n in ("n", "n-1"))
    assert verdicts(APART, named, right) == [Verdict.PROVED]
    assert Verdict.PROVED not in verdicts(APART, named, wrong)


@pytest.mark.parametrize(
    "formula",
    [
        r"[s_{n-1}, u_n] = [s_{n-1}, u_n]",
        r"r_n = \sigma(W \cdot [s_{n-1}, u_n] + e_r)",
        r"r_n = [s_{n-1}, u_n]",
        r"\frac{\partial C}{\partial e_r} = [s_{n-1}, u_n]^\top",
    ],
)
def test_what_is_joined_by_no_matrix_is_not_read(formula: str) -> None:
    assert verdicts(APART, formula) == [Verdict.UNREADABLE]


@pytest.mark.slow
def test_the_gradient_by_a_joined_matrix_has_those_of_its_parts_side_by_side() -> None:
    right = (
        r"\frac{\partial C}{\partial W_r} = \sum_n (\frac{\partial C}{\partial r_n} \odot r_n"
        r" \odot (1 - r_n)) [s_{n-1}, u_n]^\top"
    )
    changes = [
        ("[s_{n-1}, u_n]", "[u_n, s_{n-1}]"),
        ("[s_{n-1}, u_n]", "[s_n, u_n]"),
        (r" \odot r_n", ""),
        ("= ", "= -"),
        ("C}{\\partial W_r}", "C}{\\partial W_k}"),
    ]
    forward = r"r_n = \sigma(W_r \cdot [s_{n-1}, u_n] + e_r)"
    assert verdicts(APART, forward, right) == [Verdict.PROVED, Verdict.PROVED]
    for before, wrong in changes:
        formula = right.replace(before, wrong)
        assert verdicts(APART, forward, formula)[1] is not Verdict.PROVED, wrong


GATES = """
weights: w_ur, w_sr, w_uk, w_sk, e_r, e_k
n_r = w_ur*u + w_sr*s0 + e_r
n_k = w_uk*u + w_sk*s0 + e_k
s = sig(n_r)*s0 + (1 - sig(n_r))*tanh(n_k)
C = 1/2*(s - y)^2
"""
GATE = r"\frac{\partial C}{\partial W_u} = \frac{\partial C}{\partial s} \frac{\partial s}{\partial W_u}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (GATE, "proved"),
        (GATE.replace("W_u", "W_s"), "proved"),
        (r"W_u \leftarrow W_u - \eta \frac{\partial C}{\partial W_u}", "proved"),
        (GATE.replace("= ", "= 2 "), "refuted"),
        (GATE.replace(r"\partial s}{", r"\partial n_r}{"), "refuted"),
        (r"\frac{\partial C}{\partial W_u} = \frac{\partial C}{\partial n_r} u", "unreadable"),
        (GATE.replace("W_u", "W_q"), "unreadable"),
        (GATE.replace("W_u", "w"), "proved"),
    ],
)
def test_one_name_for_the_weights_of_all_gates(claim: str, said: str) -> None:
    """W_u stands for w_{ur} and w_{uk}: what is right of each is proved, and nothing else."""
    (found,) = verdicts(GATES, claim)
    assert found.value == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C}{\partial w} = -\frac{\partial C}{\partial s} \frac{\partial s}{\partial w}", "refuted"),
        (r"\frac{\partial C}{\partial w} = \frac{\partial s}{\partial w}", "refuted"),
        (r"\frac{\partial C}{\partial w} = (s - y) \frac{\partial s}{\partial w}", "proved"),
        (r"\frac{\partial C}{\partial w} = s - y", "unreadable"),
        (r"\left(\frac{\partial C}{\partial w}\right)^2 = (s - y) \left(\frac{\partial s}{\partial w}\right)^2", "unreadable"),
        (r"\frac{\partial C}{\partial w} \frac{\partial C}{\partial w} = \frac{\partial s}{\partial w}", "unreadable"),
        (r"\frac{\partial C}{\partial w} = w \frac{\partial s}{\partial w}", "unreadable"),
        (r"\frac{\partial C}{\partial w} = \frac{\partial s}{\partial w} + s", "unreadable"),
        (r"\frac{\partial C}{\partial w} = \frac{\partial C}{\partial n_r} \frac{\partial n_r}{\partial w}", "unreadable"),
    ],
)  # fmt: skip
def test_what_is_wrong_of_each_weight_is_wrong_of_all_together(claim: str, said: str) -> None:
    """So it is where each term has one derivative by W; all else may be of all weights at once."""
    (found,) = verdicts(GATES, claim)
    assert found.value == said
