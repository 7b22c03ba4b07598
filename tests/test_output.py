"""The documents, their pages and the program in output/ are what is written today."""

from __future__ import annotations

import re

import pytest

from derive.code import write_code
from derive.networks.general import general
from derive.notes.general import compose_general
from derive.render.pictures import Pictures
from derive.render.render import render
from tests.render.shown import MOST_BYTES, NAMES, OUTPUT, documents, page

AGAIN = "run 'python -m tests.render.shown'"


@pytest.mark.parametrize("name", NAMES)
def test_the_shown_document_is_current(name: str) -> None:
    """In Markdown with its pictures, and in LaTeX; nothing else of it lies there."""
    found = {
        path.name for path in OUTPUT.glob(f"{name}*") if path.suffix in {".md", ".tex", ".svg"}
    }
    fresh = documents(name)
    assert found == set(fresh), AGAIN
    for file, text in fresh.items():
        assert text == (OUTPUT / file).read_text(encoding="utf-8"), AGAIN


@pytest.mark.parametrize("name", NAMES)
def test_the_shown_page_is_current(name: str) -> None:
    """Typst sets the first page as it is shown, in a file of moderate size."""
    shown = (OUTPUT / f"{name}.png").read_bytes()
    assert page(name) == shown, AGAIN
    assert len(shown) < MOST_BYTES


def test_the_shown_rules_of_any_network_are_current() -> None:
    """'derive notes general' gives the committed file; that it is proved is tested elsewhere."""
    notes = compose_general(general())
    fresh = render(notes, "markdown", pictures=Pictures("general"))
    assert fresh == (OUTPUT / "general.md").read_text(encoding="utf-8")


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


def test_the_readme_shows_a_page_and_names_all_documents() -> None:
    """The picture is there, and so is every document that is linked."""
    readme = (OUTPUT.parent / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"output/([\w-]+)\.md", readme)) >= set(NAMES)
    linked = re.findall(r"\]\((output/[^)]+)\)", readme)
    assert "output/2-4-3-2.png" in linked
    assert all((OUTPUT.parent / link).exists() for link in linked)
