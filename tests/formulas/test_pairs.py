r"""Indices that are counted together, as authors of convolutions write them.

Σ_{(i,j)}, a letter for a set of pairs, Σ_{i,j∈Q} δ_Q, and x_{(i+m)(j+n)}. Each row is a right
formula with wrong ones like it.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check
from derive.checking.claims import Verdict
from derive.grammar.limits import counted_between, sets_of_pairs
from derive.networks.equations.system import System
from derive.networks.sources import build

NET = build(
    System.from_text(
        """
weights: w
inputs: x[0..3,0..3], t[0..2,0..2]
z[i,j] = sum(sum(w[m,n]*x[i+m,j+n], n=0..1), m=0..1), i=0..2, j=0..2
a[i,j] = sig(z[i,j]), i=0..2, j=0..2
E = 1/2*sum(sum((a[i,j] - t[i,j])^2, j=0..2), i=0..2)
""",
        "net",
    )
)
Z = r"\frac{\partial E}{\partial z_{ij}}"


SQUARES = r"E = \frac12 \sum_{(i,j)} (a_{ij} - t_{ij})^2"
KERNEL = r"\frac{\partial E}{\partial w_{mn}} = \sum_{i,j} " + Z + " x_{(i+m)(j+n)}"
LEFT = r"\frac{\partial E}{\partial x_{pq}} = "
CHAIN = r"\sum_{(i,j) \in Q} " + Z + r" \frac{\partial z_{ij}}{\partial x_{pq}}"
SET = r"\sum_{i,j \in Q} \frac{\partial E}{\partial z_Q} \frac{\partial z_Q}{\partial x_{pq}}"


@pytest.mark.parametrize(
    ("right", "slips"),
    [
        (SQUARES, [("-", "+"), ("^2", ""), ("t_{ij}", "t_{ji}")]),
        (KERNEL, [("i+m", "i-m"), ("(i+m)(j+n)", "(j+n)(i+m)"), ("j+n", "j+m")]),
        (LEFT + CHAIN, [("z_{ij}}", "a_{ij}}"), (r"\partial z_{ij}}{", r"\partial z_{ji}}{")]),
        (LEFT + SET, [("x_{pq}} =", "x_{qp}} ="), ("z_Q", "a_Q"), (r"= \sum", r"= -\sum")]),
    ],
)
def test_pairs_are_counted(right: str, slips: list[tuple[str, str]]) -> None:
    """A set of pairs holds all that there are."""
    assert check(NET, right).claims[0].verdict is Verdict.PROVED
    for written, wrong in slips:
        assert written in right
        verdict = check(NET, right.replace(written, wrong, 1)).claims[0].verdict
        assert verdict is not Verdict.PROVED, wrong


def test_a_letter_stands_for_pairs_only_where_one_sum_says_so() -> None:
    r"""Two Σ over one Q with other letters do not say which of them Q is in an index."""
    assert sets_of_pairs(r"\sum_{i,j \in Q} x_Q") == {"Q": "i,j"}
    assert sets_of_pairs(r"\sum_{(i,j) \in Q} \sum_{k,l \in Q} x_Q") == {}
    assert sets_of_pairs(r"\sum_{i \in Q} x_Q") == sets_of_pairs(r"\sum_{i,j}^{Q} x_Q") == {}


def test_what_is_counted_between_others_counts_no_entries() -> None:
    """From 1 to a number, or to a capital letter, is as entries are counted."""
    assert counted_between(r"\prod_{j=k+1}^{t} A_j") == {"j"}
    assert counted_between(r"\prod_{t \ge i > k} A_i \sum_{m=1}^{t-1} B_m") == {"i", "m"}
    assert counted_between(r"\sum_{j=1}^{T} \sum_{i=1}^3 \sum_n w_{ij}") == frozenset()
