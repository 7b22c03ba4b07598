"""What "proved" says: nothing false is proved, and the conditions of what is true are named."""

from __future__ import annotations

import subprocess
import sys

import pytest

from derive import Model, Network, check
from derive.checking.claims import Judged
from derive.checking.equality import Equality
from derive.networks.equations.system import System

ATTENTION = """
    q[i] = w_q*x[i], i=1..2
    key[i] = w_k*x[i], i=1..2
    score[i,j] = q[i]*key[j]/sqrt({scale}), i=1..2, j=1..2
    a[i,j] = exp(score[i,j])/sum(exp(score[i,m]), m=1..2), i=1..2, j=1..2
    out[i] = sum(a[i,j]*w_v*x[j], j=1..2), i=1..2
    E = sum(1/2*(target[i] - out[i])^2, i=1..2)
"""
MODELS = {
    "2-4-3-2": Model.of("2-4-3-2"),
    "relu": Model.of(Network.read("2-2-2", activation="relu")),
    "softmax": Model.of(
        Network.from_table(
            {
                "layers": [2, 2, 2],
                "activation": ["sigmoid", "softmax"],
                "loss": "categorical-cross-entropy",
            },
            "softmax",
            {},
        )
    ),
    "softplus twice": Model.of(
        Network.from_table(
            {"layers": [2, 2, 1], "activation": "f", "functions": {"f": "softplus(softplus(x))"}},
            "softplus",
            {},
        )
    ),
    "always 0": Model.of(
        System.from_text("inputs: x\nn = w*x - w*x\nout = relu(n)\nE = 1/2*(1 - out)^2")
    ),
    "layer norm of two": Model.of(
        System.from_text(
            "weights: w\n"
            "mean = 1/2*sum(x[i], i=1..2)\n"
            "var = 1/2*sum((x[i] - mean)^2, i=1..2)\n"
            "n[i] = (x[i] - mean)/sqrt(var), i=1..2\n"
            "E = 1/2*(t - w*n[1])^2 + 0*n[2]"
        )
    ),
    "attention, √9": Model.of(System.from_text(ATTENTION.format(scale=9))),
    "attention, √4": Model.of(System.from_text(ATTENTION.format(scale=4))),
    "attention, √2": Model.of(System.from_text(ATTENTION.format(scale=2))),
}
RIGHT_SCALED = "dE/dq_1 = (dE/dscore_1_1*key_1 + dE/dscore_1_2*key_2)/{}"
WRONG_SCALED = "dE/dq_1 = -(dE/dscore_1_1*key_1 + dE/dscore_1_2*key_2)/{}"

