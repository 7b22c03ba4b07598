"""What is 0 without looking it: nothing is proved that divides by it, nor refuted by its noise."""

from __future__ import annotations

import pytest

from derive import Model, check
from derive.checking.clear import Clear
from derive.checking.witnesses import Witnesses
from derive.networks.equations.system import System

ZEROS = (
    "softplus(x) - softplus(-x) - x",
    "ln(4) - 2*ln(2)",
    "ln(0.5) + ln(2)",
    "exp(1)*exp(2) - exp(3)",
    "exp(x/3)^3 - exp(x)",
)
"""Numbers of which residues do not see that they are 0."""
MODELS = {
    zero: Model.of(System.from_text(f"n = {zero}\nh = relu(n) + w*z\nE = h^2")) for zero in ZEROS
}
CLAIMS = (
    "relu'(n) + relu'(-n) = 1",
    "n/n = 1",
    "w/n = 2*w/n",
    "w/(n*z) = 2*w/(n*z)",
    "relu'(n) = 0",
)
"""Claims that divide by n, or are about its sign."""
CLEAR = [
    ("relu'(z) = 1 - relu'(-z)", "proved"),
    ("z/z = 1", "proved"),
    ("w/z = 2*w/z", "refuted"),
    ("(n + w)/(n + w) = 1", "proved"),
]


def _verdict(model: Model, formula: str) -> str:
    (judged,) = check(model, formula).claims
    return judged.verdict.value


@pytest.mark.parametrize("zero", ZEROS)
@pytest.mark.parametrize("claim", CLAIMS)
def test_nothing_is_said_of_a_number_that_seems_to_be_0(zero: str, claim: str) -> None:
    """A claim that divides by such a number, or asks for its sign, is undecided."""
    assert _verdict(MODELS[zero], claim) == "undecided"


def test_the_number_is_named() -> None:
    """The reason says what seems to be 0."""
    (judged,) = check(MODELS[ZEROS[0]], "n/n = 1").claims
    assert [f.message for f in judged.findings] == [
        "n seems to be 0 everywhere, or in a whole region"
    ]


@pytest.mark.parametrize(("claim", "verdict"), CLEAR)
def test_what_differs_from_0_is_judged(claim: str, verdict: str) -> None:
    """A divisor of the same network that is not 0 spoils nothing."""
    assert _verdict(MODELS[ZEROS[0]], claim) == verdict


def test_a_very_small_number_is_not_0() -> None:
    """Of two computations with different digits only what is 0 leaves different noise."""
    small = Model.of(System.from_text("n = x*10^-40\nh = relu(n) + w*z\nE = h^2"))
    assert _verdict(small, "n/n = 1") == "proved"
    assert _verdict(small, "w/n = 2*w/n") == "refuted"


def test_a_tiny_number_has_a_sign() -> None:
    """A number that the digits do not reach is not 0: the slope of a ReLU there is not refuted."""
    below = Model.of(System.from_text("h = sig(w*10^3) - 1\nE = relu(h)*x + w"))
    assert _verdict(below, "relu'(-h) = 1") == "undecided"
    above = Model.of(System.from_text("h = exp(-exp(exp(exp(w))))\nE = relu(h)*x"))
    assert _verdict(above, "relu'(h) = 1") == "undecided"


def test_a_maximum_rests_where_it_is_one_of_its_arguments() -> None:
    """The larger of a and b, m, is b in a whole region; there m − b is 0, and its noise has no sign."""
    model = Model.of(
        System.from_text("a = sig(w*x)\nb = sig(v*x)\nm = a + relu(b - a)\nE = 1/2*(t - m)^2")
    )
    pieces = r"\begin{cases} 1 & m - b > 0 \\ 0 & \text{otherwise} \end{cases}"
    assert _verdict(model, f"relu'(a - b) = {pieces}") != "refuted"
    assert _verdict(model, f"relu'(b - a) = {pieces}") == "refuted"
    not_less = r"\begin{cases} 1 & m - b \ge 0 \\ 0 & \text{otherwise} \end{cases}"
    assert _verdict(model, f"1 = {not_less}") != "refuted"
    assert _verdict(model, f"relu'(a - b) = {not_less}") != "proved"


@pytest.mark.parametrize("claim", CLAIMS[:2])
def test_who_does_not_ask_the_real_numbers_proves_it(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the question what is wrong is proved: the tests above can fail."""
    monkeypatch.setattr(Clear, "doubtful", lambda *_, **__: None)
    model = Model.of(System.from_text(f"n = {ZEROS[0]}\nh = relu(n) + w*z\nE = h^2"))
    assert _verdict(model, claim) == "proved"


def test_who_takes_noise_for_a_witness_refutes() -> None:
    """Without a look at the noise a difference of 10^-60 decides."""
    model = Model.of(System.from_text(f"n = {ZEROS[0]}\nh = relu(n) + w*z\nE = h^2"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clear, "at", lambda *_: True)
        patch.setattr(Witnesses, "_persists", lambda *_: True)
        assert _verdict(model, "w/n = 2*w/n") == "refuted"
