"""Random claims with index letters: no wrong one is proved, and no right one refuted."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.sources import model_of
from tests.formulas.index_claims import Expr, damaged
from tests.formulas.index_networks import CLAIMS, NETWORKS


@cache
def _judge(name: str) -> Judge:
    return Judge(model_of(System.from_text(NETWORKS[name].text)))


def verdict(name: str, left: Expr, right: Expr) -> str:
    """What the checker says of a claim."""
    judge = _judge(name)
    judge.reader.letters.clear()
    claim = judge.judge(f"{left} = {right}")
    return claim.verdict.value if claim else "silent"


@pytest.mark.parametrize(("name", "left", "right"), CLAIMS, ids=lambda x: str(x)[:60])
def test_a_right_claim_is_proved(name: str, left: Expr, right: Expr) -> None:
    """Each of the claims that are damaged below is right, by differences and by the checker."""
    assert NETWORKS[name].holds(left, right)
    assert verdict(name, left, right) == "proved"


@settings(max_examples=150)
@given(st.integers(0, 10**6))
@pytest.mark.slow
def test_no_wrong_claim_is_proved_and_no_right_one_refuted(seed: int) -> None:
    """Whatever is changed in a claim, the checker never says the opposite of what differences do."""
    _check(random.Random(seed))


def _check(rng: random.Random) -> str:
    name, left, right = rng.choice(CLAIMS)
    for _ in range(rng.choice([1, 1, 2])):
        right = damaged(right, rng)
    found = verdict(name, left, right)
    if found in ("proved", "refuted"):
        holds = NETWORKS[name].holds(left, right)
        assert holds == (found == "proved"), f"{name}: {left} = {right}: {found}, but {holds}"
    return found


@pytest.mark.slow
def test_most_damaged_claims_are_judged() -> None:
    """The test above would be worth nothing if the checker read little."""
    found = Counter(_check(random.Random(seed)) for seed in range(200))
    assert found["refuted"] > 120
    assert found["proved"] > 3
