"""Names by other letters than the file's: entries x_{ij} of X, h_θ, δ with a step above, labels."""

from __future__ import annotations

import pytest

from tests.formulas.authors import equations, verdict

PRODUCT = equations(
    """
weights: W
Y[i,j] = sum(X[i,k]*W[k,j], k=1..2), i=1..3, j=1..2
L = sum(Y[i,j]^3, i=1..3, j=1..2)
"""
)
LOGISTIC = equations(
    """
weights: theta
z = sum(theta[j]*x[j], j=1..3)
h = sig(z)
E = -y*ln(h) - (1 - y)*ln(1 - h)
"""
)
LIKELIHOOD = equations(
    """
weights: theta
z = sum(theta[j]*x[j], j=1..3)
h = sig(z)
l = y*ln(h) + (1 - y)*ln(1 - h)
"""
)
PARTS = equations(
    """
weights: w
net[h] = sum(w[k,h]*o[k], k=1..2), h=3..5
net[l] = sum(w[h,l]*o[h], h=3..5), l=6..7
o[h] = sig(net[h]), h=3..7
E = 1/2*sum((t[l] - o[l])^2, l=6..7)
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial x_{i,k}} = \sum_j \frac{\partial L}{\partial y_{i,j}} w_{k,j}", "proved"),
        (r"\frac{\partial L}{\partial x_{i,k}} = \sum_j \frac{\partial L}{\partial y_{i,j}} w_{j,k}", "refuted"),
        (r"\frac{\partial L}{\partial x_{1,1}} = \frac{\partial L}{\partial y_{1,1}} w_{1,1} + \frac{\partial L}{\partial y_{1,2}} w_{1,2}", "proved"),
        (r"\frac{\partial L}{\partial x_{1,1}} = \frac{\partial L}{\partial y_{1,1}} w_{1,1} + \frac{\partial L}{\partial y_{1,2}} w_{2,1}", "refuted"),
        (r"\frac{\partial L}{\partial x_{1,1}} = \frac{\partial L}{\partial Y} \cdot \frac{\partial Y}{\partial x_{1,1}}", "proved"),
        (r"\frac{\partial L}{\partial x_{1,1}} = \frac{\partial L}{\partial Y} \cdot \frac{\partial Y}{\partial x_{1,2}}", "refuted"),
        (r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial Y} \cdot X", "refuted"),
    ],
)  # fmt: skip
def test_entries_of_a_matrix_have_its_small_letter(claim: str, said: str) -> None:
    """x_{ik} is the entry of X in row i and column k, where nothing is called x."""
    assert verdict(PRODUCT, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"h_\theta(x) = \sigma(\theta^Tx)", "proved"),
        (r"h = g(\theta^Tx)", "proved"),
        (r"z = \theta^Tx^2", "refuted"),
        (r"\frac{\partial E}{\partial \theta_j} = (h_\theta(x) - y) x_j", "proved"),
        (r"\frac{\partial E}{\partial \theta_j} = (y - h_\theta(x)) x_j", "refuted"),
        (r"h_q(x) = \sigma(\theta^T x)", "unreadable"),
        (r"E = -y \log h(x) - (1 - y) \log(1 - h(x))", "proved"),
        (r"E = -y \log h(x) - (1 + y) \log(1 - h(x))", "refuted"),
        (r"E = -y \log h(x) x - (1 - y) \log(1 - h(x))", "unreadable"),
        (r"\nabla_\theta E(\theta) = (h_\theta(x) - y) x", "proved"),
        (r"\nabla_\theta E(\theta) = (h_\theta(x) - y)", "refuted"),
        (r"\theta_j := \theta_j - \alpha (h_\theta(x) - y) x_j", "proved"),
        (r"\theta_j := \theta_j + \alpha (h_\theta(x) - y) x_j", "refuted"),
    ],
)
def test_what_depends_on_parameters_may_have_them_below(claim: str, said: str) -> None:
    """h_θ is h; θ^Tx is θᵀ x, as TeX sets it."""
    found = verdict(LOGISTIC, claim)
    assert found == said or (said == "refuted" and found == "unreadable")


def test_a_step_up_a_likelihood_is_no_mistake() -> None:
    """What is never positive may be meant to grow: then + is undecided, and other steps are wrong."""
    assert verdict(LIKELIHOOD, r"\theta_j := \theta_j + \alpha (y - h) x_j") == "undecided"
    assert verdict(LIKELIHOOD, r"\theta_j := \theta_j + 2 \alpha (y - h) x_j") == "refuted"
    assert verdict(LIKELIHOOD, r"\theta_j := \theta_j + \alpha (y + h) x_j") == "refuted"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial o_h}{\partial net_h} = f'_{act}(net_h)", "proved"),
        (r"\frac{\partial o_h}{\partial net_h} = f_{\text{act}}'(net_h)", "proved"),
        (r"\frac{\partial o_h}{\partial net_h} = f_{act}(net_h)", "refuted"),
        (r"\frac{\partial net_h}{\partial w_{k,h}} = \frac{\partial \sum_k w_{k,h} o_k}{\partial w_{k,h}} = o_k", "proved"),
        (r"\frac{\partial net_h}{\partial w_{k,h}} = \frac{\partial}{\partial w_{k,h}} \sum_k w_{k,h} o_k", "proved"),
        (r"\frac{\partial net_h}{\partial w_{k,h}} = \frac{\partial}{\partial w_{k,h}} \sum_k w_{k,h} o_k^2", "refuted"),
        (r"\frac{\partial E}{\partial w_{k,h}} = o_k \sum_k w_{k,h} o_k", "unreadable"),
    ],
)  # fmt: skip
def test_labels_of_functions_and_letters_that_a_derivative_has_twice(claim: str, said: str) -> None:
    """f_{act} is an activation; the k that Σ_k counts below a ∂ is not the k of what it is by."""
    assert verdict(PARTS, claim) == said


STEPS = equations(
    """
weights: u, v
ahat[t] = u*a[t-1] + v*x[t], t=1..3
a[t] = tanh(ahat[t]), t=1..3
E = sum((a[t] - y[t])^2, t=1..3)
"""
)


def test_a_delta_before_a_name_has_the_step_of_the_name_above() -> None:
    r"""\delta \hat{a}^t is the error's derivative by â_t, where several formulas hold so."""
    from derive.checking.check import check_document

    right = r"\delta \hat{a}^t = \delta a^t \odot (1 - (a^t)^2)"
    more = r"\delta a^{t-1} = u \delta \hat{a}^t + 2 (a^{t-1} - y^{t-1})"
    wrong = r"\delta \hat{a}^t = \delta a^t \odot (1 - a^t)"
    text = "\n\n".join(f"$$ {one} $$" for one in (right, more, wrong))
    found = [claim.verdict.value for claim in check_document(STEPS, text, "md").claims]
    assert found[0] == "proved"
    assert found[2] != "proved"


CHAIN = equations(
    """
weights: v_a, v_c, e_a, e_c
s_a = v_a*x + e_a
y_a = tanh(s_a)
s_c = v_c*y_a + e_c
y_c = tanh(s_c)
Q = 1/2*(y_c - d)^2
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial Q}{\partial v_{ca}} = \delta_c y_a", "proved"),
        (r"\frac{\partial Q}{\partial v_{a,c}} = \delta_c y_a", "proved"),
        (r"\frac{\partial Q}{\partial v_{ca}} = \delta_a y_a", "refuted"),
        (r"\frac{\partial Q}{\partial v_{cc}} = \delta_c y_c", "unreadable"),
        (r"\frac{\partial Q}{\partial u_{ca}} = \delta_c y_a", "unreadable"),
        (r"\frac{\partial Q}{\partial e_{ca}} = \delta_c", "unreadable"),
        (r"\delta_a = (1 - y_a^2) \sum_{c=1}^C \delta_c v_{ca}", "proved"),
        (r"\delta_a = (1 - y_a^2) \sum_c v_c \delta_c", "proved"),
        (r"s_c = \sum_a v_{ca} y_a + e_c", "proved"),
        (r"s_c = \sum_a v_{ca} y_a", "unreadable"),
        (r"\delta_a = (1 - y_c^2) \sum_{c=1}^C \delta_c v_{ca}", "unreadable"),
        (r"\delta_a = -(1 - y_a^2) \sum_{c=1}^C \delta_c v_{ca}", "unreadable"),
        (r"\delta_a = (1 - y_a^2) \sum_{c=2}^C \delta_c v_{ca}", "unreadable"),
        (r"\delta_a = (1 - y_a^2) \sum_{c=1}^3 \delta_c v_{ca}", "unreadable"),
        (r"\delta_a = (1 - y_a^2) \sum_b \delta_c v_{ca}", "unreadable"),
        (r"\delta_a = (1 - y_a^2) \prod_c \delta_c v_{ca}", "unreadable"),
    ],
)
def test_units_that_have_letters_for_names(claim: str, said: str) -> None:
    """v_{ca} leads from the only unit a to the only c; a Σ over c has one term.

    What fails with such a Σ may be meant of several units, and is not judged.
    """
    assert verdict(CHAIN, claim) == said
