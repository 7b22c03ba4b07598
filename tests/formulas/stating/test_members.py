"""Single members of families: the last step h_T, the right class c of −ln p_c, the first of all."""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from derive.errors import InputError
from tests.formulas.stating.test_judging import last, report

STEPS = (r"h_t = \tanh(w h_{t-1} + u x_t)", r"y = v h_T", r"L = \frac12 (y - d)^2")
SHARES = (r"z_k = \sum_j w_{kj} x_j", r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}")
CLASS = (*SHARES, r"L = -\log p_c")
VECTOR = (
    r"\mathbf z = \mathbf W \mathbf x",
    r"\mathbf p = \mathrm{softmax}(\mathbf z)",
    r"L = -\log p_y",
)
FIRST = (*SHARES, r"L = -\log p_1")


@pytest.mark.parametrize(
    ("definitions", "claim", "verdict"),
    [
        (STEPS, r"\frac{\partial L}{\partial v} = (y - d) h_T", Verdict.PROVED),
        (STEPS, r"\frac{\partial L}{\partial v} = (y - d) h_{T-1}", Verdict.REFUTED),
        (STEPS, r"\frac{\partial L}{\partial h_T} = (y - d) v", Verdict.PROVED),
        (
            STEPS,
            r"\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_{t+1}} (1 - h_t^2) w",
            Verdict.REFUTED,
        ),
        (CLASS, r"\frac{\partial L}{\partial z_c} = p_c - 1", Verdict.PROVED),
        (CLASS, r"\frac{\partial L}{\partial z_c} = 1 - p_c", Verdict.REFUTED),
        (CLASS, r"\frac{\partial L}{\partial z_k} = p_k - \delta_{kc}", Verdict.PROVED),
        (CLASS, r"\frac{\partial L}{\partial z_k} = p_k - \mathbf{1}[k = c]", Verdict.PROVED),
        (CLASS, r"\frac{\partial L}{\partial z_k} = p_k - 1", Verdict.REFUTED),
        (
            CLASS,
            (
                r"\frac{\partial L}{\partial z_k} = \begin{cases} p_k - 1 & k = c \\ p_k & k \neq c"
                r" \end{cases}"
            ),
            Verdict.PROVED,
        ),
        (
            CLASS,
            (
                r"\frac{\partial L}{\partial z_k} = \begin{cases} p_k & k = c \\ p_k - 1 & k \neq c"
                r" \end{cases}"
            ),
            Verdict.REFUTED,
        ),
        (CLASS, r"\frac{\partial L}{\partial w_{cj}} = (p_c - 1) x_j", Verdict.PROVED),
        (VECTOR, r"\frac{\partial L}{\partial z_j} = p_j - \mathbb{1}[j = y]", Verdict.PROVED),
        (VECTOR, r"\frac{\partial L}{\partial z_j} = p_j - 1", Verdict.REFUTED),
        (FIRST, r"\frac{\partial L}{\partial z_1} = p_1 - 1", Verdict.PROVED),
        (FIRST, r"\frac{\partial L}{\partial z_2} = p_2", Verdict.PROVED),
        (FIRST, r"\frac{\partial L}{\partial z_2} = p_2 - 1", Verdict.REFUTED),
    ],
)
def test_claims_about_single_members(
    definitions: tuple[str, ...], claim: str, verdict: Verdict
) -> None:
    """C is one of the classes, whichever it is, and T the last of the steps."""
    assert last(*definitions, claim).verdict is verdict


def test_what_is_given_may_be_another_member_or_none() -> None:
    """Whether u_o is among the u_w of a sum, the document leaves open; each way is a reading."""
    net = (r"J = -u_o^\top v + \sum_k \exp(u_k^\top v)",)
    found = last(*net, r"\frac{\partial J}{\partial u_o} = -v")
    assert found.verdict is Verdict.UNDECIDED
    assert (
        "this fails for v = 2, u = 3, o = 1 and holds for v = 2, u = 3" in found.findings[0].message
    )
    assert last(*net, r"\frac{\partial J}{\partial u_o} = v").verdict is Verdict.REFUTED


def test_a_member_that_is_no_letter_is_asked_for() -> None:
    """It is not held to be given, for then what is right would be refuted."""
    with pytest.raises(InputError, match="p_ref is one of p, and it is open which"):
        report(*SHARES, r"L = -\log p_{ref}", r"\frac{\partial L}{\partial z_k} = p_k")
