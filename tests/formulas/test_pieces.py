r"""Conditions of pieces: ≥ is not >, where what is compared is 0 in a whole region."""

from __future__ import annotations

import pytest

from derive import Model, Network, check
from derive.checking.surroundings import Surroundings
from derive.networks.equations.system import System

MODELS = {
    "layers": Model.of(
        Network.from_table({"layers": [2, 2, 1], "activation": ["relu", "identity"]}, "relu", {})
    ),
    "equations": Model.of(System.from_text("h = relu(w*x + b)\nE = 1/2*(t - h)^2")),
    "no bias": Model.of(System.from_text("p = relu(w*x)\nq = v*p\nr = relu(q)\nE = 1/2*(t - r)^2")),
    "maximum": Model.of(
        System.from_text(
            "a = sig(w*x)\nb = sig(v*x)\nm = a + relu(b - a)\nu = m - b\n"
            "q = relu(u)\nE = 1/2*(t - m)^2 + 0*q"
        )
    ),
    "clip": Model.of(System.from_text("d = w*x - t\nc = clip(d)\nE = c^2")),
}
DELTA = r"\delta_{b_1} = \begin{cases} %s \end{cases}"
SLOPE = r"\frac{\partial E}{\partial w} = \begin{cases} -(t - h) x & %s \\ 0 & \text{otherwise} \end{cases}"
BACK = r"\delta_{c_1} w_{21}"
ROWS = [
    # An output is 0 wherever its neuron is silent: it is ≥ 0 there, and not > 0.
    ("layers", DELTA % (BACK + r" & out_{b_1} \ge 0 \\ 0 & \text{otherwise}"), "refuted"),
    ("layers", DELTA % (BACK + r" & out_{b_1} > 0 \\ 0 & \text{otherwise}"), "proved"),
    ("layers", DELTA % (r"0 & out_{b_1} \le 0 \\" + BACK + r" & \text{otherwise}"), "proved"),
    ("layers", DELTA % (r"0 & out_{b_1} < 0 \\" + BACK + r" & \text{otherwise}"), "refuted"),
    ("layers", DELTA % (BACK + r" & 0 < out_{b_1} \\ 0 & 0 \ge out_{b_1}"), "proved"),
    ("layers", r"w_{21} = \begin{cases} w_{21} & out_{b_1} \ge 0 \\ 5 & \text{else} \end{cases}", "proved"),
    ("layers", r"5 = \begin{cases} w_{21} & out_{b_1} \le 0 \\ 5 & \text{else} \end{cases}", "refuted"),
    ("equations", SLOPE % r"h \ge 0", "refuted"),
    ("equations", SLOPE % "h > 0", "proved"),
    # A net input is 0 on a border only, so it makes no difference.
    ("layers", DELTA % (BACK + r" & net_{b_1} \ge 0 \\ 0 & \text{otherwise}"), "proved"),
    ("layers", DELTA % (BACK + r" & net_{b_1} > 0 \\ 0 & net_{b_1} < 0"), "proved"),
    ("layers", DELTA % (BACK + r" & net_{b_1} \ge 0 \\ 0 & net_{b_1} \le 0"), "proved"),
    ("equations", SLOPE % r"w x + b \ge 0", "proved"),
    ("no bias", r"relu'(q) = \begin{cases} 1 & q \ge 0 \\ 0 & \text{else} \end{cases}", "proved"),
    # A maximum less one of its arguments is 0 in a whole region; a clipped number rests at 1.
    ("maximum", r"m = \begin{cases} a & m \le a \\ b & \text{else} \end{cases}", "proved"),
    ("maximum", r"m = \begin{cases} a & m < a \\ b & \text{else} \end{cases}", "refuted"),
    ("maximum", r"relu'(a - b) = \begin{cases} 1 & u \ge 0 \\ 0 & \text{else} \end{cases}", "refuted"),
    ("clip", r"clip'(d) = \begin{cases} 0 & c > 1 \\ 0 & c < -1 \\ 1 & \text{else} \end{cases}", "refuted"),
    # Nobody says what holds in a whole region, or two rows do.
    ("layers", DELTA % (BACK + r" & out_{b_1} > 0 \\ 0 & out_{b_1} < 0"), "unreadable"),
    ("layers", DELTA % (BACK + r" & out_{b_1} \ge 0 \\ 0 & out_{b_1} \le 0"), "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "formula", "verdict"), ROWS)
def test_a_condition_means_what_it_says_at_0(name: str, formula: str, verdict: str) -> None:
    """A row with ≥ applies where its sides are equal, one with > does not."""
    (judged,) = check(MODELS[name], formula).claims
    assert judged.verdict.value == verdict, judged.findings


def test_what_holds_in_a_region_is_no_exception() -> None:
    """Where an output is 0 the pieces are chosen as written: only the border is left out."""
    formula = r"w_{21} = \begin{cases} w_{21} & out_{b_1} \ge 0 \\ 5 & \text{else} \end{cases}"
    (judged,) = check(MODELS["layers"], formula).claims
    assert [f.message for f in judged.findings if f.code == "kink"] == ["but for net_{b_1} = 0"]


def test_the_rows_notice_when_equality_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader for whom no quantity rests at 0 takes ≥ for >, and proves what is false."""
    monkeypatch.setattr(Surroundings, "may_rest", lambda *_: False)
    (judged,) = check(MODELS["layers"], ROWS[0][1]).claims
    assert judged.verdict.value == "proved"
