"""What stands beside a claim and limits it: lists of numbers that end with a letter, and units."""

from __future__ import annotations

import pytest

from tests.formulas.authors import UNITS, equations, layered, verdict

DEEP = layered([2, 3, 3, 2], bias="neuron", activation="sigmoid", names={"E_total": "C"})
BACK = r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)"
TURNED = r"\delta^l = W^{l+1} \delta^{l+1} \odot \sigma'(z^l)"
FORWARD = r"a^l = \sigma(W^l a^{l-1} + b^l)"


@pytest.mark.parametrize(
    "limit",
    [
        r",\qquad l = L-1, \ldots, 2",
        r",\quad \text{for } l = L-1, L-2, \ldots, 2",
        r" \qquad (l = L-1, \dots, 1)",
        r", \quad l = 1, \ldots, L-1",
        r"\quad \text{for } l = n_l - 1, n_l - 2, \ldots, 2",
        r",\quad l = L - 1, …, 2",
    ],
)
def test_a_list_that_ends_with_a_letter_says_which_layers(limit: str) -> None:
    """It is read, upward and downward, and what is wrong stays wrong beside it."""
    assert verdict(DEEP, BACK + limit) == "proved"
    assert verdict(DEEP, TURNED + limit) == "refuted"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta^l = \delta^l + (L - l - 1)", "unreadable"),
        (rf"{FORWARD}, \quad l = 2, \ldots, L", "proved"),
        (r"a^l = \sigma(W^l a^{l-1}), \quad l = 2, \ldots, L", "refuted"),
        (r"\delta^L = \delta^l, \quad l = 1, \ldots, L-1", "refuted"),
    ],
)
def test_claims_beside_lists_are_judged_for_those_layers(claim: str, said: str) -> None:
    """What fails in a layer of the list is refuted."""
    assert verdict(DEEP, claim) == said


STEPS = """
weights: w, u
h[0] = 1/2
h[t] = w*h[t-1] + u*x[t], t=1..3
y[t] = h[t], t=1..2
y[t] = 2*h[t], t=3..3
E = sum(y[t]^2, t=1..3)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"h_t = w h_{t-1} + u x_t, \quad t = 1, \ldots, T", "proved"),
        (r"y_t = h_t, \quad t = 1, 2", "proved"),
        (r"T = 3", "silent"),
        (r"y_t = h_t, \quad t = 1, \ldots, T-1", "unreadable"),
        (r"y_t = h_t, \quad t = 1, \ldots, T", "refuted"),
        (r"y_t = 3 h_t, \quad t = 1, \ldots, T-1", "unreadable"),
        (r"t = 1, \ldots, T-1", "silent"),
    ],
)
def test_how_far_a_list_goes_is_known_or_the_claim_is_undecided(claim: str, said: str) -> None:
    """With T − 1 nothing is refuted while nobody knows T; without the list it would be."""
    assert verdict(equations(STEPS), claim) == said


def test_a_number_for_the_letter_ends_the_list() -> None:
    """T = 3 in the same display says how far t goes."""
    network = equations(STEPS)
    assert verdict(network, r"T = 3, \quad y_t = h_t, \quad t = 1, \ldots, T-1") == "proved"
    assert verdict(network, r"T = 3, \quad y_t = 3h_t, \quad t = 1, \ldots, T-1") == "refuted"


OUTPUT = r"\delta_j = (o_j - t_j) \sigma'(net_j)"
HIDDEN = r"\delta_j = \sigma'(net_j) \sum_k w_{jk} \delta_k"


@pytest.mark.parametrize(
    "words",
    [
        r"\quad \text{for KIND units}",
        r", \quad \text{if } j \text{ is a KIND unit}",
        r"\quad \text{if $j$ is a KIND neuron}",
        r", \quad \text{neuron } j \text{ is KIND}",
        r"\quad \text{for any KIND unit } j",
        r"\qquad \text{for each KIND neuron}",
        r"\quad \text{in the KIND layer}",
    ],
)
def test_words_say_which_units_a_claim_is_about(words: str) -> None:
    """Each is proved for its units, refuted with another formula for these, and not for others."""
    network = equations(UNITS)
    output, hidden = words.replace("KIND", "output"), words.replace("KIND", "hidden")
    assert verdict(network, OUTPUT + output) == verdict(network, HIDDEN + hidden) == "proved"
    assert (
        verdict(network, r"\frac{\partial E}{\partial net_j} = (o_j + t_j) \sigma'(net_j)" + output)
        == "refuted"
    )
    assert (
        verdict(
            network,
            r"\frac{\partial E}{\partial net_j} = \sigma(net_j) \sum_k w_{jk} \delta_k" + hidden,
        )
        == "refuted"
    )
    assert verdict(network, r"o_j = \sigma(net_j)" + output) == "proved"


@pytest.mark.parametrize(
    "words", [r"\text{for no output unit}", r"\text{unless } j \text{ is an output unit}"]
)
def test_other_words_about_units_are_not_read(words: str) -> None:
    """Words that turn the limit around leave the claim unread."""
    assert verdict(equations(UNITS), rf"{OUTPUT} \quad {words}") == "unreadable"
