"""Weights that an author left open: one and the same each, and right only if right for every one."""

from __future__ import annotations

from itertools import islice

import pytest

from derive import check
from derive.checking.claims import Judged
from derive.checking.placeholders import Open

NET = "w_{31} out_{c_1} + w_{xx} out_{c_2} + w_{xx} out_{c_3}"
OPEN = "w_{xx} out_{c_1} + w_{xx} out_{c_2} + w_{xx} out_{c_3}"
SLOPE = "out_{c_1} (1 - out_{c_1})"


def judged(claim: str, network: str = "2-4-3-2") -> Judged:
    return check(network, claim).claims[0]


@pytest.mark.parametrize(
    "claim",
    [
        f"net_{{d_1}} = {NET}",
        f"net_{{d_1}} = {OPEN}",
        f"net_{{d_2}} = {OPEN}",
        f"out_{{d_2}} = sig({OPEN})",
        f"E_{{d_1}} = \\frac{{1}}{{2}} (target_{{d_1}} - sig({OPEN}))^2",
        f"{OPEN} = net_{{d_2}}",
        "net_{d_1} = w_{3x} out_{c_1} + w_{xx} out_{c_2} + out_{c_3} w_{3x}",
        rf"\frac{{\partial net_{{d_1}}}}{{\partial out_{{c_1}}}} = \frac{{\partial ({OPEN})}}{{\partial out_{{c_1}}}}",
        f"\\frac{{\\partial ({NET})}}{{\\partial w_{{31}}}} = out_{{c_1}}",
        f"\\frac{{\\partial ({NET})}}{{\\partial out_{{c_1}}}} = w_{{31}}",
    ],
)
def test_in_a_net_input_each_is_the_weight_beside_its_output(claim: str) -> None:
    """The named weights say into which neuron, or what the other side of the equation is."""
    assert judged(claim).verdict.value == "proved"


@pytest.mark.parametrize(
    "claim",
    [
        "w_{3x} - w_{3x} = 0",
        "w_{3x} out_{c_1} + w_{3x} out_{c_1} = 2 w_{3x} out_{c_1}",
        r"\frac{\partial (w_{2x} out_{c_1})}{\partial w_{31}} = 0",
        r"\frac{\partial (w_{3x} out_{c_2})}{\partial w_{21}} = 0",
        r"\frac{\partial w_{3x}}{\partial w_{3x}} = 1",
        r"\frac{\partial (w_{3x}^2)}{\partial w_{3x}} = 2 w_{3x}",
        r"\frac{\partial E_{total}}{\partial w_{3x}} = \frac{\partial E_{d_1}}{\partial w_{3x}} + \frac{\partial E_{d_2}}{\partial w_{3x}}",
    ],
)
def test_what_holds_for_every_weight_is_proved(claim: str) -> None:
    """The same text is the same weight on both sides, whichever it is."""
    assert judged(claim).verdict.value == "proved"


