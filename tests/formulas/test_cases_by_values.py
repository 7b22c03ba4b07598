r"""Cases chosen by the value of a target: −ln y if t = 1, −ln(1 − y) if t = 0."""

from __future__ import annotations

import pytest

from derive import check
from tests.formulas.authors import equations, layered, verdict

ONE = equations(
    """
weights: u
s = u*x
q = sig(s)
F = -g*ln(q) - (1-g)*ln(1-q)
"""
)
SQUARE = equations("weights: u\nq = sig(u*x)\nF = 1/2*(g-q)^2\n")
SIGNS = equations("weights: u\ns = u*x\nF = ln(1 + exp(-g*s))\n")
SEVERAL = equations(
    """
weights: u
q[k] = sig(u*x[k]), k=1..2
F[k] = -g[k]*ln(q[k]) - (1-g[k])*ln(1-q[k]), k=1..2
R = F[1] + F[2]
"""
)
SHARES = equations(
    """
weights: s
q[k] = exp(s[k])/sum(exp(s[j]), j=1..3), k=1..3
F = -sum(g[k]*ln(q[k]), k=1..3)
condition: sum(g[k], k=1..3) = 1
"""
)
LAYERS = layered([2, 2], loss="binary-cross-entropy", names={"E_total": "Q"})


def cases(one: str, first: str, other: str, second: str) -> str:
    rows = rf"{one} & \text{{if }} {first} \\ {other} & \text{{if }} {second}"
    return rf"\begin{{cases}} {rows} \end{{cases}}"


UP, DOWN = r"-\ln q", r"-\ln(1 - q)"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (cases(UP, "g = 1", DOWN, "g = 0"), "proved"),
        (cases(DOWN, "g = 0", UP, "g == 1"), "proved"),
        (cases(UP, "g = 0", DOWN, "g = 1"), "refuted"),
        (cases(UP, "g = 1", UP, "g = 0"), "refuted"),
        (cases(r"\ln q", "g = 1", DOWN, "g = 0"), "refuted"),
        (cases(UP, "g = 1", DOWN, "g = -1"), "refuted"),
        (cases(UP, "g = 1", DOWN, "g = 1"), "unreadable"),
        (cases(UP, "g = 1", DOWN, "x = 0"), "unreadable"),
        (cases(UP, "g = 1", DOWN, "g > 0"), "unreadable"),
        (cases(UP, "q = 1", DOWN, "q = 0"), "unreadable"),
        (cases(UP, "u = 1", DOWN, "u = 0"), "unreadable"),
        (cases(UP, "g = 1", DOWN, r"\text{otherwise}"), "unreadable"),
    ],
)
def test_a_loss_for_each_label(made: str, said: str) -> None:
    """It holds for each number that is named; of others nothing is said, and of no more than one."""
    assert verdict(ONE, f"F = {made}") == said


def test_what_holds_for_its_numbers_need_not_hold_for_others() -> None:
    r"""(g − q)² is q² for g = 0 and (1 − q)² for g = 1, for −1 and 1 as well what it is there."""
    right = cases(r"\frac12 (1 - q)^2", "g = 1", r"\frac12 q^2", "g = 0")
    assert verdict(SQUARE, f"F = {right}") == "proved"
    assert verdict(SQUARE, f"F = {right.replace('q^2', '(1 + q)^2')}") == "refuted"
    signed = cases(r"\ln(1 + e^{-s})", "g = 1", r"\ln(1 + e^{s})", "g = -1")
    assert verdict(SIGNS, f"F = {signed}") == "proved"
    assert verdict(SIGNS, f"F = {signed.replace('g = -1', 'g = 0')}") == "refuted"
    slope = cases(r"q - 1", "g = 1", "q", "g = 0")
    assert verdict(ONE, rf"\frac{{\partial F}}{{\partial s}} = {slope}") == "proved"
    assert verdict(ONE, rf"\frac{{\partial F}}{{\partial s}} = {slope.replace('q - 1', '1 - q')}") == "refuted"  # fmt: skip


def test_the_labels_of_several() -> None:
    """With an index each may have its own number, as far as what is given can have it."""
    right = cases(r"-\ln q_k", "g_k = 1", r"-\ln(1 - q_k)", "g_k = 0")
    assert verdict(SEVERAL, f"F_k = {right}") == "proved"
    assert verdict(SEVERAL, f"F_k = {right.replace('q_k', 'q_1')}") == "refuted"
    slope = cases("q_k - 1", "g_k = 1", "q_k", "g_k = 0")
    by = r"\frac{\partial F}{\partial s_k}"
    assert verdict(SHARES, f"{by} = {slope}") == "proved"
    assert verdict(SHARES, f"{by} = {slope.replace('q_k - 1', 'q_k')}") == "refuted"
    assert verdict(SHARES, f"{by} = {slope.replace('1,', '2,').replace('= 0', '= 3')}") != "proved"
    layer = cases("a^2_j - 1", "y_j = 1", "a^2_j", "y_j = 0")
    assert verdict(LAYERS, rf"\delta^2_j = {layer}") == "proved"
    assert verdict(LAYERS, rf"\delta^2_j = {layer.replace('- 1', '+ 1')}") == "refuted"


def test_no_derivative_is_taken_by_what_has_a_number() -> None:
    """With a number for g nothing changes with it; and no correction is made of one case."""
    made = cases(UP, "g = 1", DOWN, "g = 0")
    assert verdict(ONE, rf"\frac{{\partial F}}{{\partial g}} = {made}") == "unreadable"
    (claim,) = check(ONE, f"F = {cases(UP, 'g = 0', DOWN, 'g = 1')}").claims
    assert all(finding.repaired is None for finding in claim.findings)
