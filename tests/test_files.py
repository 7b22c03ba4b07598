"""No file is long: what is one idea has a file, and a file is read in one sitting."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 400
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
