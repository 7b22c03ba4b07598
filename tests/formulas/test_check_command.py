"""``derive check`` as it is used: arguments, exit statuses, formats."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive.checking.reports import FORMATS, schema
from derive.cli import cli

RIGHT = "dE_total/dw31 = (out_d1 - target_d1)*out_d1*(1 - out_d1)*out_c1"
WRONG = "dE_total/dw31 = (out_d1 - target_d1)*out_d1*out_c1"


def run(*arguments: str, input: str | None = None) -> Result:  # noqa: A002
    return CliRunner().invoke(cli, ["check", *arguments], input=input)


@pytest.mark.parametrize(
    ("formulas", "status"),
    [
        ([RIGHT], 0),
        ([RIGHT, WRONG], 1),
        ([RIGHT, "out_e1 = 1"], 3),
        (["out_e1 = 1", WRONG], 1),
        (["out_d1 ="], 3),
    ],
)
def test_the_exit_status_says_how_it_went(formulas: list[str], status: int) -> None:
    """0 all proved, 1 something refuted, 3 nothing refuted but something not read or decided."""
    assert run("2-4-3-2", *formulas).exit_code == status


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2-4-3-2"], "nothing to check"),
        (["2-4-3-2", "out_d1*(1 - out_d1)"], "--weight"),
        (["2-4-3-2", "--weight", "w99", "out_d1"], "no such weight"),
        (["2-4-3-2", "--file", "missing.md"], "missing.md"),
        (["2-4-3-2", "--file", "notes.docx"], ".docx"),
        (["2-4-3-2", "-f", RIGHT], f"needs no option: derive check 2-4-3-2 '{RIGHT}'"),
        (["2-x", RIGHT], "2-x"),
    ],
)
def test_unusable_input_exits_with_2_and_says_what_would_do(
    arguments: list[str], said: str
) -> None:
    """One line that names the argument; nothing is judged."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_bare_expression_is_judged_with_a_weight() -> None:
    """--weight gives the left side: the gradient by that weight."""
    bare = RIGHT.partition(" = ")[2]
    assert run("2-4-3-2", bare, "--weight", "w31").exit_code == 0
    assert run("2-4-3-2", bare, "--weight", "w32").exit_code == 1


def test_the_json_is_the_contract() -> None:
    """The keys of the public contract, a witness where a relation is refuted, null for no number."""
    result = run("2-4-3-2", RIGHT, WRONG, "--json")
    table = json.loads(result.output)
    assert table["network"] == "2-4-3-2"
    assert table["source"] is None
    assert table["summary"] == {"proved": 1, "refuted": 1, "undecided": 0, "unreadable": 0}
    right, wrong = table["claims"]
    assert right.keys() == {
        "source", "number", "cell", "line", "column", "latex", "verdict", "relations", "findings"
    }  # fmt: skip
    assert right["number"] is None
    assert (right["line"], right["column"]) == (1, 1)
    assert right["relations"] == [
        {"left": "dE_total/dw31", "right": RIGHT.partition(" = ")[2], "verdict": "proved"}
    ]
    witness = wrong["relations"][0]["witness"]
    assert witness.keys() == {"point", "left", "right"}
    assert witness["left"] != pytest.approx(witness["right"])
    assert witness["point"]["w31"] == pytest.approx(witness["point"]["w31"])
    finding = wrong["findings"][0]
    place = {"line", "column", "end_line", "end_column"}
    assert finding.keys() == {"code", "message", "suggestion", "repaired", "severity"} | place
    assert finding["code"] == "missing-factor"


def test_a_document_is_reported_like_a_compiler_does(tmp_path: Path) -> None:
    """path:line: equation (n): verdict: what is wrong; and a summary that counts."""
    notes = tmp_path / "notes.md"
    notes.write_text(f"# Title\n\nAs in\n\n$${WRONG}$$ (7)\n\nand $x^2$ and $$ {RIGHT} $$\n")
    result = run("2-4-3-2", "--file", str(notes))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith(
        f"{notes}:5: equation (7): refuted: the factor (1 - out_d1) is missing"
    )
    assert lines[-1] == "2 formulas: 1 proved, 1 refuted; 1 more makes no claim about the network"


def test_a_document_may_be_given_without_an_option(tmp_path: Path) -> None:
    """As a hook of a version control system does it: the names of files behind the network."""
    for name in ("a.md", "b.tex"):
        (tmp_path / name).write_text(f"\\[ {RIGHT} \\]\n")
    result = run("2-4-3-2", str(tmp_path / "a.md"), str(tmp_path / "b.tex"), "--json")
    assert result.exit_code == 0
    table = json.loads(result.output)
    assert [one["summary"]["proved"] for one in table["sources"]] == [1, 1]
    assert table["summary"]["proved"] == 2


def test_formulas_come_from_standard_input_too() -> None:
    """'--file -' reads one formula a line."""
    result = run("2-4-3-2", "--file", "-", input=f"{RIGHT}\n\n{WRONG}\n")
    assert result.exit_code == 1
    assert "2 formulas: 1 proved, 1 refuted" in result.output


