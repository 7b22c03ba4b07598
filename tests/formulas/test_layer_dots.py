r"""Dots between factors of layers: (W^2)^⊤ ⋯ (W^L)^⊤, ∂a^L/∂a^{L−1} ⋯ ∂a^{l+1}/∂a^l."""

from __future__ import annotations

import pytest

from tests.formulas.authors import layered, verdict
from tests.formulas.judging import slope

DEEP = layered([2, 3, 2, 3, 4], activation="tanh", names={"E_total": "Q"})
LINE = layered([1, 1, 1, 1, 1], activation="tanh", names={"E_total": "Q"})
THIN = layered([1, 1, 2, 1, 1], activation="tanh", names={"E_total": "Q"})


GROUPS = r"\Sigma'(z^l) (w^{l+1})^T \ldots \Sigma'(z^{L-1}) (w^L)^T"
LINKS = rf"{slope('a^L', 'a^{L-1}')} {slope('a^{L-1}', 'a^{L-2}')} \cdots"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"\delta^l = {GROUPS} \delta^L", "proved"),
        (rf"\delta^l = {GROUPS} \Sigma'(z^L) \nabla_a Q", "proved"),
        (rf"\delta^l = -{GROUPS} \delta^L", "refuted"),
        (rf"\delta^l = {GROUPS} \Sigma'(z^L) \delta^L", "refuted"),
        (rf"\delta^l = {GROUPS.replace('l+1', 'l')} \delta^L", "not proved"),
        (rf"\delta^l = {GROUPS.replace('^T', '')} \delta^L", "refuted"),
        (rf"\delta^l = {GROUPS.replace('z^{L-1}', 'z^{L-2}')} \delta^L", "not proved"),
        (rf"{slope('a^L', 'a^l')} = {LINKS} {slope('a^{l+1}', 'a^l')}", "proved"),
        (rf"{slope('a^L', 'a^l')} = {LINKS} {slope('a^{l+2}', 'a^{l+1}')}", "refuted"),
        (rf"{slope('a^L', 'a^l')} = {LINKS} {slope('a^l', 'a^{l-1}')}", "not proved"),
        (rf"{slope('a^L', 'a^l')} = {LINKS} {slope('z^{l+1}', 'a^l')}", "not proved"),
        (r"\delta^l = (w^{l+1})^T \cdots \delta^L", "unreadable"),
    ],
)
def test_factors_of_layers(claim: str, said: str) -> None:
    """One or several for each layer, upwards or downwards; they go on as they begin."""
    found = verdict(DEEP, claim)
    assert found == said or (said == "not proved" and found != "proved")


HEAD = (
    rf"{slope('Q', 'a^L_m')} {slope('a^L_m', 'a^{L-1}_n')} {slope('a^{L-1}_n', 'a^{L-2}_p')} \ldots"
)
WAY = rf"{HEAD} {slope('a^{l+1}_q', 'a^l_j')} {slope('a^l_j', 'w^l_{jk}')}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mnp\ldots q}} {WAY}", "proved"),
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{m,n,p,\ldots,q}} {WAY}", "proved"),
        (rf"\Delta Q \approx \sum_{{mnp\ldots q}} {WAY} \Delta w^l_{{jk}}", "proved"),
        (rf"{slope('Q', 'w^l_{jk}')} = {WAY}", "undecided"),
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mnp\ldots}} {WAY}", "unreadable"),
    ],
)
def test_sums_over_all_ways_through_the_layers(claim: str, said: str) -> None:
    """The letters that dots leave out below Σ are those that dots leave out behind it."""
    assert verdict(THIN, claim) == said


SHORT = layered([1, 2, 2, 2], activation="tanh", names={"E_total": "Q"})
NEXT = rf"{slope('a^{l+1}_q', 'a^l_j')} {slope('a^l_j', 'w^l_{jk}')}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mnp\ldots q}} {WAY}", "proved"),
        (rf"{slope('Q', 'w^l_{jk}')} = -\sum_{{mnp\ldots q}} {WAY}", "refuted"),
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mnp\ldots q}} {WAY} {slope('z^l_j', 'a^l_j')}", "refuted"),
        (rf"{slope('Q', 'w^l_{jk}')} = {WAY}", "undecided"),
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mnp\ldots q}} {HEAD} \ldots {NEXT}", "not proved"),
        (rf"{slope('Q', 'w^l_{jk}')} = \sum_{{mq}} {slope('Q', 'a^L_m')} {slope('z^L_m', 'z^{L-1}_n')} \ldots {NEXT}", "not proved"),
    ],
)  # fmt: skip
def test_ways_through_few_layers(claim: str, said: str) -> None:
    """Where the link behind the dots stands before them already, it counts once."""
    found = verdict(SHORT, claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize(
    "claim",
    [
        rf"{slope('Q', 'w^l_{jk}')} = -\sum_{{mnp\ldots q}} {WAY}",
        rf"\Delta Q \approx -\sum_{{mnp\ldots q}} {WAY} \Delta w^l_{{jk}}",
    ],
)
@pytest.mark.slow
def test_wrong_sums_over_all_ways(claim: str) -> None:
    """The sign, a factor too many."""
    assert verdict(LINE, claim) == "refuted"
