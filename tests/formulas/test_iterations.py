"""A step from one iteration to the next, over a network whose file counts other things.

Each row is a right step with wrong ones like it: the first is proved, the others never are.
"""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from tests.formulas.test_author_functions import STATES
from tests.formulas.test_joined_vectors import verdicts


@pytest.mark.parametrize(
    ("right", "others"),
    [
        (
            r"W(i+1) = W(i) - \mu \frac{\partial C}{\partial W(i)}",
            [
                r"W(i+1) = W(i) + \mu \frac{\partial C}{\partial W(i)}",
                r"W(i+1) = W(i) - \mu \frac{\partial C}{\partial W(i+1)}",
                r"W(i) = W(i) - \mu \frac{\partial C}{\partial W(i)}",
                r"W(i+1) = W(k) - \mu \frac{\partial C}{\partial W(k)}",
                r"W(i+1) = W(i) - 2 \mu \frac{\partial C}{\partial W(i)}",
            ],
        ),
        (
            r"W(n+1) = W(n) - \mu \frac{\partial C}{\partial W}",
            [
                r"W(n+1) = W(n) + \mu \frac{\partial C}{\partial W}",
                r"W(n+1) = W - \mu \frac{\partial C}{\partial W}",
                r"W(n+1) = W(n) - \mu W",
            ],
        ),
        (
            r"W(n+1) = W(n) + \Delta W(n), \quad \Delta W = -\mu \frac{\partial C}{\partial W}",
            [
                r"W(n+1) = W(n) + \Delta W(n), \quad \Delta W = \mu \frac{\partial C}{\partial W}",
                r"W(n+1) = W(n) + 2 \Delta W(n)",
                r"W(n+1) = W(n) + \Delta W(k)",
                r"W(n+1) = W(n+1) + \Delta W(n)",
                r"\Delta W = -2 \mu \frac{\partial C}{\partial W}",
                r"\Delta W = -\mu s",
            ],
        ),
        (
            r"\theta_{t+1} = \theta_t - \eta \nabla_{\theta} C(\theta_t)",
            [
                r"\theta_{t+1} = \theta_t + \eta \nabla_{\theta} C(\theta_t)",
                r"\theta_{t} = \theta_{t+1} - \eta \nabla_{\theta} C(\theta_t)",
            ],
        ),
        (
            r"w_{t+1} = w_t - \eta \frac{\partial C}{\partial w_t}",
            [
                r"w_{t+1} = w_t - \frac{\partial C}{\partial w_t}",
                r"w_{t+1} = w_t - \eta \frac{\partial C}{\partial w_{t+1}}",
            ],
        ),
        (
            r"G^{(t+1)} = G^{(t)} - \eta \frac{\partial C}{\partial G^{(t)}}",
            [
                r"G^{(t+1)} = G^{(t)} + \eta \frac{\partial C}{\partial G^{(t)}}",
                r"G^{(t+1)} = G^{(t)} - \eta \frac{\partial C}{\partial A^{(t)}}",
                r"G^{(t+1)} = A^{(t)} - \eta \frac{\partial C}{\partial G^{(t)}}",
                r"G^{(t)} = G^{(t)} - \eta \frac{\partial C}{\partial G^{(t)}}",
            ],
        ),
    ],
)
def test_a_step_is_that_of_every_iteration(right: str, others: list[str]) -> None:
    assert verdicts(STATES, right) == [Verdict.PROVED]
    for wrong in others:
        assert Verdict.PROVED not in verdicts(STATES, wrong), wrong


def test_what_no_step_changes_has_no_iterations() -> None:
    """S(n+1) = … says how a state goes on, and no W^{(t)} is a row of W."""
    assert verdicts(STATES, r"s(n+1) = s(n) - \eta \frac{\partial C}{\partial s(n)}") == [
        Verdict.UNREADABLE
    ]
    assert Verdict.REFUTED not in verdicts(STATES, r"q^{(t)} = G^{(t)} s^{(t)}")
