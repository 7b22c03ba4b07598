"""Arithmetic of rounded numbers: equal, within its digits, too vague to say, or wrong."""

from __future__ import annotations

import pytest

from derive import Model
from derive.checking.numbers import Numbers
from derive.networks.equations.system import System
from tests.formulas.judging import judged

SQUARE = Model.of(System.from_text("h = w*x\nE = h^2\nnumbers: x = 0.1, w = 3\n"))


@pytest.mark.parametrize("claim", ["E = 0.3*0.3", "E = 0.3^2", "h = 0.35 - 0.05", "E = 0.18/2"])
def test_equal_values_are_proved_however_few_their_digits(claim: str) -> None:
    """E is 0.09, exactly."""
    assert judged(SQUARE, claim).verdict.value == "proved"


VAGUE = [
    "net_h1 - net_h2 = 0.4 - 0.4",
    "delta_o1 = 0.7*0.8*0.2",
    "out_h1*out_h2 = 0.6*0.6",
]


@pytest.mark.parametrize("claim", VAGUE)
def test_what_rounds_to_the_digits_may_be_right(claim: str) -> None:
    """Each factor is rightly rounded, but another number may round to it, too."""
    found = judged("mazur", claim)
    assert found.verdict.value == "undecided"
    assert [finding.code for finding in found.findings] == ["vague-digits"]


def test_vague_digits_would_be_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is asked of what rounds to the digits, right factors are called wrong."""
    monkeypatch.setattr(Numbers, "may_agree", lambda *_: False)
    assert {judged("mazur", claim).verdict.value for claim in VAGUE} == {"refuted"}


@pytest.mark.parametrize(
    "claim", ["delta_o1 = 0.9*0.9*0.9", "out_h1*out_h2 = 0.7*0.7", "net_h1 = 0.15*0.05 + 0.2*0.5"]
)
def test_what_no_rounding_allows_is_refuted(claim: str) -> None:
    """No numbers that round to the factors make the product right."""
    assert judged("mazur", claim).verdict.value == "refuted"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("E_total = 3*10^{-1}", "proved"),
        (r"E_total = 2.98 \cdot 10^{-1}", "proved"),
        ("E_total = 29.84*10^-2", "proved"),
        ("E_total = 4*10^{-1}", "refuted"),
        ("E_total = 2.99*10^{-1}", "refuted"),
        ("E_total = 3*10", "refuted"),
    ],
)
def test_a_power_of_ten_moves_the_point(claim: str, verdict: str) -> None:
    """3·10⁻¹ is the number 3e-1, with the digits of the 3."""
    assert judged("mazur", claim).verdict.value == verdict


def test_a_given_number_is_not_computed() -> None:
    """A wrong digit of a given weight comes from no rounding and no update."""
    found = judged(SQUARE, "w = 2.9999999999")
    assert found.verdict.value == "refuted"
    assert [finding.code for finding in found.findings] == ["wrong-number"]
