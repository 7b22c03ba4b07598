r"""How far a Π reaches, between which numbers it counts, and in which order it has matrices.

As Σ does, Π takes all factors behind it. What fails so, and may hold if it ends before, is not read.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Judged, Verdict
from derive.networks.equations.system import System
from derive.networks.sources import build

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
NUMBERS = """
weights: w, u
h[t] = tanh(u*h[t-1] + w*x[t]), t=1..3
E = sum(1/2*(h[t]-y[t])^2, t=1..3)
"""
VECTORS = """
weights: W, U
h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j=1..2) + sum(W[i,j]*x[t,j], j=1..2)), t=1..3, i=1..2
E = sum(sum(1/2*(h[t,i]-y[t,i])^2, i=1..2), t=1..3)
"""


def claim(text: str, right: str) -> Judged:
    """What is said of ∂h_t/∂h_k = … about a network of equations."""
    formula = rf"$$\frac{{\partial h_t}}{{\partial h_k}} = {right}$$"
    (found,) = check_document(build(System.from_text(text, "net")), formula, "md").claims
    return found


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (r"\prod_{j=k+1}^{t} (1 - h_j^2) u", PROVED),
        (r"\prod_{j=k+1}^{t} u (1 - h_j^2)", PROVED),
        (r"\prod_{k < j \le t} (1 - h_j^2) u", PROVED),
        (r"\prod_{t \ge j > k} u (1 - h_j^2)", PROVED),
        (r"\left(\prod_{j=k+1}^{t} (1 - h_j^2)\right) u^{t-k}", PROVED),
        (r"\prod_{j=k+1}^{t} (1 + h_j^2) u", REFUTED),
        (r"\prod_{j=k}^{t} (1 - h_j^2) u", REFUTED),
        (r"\prod_{k \le j \le t} (1 - h_j^2) u", REFUTED),
        (r"\prod_{k < j < t} (1 - h_j^2) u", REFUTED),
        (r"\prod_{j=k+1}^{t} (1 - h_j^2) w", REFUTED),
        # Right if Π ends before the power, which is none of its factors then.
        (r"\prod_{j=k+1}^{t} (1 - h_j^2) u^{t-k}", Verdict.UNREADABLE),
    ],
)
def test_a_product_takes_what_stands_behind_it(right: str, expected: Verdict) -> None:
    """Of one that is wrong however far it reaches that is said."""
    assert claim(NUMBERS, right).verdict is expected


def test_what_a_product_is_read_to_take_is_said() -> None:
    """A note says so where the letter of Π does not stand in the last factor."""
    said = [f.message for f in claim(NUMBERS, r"\prod_{j=k+1}^{t} (1 - h_j^2) u").findings]
    assert "Π is read to reach over all factors behind it" in said
    said = [f.message for f in claim(NUMBERS, r"\prod_{j=k+1}^{t} u (1 - h_j^2)").findings]
    assert not any("reach" in message for message in said)


@pytest.mark.parametrize("limits", ["_{j=k+1}^{t}", r"_{k < j \leq t}", r"_{t \geq j > k}"])
def test_links_of_a_chain_are_matrices_whatever_letter_counts_them(limits: str) -> None:
    """The file counts entries by j; here j counts steps. Without a link it is the identity."""
    links = rf"\prod{limits} \frac{{\partial h_j}}{{\partial h_{{j-1}}}}"
    assert claim(VECTORS, links).verdict is PROVED
    assert claim(VECTORS, links.replace("h_j}", "h_t}")).verdict is not PROVED


@pytest.mark.parametrize(
    ("factors", "may_hold"),
    [
        (r"\mathrm{diag}(1 - h_j^2) U", True),
        (r"U^\top \mathrm{diag}(1 - h_j^2)", True),
        (r"\mathrm{diag}(1 + h_j^2) U", False),
        (r"\mathrm{diag}(1 - h_j^2) W", False),
        (r"U \mathrm{diag}(1 - h_j^2)", False),
    ],
)
def test_matrices_are_multiplied_in_either_order(factors: str, may_hold: bool) -> None:
    """Nobody says in which order Π has them: what holds in one of them is never refuted."""
    verdict = claim(VECTORS, rf"\prod_{{j=k+1}}^{{t}} {factors}").verdict
    assert verdict in ((PROVED, Verdict.UNDECIDED) if may_hold else (REFUTED, Verdict.UNREADABLE))
