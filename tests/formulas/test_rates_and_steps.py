"""What α and η are, and numbers that are given twice, or before or after a step."""

from __future__ import annotations

import pytest

from derive import check, check_document


@pytest.mark.parametrize("claim", ["w5 := 0.4", "w5 := 0.35891648", "w5 := -0.4", "w5 ← 0.4"])
def test_a_number_is_before_or_after_the_step(claim: str) -> None:
    """Of w5 := 0.4 nobody can tell which of both values it means."""
    found = check("mazur", claim).claims[0]
    assert found.verdict.value == "unreadable"
    assert "w5 = … or w5⁺ = …" in found.findings[0].message


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("w5 = 0.4", "proved"),
        ("w5^+ = 0.35891648", "proved"),
        ("w5 := w5 - eta*dE/dw5", "proved"),
        ("w5 := w5 - 0.5*dE/dw5", "proved"),
        ("w5 := w5 + eta*dE/dw5", "refuted"),
    ],
)
def test_steps_that_say_what_they_are(claim: str, verdict: str) -> None:
    """An equation, a step with its sign, and ':=' before a formula are read as before."""
    assert check("mazur", claim).claims[0].verdict.value == verdict


@pytest.mark.parametrize("claim", [r"\alpha = w_{31}", r"w_{31} = \eta", r"\eta = \delta_{d_1}"])
def test_the_rate_is_no_formula(claim: str) -> None:
    """A letter α of the author's own is not the learning rate that it is read as."""
    found = check_document("2-4-3-2", f"Let ${claim}$.", "md").claims[0]
    assert found.verdict.value == "unreadable"
    assert "is the learning rate here" in found.findings[0].message


def test_the_rate_may_be_solved_for() -> None:
    """Beside a step, η is what the step says that it is."""
    claim = "eta = (w31 - w31^+)/(dE/dw31)"
    assert check("2-4-3-2", claim).claims[0].verdict.value == "proved"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("w31 = w31 + w32 - w32", "proved"),
        ("w31 = w31 + w32", "refuted"),
        ("w31 = w31 - eta*delta_d1*out_c1", "proved"),
        ("w31 = w31 - delta_d1*out_c1", "refuted"),
    ],
)
def test_an_equation_with_the_same_weight_on_both_sides(claim: str, verdict: str) -> None:
    """It is a step of gradient descent where a derivative or the rate stands in it, else no step."""
    assert check("2-4-3-2", claim).claims[0].verdict.value == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\Delta{w_5} = -0.5 \frac{\partial E_{total}}{\partial w_5}", "proved"),
        (r"\Delta{ w_{5} } = -0.5 \frac{\partial E_{total}}{\partial w_5}", "proved"),
        (r"\Delta{w_5} = -0.5 \frac{\partial E_{total}}{\partial w_6}", "refuted"),
        (r"\Delta{w_5 w_6} = -0.5 \frac{\partial E_{total}}{\partial w_5}", "unreadable"),
        (r"\Delta{w_5", "unreadable"),
    ],
)
def test_what_changes_may_stand_in_braces(claim: str, verdict: str) -> None:
    r"""In print \Delta{w} is Δw; what holds more than a name is not read."""
    assert check("mazur", claim).claims[0].verdict.value == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"w_{31}' = w_{31} - \eta \frac{\partial E}{\partial w_{31}}", "proved"),
        (r"w_{31}' = w_{31} + \eta \frac{\partial E}{\partial w_{31}}", "refuted"),
        (r"w'_{31} = w_{31} - \eta \delta_{d_1} out_{c_1}", "proved"),
        (r"w'_{31} = w_{31} - \eta \delta_{d_1} out_{c_2}", "refuted"),
        (r"w_{31}^{\prime} := w_{31} - \eta \delta_{d_1} out_{c_1}", "proved"),
        (r"w_{31}' = w_{32}", "unreadable"),
        (r"w_{31}' = w_{31} - w_{32}", "unreadable"),
        (r"w_{31}' = w_{32} - \eta \delta_{d_1} out_{c_2}", "unreadable"),
        (r"out_{c_1}' = out_{c_1} - 1", "unreadable"),
        (r"2 w_{31}' = w_{31} - \eta \delta_{d_1} out_{c_1}", "unreadable"),
    ],
)
def test_a_prime_tells_a_weight_after_its_step(claim: str, verdict: str) -> None:
    """It does where the same weight without it follows, and a rate, a derivative or numbers.

    W' alone may be another matrix, or Wᵀ, and w − μ the weight without its mean.
    """
    assert check("2-4-3-2", claim).claims[0].verdict.value == verdict
