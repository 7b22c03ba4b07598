"""No test looks at a clock: on a slow machine, or beside other work, every test passes as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
MODULES = {"time", "datetime", "timeit", "sched", "asyncio"}
"""What knows the time, or waits for it."""
NAMES = {
    "times", "clock", "perf_counter", "process_time", "monotonic", "clock_gettime", "ru_utime",
    "ru_stime", "Timer", "sleep", "st_mtime", "st_mtime_ns", "getmtime",
}  # fmt: skip
"""Functions and fields that do, wherever they come from."""
LIMITS = {"timeout", "deadline", "alarm", "setitimer"}
"""Arguments and functions that are given seconds."""
SECONDS = 900
"""A limit of time may only guard against a hang, and then it is a quarter of an hour or more."""
SOURCES = [path for path in sorted(TESTS.rglob("*.py")) if "benchmarks" not in path.parts]
SCRIPTS = sorted(TESTS.glob("render/*.mjs"))
CLOCKS_OF_SCRIPTS = re.compile(
    r"\b(?:setTimeout|setInterval|Date|performance|waitForTimeout)\b|timeout:(?!\s*0\b)"
)


def clocks(tree: ast.Module) -> Iterator[str]:
    """What in a module knows the time, and the limits of time in it that are short."""
    known = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module] * (node.module in MODULES)
            yield from (each.name for each in node.names if each.name in NAMES)
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg in LIMITS:
            yield from [node.arg] * _is_short(node.value, known)
        elif isinstance(node, ast.Call) and _called(node) in LIMITS:
            yield from [_called(node)] * _is_short(node.args[-1], known)


def _called(node: ast.Call) -> str:
    """The name of what is called."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _is_short(given: ast.expr, known: dict[str, ast.expr]) -> bool:
    """Whether a limit is not known to be far away; none and 0 are no limits."""
    seconds = _number(given, known)
    return seconds is None or 0 < seconds < SECONDS


def _number(given: ast.expr, known: dict[str, ast.expr]) -> float | None:
    """The value of a number, of a product, or of a name of the module for one; None is 0 seconds."""
    if isinstance(given, ast.Name) and given.id in known:
        return _number(known[given.id], {})
    if isinstance(given, ast.BinOp) and isinstance(given.op, ast.Mult):
        left, right = _number(given.left, known), _number(given.right, known)
        return None if left is None or right is None else left * right
    if isinstance(given, ast.Constant) and isinstance(given.value, int | float | None):
        return given.value or 0
    return None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_knows_the_time(path: Path) -> None:
    """Benchmarks measure time, and judge nothing by it."""
    assert not list(clocks(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_knows_the_time(path: Path) -> None:
    """Nor do the scripts that ask a browser."""
    assert not CLOCKS_OF_SCRIPTS.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "planted",
    [
        "import time",
        "from time import perf_counter",
        "import os\nos.times()",
        "from os import times",
        "run(timeout=60)",
        "SOON = 60\nrun(timeout=SOON)",
        "SOON = 2 * 60\nrun(timeout=SOON)",
        "run(timeout=drawn())",
        "signal.alarm(2)",
        "signal.setitimer(signal.ITIMER_REAL, 2)",
        "settings(deadline=200)",
        "settings(deadline=timedelta(seconds=1))",
        "usage.ru_utime < 2",
    ],
)
def test_a_clock_would_be_found(planted: str) -> None:
    """The alarm of the tests above."""
    assert list(clocks(ast.parse(planted)))


@pytest.mark.parametrize("planted", ["setTimeout(f, 5)", "Date.now()", "{ timeout: 30 }"])
def test_a_clock_in_a_script_would_be_found(planted: str) -> None:
    """The same of scripts."""
    assert CLOCKS_OF_SCRIPTS.search(planted)


@pytest.mark.parametrize(
    "harmless", ["run(timeout=None)", "FAR = 60 * 60\nrun(timeout=FAR)", "signal.alarm(0)"]
)
def test_what_only_guards_against_a_hang_is_none(harmless: str) -> None:
    """A limit of an hour is met by nothing that goes on."""
    assert not list(clocks(ast.parse(harmless)))


def test_hypothesis_has_no_deadline() -> None:
    """Its own default is 200 milliseconds for an example."""
    assert settings().deadline is None
