"""What holds for all tests: no clock, no tool that has to be there, figures at the end of a run.

A test whose tool is not installed is skipped, or fails where the tools are required.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain as joined
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.render.missing import REQUIRE, ToolMissing, tools_are_required
from tests.shelf import FOLDER

# Hypothesis looks at the clock for each example, and at how long it takes to make one.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")


def pytest_configure(config: pytest.Config) -> None:
    """A folder for what all workers share (:mod:`tests.shelf`); they inherit its name."""
    if FOLDER not in os.environ:
        folder = TemporaryDirectory()
        os.environ[FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)
        config.add_cleanup(lambda: os.environ.pop(FOLDER))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long sweeps and wide rows are slow; so are those of a table but the first that is not."""
    tables: set[str] = set()
    for item in items:
        if item.get_closest_marker("sweep") or item.get_closest_marker("wide"):
            item.add_marker("slow")
        if not item.get_closest_marker("slow"):
            table = item.nodeid.partition("[")[0]
            if table in tables:
                item.add_marker("slow")
            tables.add(table)


def _without_a_tool() -> Generator[None, object, object]:
    try:
        return (yield)
    except ToolMissing as missing:
        if tools_are_required():
            pytest.fail(f"{missing}, and {REQUIRE} is set", pytrace=False)
        pytest.skip(str(missing))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Fixtures may call the checks as well as tests."""
    return (yield from _without_a_tool())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """The test itself."""
    return (yield from _without_a_tool())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Add up what tests have recorded, in all workers."""
    _self_check(terminalreporter)
    _figures(terminalreporter)
    _worst(terminalreporter)
    _edges(terminalreporter)


def _recorded(terminalreporter: Any, wanted: str) -> Iterator[Any]:
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        if getattr(report, "when", "") == "call":
            yield from (v for key, v in getattr(report, "user_properties", ()) if key == wanted)


def _self_check(out: Any) -> None:
    """Verdicts of the self-check of the checker."""
    verdicts: Counter[tuple[str, str]] = Counter()
    planted: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for value in _recorded(out, "self_check"):
        verdicts.update({tuple(pair): count for pair, count in value[0]})
        planted.update(dict(value[1]))
        named.update(dict(value[2]))
    if not verdicts:
        return
    out.section("self-check of the checker")
    for (should, is_), count in sorted(verdicts.items()):
        out.write_line(f"{count:6} that should be {should}: {is_}")
    for row, count in planted.items():
        out.write_line(f"{named[row]:6} of {count} {row} named")
    share = named.total() / planted.total()
    out.write_line(f"{named.total():6} of {planted.total()} planted mistakes named: {share:.2%}")


def _figures(out: Any) -> None:
    """Lines under their headings."""
    sections: dict[str, list[list[str]]] = {}
    for heading, lines in _recorded(out, "figures"):
        sections.setdefault(heading, []).append(lines)
    for heading, found in sections.items():
        out.section(heading)
        for line in joined.from_iterable(sorted(found)):
            out.write_line(line)


def _worst(out: Any) -> None:
    """The largest of each kind of error, and where it is."""
    counts: Counter[str] = Counter()
    worst: dict[str, tuple[float, str]] = {}
    for what, where, error in _recorded(out, "worst"):
        counts[what] += 1
        worst[what] = max(worst.get(what, (0.0, "")), (error, where))
    if not worst:
        return
    out.section("largest relative errors")
    for what, (error, where) in sorted(worst.items()):
        out.write_line(f"{counts[what]:4} {what}: at most {error:.1e}, in {where}")


def _edges(out: Any) -> None:
    """The damaged formulas of all parts of the long run together."""
    parts = list(_recorded(out, "edges"))
    if not parts:
        return
    from tests.formulas.edges.run import Figures

    figures = Figures()
    for part in parts:
        figures.add(Figures.read(part))
    out.section("damaged formulas: verdicts (rows) and the oracle's answers (columns)")
    for line in str(figures).splitlines():
        out.write_line(line)
