"""Documents as wholes: their files, the networks that they name, and what they leave out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derive import InputError, check_document, check_file
from derive.checking.claims import Report
from tests.formulas.documents.found import notebook

WRONG = "$w_{31} = 2 w_{31}$"


def places(report: Report) -> list[tuple[str | None, int, str]]:
    """The file, the line and the verdict of each claim of a document."""
    parts = report.parts or (report,)
    return [
        (part.source and Path(part.source).name, claim.line, claim.verdict.value)
        for part in parts
        for claim in part.claims
    ]


def written(folder: Path, **files: str) -> Path:
    """A folder with files of LaTeX in it; the path of the book."""
    for name, text in files.items():
        (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    return folder / "book.tex"


def test_a_book_is_read_through_its_files(tmp_path: Path) -> None:
    """Each finding is in its own file, with the macros of the preamble and of its files."""
    book = written(
        tmp_path,
        book="\\input{macros}\n\\begin{document}\n\\input{one}\n\\include{two.tex}\n$\\W{32} = 2 \\W{32}$\n\\end{document}",
        macros=r"\newcommand{\W}[1]{w_{#1}}\input more",
        more=r"\def\V{\W{33}}",
        one="\n$\\W{31} = 2 \\W{31}$\n\\input{deep}",
        deep="$\\V = \\V$ $\\V = 2 \\V$",
        two=r"\begin{align} \V = \V \end{align}",
    )
    report = check_file("2-4-3-2", book)
    assert places(report) == [
        ("one.tex", 2, "refuted"),
        ("deep.tex", 1, "proved"),
        ("deep.tex", 1, "refuted"),
        ("two.tex", 1, "proved"),
        ("book.tex", 5, "refuted"),
    ]
    assert report.status == 1


def test_a_file_is_looked_for_beside_its_own_and_beside_the_main_one(tmp_path: Path) -> None:
    """TeX knows the second place only, and an author may mean the first."""
    (tmp_path / "part").mkdir()
    book = written(tmp_path, book="\\input{part/a}", c=WRONG)
    (tmp_path / "part" / "a.tex").write_text("\\input{b}\\input{c}", encoding="utf-8")
    (tmp_path / "part" / "b.tex").write_text(WRONG, encoding="utf-8")
    assert places(check_file("2-4-3-2", book)) == [
        ("b.tex", 1, "refuted"),
        ("c.tex", 1, "refuted"),
    ]


def test_equations_are_numbered_through_the_files_of_a_book(tmp_path: Path) -> None:
    """The number goes on where the file that takes another in goes on."""
    row = r"\begin{equation} w_{31} = w_{31} \end{equation}"
    report = check_file("2-4-3-2", written(tmp_path, book=rf"{row}\input{{a}}{row}", a=row))
    assert [claim.number for claim in report.parts[0].claims] == ["1", "3"]
    assert [claim.number for claim in report.parts[1].claims] == ["2"]


def test_a_style_beside_the_document_is_read_and_others_are_the_packages_own(
    tmp_path: Path,
) -> None:
    """What a document uses from elsewhere need not be there."""
    (tmp_path / "own.sty").write_text(r"\def\w@{w_}\newcommand{\W}{\w@{31}}", encoding="utf-8")
    begin, end = r"\begin{document}", r"\end{document}"
    book = written(tmp_path, book=rf"\usepackage[a]{{amsmath,own}}{begin}$\W = 2 \W${end}")
    assert places(check_file("2-4-3-2", book)) == [("book.tex", 1, "refuted")]


def test_environments_that_begin_and_end_with_commands_of_the_documents_own(tmp_path: Path) -> None:
    r"""Many authors write \be … \ee; so do the files that the document takes in."""
    book = written(
        tmp_path,
        book=r"\def\be{\begin{align}}\newcommand{\ee}{\end{align}}\input{a}"
        "\n\\begin{document}\n\\be w_{31} &= 2 w_{31} \\\\ w_{32} &= w_{32} \\ee\\input{b}\\end{document}",
        a="",
        b=r"\be w_{33} = 2 w_{33} \ee",
    )
    report = check_file("2-4-3-2", book)
    assert places(report) == [
        ("book.tex", 3, "refuted"),
        ("book.tex", 3, "proved"),
        ("b.tex", 1, "refuted"),
    ]
    assert [claim.number for claim in report.claims] == ["1", "2", "3"]


def test_a_file_that_is_not_there_and_a_circle_are_findings(tmp_path: Path) -> None:
    """They stand at their line, and the rest of the document is judged."""
    book = written(tmp_path, book=f"\n\\input{{gone}}\n\\input{{a}}\n{WRONG}", a="\\input{book}")
    assert places(check_file("2-4-3-2", book)) == [
        ("book.tex", 2, "unreadable"),
        ("book.tex", 4, "refuted"),
        ("a.tex", 1, "unreadable"),
    ]


def test_macros_of_another_file(tmp_path: Path) -> None:
    """They hold as if the document defined them first; one that is not there is no input."""
    style = tmp_path / "own.sty"
    style.write_text(r"\def\w@{w_}\newcommand{\W}{\w@{31}}", encoding="utf-8")
    report = check_document("2-4-3-2", r"$\W = \W$ $\W = 2 \W$", "md", macros=[style])
    assert [claim.verdict.value for claim in report.claims] == ["proved", "refuted"]
    with pytest.raises(InputError, match="no such file"):
        check_document("2-2", "$x$", "md", macros=[tmp_path / "none.tex"])


@pytest.mark.parametrize(
    ("kind", "off", "on", "ignore"),
    [
        ("tex", "% derive: off\n", "% derive: on\n", "% derive: ignore\n"),
        ("md", "<!-- derive: off -->", "<!-- derive: on -->", "<!-- derive: ignore -->"),
        ("md", "\n% derive: off\n", "\n% derive: on\n", "\n% derive: ignore\n"),
        ("html", "<!-- derive: off -->", "<!-- derive: on -->", "<!--derive:ignore-->"),
        ("txt", "\n# derive: off\n", "\n% derive: on\n", "\n# derive: ignore\n"),
    ],
)
def test_directives_leave_formulas_out(kind: str, off: str, on: str, ignore: str) -> None:
    """All between off and on, and the next one behind ignore."""
    wrong, right = (r"\(w_{31} = 2 w_{31}\)", r"\(w_{31} = w_{31}\)")
    text = f"{right}{off}{wrong}{on}{ignore}{wrong} and {right}{wrong}"
    found = check_document("2-4-3-2", text, kind).claims
    assert [claim.verdict.value for claim in found] == ["proved", "proved", "refuted"]


def test_directives_of_rst() -> None:
    """A comment of reStructuredText is a line of its own."""
    text = ".. derive: off\n\n:math:`w_{31} = 2 w_{31}`\n\n.. derive: on\n\n:math:`w_{31} = 3 w_{31}`\n"
    assert len(check_document("2-4-3-2", text, "rst").claims) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{WRONG} % derive: ignore\n$w_{{31}} = w_{{31}}$",
        "\\begin{equation} % derive: ignore\n w_{31} = 2 w_{31} \\end{equation} $w_{31} = w_{31}$",
        "% derive: ignore\n\nSome words. " + WRONG + " $w_{31} = w_{31}$",
        f"$w_{{31}} = w_{{31}}$ {WRONG} % derive: ignore",
        "% derive: ignore\n\\begin{align} w_{31} &= 2 w_{31} \\\\ w_{32} &= 3 \\end{align}\n$w_{33} = w_{33}$",
        "\\begin{align} w_{31} &= 2 w_{31} \\\\ % derive: ignore\n w_{32} &= w_{32} \\end{align}",
    ],
)
def test_ignore_is_about_the_formula_beside_it_or_the_next(text: str) -> None:
    """On the line on which a formula ends, inside of one, or before it."""
    (claim,) = check_document("2-4-3-2", text, "tex").claims
    assert claim.verdict.value == "proved"


def test_an_example_of_a_directive_in_code_is_none() -> None:
    """An article about the checker may show what it says."""
    text = f"`<!-- derive: off -->` and\n```\n% derive: off\n```\n{WRONG}"
    assert len(check_document("2-4-3-2", text, "md").claims) == 1
    verbatim = rf"\begin{{verbatim}}% derive: off\end{{verbatim}}{WRONG}"
    assert len(check_document("2-4-3-2", verbatim, "tex").claims) == 1


@pytest.mark.parametrize("word", ["of", "netwrok=2-2", "", "ignore this"])
def test_a_misspelt_directive_is_an_error(word: str) -> None:
    """It says where it stands and which directives there are."""
    with pytest.raises(
        InputError, match=r"line 2: .*off, on, ignore, network=NAME, .*and"
    ) as error:
        check_document("2-2", f"\n<!-- derive: {word} -->", "md", "a.md")
    assert str(error.value).startswith("a.md: ")


def test_the_network_that_a_document_names() -> None:
    """From a comment on it is another one; names mean what they mean there."""
    text = (
        "<!-- derive: network=2-2 -->$w_{11} = w_{11}$"
        '<!-- derive: network="2-4-3-2" -->$w_{31} = w_{31}$ $out_{d_3} = 1$'
        "<!-- derive: network=2-2 -->$w_{11} = 2 w_{11}$"
    )
    report = check_document(None, text, "md")
    assert [(part.network, len(part.claims)) for part in report.parts] == [
        ("2-2", 2),
        ("2-4-3-2", 2),
    ]
    with pytest.raises(InputError, match=r"no network is given.*derive: network=2-4-3-2"):
        check_document(None, "$w_{11} = w_{11}$", "md")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("---\ntitle: x\nderive:\n  network: 2-4-3-2\n---\n$w_{31} = w_{31}$", "md"),
        ('---\nderive: {network: "2-4-3-2"}\n---\n$w_{31} = w_{31}$', "md"),
        ("% derive: network=2-4-3-2 notation=letters\n$w_{31} = w_{31}$", "tex"),
        (
            json.dumps(
                {
                    "metadata": {"derive": {"network": "2-4-3-2"}},
                    "cells": [{"cell_type": "markdown", "source": "$w_{31} = w_{31}$"}],
                }
            ),
            "ipynb",
        ),
    ],
)
def test_where_a_document_may_name_its_network(text: str, kind: str) -> None:
    """In front matter, in a comment, in a notebook's metadata."""
    assert check_document(None, text, kind).status == 0


