"""One letter for the errors of two layers, told apart by its index: δ_k at the output, δ_j before.

It is how most textbooks write it. The letter of the index says which units are meant.
"""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last, report

NETWORK = (
    r"a_j = \sum_i v_{ji} x_i",
    r"h_j = \sigma(a_j)",
    r"z_k = \sum_j w_{kj} h_j",
    r"y_k = \sigma(z_k)",
    r"E = \frac12 \sum_k (y_k - t_k)^2",
)
OUTPUT = r"\delta_k = \frac{\partial E}{\partial z_k}"
HIDDEN = r"\delta_j = \frac{\partial E}{\partial a_j}"
AT_THE_OUTPUT = r"\delta_k = (y_k - t_k) y_k (1 - y_k)"
BEFORE_IT = r"\delta_j = h_j (1 - h_j) \sum_k \delta_k w_{kj}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (AT_THE_OUTPUT, "proved"),
        (AT_THE_OUTPUT.replace("1 - y", "1 + y"), "refuted"),
        (BEFORE_IT, "proved"),
        (BEFORE_IT.replace("1 - h", "1 + h"), "refuted"),
        (BEFORE_IT.replace(r"\sum_k \delta_k w_{kj}", r"\sum_k (y_k - t_k) w_{kj}"), "refuted"),
        (r"\frac{\partial E}{\partial w_{kj}} = \delta_k h_j", "proved"),
        (r"\frac{\partial E}{\partial v_{ji}} = \delta_j x_i", "proved"),
        (r"\frac{\partial E}{\partial v_{ji}} = \delta_k x_i", "refuted"),
        (r"\frac{\partial E}{\partial v_{ji}} = -\delta_j x_i", "refuted"),
    ],
)
def test_each_layer_has_the_delta_of_its_letter(claim: str, said: str) -> None:
    """δ_j = ∂E/∂a_j behind δ_k = ∂E/∂z_k is a name for the units of j, and no claim about those of k."""
    assert last(*NETWORK, OUTPUT, HIDDEN, claim).verdict.value == said
    assert last(*NETWORK, HIDDEN, OUTPUT, claim).verdict.value == said


@pytest.mark.parametrize(
    ("before_it", "claim", "said"),
    [
        (BEFORE_IT, r"\frac{\partial E}{\partial v_{ji}} = \delta_j x_i", "proved"),
        (BEFORE_IT, r"\frac{\partial E}{\partial v_{ji}} = \delta_k x_i", "refuted"),
        (BEFORE_IT, r"\frac{\partial E}{\partial a_j} = \delta_j", "proved"),
        (BEFORE_IT, r"\frac{\partial E}{\partial a_j} = -\delta_j", "refuted"),
        (
            BEFORE_IT.replace("1 - h", "1 + h"),
            r"\frac{\partial E}{\partial v_{ji}} = \delta_j x_i",
            "refuted",
        ),
    ],
)
def test_what_a_delta_is_may_be_said_by_its_formula(before_it: str, claim: str, said: str) -> None:
    """Without ∂E/∂z_k both are names for what they are said to be; what is made of them is judged."""
    assert last(*NETWORK, AT_THE_OUTPUT, before_it, claim).verdict.value == said


@pytest.mark.parametrize("index", ["1", "i", "m"])
def test_a_delta_of_neither_letter_is_not_judged(index: str) -> None:
    """δ_1 beside both may be of either layer: it is right of one of them and wrong of the other."""
    claim = AT_THE_OUTPUT.replace("_k", f"_{index}")
    assert last(*NETWORK, OUTPUT, claim).verdict.value == "proved"
    assert last(*NETWORK, OUTPUT, HIDDEN, claim).verdict.value == "unreadable"


def test_a_wrong_delta_of_the_same_units_is_no_definition() -> None:
    """δ_j = h_j (1 + h_j) Σ_k … behind δ_k = ∂E/∂z_k alone may be of other units, and is told so."""
    said = report(*NETWORK, OUTPUT, BEFORE_IT.replace("1 - h", "1 + h"))
    assert said.claims[-1].verdict.value == "unreadable"


ALONE = r"\delta_k = h_k (1 - h_k) \sum_m w_{mk} (y_m - t_m) y_m (1 - y_m)"


@pytest.mark.parametrize("worked_out", ["", r" = (y_k - t_k) y_k (1 - y_k)"])
def test_a_letter_that_counts_other_units_is_of_another_delta(worked_out: str) -> None:
    """δ_k = h_k (1 − h_k) Σ_m … of hidden units is right, though δ_k was one of outputs before.

    What is made of it is not judged by the meaning that it had for those.
    """
    gradient = r"\frac{\partial E}{\partial v_{ki}} = \delta_k x_i"
    said = report(*NETWORK, OUTPUT + worked_out, ALONE, gradient).claims
    assert [claim.verdict.value for claim in said][-2:] == ["unreadable"] * 2


def test_a_delta_that_could_not_be_read_is_not_the_one_before() -> None:
    """Behind a δ_k = … that nobody can read, a formula that fails with δ_k is not refuted."""
    gradient = r"\frac{\partial E}{\partial w_{kj}} = 2 \delta_k h_j"
    assert last(*NETWORK, OUTPUT, gradient).verdict.value == "refuted"
    assert last(*NETWORK, OUTPUT, r"\delta_k = \Xi(z_k)", gradient).verdict.value == "unreadable"


@pytest.mark.parametrize("first", [OUTPUT, OUTPUT + r" = (y_k - t_k) y_k (1 - y_k)"])
def test_a_wrong_formula_of_a_named_derivative_is_wrong(first: str) -> None:
    """δ_k = ∂E/∂z_k says what δ_k is: no formula after it gives it another meaning in silence."""
    wrong = AT_THE_OUTPUT.replace("1 - y", "1 + y")
    assert last(*NETWORK, first, wrong).verdict.value == "refuted"
    assert last(*NETWORK, first, AT_THE_OUTPUT).verdict.value == "proved"


def test_the_delta_of_the_wrong_layer_is_told() -> None:
    """δ_k x_i for δ_j x_i: what should stand there is the derivative by the a_j of the units before."""
    claim = r"\frac{\partial E}{\partial v_{ji}} = \delta_k x_i"
    found = last(*NETWORK, OUTPUT, HIDDEN, claim).findings
    assert [one.message for one in found if one.code == "wrong-index"] == [
        r"\delta_k should be \frac{\partial E}{\partial a_j}"
    ]
