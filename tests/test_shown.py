"""What people see of a result in a Python session and in a notebook."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import Model, Network, check, check_file, derive, gradcheck
from derive.cli import cli
from derive.formula import Equation

WRONG = "dE_total/dw31 = (out_d1 - target_d1)*out_d1*out_c1"


class Cells(HTMLParser):
    """The texts of a table's rows, and what stands below it; every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.below = ""
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        else:
            self.below += data


def printed(*arguments: str) -> str:
    return CliRunner().invoke(cli, arguments).output.rstrip("\n")


def test_a_report_reads_as_on_the_command_line(tmp_path: Path) -> None:
    """Typed formulas and documents alike; its repr is a line."""
    report = check("2-4-3-2", WRONG, "w31 = w31")
    assert str(report) == printed("check", "2-4-3-2", WRONG, "w31 = w31")
    assert repr(report) == "<Report on 2-4-3-2: 2 formulas: 1 proved, 1 refuted>"
    notes = tmp_path / "notes.md"
    notes.write_text(f"# Notes\n\n$$ {WRONG} $$ (7)\n")
    report = check_file("2-4-3-2", notes)
    assert str(report).startswith(f"{notes}:3: equation (7): refuted: the factor (1 - out_d1)")
    assert repr(report) == f"<Report on 2-4-3-2 of {notes}: 1 formula: 1 refuted>"


def test_a_report_is_a_table_in_a_notebook() -> None:
    """A row a formula: verdict, text and what is said of it; nothing of a formula is a tag."""
    cells = Cells(check("2-4-3-2", WRONG, "w31 < w32 = 0 & <b>")._repr_html_())
    head, wrong, odd = cells.rows
    assert head == ["verdict", "formula", ""]
    assert wrong[:2] == ["refuted", WRONG]
    assert "the factor (1 - out_d1) is missing" in wrong[2]
    assert odd[:2] == ["unreadable", "w31 < w32 = 0 & <b>"]
    assert cells.below == "2 formulas: 1 refuted, 1 unreadable"


@pytest.mark.parametrize("network", ["mazur", "lstm"])
def test_a_gradcheck_reads_as_on_the_command_line(network: str) -> None:
    """The table of gradients and what follows from it, without the forward pass."""
    found = gradcheck(network)
    first, empty, *rest = str(found).splitlines()
    said = printed("gradcheck", network).splitlines()
    assert (first, empty) == (said[0], "")
    assert rest == said[-len(rest) :]
    assert rest[-1] == "passed"
    count = len(found.gradients)
    assert repr(found) == f"<Gradcheck {network}: {count} gradients, passed>"
    cells = Cells(found._repr_html_())
    assert [row[0] for row in cells.rows] == ["weight", *found.gradients]
    assert float(cells.rows[1][1]) == pytest.approx(next(iter(found.gradients.values())).symbolic)
    assert cells.below.endswith("passed")


@pytest.mark.parametrize("network", ["2-4-3-2", "lstm", Network((2, 3, 2), notation="indexed")])
def test_a_derivation_and_its_equations_read_as_formulas(network: str | Network) -> None:
    """In the model's names; a tree of the program's own shows nowhere."""
    model = Model.of(network)
    found = derive(model, model.parameters[0])
    assert str(found).startswith(f"∂{model.total}/∂{model.parameters[0]} = ")
    assert repr(found) == f"<Derivation {found}>"
    assert found._repr_latex_() == rf"$\displaystyle {found.latex()}$"
    for step in found.steps:
        for equation in step.equations:
            assert isinstance(equation, Equation)
            assert repr(equation) == str(equation)
            assert not re.search(r"Name\(|Sum\(|Fraction\(", str(equation))
            assert equation._repr_latex_() == rf"$\displaystyle {equation.latex()}$"
    shown = [each["text"] for step in found.to_json()["steps"] for each in step["equations"]]
    assert shown == [str(equation) for step in found.steps for equation in step.equations]
