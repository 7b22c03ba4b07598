"""What is said of gradients is said only where a gradient is spoken of."""

from __future__ import annotations

import pytest

from derive import check
from derive.checking.diagnosis.case import Case

PLAIN = [
    "2 out_{c_1} = out_{c_1}",
    r"out_{c_1} = \frac{1}{2} out_{c_1}",
    r"E_{d_1} = -\frac{1}{2} (target_{d_1} - out_{d_1})^2",
    r"E_{d_1} = \frac{1}{2} (out_{d_1} - target_{d_1})",
    r"net_{d_1} = \frac{1}{2} (w_{31} out_{c_1} + w_{32} out_{c_2} + w_{33} out_{c_3})",
]
SLOPES = [
    (r"\delta_{d_1} = (target_{d_1} - out_{d_1}) out_{d_1} (1 - out_{d_1})", "the derivative of"),
    (r"\frac{\partial E}{\partial w_{31}} = \frac{1}{2} \delta_{d_1} out_{c_1}", "the mean over"),
]


def said(claim: str) -> str:
    found = check("2-4-3-2", claim).claims[0]
    assert found.verdict.value == "refuted"
    return " ".join(finding.message for finding in found.findings)


@pytest.mark.parametrize("claim", PLAIN)
def test_no_gradient_no_word_of_one(claim: str) -> None:
    """An output that is twice what it should be is no gradient of a mean."""
    assert not any(word in said(claim) for word in ("gradient", "derivative", "mean"))


@pytest.mark.parametrize(("claim", "word"), SLOPES)
def test_of_a_gradient_it_is_said(claim: str, word: str) -> None:
    """The same slips in a gradient are named."""
    assert word in said(claim)


def test_words_of_gradients_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every claim counts as one about a slope, the words stand beside an error, too."""
    monkeypatch.setattr(Case, "about_slopes", True)
    assert "the derivative of" in said(PLAIN[2])


@pytest.mark.parametrize(
    ("time", "right"),
    [("t", "t+1"), ("1", "2")],
)
def test_a_derivative_too_many_has_no_wrong_name(time: str, right: str) -> None:
    """∂E/∂out is to be gone from the sum; ∂target/∂out, which is 0, is not what is meant by it."""
    claim = (
        rf"\frac{{\partial E}}{{\partial h_{{{time}}}}} = u \frac{{\partial E}}{{\partial net_{{{right}}}}}"
        r" + \frac{\partial E}{\partial out} v"
    )
    (found,) = check("rnn", claim).claims
    assert found.verdict.value == "refuted"
    assert not any(finding.code.startswith("wrong-") for finding in found.findings)
