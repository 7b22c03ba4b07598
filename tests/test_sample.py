"""What the quick run leaves out of a table is in the long one: no row is lost, and some are quick."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from tests.conftest import pytest_collection_modifyitems
from tests.sample import diagonal, sampled, square


def slow(parameters: list[Any]) -> list[bool]:
    """Which of the parameters wait for the long run."""
    return [any(mark.name == "slow" for mark in one.marks) for one in parameters]


def test_a_sample_is_quick_and_the_rest_is_slow() -> None:
    """All cases are there, in their order; one of several arguments is a row of them."""
    found = sampled([("a", 1), ("a", 2), ("b", 1)], [("a", 2)])
    assert [one.values for one in found] == [("a", 1), ("a", 2), ("b", 1)]
    assert slow(found) == [True, False, True]
    assert slow(sampled("abc", "b")) == [True, False, True]


def test_the_rest_of_a_very_large_table_is_wide() -> None:
    """The long run takes its own rows; in a diagonal each entry of each column occurs."""
    found = sampled("abcd", "b", "cd")
    assert [[mark.name for mark in one.marks] for one in found] == [
        ["wide"],
        [],
        ["slow"],
        ["slow"],
    ]
    rows = diagonal("abc", [1, 2])
    assert rows == [("a", 1), ("b", 2), ("c", 1)]
    assert square("ab", [1, 2], "xy") == [
        ("a", 1, "x"),
        ("a", 2, "y"),
        ("b", 1, "y"),
        ("b", 2, "x"),
    ]


@dataclass
class Row:
    """A row of a test as pytest collects it, with its marks."""

    nodeid: str
    marks: dict[str, Any] = field(default_factory=dict)

    def get_closest_marker(self, name: str) -> Any:
        return self.marks.get(name)

    def add_marker(self, name: str) -> None:
        self.marks[name] = getattr(pytest.mark, name).mark


def test_of_a_table_the_quick_run_takes_the_first_row() -> None:
    """Rows that are slow by themselves are not counted; another test begins anew."""
    rows = [Row(f"t.py::test_a[{n}]", {"slow": 1} if n == 0 else {}) for n in range(4)]
    rows += [
        Row("t.py::test_b[0]"),
        Row("t.py::test_c"),
        Row("t.py::test_d", {"sweep": 1}),
        Row("t.py::test_e[0]", {"wide": 1}),
    ]
    pytest_collection_modifyitems(cast("list[pytest.Item]", rows))
    assert ["slow" in row.marks for row in rows] == [
        *(True, False, True, True),
        *(False, False, True, True),
    ]
