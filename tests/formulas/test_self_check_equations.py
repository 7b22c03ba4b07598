"""The checker checked on every network that is stated as equations.

Right formulas in several forms are proved, wrong ones with one planted mistake never are, and most
mistakes are named. Floating point says which is which, never the judge. `pytest -s` prints the
figures.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.checking.claims import Verdict
from derive.checking.diagnosis import Diagnosis
from derive.checking.equality import Answer, Comparison, Equality
from derive.checking.judge import Judge
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.networks.shipped import SHIPPED
from tests.formulas.graphs import Gradient, GraphOracle

NETWORKS = sorted(path.stem for path in SHIPPED.glob("*.eq"))
NAMED = 0.95
"""Of the planted mistakes, those whose code is among the findings."""
ALSO = {
    "missing-factor": {"wrong-activation", "relu", "sigmoid-derivative", "bias"},
    "missing-path": {"softmax-diagonal", "false-zero"},
    "wrong-index": {"wrong-activation", "other-weight", "missing-path"},
}
"""Other codes that say the same of a mistake."""


@cache
def model_of(network: str) -> tuple[Model, Chain, GraphOracle]:
    model = Model.of(network)
    return model, Chain(model), GraphOracle(model)


def weights(network: str) -> list[str]:
    """The first and the last weight of each family."""
    families: dict[str, list[str]] = {}
    model = Model.of(network)
    for name in model.parameters:
        families.setdefault(model.quantities[name].family, []).append(name)
    return list(dict.fromkeys(n for names in families.values() for n in (names[0], names[-1])))


def figures(network: str, parameters: list[str]) -> tuple[Counter[str], Counter[str], list[str]]:
    """Counts of verdicts and of named mistakes, and what is amiss."""
    model, chain, oracle = model_of(network)
    judge, emitters = Judge(model), (Latex(model), Text(model))
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    amiss: list[str] = []
    number = 0

    def judged(sides: Any) -> tuple[str, Verdict, set[str]]:
        nonlocal number
        number += 1
        emitter = emitters[number % 2]
        text = " = ".join(emitter.inline(side) for side in sides)
        found = judge.judge(text)
        assert found is not None, text
        return text, found.verdict, {f.code for f in found.findings}

    for name in parameters:
        gradient = Gradient(model, chain, name)
        for sides in gradient.right():
            assert all(oracle.holds(a, b) is not False for a, b in pairwise(sides)), sides
            text, verdict, _ = judged(sides)
            counts["right"] += 1
            counts["right and proved"] += verdict is Verdict.PROVED
            if verdict is not Verdict.PROVED:
                amiss.append(f"{verdict.value}, but right: {text}")
        planted = [*gradient.wrong(), *gradient.softmax()]
        planted += gradient.cross_entropy() if name == parameters[0] else []
        seen = set()
        for code, sides in planted:
            if sides in seen or oracle.holds(*sides) is not False:
                continue
            seen.add(sides)
            text, verdict, codes = judged(sides)
            counts["wrong"] += 1
            counts["wrong and refuted"] += verdict is Verdict.REFUTED
            if verdict is not Verdict.REFUTED:
                amiss.append(f"{verdict.value}, but wrong: {text}")
            named[f"{code} planted"] += 1
            if codes & {code, *ALSO.get(code, ())}:
                named[f"{code} named"] += 1
            else:
                amiss.append(f"{code} is not among {sorted(codes)}: {text}")
    return counts, named, amiss


def _cases() -> list[Any]:
    """The first weight of each family by default; the last ones too in a long run."""
    cases = []
    for network in NETWORKS:
        everything = weights(network)
        some = everything[-1:] if network == "embedding" else everything[::2]
        cases.append(pytest.param(network, some, id=network))
        marks = pytest.mark.slow
        cases.append(pytest.param(network, everything, marks=marks, id=f"{network}, all"))
    return cases


@pytest.mark.parametrize(("network", "parameters"), _cases())
@pytest.mark.slow
def test_no_verdict_is_wrong_and_mistakes_are_named(network: str, parameters: list[str]) -> None:
    """Every right form is proved, no wrong one is, and 95 % of the mistakes are named."""
    counts, named, amiss = figures(network, parameters)
    planted = sum(n for key, n in named.items() if key.endswith("planted"))
    said = sum(n for key, n in named.items() if key.endswith("named"))
    print(f"\n{network}: {dict(counts)}; named {said} of {planted}: {dict(named)}")
    shown = "\n".join(amiss[:8])
    assert counts["right"] == counts["right and proved"], shown
    assert counts["wrong"] == counts["wrong and refuted"], shown
    assert counts["right"] >= 8
    assert counts["wrong"] >= 15
    assert said >= NAMED * planted, shown


def test_a_judge_that_says_yes_to_everything_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equality that is always EQUAL proves wrong ones, and the figures show it."""
    always = Comparison(Answer.EQUAL)
    monkeypatch.setattr(Equality, "compare", lambda *_, **__: always)
    counts, _, amiss = figures("rnn", ["w"])
    assert counts["wrong and refuted"] == 0 < counts["wrong"]
    assert any(line.startswith("proved, but wrong") for line in amiss)


