"""Regression in matrices, X θ against y, and names with Greek letters below."""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last

NORM = (r"J = \frac{1}{2} \|X \theta - y\|^2",)
NAMED = (r"z = X \beta", r"J = \frac{1}{2} \|z - y\|^2")
GREEK = (
    r"z_\alpha = w_\alpha x",
    r"z_\beta = w_\beta z_\alpha",
    r"L = (z_\beta - t)^2",
)


@pytest.mark.parametrize(
    ("net", "claim", "said"),
    [
        (NORM, r"\nabla_\theta J = X^\top (X \theta - y)", "proved"),
        (NORM, r"\nabla_\theta J = X (X \theta - y)", "refuted"),
        (NORM, r"\nabla_\theta J = X^\top (y - X \theta)", "refuted"),
        (NAMED, r"\frac{\partial J}{\partial \beta} = X^\top (z - y)", "proved"),
        (NAMED, r"\frac{\partial J}{\partial \beta} = X^\top z - y", "refuted"),
        (
            (*NORM, r"J_\lambda = J + \frac{\lambda}{2} \|\theta\|^2"),
            r"\nabla_\theta J_\lambda = X^\top (X \theta - y) + \lambda \theta",
            "proved",
        ),
        (
            (*NORM, r"J_\lambda = J + \frac{\lambda}{2} \|\theta\|^2"),
            r"\nabla_\theta J_\lambda = X^\top (X \theta - y) + 2 \lambda \theta",
            "refuted",
        ),
        (GREEK, r"\frac{\partial L}{\partial w_\beta} = 2 (z_\beta - t) z_\alpha", "proved"),
        (GREEK, r"\frac{\partial L}{\partial w_\alpha} = 2 (z_\beta - t) w_\alpha x", "refuted"),
    ],
)
def test_a_greek_letter_may_be_a_vector_and_a_label(
    net: tuple[str, ...], claim: str, said: str
) -> None:
    """A number stands before a matrix, so that the θ of X θ is a vector; λ below is a label."""
    assert last(*net, claim).verdict.value == said


def test_greek_labels_are_written_as_they_are_read() -> None:
    r"""z_\beta is the usual spelling of its name, and nothing is noted of it."""
    judged = last(*GREEK, r"\frac{\partial L}{\partial w_\beta} = 2 (z_\beta - t) z_\alpha")
    assert not judged.findings


def test_a_number_is_not_transposed() -> None:
    """1/m before a product that does not fit stays as it is where another factor is turned."""
    net = ("z = X w", r"J = \frac{1}{2 m} \|z - y\|^2")
    judged = last(*net, r"\frac{\partial J}{\partial w} = \frac{1}{m} X (z - y)")
    (written,) = {finding.repaired for finding in judged.findings if finding.repaired}
    assert written == r"\frac{1}{m} X^{\top}(z - y)"