def test_a_project_names_the_networks_of_its_documents(tmp_path: Path) -> None:
    """The nearest pyproject.toml does so, by the first pattern that fits; files are beside it."""
    (tmp_path / "net.toml").write_text("layers = [2, 4, 3, 2]", encoding="utf-8")
    project = tmp_path / "pyproject.toml"
    project.write_text(
        '[tool.derive]\nnetwork = "2-2"\n[tool.derive.files]\n"part/*.md" = "net.toml"\n', "utf-8"
    )
    (tmp_path / "part").mkdir()
    for name in ("a.md", "part/b.md"):
        (tmp_path / name).write_text("$w_{11} = w_{11}$", encoding="utf-8")
    assert check_file(None, tmp_path / "a.md").network == "2-2"
    assert check_file(None, tmp_path / "part/b.md").network == "net"
    project.write_text('[tool.derive]\nnetwrok = "2-2"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"'netwrok' is no setting.*did you mean 'network'"):
        check_file(None, tmp_path / "a.md")


def test_findings_of_a_notebook_name_their_cell() -> None:
    """In the text, in JSON and in every other form of a report."""
    from derive.checking.reports import as_github, as_json, as_junit, as_sarif

    source = notebook({}, {"cell_type": "markdown", "source": ["\n", "$w_{31} = 2$ $w_{31} = 3$"]})
    source = source.replace("{}", '{"cell_type": "code"}')
    report = check_document("2-4-3-2", source, "ipynb", "a.ipynb")
    assert (report.claims[0].cell, report.claims[0].line) == (2, 2)
    assert "a.ipynb:2: formula in cell 2: undecided" in str(report)
    assert json.loads(as_json([report]))["claims"][0]["cell"] == 2
    for form in (as_junit, as_sarif, as_github):
        assert "in cell 2" in form([report])


def test_ignored_cells_of_a_notebook() -> None:
    """What a Markdown cell switches off stays off in the cells behind it."""
    cells = ["<!-- derive: off -->", WRONG, "<!-- derive: on --> $w_{31} = w_{31}$"]
    source = notebook(*({"cell_type": "markdown", "source": cell} for cell in cells))
    assert [c.verdict.value for c in check_document("2-4-3-2", source, "ipynb").claims] == [
        "proved"
    ]
