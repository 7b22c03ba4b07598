"""Formulas with index letters, as authors write them: limits, conditions and what letters mean."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.sources import model_of

TABLE = tomllib.loads((Path(__file__).parents[1] / "data/index_letters.toml").read_text("utf-8"))
NETWORKS: dict[str, Any] = {row["name"]: row for row in TABLE["network"]}
ROWS = [
    pytest.param(name, formula, verdict, id=f"{name}: {formula}")
    for name, row in NETWORKS.items()
    for verdict in ("proved", "refuted", "undecided", "unreadable")
    for formula in row.get(verdict, ())
]


def judged(network: str, *formulas: str) -> list[tuple[str, str]]:
    """The verdict on each formula about a network, in order, and all that is said of it."""
    judge = Judge(model_of(System.from_text(NETWORKS[network]["text"])))
    found = []
    for formula in formulas:
        claim = judge.judge(formula)
        messages = "; ".join(f.message for f in claim.findings) if claim else ""
        found.append((claim.verdict.value if claim else "silent", messages))
    return found


@pytest.mark.parametrize(("network", "formula", "verdict"), ROWS)
def test_a_formula_with_index_letters_is_judged(network: str, formula: str, verdict: str) -> None:
    """What an author means by letters, sets and conditions is what is judged."""
    assert judged(network, formula)[0][0] == verdict


def test_a_limit_without_a_meaning_is_the_last_number_there_is_and_that_is_said() -> None:
    """The T above a Σ is taken for the last member that exists; a number given before counts."""
    verdict, said = judged("softmax", r"1 = \sum_{k=1}^{T} p_k")[0]
    assert verdict == "proved"
    assert "T is taken for 3" in said
    assert judged("softmax", "T = 2", r"1 = \sum_{k=1}^{T} p_k")[1][0] == "refuted"
    assert judged("softmax", "T = 3", r"1 = \sum_{k=1}^{T} p_k")[1][0] == "proved"


def test_a_delta_of_the_authors_own_holds_for_what_follows() -> None:
    """δ is the error's derivative by the net input, until the author says otherwise."""
    own = r"\delta_k = \frac{\partial E}{\partial a_k}"
    gradient = r"\frac{\partial E}{\partial w_{ij}} = \delta_j g'(z_j) a_i"
    assert [v for v, _ in judged("units", gradient)] == ["refuted"]
    assert [v for v, _ in judged("units", own, gradient)] == ["silent", "proved"]
    confirmed = r"\delta_j = \frac{\partial E}{\partial z_j}"
    assert [v for v, _ in judged("units", confirmed, own)] == ["proved", "refuted"]


def test_a_delta_with_the_other_sign_is_a_convention() -> None:
    """What is right if δ is minus the derivative is no mistake, and what follows is read so."""
    turned = r"\delta_k = (t_k - a_k) g'(z_k)"
    hidden = r"\delta_j = g'(z_j) \sum_k \delta_k w_{jk}"
    gradient = r"\frac{\partial E}{\partial w_{ij}} = -\delta_j a_i"
    found = judged("units", turned, hidden, gradient)
    assert [verdict for verdict, _ in found] == ["undecided", "proved", "proved"]
    assert "this is right if" in found[0][1]


def test_a_size_is_one_number_throughout_a_document() -> None:
    """A letter that was taken for one number is not taken for another later."""
    first = r"1 = \sum_{k=1}^{n} p_k"
    found = judged("softmax", first, r"1 - \frac{3}{n} = 1 - p_1 - p_2 - p_3")
    assert [verdict for verdict, _ in found] == ["proved", "proved"]
    verdict, said = judged("softmax", first, r"p_2 = \sum_{k=1}^{n} p_{k+1}")[1]
    assert (verdict, "was 3 before" in said) == ("unreadable", True)


@pytest.mark.parametrize(
    ("network", "formula", "said"),
    [
        ("units", r"\frac{\partial E}{\partial w_{jk}} = -\delta_k a_j", "wrong sign"),
        ("units", r"\frac{\partial E}{\partial w_{jk}} = \delta_k a_k", "a_k should be a_j"),
        ("units", r"\frac{\partial E}{\partial w_{jk}} = \delta_k", "the factor a_j is missing"),
        ("units", r"\frac{\partial E}{\partial w_{jk}} = \delta_k a_j a_k", "a_k is one too many"),
        ("units", r"\delta_j = g'(z_j) \sum_k \delta_k w_{kj}", "w_{k,j} should be w_{j,k}"),
        ("units", r"\delta_j = g'(z_j) \delta_k w_{jk}", "Σ over k is missing"),
        ("units", r"\delta_j = g(z_j) \sum_k \delta_k w_{jk}", "should be the derivative"),
        ("units", r"\delta_j = \sum_k \delta_k w_{jk}", r"\mathrm{sig}'(z_j) is missing"),
        ("softmax", r"\frac{\partial p_i}{\partial a_j} = p_i (\delta_{ij} + p_j)", "p_j has the"),
    ],
)
def test_one_mistake_is_named_in_the_authors_letters(network: str, formula: str, said: str) -> None:
    """What is wrong with a formula with index letters is said with these letters."""
    verdict, message = judged(network, formula)[0]
    assert verdict == "refuted"
    assert said in message
