"""The documents in output/ are what the program writes today."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.notes import write_notes

OUTPUT = Path(__file__).parents[1] / "output"


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_the_shown_document_is_current(ending: str, tmp_path: Path) -> None:
    """Writing 2-4-3-2 again gives the committed file; run 'derive notes 2-4-3-2' if it does not."""
    shown = OUTPUT / f"2-4-3-2.{ending}"
    fresh = write_notes("2-4-3-2", tmp_path / shown.name)
    assert fresh.read_text(encoding="utf-8") == shown.read_text(encoding="utf-8")