@pytest.mark.parametrize(
    ("claim", "holds", "fails"),
    [
        ("w_{31} = w_{x}", "w_{31}", "w_{11}"),
        ("w_{3x} = w_{32}", "w_{32}", "w_{31}"),
        (r"\frac{\partial net_{d_1}}{\partial out_{c_1}} = w_{xx}", "w_{31}", "w_{11}"),
        (r"\frac{\partial net_{d_2}}{\partial out_{c_1}} = w_{3x}", "w_{34}", "w_{31}"),
        (r"\frac{\partial (w_{3x} out_{c_1})}{\partial w_{31}} = 0", "w_{32}", "w_{31}"),
        (r"\frac{\partial (w_{3x} out_{c_1})}{\partial w_{31}} = out_{c_1}", "w_{31}", "w_{32}"),
        (r"\frac{\partial net_{d_1}}{\partial w_{3x}} = out_{c_1}", "w_{31}", "w_{32}"),
        (
            r"\frac{\partial E_{total}}{\partial w_{3x}} = \delta_{d_1} out_{c_2}",
            "w_{32}",
            "w_{31}",
        ),
        (
            f"\\delta_{{c_1}} = (\\delta_{{d_1}} w_{{3x}} + \\delta_{{d_2}} w_{{34}}) {SLOPE}",
            "w_{31}",
            "w_{32}",
        ),
        (
            "net_{d_1} = w_{31} out_{c_1} + w_{32} out_{c_2} + 2 w_{33} out_{c_3} - w_{3x} out_{c_3}",
            "w_{33}",
            "w_{31}",
        ),
        (
            f"\\frac{{\\partial ({OPEN})}}{{\\partial out_{{c_1}}}} = w_{{34}}",
            "w_{34}, w_{35} and w_{36}",
            "w_{31}, w_{32} and w_{33}",
        ),
        ("w_{3x} = w_{xx}", "w_{3x} = w_{31} and w_{xx} = w_{31}", "w_{3x} = w_{31} and w_{xx} = w_{11}"),
    ],
)  # fmt: skip
def test_what_depends_on_the_weight_is_undecided(claim: str, holds: str, fails: str) -> None:
    """It is said for which weights it holds, and for which it does not."""
    found = judged(claim)
    assert found.verdict.value == "undecided"
    (said,) = [f.message for f in found.findings if f.code == "placeholder-choice"]
    assert said.startswith(f"it holds for {holds}")
    assert f"not for {fails}" in said


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial E_{total}}{\partial w_{3x}} = 5 w_{3x} out_{b_1} + 7",
        "dE/dw_{3x} + w_{3x}*out_b1 = 5",
        f"\\delta_{{c_1}} = (\\delta_{{d_1}} w_{{3x}} + \\delta_{{d_2}} w_{{3x}}) {SLOPE}",
        "w_{3x} = w_{2x}",
        "w_{3x} = 2 w_{3x}",
        "w_{xx} = 1",
        "net_{d_1} = w_{31} out_{c_1} + w_{3x} (out_{c_2} + out_{c_3})",
        "net_{d_1} = w_{31} out_{c_1} + w_{3x} out_{c_2} + w_{3x} out_{c_1}",
        "net_{d_1} = w_{31} out_{c_1} + w_{2x} out_{c_2} + w_{2x} out_{c_3}",
        "net_{d_1} = w_{31} out_{c_1} + w_{xx} out_{c_2} + w_{xx} out_{c_3} + w_{xx}",
        f"net_{{c_1}} = {OPEN}",
        f"net_{{d_2}} = {NET}",
        r"\frac{\partial E_{total}}{\partial w_{3x}} = \frac{\partial E_{total}}{\partial w_{2x}}",
        r"\frac{\partial (w_{3x} out_{c_1})}{\partial w_{3x}} = out_{c_2}",
        r"\frac{\partial w_{3x}}{\partial w_{2x}} = 1",
        f"\\frac{{\\partial ({NET})}}{{\\partial w_{{31}}}} = out_{{c_2}}",
    ],
)
def test_what_holds_for_no_weight_is_refuted(claim: str) -> None:
    """No weight makes it right; there is a point at which it is wrong."""
    found = judged(claim)
    assert found.verdict.value == "refuted"
    assert found.relations[0].witness is not None


def test_the_neuron_to_which_an_open_weight_leads() -> None:
    """In w^3_{1x} the 1 is that neuron, and the layer is written above."""
    from derive import Model
    from derive.networks.network import Network

    model = Model.of(Network.from_table({"layers": [2, 3, 2], "notation": "indexed"}, "idx", {}))
    verdicts = {
        "z^3_1 = w^3_{11} a^2_1 + w^3_{1x} a^2_2 + w^3_{1x} a^2_3": "proved",
        "z^3_1 = w^3_{11} a^2_1 + w^3_{2x} a^2_2 + w^3_{1x} a^2_3": "refuted",
        "z^3_1 = w^3_{2x} a^2_1 + w^3_{2x} a^2_2 + w^3_{2x} a^2_3": "refuted",
        "z^3_2 = w^3_{2x} a^2_1 + w^3_{2x} a^2_2 + w^3_{2x} a^2_3": "proved",
        "z^3_2 = w^3_{xx} a^2_1 + w^3_{xx} a^2_2 + w^3_{xx} a^2_3": "proved",
        "w^3_{1x} = w^3_{21}": "refuted",
        "w^3_{1x} = w^3_{12}": "undecided",
        "w^3_{1x} = w^3_{xx}": "undecided",
    }
    for claim, verdict in verdicts.items():
        assert check(model, claim).claims[0].verdict.value == verdict, claim


def test_numbers_are_judged_for_every_weight() -> None:
    """∂E/∂w_x = 0.0822 holds for w_5 of the published example, and for no other weight."""
    assert judged("dE/dw_x = 0.0822", "mazur").verdict.value == "undecided"
    assert judged("dE/dw_x = 7.5", "mazur").verdict.value == "refuted"
    assert judged("w_x - w_x = 0.0", "mazur").verdict.value == "proved"


def test_where_no_weight_fits_nothing_is_proved() -> None:
    """Of a network without weights in a layer there is no weight that could be meant."""
    from derive import Model
    from derive.networks.network import Network

    table = {"layers": [2, 2, 2], "missing": ["w11", "w12", "w13", "w14"], "skip": [[0, 1]]}
    model = Model.of(Network.from_table(table, "bare", {}))
    found = check(model, "w_{1x} = 5", "w_{1x} = w_{1x}").claims
    assert [claim.verdict.value for claim in found] == ["undecided", "undecided"]


def test_a_planted_fault_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that takes one choice that fits for all of them is found out."""
    monkeypatch.setattr("derive.checking.placeholders.Open.count", lambda opened: 1)
    every = Open.choices
    monkeypatch.setattr(
        "derive.checking.placeholders.Open.choices", lambda opened: islice(every(opened), 1)
    )
    with pytest.raises(AssertionError):
        test_what_depends_on_the_weight_is_undecided("w_{3x} = w_{31}", "w_{31}", "w_{32}")
