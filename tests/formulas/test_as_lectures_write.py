"""Spellings of lectures: what depends on an example, names given late, sets under a Σ."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.model import Model
from tests.formulas.authors import equations, verdict

LOGISTIC = equations(
    """
weights: theta
h[i] = sig(sum(theta[j]*x[i,j], j=1..2)), i=1..3
J = -sum((1-y[i])*ln(1-h[i]) + y[i]*ln(h[i]), i=1..3)
"""
)
HIDDEN = equations(
    """
weights: w, v
h[j] = sig(sum(w[j,i]*x[i], i=1..2)), j=1..2
s = sum(v[j]*h[j], j=1..2)
E = 1/2*(s - t)^2
"""
)
COST = r"\left[ \sum_{i=1}^m y^{(i)} \log h_\theta(x^{(i)}) + (1-y^{(i)}) \log (1-h_\theta(x^{(i)})) \right]"
SLOPE = r"\frac{\partial J}{\partial \theta_j} = \sum_i"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"J(\theta) = -{COST}", "proved"),
        (rf"J(\theta) = {COST}", "refuted"),
        (rf"J(\theta) = -{COST.replace('+ (1', '- (1')}", "refuted"),
        (r"J = \sum_i -y^{(i)} \ln h^{(i)} - (1-y^{(i)}) \ln (1-h^{(i)})", "proved"),
        (r"J = \sum_i -y^{(i)} \ln h^{(i)} - (1-y^{(i)}) \ln h^{(i)}", "refuted"),
        (r"J = -\sum_i y^{(i)} \ln h^{(i)} - (1-y^{(i)}) \ln (1-h^{(i)})", "unreadable"),
        (r"h_i = \sum_i h_i + h_i - \sum_i h_i", "unreadable"),
        (r"h_i = (\sum_i h_i) + h_i - (\sum_i h_i)", "proved"),
        (r"\nabla_\theta J(\theta) = \sum_i x^{(i)} (h_\theta(x^{(i)}) - y^{(i)})", "proved"),
        (r"\nabla_\theta J(\theta) = \sum_i x^{(i)} (y^{(i)} - h_\theta(x^{(i)}))", "refuted"),
        (rf"{SLOPE} (h(x^{{(i)}}) - y^{{(i)}}) x^{{(i)}}_j", "proved"),
        (rf"{SLOPE} (h(x^{{(j)}}) - y^{{(i)}}) x^{{(i)}}_j", "not proved"),
    ],
)
def test_what_depends_on_an_example_is_that_of_the_example(claim: str, said: str) -> None:
    """h_θ(x^{(i)}) is h_i where each h has an x of its own, and Σ_i takes all that has an i."""
    found = verdict(LOGISTIC, claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize("claim", [r"h_1 = h(x_1)", r"E = \frac12 (v_1 h(x_1) + v_2 h(x_2) - t)^2"])
def test_a_unit_is_no_example(claim: str) -> None:
    """h_1 depends on x_2, too: h(x_1) is not the first of the h, whatever it is."""
    assert verdict(HIDDEN, claim) in ("unreadable", "refuted")


@pytest.mark.parametrize("sign", [":=", "=:", r"\equiv", "≡"])
def test_a_name_may_be_given_at_the_end_of_a_chain(sign: str) -> None:
    """∂J/∂θ_1 = … =: g says what g is, and the chain before it is judged by itself."""
    slope = r"\frac{\partial J}{\partial \theta_1}"
    right = r"\sum_i (h_i - y_i) x_{i1}"
    for made, said in ((right, "proved"), (right.replace("h_i - y_i", "y_i - h_i"), "refuted")):
        found = document(LOGISTIC, f"{slope} = {made} {sign} g", f"{slope} = g", f"{slope} = 2 g")
        assert found == [said, "proved", "refuted"]
    assert document(LOGISTIC, f"h_1 = h_2 {sign} h_3") == ["refuted"]


def document(network: Model, *formulas: str) -> list[str]:
    """What is said of several formulas of one document."""
    text = "".join(f"\n$${one}$$\n" for one in formulas)
    return [claim.verdict.value for claim in check_document(network, text, "md").claims]


RAMP = equations(
    """
