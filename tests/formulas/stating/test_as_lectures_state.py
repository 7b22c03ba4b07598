"""Documents as lectures state and derive them: gradients that are rows, their own δ and σ."""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last, report

ROWS = (
    r"z = W x + b",
    r"h = \tanh(z)",
    r"\theta = U h + c",
    r"J = \frac12 \|\theta - y\|^2",
    r"\delta_1 = \frac{\partial J}{\partial \theta} = (\theta - y)^T",
    r"\delta_2 = \frac{\partial J}{\partial z} = \frac{\partial J}{\partial \theta}"
    r" \frac{\partial \theta}{\partial h} \frac{\partial h}{\partial z}",
)
"""Gradients are rows, as the last but one says."""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta_2 = \delta_1 U \circ \tanh'(z)", "proved"),
        (r"\delta_2 = \delta_1 U \circ \tanh'(h)", "refuted"),
        (r"\delta_2 = \delta_1 U^T \circ \tanh'(z)", "refuted"),
        (r"\frac{\partial J}{\partial c} = \delta_1^T", "proved"),
        (r"\frac{\partial J}{\partial b} = \frac{\partial J}{\partial z} = \delta_2^T", "proved"),
        (r"\frac{\partial J}{\partial b} = -\delta_2^T", "refuted"),
        (r"\frac{\partial J}{\partial b} = \delta_1^T", "refuted"),
        (r"\frac{\partial J}{\partial x} = (\delta_2 W)^T", "proved"),
        (r"\frac{\partial J}{\partial x} = (\delta_1 U)^T", "refuted"),
    ],
)
def test_gradients_are_rows_on_the_way(claim: str, said: str) -> None:
    """A column beside a row goes entry by entry, and the last gradient lies as b does, or x.

    That is so where a formula has said that gradients are rows; else it may be a mistake.
    """
    assert last(*ROWS, claim).verdict.value == said


def test_nothing_is_turned_where_gradients_are_columns() -> None:
    """There a row beside ⊙ or a gradient that is transposed is wrong, or not decided."""
    columns = (*ROWS[:4], r"\frac{\partial J}{\partial \theta} = \theta - y")
    for claim in (
        r"\frac{\partial J}{\partial z} = ((\theta - y)^T U) \circ \tanh'(z)",
        r"\frac{\partial J}{\partial c} = (\frac{\partial J}{\partial \theta})^T",
    ):
        assert last(*columns, claim).verdict.value in ("refuted", "undecided")


def test_a_minus_that_is_stated_last_counts_in_all_formulas() -> None:
    """Δw = η δ y is right where δ = −∂E/∂v stands behind it, and Δw = −η δ y is not proved."""
    net = (r"v_j = \sum_i w_{ji} x_i", r"y_j = \sigma(v_j)", r"E = \frac12 \sum_j (y_j - d_j)^2")
    minus = r"\delta_j = -\frac{\partial E}{\partial v_j} = (d_j - y_j) \sigma'(v_j)"
    for sign, said in (("", "proved"), ("-", "undecided")):
        step = rf"\Delta w_{{ji}} = {sign}\eta \delta_j x_i"
        verdicts = [claim.verdict.value for claim in report(*net, step, minus).claims]
        assert verdicts == [said, "proved"]
