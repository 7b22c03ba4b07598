"""Corrections of documents that state their network: as the author writes, and of what is wrong."""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from tests.formulas.stating.test_judging import HIDDEN, NET, last

ABOVE = (
    r"z_k^{(3)} = \sum_j w_{kj}^{(3)} a_j^{(2)}",
    r"a_k^{(3)} = \sigma(z_k^{(3)})",
    r"C = \frac{1}{2}\sum_k (a_k^{(3)} - y_k)^2",
)
COURSE = (
    r"z^{[1]} = W^{[1]} x, \quad a^{[1]} = \tanh(z^{[1]}), \quad z^{[2]} = W^{[2]} a^{[1]}",
    r"\hat y = a^{[2]} = \sigma(z^{[2]}), \quad J = -(y \log \hat y + (1-y) \log(1-\hat y))",
    r"dz^{[2]} = a^{[2]} - y",
    r"dW^{[2]} = dz^{[2]} a^{[1]T}",
)

MASKED = (
    r"h = \tanh(W x), \quad \tilde h = m \odot h, \quad y = V \tilde h",
    r"E = \frac12 \|y - t\|^2",
)


@pytest.mark.parametrize(
    ("definitions", "claim", "written"),
    [
        (NET, r"\frac{\partial E}{\partial z_j} = (y_j - t_j) y_j (1 + y_j)", "(1 - y_j)"),
        (
            (r"\hat y = w x", r"L = \frac12 (\hat y - y)^2"),
            r"\frac{\partial L}{\partial \hat y} = y - \hat y",
            r"\hat{y} - y",
        ),
        (
            ABOVE,
            r"\frac{\partial C}{\partial w_{kj}^{(3)}} = \delta_k^{(3)} a_k^{(2)}",
            r"\delta_k^{(3)} a_j^{(2)}",
        ),
        (
            COURSE,
            r"dz^{[1]} = W^{[2]} dz^{[2]} \odot (1 - (a^{[1]})^2)",
            r"(W^{[2]})^{\top}dz^{[2]}",
        ),
        (("h1 = w1*x1", "E = (h1 - t)^2"), "dE/dw1 = 2*(h1 + t)*x1", "2*(h1 - t)*x1"),
        (
            MASKED,
            r"\frac{\partial E}{\partial V} = (y - t) h^\top",
            r"(y - t)\tilde{h}^{\top}",
        ),
        (
            MASKED,
            r"\frac{\partial E}{\partial h} = \frac{\partial E}{\partial \tilde h}",
            r"\frac{\partial E}{\partial \tilde h} \odot m",
        ),
    ],
    ids=["beside", "accent", "above", "course", "plain", "accent of a vector", "mask"],
)
def test_a_correction_is_in_the_authors_spelling(
    definitions: tuple[str, ...], claim: str, written: str
) -> None:
    """Accents, layers above, signs of multiplication or none, and adjoints are as they write them."""
    found = last(*definitions, claim)
    assert found.verdict is Verdict.REFUTED
    assert written in (found.findings[0].written or "")


@pytest.mark.parametrize(
    ("definitions", "claim"),
    [
        (
            ("h = w x", "g = m h", "E = (g - t)^2"),
            r"\frac{\partial E}{\partial h} = \frac{\partial E}{\partial g}",
        ),
        (("h = w x", "g = m h", "E = (g - t)^2"), r"\frac{\partial g}{\partial h} = 1"),
        (
            MASKED,
            r"\frac{\partial E}{\partial h} = \frac{\partial E}{\partial \tilde h}",
        ),
    ],
    ids=["numbers", "1", "vectors"],
)
def test_a_correction_says_more_than_that_something_is_itself(
    definitions: tuple[str, ...], claim: str
) -> None:
    """∂E/∂h = ∂E/∂h and ∂g/∂g = 1 are right of anything, and correct nothing."""
    found = last(*definitions, claim)
    assert found.verdict is Verdict.REFUTED
    left, right = (side.strip() for side in claim.split("="))
    empty = {left, f"{left} = {left}", f"{right} = {right}"}
    written = [finding.written for finding in found.findings]
    assert not empty & set(written)
    assert not any(one and one.endswith(r"{\partial g} = 1") for one in written)


def test_a_correction_keeps_what_a_sign_reaches() -> None:
    """It is written as the author writes it, and right as it stands."""
    left = r"\frac{\partial L}{\partial W} = "
    found = last(*HIDDEN, left + r"\left((1 - h^2) \odot V^T (t - y)\right) x^T")
    written = found.findings[0].written or ""
    assert last(*HIDDEN, left + written).verdict is Verdict.PROVED