weights: w, b
z = sum(w[i]*x[i], i=1..2) + b
u = relu(z)
C = 1/2*(u - y)^2
"""
)


@pytest.mark.parametrize("brackets", [("(", ")"), (r"\left(", r"\right)"), ("[", "]")])
@pytest.mark.parametrize("name", ["max", r"\max", r"\operatorname{max}"])
def test_the_greater_of_0_and_something_is_its_relu(name: str, brackets: tuple[str, str]) -> None:
    """max(0, z) is the relu of z, and nothing else with max is read."""
    left, right = brackets
    assert verdict(RAMP, f"u = {name}{left}0, z{right}") == "proved"
    assert verdict(RAMP, f"u = {name}{left}0, w_1 x_1 + w_2 x_2 + b{right}") == "proved"
    assert verdict(RAMP, f"u = {name}{left}0, -z{right}") == "refuted"
    assert verdict(RAMP, f"u = {name}{left}1, z{right}") == "unreadable"
    assert verdict(RAMP, f"u = {name}{left}0, z, b{right}") == "unreadable"
    assert verdict(RAMP, f"u = {name}{left}0{right} z") == "unreadable"


LAYERS = equations(
    """
weights: w_1, w_2
a_1[i] = sum(w_1[j,i]*o_0[j], j=1..2), i=1..3
o_1[i] = sig(a_1[i]), i=1..3
a_2[i] = sum(w_2[j,i]*o_1[j], j=1..3), i=1..2
E = 1/2*sum((a_2[i] - y[i])^2, i=1..2)
"""
)


@pytest.mark.parametrize("size", ["r^{k+1}", "r_{k+1}", "N^{(k+1)}"])
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta_j^k = g'(a_j^k) \sum_{l=1}^{%s} w_{jl}^{k+1} \delta_l^{k+1}", "proved"),
        (r"\delta_j^k = g'(a_j^k) \sum_{l=1}^{%s} w_{lj}^{k+1} \delta_l^{k+1}", "refuted"),
        (r"\delta_j^k = g'(a_j^k) \sum_{l=2}^{%s} w_{jl}^{k+1} \delta_l^{k+1}", "unreadable"),
        (r"\delta_j^k = \sum_{l=1}^{%s} w_{jl}^{k+1} \delta_l^{k+1}", "refuted"),
    ],
)
def test_a_limit_may_be_the_size_of_any_layer(size: str, claim: str, said: str) -> None:
    """Σ_{l=1}^{r^{k+1}} runs over all units that there are, where nothing else is called r."""
    assert verdict(LAYERS, claim.replace("%s", size)) == said


RECURRENT = equations(
    """
weights: W, U, b
x[t] = tanh(W*x[t-1] + U*u[t] + b), t=1..3
l[t] = 1/2*(x[t] - y[t])^2, t=1..3
E = sum(l[t], t=1..3)
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial \theta} = \sum_{1 \leq t \leq T} \frac{\partial l_t}{\partial \theta}", "proved"),
        (r"\frac{\partial E}{\partial \theta} = \sum_{2 \leq t \leq T} \frac{\partial l_t}{\partial \theta}", "refuted"),
        (r"\frac{\partial E}{\partial \theta} = \frac{\partial l_3}{\partial \theta}", "refuted"),
        (r"\frac{\partial E}{\partial \theta} = u_1", "unreadable"),
        (r"\theta = \theta - \eta \frac{\partial E}{\partial \theta}", "proved"),
        (r"\theta = \theta + \eta \frac{\partial E}{\partial \theta}", "refuted"),
    ],
)  # fmt: skip
def test_theta_is_every_parameter(claim: str, said: str) -> None:
    """∂E/∂θ is that by W, by U and by b, for each of which a claim is judged."""
    assert verdict(RECURRENT, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"h_j = f(z_j)", "proved"),
        (r"\frac{\partial E}{\partial z_j} = (h_j - t_j) f'(z_j)", "proved"),
        (r"f'(z_j) = \mathbb{1}(z_j > 0)", "unreadable"),
        (r"\frac{\partial E}{\partial z_j} = (t_j - h_j) f'(z_j)", "unreadable"),
        (r"\frac{\partial E}{\partial h_j} = t_j - h_j", "refuted"),
    ],
)
def test_nothing_is_refuted_of_a_function_that_is_another_in_the_network(
    claim: str, said: str
) -> None:
    """f(x) = max(0, x) stands in the document, and the network that is given has a sigmoid."""
    net = equations(
        """
weights: w
z[j] = sum(w[j,i]*x[i], i=1..2), j=1..2
h[j] = sig(z[j]), j=1..2
E = 1/2*sum((h[j] - t[j])^2, j=1..2)
"""
    )
    assert document(net, r"f(x) = \max(0, x)", claim)[-1] == said