ROWS = [
    # Roots are principal roots.
    ("2-4-3-2", r"(out_{d_1}^2)^{0.5} = -out_{d_1}", "refuted"),
    ("2-4-3-2", r"(out_{d_1}^2)^{0.5} = out_{d_1}", "proved"),
    ("2-4-3-2", r"\sqrt{out_{d_1}^2} = -out_{d_1}", "refuted"),
    ("2-4-3-2", r"\sqrt{out_{d_1}^2} = out_{d_1}", "proved"),
    ("2-4-3-2", "(w32^2)^(1/2) = -w32", "refuted"),
    ("2-4-3-2", "(w32^2)^(1/2) = w32", "refuted"),
    ("2-4-3-2", "(net_d1^2)^(1/2) = net_d1", "refuted"),
    ("2-4-3-2", "sqrt(9)*w31 = -3*w31", "refuted"),
    ("2-4-3-2", "sqrt(9)*w31 = 3*w31", "proved"),
    ("2-4-3-2", "sqrt(9) = -3", "refuted"),
    ("2-4-3-2", "sqrt(9) = 3", "proved"),
    ("2-4-3-2", "sqrt(8)*w31 = 2*sqrt(2)*w31", "proved"),
    ("2-4-3-2", "sqrt(8)*w31 = -2*sqrt(2)*w31", "refuted"),
    ("2-4-3-2", "sqrt(out_d1*w31) = sqrt(out_d1)*sqrt(w31)", "proved"),
    ("2-4-3-2", "sqrt(out_d1*w31) = -sqrt(out_d1)*sqrt(w31)", "refuted"),
    ("2-4-3-2", "sqrt((out_d1 - out_d2)^2) = out_d1 - out_d2", "refuted"),
    ("2-4-3-2", "sqrt((1 - out_d1)^2) = 1 - out_d1", "proved"),
    ("layer norm of two", "n_1 = -1", "refuted"),
    ("layer norm of two", "n_1 = 1", "refuted"),
    ("layer norm of two", "n_1^2 = 1", "proved"),
    ("layer norm of two", "n_1 = -n_2", "proved"),
    ("attention, √9", RIGHT_SCALED.format("3"), "proved"),
    ("attention, √9", WRONG_SCALED.format("3"), "refuted"),
    ("attention, √9", WRONG_SCALED.format("sqrt(9)"), "refuted"),
    ("attention, √4", RIGHT_SCALED.format("2"), "proved"),
    ("attention, √4", WRONG_SCALED.format("2"), "refuted"),
    ("attention, √2", RIGHT_SCALED.format("sqrt(2)"), "proved"),
    ("attention, √2", WRONG_SCALED.format("sqrt(2)"), "refuted"),
    # Logarithms are those of positive numbers.
    ("2-4-3-2", r"\ln(w31*w32) = \ln(w31) + \ln(w32)", "proved"),
    ("2-4-3-2", r"\exp(\ln(w31)) = w31", "proved"),
    ("2-4-3-2", r"\ln(e^{w31}) = w31", "proved"),
    ("2-4-3-2", r"\ln(out_{d_1}/(1 - out_{d_1})) = net_{d_1}", "proved"),
    ("2-4-3-2", r"\ln(out_{d_1}/(1 - out_{d_1})) = -net_{d_1}", "refuted"),
    # What has no value anywhere says nothing.
    ("2-4-3-2", "sqrt(-1 - w31^2)^2 = -1 - w31^2", "undecided"),
    ("2-4-3-2", r"\ln(-out_{d_1}) = 1*\ln(-out_{d_1})", "undecided"),
    ("2-4-3-2", "sqrt(-4)*w31 = 2*sqrt(-1)*w31", "undecided"),
    # At a kink that is never left there is no derivative.
    ("always 0", "relu'(n) + relu'(-n) = 1", "undecided"),
    ("always 0", "relu'(n) + relu'(-n) = 0", "undecided"),
    ("always 0", "relu'(n) = 0", "undecided"),
    ("always 0", "relu'(n) = 1", "undecided"),
    ("always 0", "out = 0", "proved"),
    ("always 0", "dE/dw = 0", "proved"),
    # Functions of functions.
    ("softplus twice", "out_b1 = softplus(softplus(net_b1))", "proved"),
    ("softplus twice", r"out_{b_1} = \ln(2 + e^{net_{b_1}})", "proved"),
    ("softplus twice", r"out_{b_1} = \ln(1 + e^{net_{b_1}})", "refuted"),
    ("softplus twice", "∂out_b1/∂net_b1 = sig(softplus(net_b1))*sig(net_b1)", "proved"),
    ("softplus twice", "∂out_b1/∂net_b1 = sig(softplus(net_b1))", "refuted"),
    ("2-4-3-2", r"softplus(softplus(w31)) = \ln(2 + e^{w31})", "proved"),
]


def judged(network: str, formula: str) -> Judged:
    (claim,) = check(MODELS[network], formula).claims
    return claim


@pytest.mark.parametrize(("network", "formula", "verdict"), ROWS)
def test_rows(network: str, formula: str, verdict: str) -> None:
    """Wrong formulas that residues alone would pass, and right ones beside them."""
    claim = judged(network, formula)
    assert claim.verdict.value == verdict
    refuted = verdict == "refuted" and claim.relations[0].right not in ("3", "-3")
    assert not refuted or claim.relations[0].witness is not None


def test_a_root_of_a_square_is_wrong_where_the_weight_is_negative() -> None:
    """The witness says so."""
    witness = judged("2-4-3-2", "(w32^2)^(1/2) = w32").relations[0].witness
    assert witness is not None
    assert witness.point["w32"] < 0


@pytest.mark.parametrize(("network", "formula", "verdict"), [r for r in ROWS if r[2] == "refuted"])
def test_no_advice_is_wrong(network: str, formula: str, verdict: str) -> None:
    """What a diagnosis tells the author to write is proved when it is written."""
    claim = judged(network, formula)
    left = formula.partition("=")[0]
    for finding in claim.findings:
        if finding.repaired:
            equation = (
                finding.repaired if "=" in finding.repaired else f"{left} = {finding.repaired}"
            )
            assert judged(network, equation).verdict.value == "proved", equation


