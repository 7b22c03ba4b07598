"""Fuzzing with hypothesis, and the numbered cases of what fuzzing has found."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from tests.formulas.fuzz import demands, inputs
from tests.work import MOST_CALLS, limited

TABLE = Path(__file__).parents[2] / "data" / "fuzz_cases.toml"
FOUND: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
SHORT, LONG = 50, int(os.environ.get("DERIVE_FUZZ_EXAMPLES", "1000"))
"""How many inputs are tried: always the same ones, on any machine."""
SEED = int(os.environ.get("DERIVE_FUZZ_SEED", "1"))
"""Another one tries other inputs; the same one finds the same again."""
Demand = Callable[[str, str], None]
_DEMANDS: dict[str, Demand] = {
    "read": demands.read, "judge": demands.judge, "find": demands.find,
}  # fmt: skip


def _text(data: st.DataObject, demand: str) -> tuple[str, str]:
    """An input, and the network or the kind of document that it is for."""

    def choose(count: int) -> int:
        return data.draw(st.integers(0, count - 1))

    network = list(inputs.NETWORKS)[choose(len(inputs.NETWORKS))]
    if demand == "find":
        text = inputs.document(choose, network) if choose(4) else data.draw(st.text(max_size=200))
        return text, demands.KINDS[choose(len(demands.KINDS))]
    if not choose(6):
        return data.draw(st.text(max_size=80)), network
    return inputs.GENERATORS[choose(len(inputs.GENERATORS))](choose, network), network


def _run(demand: str, examples: int, first: int) -> None:
    """Try so many inputs."""

    @seed(first)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        text, about = _text(data, demand)
        note(f"{demand}({text!r}, {about!r})")
        with limited(MOST_CALLS):
            _DEMANDS[demand](text, about)

    run()


@pytest.mark.parametrize("demand", _DEMANDS)
@pytest.mark.slow
def test_no_input_ends_in_a_traceback(demand: str) -> None:
    """Nor in more work than an input may take."""
    _run(demand, SHORT, 0)


@pytest.mark.sweep
@pytest.mark.parametrize("demand", _DEMANDS)
def test_no_input_of_many_ends_in_a_traceback(demand: str) -> None:
    """The same with ten times as many."""
    _run(demand, LONG, SEED * 1_000_000)


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"case-{case['number']}")
def test_what_fuzzing_found(case: dict[str, Any]) -> None:
    demand = _DEMANDS[case["demand"]]
    with limited(MOST_CALLS):
        demand(case["text"], case["about"])
    if "error" in case:
        errors = [s.error for s in inputs.reader(case["about"]).statements(case["text"])]
        assert any(case["error"] in error.message for error in errors if error), errors
