"""Dots in sums over names that a user chose: what they stand for, and when they say nothing."""

from __future__ import annotations

import tomllib

import pytest

from derive import Model, check
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.notes.compose import compose
from derive.render.readback import prove_document
from derive.render.render import render

LINE = "y = sum(w[i]*x[i], i=1..9)\nE = 1/2*(t - y)^2"
PLANE = """
family = "convolution"
input = [7, 6]
kernel = 2
activation = "sigmoid"
"""
STRIDE = PLANE.replace("[7, 6]", "[14, 12]") + "stride = 2"
LONG = 'family = "recurrent"\nsteps = 8\ninputs = 1\nhidden = 1\noutputs = 1\n'


def verdicts(model: Model, *formulas: str) -> list[str]:
    return [check(model, formula).claims[0].verdict.value for formula in formulas]


def test_numbers_count_on_from_term_to_term() -> None:
    """By the step of the two terms before the dots, or by one where only one stands there."""
    model = Model.of(System.from_text(LINE))
    assert (
        verdicts(
            model,
            "y = w_1*x_1 + w_2*x_2 + ... + w_9*x_9",
            "y = w_1*x_1 + ... + w_9*x_9",
            "y = w_9*x_9 + w_8*x_8 + ... + w_1*x_1",
            "y = w_1*x_1 + w_3*x_3 + ... + w_9*x_9 + w_2*x_2 + w_4*x_4 + ... + w_8*x_8",
        )
        == ["proved"] * 4
    )


def test_a_wrong_count_is_refuted() -> None:
    """The dots stand for what they say: every other term, or one too few."""
    model = Model.of(System.from_text(LINE))
    assert (
        verdicts(
            model,
            "y = w_1*x_1 + w_3*x_3 + ... + w_9*x_9",
            "y = w_1*x_1 + w_2*x_2 + ... + w_8*x_8",
            "y = w_1*x_2 + w_2*x_3 + ... + w_8*x_9",
        )
        == ["refuted"] * 3
    )


def test_the_weights_of_a_layer_count_on_from_row_to_row() -> None:
    """By their places as by their numbers; where these differ, a second term has to say how."""
    assert verdicts(
        Model.of("3-2-1"),
        "w1_1 + w1_2 + ... + w1_6 = w1_6 + w1_5 + ... + w1_1",
        "w1_1 + w1_4 = w1_1 + w1_2 + ... + w1_4 - w1_2 - w1_3",
        "w1_1 + w1_2 + ... + w1_5 = w1_6 + w1_5 + ... + w1_1",
        "w1_1 + ... + w1_4 = w1_1 + w1_4",
    ) == ["proved", "proved", "refuted", "unreadable"]


@pytest.mark.parametrize(
    "formula",
    [
        "y = w_1*x_1 + w_3*x_3 + ... + w_8*x_8",
        "y = w_1*x_1 + w_2*x_3 + ... + w_9*x_9",
        "y = w_1*x_1 + w_2*x_2 + ... + x_9*x_9",
        "y = w_1*x_1 + ... + w_9*x_9*t",
    ],
)
def test_dots_without_a_pattern_are_not_read(formula: str) -> None:
    """The steps do not lead there, or the terms are of different kinds."""
    assert verdicts(Model.of(System.from_text(LINE)), formula) == ["unreadable"]


def test_the_uses_of_a_weight_in_many_steps() -> None:
    """The gradient of a recurrence with dots; and with one use too few."""
    model = Model.of(system(tomllib.loads(LONG), "test", {}))
    start = "dE/dw = dE/dnet_1*x_1 + dE/dnet_2*x_2 + ..."
    assert verdicts(model, f"{start} + dE/dnet_8*x_8", f"{start} + dE/dnet_7*x_7") == [
        "proved",
        "refuted",
    ]


@pytest.mark.parametrize("text", [PLANE, STRIDE.replace("[14, 12]", "[12, 14]")])
@pytest.mark.slow
def test_a_document_with_dots_is_read_back(text: str) -> None:
    """Sums over the rows and columns of a convolution, and with a stride."""
    network = system(tomllib.loads(text), "test", {})
    written = render(compose(network), "markdown", None)
    assert r"\cdots" in written or r"\dots" in written
    assert prove_document(network, written, "markdown") > 10
