"""No file is long: what is one idea has a file, and a file is read in one sitting.

Nor is a line of a template, which no formatter keeps short, as it does those of Python.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 400
MOST_COLUMNS = 100
ROOMS = ("derive", "tests")


def long_files(folder: Path) -> dict[str, int]:
    """The Python files with too many lines, and how many they have."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES and "node_modules" not in path.parts:
            found[str(path.relative_to(folder))] = lines
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_is_long(room: str) -> None:
    """Those of the program and of its tests."""
    assert long_files(ROOT / room) == {}


def test_a_long_file_would_be_found(tmp_path: Path) -> None:
    """The alarm of the test above."""
    (tmp_path / "short.py").write_text("x = 1\n" * MOST_LINES)
    (tmp_path / "long.py").write_text("x = 1\n" * (MOST_LINES + 1))
    assert long_files(tmp_path) == {"long.py": MOST_LINES + 1}


def wide_lines(folder: Path) -> list[str]:
    """The lines of templates with too many columns, each by its file and its number."""
    return [
        f"{path.name}:{number}"
        for path in sorted(folder.glob("*.jinja"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if len(line) > MOST_COLUMNS
    ]


def test_no_line_of_a_template_is_wide() -> None:
    """The words, the mark-up of each format, and the frame of generated Python."""
    assert wide_lines(ROOT / "templates") == []


def test_a_wide_line_would_be_found(tmp_path: Path) -> None:
    """The alarm of the test above: columns are counted, not bytes."""
    (tmp_path / "words.jinja").write_text(
        f"{'∂' * MOST_COLUMNS}\n\n{'x' * (MOST_COLUMNS + 1)}\n", "utf-8"
    )
    assert wide_lines(tmp_path) == ["words.jinja:3"]
