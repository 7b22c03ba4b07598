"""η and λ of the network's file, or of the text, as the numbers that they are."""

from __future__ import annotations

import pytest

from derive import Model, check_document
from derive.checking import put_in
from derive.networks.network import Network
from tests.formulas.judging import judged

SQUARES = "0.05*(w11^2 + w12^2 + w13^2 + w14^2 + w21^2 + w22^2)"
NUMBERS = {
    "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
    "targets": [[0], [1], [1], [0]],
    "weights": [[0.5, 0.4, 0.9, 1.0], [-1.2, 1.1]],
}


def network(rate: float = 0.5, decay: float = 0.1, **more: object) -> Model:
    table = {"layers": [2, 2, 1], "l2": decay, "training": {"learning_rate": rate}, **more}
    return Model.of(Network.from_table(table, "decay", {}))


BARE = network()
BATCH = network(0.1, numbers=NUMBERS)


BOTH = "lambda = 0.1"
RIGHT = [
    (BARE, f"E_total = E_c1 + {SQUARES}", BOTH),
    (BARE, "dE/dw21 = delta_c1*out_b1 + 0.1*w21", BOTH),
    (BARE, "w21^+ = 0.95*w21 - 0.5*delta_c1*out_b1", f"η = 0.5 and {BOTH}"),
    (BARE, "w21^+ = w21 - 0.5*delta_c1*out_b1 - 0.5*lambda*w21", "η = 0.5"),
    (BARE, "w21^+ = (1 - 0.1*eta)*w21 - eta*delta_c1*out_b1", BOTH),
    (BATCH, "w11^+ = 0.99*w11 - 0.1*delta_b1*out_a1", f"η = 0.1 and {BOTH}"),
    (BATCH, f"E_total = 0.5*(target_c1 - out_c1)^2 + {SQUARES}", BOTH),
    (BATCH, "w21^+ = -1.2*0.99 - 0.1*delta_c1*out_b1", f"w21 = -1.2, η = 0.1 and {BOTH}"),
]


@pytest.mark.parametrize(("model", "claim", "names"), RIGHT)
def test_numbers_made_of_rate_and_decay(model: Model, claim: str, names: str) -> None:
    """½λ and 1 − ηλ are compared exactly; the report says with which numbers it holds."""
    found = judged(model, claim)
    assert found.verdict.value == "proved"
    (note,) = [f.message for f in found.findings if f.code == "numbers-put-in"]
    assert f"it holds with {names}, as" in note


@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (BARE, f"E_total = E_c1 + 2*{SQUARES}"),
        (BARE, "w21^+ = 0.96*w21 - 0.5*delta_c1*out_b1"),
        (BARE, "w21^+ = 0.95*w21 - 0.4*delta_c1*out_b1"),
        (BARE, "w21^+ = 0.95*w21 - eta*delta_c1*out_b1"),
        (BARE, "w21^+ = 0.95*w21 - 0.5*delta_c1*out_b1 + 0*lambda + 0.1"),
        (BATCH, "w11^+ = 0.98*w11 - 0.1*delta_b1*out_a1"),
        (BATCH, "w11^+ = 0.99*w11 + 0.1*delta_b1*out_a1"),
    ],
)
def test_other_numbers_are_refuted(model: Model, claim: str) -> None:
    """A number that is none of these, or stands beside the letter it is made of, is wrong."""
    assert judged(model, claim).verdict.value == "refuted"


def test_numbers_made_of_them_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither is fixed, none is proved; without numbers, right steps are called wrong."""
    monkeypatch.setattr(put_in, "unnamed", lambda *_: iter(({},)))
    found = {(model, judged(model, claim).verdict.value) for model, claim, _ in RIGHT}
    assert found == {(BARE, "refuted"), (BATCH, "undecided")}


@pytest.mark.parametrize(
    ("model", "claim", "verdict"),
    [
        (BARE, r"\lambda = 0.1", "proved"),
        (BARE, r"\lambda = 0.2", "refuted"),
        (BARE, r"\lambda = 1", "refuted"),
        (network(decay=1), r"\lambda = 1", "proved"),
        (network(decay=1), r"\lambda = 2", "refuted"),
        (BATCH, r"\lambda = 0.2", "refuted"),
        (network(0.25), r"\eta = 0.25", "proved"),
        (network(0.25), r"\eta = 0.5", "refuted"),
        (BARE, r"dE/dw21 = delta_c1*out_b1 + \lambda w21, \lambda = 0.1", "proved"),
        (BARE, r"dE/dw21 = delta_c1*out_b1 + \lambda w21, \lambda = 0.2", "refuted"),
    ],
)
def test_what_the_file_sets_is_no_news(model: Model, claim: str, verdict: str) -> None:
    """λ, and a rate that is not the usual one, have the value of the file."""
    assert judged(model, claim).verdict.value == verdict


def test_the_rate_of_a_text() -> None:
    """Where the file says none, the rate that the text gives is the one that is put in."""
    text = (
        r"With $\eta = 0.1$: $w_{31}^+ = w_{31} - 0.1 \delta_{d_1} out_{c_1}$,"
        r" not $w_{31}^+ = w_{31} - 0.5 \delta_{d_1} out_{c_1}$."
    )
    right, wrong = check_document("2-4-3-2", text, "md").claims
    assert right.verdict.value == "proved"
    assert wrong.verdict.value == "refuted"


@pytest.mark.parametrize("text", ["$w_{31} = 2$ $w_{31} = 3$", r"$\eta = 0.1$ $\alpha = 0.2$"])
def test_a_number_that_changes_is_told(text: str) -> None:
    """A text that gives a weight two numbers is asked which."""
    (found,) = check_document("2-4-3-2", text, "md").claims
    assert found.verdict.value == "undecided"
    assert "had another value before" in found.findings[0].message


def test_a_number_may_be_repeated() -> None:
    """The same number once more is no claim."""
    assert not check_document("2-4-3-2", "$w_{31} = 2$ $w_{31} = 2.0$", "md").claims


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("w21^+ = -1.2 - 0.1*delta_c1*out_b1 + 0.012", "undecided"),
        ("w21^+ = -1.2 - 0.1*delta_c1*out_b1 + 0.013", "refuted"),
        ("w21^+ = -1.2 - 0.1*delta_c1*out_b1 + 0.12", "refuted"),
        ("out_b1 = 0.50*out_b1 + 0.5*out_b2", "refuted"),
    ],
)
def test_digits_of_a_batch(claim: str, verdict: str) -> None:
    """What has the right digits in each example of a batch is not called wrong."""
    assert judged(BATCH, claim).verdict.value == verdict
