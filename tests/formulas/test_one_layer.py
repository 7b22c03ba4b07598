"""Names that need not say a layer, and steps that are said of every parameter."""

from __future__ import annotations

import pytest

from derive import Model
from tests.formulas.authors import TWO, equations, layered, verdict

ONE_LAYER = layered([2, 1], activation="identity", names={"E_total": "J"})
TWO_OUTPUTS = layered([2, 2], activation="sigmoid", bias="neuron", names={"E_total": "J"})


@pytest.mark.parametrize(
    ("model", "claim", "said"),
    [
        (ONE_LAYER, r"z = w_1 x_1 + w_2 x_2", "proved"),
        (ONE_LAYER, r"z = w_2 x_1 + w_1 x_2", "refuted"),
        (ONE_LAYER, r"z = \sum_j w_j x_j", "proved"),
        (ONE_LAYER, r"\frac{\partial J}{\partial w_j} = -(y - \phi(z)) x_j", "proved"),
        (ONE_LAYER, r"\frac{\partial J}{\partial w_j} = (y - \phi(z)) x_j", "refuted"),
        (ONE_LAYER, r"\frac{\partial J}{\partial w_j} = -(y - \phi(z)) x_k", "refuted"),
        (ONE_LAYER, r"\frac{\partial J}{\partial w_j} = -\frac1m \sum_i (y^{(i)} - \phi(z^{(i)})) x_j^{(i)}", "proved"),
        (ONE_LAYER, r"\frac{\partial J}{\partial w_j} = \frac1m \sum_i (y^{(i)} - \phi(z^{(i)})) x_j^{(i)}", "refuted"),
        (ONE_LAYER, r"\Delta w_j = \eta (y - \phi(z)) x_j", "proved"),
        (ONE_LAYER, r"w_j := w_j + \Delta w_j", "proved"),
        (TWO_OUTPUTS, r"z_k = \sum_j w_{kj} x_j + b_k", "proved"),
        (TWO_OUTPUTS, r"z_k = \sum_j w_{kj} x_j - b_k", "refuted"),
        (TWO_OUTPUTS, r"\frac{\partial J}{\partial w_j} = (a - y) x_j", "unreadable"),
        (layered([2, 2, 1]), r"z = w_1 x_1 + w_2 x_2", "unreadable"),
    ],
)  # fmt: skip
def test_one_layer_of_weights_needs_no_number(model: Model, claim: str, said: str) -> None:
    """Nor does one output; of several layers or outputs nobody can tell which is meant."""
    assert verdict(model, claim) == said


@pytest.mark.parametrize(
    ("words", "sign", "said"),
    [
        (r"\quad \text{for all the weights } w", "-", "proved"),
        (r"\qquad \mbox{for every weight $w$}", "-", "proved"),
        (r"\quad \text{for all the weights } w", "+", "unreadable"),
        (r"\quad \text{for no weight } w", "-", "unreadable"),
        (r"\quad \text{for all weights } w + 1", "-", "unreadable"),
    ],
)
def test_a_step_of_every_parameter(words: str, sign: str, said: str) -> None:
    """The words say that w is any of them; a step that fails may be meant otherwise by them."""
    claim = rf"w := w {sign} \eta \frac{{\partial C}}{{\partial w}} {words}"
    assert verdict(TWO, claim) == said


WITHOUT_BIASES = equations(
    """
weights: V, u
s[i] = sum(V[i,j]*x[j], j=1..3), i=1..2
a[i] = tanh(s[i]), i=1..2
o = sum(u[i]*a[i], i=1..2)
Q = 1/2*(o - d)^2
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial s}", "proved"),
        (r"\nabla_b Q = \nabla_s Q = \nabla_a Q \odot (1 - a^2)", "proved"),
        (r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial o} = o - d", "proved"),
        (r"\nabla_b Q = \nabla_s Q = \nabla_a Q \odot (1 + a^2)", "refuted"),
        (r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial a}", "unreadable"),
        (r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial s} x^\top", "unreadable"),
        (r"\frac{\partial Q}{\partial b} = -\frac{\partial Q}{\partial s}", "unreadable"),
        (r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial o} u", "unreadable"),
        (r"\frac{\partial s}{\partial b} = \frac{\partial Q}{\partial s}", "unreadable"),
        (r"\frac{\partial Q}{\partial c} = \frac{\partial Q}{\partial s}", "unreadable"),
        (r"\nabla_b Q = \nabla_s Q b", "unreadable"),
    ],
)
def test_a_bias_that_the_network_does_not_have(claim: str, said: str) -> None:
    """It is one that is added to the net input by which the error is differentiated beside it."""
    assert verdict(WITHOUT_BIASES, claim) == said


def test_where_there_are_biases_another_is_none_of_the_network() -> None:
    """A parameter that stands in a sum by itself is a bias, whatever it is called."""
    claim = r"\frac{\partial Q}{\partial b} = \frac{\partial Q}{\partial s}"
    assert verdict(equations("weights: v, k\ns = v*x + k\no = tanh(s)\nQ = (o - d)^2"), claim) == (
        "unreadable"
    )
    assert verdict(
        equations("weights: v, w\ns = v*x\no = tanh(s) + w*x\nQ = (o - d)^2"), claim
    ) == ("proved")
