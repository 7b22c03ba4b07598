"""Damaged formulas: nothing false is proved, nothing right refuted, nothing ends in a traceback."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from tests.formulas.edges import faults
from tests.formulas.edges.bases import written
from tests.formulas.edges.benches import BENCHES, bench
from tests.formulas.edges.mutations import KINDS
from tests.formulas.edges.oracle import Answer
from tests.formulas.edges.run import Asked, Checker, Figures, Part, run

QUICK = 200
LONG = int(os.environ.get("DERIVE_EDGES_COUNT", "5000"))
"""Mutants of one part of the long run."""
SEEDS = range(1, 9)


def require(figures: Figures) -> None:
    """No alarms. Raises AssertionError."""
    shown = "\n".join(repr(alarm) for alarm in figures.alarms[:12])
    assert not figures.alarms, f"{figures}\n{shown}"


@pytest.mark.slow
def test_no_verdict_on_damaged_formulas_is_wrong() -> None:
    """Two hundred mutants of all networks."""
    figures = run(QUICK, seed=1)
    print(f"\n{figures}")
    assert figures.counts.total() >= QUICK
    require(figures)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", SEEDS)
def test_no_verdict_on_many_damaged_formulas_is_wrong(seed: int, record_property: Any) -> None:
    """Eight parts, 40,000 mutants in all, counted at the end of the run."""
    figures = run(LONG, seed)
    record_property("edges", figures.recorded())
    assert figures.counts.total() >= LONG
    require(figures)


@pytest.mark.slow
def test_all_kinds_of_damage_are_done() -> None:
    """Each kind makes mutants, and the oracle answers in all ways."""
    missing = {*KINDS, *(answer.value for answer in Answer)}
    for part in (
        Part("2-4-3-2", 1, 0, 500),
        Part("residual", 1, 0, 100, None, ("bare function",)),
    ):
        for figures in part.steps():
            missing -= {kind.split(" + ")[0] for kind in figures.kinds}
            missing -= {answer for _, answer in figures.counts}
            if not missing:
                return
    pytest.fail(f"never met: {missing}")


@pytest.mark.parametrize("network", BENCHES)
def test_the_oracle_reads_what_documents_say(network: str) -> None:
    """Of the equations in a network's document, the oracle calls most true, and none false.

    (What gives a number to a quantity is no claim where the network has no numbers.)
    """
    oracle = bench(network).oracle
    checker = Checker(network)
    texts = [base.text for base in written(network)]
    # An equation that goes on with the numbers of the example is none of the network alone.
    said = [(oracle.ask(t).answer, t) for t in texts if not re.search(r"[0-9]\.[0-9]", t)]
    true = sum(answer is Answer.TRUE for answer, _ in said)
    assert true >= len(said) // 3
    for answer, text in said:
        if answer is Answer.FALSE:
            assert checker.verdict(text, fresh=True) != "proved", text


_FAULTS: dict[str, tuple[Asked, str, tuple[str, ...]]] = {
    "words are dropped": (faults.drops_words, "2-4-3-2", ("words", "behind", "before")),
    "what stands behind is dropped": (faults.stops_at_a_comma, "2-4-3-2", ("behind",)),
    "rows are dropped": (faults.drops_rows, "mazur", ("behind", "rows")),
    "! is dropped": (faults.drops_exclamation_marks, "2-4-3-2", ("behind", "punctuation")),
    "the other root": (faults.takes_the_other_root, "2-4-3-2", ("root of a name",)),
    "either root": (faults.takes_either_root, "2-4-3-2", ("root of a name",)),
    "decimals are rough": (faults.rounds_decimals, "mazur", ("decimals",)),
    "placeholders are anything": (
        faults.FillsPlaceholders("2-4-3-2"), "2-4-3-2", ("placeholder",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_planted_fault_raises_the_alarm(fault: str) -> None:
    """A checker with the fault gives wrong verdicts that one without it does not give."""
    asked, network, kinds = _FAULTS[fault]
    sound = Checker(network)
    looked_at = 0
    for figures in Part(network, 1, 0, 150, asked, kinds).steps():
        for what, _, _, text, _ in figures.alarms[looked_at:]:
            if asked(text) != text and sound.verdict(text, fresh=True) != _VERDICT[what]:
                return
        looked_at = len(figures.alarms)
    pytest.fail(f"no alarm: {figures}")


_VERDICT = {"wrongly proved": "proved", "wrongly refuted": "refuted", "crash": "crash"}


def test_a_traceback_is_an_alarm() -> None:
    """A checker that raises is found, whatever it raises."""

    def breaks(text: str) -> str:
        if "!" in text:
            raise RecursionError(text)
        return text

    figures = Part("2-4-3-2", 1, 0, 100, breaks, ("punctuation", "behind")).run()
    assert figures.wrong("crash")
