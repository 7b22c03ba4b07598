"""The place in a line of source, with marks below it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.checking.reports.window import cells, marked, shorten


@pytest.mark.parametrize(
    ("source", "start", "end", "line", "marks"),
    [
        ("a + b", 4, None, "a + b", "    ^"),
        ("a + b", 5, None, "a + b", "     ^"),
        ("a + b", 99, 120, "a + b", "     ^"),
        ("\ta\tb c", 3, 4, "a    b c", "     ^"),
        ("層 = b", 4, 5, "層 = b", "     ^"),
        ("層 = b", 0, 1, "層 = b", "^^"),
        ("a\n  b?c\nd", 5, 6, "b?c", " ^"),
        ("ab\ncd", 1, 5, "ab", " ^"),
        ("ab\ncd", 2, 3, "ab", "  ^"),
        ("o\u0302 + b", 5, 6, "o\u0302 + b", "    ^"),
        ("", 0, None, "", "^"),
    ],
)
def test_marks(source: str, start: int, end: int | None, line: str, marks: str) -> None:
    """The marks stand below the place, whatever the widths of the characters before it."""
    found = marked(source, start, end, 40)
    assert (found.line, found.marks) == (line, marks)


@given(st.text("ab\t層\u0302 \n\x1b", min_size=0, max_size=200), st.data(), st.integers(16, 60))
def test_marks_fit(source: str, data: st.DataObject, room: int) -> None:
    """Line and marks fit into the room, and a visible character is above its first mark."""
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.none() | st.integers(0, len(source)))
    found = marked(source, start, end, room)
    assert cells(found.line) <= room
    assert cells(found.marks) <= room
    assert set(found.marks.lstrip()) == {"^"}
    character = source[start : start + 1]
    if character in ("a", "b", "層"):
        before = len(found.marks) - len(found.marks.lstrip())
        above = next(i for i in range(len(found.line)) if cells(found.line[: i + 1]) > before)
        assert found.line[above] == character


@given(st.text(max_size=80), st.integers(5, 40))
def test_shorten(long: str, room: int) -> None:
    """Shortened text fits, and text that fits is not touched."""
    short = shorten(long, room)
    assert cells(short) <= room
    assert short == long or cells(long) > room
