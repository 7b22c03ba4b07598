"""Functions that authors introduce, s_n = F(u_n, s_{n−1}, w), and entries (A v)_k of arrays.

Each right formula has wrong ones like it: the first is proved, the others never are.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Verdict
from tests.formulas.test_authors_names import model

STATES = """
weights: A, B, d, G
a[n,i] = sum(A[i,j]*s[n-1,j], j=1..2) + sum(B[i,j]*u[n,j], j=1..2) + d[i], n=1..4, i=1..2
s[n,i] = tanh(a[n,i]), n=1..4, i=1..2
q[n,k] = sum(G[k,j]*s[n,j], j=1..2), n=1..4, k=1..3
C[n] = sum(1/2*(q[n,k] - r[n,k])^2, k=1..3), n=1..4
C = sum(C[n], n=1..4)
"""
INTRODUCED = r"$$s_n = F(u_n, s_{n-1}, w), \qquad q_n = G_0(s_n, v)$$"


def verdicts(*formulas: str) -> list[Verdict]:
    """The verdicts on the formulas of a document; a formula that claims nothing has none."""
    text = "\n\n".join(formulas)
    return [claim.verdict for claim in check_document(model(STATES), text, "md").claims]


@pytest.mark.parametrize(
    "formula",
    [
        r"s_n = F(u_n, s_{n-1}, w)",
        r"s_n = F(u_n, s_{n-1})",
        r"s_n = F_W(s_{n-1}, u_n)",
        r"q_n = \varphi(s_n, \theta)",
        r"C = H(C_1, \ldots, C_4)",
    ],
)
def test_what_determines_a_quantity_is_what_a_function_may_be_of(formula: str) -> None:
    assert verdicts(f"$${formula}$$") == [Verdict.PROVED]


@pytest.mark.parametrize(
    "formula",
    [
        r"s_n = F(u_n, s_{n+1}, w)",
        r"s_n = F(u_{n-1}, s_{n-1}, w)",
        r"s_n = F(u_n, q_{n-1}, w)",
        r"s_n = F(u_n, w)",
        r"q_n = \varphi(s_{n-1}, \theta)",
        r"q_n = \varphi(s_n, u_n, \theta)",
        r"C = H(C_1, \ldots, C_3)",
    ],
)
def test_what_does_not_determine_it_is_not_read(formula: str) -> None:
    assert verdicts(f"$${formula}$$") == [Verdict.UNREADABLE]


TOTAL = (
    r"\frac{\partial s_n}{\partial w} = \frac{\partial F(u_n,s_{n-1},w)}{\partial w} +"
    r" \frac{\partial F(u_n,s_{n-1},w)}{\partial s_{n-1}} \frac{\partial s_{n-1}}{\partial w}"
)
UNROLLED = (
    r"\frac{\partial s_n}{\partial w} = \frac{\partial F(u_n,s_{n-1},w)}{\partial w} +"
    r" \sum_{i=1}^{n-1} \left( \prod_{j=i+1}^{n} \frac{\partial F(u_j,s_{j-1},w)}{\partial s_{j-1}}"
    r" \right) \frac{\partial F(u_i,s_{i-1},w)}{\partial w}"
)
OF_ERROR = (
    r"\frac{\partial C}{\partial w} = \sum_{n=1}^{4} \frac{\partial C_n}{\partial q_n}"
    r" \frac{\partial G_0(s_n, v)}{\partial s_n} \frac{\partial s_n}{\partial w}"
)


@pytest.mark.parametrize("formula", [TOTAL, UNROLLED, OF_ERROR])
def test_derivatives_of_a_function_hold_its_other_arguments_fixed(formula: str) -> None:
    assert verdicts(INTRODUCED, f"$${formula}$$")[-1] is Verdict.PROVED


@pytest.mark.parametrize(
    ("right", "written", "wrong"),
    [
        (TOTAL, "+ ", "- "),
        (TOTAL, r"\frac{\partial s_{n-1}}{\partial w}", r"\frac{\partial s_{n}}{\partial w}"),
        (TOTAL, r" \frac{\partial s_{n-1}}{\partial w}", ""),
        (TOTAL, r"{\partial s_n}{\partial w} =", r"{\partial s_{n-1}}{\partial w} ="),
        (TOTAL, r"\partial F(u_n,s_{n-1},w)}{\partial w}", r"\partial s_n}{\partial w}"),
        (UNROLLED, "j=i+1", "j=i"),
        (UNROLLED, "i=1", "i=2"),
        (UNROLLED, "}^{n} ", "}^{n-1} "),
        (OF_ERROR, r"\frac{\partial C_n}{\partial q_n}", r"\frac{\partial C_n}{\partial q_{n-1}}"),
        (OF_ERROR, r"\frac{\partial s_n}{\partial w}", r"\frac{\partial s_{n-1}}{\partial w}"),
        (OF_ERROR, r" \frac{\partial G_0(s_n, v)}{\partial s_n}", ""),
    ],
)
def test_what_is_wrong_with_them_is_never_proved(right: str, written: str, wrong: str) -> None:
    formula = right.replace(written, wrong, 1)
    assert formula != right
    assert verdicts(INTRODUCED, f"$${formula}$$")[-1] is not Verdict.PROVED


@pytest.mark.parametrize(
    ("right", "others"),
    [
        (
            r"(\nabla_{s_n} C)_i = \frac{\partial C}{\partial s_{n,i}}",
            [
                r"(\nabla_{s_n} C)_i = \frac{\partial C}{\partial s_{n,j}}",
                r"(\nabla_{s_n} C)_i = -\frac{\partial C}{\partial s_{n,i}}",
                r"(\nabla_{s_n} C)_i = \frac{\partial C}{\partial s_{n-1,i}}",
            ],
        ),
        (
            "a_{n,i} = (A s_{n-1} + B u_n + d)_i",
            [
                "a_{n,i} = (A s_{n-1} + B u_n)_i",
                r"a_{n,i} = (A^\top s_{n-1} + B u_n + d)_i",
                "a_{n,i} = (A s_n + B u_n + d)_i",
                "a_{n,i} = (A s_{n-1} + B u_n + d)_j",
            ],
        ),
        (
            r"\frac{\partial C}{\partial A_{ij}} = \sum_n (\nabla_{a_n} C)_i (s_{n-1})_j",
            [
                r"\frac{\partial C}{\partial A_{ij}} = \sum_n (\nabla_{a_n} C)_j (s_{n-1})_i",
                r"\frac{\partial C}{\partial A_{ij}} = \sum_n (\nabla_{a_n} C)_i (s_n)_j",
                r"\frac{\partial C}{\partial A_{ij}} = \sum_n (\nabla_{s_n} C)_i (s_{n-1})_j",
            ],
        ),
        (
            r"\frac{\partial C_n}{\partial s_{n,j}} = (G^\top (q_n - r_n))_j",
            [
                r"\frac{\partial C_n}{\partial s_{n,j}} = (G (q_n - r_n))_j",
                r"\frac{\partial C_n}{\partial s_{n,j}} = (G^\top (r_n - q_n))_j",
                r"\frac{\partial C_n}{\partial s_{n,j}} = (q_n - r_n)_j",
            ],
        ),
    ],
)
def test_an_index_behind_brackets_is_that_of_an_entry(right: str, others: list[str]) -> None:
    assert verdicts(f"$${right}$$") == [Verdict.PROVED]
    for wrong in others:
        assert Verdict.PROVED not in verdicts(f"$${wrong}$$"), wrong