PIPED = {
    "md": f"# Notes\n\n$$ {WRONG} $$ (7)\n\nand ${RIGHT}$\n",
    "tex": "\\begin{document}\n% $w_{31} = 0$\n\\begin{equation}\n"
    f"{WRONG} \\tag{{7}}\n\\end{{equation}} and ${RIGHT}$\n\\end{{document}}\n",
    "txt": f"Here is what I did.\n\n(7)  {WRONG}\n{RIGHT}\n",
    "ipynb": json.dumps({
        "cells": [{"cell_type": "markdown", "source": [f"$$ {WRONG} $$ (7)\n\n${RIGHT}$"]}]
    }),
}  # fmt: skip
"""A document of each kind, with a wrong formula (7) and a right one."""


@pytest.mark.parametrize("kind", PIPED)
def test_a_document_comes_from_standard_input_too(kind: str, tmp_path: Path) -> None:
    """Its kind is seen from its text or given; the report is that of a file of that kind."""
    path = tmp_path / f"notes.{kind}"
    path.write_text(PIPED[kind])
    as_file = run("2-4-3-2", "--file", str(path))
    for option in ([], ["--kind", kind]):
        piped = run("2-4-3-2", "--file", "-", *option, input=PIPED[kind])
        assert piped.exit_code == 1
        assert piped.output == as_file.output.replace(str(path), "<stdin>")
        assert "equation (7)" in piped.output
    assert "2 formulas: 1 proved, 1 refuted" in as_file.output


def test_the_kind_may_be_given_where_nothing_tells_it(tmp_path: Path) -> None:
    """It decides over the looks of a text and the ending of a name, and is not asked for formulas."""
    text = "$w_{31} = w_{31}$ % $w_{31} = w_{32}$\n"
    assert run("2-4-3-2", "--file", "-", input=text).exit_code == 1
    assert run("2-4-3-2", "--file", "-", "--kind", "tex", input=text).exit_code == 0
    path = tmp_path / "notes.of.mine"
    path.write_text(text)
    assert "known endings" in run("2-4-3-2", "--file", str(path)).output
    assert run("2-4-3-2", "--file", str(path), "--kind", "tex").exit_code == 0
    assert run("2-4-3-2", RIGHT, "--kind", "tex").exit_code == 0


def test_words_in_a_formula_make_no_document_of_it() -> None:
    """Formulas one a line are all judged: one with a word that is not read is not passed over."""
    odd = f"{WRONG.replace('*out_d1', '* the other out_d1')}\n{RIGHT}\n"
    result = run("2-4-3-2", "--file", "-", input=odd)
    assert "2 formulas: 1 proved, 1 unreadable" in result.output


def test_a_piped_notebook_that_is_none_is_said_to_be_so() -> None:
    """The message names where it came from."""
    result = run("2-4-3-2", "--file", "-", "--kind", "ipynb", input="[")
    assert result.exit_code == 2
    assert result.output.startswith("error: <stdin>: line 1, column 2: this is no notebook")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_keeps_the_exit_status(format_: str) -> None:
    """A format is for machines, the status is the same."""
    result = run("2-4-3-2", WRONG, "--format", format_)
    assert result.exit_code == 1
    assert "missing-factor" in result.output or "1 - out_d1" in result.output


def test_a_finding_in_a_notebook_says_the_cell_and_its_line(tmp_path: Path) -> None:
    """The cells are counted as the notebook has them, lines and columns within the cell."""
    path = tmp_path / "notes.ipynb"
    cells = [
        {"cell_type": "code", "source": "x"},
        {"cell_type": "markdown", "source": f"a\n${WRONG}$"},
    ]
    path.write_text(json.dumps({"cells": cells}))
    line = run("2-4-3-2", str(path), "--format", "concise").output
    assert line.startswith(f"{path}:cell 2:2:18: missing-factor ")
    (claim,) = json.loads(run("2-4-3-2", str(path), "--json").output)["claims"]
    assert (claim["cell"], claim["line"], claim["column"]) == (2, 2, 2)
    assert f"{path}:2: formula in cell 2: refuted" in run("2-4-3-2", str(path)).output


def test_an_unknown_format_is_named_with_those_that_there_are() -> None:
    """The help lists them, too."""
    result = run("2-4-3-2", RIGHT, "--format", "nosuch")
    assert result.exit_code == 2
    listed = run("--help").output
    for name in FORMATS:
        assert name in result.output
        assert name in listed


def test_the_schema_of_the_json_is_printed_without_a_network() -> None:
    """As it stands in the program, for validators."""
    result = run("--schema")
    assert result.exit_code == 0
    assert result.output == schema()
    assert json.loads(result.output)["$schema"].startswith("https://json-schema.org/")


def exchanges() -> list[tuple[str, str]]:
    """The commands that the README shows with what they print."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n\$ derive check (.*?)\n(.*?)```", readme, re.DOTALL)
    # What is said of the article that stands there is another test's.
    typed = [block for block in blocks if block[0] != "article.md"]
    return [(command, printed) for command, printed in typed if "…\n" not in printed]


@pytest.mark.parametrize(("command", "printed"), exchanges())
def test_the_readme_shows_what_the_program_says(command: str, printed: str) -> None:
    """A student's question in the README, with the answer word for word."""
    assert run(*shlex.split(command)).output == printed


def test_there_is_a_hook_for_version_control() -> None:
    """The hook calls the command with the names of documents, in every format that it reads."""
    hook = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "entry: derive check\n" in hook
    pattern = re.search(r"files: (.*)\n", hook)
    assert pattern is not None
    for name in ("notes.md", "notes.tex", "notes.ipynb"):
        assert re.search(pattern[1], name)
