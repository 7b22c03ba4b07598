"""What stands at the head of a document and of its pages, how names look, and how long it is."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.errors import InputError
from derive.formula import Number
from derive.model.facts import Front
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read
from derive.render.columns import halved, missing
from derive.render.writing import document
from tests.render.test_figures import LSTM
from tests.render.tools import github_errors, typeset
from tests.render.typst import in_typst, page_count
from tests.sample import sampled
from tests.shelf import written

FRONT = Front("Backprop & more: 50 % of $x_1$", "A. Müller #1", "TU {B} ~ C\\D", "May_2026")
BUDGETS = {"2-4-3-2": 10, "16-32-16-8": 7, "784-30-10": 7}
"""The most pages of a document, by LaTeX and by Typst."""
NAMES = sampled(BUDGETS, ("2-4-3-2",))


# The title block.


def test_a_file_states_the_title_block(tmp_path: Path) -> None:
    """The table [document] of layers and families, lines of equations."""
    table = '[document]\ntitle = "T"\nauthor = "A"\ninstitute = "I"\ndate = "D"\n'
    layers, family = tmp_path / "layers.toml", tmp_path / "family.toml"
    layers.write_text(f"layers = [2, 2]\n{table}", encoding="utf-8")
    family.write_text(
        f'family = "recurrent"\nsteps = 2\ninputs = 1\nhidden = 1\noutputs = 1\n{table}'
    )
    assert read(layers).front == read(family).front == Front("T", "A", "I", "D")
    lines = tmp_path / "lines.eq"
    lines.write_text("title: T\nauthor: A\ndate: D\nE = (w*x - t)^2\n", encoding="utf-8")
    assert read(lines).front == Front("", "A", "", "D")
    assert "# Backpropagation: T\n\nA\n\nD\n" in document(read(lines), "markdown")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('autor = "A"', r"unknown key '\[document\] autor' \(did you mean 'author'\?\)"),
        ("date = 2026", "document.date: expected a text in quotes: 2026"),
    ],
)
def test_a_wrong_key_of_the_title_block_is_named(line: str, message: str, tmp_path: Path) -> None:
    """With what is known, or what was expected."""
    path = tmp_path / "x.toml"
    path.write_text(f"layers = [2, 2]\n[document]\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read(path)


def test_options_take_precedence(tmp_path: Path) -> None:
    """One that is not given leaves what the file says."""
    path = tmp_path / "x.toml"
    path.write_text('layers = [2, 2]\n[document]\ntitle = "T"\nauthor = "A"\n', encoding="utf-8")
    command = ["notes", str(path), "-o", str(tmp_path / "x.md"), "--author", "B", "--date", "D"]
    assert CliRunner().invoke(cli, command).exit_code == 0
    head = (tmp_path / "x.md").read_text(encoding="utf-8").split("## 1")[0]
    assert head.split("\n\n")[1:-1] == ["# T", "B", "D"]


@pytest.mark.slow
def test_any_text_can_stand_in_the_title_block() -> None:
    """Signs that mean something in a format are shown as they are; TeX and Typst accept them."""
    network = replace(Network.read("2-2"), front=FRONT)
    assert not typeset(written(network, "latex")).faults
    assert page_count(in_typst(network)) > 0
    assert not github_errors(written(network, "markdown"))


# Names.


def test_names_of_several_letters_are_upright_in_latex() -> None:
    """Set in italics they would be products of letters. A vector's index is not bold."""
    text = written(read("2-4-3-2"), "latex")
    body = re.sub(
        r"\\(?:mathrm|mathbf|label|cref|text)\{[^{}]*\}", "", text.split(r"\maketitle")[-1]
    )
    assert r"\mathrm{net}_{c_1}" in text
    assert r"E_{\mathrm{total}}" in text
    assert r"\mathbf{out}_c" in text
    assert not re.search(r"(?<![A-Za-z\\{])(?:net|out|target|total)_", body)


# Length.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_a_document_is_no_longer_than_it_has_to_be(name: str) -> None:
    """In pages, by LaTeX and by Typst."""
    assert typeset(written(read(name), "latex")).pages <= BUDGETS[name]
    assert page_count(in_typst(read(name))) <= BUDGETS[name]


@pytest.mark.slow
def test_a_document_of_all_weights_is_no_longer_than_it_has_to_be() -> None:
    """Of 26 weights most are told in brief."""
    assert typeset(written(read("2-4-3-2"), "latex", every=True)).pages <= 25


def test_many_zeros_are_left_out() -> None:
    """Two of them are written, a row of them is not."""
    assert "+ 0 + 0 =" in written(read("2-4-3-2"), "markdown")
    assert "+ 0 + 0" not in written(read("2-6-5"), "markdown")


def test_a_long_table_of_few_columns_stands_in_two_halves() -> None:
    """One below the other in Markdown; on a page beside each other, decimal points in line."""
    head, rows = halved(["a", "b"], [[str(n), Number(Fraction(n, 4))] for n in range(17)])
    assert [*head] == ["a", "b", "a", "b"]
    assert [len(rows), rows[0][::2], rows[-1][::2]] == [9, ["0", "9"], ["8", ""]]
    assert missing([["1"], [""], ["2"]]) == [["", "", ""]]
    assert missing([[Number(Fraction(1), "1.25")], [""]]) == [["", ""]]
    assert missing([["x"], ["2"]]) == [None]
    wide = [["1"] * 5] * 17
    assert halved(["a"] * 5, wide) == (["a"] * 5, wide)
    text = written(System.from_text(LSTM), "latex")
    assert r"{@{}lrrr@{\qquad}lrrr@{}}" in text
