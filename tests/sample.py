"""Tables of tests: the quick run takes a sample, the long one all of it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], quick: Container[Any]) -> list[Any]:
    """The cases as parameters of a test; those that are not `quick` wait for the long run.

    A case with several arguments is a tuple of them.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if case in quick else pytest.mark.slow,
        )
        for case in cases
    ]


def in_turn(cases: Iterable[tuple[Any, ...]], ways: Collection[str]) -> list[Any]:
    """Each case with one of the ways in the quick run, and with the others in the long one."""
    return [
        pytest.param(*case, way, marks=() if which == place % len(ways) else pytest.mark.slow)
        for place, case in enumerate(cases)
        for which, way in enumerate(ways)
    ]