def test_a_silent_diagnosis_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without findings no mistake is named."""
    monkeypatch.setattr(Diagnosis, "explain", lambda *_: [])
    _, named, _ = figures("softmax", ["w_1_1"])
    assert not [key for key in named if key.endswith("named")]


TOLD = [
    ("softmax", "dE/dp_1 = target_1/p_1", "cross-entropy", "the minus of −Σ y·ln p is lost"),
    ("softmax", "dE/dp_k = -target_k", "cross-entropy", "the divisor is lost"),
    (
        "softmax",
        "dE/dz_1 = -target_1*(1 - p_1)",
        "softmax-diagonal",
        "every output depends on every net input, p_2 on z_1 too: dp_2/dz_1 = -p_2*p_1 is missing",
    ),
    ("softmax", "dE/dz_k = dE/dp_k*p_k*(1 - p_k)", "softmax-diagonal", "for k = 1, this is the"),
    (
        "embedding",
        "dE/dz_1 = (p_1*(target_1 + target_2 + target_3) - target_1)*p_1*(1 - p_1)",
        "softmax-ce",
        "p_1*(1 - p_1) is one factor too many: the softmax's Jacobian is in the rest already",
    ),
    (
        "rnn",
        "dE/dw = dE/dnet_1 x_1 + dE/dnet_2 x_2",
        "missing-path",
        "w stands in net_3 too, and that use is left out: add dE/dnet_3 * x_3",
    ),
    ("rnn", "dE/du = Σ_t dE/dnet_t h_t", "wrong-index", "h[t] should be h[t-1]"),
    (
        "rnn",
        r"\partial E/\partial u = \sum_t \partial E/\partial net_t h_t",
        "wrong-index",
        "h_{t-1}",
    ),
    ("softmax", "dE/dw[k,i] = dE/dz[k]*x[i+1]", "wrong-index", "x[i+1] should be x[i]"),
    ("rnn", "dE/dv = (out - target)*h_2", "wrong-index", "h_2 should be h_3"),
    ("lstm", "dE/dw_f = dE/df*x*f", "missing-factor", "the factor (1 - f) is missing at f"),
    ("lstm", "dE/dw_f = dE/df*x", "missing-factor", "the derivative of the activation at f"),
    ("conv1d", "dE/dnet_1 = dE/dout_1", "relu", "the slope"),
    (
        "rnn",
        "dE/dnet_t = dE/dh_t",
        "missing-factor",
        "the factor tanh'(net[t]) is missing",
    ),
]


@pytest.mark.parametrize(("network", "claim", "code", "words"), TOLD)
def test_a_mistake_is_told_in_words_that_help(
    network: str, claim: str, code: str, words: str
) -> None:
    """The first finding has the code of the table and says what and where."""
    found = Judge(model_of(network)[0]).judge(claim)
    assert found is not None
    assert found.verdict is Verdict.REFUTED
    assert (found.findings[0].code, words in found.findings[0].message) == (code, True), [
        (f.code, f.message) for f in found.findings
    ]


def test_an_index_past_the_end_is_put_right() -> None:
    """x_{i+k} runs past x_6 for one k, and is wrong for the others; x_{i+k-1} is meant."""
    found = Judge(model_of("conv1d")[0]).judge("dE/dw_k = Σ_i=1..4 dE/dnet_i x_{i+k}")
    assert found is not None
    assert found.verdict is Verdict.REFUTED
    assert found.findings[0].message == "x_{i+k} should be x_{i+k-1}"
