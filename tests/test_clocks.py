"""No test looks at a clock: on a slow machine, or beside other work, every test passes as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
CLOCKS = {"time", "datetime", "timeit", "sched"}
SECONDS = 900
"""A limit of time may only guard against a hang, and then it is a quarter of an hour or more."""
SOURCES = [path for path in sorted(TESTS.rglob("*.py")) if "benchmarks" not in path.parts]


def clocks(tree: ast.AST) -> Iterator[str]:
    """The modules that know the time, where they are imported, and the seconds of short timeouts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in CLOCKS)
        elif isinstance(node, ast.ImportFrom) and node.module in CLOCKS:
            yield node.module
        elif isinstance(node, ast.keyword) and node.arg in ("timeout", "deadline"):
            value = node.value
            if isinstance(value, ast.Constant) and value.value is not None:
                yield from [f"{node.arg}={value.value}"] * (value.value < SECONDS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_knows_the_time(path: Path) -> None:
    """Benchmarks measure time, and judge nothing by it."""
    assert not list(clocks(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "planted",
    ["import time", "from time import perf_counter", "run(timeout=60)", "settings(deadline=200)"],
)
def test_a_clock_would_be_found(planted: str) -> None:
    """The alarm of the test above."""
    assert list(clocks(ast.parse(planted)))


def test_hypothesis_has_no_deadline() -> None:
    """Its own default is 200 milliseconds for an example."""
    assert settings().deadline is None
