"""A test whose tool is not installed is skipped, or fails where the tools are required."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.render.missing import REQUIRE, ToolMissing, tools_are_required


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
