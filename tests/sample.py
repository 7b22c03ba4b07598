"""Tables of tests: the quick run takes a sample, the long one all of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

import pytest


def sampled(
    cases: Iterable[Any], quick: Container[Any], long: Container[Any] | None = None
) -> list[Any]:
    """The cases as parameters of a test; those that are not `quick` wait for the long run.

    Of a very large table the long run takes a part as well, and the others are wide. A case with
    several arguments is a tuple of them.
    """

    def mark(case: Any) -> Any:
        if case in quick:
            return ()
        return pytest.mark.slow if long is None or case in long else pytest.mark.wide

    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=mark(case))
        for case in cases
    ]


def diagonal(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Some rows of the product of these, in which each entry of each occurs, in turns."""
    most = max(map(len, columns))
    return [tuple(column[n % len(column)] for column in columns) for n in range(most)]


def square(
    first: Iterable[Any], second: Iterable[Any], third: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Each pair of the first two once, with one of the third, in turns along rows and columns."""
    second = list(second)
    return [
        (a, b, third[(row + column) % len(third)])
        for row, a in enumerate(first)
        for column, b in enumerate(second)
    ]
