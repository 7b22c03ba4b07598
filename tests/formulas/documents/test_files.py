"""Notebooks and files: what can be read, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.checking.documents import find, kind_of
from derive.errors import InputError
from derive.files import read_text
from tests.formulas.documents.found import notebook


def test_formulas_of_a_notebook() -> None:
    """They stand in Markdown cells, whose lines are counted from 1 in each cell."""
    source = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "so $x = 1$\n", "and"]},
        {"cell_type": "code", "source": "print('$y$')", "outputs": [{"text": "$z$"}]},
        {"cell_type": "markdown", "source": "$$u = 2$$\n(3)"},
    )
    first, second = find(source, "ipynb")
    assert (first.text, first.cell, first.line, first.column) == ("x = 1", 1, 2, 5)
    assert (second.text, second.cell, second.line, second.number) == ("u = 2", 3, 1, "3")
    assert second.before == ""


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "line 1, column 1"),
        ('{"cells":\n  [}', "line 2, column 4"),
        ("[]", "no list of cells"),
        ('{"cells": {}}', "no list of cells"),
        ('{"cells": [3]}', "cell 1"),
        (notebook({}, {"cell_type": "markdown", "source": 3}), "cell 2"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 10_000, "cannot be read"),
    ],
)
def test_a_notebook_that_is_none(source: str, says: str) -> None:
    """The message says where it is broken."""
    with pytest.raises(InputError, match=says):
        find(source, "ipynb")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("a.tex", "tex"), ("a.ltx", "tex"), ("a.md", "md"), ("a.markdown", "md")),
        *(("a.QMD", "md"), ("a.Rmd", "md"), ("a.b.txt", "txt"), ("a.ipynb", "ipynb")),
        *(("a.rst", "rst"), ("a.html", "html"), ("a.HTM", "html"), ("a.myst", "md")),
    ],
)
def test_the_kind_of_a_document(name: str, kind: str) -> None:
    """The ending of the name says it, in capitals or not."""
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.pdf", "notes", ".md"])
def test_an_unknown_kind_of_document(name: str) -> None:
    """The message names the file and every ending that is known."""
    with pytest.raises(InputError, match=r"\.md, .*\.tex, \.ltx.*\.rst") as error:
        kind_of(Path(name))
    assert name in str(error.value)


def test_an_unknown_kind_is_refused() -> None:
    """A kind that does not exist is named, with those that do."""
    with pytest.raises(InputError, match=r"'pdf'.*md, tex, ipynb, rst, html, txt"):
        find("", "pdf")


def test_reading_a_file(tmp_path: Path) -> None:
    """UTF-8, with a mark at its beginning or without; one newline ends each line."""
    path = tmp_path / "notes.md"
    path.write_bytes(b"\xef\xbb\xbf$\xce\xb4$\r\nb\rc")
    assert read_text(path) == "$δ$\nb\nc"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing files, folders and other encodings are named, with the reason."""
    other = tmp_path / "latin.md"
    other.write_bytes("für".encode("latin-1"))
    for path, says in (
        (tmp_path / "missing.md", "no such file"),
        (tmp_path, "folder"),
        (other, "byte 2 is not UTF-8"),
        (tmp_path / "a\0b", "cannot be read"),
        (other / "below.md", "cannot be read"),
    ):
        with pytest.raises(InputError, match=says) as error:
            read_text(path)
        assert str(path) in str(error.value)
