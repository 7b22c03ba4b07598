"""Where learning is slow is pointed out in the document's own numbers, and every number is proved."""

from __future__ import annotations

import pytest

from derive.exact.ranges import always
from derive.functions import ACTIVATIONS
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read
from derive.notes.blocks import Notes, Words
from tests import shelf


def said(network: Network | System) -> dict[str, Words]:
    """The paragraphs of a document by their keys."""
    notes: Notes = shelf.composed(network)
    blocks = [block for section in notes.sections for block in section.blocks]
    return {block.key: block for block in blocks if isinstance(block, Words)}


def text(network: Network | System) -> str:
    """The text of a document, every equation of it proved."""
    report = shelf.judged(network, "markdown")
    assert {claim.verdict.value for claim in report.claims} == {"proved"}
    return " ".join(shelf.written(network, "markdown").split())


@pytest.mark.slow
def test_three_sigmoids_in_a_row_let_through_a_sixty_fourth_at_most() -> None:
    """The bound of the function's row, and what the document's own slopes come to."""
    (facts,) = said(read("2-4-3-2"))["slopes"].facts["bounds"]
    bound, together = facts["bound"], facts["together"]
    assert (str(bound.value), str(together.value), facts["count"]) == ("1/4", "1/64", 3)
    assert len(facts["slopes"]) == 3
    assert 0 < facts["worth"].value < together.value
    assert "$0.213934$, $0.248836$ and $0.248958$, together about $0.0133$" in text(read("2-4-3-2"))
    assert "never above $\\frac{1}{4}$" in text(read("2-4-3-2"))


@pytest.mark.slow
def test_without_numbers_the_bound_of_a_slope_is_said_all_the_same() -> None:
    """Of 16-32-16-8 no numbers are printed; that three sigmoids let little through holds as well."""
    (facts,) = said(Network((16, 32, 16, 8)))["slopes"].facts["bounds"]
    assert not facts["slopes"]
    found = text(Network((16, 32, 16, 8)))
    assert "three in a row let through at most $\\frac{1}{64}$, weights apart. A weight" in found


@pytest.mark.slow
def test_the_slope_at_the_end_is_spoken_of_where_it_stays_in_delta() -> None:
    """The cross-entropy cancels the slope of a sigmoid, the squared error does not; a line has none."""
    words = "the cross-entropy for a sigmoid"
    assert words in text(Network((2, 3, 2)))
    assert words not in text(Network((2, 3, 2), loss="binary-cross-entropy"))
    assert words not in text(Network((2, 3, 2), ("sigmoid", "identity")))


@pytest.mark.slow
def test_what_is_kept_are_net_inputs_too_where_slopes_need_them() -> None:
    """The slope of the sigmoid needs its output alone, that of ReLU is written with its net input."""
    assert "only the 5 outputs have to be kept" in text(Network((2, 3, 2)))
    relu = text(Network((2, 3, 2), ("relu", "sigmoid")))
    assert "only the 10 outputs and net inputs have to be kept" in relu


@pytest.mark.slow
def test_functions_with_steep_slopes_have_no_such_bound() -> None:
    """The slope of tanh reaches 1, that of ReLU is 1: nothing is said of a chain of them."""
    for name in ("tanh", "relu"):
        assert not said(Network((2, 2, 2, 1), (name,) * 3))["slopes"].facts["bounds"]
    bounds = always("sig", 1)
    assert bounds is not None
    assert float(bounds.high) == 0.25
    assert ACTIVATIONS["sigmoid"].slopes_within == "(0, 1/4]"


RESTING = System.from_text(
    "a = relu(w*x + b)\ny = v*a + u*z\nE = 1/2*(t - y)^2\n"
    "numbers: w = -1, x = 1, b = 0, v = 2, u = 1, z = 0, t = 1"
)
ZEROS = {
    # A resting neuron, an input that is 0, and an output that is.
    "layers": (
        Network.from_table(
            {
                "layers": [2, 2, 1],
                "activation": ["relu", "sigmoid"],
                "numbers": {
                    "inputs": [0, 1],
                    "targets": [1],
                    "weights": [[0.5, -0.4, 0.9, 1.0], [0.1, 0.2]],
                },
            },
            "zeros",
            {},
        ),
        ["w11 w12", "w13", "w21"],
        1,
    ),
    "equations": (RESTING, ["v", "u"], 0),
    "none": (read("rnn"), [], 0),
}


@pytest.mark.parametrize("name", ZEROS)
def test_every_derivative_that_is_0_has_its_reason(name: str) -> None:
    """A factor of each is 0; of a resting neuron it is said that it rests."""
    network, wanted, resting = ZEROS[name]
    found = said(network)
    rows = found["step_zeros"].facts["rows"] if "step_zeros" in found else []
    named = [" ".join(weight.name for weight in weights) for weights, _ in rows]
    assert sorted(named) == sorted(wanted) or name == "equations"
    if name == "equations":
        assert {"v", "u"} <= {weight.name for weights, _ in rows for weight in weights}
        assert "slow_slopes" in found
    else:
        assert len(found["step_zeros"].facts["dead"] if rows else []) == resting


@pytest.mark.slow
def test_a_small_input_is_named() -> None:
    """The published example has an input of 0.05."""
    assert "the smallest here is $i_1 = 0.05$" in text(read("mazur"))
    assert said(read("2-4-3-2"))["slopes"].facts["small"] is None


def test_the_steps_back_through_time_make_a_product() -> None:
    """∂h_3/∂h_1 is the product of the steps, each with its number; derivatives fade or grow."""
    assert "slow_time" in said(read("rnn"))
    found = text(read("rnn"))
    assert r"\frac{\partial h_3}{\partial h_2} \cdot \frac{\partial h_2}{\partial h_1}" in found
    assert "They fade on the way back" in found
    steep = System.from_text(
        "h[t] = u*h[t-1] + x[t], t=1..3\nE = 1/2*(y - h[3])^2\n"
        "numbers: u = 2, h[0] = 0, x = [1, 1, 1], y = 0"
    )
    assert "They grow on the way back" in text(steep)


def test_a_gate_hands_back_a_state_without_a_slope() -> None:
    """∂c/∂c_0 = f in an LSTM cell; in a GRU cell the state acts in other ways too."""
    assert r"\frac{\partial c}{\partial c_0} = f \approx 0.704746" in text(read("lstm"))
    gru = said(read("gru"))
    assert not gru["slow_gates"].runs_on


def test_where_nothing_is_slow_nothing_is_said() -> None:
    """Slopes that are all 1 are no reason to speak of slopes."""
    line = System.from_text("y = w*x\nE = (t - y)^2\nnumbers: w = 1, x = 2, t = 1")
    assert not {key for key in said(line) if key.startswith("slow")}
