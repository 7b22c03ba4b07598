"""Templates of one's own: a macro alone, a file alone; and a row and a file of macros a format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.errors import InputError
from derive.networks.sources import read
from derive.notes.blocks import Notes
from derive.notes.compose import compose
from derive.render.formats import BY_ENDING, FORMATS, endings, format_of
from derive.render.render import render, template_folder

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
MACROS = {
    *("start", "end", "heading", "paragraph", "boxed", "ref"),
    *("display", "table", "listing", "picture"),
}
"""What ``notes.jinja`` asks of a format."""


@pytest.fixture(scope="module")
def notes() -> Notes:
    """A small document."""
    return compose(read("2-2"))


def written(folder: Path, notes: Notes, form: str = "markdown", **files: str) -> str:
    """The document with templates of one's own: name=text is a file ``name.jinja``."""
    for name, text in files.items():
        (folder / f"{name}.jinja").write_text(text, encoding="utf-8")
    return render(notes, form, folder)


def test_one_macro_alone_is_changed(tmp_path: Path, notes: Notes) -> None:
    """Every other sentence, and every title, stays the program's."""
    mine = "{% macro title_forward(p) %}Going forward{% endmacro %}\n"
    expected = render(notes, "markdown").replace("## 2 The forward pass", "## 2 Going forward")
    assert "## 2 Going forward" in expected
    assert written(tmp_path, notes, words=mine) == expected


def test_the_program_s_macros_use_the_changed_one(tmp_path: Path, notes: Notes) -> None:
    """A part of several sentences is changed in all of them."""
    mine = "{% macro the(p) %}parameter{% endmacro %}"
    assert "does not depend on the weight" in render(notes, "markdown")
    assert "does not depend on the parameter" in written(tmp_path, notes, words=mine)


def test_a_changed_macro_uses_those_that_are_not(tmp_path: Path, notes: Notes) -> None:
    """Whatever the file does not define is found among the program's."""
    mine = "{% macro title_forward(p) %}Of the {{ the({'bias': True}) }}{% endmacro %}"
    assert re.search(r"## [0-9]+ Of the bias", written(tmp_path, notes, words=mine))


@pytest.mark.parametrize("form", ["markdown", "latex", "typst"])
def test_a_macro_of_the_mark_up_alone(form: str, tmp_path: Path, notes: Notes) -> None:
    """A heading in another style leaves displays and tables as they are."""
    mine = "{% macro heading(title, level) %}\n<{{ title }}>\n{% endmacro %}"
    text = written(tmp_path, notes, form, **{FORMATS[form].macros: mine})
    plain = render(notes, form)
    assert re.search("<(2 )?The forward pass>", text)
    assert text.splitlines()[-1:] == plain.splitlines()[-1:]


def test_a_mistake_is_placed_in_the_file_that_has_it(tmp_path: Path, notes: Notes) -> None:
    """In one's own macro with one's own line; in the program's, which it calls, with that of it."""
    mine = "{% macro title_forward(p) %}\n\n{{ p.nosuch }}{% endmacro %}"
    with pytest.raises(InputError, match=r"words\.jinja:3: .*nosuch") as error:
        written(tmp_path, notes, words=mine)
    assert str(tmp_path) in str(error.value)
    mine = "{% macro title_forward(p) %}{{ update_all({}, 0) }}{% endmacro %}"
    with pytest.raises(InputError, match=r"words\.jinja:\d+: .*biases") as error:
        written(tmp_path, notes, words=mine)
    place = re.match(r"(.*):(\d+): ", str(error.value))
    assert place is not None
    assert Path(place[1]) == template_folder() / "words.jinja"
    lines = (template_folder() / "words.jinja").read_text(encoding="utf-8").splitlines()
    assert "p.biases" in lines[int(place[2]) - 1]


@pytest.mark.parametrize("name", ["word.jinja", "Words.jinja", "words.jinja2", "latex.j2"])
def test_a_wrong_name_is_an_error_that_says_which_there_are(
    name: str, tmp_path: Path, notes: Notes
) -> None:
    """Otherwise one's own words would be passed over without a word."""
    (tmp_path / name).write_text("{% macro the(p) %}{% endmacro %}", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(name)) as error:
        render(notes, "markdown", tmp_path)
    assert "latex.jinja, markdown.jinja, notes.jinja" in str(error.value)
    assert "typst.jinja, words.jinja" in str(error.value)


def test_a_file_that_a_template_asks_for_may_have_any_name(tmp_path: Path, notes: Notes) -> None:
    """And what is no template lies there in peace."""
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    words = '{% macro title_forward(p) %}{% include "own.jinja" %}{% endmacro %}'
    assert "## 2 Forward!" in written(tmp_path, notes, words=words, own="Forward!")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_macros_of_a_document(form: str) -> None:
    """One file a format; what is asked of it is there."""
    path = template_folder() / f"{FORMATS[form].macros}.jinja"
    found = set(re.findall(r"{% macro (\w+)\(", path.read_text(encoding="utf-8")))
    assert found >= MACROS
    body = (template_folder() / "notes.jinja").read_text(encoding="utf-8")
    assert set(re.findall(r"\bf\.(\w+)\(?", body)) == MACROS


def test_the_rows_say_which_formats_there_are() -> None:
    """Files by their endings, in help, errors and the README."""
    assert {ending: row.name for ending, row in BY_ENDING.items()} == {
        ".md": "markdown", ".markdown": "markdown", ".tex": "latex", ".typ": "typst", ".pdf": "pdf"
    }  # fmt: skip
    assert endings() == ".md for Markdown, .tex for LaTeX, .typ for Typst, .pdf for PDF"
    with pytest.raises(InputError, match=r"\.md, \.markdown, \.tex, \.typ, \.pdf"):
        format_of(Path("x.odt"))
    command = next(line for line in README.splitlines() if line.startswith("| `derive notes"))
    for row in FORMATS.values():
        if row.endings and row.name != "markdown":
            assert f"`-o notes{row.endings[0]}` for {row.title}" in command
        assert f"`{row.macros}.jinja`" in README
