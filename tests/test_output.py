"""The documents and the program in output/ are what is written today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.code import write_code
from derive.render.writing import write_notes

OUTPUT = Path(__file__).parents[1] / "output"


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_the_shown_document_is_current(ending: str, tmp_path: Path) -> None:
    """Writing 2-4-3-2 again gives the committed file; run 'derive notes 2-4-3-2' if it does not."""
    shown = OUTPUT / f"2-4-3-2.{ending}"
    fresh = write_notes("2-4-3-2", tmp_path / shown.name)
    assert fresh.read_text(encoding="utf-8") == shown.read_text(encoding="utf-8")


def test_the_shown_rules_of_any_network_are_current(tmp_path: Path) -> None:
    """'derive notes general' gives the committed file."""
    fresh = write_notes("general", tmp_path / "general.md")
    shown = OUTPUT / "general.md"
    assert fresh.read_text(encoding="utf-8") == shown.read_text(encoding="utf-8")


def test_the_shown_program_is_current() -> None:
    """'derive code 2-4-3-2 -o output/2-4-3-2.py' gives the committed file."""
    shown = OUTPUT / "2-4-3-2.py"
    assert write_code("2-4-3-2") == shown.read_text(encoding="utf-8")


def test_the_readme_quotes_the_shown_program() -> None:
    """Every line of Python code that the README takes from it stands in it."""
    readme = (OUTPUT.parent / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## The derivation as a function")[2].partition("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 2
    shown = (OUTPUT / "2-4-3-2.py").read_text(encoding="utf-8")
    assert all(block in shown for block in blocks)