SAID = [
    ("2-4-3-2", "∂E_total/∂w31/(out_d1 - target_d1) = out_d1*(1 - out_d1)*out_c1",
     ["where out_d1 - target_d1 ≠ 0"]),
    ("2-4-3-2", "w31*w32/(w31*w32) = w33/w33", ["where w31 ≠ 0, w32 ≠ 0 and w33 ≠ 0"]),
    ("2-4-3-2", "w31*w31^(-1) = 1", ["where w31 ≠ 0"]),
    ("2-4-3-2", "sqrt(w31)^2 = w31", ["where w31 ≥ 0"]),
    ("2-4-3-2", "1/sqrt(w31) = sqrt(w31)/w31", ["where w31 > 0"]),
    ("2-4-3-2", "ln(w31^3) = 3*ln(w31)", ["where w31^3 > 0 and w31 > 0"]),
    ("2-4-3-2", "e^net_d1 = out_d1/(1 - out_d1)", []),
    ("2-4-3-2", "ln(out_d1*out_d2) = ln(out_d1) + ln(out_d2)", []),
    ("2-4-3-2", "1/(1 + e^(-net_d1)) = out_d1", []),
    ("2-4-3-2", "sqrt(out_d1)^2 = out_d1", []),
    ("2-4-3-2", "w31/2 = 0.5*w31", []),
    ("softmax", "out_c1 = e^net_c1/(e^net_c1 + e^net_c2)", []),
    ("softmax", "∂E_c1/∂out_c1 = -target_c1/out_c1", []),
    ("relu", "relu(net_b1) = out_b1", []),
    ("relu", "relu'(net_b1) + relu'(-net_b1) = 1", ["but for net_b1 = 0"]),
    ("relu", "∂out_b1/∂net_b1 = relu'(net_b1)", ["but for net_b1 = 0"]),
    ("relu", "delta_c1 = (out_c1 - target_c1)*relu'(net_c1)", ["but for net_c1 = 0"]),
    ("relu", "out_b1/net_b1 = relu'(net_b1)", ["where net_b1 ≠ 0", "but for net_b1 = 0"]),
    ("relu", "∂E_total/∂w11 = (delta_c1*w21 + delta_c2*w23)*relu'(net_b1)*out_a1",
     ["but for net_b1 = 0, net_c1 = 0 and net_c2 = 0"]),
]  # fmt: skip


@pytest.mark.parametrize(("network", "formula", "notes"), SAID)
def test_what_the_proof_says(network: str, formula: str, notes: list[str]) -> None:
    """What is divided by and may be 0, what may be negative, and the kinks that are passed."""
    claim = judged(network, formula)
    assert claim.verdict.value == "proved"
    assert [f.message for f in claim.findings if f.code in ("where", "kink")] == notes


def test_many_conditions_are_not_all_named() -> None:
    """Four of them, and three dots."""
    product = "*".join(f"w1{n}" for n in range(1, 7))
    (note,) = judged("2-4-3-2", f"{product}/({product}) = 1").findings
    assert note.message == "where w11 ≠ 0, w12 ≠ 0, w13 ≠ 0, w14 ≠ 0, …"


@pytest.mark.slow
def test_verdicts_are_the_same_in_every_run() -> None:
    """The primes and residues are others; what is said of formulas is not."""
    for network, formula, _ in ROWS[::7]:
        kinds = {judged(network, formula).verdict for _ in range(4)}
        assert len(kinds) == 1


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_without_assertions_the_verdicts_are_the_same(every: int) -> None:
    """`python -O` drops them."""
    code = "from derive import check; print(*(c.verdict.value for f in {} for c in check({}, f).claims))"
    rows = [(f, v) for n, f, v in ROWS if n == "2-4-3-2"][::every]
    said = subprocess.run(
        [sys.executable, "-O", "-c", code.format([f for f, _ in rows], "'2-4-3-2'")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == [v for _, v in rows]


def test_a_bound_of_0_would_be_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no size known, nothing is proved by points: the bound is asked."""
    monkeypatch.setattr(Equality, "_lost", lambda self, left, right: 1e9)
    assert judged("2-4-3-2", "∂E_total/∂out_d1 = out_d1 - target_d1").verdict.value == "undecided"
