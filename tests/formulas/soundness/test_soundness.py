"""Tens of thousands of claims in eight authors' writing: none wrong is proved, none right refuted."""

from __future__ import annotations

import random

import pytest

from tests.formulas.soundness.run import SOURCES, Asked, Figures, Part, run, verdict

QUICK, LONG = 48, 2_000


def require(figures: Figures) -> None:
    """No alarms. Raises AssertionError."""
    assert not figures.alarms, f"{figures}\n{figures.alarms[:12]}"


def test_no_verdict_on_generated_claims_is_wrong() -> None:
    """Two right claims of each source, and five wrong variants of each of them."""
    figures = run(QUICK, seed=1)
    require(figures)
    assert figures.of("wrong") > 4 * QUICK


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [2, 3])
def test_no_verdict_on_many_generated_claims_is_wrong(seed: int) -> None:
    """The same many times over."""
    figures = run(LONG, seed)
    require(figures)
    assert figures.of("wrong") > 4 * LONG


@pytest.mark.parametrize("name", SOURCES)
def test_what_an_author_writes_is_proved(name: str) -> None:
    """Right claims in each author's writing hold by numbers, and are read and proved.

    (In a few of them a vector may be meant in two ways; then nobody can say.)
    """
    source, draw = SOURCES[name], random.Random(name)
    for _ in range(12):
        claim = next(source.draw(draw))
        assert claim.holds is not False, claim.text
        assert verdict(source, claim.text) == ("proved" if claim.holds else "undecided"), claim.text


_FAULTS: dict[str, tuple[Asked, str]] = {
    "transposes are not seen": (lambda text: text.replace(r"^\top", ""), "one hidden layer array"),
    "primes are not seen": (lambda text: text.replace("'", ""), "ng index"),
    "a sign is not seen": (lambda text: text.replace("= -", "= "), "rumelhart index"),
    "neighbours are not seen": (lambda text: text.replace("-1}", "}"), "steps"),
    "conditions are not seen": (lambda text: text.replace(r" \neq i", ""), "shares"),
    "every product goes entry by entry": (
        lambda text: text.replace(") (", r") \odot ("),
        "layers array",
    ),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_planted_fault_raises_the_alarm(fault: str) -> None:
    """A checker that overlooks something proves wrong claims or refutes right ones."""
    asked, source = _FAULTS[fault]
    assert any(Part(source, 2, seed, asked).run().alarms for seed in range(30))
